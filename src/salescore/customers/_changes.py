"""Why did scores change between two periods: by the customers' values, or by the policy?"""

from __future__ import annotations

from math import lcm
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import Formats, Result, Text, freeze, headed_table, listed, locked, objects
from salescore.customers._excess import kept_columns, row_of
from salescore.customers._matching import rows_among
from salescore.customers._points import FULL, contributions_in, units_in
from salescore.customers._scores import Scores, called
from salescore.errors import AmountOverflowError, LabelError, SalescoreError
from salescore.typing import AnyArray, IntArray, Language

__all__ = ["ChangeExplanation", "Changes", "change", "explain_change"]

_HEADS = {
    "criterion": Text("criterion", "标准"),
    "raw_before": Text("before", "前值"),
    "raw_after": Text("after", "现值"),
    "weight_before": Text("weight before", "原权重"),
    "weight_after": Text("weight after", "现权重"),
    "by_value": Text("by value", "因数值变化"),
    "by_policy": Text("by policy", "因规则变化"),
}
_FROM_TO = Text("{}: from {:.2f} to {:.2f} points", "{}：从{:.2f}分到{:.2f}分")


def change(before: Scores, after: Scores) -> Changes:
    """By how much did each score change, and what did each criterion do?

    Parameters
    ----------
    before, after : Scores
        With their columns; by policies of the same criteria, whose weights and scales may
        differ. Customers are matched by id, or by row where neither have ids.

    Returns
    -------
    Changes
        One row for each customer of both periods, in the order of *after*; who is new or lost
        is listed. For exact scores what the criteria did adds up to each change exactly, for
        float scores to rounding (1e-9 points).

    Raises
    ------
    SalescoreError
        When columns were not kept.
    LabelError
        For policies of other criteria, and ids on one side only.
    ShapeError
        Without ids, for other numbers of customers.
    MissingValueError
        When a customer of before cannot be scored by the policy of after: it rejects a missing
        value, or nothing that counts is known.
    AmountOverflowError
        When exact scores of both periods have no common unit that fits int64.

    Notes
    -----
    The values of before are scored again by the policy of after. From the old score to that
    one is the part of the policy, from there to the new score the part of the values: with
    the same scales, sum of (w' - w) v and sum of w' (v' - v). One exact and one float period
    are compared as floats.

    Examples
    --------
    >>> from salescore.customers import SEVEN_CRITERIA, score
    >>> points = dict.fromkeys(SEVEN_CRITERIA.keys, [70, 60])
    >>> old = score(points, ids=["Hua", "Li"])
    >>> new = score({**points, "credit": [90, 60]}, ids=["Hua", "Wu"])
    >>> found = change(old, new)
    >>> found
    <Changes of 1 customers, 1 new, 1 lost: +4.00 on average>
    >>> found.by_value["credit"].tolist(), found.denominator
    ([400], 100)
    """
    columns = kept_columns(before), kept_columns(after)
    if before.policy.keys != after.policy.keys:
        rule = f"those of before, {before.policy.keys}"
        raise LabelError("criteria of the scores after", expected=rule, got=after.policy.keys)
    places = rows_among(after.ids, before.ids, sizes=(len(after), len(before)))
    rows = np.flatnonzero(places >= 0)
    old_rows = places[rows]
    lost = np.ones(len(before), dtype=bool)
    lost[old_rows] = False
    old = [column[old_rows] for column in columns[0]]
    new = [column[rows] for column in columns[1]]
    exact = before.exact is not None and after.exact is not None
    unit = _common_unit(before, after) if exact else 1
    if not exact:
        units_in(old, after.policy, exact=False)  # names the criterion that cannot be scored
    parts = [
        contributions_in(old, before.policy, exact=exact),
        contributions_in(old, after.policy, exact=exact),
        contributions_in(new, after.policy, exact=exact),
    ]
    steps = [unit // each.denominator if exact else 1 for each in (before, after, after)]
    was, between, now = (
        [part * step for part in period] for period, step in zip(parts, steps, strict=True)
    )
    keys = after.policy.keys
    return Changes(
        before=before.units[old_rows] * steps[0] if exact else before.value[old_rows],
        after=after.units[rows] * steps[2] if exact else after.value[rows],
        keys=keys,
        value_parts=[freeze(b - a) for a, b in zip(between, now, strict=True)],
        policy_parts=[freeze(b - a) for a, b in zip(was, between, strict=True)],
        denominator=unit,
        rows=rows,
        rows_before=old_rows,
        ids=called(after.ids, len(after))[rows],
        new=called(after.ids, len(after))[places < 0],
        lost=called(before.ids, len(before))[lost],
    )


def explain_change(before: Scores, after: Scores, i: int) -> ChangeExplanation:
    """Why did the score of one customer change?

    Parameters
    ----------
    before, after : Scores
        As for `change`.
    i : int
        Row of the customer among those of *after*.

    Returns
    -------
    ChangeExplanation
        One row a criterion; what they did adds up to the change as in `change`.

    Raises
    ------
    SalescoreError
        When the row does not exist, or the customer has no score before; else as `change`.

    Examples
    --------
    >>> from salescore.customers import SEVEN_CRITERIA, score
    >>> points = dict.fromkeys(SEVEN_CRITERIA.keys, [70])
    >>> explain_change(score(points), score({**points, "credit": [90]}), 0)
    <ChangeExplanation 0: +4.00 points>
    """
    row = row_of(after, i)
    places = rows_among(after.ids, before.ids, sizes=(len(after), len(before)))
    old = int(places[row])
    if old < 0:
        got = repr(called(after.ids, len(after))[row])
        raise SalescoreError("customer", expected="one with a score before", got=got)
    found = change(_single(before, old), _single(after, row))
    weights = [np.array([*each.policy.weights.values()]) for each in (before, after)]
    return ChangeExplanation(
        customer=str(called(after.ids, len(after))[row]),
        before=float(before.value[old]),
        after=float(after.value[row]),
        keys=after.policy.keys,
        texts=[criterion.text for criterion in after.policy.criteria],
        raw_before=np.concatenate([c[old : old + 1] for c in kept_columns(before)]),
        raw_after=np.concatenate([c[row : row + 1] for c in kept_columns(after)]),
        weight_before=weights[0],
        weight_after=weights[1],
        by_value=np.concatenate(list(found.by_value.values())),
        by_policy=np.concatenate(list(found.by_policy.values())),
        denominator=found.denominator,
    )


def _single(scores: Scores, row: int) -> Scores:
    one = slice(row, row + 1)
    columns = tuple(column[one] for column in kept_columns(scores))
    return Scores(scores.policy, scores.units[one], scores.denominator, columns)


def _common_unit(before: Scores, after: Scores) -> int:
    unit = lcm(before.denominator, after.denominator)
    if FULL * unit >= 2**63:
        rule = "a common unit in which 100 points fit int64"
        raise AmountOverflowError("exact scores", expected=rule, got=f"1/{unit} of a point")
    return unit


def _locked_all(columns: Any) -> tuple[AnyArray, ...]:
    return tuple(map(locked, columns))


@frozen(eq=False, repr=False)
class Changes(Result):
    """How scores changed between two periods; made by `change`.

    Parameters
    ----------
    before, after : (m,) int64 or float64
        The scores of the customers of both periods [1/denominator of a point].
    keys : tuple of str
        The criteria.
    value_parts, policy_parts : k arrays of (m,) int64 or float64
        What the changed values, and the changed weights and scales, of each criterion did
        [1/denominator of a point]; all together they are the change.
    denominator : int
        Units in one point; 1 for floats.
    rows, rows_before : (m,) int64
        Where the customers stand among those after and before.
    ids : (m,) int64 or object
        Their ids, or their rows among those after.
    new, lost : arrays of int64 or object
        Who is only after, and who only before.
    """

    before: AnyArray = field(converter=locked)
    after: AnyArray = field(converter=locked)
    keys: tuple[str, ...] = field(converter=listed)
    value_parts: tuple[AnyArray, ...] = field(converter=_locked_all)
    policy_parts: tuple[AnyArray, ...] = field(converter=_locked_all)
    denominator: int
    rows: IntArray = field(converter=locked)
    rows_before: IntArray = field(converter=locked)
    ids: AnyArray = field(converter=locked)
    new: AnyArray = field(converter=locked)
    lost: AnyArray = field(converter=locked)

    @property
    def by_value(self) -> dict[str, AnyArray]:
        """What the changed values of each criterion did to each score [units]."""
        return dict(zip(self.keys, self.value_parts, strict=True))

    @property
    def by_policy(self) -> dict[str, AnyArray]:
        """What the changed weight and scale of each criterion did to each score [units]."""
        return dict(zip(self.keys, self.policy_parts, strict=True))

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer, in points.

        Returns
        -------
        dict of str to (m,) ndarray
            ``customer``, ``before``, ``after``, ``change``, ``by_value`` and ``by_policy``.
        """
        return {
            "customer": self.ids,
            "before": self.before / self.denominator,
            "after": self.after / self.denominator,
            "change": (self.after - self.before) / self.denominator,
            "by_value": sum(self.value_parts[1:], self.value_parts[0]) / self.denominator,
            "by_policy": sum(self.policy_parts[1:], self.policy_parts[0]) / self.denominator,
        }

    def facts(self) -> dict[str, Any]:
        """Give who is new and who is lost."""
        return {"new": self.new.tolist(), "lost": self.lost.tolist()}

    def formats(self) -> Formats:
        """Show changes with a sign and two decimals."""
        return dict.fromkeys(("change", "by_value", "by_policy"), _signed)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        moved = (self.after - self.before) / self.denominator
        mean = f": {moved.mean():+.2f} on average" if len(self) else ""
        others = f"{len(self.new):,} new, {len(self.lost):,} lost"
        return f"<Changes of {len(self):,} customers, {others}{mean}>"


@frozen(eq=False, repr=False)
class ChangeExplanation(Result):
    """Why the score of one customer changed; made by `explain_change`.

    Parameters
    ----------
    customer : str
        Id or row.
    before, after : float
        Its scores [points 0-100].
    keys : tuple of str
        The criteria.
    texts : tuple of Text
        What people call them.
    raw_before, raw_after : (k,) array
        Its values [unit of the scale].
    weight_before, weight_after : (k,) int64
        The weights.
    by_value : (k,) int64 or float64
        What the changed values did [1/denominator of a point].
    by_policy : (k,) int64 or float64
        What the changed weights and scales did [1/denominator of a point].
    denominator : int
        Units in one point; 1 for floats.
    """

    customer: str
    before: float
    after: float
    keys: tuple[str, ...] = field(converter=listed)
    texts: tuple[Text, ...] = field(converter=listed)
    raw_before: AnyArray = field(converter=locked)
    raw_after: AnyArray = field(converter=locked)
    weight_before: IntArray = field(converter=locked)
    weight_after: IntArray = field(converter=locked)
    by_value: AnyArray = field(converter=locked)
    by_policy: AnyArray = field(converter=locked)
    denominator: int

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a criterion; what it did in points.

        Returns
        -------
        dict of str to (k,) ndarray
            ``criterion``, ``raw_before``, ``raw_after``, ``weight_before``, ``weight_after``,
            ``by_value`` and ``by_policy``.
        """
        return {
            "criterion": objects(self.keys),
            "raw_before": self.raw_before,
            "raw_after": self.raw_after,
            "weight_before": self.weight_before,
            "weight_after": self.weight_after,
            "by_value": self.by_value / self.denominator,
            "by_policy": self.by_policy / self.denominator,
        }

    def facts(self) -> dict[str, Any]:
        """Give the customer and its two scores."""
        return {"customer": self.customer, "before": self.before, "after": self.after}

    def formats(self) -> Formats:
        """Show what the criteria did with a sign and two decimals."""
        return dict.fromkeys(("by_value", "by_policy"), _signed)

    def summary(self, language: Language = "en") -> str:
        """Give the explanation as a text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            The two scores, and one line a criterion.
        """
        names = objects([text.to(language) for text in self.texts])
        columns = {**self.to_columns(), "criterion": names}
        shown, rows = {name: columns[name] for name in _HEADS}, len(self.keys)
        table = headed_table(shown, _HEADS, language, rows=rows, formats=self.formats())
        said = _FROM_TO.to(language).format(self.customer, self.before, self.after)
        return f"{said}\n{table}"

    def __repr__(self) -> str:
        return f"<ChangeExplanation {self.customer}: {self.after - self.before:+.2f} points>"


def _signed(value: float) -> str:
    return f"{value:+,.2f}"
