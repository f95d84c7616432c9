"""What an axis of a breakdown is: its labels, their order, and the axis they are nested in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

import numpy as np
from attrs import field, frozen

from salescore.core._values import Value, locked
from salescore.errors import LabelError, SalescoreError, ShapeError
from salescore.kernels import nearest
from salescore.typing import CodeArray, Label

__all__ = ["Axis", "parents_first"]


def _labels(labels: Iterable[Label]) -> tuple[Label, ...]:
    return tuple(labels)


def _codes(codes: object) -> CodeArray:
    return locked(np.asarray(codes, dtype=np.int64))


@frozen(eq=False, repr=False)
class Axis(Value):
    """One axis of a breakdown: region, product, salesperson, month.

    Parameters
    ----------
    name : str
        Column name; a Python identifier, so that it can be a keyword.
    labels : iterable of str, or of int
        Different labels in their order, which is the tie order; never mixed kinds.
    parent : Axis, optional
        The coarser axis this one is nested in, as the region of a city.
    parent_codes : (len(labels),) int64, optional
        Position of each label's parent in ``parent.labels``.

    Notes
    -----
    Two axes are equal when name, labels, order and parents are.

    Examples
    --------
    >>> Axis("region", ("East", "South"))
    <Axis region[2]>
    >>> Axis.nested("city", {"East": ["Shanghai", "Hangzhou"], "South": ["Shenzhen"]}, "region")
    <Axis city[3] in region[2]>
    """

    name: str
    labels: tuple[Label, ...] = field(converter=_labels)
    parent: Axis | None = None
    parent_codes: CodeArray = field(factory=lambda: np.empty(0, np.int64), converter=_codes)
    positions: Mapping[Label, int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        if not str.isidentifier(str(self.name)):
            what = "name of an axis"
            raise LabelError(what, expected="a Python identifier", got=repr(self.name))
        _check_kinds(self.name, self.labels)
        positions = {label: code for code, label in enumerate(self.labels)}
        if len(positions) != len(self.labels):
            twice = next(x for code, x in enumerate(self.labels) if positions[x] != code)
            raise LabelError(
                f"labels of axis {self.name!r}", expected="different labels", got=f"{twice!r} twice"
            )
        object.__setattr__(self, "positions", positions)
        self._check_parent()

    def _check_parent(self) -> None:
        what = f"parent codes of axis {self.name!r}"
        if self.parent is None:
            if self.parent_codes.size:
                size = self.parent_codes.size
                raise ShapeError(what, expected="none without a parent", got=size)
            return
        if self.name in {axis.name for axis in self.parent.lineage}:
            raise LabelError(
                f"parent of axis {self.name!r}", expected="another name", got=self.name
            )
        if self.parent_codes.shape != (len(self.labels),):
            got = f"shape {self.parent_codes.shape}"
            raise ShapeError(what, expected=f"one for each of {len(self.labels)} labels", got=got)
        known = len(self.parent.labels)
        if self.labels and not 0 <= self.parent_codes.min() <= self.parent_codes.max() < known:
            rule = f"positions from 0 to {known - 1}"
            raise LabelError(what, expected=rule, got=self.parent_codes)

    @classmethod
    def nested(cls, name: str, labels: Mapping[Any, Iterable[Label]], within: str | Axis) -> Self:
        """Make an axis whose labels are listed under the labels of its parent.

        Parameters
        ----------
        name : str
            Name of the finer axis.
        labels : mapping of label to iterable of label
            For each label of the parent, its own labels, in order.
        within : str or Axis
            Name of the parent axis, or the axis itself when it has a parent of its own.

        Returns
        -------
        Axis
            Labels in the order listed.

        Raises
        ------
        LabelError
            When a label stands under two parents, or a parent is not known.
        """
        parent = Axis(within, tuple(labels)) if isinstance(within, str) else within
        listed = [(child, above) for above, children in labels.items() for child in children]
        codes = [parent.position(above) for _, above in listed]
        return cls(name, (child for child, _ in listed), parent, np.array(codes, dtype=np.int64))

    @property
    def lineage(self) -> tuple[Axis, ...]:
        """The axis itself, then its parent, the parent's parent and so on."""
        above = self.parent.lineage if self.parent is not None else ()
        return (self, *above)

    def position(self, label: Label) -> int:
        """Find a label.

        Parameters
        ----------
        label : str or int
            One of the labels.

        Returns
        -------
        int
            Its position in the order of the axis.

        Raises
        ------
        LabelError
            For an unknown label; names close ones.
        """
        try:
            return self.positions[label]
        except (KeyError, TypeError):
            raise self.unknown(label) from None

    def unknown(self, label: object) -> LabelError:
        """Make the error for a label this axis does not have.

        Parameters
        ----------
        label : object
            What was asked for.

        Returns
        -------
        LabelError
            Says which labels are near, or which exist.
        """
        near = nearest(label, self.labels)
        rest = ", ..." if len(self.labels) > len(near) else ""
        expected = f"one of {', '.join(near)}{rest}" if near else "no label at all: it is empty"
        return LabelError("label", where=f"axis {self.name!r}", expected=expected, got=repr(label))

    def codes_in(self, ancestor: str) -> CodeArray:
        """Map each label to its place in an axis of the lineage.

        Parameters
        ----------
        ancestor : str
            Name of this axis or of one it is nested in.

        Returns
        -------
        (len(labels),) int64 array
            Positions in the labels of that axis.

        Raises
        ------
        LabelError
            When no axis of the lineage has that name.
        """
        codes = np.arange(len(self.labels))
        for axis in self.lineage:
            if axis.name == ancestor:
                return codes
            if axis.parent is not None:
                codes = axis.parent_codes[codes]
        names = [axis.name for axis in self.lineage]
        place = f"lineage of {self.name!r}"
        raise LabelError("axis", where=place, expected=f"{names}", got=ancestor)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Axis):
            return NotImplemented
        return (
            self.name == other.name
            and self.labels == other.labels
            and np.array_equal(self.parent_codes, other.parent_codes)
            and self.parent == other.parent
        )

    def __hash__(self) -> int:
        return hash((self.name, self.labels))

    def __len__(self) -> int:
        return len(self.labels)

    def __repr__(self) -> str:
        chain = " in ".join(f"{axis.name}[{len(axis.labels)}]" for axis in self.lineage)
        return f"<Axis {chain}>"


def parents_first(names: Sequence[str], nested: Mapping[str, str]) -> list[str]:
    """Order axes so that each comes after the one it is nested in.

    Parameters
    ----------
    names : sequence of str
        The axes.
    nested : mapping of str to str
        Which axis is nested in which.

    Returns
    -------
    list of str
        The same names; those of one depth keep their order.

    Raises
    ------
    LabelError
        For an axis in *nested* that is not among the names, or one inside itself.
    """
    for name in [*nested, *nested.values()]:
        if name not in names:
            raise LabelError("axis in 'nested'", expected=f"one of {names}", got=repr(name))

    def depth(name: str) -> int:
        steps = 0
        while name in nested:
            steps, name = steps + 1, nested[name]
            if steps > len(nested):
                rule = "no axis inside itself"
                raise LabelError("nested axes", expected=rule, got=dict(nested))
        return steps

    return sorted(names, key=depth)


def _check_kinds(name: str, labels: tuple[Label, ...]) -> None:
    kinds = set(map(type, labels))
    if kinds <= {str} or kinds <= {int}:
        return
    got = ", ".join(sorted(kind.__name__ for kind in kinds))
    raise SalescoreError(
        f"labels of axis {name!r}", expected="texts only or whole numbers only", got=got
    )
