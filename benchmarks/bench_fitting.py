"""What does a real-valued fit to three margins cost beside the usual package for it?"""

from __future__ import annotations

from functools import cache

import numpy as np
from ipfn import ipfn

from benchmarks.harness import Case
from salescore.kernels import Demand, fit

SHAPES = {(100, 50, 12): 40.0, (1000, 200, 12): 20.0}


def cases() -> list[Case]:
    return [_case(shape, bar) for shape, bar in SHAPES.items()]


def _case(shape: tuple[int, int, int], bar: float) -> Case:
    return Case(
        name=f"fit of {' x '.join(map(str, shape))} to three margins",
        peer_name="ipfn",
        ours=lambda: _ours(shape),
        peer=lambda: _theirs(shape),
        bar=bar,
        rounds=3,
        check=lambda: bool(np.allclose(_ours(shape), _theirs(shape).ravel(), rtol=1e-6)),
    )


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
    return fit(_seed(shape).ravel(), demands, codes=codes, sizes=shape).values


def _theirs(shape: tuple[int, int, int]) -> np.ndarray:
    job = ipfn.ipfn(
        _seed(shape).copy(), list(_totals(shape)), [[0], [1], [2]], convergence_rate=1e-8
    )
    fitted: np.ndarray = job.iteration()
    return fitted
