"""What is the least a customer must change to reach a tier?"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import isnan
from typing import Any, Literal

import numpy as np
from attrs import field, frozen

from salescore.core import Formats, Result, Text, Tier, headed_table, listed, objects, share
from salescore.customers._criteria import Criterion
from salescore.customers._excess import kept_columns, line_of, row_of
from salescore.customers._levers import Lever, Number, cheapest, lever_of
from salescore.customers._points import FULL
from salescore.customers._scores import Scores
from salescore.customers._tiering import check_domain, ranked
from salescore.customers._tiers import TierCuts
from salescore.errors import LabelError, SalescoreError
from salescore.typing import AnyArray, Language, Share

__all__ = ["Path", "path_to"]

_SLACK = Fraction(1, 10**9)  # float scores aim this far beyond the line [points]
_HEADS = {
    "criterion": Text("criterion", "标准"),
    "raw": Text("now", "现值"),
    "to": Text("to", "目标值"),
    "change": Text("change", "变化"),
    "cost": Text("cost", "成本"),
    "alone": Text("alone", "仅改此项"),
}
_HERE = Text("{} is there already: {:.2f} against {:.2f}", "{}已达到：{:.2f}，标准线{:.2f}")
_THERE = Text("{} from {:.2f} to {:.2f} points", "{}从{:.2f}分到{:.2f}分")
_NOWHERE = Text("{} reaches at most {:.2f} of {:.2f} points", "{}最多达到{:.2f}分，标准线{:.2f}分")


def path_to(
    scores: Scores,
    i: int,
    to: Tier | Literal["A", "B"] | Share,
    *,
    cuts: TierCuts | None = None,
    costs: Mapping[str, Share] | None = None,
) -> Path:
    """What is the cheapest change by which a customer reaches a tier or a score?

    Parameters
    ----------
    scores : Scores
        With their columns.
    i : int
        Row of the customer.
    to : Tier.A, Tier.B, "A", "B", or number
        The tier, or a score [points 0-100].
    cuts : TierCuts, optional
        Where the tiers begin; needed for a tier. Lines drawn by share are taken as they are
        now: they may move when many customers change.
    costs : mapping of str to number >= 0, optional
        What one raw unit of each criterion costs; one that is not named cannot be changed.
        Default: one hundredth of the scale of any criterion costs 1.

    Returns
    -------
    Path
        Where each criterion should be, at the least cost there is, and what each would have
        to be if it alone changed. Applying it reaches the line; nothing cheaper does. Among
        equally cheap ways the criteria listed first change. A customer who is there already
        changes nothing.

    Raises
    ------
    SalescoreError
        When the columns were not kept, the row does not exist, the tier is C or has no line,
        the line lies above 100 points, a cost is negative, or there are more than 4,096 ways
        to try: see Notes.
    LabelError
        For the cost of an unknown criterion.

    Notes
    -----
    Where a unit earns ever less on the way to the best end, as on straight scales, the
    cheapest change is a fractional knapsack: take the pieces of the scales in the order of
    cost per point of score, each in full, the last one in part (Dantzig 1957). A piece
    that earns more a unit than the one before it must be paid for by that one; so must the
    way of a value beyond the worst end to that end, which earns nothing. Such a place splits
    the way of its criterion in two, and each choice of how far every criterion comes is
    tried, one greedy knapsack each: 2 ways for each criterion with one such place, 4,096 for
    12. Numbers are exact fractions. Float scores aim 1e-9 points beyond the line. A missing
    value starts from what stands in for it; one whose weight is left out stays missing.

    Examples
    --------
    >>> from salescore.customers import SEVEN_CRITERIA, score
    >>> scores = score(dict.fromkeys(SEVEN_CRITERIA.keys, [70]), ids=["Hua"])
    >>> path = path_to(scores, 0, 76)
    >>> path
    <Path of Hua: 70.00 to 76.00 points at cost 24.00>
    >>> [(key, value) for key, value in zip(path.keys, path.to) if value != 70]
    [('volume', 94)]
    >>> [(key, value) for key, value in zip(path.keys, path.alone) if value is not None]
    [('credit', 100), ('volume', 94)]
    """
    row = row_of(scores, i)
    line = _line(scores, to, cuts)
    floats = scores.exact is None
    raw = [_raw(column[row]) for column in kept_columns(scores)]
    levers, known = _levers(raw, scores, costs)
    now = Fraction(scores.units[row].item()) / scores.denominator
    room = sum((lever.points for lever in levers), Fraction(0))
    slack = _SLACK if floats else Fraction(0)
    gap = max(line - now, Fraction(0))
    reachable = gap <= room + slack
    need = min(gap + slack, room) if gap else gap
    cost, moves = cheapest(levers, need)
    ends, alone = list(known), [None if gap else value for value in known]
    for lever in levers:
        moved = moves.get(lever.place)
        if moved:
            ends[lever.place] = lever.end(moved, floats=floats)
        if gap and lever.points + slack >= gap:
            alone[lever.place] = lever.end(lever.least(need), floats=floats)
    prices = {lever.place: lever.price for lever in levers}
    return Path(
        customer=str(row if scores.ids is None else scores.ids[row]),
        score=now,
        line=line,
        reachable=reachable,
        cost=cost if reachable else None,
        highest=now + room,
        keys=scores.policy.keys,
        texts=[criterion.text for criterion in scores.policy.criteria],
        raw=known,
        to=ends,
        alone=alone,
        costs=[prices.get(place, Fraction(0)) * moves.get(place, 0) for place in range(len(raw))],
    )


def _line(scores: Scores, to: Any, cuts: TierCuts | None) -> Fraction:
    if isinstance(to, Tier) or to in {"A", "B", "C"}:
        tier = to if isinstance(to, Tier) else Tier[to]
        if tier is Tier.C or cuts is None:
            rule = "A or B together with cuts=, or a score"
            raise SalescoreError("tier to reach", expected=rule, got=tier.name)
        check_domain(ranked(scores), cuts)
        line = line_of(cuts, tier)
        if line is None:
            raise SalescoreError("tier to reach", expected="a tier with a line", got=tier.name)
        return line
    line = share(to, "score to reach")
    if line > FULL:
        raise SalescoreError("score to reach", expected=f"at most {FULL}", got=to)
    return line


def _raw(value: Any) -> Fraction | None:
    number = value.item()
    return None if isnan(number) else Fraction(number)


def _levers(
    raw: list[Fraction | None], scores: Scores, costs: Mapping[str, Share] | None
) -> tuple[list[Lever], list[Number | None]]:
    """Find what can be changed; give also the raw values as plain numbers."""
    policy, floats = scores.policy, scores.exact is None
    unknown = [key for key in costs or () if key not in policy.keys]
    if unknown:
        rule = f"one of {policy.keys}"
        raise LabelError("criterion of a cost", expected=rule, got=repr(unknown[0]))
    pairs = list(zip(raw, policy.criteria, strict=True))
    counts = [value is not None or each.missing != "renormalise" for value, each in pairs]
    total = sum(c.weight for (_, c), known in zip(pairs, counts, strict=True) if known)
    levers = list[Lever]()
    for place, ((value, criterion), known) in enumerate(zip(pairs, counts, strict=True)):
        price = _price(criterion, costs)
        if not known or not criterion.weight or price is None:
            continue
        lever = lever_of(place, value, criterion, price=price, total=total)
        if lever.points > 0:
            levers.append(lever)
    plain = [
        None if value is None else float(value) if floats else int(value) for value, _ in pairs
    ]
    return levers, list[Number | None](plain)


def _price(criterion: Criterion, costs: Mapping[str, Share] | None) -> Fraction | None:
    if costs is None:
        return FULL / (Fraction(criterion.scale.high) - Fraction(criterion.scale.low))
    cost = costs.get(criterion.key)
    return None if cost is None else share(cost, f"cost of {criterion.key!r}")


@frozen(eq=False, repr=False)
class Path(Result):
    """The cheapest change by which one customer reaches a line; made by `path_to`.

    Parameters
    ----------
    customer : str
        Id or row.
    score : Fraction
        Its score now [points 0-100].
    line : Fraction
        Where it should get [points].
    reachable : bool
        Whether it can get there by what can be changed.
    cost : Fraction or None
        What the change costs; None when the line cannot be reached.
    highest : Fraction
        The score with full marks on all that can be changed [points].
    keys : tuple of str
        The criteria.
    texts : tuple of Text
        What people call them.
    raw : tuple of int or float or None
        The value of each now, None where it is missing [unit of the scale].
    to : tuple of int, Fraction, float or None
        Where each should be: unchanged where it should stay. When the line cannot be
        reached, all that can be changed is where full marks begin.
    alone : tuple of int, Fraction, float or None
        Where each would have to be if it alone changed; None where that is not enough.
    costs : tuple of Fraction
        What each change costs; they add up to *cost*.
    """

    customer: str
    score: Fraction
    line: Fraction
    reachable: bool
    cost: Fraction | None
    highest: Fraction
    keys: tuple[str, ...] = field(converter=listed)
    texts: tuple[Text, ...] = field(converter=listed)
    raw: tuple[Number | None, ...] = field(converter=listed)
    to: tuple[Number | None, ...] = field(converter=listed)
    alone: tuple[Number | None, ...] = field(converter=listed)
    costs: tuple[Fraction, ...] = field(converter=listed)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a criterion; fractions as floats, NaN where there is no number.

        Returns
        -------
        dict of str to (k,) ndarray
            ``criterion``, ``raw``, ``to``, ``change``, ``cost`` and ``alone``.
        """
        raw, to, alone = (_floats(numbers) for numbers in (self.raw, self.to, self.alone))
        return {
            "criterion": objects(self.keys),
            "raw": raw,
            "to": to,
            "change": to - raw,
            "cost": _floats(self.costs),
            "alone": alone,
        }

    def facts(self) -> dict[str, Any]:
        """Give the customer, its score, the line, whether it can be reached and at what cost."""
        return {
            "customer": self.customer,
            "score": float(self.score),
            "line": float(self.line),
            "reachable": self.reachable,
            "cost": None if self.cost is None else float(self.cost),
            "highest": float(self.highest),
        }

    def formats(self) -> Formats:
        """Show numbers with up to two decimals."""
        return dict.fromkeys(("raw", "to", "change", "cost", "alone"), _shown)

    def summary(self, language: Language = "en") -> str:
        """Give the change as a text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            Where the customer is and gets, and one line a criterion.
        """
        if not self.reachable:
            said = _NOWHERE.to(language).format(
                self.customer, *map(float, (self.highest, self.line))
            )
        else:
            text = _THERE if self.score < self.line else _HERE
            said = text.to(language).format(self.customer, float(self.score), float(self.line))
        names = objects([text.to(language) for text in self.texts])
        columns = {**self.to_columns(), "criterion": names}
        shown, rows = {name: columns[name] for name in _HEADS}, len(self.keys)
        table = headed_table(shown, _HEADS, language, rows=rows, formats=self.formats())
        return f"{said}\n{table}"

    def __repr__(self) -> str:
        score, line = float(self.score), float(self.line)
        way = f"{score:.2f} to {line:.2f} points"
        end = "out of reach" if self.cost is None else f"at cost {float(self.cost):.2f}"
        return f"<Path of {self.customer}: {way} {end}>"


def _floats(numbers: tuple[Number | None, ...]) -> AnyArray:
    return np.array([np.nan if number is None else float(number) for number in numbers])


def _shown(value: float) -> str:
    return "-" if isnan(value) else f"{value:,.2f}".removesuffix(".00")
