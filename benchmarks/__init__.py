"""How fast are we beside the peers? Run with ``python -m benchmarks [ROOM ...]``."""
