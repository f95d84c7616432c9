"""What does `import salescore` cost over the two packages that it needs?"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys

from benchmarks.harness import Timing

ROUNDS = 15
DEAREST = {
    "import salescore": 1.15,
    "from salescore import targets": 2.0,
    "from salescore import customers": 2.0,
    "from salescore import growth": 2.0,
    "from salescore import *": 4.0,
}
"""How many times the cost of numpy and attrs we may take: the package, a large room, all nine."""


def timings() -> list[Timing]:
    """Time the package alone, which loads a room when it is named, and all rooms at once."""
    return [_beside(statement, dearest) for statement, dearest in DEAREST.items()]


def _beside(statement: str, dearest: float) -> Timing:
    """Import in fresh interpreters, in turns; the median, since each start-up is another one."""
    needed = "import numpy, attrs"
    _seconds(statement)  # installed packages are compiled, so ours is too before the clock runs
    ours, peer = list[float](), list[float]()
    for _ in range(ROUNDS):
        ours.append(_seconds(statement))
        peer.append(_seconds(needed))
    middle = statistics.median(ours), statistics.median(peer)
    return Timing(statement, needed, *middle, bar=1 / dearest, same_answer=True)


def _seconds(statement: str) -> float:
    clock = (
        f"import time; start = time.perf_counter(); {statement}; print(time.perf_counter() - start)"
    )
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    run = subprocess.run(
        [sys.executable, "-c", clock], capture_output=True, check=True, env=env, text=True
    )
    return float(run.stdout)
