"""Which tier does a customer keep while its score moves about a line?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import Result, Text, Tier, amounts, freeze, locked, text_table, whole
from salescore.customers._matching import rows_among
from salescore.customers._policies import TierPolicy
from salescore.customers._scores import Scores, called
from salescore.customers._tiering import assign, cuts, tier
from salescore.customers._tiers import TierCuts, Tiers
from salescore.errors import SalescoreError, ShapeError
from salescore.typing import AnyArray, BoolArray, Column, IntArray, Language, StatusArray

__all__ = ["Held", "HoldPolicy", "hold"]

_HEADS = (
    Text("tier", "类别"),
    Text("customers", "客户数"),
    Text("by the entry lines alone", "仅按进入线"),
    Text("waiting", "等待中"),
)


@frozen
class HoldPolicy:
    """When a customer changes tier: lines to enter by, lower lines to leave by, and patience.

    Parameters
    ----------
    enter : TierPolicy
        Lines a customer must reach to rise.
    leave : TierPolicy
        Lines a customer must fall below to be lowered: by the same rule and never stricter,
        that is, lines at or below those to enter by, or shares at least as large.
    up_after, down_after : int, default 1
        In how many periods in a row a customer must be beyond a line before it changes
        [periods]; 1 is at once.

    Raises
    ------
    SalescoreError
        For different rules, lines to leave by that are stricter, and less than one period.

    Notes
    -----
    Plain data that compares by value; ``attrs.asdict`` and cattrs give JSON.

    Examples
    --------
    >>> enter, leave = TierPolicy.by_line(80, 60), TierPolicy.by_line(75, 55)
    >>> HoldPolicy(enter, leave, down_after=2).down_after
    2
    """

    enter: TierPolicy
    leave: TierPolicy
    up_after: int = 1
    down_after: int = 1

    def __attrs_post_init__(self) -> None:
        if self.enter.rule != self.leave.rule:
            rule = f"the rule to enter by, {self.enter.rule!r}"
            raise SalescoreError("rule to leave a tier by", expected=rule, got=self.leave.rule)
        pairs = list(zip(self.leave.cumulative, self.enter.cumulative, strict=True))
        lower = self.enter.rule == "line"
        if not all(leave <= enter if lower else leave >= enter for leave, enter in pairs):
            rule = f"none stricter than to enter by: {self.enter.text}"
            raise SalescoreError("lines to leave a tier by", expected=rule, got=self.leave.text)
        whole(self.up_after, "periods before a rise", least=1)
        whole(self.down_after, "periods before a fall", least=1)

    @property
    def text(self) -> Text:
        """The lines and the patience as people read them."""
        enter, leave, up, down = self.enter.text, self.leave.text, self.up_after, self.down_after
        return Text(
            f"enter {enter}, leave {leave}; up after {up}, down after {down} in a row",
            f"进入：{enter.zh}，退出：{leave.zh}；连续{up}期升级，连续{down}期降级",
        )


def _periods(numbers: Any) -> IntArray:
    found = amounts(numbers, "periods waited")
    if found.size and int(found.min()) < 0:
        row = int((found < 0).argmax())
        raise SalescoreError(
            "periods waited", where=f"row {row}", expected="none < 0", got=found[row]
        )
    return locked(found)


@frozen(eq=False, repr=False)
class Held(Result):
    """The tiers of one period with what the next one must know; made by `hold`.

    Parameters
    ----------
    tiers : Tiers
        The tier each customer has now; its cuts are the lines to enter by.
    plain : Tiers
        The tier each would have by the lines to enter by alone.
    leave : TierCuts
        The lines to leave by.
    policy : HoldPolicy
        When customers change.
    waiting_a, waiting_b : (n,) int64
        For how many periods in a row each has been on the other side of the A line and of the
        B line than its tier is [periods]; 0 for a customer who is where it belongs.
    """

    tiers: Tiers
    plain: Tiers
    leave: TierCuts
    policy: HoldPolicy
    waiting_a: IntArray = field(converter=_periods)
    waiting_b: IntArray = field(converter=_periods)

    def __attrs_post_init__(self) -> None:
        n = len(self.tiers)
        for got in (len(self.plain), len(self.waiting_a), len(self.waiting_b)):
            if got != n:
                raise ShapeError("columns of held tiers", expected=f"{n} rows", got=got)

    @property
    def waiting(self) -> BoolArray:
        """Who is beyond a line, but not for long enough; (n,) bool."""
        return (self.waiting_a > 0) | (self.waiting_b > 0)

    @property
    def kept(self) -> BoolArray:
        """Who has another tier than the lines to enter by alone give; (n,) bool."""
        return np.not_equal(self.tiers.code, self.plain.code)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer.

        Returns
        -------
        dict of str to (n,) ndarray
            ``customer``, ``tier``, ``plain`` (the tier by the lines to enter by alone),
            ``waiting_a`` and ``waiting_b`` [periods].
        """
        return {
            "customer": called(self.tiers.ids, len(self)),
            "tier": self.tiers.to_columns()["tier"],
            "plain": self.plain.to_columns()["tier"],
            "waiting_a": self.waiting_a,
            "waiting_b": self.waiting_b,
        }

    def facts(self) -> dict[str, Any]:
        """Give the policy, the sizes of the tiers, and how many are kept and wait."""
        return {
            "policy": self.policy.text.en,
            "counts": {each.name: self.tiers.counts[each] for each in Tier},
            "kept": int(self.kept.sum()),
            "waiting": int(self.waiting.sum()),
        }

    def summary(self, language: Language = "en") -> str:
        """Give the tiers as a text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            The policy, and one line a tier: its customers, how many the lines to enter by
            alone would give it, and how many of its customers wait for a change.
        """
        waiting = [int(np.count_nonzero(self.waiting[self.tiers.of(each)])) for each in Tier]
        name, size, plain, waits = (head.to(language) for head in _HEADS)
        table: dict[str, Iterable[Any]] = {
            name: [each.text.to(language) for each in Tier],
            size: self.tiers.counts,
            plain: self.plain.counts,
            waits: waiting,
        }
        return f"{self.policy.text.to(language)}\n{text_table(table)}"

    def __len__(self) -> int:
        return len(self.tiers)

    def __repr__(self) -> str:
        shown = ", ".join(f"{t.name} {n:,}" for t, n in zip(Tier, self.tiers.counts, strict=True))
        kept, waiting = int(self.kept.sum()), int(self.waiting.sum())
        return f"<Held {shown}; {kept:,} kept, {waiting:,} waiting>"


