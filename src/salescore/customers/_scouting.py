"""Who could stand in tier A beyond the best of tier B: by growth, by potential, or once more."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import Result, Text, Tier, headed_table, locked, locked_if_any, objects, whole
from salescore.customers._bench import best_of_b
from salescore.customers._matching import rows_among
from salescore.customers._scores import Scores
from salescore.customers._tiering import check_domain, ranked
from salescore.customers._tiers import Tiers
from salescore.errors import ShapeError
from salescore.typing import AnyArray, BoolArray, Column, IntArray, Language, StatusArray

__all__ = ["DOORS", "Candidates", "scout"]

DOORS: dict[str, Text] = {
    "next": Text("best of B", "B类居前"),
    "growth": Text("growth leads to A", "增长可达A"),
    "potential": Text("potential leads to A", "潜力可达A"),
    "lapsed": Text("was A before", "曾为A类"),
}
"""By which doors a customer comes to be a candidate for tier A, in this order."""

_GONE = 3
_TIERS = ("A", "B", "C", "gone")
_HEADS = {
    "rank": Text("rank", "序号"),
    "customer": Text("customer", "客户"),
    "tier": Text("tier", "类别"),
    "score": Text("score", "得分"),
    "doors": Text("why", "原因"),
}


@frozen(eq=False, repr=False)
class Candidates(Result):
    """Customers who could stand in tier A, and why; made by `scout`.

    Parameters
    ----------
    rows : (m,) int64
        Where they stand among the customers of now; -1 for one who is no longer there.
    tier : (m,) uint8
        B or C; 3 for one who is no longer there.
    units : (m,) int64 or float64
        Their scores or amounts, in the units of the tiers; 0 for one who is gone.
    doors : (m, 4) bool
        By which of `DOORS` each comes; at least one.
    line : int, float or None
        The A line of now, in the same units; None when nobody can be in A.
    denominator : int, default 1
        Units in one point of exact scores.
    ids : (m,) int64 or object, optional
        Their names or numbers.
    projected, potential : (m,) int64 or float64, optional
        What was held against the line, where it was given; 0 for one who is gone.
    """

    rows: IntArray = field(converter=locked)
    tier: StatusArray = field(converter=locked)
    units: AnyArray = field(converter=locked)
    doors: BoolArray = field(converter=locked)
    line: float | None = None
    denominator: int = 1
    ids: AnyArray | None = field(default=None, converter=locked_if_any)
    projected: AnyArray | None = field(default=None, converter=locked_if_any)
    potential: AnyArray | None = field(default=None, converter=locked_if_any)

    @property
    def counts(self) -> dict[str, int]:
        """How many come by each door; one may come by several."""
        return dict(zip(DOORS, self.doors.sum(axis=0).tolist(), strict=True))

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a candidate, in the order of the answer.

        Returns
        -------
        dict of str to (m,) ndarray
            ``rank``, ``customer``, ``tier`` (``"B"``, ``"C"``, ``"gone"``), ``score`` in points,
            or amounts as they are (0 for one who is gone), ``projected`` and
            ``potential_value`` alike where they were given, and one bool column a door.
        """
        given = {"projected": self.projected, "potential_value": self.potential}
        return {
            "rank": np.arange(1, len(self) + 1),
            "customer": self.rows if self.ids is None else self.ids,
            "tier": objects(_TIERS)[self.tier],
            "score": self._points(self.units),
            **{name: self._points(units) for name, units in given.items() if units is not None},
            **{name: self.doors[:, place] for place, name in enumerate(DOORS)},
        }

    def facts(self) -> dict[str, Any]:
        """Give how many come by each door, and the A line they were held against."""
        line = None if self.line is None else self.line / self.denominator
        return {"counts": self.counts, "line": line}

    def _points(self, units: AnyArray) -> AnyArray:
        return units if self.denominator == 1 else units / self.denominator

    def summary(self, language: Language = "en") -> str:
        """Give the candidates as text, with their reasons.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and a table of the first candidates.
        """
        columns = self.to_columns()
        words = [text.to(language) for text in DOORS.values()]
        between = {"en": ", ", "zh": "、"}[language]
        # Each of the sixteen ways to come by doors is worded once.
        ways = [
            between.join(word for place, word in enumerate(words) if way >> place & 1)
            for way in range(1 << len(words))
        ]
        way = (self.doors << np.arange(len(words))).sum(axis=1)
        told = {name: columns[name] for name in ("rank", "customer", "tier", "score")}
        told["doors"] = objects(ways)[way]
        gone = {"gone": Text("gone", "流失").to(language)}
        told["tier"] = objects([gone.get(name, name) for name in _TIERS])[self.tier]
        return f"{self!r}\n{headed_table(told, _HEADS, language)}"

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        counts = ", ".join(f"{count:,} {name}" for name, count in self.counts.items())
        return f"<Candidates {len(self):,}: {counts}>"


