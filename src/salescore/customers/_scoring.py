"""How customers are scored by weighted criteria on fixed scales."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import numpy as np

from salescore.core import equal_lengths, freeze, measures, one_of
from salescore.customers._criteria import ScoringPolicy
from salescore.customers._points import exact_denominator, units_in
from salescore.customers._presets import SEVEN_CRITERIA
from salescore.customers._scores import Scores, customer_ids
from salescore.errors import LabelError, SalescoreError
from salescore.typing import AnyArray, Column

__all__ = ["Mode", "score"]

Mode: TypeAlias = Literal["auto", "exact", "float"]
"""Whether scores are whole numbers or floats."""


def score(
    columns: Mapping[str, Column],
    policy: ScoringPolicy = SEVEN_CRITERIA,
    *,
    ids: Column | None = None,
    mode: Mode = "auto",
    keep: bool = True,
) -> Scores:
    """How good is each customer, on a scale from 0 to 100?

    Parameters
    ----------
    columns : mapping of str to (n,) column-like of numbers
        The raw values of each criterion of the policy, by key, in the unit of its scale.
        NaN and null mean "missing", and the criterion says what that gives.
    policy : ScoringPolicy, default SEVEN_CRITERIA
        Criteria, weights and scales.
    ids : (n,) column-like of str or int, optional
        Name or number of each customer, all different: they decide ties and stand in answers.
    mode : {"auto", "exact", "float"}, default "auto"
        ``"exact"`` keeps scores as whole units, ``"float"`` as float64. ``"auto"`` is exact when
        every column has a whole-number type, every scale has whole ends and knots, and the
        units in 100 points fit int64. Shards of one job should state the mode.
    keep : bool, default True
        Keep private copies of the columns, so that the scores can be explained.

    Returns
    -------
    Scores
        Between 0 and 100; 0 for the worst end of every scale, 100 for the best. A better
        value never lowers a score, and no score depends on other customers. No rows give
        no scores.

    Raises
    ------
    LabelError
        For a criterion without a column, a column without a criterion, or an id named twice.
    ShapeError
        For columns of unequal lengths.
    MissingValueError
        For a missing value that the policy rejects, or a customer of whom nothing is known
        under ``"renormalise"``; names the row.
    SalescoreError
        For infinite numbers, texts, booleans, and ``mode="exact"`` where it cannot be.

    Notes
    -----
    score = 100 / total * sum of weight * marks, where marks run from 0 to 1 on a fixed scale;
    a value beyond an end of the scale earns the marks of that end. In exact mode the marks are
    whole steps along the scale and the sum is a sum of whole numbers: with points from 0 to 100
    and weights that add up to 100, the score is counted in hundredths of a point.

    Examples
    --------
    >>> from salescore.core import Text
    >>> from salescore.customers import Criterion, Scale
    >>> policy = ScoringPolicy(
    ...     [
    ...         Criterion("volume", Text("Deal volume"), 70, Scale(0, 500_000)),
    ...         Criterion("delay", Text("Days of delay"), 30, Scale(0, 90, "low")),
    ...     ]
    ... )
    >>> scores = score({"volume": [400_000, 90_000], "delay": [9, 120]}, policy, ids=["Hua", "Li"])
    >>> scores
    <Scores of 2 customers: 12.60 to 83.00, exact in 1/4500000>
    >>> scores.value.tolist()
    [83.0, 12.6]
    """
    one_of(mode, "mode", ("auto", "exact", "float"))
    _check_keys(columns, policy)
    arrays = {key: _array(columns[key]) for key in policy.keys}
    n = equal_lengths([(key, array.size) for key, array in arrays.items()], "criteria")
    denominator = exact_denominator(policy)
    exact = mode != "float" and denominator is not None and not _fractional(arrays)
    if mode == "exact" and not exact:
        _refuse_exact(arrays, policy)
    numbers = [_numbers(array, key) for key, array in arrays.items()]
    return Scores(
        policy=policy,
        units=freeze(units_in(numbers, policy, exact=exact)),
        denominator=denominator if exact and denominator else 1,
        columns=tuple(numbers) if keep else None,
        ids=customer_ids(ids, n),
    )


def _check_keys(columns: Mapping[str, Column], policy: ScoringPolicy) -> None:
    missing = [key for key in policy.keys if key not in columns]
    if missing:
        rule = f"a column for each of {policy.keys}"
        raise LabelError("columns to score", expected=rule, got=f"none for {missing}")
    unknown = [key for key in columns if key not in policy.keys]
    if unknown:
        rule = f"criteria of the policy: {policy.keys}"
        raise LabelError("columns to score", expected=rule, got=unknown)


def _array(column: Column) -> AnyArray:
    array = np.asarray(column)
    # NumPy takes an empty list for floats; a column without a type and without rows is whole.
    untyped = array.size == 0 and not hasattr(column, "dtype")
    return array.astype(np.int64) if untyped else array


def _fractional(arrays: Mapping[str, AnyArray]) -> list[str]:
    return [key for key, array in arrays.items() if array.dtype.kind not in "iu"]


def _refuse_exact(arrays: Mapping[str, AnyArray], policy: ScoringPolicy) -> None:
    fractional = _fractional(arrays)
    if fractional:
        key = fractional[0]
        rule = "a whole-number column (mode='exact')"
        raise SalescoreError(f"criterion {key!r}", expected=rule, got=arrays[key].dtype)
    rule = "whole ends and knots, of which 100 points fit int64 (mode='exact')"
    got = [criterion.scale for criterion in policy.criteria]
    raise SalescoreError("scales of the criteria", expected=rule, got=got)


def _numbers(array: AnyArray, key: str) -> AnyArray:
    """Check a column; numbers stay of their type, because narrow ones are quicker."""
    if array.ndim == 1 and array.dtype.kind in "iuf":
        return array
    return measures(array, f"criterion {key!r}")
