"""How much does each criterion count, by how the customers at hand differ on it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum, isnan
from typing import NamedTuple

import numpy as np

from salescore.core import Finding, Text, equal_lengths, measures, one_of
from salescore.customers._criteria import Better
from salescore.customers._weights import WeightMethod, Weights, checked_keys
from salescore.errors import LabelError, MissingValueError, SalescoreError
from salescore.typing import Column, FloatArray

__all__ = ["critic", "entropy"]

_ALIKE = 1e-12
_CHUNK = 2**14
_WIDE = 2.0**500
_NEAR = 1e-4
_EVEN = 1e-6
_LEAST = 1e-300


class _Read(NamedTuple):
    """A column and its ends, found once; 0 and 0 without rows."""

    values: FloatArray
    low: float
    high: float

    @property
    def varies(self) -> bool:
        return self.low < self.high


def entropy(columns: Mapping[str, Column]) -> Weights:
    """How much would each criterion count, by how unevenly the customers share it?

    Parameters
    ----------
    columns : mapping of str to (n,) column-like of numbers
        The customers' values on each criterion, >= 0, equally long.

    Returns
    -------
    Weights
        Floats. A column in which all values are equal counts nothing; when all columns are so
        (always with fewer than two customers) the weights are equal, and a finding says so.
        There is always a warning about weights that come from data.

    Raises
    ------
    MissingValueError
        For NaN and null (says which row).
    ShapeError
        For columns of different lengths.
    LabelError
        For no columns.
    SalescoreError
        For a value below 0, and for infinite numbers and texts.

    Notes
    -----
    With ``p_i = x_i / sum(x)`` the entropy of a column is ``E = -sum(p ln p) / ln n`` and its
    weight is ``1 - E`` divided by the sum of all ``1 - E``; ``0 ln 0`` is 0 (Shannon; Zeleny,
    Multiple Criteria Decision Making, 1982). ``1 - E`` is found as the mean of ``r ln r - r + 1``
    with ``r = x / mean(x)``, which never turns negative by rounding. Rows are added up in fixed
    pieces: the same columns give the same bits again, and other orders of the rows the same
    weights but for rounding. To measure a column in another unit changes nothing; to shift it
    does.

    Examples
    --------
    >>> found = entropy({"revenue": [1, 4], "orders": [2, 16]})
    >>> [round(part, 6) for part in found.parts]
    [0.358889, 0.641111]
    >>> found.findings[0].code
    'weights.from_data'
    """
    read = _read(columns)
    for key, column in read.items():
        if column.low < 0:
            row = int(column.values.argmin())
            where, rule = f"column {key!r}, row {row}", "a number >= 0 (entropy is of shares)"
            raise SalescoreError("value", where=where, expected=rule, got=column.low)
    uneven = [_unevenness(column) if column.varies else 0.0 for column in read.values()]
    return _weigh(read, uneven, "entropy")


def critic(columns: Mapping[str, Column], *, better: Mapping[str, Better] | None = None) -> Weights:
    """How much would each criterion count, by how it spreads and differs from the others?

    Parameters
    ----------
    columns : mapping of str to (n,) column-like of numbers
        The customers' values on each criterion, equally long.
    better : mapping of str to {"high", "low"}, optional
        The better end of each criterion named; ``"high"`` for the others.

    Returns
    -------
    Weights
        Floats. A column in which all values are equal counts nothing and takes no part in the
        comparison. Columns that all move together count equally; when no column varies
        (always with fewer than two customers) all count equally, and a finding says so. There
        is always a warning about weights that come from data.

    Raises
    ------
    MissingValueError
        For NaN and null (says which row).
    ShapeError
        For columns of different lengths.
    LabelError
        For no columns, and a key in *better* that is not among them.
    SalescoreError
        For infinite numbers and texts, and an unknown end.

    Notes
    -----
    CRITIC (Diakoulaki, Mavrotas and Papayannakis, Computers & Operations Research 22, 1995):
    ``C_j = s_j * sum_k (1 - r_jk)`` over min-max values, divided by the sum of all ``C``; ``s`` is
    the standard deviation, ``r`` the correlation. Correlations within 1e-12 of 1 count as 1, so
    that columns which only repeat each other are not told apart by rounding. Neither the unit
    of a column nor a shift changes anything.

    Examples
    --------
    >>> found = critic({"revenue": [1, 2, 3], "delay": [9, 0, 30]}, better={"delay": "low"})
    >>> [round(part, 3) for part in found.parts]
    [0.494, 0.506]
    """
    read = _read(columns)
    ends: dict[str, Better] = dict(better or {})
    for key, end in ends.items():
        if key not in read:
            rule = f"one of {', '.join(read)}"
            raise LabelError("criterion with a better end", expected=rule, got=repr(key))
        one_of(end, f"better end of {key!r}", ("high", "low"))
    varied = {key: column for key, column in read.items() if column.varies}
    units, spread = _standardised(varied, ends)
    conflict = 1 - units @ units.T
    conflict[conflict < _ALIKE] = 0
    found = dict(zip(varied, (spread * conflict.sum(axis=1)).tolist(), strict=True))
    return _weigh(read, [found.get(key, 0.0) for key in read], "critic")


def _read(columns: Mapping[str, Column]) -> dict[str, _Read]:
    keys = checked_keys(columns, "columns")
    read = {key: measures(columns[key], f"column {key!r}") for key in keys}
    equal_lengths(((key, column.size) for key, column in read.items()), "columns of the customers")
    found = dict[str, _Read]()
    for key, column in read.items():
        low, high = (float(column.min()), float(column.max())) if column.size else (0.0, 0.0)
        if isnan(low):
            where = f"column {key!r}, row {int(np.isnan(column).argmax())}"
            raise MissingValueError("value", where=where, expected="a number", got="NaN")
        found[key] = _Read(column, low, high)
    return found


def _scaled(column: _Read) -> FloatArray:
    """Divide a huge or tiny column by a power of two, so that no sum overflows."""
    largest = max(-column.low, column.high)
    if 1 / _WIDE < largest < _WIDE:
        return column.values
    return np.ldexp(column.values, -int(np.frexp(largest)[1]))


def _unevenness(column: _Read) -> float:
    """Give the mean of r ln r - r + 1; where it is not small the mean of r ln r is the same."""
    scaled = _scaled(column)
    mean = scaled.mean()
    ratio, terms = np.empty((2, min(scaled.size, _CHUNK)))
    parts = list[float]()
    for start in range(0, scaled.size, _CHUNK):
        rows = scaled[start : start + _CHUNK]
        some, logs = ratio[: rows.size], terms[: rows.size]
        np.divide(rows, mean, out=some)
        np.maximum(some, _LEAST, out=logs)  # 0 ln 0 is 0
        np.log(logs, out=logs)
        logs *= some
        parts.append(float(logs.sum()))
    found = fsum(parts) / scaled.size
    return found if found > _EVEN else _small_unevenness(scaled / mean)


def _small_unevenness(ratio: FloatArray) -> float:
    shift = float((ratio - 1).mean())  # the mean itself was rounded
    parts = [_terms(ratio[start : start + _CHUNK], shift) for start in range(0, ratio.size, _CHUNK)]
    return fsum(parts) / ratio.size


def _terms(ratio: FloatArray, shift: float) -> float:
    """Add up r ln r - r + 1 of some rows; none is below 0."""
    off = ratio - 1
    off -= shift
    terms = np.where(ratio > 0, ratio, 1.0)
    np.log(terms, out=terms)
    terms *= ratio
    terms -= off
    near = np.abs(off) < _NEAR
    # There the three terms cancel; their series does not.
    terms[near] = off[near] ** 2 * (1 / 2 - off[near] / 6)
    return float(terms.sum())


def _standardised(
    columns: Mapping[str, _Read], better: Mapping[str, Better]
) -> tuple[FloatArray, FloatArray]:
    """Give each column with mean 0 and length 1, good ends up, and its min-max spread."""
    n = next((column.values.size for column in columns.values()), 0)
    units, spread = np.empty((len(columns), n)), np.empty(len(columns))
    for place, (key, column) in enumerate(columns.items()):
        scaled = _scaled(column)
        scaled = scaled - scaled.min()  # a copy: the column is the caller's
        scaled /= scaled.max()
        scaled -= scaled.mean()
        length = np.sqrt(np.dot(scaled, scaled))
        spread[place] = length / np.sqrt(n)
        units[place] = scaled / (-length if better.get(key) == "low" else length)
    return units, spread


def _weigh(
    columns: Mapping[str, _Read], information: Sequence[float], method: WeightMethod
) -> Weights:
    varied = [column.varies for column in columns.values()]
    amount = np.array(information)
    if not amount.sum():  # nothing tells the columns apart that vary, or none does
        amount = np.array([1.0 if found or not any(varied) else 0.0 for found in varied])
    parts: list[float] = (amount / amount.sum()).tolist()
    n = next(iter(columns.values())).values.size
    findings = [_from_data(n), *_constant(columns, varied)]
    return Weights(tuple(columns), tuple(parts), method, findings)


def _from_data(n: int) -> Finding:
    text = Text(
        f"These weights describe {n:,} customers, not what matters to the business: they change "
        "when customers come, go or grow, so scores of different periods do not compare, and "
        "over many customers they tend to become equal. Agree on fixed weights instead.",
        f"这些权重只描述现有{n:,}个客户的差异，不代表业务重点：客户增减变动时权重随之改变，"
        "不同时期的得分不可比；客户很多时权重趋于相等。建议改用商定的固定权重。",
    )
    return Finding("weights.from_data", "warning", (), n, None, text)


def _constant(columns: Mapping[str, _Read], varied: Sequence[bool]) -> list[Finding]:
    if not any(varied):
        text = Text(
            "No column varies, so the data tell nothing: all criteria count equally.",
            "各列数值均无差异，数据不含信息：各项标准权重相等。",
        )
        return [Finding("weights.no_information", "warning", (), 0, 1, text)]
    return [
        Finding(
            "weights.constant",
            "info",
            (("criterion", key),),
            0,
            None,
            Text(
                f"All customers have the same {key}: it counts nothing.",
                f"所有客户的“{key}”相同：权重为零。",
            ),
        )
        for key, found in zip(columns, varied, strict=True)
        if not found
    ]
