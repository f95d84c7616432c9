"""How headquarters' numbers and the people's own stand side by side, with a compromise."""

# Shapes: n cells of either side.

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import asdict, field, frozen

from salescore.core import (
    Cells,
    Finding,
    Formats,
    Result,
    Text,
    equal_lengths,
    headed_table,
    listed,
    locked,
    one_of,
)
from salescore.errors import AmountOverflowError, SalescoreError
from salescore.kernels import absolute_sum
from salescore.targets._remarks import (
    HEADS,
    finding_columns,
    spelled,
)
from salescore.typing import AnyArray, BoolArray, IntArray, Language

__all__ = ["KeepTotal", "Reconciliation"]

KeepTotal: TypeAlias = Literal["own", "top", "bottom"]
"""Whose total a compromise keeps: its own, headquarters', or the people's."""

_HEADS = {
    "top": Text("headquarters", "总部目标"),
    "bottom": Text("people", "员工自报"),
    "gap": Text("gap", "差额"),
    "compromise": Text("compromise", "折中"),
}
_AMOUNTS = ("top", "bottom", "gap", "compromise")


def _mask(promised: Any) -> BoolArray:
    return locked(np.asarray(promised, dtype=np.bool_))


@frozen(eq=False, repr=False)
class Reconciliation(Result):
    """Top-down against bottom-up, and a compromise; made by `reconcile`.

    Parameters
    ----------
    top, bottom, compromise : Cells
        Headquarters' amounts, the people's own and the compromise, in the same cells.
    promised : (n,) bool
        Which cells keep what the people promised.
    keep : {"own", "top", "bottom"}
        Whose total the compromise keeps.
    findings : tuple of Finding
        Gaps above the limit, and cells that only one side has; the largest gap first.
    at_stake : tuple of int
        The size of the gap of each finding [smallest unit].

    Raises
    ------
    SalescoreError
        When the parts have not the same cells.
    ShapeError
        When there is not one amount at stake for each finding.
    AmountOverflowError
        When all amounts of both sides together could overflow.
    """

    top: Cells
    bottom: Cells
    compromise: Cells
    promised: BoolArray = field(converter=_mask)
    keep: KeepTotal
    findings: tuple[Finding, ...] = field(default=(), converter=listed)
    at_stake: tuple[int, ...] = field(default=(), converter=listed)

    def __attrs_post_init__(self) -> None:
        one_of(self.keep, "keep", ("own", "top", "bottom"))
        for name, cells in (("bottom", self.bottom), ("compromise", self.compromise)):
            if not self.top.with_amount(cells.amount).same_as(cells):
                what = f"cells of {name}"
                raise SalescoreError(what, expected="the cells of headquarters", got=cells)
        equal_lengths([("cells", len(self.top)), ("promised", len(self.promised))], "promised")
        lengths = [("findings", len(self.findings)), ("at_stake", len(self.at_stake))]
        equal_lengths(lengths, "a reconciliation")
        size = absolute_sum(self.top.amount) + absolute_sum(self.bottom.amount)
        if size >= 2**63:
            what = "absolute amounts of both sides added up"
            raise AmountOverflowError(what, expected="less than 2**63", got=size)

    @property
    def gap(self) -> IntArray:
        """(n,) int64: the people's amount less headquarters' [smallest unit]."""
        difference: IntArray = self.bottom.amount - self.top.amount
        return difference

    def by(self, *names: str) -> Reconciliation:
        """Roll all sides up to some axes; every subtotal is exact.

        Parameters
        ----------
        *names : str
            Axes to keep, as for `Cells.by`; none give the whole.

        Returns
        -------
        Reconciliation
            A place counts as promised when all of its cells are; findings stay with the cells.
        """
        top, bottom, compromise = (
            part.by(*names) for part in (self.top, self.bottom, self.compromise)
        )
        ones = self.top.with_amount(np.ones(len(self.top), dtype=np.int64))
        promised = ones.with_amount(self.promised.astype(np.int64)).by(*names)
        kept = promised.amount == ones.by(*names).amount
        return Reconciliation(top, bottom, compromise, kept, self.keep)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a cell.

        Returns
        -------
        dict of str to (n,) ndarray
            Labels; ``top``, ``bottom``, ``gap``, ``compromise`` int64 [smallest unit];
            ``promised`` bool.
        """
        columns = self.top.to_columns()
        top = columns.pop("amount")
        return {
            **columns,
            "top": top,
            "bottom": self.bottom.amount,
            "gap": self.gap,
            "compromise": self.compromise.amount,
            "promised": self.promised,
        }

    def facts(self) -> dict[str, Any]:
        """Give the totals, how the compromise was made, and the findings in plain words."""
        return {
            "top": self.top.total,
            "bottom": self.bottom.total,
            "gap": self.bottom.total - self.top.total,
            "compromise": self.compromise.total,
            "keep": self.keep,
            "findings": [
                {"code": each.code, "where": spelled(each.where), "text": each.text.en}
                for each in self.findings
            ],
            "unit": asdict(self.top.unit),
        }

    def formats(self) -> Formats:
        """Show amounts in their unit."""
        return dict.fromkeys(_AMOUNTS, self.top.unit.show)

    def summary(self, language: Language = "en") -> str:
        """Give the whole, the first rows and the findings as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr, a table, and a table of the first findings where there are any.
        """
        heads = {**_HEADS, **HEADS}
        formats: Formats = dict.fromkeys((*_AMOUNTS, "at_stake"), self.top.unit.show)
        told = finding_columns(self.findings, self.at_stake, language)
        shown = {name: told[name] for name in ("severity", "at_stake", "where", "text")}
        tables = [self.to_columns(), shown] if self.findings else [self.to_columns()]
        lines = [headed_table(each, heads, language, formats=formats) for each in tables]
        return "\n".join([repr(self), *lines])

    def __repr__(self) -> str:
        show = self.top.unit.show
        return (
            f"<Reconciliation of {show(self.top.total)} and {show(self.bottom.total)}: "
            f"{show(self.compromise.total)}, {len(self.findings)} findings>"
        )
