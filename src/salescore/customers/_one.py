"""Which score has a single customer, and why?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from salescore.customers._criteria import ScoringPolicy
from salescore.customers._presets import SEVEN_CRITERIA
from salescore.customers._scores import Explanation
from salescore.customers._scoring import Mode, score
from salescore.typing import Label, Language

__all__ = ["score_one"]


def score_one(
    values: Mapping[str, float | None],
    policy: ScoringPolicy = SEVEN_CRITERIA,
    *,
    customer: Label = "customer",
    mode: Mode = "auto",
    language: Language = "en",
) -> Explanation:
    """How good is one customer, and why?

    Parameters
    ----------
    values : mapping of str to number or None
        The raw value of each criterion of the policy, by key, in the unit of its scale. None
        and NaN mean "missing", and the criterion says what that gives.
    policy : ScoringPolicy, default SEVEN_CRITERIA
        Criteria, weights and scales.
    customer : str or int, default "customer"
        What the customer is called in the answer.
    mode : {"auto", "exact", "float"}, default "auto"
        As for `score`: exact when every value is a whole number.
    language : {"en", "zh"}, default "en"
        Language of the texts.

    Returns
    -------
    Explanation
        The very one that `score` and `Scores.explain` give this customer among any others in
        the same mode: contributions add up to the score exactly.

    Raises
    ------
    LabelError
        For a criterion without a value, a value without a criterion, or a customer whose name
        is neither text nor whole number.
    MissingValueError
        For a missing value that the policy rejects, or when nothing that counts is known.
    SalescoreError
        For infinite numbers, texts, booleans, and ``mode="exact"`` where it cannot be.

    Notes
    -----
    One customer is a column of length one. Many customers are quicker together: see `score`.

    Examples
    --------
    >>> from salescore.core import Text
    >>> from salescore.customers import Criterion, Scale
    >>> policy = ScoringPolicy(
    ...     [
    ...         Criterion("volume", Text("Deal volume"), 70, Scale(0, 500_000)),
    ...         Criterion("delay", Text("Days of delay"), 30, Scale(0, 90, "low"), "worst"),
    ...     ]
    ... )
    >>> score_one({"volume": 400_000, "delay": 9}, policy, customer="Hua")
    <Explanation Hua: score 83.00>
    >>> score_one({"volume": 250_000, "delay": None}, policy).score
    35.0
    """
    columns = {key: _column(value) for key, value in values.items()}
    return score(columns, policy, ids=[customer], mode=mode).explain(0, language)


def _column(value: Any) -> list[Any]:
    return [np.nan] if value is None else [value]
