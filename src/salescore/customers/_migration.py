"""How did customers move between the tiers from one period to the next?"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.core import (
    COUNT,
    Finding,
    Formats,
    Result,
    Text,
    Tier,
    Unit,
    amounts,
    freeze,
    locked,
    objects,
    one_of,
    text_table,
)
from salescore.customers._matching import rows_among
from salescore.customers._tiers import Tiers
from salescore.errors import SalescoreError, ShapeError, UnitError
from salescore.kernels import absolute_sum
from salescore.typing import AnyArray, Column, IntArray, Language

__all__ = ["Migration", "Now", "Was", "migration"]

Was: TypeAlias = Tier | Literal["new"]
"""Where a customer was: in a tier, or not there yet."""

Now: TypeAlias = Tier | Literal["lost"]
"""Where a customer is: in a tier, or no longer there."""

_GONE = 3  # the row of the new, the column of the lost
_NEW, _LOST = Text("new", "新增"), Text("lost", "流失")
_PAIRS = [(was, now) for was in range(4) for now in range(4) if (was, now) != (_GONE, _GONE)]


def _table(numbers: Any) -> IntArray:
    table = np.asarray(numbers)
    if table.shape != (4, 4):
        rule = "4 rows (A, B, C, new) and 4 columns (A, B, C, lost)"
        raise ShapeError("table of a migration", expected=rule, got=f"shape {table.shape}")
    flat = amounts(table.reshape(-1), "table of a migration")
    absolute_sum(flat)
    return locked(flat.reshape(4, 4))


def _table_if_any(numbers: Any) -> IntArray | None:
    return None if numbers is None else _table(numbers)


@frozen(eq=False, repr=False)
class Migration(Result):
    """How many customers went from each tier to each, and with what value; made by `migration`.

    Parameters
    ----------
    counts : (4, 4) int64
        Customers by where they were (rows A, B, C, new) and are (columns A, B, C, lost).
    value_before, value_after : (4, 4) int64, optional
        What they were worth before and after [smallest unit]; both or neither.
    unit : Unit, default COUNT
        What the value is counted in.

    Raises
    ------
    ShapeError
        For a table that is not 4 by 4.
    SalescoreError
        For negative counts, someone who is new and lost at once, value before of new customers
        or after of lost ones, and one table of values without the other.
    AmountOverflowError
        For tables that add up to 2**63 or more.

    Notes
    -----
    Rows add up to the tiers before, columns to the tiers after. Migrations of different
    customers add up: ``one + other`` is the migration of both groups together. Migrations of
    the same customers over two periods do not compose.
    """

    counts: IntArray = field(converter=_table)
    value_before: IntArray | None = field(default=None, converter=_table_if_any)
    value_after: IntArray | None = field(default=None, converter=_table_if_any)
    unit: Unit = COUNT

    def __attrs_post_init__(self) -> None:
        if int(self.counts.min()) < 0:
            got = self.counts.min()
            raise SalescoreError("counts of a migration", expected="none < 0", got=got)
        if self.counts[_GONE, _GONE]:
            got = self.counts[_GONE, _GONE]
            raise SalescoreError("customers both new and lost", expected="0", got=got)
        if (self.value_before is None) != (self.value_after is None):
            rule, got = "before and after, or neither", "one of them"
            raise SalescoreError("values of a migration", expected=rule, got=got)
        if self.value_before is not None and self.value_before[_GONE].any():
            raise SalescoreError("value before of new customers", expected="0")
        if self.value_after is not None and self.value_after[:, _GONE].any():
            raise SalescoreError("value after of lost customers", expected="0")

    @property
    def before(self) -> tuple[int, int, int]:
        """Customers in A, B and C before."""
        a, b, c, _ = self.counts.sum(axis=1).tolist()
        return a, b, c

    @property
    def after(self) -> tuple[int, int, int]:
        """Customers in A, B and C after."""
        a, b, c, _ = self.counts.sum(axis=0).tolist()
        return a, b, c

    @property
    def stayed(self) -> int:
        """Customers in the same tier before and after."""
        return int(self.counts[:_GONE, :_GONE].trace())

    @property
    def rose(self) -> int:
        """Customers in a better tier than before."""
        return int(np.tril(self.counts[:_GONE, :_GONE], -1).sum())

    @property
    def fell(self) -> int:
        """Customers in a worse tier than before, the lost not counted."""
        return int(np.triu(self.counts[:_GONE, :_GONE], 1).sum())

    @property
    def new(self) -> int:
        """Customers who were not there before."""
        return int(self.counts[_GONE].sum())

    @property
    def lost(self) -> int:
        """Customers who are no longer there."""
        return int(self.counts[:, _GONE].sum())

    def share(self, was: Was, now: Now) -> Fraction | None:
        """Which part of those who were in one place is in another now?

        Parameters
        ----------
        was : Tier or "new"
            Where they were.
        now : Tier or "lost"
            Where they are.

        Returns
        -------
        Fraction or None
            Exact share [0-1], the estimate of the chance of this step; over all *now* the
            shares add up to 1. None when nobody was there.

        Raises
        ------
        SalescoreError
            For any other place.

        Examples
        --------
        >>> table = [[8, 1, 0, 1], [0] * 4, [0] * 4, [0] * 4]
        >>> Migration(table).share(Tier.A, "lost")
        Fraction(1, 10)
        """
        if not isinstance(was, Tier):
            one_of(was, "where customers were", ("new",))
        if not isinstance(now, Tier):
            one_of(now, "where customers are", ("lost",))
        row = self.counts[was if isinstance(was, Tier) else _GONE].tolist()
        return (
            Fraction(row[now if isinstance(now, Tier) else _GONE], sum(row)) if any(row) else None
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Remarks on tier A: customers lost from it (critical) and fallen from it (warning)."""
        row, size = self.counts[Tier.A].tolist(), self.before[Tier.A]
        lost, fell = row[_GONE], row[Tier.B] + row[Tier.C]
        where = (("tier", "A"),)
        found: list[Finding] = []
        if lost:
            text = Text(
                f"{lost:,} of {size:,} A customers are lost", f"{size}个A类客户流失{lost}个"
            )
            found.append(Finding("migration.a_lost", "critical", where, lost, 0, text))
        if fell:
            text = Text(
                f"{fell:,} of {size:,} A customers fell to B or C", f"{size}个A类客户降级{fell}个"
            )
            found.append(Finding("migration.a_fell", "warning", where, fell, 0, text))
        return tuple(found)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row for each place customers can come from and go to, 15 in all.

        Returns
        -------
        dict of str to (15,) ndarray
            ``from`` (``"A"``, ``"B"``, ``"C"`` or ``"new"``), ``to`` (... or ``"lost"``),
            ``customers``, and where known ``value_before`` and ``value_after`` [smallest unit].
        """
        places = [tier.name for tier in Tier]
        columns: dict[str, AnyArray] = {
            "from": objects([[*places, _NEW.en][was] for was, _ in _PAIRS]),
            "to": objects([[*places, _LOST.en][now] for _, now in _PAIRS]),
            "customers": self.counts.reshape(-1)[:-1],
        }
        if self.value_before is not None and self.value_after is not None:
            columns["value_before"] = self.value_before.reshape(-1)[:-1]
            columns["value_after"] = self.value_after.reshape(-1)[:-1]
        return columns

    def facts(self) -> dict[str, Any]:
        """Give the tiers before and after, and how many moved which way."""
        ways = ("stayed", "rose", "fell", "new", "lost")
        return {
            "before": {tier.name: self.before[tier] for tier in Tier},
            "after": {tier.name: self.after[tier] for tier in Tier},
            **{way: getattr(self, way) for way in ways},
            "unit": self.unit.code,
        }

    def formats(self) -> Formats:
        """Show values in their unit."""
        return dict.fromkeys(("value_before", "value_after"), self.unit.show)

    def summary(self, language: Language = "en") -> str:
        """Give the migration as a table: a row for where customers were.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            Customers from each tier (and new ones) to each tier (and lost), then the remarks.
        """
        names = [tier.text.to(language) for tier in Tier]
        table: dict[str, Iterable[Any]] = {
            Text("from", "原类别").to(language): [*names, _NEW.to(language)]
        }
        for place, name in enumerate([*names, _LOST.to(language)]):
            table[name] = self.counts[:, place].tolist()
        remarks = [finding.text.to(language) for finding in self.findings]
        return "\n".join([text_table(table), *remarks])

    def __add__(self, other: Migration) -> Migration:
        """Give the migration of two different groups of customers together."""
        if self.unit != other.unit:
            rule = self.unit.code or "counts"
            raise UnitError("values of a migration", expected=rule, got=other.unit.code or "counts")
        if (self.value_before is None) != (other.value_before is None):
            rule, got = "values in both, or in neither", "values in one"
            raise SalescoreError("migrations to add", expected=rule, got=got)
        return Migration(
            _added(self.counts, other.counts),
            _added(self.value_before, other.value_before),
            _added(self.value_after, other.value_after),
            self.unit,
        )

    def __repr__(self) -> str:
        shown = f"stayed {self.stayed:,}, rose {self.rose:,}, fell {self.fell:,}"
        return f"<Migration {shown}, new {self.new:,}, lost {self.lost:,}>"


def _added(one: IntArray | None, other: IntArray | None) -> IntArray | None:
    if one is None or other is None:
        return None
    absolute_sum(np.concatenate([one, other]).reshape(-1))
    return freeze(one + other)


def migration(
    before: Tiers,
    after: Tiers,
    *,
    value_before: Column | None = None,
    value_after: Column | None = None,
    unit: Unit = COUNT,
) -> Migration:
    """How many customers went from each tier to each, who is new and who is lost?

    Parameters
    ----------
    before, after : Tiers
        The tiers of two periods. Customers are matched by id, or by row where neither have
        ids; then there are as many before as after, and nobody is new or lost.
    value_before : (n,) column-like of whole numbers, optional
        What each customer was worth before, in the order of *before* [smallest unit].
    value_after : (m,) column-like of whole numbers, optional
        What each is worth after, in the order of *after* [smallest unit].
    unit : Unit, default COUNT
        What the values are counted in.

    Returns
    -------
    Migration
        Each customer of either period is counted once: rows add up to the tiers before,
        columns to the tiers after. The order of the rows does not matter. No customers give
        zeros.

    Raises
    ------
    LabelError, ShapeError
        For ids on one side only, texts and numbers, without ids for different numbers of
        customers, and for values that are not one a customer.
    SalescoreError, MissingValueError, AmountOverflowError
        For values on one side only, floats, nulls, and sums of 2**63 or more.

    Examples
    --------
    >>> from salescore.customers import TierPolicy, tier
    >>> policy = TierPolicy.by_line(80, 60)
    >>> first = tier([90, 70, 50], policy, ids=["Ann", "Bo", "Cy"])
    >>> second = tier([85, 85, 30], policy, ids=["Bo", "Di", "Cy"])
    >>> migration(first, second)
    <Migration stayed 1, rose 1, fell 0, new 1, lost 1>
    """
    was_at = rows_among(after.ids, before.ids, sizes=(len(after), len(before)))
    known = was_at >= 0
    was = np.full(len(after), _GONE, dtype=np.int64)
    was[known] = before.code[was_at[known]]
    lost = np.ones(len(before), dtype=np.bool_)
    lost[was_at[known]] = False
    cell_after = 4 * was + after.code
    cell_before = 4 * before.code.astype(np.int64) + _GONE
    cell_before[was_at[known]] = cell_after[known]
    counts = np.zeros(16, dtype=np.int64)
    np.add.at(counts, np.concatenate([cell_after, cell_before[lost]]), 1)
    return Migration(
        counts.reshape(4, 4),
        _sums(value_before, cell_before, "value before"),
        _sums(value_after, cell_after, "value after"),
        unit,
    )


def _sums(value: Column | None, cell: IntArray, what: str) -> IntArray | None:
    if value is None:
        return None
    column = amounts(value, what)
    if column.size != cell.size:
        raise ShapeError(what, expected=f"one for each of {cell.size}", got=column.size)
    absolute_sum(column)
    sums = np.zeros(16, dtype=np.int64)
    np.add.at(sums, cell, column)
    return sums.reshape(4, 4)