def hold(
    previous: Held | Tiers | None,
    scores: Scores | Column,
    policy: HoldPolicy,
    *,
    ids: Column | None = None,
) -> Held:
    """Which tier has each customer now, given the tier it had?

    Parameters
    ----------
    previous : Held, Tiers or None
        The tiers of the period before; None in the first one. `Held` carries how long
        customers have waited, `Tiers` starts the waiting anew.
    scores : Scores, or (n,) column-like of whole numbers or floats
        What the customers are ranked by now; see `tier`.
    policy : HoldPolicy
        When customers change.
    ids : (n,) column-like of str or int, optional
        Name or number of each customer, all different; scores bring their own. Customers are
        found among the previous ones by id, or by row where neither have ids.

    Returns
    -------
    Held
        A customer rises over a line when it reached the line to enter by in *up_after* periods
        in a row, and falls when it was below the line to leave by in *down_after* periods in a
        row; else it keeps its tier. A customer without a previous tier starts at the tier of
        the lines to enter by; one who is gone is left out.

    Raises
    ------
    MissingValueError, SalescoreError
        As for `tier`.
    LabelError, ShapeError
        For ids that are not one different id for each customer, ids on one side only, and
        without ids for another number of customers than before.

    Notes
    -----
    Each line is a switch of its own with two thresholds (a Schmitt trigger). With one period
    of patience the tier always lies between those of the two lines taken alone, and with equal
    lines it is the plain tier. Jumps may become two steps, so the number of changes is not
    always smaller; the number of lines crossed is.

    Examples
    --------
    >>> policy = HoldPolicy(TierPolicy.by_line(80, 60), TierPolicy.by_line(75, 55))
    >>> first = hold(None, [81, 79, 50], policy)
    >>> hold(first, [76, 79, 60], policy).to_columns()["tier"].tolist()
    ['A', 'B', 'B']
    """
    plain = tier(scores, policy.enter, ids=ids)
    leave = cuts(scores, policy.leave)
    left = assign(scores, leave)
    was, waits = _before(previous, plain)
    above_a, waiting_a = _switch(was, waits[0], Tier.A, plain=plain, left=left, policy=policy)
    above_b, waiting_b = _switch(was, waits[1], Tier.B, plain=plain, left=left, policy=policy)
    code = np.where(above_a, Tier.A, np.where(above_b, Tier.B, Tier.C)).astype(np.uint8)
    tiers = Tiers(freeze(code), plain.cuts, plain.ids)
    return Held(tiers, plain, leave, policy, waiting_a, waiting_b)


def _before(
    previous: Held | Tiers | None, plain: Tiers
) -> tuple[StatusArray, tuple[IntArray, IntArray]]:
    """Give the previous tier and waiting of each customer; of a new one its plain tier."""
    none = np.zeros(len(plain), dtype=np.int64)
    if previous is None:
        return plain.code, (none, none)
    tiers = previous if isinstance(previous, Tiers) else previous.tiers
    rows = rows_among(plain.ids, tiers.ids, sizes=(len(plain), len(tiers)))
    known = rows >= 0
    rows = rows[known]
    was = plain.code.copy()
    was[known] = tiers.code[rows]
    if isinstance(previous, Tiers):
        return was, (none, none)
    waits = none.copy(), none.copy()
    waits[0][known] = previous.waiting_a[rows]
    waits[1][known] = previous.waiting_b[rows]
    return was, waits


def _switch(
    was: StatusArray,
    waited: IntArray,
    line: Tier,
    *,
    plain: Tiers,
    left: Tiers,
    policy: HoldPolicy,
) -> tuple[BoolArray, IntArray]:
    """Tell who is above one line now, and how long each has been on the other side of it."""
    above = was <= line
    beyond = np.where(above, left.code > line, plain.code <= line)
    waiting = np.where(beyond, waited + 1, 0)
    turns = beyond & (waiting >= np.where(above, policy.down_after, policy.up_after))
    return above != turns, np.where(turns, 0, waiting)
