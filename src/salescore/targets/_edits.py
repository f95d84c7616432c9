"""What can be done to a plan: set a total, move an amount, lock, release, keep promises."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal, TypeAlias

from attrs import field, frozen

from salescore.core import Cells, Text, Unit, Value, one_of, whole
from salescore.errors import SalescoreError
from salescore.targets._places import Place, Where, placed, spell
from salescore.typing import Label

__all__ = [
    "Edit",
    "Lock",
    "Promise",
    "Release",
    "SetTotal",
    "Transfer",
]


def _place_if_any(where: Where | Iterable[tuple[str, Collection[Label]]] | None) -> Place | None:
    return None if where is None else placed(where)


def _amount(amount: int) -> int:
    return whole(amount, "amount of an edit")


def _spell_zh(place: Place) -> str:
    return spell(place) if place else "全部"


@frozen
class SetTotal:
    """Set what a place adds up to; its free cells follow in proportion.

    Parameters
    ----------
    where : mapping of axis to label or labels
        The place, at any level; ``{}`` is the whole plan. Kept in ascending order.
    amount : int
        What its cells are to add up to [smallest unit].
    within : mapping of axis to label or labels, optional
        A place around it whose total is to stay: its other free cells give or take the
        difference, in proportion. ``{}`` keeps the total of the whole plan. By default all
        totals above the place follow.

    Examples
    --------
    >>> SetTotal({"region": "East"}, 500)
    SetTotal(where=(('region', ('East',)),), amount=500, within=None)
    """

    where: Place = field(converter=placed)
    amount: int = field(converter=_amount)
    within: Place | None = field(default=None, converter=_place_if_any, kw_only=True)

    def text(self, unit: Unit) -> Text:
        """Tell what is done.

        Parameters
        ----------
        unit : Unit
            What amounts are counted in.

        Returns
        -------
        Text
            One line.
        """
        amount = unit.show(self.amount)
        en, zh = f"set {spell(self.where)} to {amount}", f"将{_spell_zh(self.where)}设为 {amount}"
        if self.within is not None:
            en += f", total of {spell(self.within)} kept"
            zh += f"，{_spell_zh(self.within)}合计不变"
        return Text(en, zh)


@frozen
class Transfer:
    """Move an amount from one place to another.

    Parameters
    ----------
    source, target : mapping of axis to label or labels
        Two places that have no cell in common. The free cells of the first give, those of the
        second take, each in proportion; no other cell changes.
    amount : int
        How much is moved, >= 0 [smallest unit].

    Raises
    ------
    SalescoreError
        For an amount below 0.

    Examples
    --------
    >>> Transfer({"rep": "Li"}, {"rep": "Wu"}, 100).amount
    100
    """

    source: Place = field(converter=placed)
    target: Place = field(converter=placed)
    amount: int = field(converter=_amount)

    def __attrs_post_init__(self) -> None:
        whole(self.amount, "amount of a transfer", least=0)

    def text(self, unit: Unit) -> Text:
        """Tell what is done; see `SetTotal.text`.

        Parameters
        ----------
        unit : Unit
            What amounts are counted in.

        Returns
        -------
        Text
            One line.
        """
        amount = unit.show(self.amount)
        return Text(
            f"move {amount} from {spell(self.source)} to {spell(self.target)}",
            f"从{_spell_zh(self.source)}调出 {amount} 至{_spell_zh(self.target)}",
        )


@frozen
class Lock:
    """Keep a place as it is under every later edit, until it is released.

    Parameters
    ----------
    where : mapping of axis to label or labels
        The place.
    keep : {"cells", "total"}, default "cells"
        Whether each cell stays, or only what the cells add up to.

    Examples
    --------
    >>> Lock({"month": "2026-01"}).keep
    'cells'
    """

    where: Place = field(converter=placed)
    keep: Literal["cells", "total"] = "cells"

    def __attrs_post_init__(self) -> None:
        one_of(self.keep, "what a lock keeps", ("cells", "total"))

    def text(self, unit: Unit) -> Text:  # noqa: ARG002  # all edits are told alike
        """Tell what is done; see `SetTotal.text`.

        Parameters
        ----------
        unit : Unit
            What amounts are counted in.

        Returns
        -------
        Text
            One line.
        """
        en, zh = ("cells", "各单元格") if self.keep == "cells" else ("total", "合计")
        return Text(f"lock the {en} of {spell(self.where)}", f"锁定{_spell_zh(self.where)}的{zh}")


@frozen
class Release:
    """Give up the locks on a place and on all places inside it.

    Parameters
    ----------
    where : mapping of axis to label or labels
        The place; ``{}`` releases everything, the margins of the plan with it.

    Examples
    --------
    >>> Release({"month": "2026-01"})
    Release(where=(('month', ('2026-01',)),))
    """

    where: Place = field(converter=placed)

    def text(self, unit: Unit) -> Text:  # noqa: ARG002  # all edits are told alike
        """Tell what is done; see `SetTotal.text`.

        Parameters
        ----------
        unit : Unit
            What amounts are counted in.

        Returns
        -------
        Text
            One line.
        """
        return Text(f"release {spell(self.where)}", f"解除{_spell_zh(self.where)}的锁定")


@frozen(eq=False)
class Promise(Value):
    """Keep the amounts that people promised, and spread the rest of the total anew.

    Parameters
    ----------
    cells : Cells
        What was promised, by any axes of the plan, as one amount a salesperson. All are set at
        once, so that their order does not matter, and their totals are locked. What else there
        is gives or takes the difference, in proportion.

    Examples
    --------
    >>> Promise(Cells.from_columns({"rep": ["Li", "Wu"]}, [500, 300])).cells.total
    800
    """

    cells: Cells

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.cells, Cells):
            raise SalescoreError("promise", expected="Cells", got=type(self.cells).__name__)
        if not len(self.cells):
            raise SalescoreError("promise", expected="at least one amount", got=self.cells)

    def text(self, unit: Unit) -> Text:
        """Tell what is done; see `SetTotal.text`.

        Parameters
        ----------
        unit : Unit
            What amounts are counted in.

        Returns
        -------
        Text
            One line.
        """
        count, amount = len(self.cells), unit.show(self.cells.total)
        names = ", ".join(axis.name for axis in self.cells.axes)
        return Text(
            f"keep {count} promised amounts by {names}, {amount} together",
            f"保留按 {names} 承诺的 {count} 项，共 {amount}，其余重新分摊",
        )


Edit: TypeAlias = SetTotal | Transfer | Lock | Release | Promise
"""One edit of a plan."""
