"""What does `import salescore` cost over the two packages that it needs?"""

from __future__ import annotations

import statistics
import subprocess
import sys

from benchmarks.harness import Timing

ROUNDS = 15
DEAREST = 1.15
"""How many times the cost of numpy and attrs the whole library may take to import."""


def timings() -> list[Timing]:
    """Import in fresh interpreters, in turns; the median, since each start-up is another one."""
    ours, peer = list[float](), list[float]()
    for _ in range(ROUNDS):
        ours.append(_seconds("import salescore"))
        peer.append(_seconds("import numpy, attrs"))
    return [
        Timing(
            name="import salescore",
            peer_name="import numpy, attrs",
            ours=statistics.median(ours),
            peer=statistics.median(peer),
            bar=1 / DEAREST,
            same_answer=True,
        )
    ]


def _seconds(statement: str) -> float:
    clock = (
        f"import time; start = time.perf_counter(); {statement}; print(time.perf_counter() - start)"
    )
    run = subprocess.run([sys.executable, "-c", clock], capture_output=True, check=True, text=True)
    return float(run.stdout)
