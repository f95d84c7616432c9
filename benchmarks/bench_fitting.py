"""What does a real-valued fit to three margins cost beside the usual package for it?"""

from __future__ import annotations

from functools import cache

import numpy as np
from ipfn import ipfn

from benchmarks.harness import Case
from salescore.kernels import Demand, fit

SHAPES = {(100, 50, 12): 40.0, (1000, 200, 12): 20.0}
TIMES = {(100, 50, 12): 50, (1000, 200, 12): 1}  # half a millisecond is too short for a clock
TOLERANCE = 1e-10  # of both sides: relative to each total, which is our default


def cases() -> list[Case]:
    return [_case(shape, bar) for shape, bar in SHAPES.items()]


def _case(shape: tuple[int, int, int], bar: float) -> Case:
    times = TIMES[shape]
    often = f", {times} times" if times > 1 else ""
    return Case(
        name=f"fit of {' x '.join(map(str, shape))} to three margins{often}",
        peer_name="ipfn, once" if times > 1 else "ipfn",
        ours=lambda: _often(shape, times),
        peer=lambda: _theirs(shape),
        bar=bar / times,
        rounds=5,
        check=lambda: _both_fit(shape),
    )


def _often(shape: tuple[int, int, int], times: int) -> None:
    """Fit again and again; each fit is let go before the next, as a caller of many would."""
    for _ in range(times):
        _ours(shape)


def _both_fit(shape: tuple[int, int, int]) -> bool:
    """Both sides are within the tolerance of every total, and agree on every cell."""
    ours, theirs = _ours(shape).reshape(shape), _theirs(shape)
    errors = [
        float(np.abs(fitted.sum(axis=_others(axis)) / total - 1).max())
        for fitted in (ours, theirs)
        for axis, total in enumerate(_totals(shape))
    ]
    return max(errors) <= TOLERANCE and bool(np.allclose(ours, theirs, rtol=1e-8))


@cache
def _seed(shape: tuple[int, int, int]) -> np.ndarray:
    seed: np.ndarray = np.random.default_rng(20_261_110).integers(1, 1000, shape).astype(float)
    return seed


@cache
def _totals(shape: tuple[int, int, int]) -> list[np.ndarray]:
    draw = np.random.default_rng(20_261_111)
    sums = [_seed(shape).sum(axis=_others(axis)) for axis in range(3)]
    wanted = [total * draw.uniform(0.8, 1.2, total.size) for total in sums]
    return [total * (wanted[0].sum() / total.sum()) for total in wanted]


def _others(axis: int) -> tuple[int, ...]:
    return tuple(other for other in range(3) if other != axis)


@cache
def _codes(shape: tuple[int, int, int]) -> list[np.ndarray]:
    return [codes.ravel() for codes in np.indices(shape, dtype=np.int64)]


def _ours(shape: tuple[int, int, int]) -> np.ndarray:
    codes = _codes(shape)
    demands = [
        Demand((axis,), codes[axis], total, total) for axis, total in enumerate(_totals(shape))
    ]
    seed = _seed(shape).ravel()
    return fit(seed, demands, codes=codes, sizes=shape, tolerance=TOLERANCE).values


def _theirs(shape: tuple[int, int, int]) -> np.ndarray:
    """Fit a numpy array, its fast way; without an end to its patience, it stops short of 1e-10."""
    job = ipfn.ipfn(
        _seed(shape).copy(),
        list(_totals(shape)),
        [[0], [1], [2]],
        convergence_rate=TOLERANCE,
        rate_tolerance=0,
    )
    fitted: np.ndarray = job.iteration()
    return fitted