def scout(
    scores: Scores | Column,
    tiers: Tiers,
    *,
    size: int,
    projected: Scores | Column | None = None,
    potential: Scores | Column | None = None,
    previous: Tiers | None = None,
) -> Candidates:
    """Who could stand in tier A, looking beyond the best of tier B?

    Parameters
    ----------
    scores : Scores, or (n,) column-like of whole numbers or floats
        What the tiers were drawn over, the same customers in the same order.
    tiers : Tiers
        Their tiers now.
    size : int
        How many of the best of tier B are looked at as `bench` does, >= 0.
    projected : Scores or column-like, optional
        What each will score or buy if it goes on growing as it did, in the same units: the
        scores of projected columns, or revenue times its growth.
    potential : Scores or column-like, optional
        What each could score or buy from us at most, in the same units.
    previous : Tiers, optional
        The tiers of an earlier period, by id, or by row where neither have ids.

    Returns
    -------
    Candidates
        Everybody who is not in A and comes by one door at least: among the *size* best of B;
        projected, or by potential, at or above the A line of now; in A before. A customer who
        was in A and is no longer there comes last. Those with most doors first, then by score,
        then by id, or by row where there are none. Without an A line nobody comes by growth
        or potential. The best of B are those of `bench`.

    Raises
    ------
    ShapeError
        When the columns are not of equally many customers.
    LabelError
        When only one of both tiers has ids, or one has texts and the other numbers.
    SalescoreError
        For a negative size, or numbers of another kind than the tiers were drawn over.

    Notes
    -----
    The best of B alone (A类替补) leaves out the small customer who doubles every year, the
    large one who buys little from us yet, and the A customer who slipped to C or left.

    Examples
    --------
    >>> from salescore.customers import TierPolicy, tier
    >>> revenue, next_year = [90, 70, 65, 20, 10], [92, 72, 60, 85, 10]
    >>> tiers = tier(revenue, TierPolicy.by_line(a=80, b=60))
    >>> before = tier([95, 60, 70, 20, 81], TierPolicy.by_line(a=80, b=60))
    >>> print(scout(revenue, tiers, size=1, projected=next_year, previous=before).summary())
    <Candidates 3: 1 next, 1 growth, 0 potential, 1 lapsed>
    rank  customer  tier  score  why
    ----  --------  ----  -----  -----------------
       1         1  B        70  best of B
       2         3  C        20  growth leads to A
       3         4  C        10  was A before
    """
    found = ranked(scores)
    check_domain(found, tiers.cuts)
    n = len(tiers)
    if found.values.size != n:
        rule = f"{n} customers, as the tiers have"
        raise ShapeError("scores to scout", expected=rule, got=found.values.size)
    doors = np.zeros((n, len(DOORS)), dtype=np.bool_)
    best = best_of_b(found.values, tiers, size=whole(size, "size of the bench", least=0))
    doors[best, 0] = True
    line = tiers.cuts.a
    ahead = [
        _column(column, tiers, name)
        for column, name in ((projected, "projected"), (potential, "potential"))
    ]
    for place, values in enumerate(ahead, 1):
        if values is not None and line is not None:
            doors[:, place] = values >= line
    gone, gone_ids = _lapsed(doors[:, 3], tiers, previous)
    doors[tiers.code == Tier.A] = False
    rows = np.flatnonzero(doors.any(axis=1))
    if tiers.ids is not None:
        rows = rows[np.argsort(tiers.ids[rows], kind="stable")]
    rows = rows[np.argsort(-found.values[rows], kind="stable")]
    rows = rows[np.argsort(-doors[rows].sum(axis=1), kind="stable")]
    left = np.zeros((gone, len(DOORS)), dtype=np.bool_)
    left[:, 3] = True
    nothing = np.zeros(gone, dtype=found.values.dtype)
    ids = tiers.ids
    return Candidates(
        rows=np.append(rows, np.full(gone, -1)),
        tier=np.append(tiers.code[rows], np.full(gone, _GONE, dtype=np.uint8)),
        units=np.append(found.values[rows], nothing),
        doors=np.concatenate([doors[rows], left]),
        line=line,
        denominator=found.denominator,
        ids=None if ids is None else np.append(ids[rows], gone_ids.astype(ids.dtype)),
        projected=None if ahead[0] is None else np.append(ahead[0][rows], nothing),
        potential=None if ahead[1] is None else np.append(ahead[1][rows], nothing),
    )


def _column(column: Scores | Column | None, tiers: Tiers, name: str) -> AnyArray | None:
    """Read another column in the units of the tiers."""
    if column is None:
        return None
    found = ranked(column)
    check_domain(found, tiers.cuts)
    if found.values.size != len(tiers):
        rule = f"{len(tiers)} customers, as the tiers have"
        raise ShapeError(f"{name} column", expected=rule, got=found.values.size)
    return found.values


def _lapsed(door: BoolArray, tiers: Tiers, previous: Tiers | None) -> tuple[int, AnyArray]:
    """Open the door of those who were in A; give how many of them are gone, and their ids."""
    if previous is None:
        return 0, tiers.code[:0]
    there = rows_among(previous.ids, tiers.ids, sizes=(len(previous), len(tiers)))
    was_a = previous.code == Tier.A
    door[there[was_a & (there >= 0)]] = True
    gone = np.flatnonzero(was_a & (there < 0))
    return gone.size, gone if previous.ids is None else np.sort(previous.ids[gone])
