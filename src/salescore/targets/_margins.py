"""What else a plan must meet: totals that are fixed, floors, caps and locks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self, TypeAlias

from attrs import field, frozen

from salescore.core import Cells, Value, whole
from salescore.errors import LabelError, SalescoreError
from salescore.typing import Label

__all__ = ["Bound", "Limits", "Margin"]


def _axes(axes: str | Iterable[str]) -> tuple[str, ...]:
    return (axes,) if isinstance(axes, str) else tuple(axes)


def _amounts(amounts: Any) -> tuple[tuple[tuple[Label, ...], int], ...]:
    pairs = amounts.items() if hasattr(amounts, "items") else amounts
    return tuple(
        (_place(place), whole(amount, "amount of a margin", least=0)) for place, amount in pairs
    )


def _place(place: Any) -> tuple[Label, ...]:
    return (place,) if isinstance(place, str | int) else tuple(place)


@frozen
class Margin:
    """Amounts that places on some axes must add up to.

    Parameters
    ----------
    axes : str or iterable of str
        One axis, or several whose labels name a place together; an axis of the cells or one
        it is nested in.
    amounts : mapping of label, or of tuple of labels, to int
        The amount of each place, >= 0 [smallest unit]. Places that are not named share what
        is left.

    Raises
    ------
    LabelError
        For no axes, an axis or a place named twice, and a place with another number of labels
        than there are axes.
    SalescoreError
        For an amount that is no whole number >= 0.

    Notes
    -----
    A margin compares by value and is plain data: ``Margin(**attrs.asdict(margin))`` gives it
    back from JSON.

    Examples
    --------
    >>> Margin("region", {"East": 5_000_00})
    Margin(axes=('region',), amounts=((('East',), 500000),))
    >>> Margin(("region", "month"), {("East", "2026-01"): 40, ("South", "2026-01"): 30}).total
    70
    """

    axes: tuple[str, ...] = field(converter=_axes)
    amounts: tuple[tuple[tuple[Label, ...], int], ...] = field(converter=_amounts)

    def __attrs_post_init__(self) -> None:
        if not self.axes or len(set(self.axes)) != len(self.axes):
            rule = "at least one, each once"
            raise LabelError("axes of a margin", expected=rule, got=list(self.axes))
        seen: set[tuple[Label, ...]] = set()
        for place, _ in self.amounts:
            if len(place) != len(self.axes):
                rule = f"one label for each of {list(self.axes)}"
                raise LabelError("place of a margin", expected=rule, got=place)
            if place in seen:
                raise LabelError("place of a margin", expected="each once", got=f"{place} twice")
            seen.add(place)

    @classmethod
    def of(cls, cells: Cells) -> Self:
        """Make the margin that holds cells where they are.

        Parameters
        ----------
        cells : Cells
            Amounts >= 0, as of ``plan.by("region")``.

        Returns
        -------
        Margin
            One place for each cell.
        """
        columns = [column.tolist() for column in cells.to_columns().values()]
        names = [axis.name for axis in cells.axes]
        finest = dict(zip(cells.to_columns(), columns, strict=True))
        places = zip(*(finest[name] for name in names), strict=True)
        return cls(names, zip(places, columns[-1], strict=True))

    @property
    def total(self) -> int:
        """Sum over the places named [smallest unit]."""
        return sum(amount for _, amount in self.amounts)


Bound: TypeAlias = int | Margin | Cells
"""One amount for every cell, or amounts by place: of single cells or of groups of them."""


def _bounds(bounds: Any) -> tuple[Bound, ...]:
    listed = (bounds,) if isinstance(bounds, int | Margin | Cells) else tuple(bounds)
    return tuple(_bound(bound) for bound in listed)


def _bound(bound: Any) -> Bound:
    if isinstance(bound, Margin):
        return bound
    if isinstance(bound, Cells):
        if len(bound) and bound.amount.min() < 0:
            got = bound.unit.show(int(bound.amount.min()))
            raise SalescoreError("limit", expected="amounts >= 0", got=got)
        return bound
    return whole(bound, "limit", least=0)


@frozen
class Limits(Value):
    """Between which amounts cells, or groups of cells, must lie.

    Parameters
    ----------
    floor : int, Margin, Cells, or an iterable of them, default none
        Least amounts: one number for every cell, or by place. A place may be a single cell or
        a whole region; what is not named has no floor but 0.
    cap : int, Margin, Cells, or an iterable of them, default none
        Greatest amounts, in the same ways.
    lock : Margin, Cells, or an iterable of them, default none
        Amounts that are fixed, in the same ways.

    Raises
    ------
    SalescoreError
        For an amount that is no whole number >= 0.

    Notes
    -----
    Cells that no limit holds keep their mutual proportions. `Limits` of whole numbers and
    margins compare by value; `Cells` in them compare by identity, as cells do.

    Examples
    --------
    >>> limits = Limits(floor=1_000_00, cap=Margin("region", {"East": 90_000_00}))
    >>> limits.floor
    (100000,)
    """

    floor: tuple[Bound, ...] = field(default=(), converter=_bounds)
    cap: tuple[Bound, ...] = field(default=(), converter=_bounds)
    lock: tuple[Bound, ...] = field(default=(), converter=_bounds)

    def __bool__(self) -> bool:
        """Whether there is any limit."""
        return bool(self.floor or self.cap or self.lock)
