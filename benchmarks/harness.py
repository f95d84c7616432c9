"""How long ours and the peer take, side by side in one process, as a ratio."""

from __future__ import annotations

import gc
import importlib
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One comparison: the same job by us and by a peer.

    `bar` is the least ratio peer / ours that we promise; `check` says whether both
    gave the same answer (it runs once, outside the clock). A peer that would take too long
    may do a smaller job, of which ours is `larger` times the work; its name says so.
    """

    name: str
    peer_name: str
    ours: Callable[[], object]
    peer: Callable[[], object]
    bar: float
    rounds: int = 5
    check: Callable[[], bool] = lambda: True
    larger: float = 1.0


@dataclass(frozen=True)
class Timing:
    """What one comparison took: best wall time of each side in seconds."""

    name: str
    peer_name: str
    ours: float
    peer: float
    bar: float
    same_answer: bool
    larger: float = 1.0

    @property
    def ratio(self) -> float:
        """How many times longer the peer takes, or would take for all of the job."""
        return self.peer * self.larger / self.ours

    @property
    def kept(self) -> bool:
        """Whether the promise holds."""
        return self.same_answer and self.ratio >= self.bar


def _best(job: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def run(case: Case) -> Timing:
    """Time both sides in turns, so that noise falls on both, and keep the best of each."""
    same = case.check()
    ours, peer = [], []
    for _ in range(case.rounds):
        ours.append(_best(case.ours))
        peer.append(_best(case.peer))
    return Timing(case.name, case.peer_name, min(ours), min(peer), case.bar, same, case.larger)


def timings_of(room: str) -> list[Timing]:
    """Time the cases of ``bench_<room>``; one that needs another clock gives timings itself."""
    module = importlib.import_module(f"benchmarks.bench_{room}")
    if hasattr(module, "timings"):
        return list(module.timings())
    return list(map(run, module.cases()))
