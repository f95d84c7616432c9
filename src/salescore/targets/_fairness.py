"""Whether targets are fair across people: not by territory size, within reach, near the team."""

# Shapes: m people.

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from salescore.core import Finding, Text
from salescore.kernels import muldiv
from salescore.targets._ambition import Course, meeting_before
from salescore.targets._remarks import Remark, wide
from salescore.targets._review_policy import ReviewPolicy
from salescore.typing import IntArray

__all__ = ["concordance", "fairness_remarks"]

_Found: TypeAlias = tuple[str, Fraction, Fraction, Text] | None
"""Code, measured, limit and words; None where nothing was found."""

_LIMB = 2**32
_LIMBS = 4  # two fractions of wholes below 2**61 that differ do so within 122 bits


def fairness_remarks(course: Course, people: str, policy: ReviewPolicy) -> Iterator[Remark]:
    """Find what is unfair between the people of a plan: at most one finding of each kind.

    The money at stake is what stands above equal growth of all. People without a last period
    above 0 are told, and left out of the measures.
    """
    measured = course.last > 0
    without = int(measured.size - measured.sum())
    where = ((people, "*"),)
    if without:
        text = Text(
            f"{without} of {measured.size} cannot be compared: no last period above 0.",
            f"{measured.size} 人中有 {without} 人没有可比的上期业绩。",
        )
        yield Finding("review.no_past", "info", where, without, 0, text), 0
    if not measured.any():
        return
    known = course._replace(planned=course.planned[measured], past=course.past[measured])
    stake = _uneven(known)
    for found in (
        _growth_by_size(known, policy),
        _beyond_reach(known, policy),
        _near_team(known, policy),
        _meeting(known, policy),
    ):
        if found is not None:
            code, share, limit, text = found
            yield Finding(f"review.{code}", "warning", where, share, limit, text), stake


def _uneven(course: Course) -> int:
    target, base = int(course.planned.sum()), int(course.last.sum())
    over = course.planned.astype(object) * base - course.last.astype(object) * target
    return int(np.maximum(over, 0).sum()) // base


def _growth_by_size(course: Course, policy: ReviewPolicy) -> _Found:
    n = course.planned.size
    score = concordance(course.last, _order_of_ratios(course.planned, course.last))
    # The score of n things in random order varies by n(n-1)(2n+5)/18 (Kendall).
    by_chance = score * score * 18 <= 4 * n * (n - 1) * (2 * n + 5)
    limit = policy.limit("correlation")
    if by_chance or abs(tau := Fraction(2 * score, n * (n - 1))) <= limit:
        return None
    en, zh = ("Larger", "大") if tau * course.sign > 0 else ("Smaller", "小")
    asked, wanted = ("growth", "更高的增长") if course.sign > 0 else ("reduction", "更多的下降")
    text = Text(
        f"{en} territories are asked for more {asked} (Kendall's tau {float(tau):+.2f}).",
        f"{zh}区域被要求{wanted}（肯德尔系数 {float(tau):+.2f}）。",
    )
    return "growth_by_size", tau, limit, text


def _beyond_reach(course: Course, policy: ReviewPolicy) -> _Found:
    stretch, limit = policy.limit("stretch"), policy.limit("beyond")
    factor = stretch.denominator + course.sign * stretch.numerator
    bits = stretch.denominator + stretch.numerator
    best = course.sign * (course.sign * course.past).max(axis=1)
    reach = wide(best, bits) * factor
    beyond = course.sign * (wide(course.planned, bits) * stretch.denominator - reach) > 0
    share = Fraction(int(beyond.sum()), beyond.size)
    text = Text(
        f"{float(share):.0%} of the people have a target more than {float(stretch):.0%} "
        f"{'above' if course.sign > 0 else 'below'} the best they ever did.",
        f"{float(share):.0%} 的人目标比本人历史最好业绩{'高出' if course.sign > 0 else '低'} "
        f"{float(stretch):.0%} 以上。",
    )
    return ("beyond_reach", share, limit, text) if share > limit else None


def _near_team(course: Course, policy: ReviewPolicy) -> _Found:
    band, limit = policy.limit("band"), policy.limit("within")
    target, base = int(course.planned.sum()), int(course.last.sum())
    equal = course.last.astype(object) * target
    apart = np.abs(course.planned.astype(object) * base - equal)
    near = apart * band.denominator <= np.abs(equal) * band.numerator
    share = Fraction(int(near.sum()), near.size)
    text = Text(
        f"Only {float(share):.0%} of the people grow within {float(band):.0%} of the team.",
        f"只有 {float(share):.0%} 的人增长要求在团队水平的 ±{float(band):.0%} 之内。",
    )
    return ("uneven_growth", share, limit, text) if share < limit else None


def _meeting(course: Course, policy: ReviewPolicy) -> _Found:
    if course.past.shape[1] < policy.least_periods:
        return None
    met, changes = meeting_before(course)
    share = Fraction(met, changes)
    low, high = policy.limit("quota_low"), policy.limit("quota_high")
    text = Text(
        f"{float(share):.0%} would meet their target if they changed as in past periods.",
        f"若按历年增减，约 {float(share):.0%} 的人能完成目标。",
    )
    if share < low:
        return "few_would_meet", share, low, text
    return ("most_would_meet", share, high, text) if share > high else None


def _order_of_ratios(part: IntArray, whole: IntArray) -> IntArray:
    """Rank exact quotients; equal ones have equal ranks."""
    digits = list(np.divmod(part, whole))
    for _ in range(_LIMBS):
        digits += muldiv(digits.pop(), _LIMB, whole)
    digits.pop()  # the last remainder: equal quotients may have different ones
    order = np.lexsort(digits[::-1])
    new = np.zeros(part.size, dtype=np.bool_)
    for digit in digits:
        new[1:] |= np.diff(digit[order]) != 0
    ranks = np.empty(part.size, dtype=np.int64)
    ranks[order] = np.cumsum(new)
    return ranks


def concordance(one: IntArray, other: IntArray) -> int:
    """How many pairs stand in the same order on both columns, less those in opposite order?

    Kendall's score; pairs that are tied on either column count as neither.
    """
    order = np.lexsort((other, one))
    pairs = one.size * (one.size - 1) // 2
    tied_one, tied_other = _tied(one[order, None]), _tied(np.sort(other)[:, None])
    tied_both = _tied(np.stack([one[order], other[order]], axis=1))
    ranks = np.unique(other, return_inverse=True)[1][order]
    opposite = _inversions(ranks)
    return pairs - tied_one - tied_other + tied_both - 2 * opposite


def _tied(rows: IntArray) -> int:
    """Count pairs of equal rows among rows in order."""
    starts = np.flatnonzero(np.append(True, (np.diff(rows, axis=0) != 0).any(axis=1)))
    runs = np.diff(starts, append=len(rows))
    return int((runs * (runs - 1) // 2).sum())


def _inversions(ranks: IntArray) -> int:
    """Count pairs in falling order: bit by bit, rows that have a 1 before rows that have a 0."""
    found = 0
    for bit in range(int(ranks.max(initial=0)).bit_length() - 1, -1, -1):
        high = ranks >> bit + 1
        ranks = ranks[np.argsort(high, kind="stable")]
        high, ones = ranks >> bit + 1, ranks >> bit & 1
        before = np.cumsum(ones)
        starts = np.searchsorted(high, high)
        inside = before - (before - ones)[starts]
        found += int(inside[ones == 0].sum())
    return found
