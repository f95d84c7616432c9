"""What do cells cost to make of rows, by codes and by columns of texts?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import pandas as pd

from benchmarks.harness import Case
from salescore.core import Axis, Cells
from salescore.typing import Column

ROWS = 1_000_000
CODED_ROWS = 10_000_000
SIZES = (12, 100, 200)


def cases() -> list[Case]:
    return [
        Case(
            name="cells of 1e7 coded rows, 12 x 100 x 200",
            peer_name="pandas groupby sum",
            ours=lambda: _of_codes().total,
            peer=lambda: _by_cell(_coded_frame()),
            bar=5,
            rounds=2,
            check=lambda: np.array_equal(_of_codes().amount, _by_cell(_coded_frame())),
        ),
        _of_texts("object arrays", _texts),
        _of_texts("pandas columns", _text_columns),
    ]


def _of_texts(kind: str, columns: Callable[[], Sequence[Column]]) -> Case:
    return Case(
        name=f"cells of 1e6 rows by 3 texts, {kind}",
        peer_name="pandas groupby sum",
        ours=lambda: sums(columns()),
        peer=lambda: _by_cell(_text_frame()),
        bar=0.5,
        check=lambda: np.array_equal(sums(columns()), _by_cell(_text_frame())),
    )


def sums(columns: Sequence[Column]) -> np.ndarray:
    named = dict(zip("abc", columns, strict=True))
    return Cells.from_columns(named, _amount(ROWS), duplicates="sum").amount


def _of_codes() -> Cells:
    return Cells.from_codes(_axes(), _codes(), _amount(CODED_ROWS), duplicates="sum")


@cache
def _axes() -> list[Axis]:
    return [Axis(name, range(size)) for name, size in zip("abc", SIZES, strict=True)]


def _by_cell(frame: pd.DataFrame) -> np.ndarray:
    added: np.ndarray = frame.groupby(["a", "b", "c"], observed=True)["amount"].sum().to_numpy()
    return added


@cache
def _amount(rows: int) -> np.ndarray:
    return np.random.default_rng(rows).integers(-(10**6), 10**9, rows)


@cache
def _codes() -> list[np.ndarray]:
    draw = np.random.default_rng(20_260_101)
    return [draw.integers(0, size, CODED_ROWS) for size in SIZES]


@cache
def _coded_frame() -> pd.DataFrame:
    return pd.DataFrame(
        dict(zip("abc", _codes(), strict=True)) | {"amount": _amount(CODED_ROWS)}, copy=False
    )


@cache
def _texts() -> list[np.ndarray]:
    draw = np.random.default_rng(20_260_102)
    columns = []
    for size in SIZES:
        labels = np.array([f"label {place:04d}" for place in range(size)], dtype=object)
        columns.append(labels[draw.integers(0, size, ROWS)])
    return columns


@cache
def _text_frame() -> pd.DataFrame:
    return pd.DataFrame(dict(zip("abc", _texts(), strict=True)) | {"amount": _amount(ROWS)})


@cache
def _text_columns() -> list[pd.Series]:
    return [_text_frame()[name] for name in "abc"]
