"""Who stands on the bench of tier A, and what each of them lacks."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import Result, Tier, locked, locked_if_any, whole
from salescore.customers._points import gains_in
from salescore.customers._scores import Scores
from salescore.customers._tiering import check_domain, ranked
from salescore.customers._tiers import Tiers
from salescore.errors import ShapeError
from salescore.kernels import best_of_tier, count_cuts
from salescore.typing import AnyArray, Column, IntArray

__all__ = ["Bench", "bench", "best_of_b"]


def bench(scores: Scores | Column, tiers: Tiers, *, size: int) -> Bench:
    """Which customers of tier B come next for A (A类替补), and what does each lack?

    Parameters
    ----------
    scores : Scores, or (n,) column-like of whole numbers or floats
        What the tiers were drawn over, the same customers in the same order.
    tiers : Tiers
        Their tiers.
    size : int
        How many customers the bench has, >= 0.

    Returns
    -------
    Bench
        The best of tier B, best first; equal customers in the order of their ids, or of their
        rows where they have none. All of tier B when it has no more than *size*.

    Raises
    ------
    ShapeError
        When scores and tiers are not of equally many customers.
    SalescoreError
        For a negative size, or scores of another kind than the tiers were drawn over.

    Examples
    --------
    >>> from salescore.customers import TierPolicy, tier
    >>> revenue = [800, 40, 60, 60, 30, 10]
    >>> tiers = tier(revenue, TierPolicy.by_value(a=0.8, b=0.95), ids=list("ABDCEF"))
    >>> bench(revenue, tiers, size=2).to_columns()["customer"].tolist()
    ['C', 'D']
    """
    found = ranked(scores)
    check_domain(found, tiers.cuts)
    if found.values.size != len(tiers):
        rule = f"{len(tiers)} customers, as the tiers have"
        raise ShapeError("scores of the bench", expected=rule, got=found.values.size)
    rows = best_of_b(found.values, tiers, size=whole(size, "size of the bench", least=0))
    units, line = found.values[rows], tiers.cuts.a
    lacks, gain = _largest_gain(scores, rows)
    return Bench(
        rows=rows,
        units=units,
        gap=None if line is None else np.subtract(line, units, dtype=units.dtype),
        tier_size=tiers.counts[Tier.B],
        denominator=found.denominator,
        ids=None if tiers.ids is None else tiers.ids[rows],
        lacks=lacks,
        gain=gain,
    )


def best_of_b(values: AnyArray, tiers: Tiers, *, size: int) -> IntArray:
    """Find the best of tier B, best first, equal ones by id or row."""
    rows = tiers.of(Tier.B)
    if tiers.ids is None:
        return best_of_tier(values, tiers.code, Tier.B, size=size)
    if 0 < size < rows.size:
        # Only those who can be chosen are put into the order of their ids.
        (line,) = count_cuts(values[rows], [Fraction(size, rows.size)])
        rows = rows[values[rows] >= line.threshold]
    rows = rows[np.argsort(tiers.ids[rows], kind="stable")]
    return rows[best_of_tier(values[rows], np.zeros(rows.size, dtype=np.uint8), 0, size=size)]


def _largest_gain(
    scores: Scores | Column, rows: IntArray
) -> tuple[tuple[str, ...] | None, AnyArray | None]:
    if not isinstance(scores, Scores) or scores.columns is None:
        return None, None
    columns = [column[rows] for column in scores.columns]
    gains = gains_in(columns, scores.policy, exact=scores.exact is not None)
    largest = gains.argmax(axis=0)
    gain = gains[largest, np.arange(rows.size)]
    keys = ("", *scores.policy.keys)
    places: list[int] = np.where(gain > 0, largest + 1, 0).tolist()
    return tuple(keys[place] for place in places), gain


@frozen(eq=False, repr=False)
class Bench(Result):
    """The customers next for tier A, best first; made by `bench`.

    Parameters
    ----------
    rows : (m,) int64
        Where they stand among all customers.
    units : (m,) int64 or float64
        Their scores or amounts, in the units of the tiers; never rising.
    gap : (m,) int64 or float64, or None
        What each is short of the A line, in the same units; None when there is no such line.
    tier_size : int
        Customers in tier B.
    denominator : int, default 1
        Units in one point of exact scores.
    ids : (m,) int64 or object, optional
        Their names or numbers.
    lacks : tuple of str, optional
        Of each, the criterion that would add most with full marks; empty when none would.
        None for amounts, and for scores without columns.
    gain : (m,) int64 or float64, optional
        What full marks there would add, in the same units.
    """

    rows: IntArray = field(converter=locked)
    units: AnyArray = field(converter=locked)
    gap: AnyArray | None = field(converter=locked_if_any)
    tier_size: int
    denominator: int = 1
    ids: AnyArray | None = field(default=None, converter=locked_if_any)
    lacks: tuple[str, ...] | None = None
    gain: AnyArray | None = field(default=None, converter=locked_if_any)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer; scores, gaps and gains in points, amounts as they are.

        Returns
        -------
        dict of str to (m,) ndarray
            ``rank``, ``customer``, ``score``, and where they are known ``gap``, ``lacks`` and
            ``gain``.
        """
        columns: dict[str, AnyArray] = {
            "rank": np.arange(1, len(self) + 1),
            "customer": self.rows if self.ids is None else self.ids,
            "score": self._points(self.units),
        }
        if self.gap is not None:
            columns["gap"] = self._points(self.gap)
        if self.lacks is not None and self.gain is not None:
            columns["lacks"] = np.array(self.lacks, dtype=object)
            columns["gain"] = self._points(self.gain)
        return columns

    def facts(self) -> dict[str, Any]:
        """Give the number of customers in tier B."""
        return {"tier_size": self.tier_size}

    def _points(self, units: AnyArray) -> AnyArray:
        return units if self.denominator == 1 else units / self.denominator

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<Bench {len(self):,} of {self.tier_size:,} B customers>"
