"""How much does each criterion count, by points that people give or an order they agree on?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import accumulate
from typing import Any

from salescore.core import Finding, Text, share
from salescore.customers._criteria import ScoringPolicy
from salescore.customers._weights import Weights, checked_keys, normalised
from salescore.errors import LabelError, SalescoreError
from salescore.typing import Share

__all__ = ["direct", "rank_sum", "roc", "swing"]


def direct(
    points: Mapping[str, Share] | Iterable[tuple[str, Share]], *, total: Share | None = None
) -> Weights:
    """How much does each criterion count, by points given to it?

    Parameters
    ----------
    points : mapping of str to number, or iterable of (str, number)
        Points of each criterion, >= 0, read exactly as they are written.
    total : number, optional
        What the points must add up to, such as 100; any sum above 0 if not given.

    Returns
    -------
    Weights
        Exact: the points divided by their sum, in Fractions that add up to 1. A criterion
        with 0 points counts nothing.

    Raises
    ------
    MissingValueError
        For NaN.
    LabelError
        For no criteria, and for a key that is named twice.
    SalescoreError
        For points below 0, only zeros, and points that do not add up to *total*.

    Examples
    --------
    >>> direct({"credit": 2, "volume": 3, "loyalty": 1}).shares
    {'credit': Fraction(1, 3), 'volume': Fraction(1, 2), 'loyalty': Fraction(1, 6)}
    >>> direct({"credit": 0.3, "volume": 0.6}, total=1)
    Traceback (most recent call last):
    ...
    salescore.errors.SalescoreError: points: expected a sum of 1, got 9/10
    """
    keys, exact = _points(points)
    if total is not None and sum(exact) != share(total, "total of the points"):
        rule = f"a sum of {share(total, 'total of the points')}"
        raise SalescoreError("points", expected=rule, got=sum(exact))
    return Weights(keys, normalised(exact, "points"), "direct")


def swing(
    points: Mapping[str, Share] | Iterable[tuple[str, Share]],
    *,
    policy: ScoringPolicy | None = None,
) -> Weights:
    """How much does each criterion count, by what its swing from worst to best is worth?

    Parameters
    ----------
    points : mapping of str to number, or iterable of (str, number)
        How much it is worth when a customer goes from the worst to the best end of the scale of
        the criterion; by custom 100 for the swing that is worth most. >= 0, read exactly.
    policy : ScoringPolicy, optional
        Whose scales the swings are of. Name it: points for a swing mean nothing without its
        two ends.

    Returns
    -------
    Weights
        Exact: the points divided by their sum. The findings keep the ends of each scale, or
        warn that no scales were named.

    Raises
    ------
    MissingValueError
        For NaN.
    LabelError
        For no criteria, a key that is named twice, and criteria other than those of the policy.
    SalescoreError
        For points below 0, or only zeros.

    Notes
    -----
    Swing weighting (von Winterfeldt and Edwards, Decision Analysis and Behavioral Research,
    1986). When an end of a scale is moved, its swing has to be judged again.

    Examples
    --------
    >>> from salescore.customers import Criterion, Scale, ScoringPolicy
    >>> policy = ScoringPolicy(
    ...     [
    ...         Criterion("revenue", Text("Revenue"), 50, Scale(0, 500_000)),
    ...         Criterion("delay", Text("Days of delay"), 50, Scale(0, 90, "low")),
    ...     ]
    ... )
    >>> found = swing({"revenue": 100, "delay": 25}, policy=policy)
    >>> policy.with_weights(found.whole(policy.total)).weights
    {'revenue': 80, 'delay': 20}
    >>> print(found.findings[1].text)
    The weight of delay is for going from 90 to 0.
    """
    keys, exact = _points(points)
    parts = normalised(exact, "points of the swings")
    return Weights(keys, parts, "swing", _ranges(keys, policy))


def roc(keys: Iterable[str]) -> Weights:
    """How much does each criterion count, when only their order is known: rank-order centroid?

    Parameters
    ----------
    keys : iterable of str
        The criteria, the one that matters most first. For criteria that matter equally use
        `direct`.

    Returns
    -------
    Weights
        Exact and strictly falling; they add up to 1.

    Raises
    ------
    LabelError
        For no criteria, and for a key that is named twice.

    Notes
    -----
    ``w_k = (1/n) * (1/k + ... + 1/n)``: the centroid of all weights that keep the order (Barron
    and Barrett, Management Science 42, 1996).

    Examples
    --------
    >>> list(map(str, roc(["volume", "credit", "loyalty"]).parts))
    ['11/18', '5/18', '1/9']
    """
    found = checked_keys(keys, "ranked criteria")
    n = len(found)
    tails = list(accumulate(Fraction(1, n * place) for place in range(n, 0, -1)))
    return Weights(found, tuple(reversed(tails)), "roc")


def rank_sum(keys: Iterable[str]) -> Weights:
    """How much does each criterion count, when their order is known: in equal steps?

    Parameters
    ----------
    keys : iterable of str
        The criteria, the one that matters most first. For criteria that matter equally use
        `direct`.

    Returns
    -------
    Weights
        Exact, falling in equal steps; they add up to 1.

    Raises
    ------
    LabelError
        For no criteria, and for a key that is named twice.

    Notes
    -----
    ``w_k = 2 (n + 1 - k) / (n (n + 1))`` (Stillwell, Seaver and Edwards, Organizational Behavior
    and Human Performance 28, 1981); flatter than `roc`.

    Examples
    --------
    >>> list(map(str, rank_sum(["volume", "credit", "loyalty"]).parts))
    ['1/2', '1/3', '1/6']
    """
    found = checked_keys(keys, "ranked criteria")
    n = len(found)
    parts = [Fraction(2 * (n - place), n * (n + 1)) for place in range(n)]
    return Weights(found, tuple(parts), "rank_sum")


def _points(
    points: Mapping[str, Share] | Iterable[tuple[str, Share]],
) -> tuple[tuple[str, ...], list[Fraction]]:
    pairs: list[Any] = [*points.items()] if isinstance(points, Mapping) else [*points]
    keys = checked_keys((key for key, _ in pairs), "criteria with points")
    return keys, [share(value, f"points of {key!r}") for key, value in pairs]


def _ranges(keys: tuple[str, ...], policy: ScoringPolicy | None) -> tuple[Finding, ...]:
    if policy is None:
        text = Text(
            "No scales were named: points for a swing mean nothing without its worst and best end.",
            "未注明量表范围：没有最差端和最优端，摆幅分数就没有意义。",
        )
        return (Finding("weights.no_scales", "warning", (), None, None, text),)
    if set(keys) != set(policy.keys):
        rule = f"those of the policy, {', '.join(policy.keys)}"
        raise LabelError("criteria with swings", expected=rule, got=", ".join(keys))
    scales = {criterion.key: criterion.scale for criterion in policy.criteria}
    return tuple(
        Finding(
            "weights.swing",
            "info",
            (("criterion", key),),
            scales[key].worst,
            scales[key].best,
            Text(
                f"The weight of {key} is for going from "
                f"{scales[key].worst:,} to {scales[key].best:,}.",
                f"“{key}”的权重对应从{scales[key].worst:,}到{scales[key].best:,}的变化。",
            ),
        )
        for key in keys
    )
