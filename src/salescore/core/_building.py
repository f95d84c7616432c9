"""How rows of labels become cells in canonical order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from salescore.core._axis import Axis, parents_first
from salescore.errors import DuplicateCellError, LabelError, SalescoreError, ShapeError
from salescore.kernels import encode, factorize, first_duplicate, group, keys
from salescore.typing import CodeArray, Column, IntArray

__all__ = [
    "ancestors_as_parents",
    "check_codes",
    "coded",
    "grouped",
    "lineage_codes",
    "merged_axes",
    "recoded",
]


def coded(
    columns: Mapping[str, Column], axes: Iterable[Axis]
) -> tuple[list[Axis], list[CodeArray]]:
    """Code each label column: against its given axis, or in ascending order of its labels."""
    given = {axis.name: axis for axis in axes}
    ancestors = {above.name for axis in given.values() for above in axis.lineage}
    unused = sorted(set(given) - set(columns))
    if unused:
        what = "axes"
        raise LabelError(what, expected=f"names among the columns {list(columns)}", got=unused)
    found: list[Axis] = []
    codes: list[CodeArray] = []
    for name, column in columns.items():
        if name in given:
            axis = given[name]
            codes.append(encode(column, axis.labels))
        else:
            column_codes, labels = factorize(column)
            axis = Axis(name, labels)
            codes.append(column_codes)
        found.append(axis)
    return _without_given_parents(found, codes, ancestors - set(given))


def _without_given_parents(
    axes: list[Axis], codes: list[CodeArray], parents: set[str]
) -> tuple[list[Axis], list[CodeArray]]:
    by_name = {axis.name: (axis, column) for axis, column in zip(axes, codes, strict=True)}
    for axis, column in zip(axes, codes, strict=True):
        for above in axis.lineage[1:]:
            if above.name not in by_name:
                continue
            other, rows = by_name[above.name]
            expected = axis.codes_in(above.name)[column]
            stated = recoded(other, above, rows)
            _refuse_two_parents(axis, column, above, expected, stated)
    kept = [i for i, axis in enumerate(axes) if axis.name not in parents]
    return [axes[i] for i in kept], [codes[i] for i in kept]


def ancestors_as_parents(
    axes: list[Axis], codes: list[CodeArray], nested: Mapping[str, str]
) -> tuple[list[Axis], list[CodeArray]]:
    """Turn parent columns into parents of the axes that are nested in them."""
    table = {axis.name: (axis, column) for axis, column in zip(axes, codes, strict=True)}
    for name in parents_first(list(table), nested):
        if name in nested:
            table[name] = _nest(*table[name], *table[nested[name]])
    kept = [table[axis.name] for axis in axes if axis.name not in nested.values()]
    return [axis for axis, _ in kept], [column for _, column in kept]


def _nest(
    axis: Axis, codes: CodeArray, parent: Axis, parent_codes: CodeArray
) -> tuple[Axis, CodeArray]:
    if axis.parent is not None:
        what = f"axis {axis.name!r}"
        raise LabelError(what, expected=f"no parent besides {parent.name!r}", got=repr(axis))
    above = np.full(len(axis), -1, dtype=np.int64)
    above[codes] = parent_codes
    _refuse_two_parents(axis, codes, parent, above[codes], parent_codes)
    order = np.argsort(above, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    places: list[int] = order.tolist()
    labels = [axis.labels[place] for place in places]
    return Axis(axis.name, labels, parent, above[order]), rank[codes]


def _refuse_two_parents(
    axis: Axis, codes: CodeArray, parent: Axis, expected: CodeArray, got: CodeArray
) -> None:
    differs = expected != got
    if not differs.any():
        return
    row = int(differs.argmax())
    label = axis.labels[int(codes[row])]
    raise LabelError(
        f"{axis.name} {label!r}",
        where=f"row {row}",
        expected=f"one {parent.name}, {parent.labels[int(expected[row])]!r} as elsewhere",
        got=repr(parent.labels[int(got[row])]),
    )


def grouped(
    axes: Sequence[Axis], codes: Sequence[CodeArray], amount: IntArray, *, add: bool
) -> tuple[tuple[CodeArray, ...], IntArray]:
    """Bring coded rows into canonical order, adding those that name the same cell if allowed."""
    check_ranges(axes, codes, amount)
    sizes = tuple(map(len, axes))
    if not add:
        twice = first_duplicate(keys(codes, sizes, len(amount)))
        if twice is not None:
            raise _duplicate(axes, codes, twice)
    return group(codes, sizes, amount)


def _duplicate(
    axes: Sequence[Axis], codes: Sequence[CodeArray], rows: tuple[int, int]
) -> DuplicateCellError:
    place = ", ".join(
        f"{axis.name}={axis.labels[int(column[rows[0]])]!r}"
        for axis, column in zip(axes, codes, strict=True)
    )
    return DuplicateCellError(
        f"cell ({place})",
        expected="one row (duplicates='sum' adds rows of the same cell)",
        got=f"rows {rows[0]} and {rows[1]}",
    )


def check_ranges(axes: Sequence[Axis], codes: Sequence[CodeArray], amount: IntArray) -> None:
    """Check that there is one code column an axis, each as long as the amounts and in range."""
    if len(axes) != len(codes):
        what = "code columns"
        raise ShapeError(what, expected=f"one for each of {len(axes)} axes", got=len(codes))
    for axis, column in zip(axes, codes, strict=True):
        if column.shape != amount.shape:
            what = f"codes of axis {axis.name!r}"
            raise ShapeError(what, expected=f"{amount.size} rows", got=column.size)
        if column.size and not (column.min() >= 0 and column.max() < len(axis)):
            row = int(((column < 0) | (column >= len(axis))).argmax())
            raise LabelError(
                f"code of axis {axis.name!r}",
                where=f"row {row}",
                expected=f"a position from 0 to {len(axis) - 1}",
                got=int(column[row]),
            )


def check_codes(axes: Sequence[Axis], codes: Sequence[CodeArray], amount: IntArray) -> None:
    """Check that cells stand in canonical order, each once."""
    check_ranges(axes, codes, amount)
    cell_keys = keys(codes, tuple(map(len, axes)), len(amount))
    falls = cell_keys[1:] <= cell_keys[:-1]
    if falls.any():
        row = int(falls.argmax()) + 1
        what = "codes of cells"
        rule = "ascending order, each cell once (Cells.from_codes sorts and adds)"
        raise SalescoreError(what, where=f"cell {row}", expected=rule, got="a cell out of order")


def lineage_codes(axis: Axis, codes: CodeArray, name: str) -> CodeArray:
    """Give the codes of cells on an axis of the lineage; the axis itself costs nothing."""
    return codes if name == axis.name else axis.codes_in(name)[codes]


def merged_axes(a: Sequence[Axis], b: Sequence[Axis]) -> tuple[Axis, ...]:
    """Merge the axes of two cells; labels that differ are united in ascending order."""
    names, others = [axis.name for axis in a], [axis.name for axis in b]
    if names != others:
        what = "axes of the cells to add"
        raise LabelError(what, expected=f"{names} (see Cells.by)", got=others)
    return tuple(_merged(one, two) for one, two in zip(a, b, strict=True))


def _merged(a: Axis, b: Axis) -> Axis:
    if a == b:
        return a
    if (a.parent is None) != (b.parent is None):
        what = f"axis {a.name!r} of the cells to add"
        raise LabelError(what, expected=repr(a), got=repr(b))
    if a.parent is None or b.parent is None:
        return Axis(a.name, sorted({*a.labels, *b.labels}, key=_sort_key))
    (parent,) = merged_axes((a.parent,), (b.parent,))
    above: dict[str | int, int] = {}
    for axis in (a, b):
        places: list[int] = recoded(axis.parent or parent, parent, axis.parent_codes).tolist()
        for label, code in zip(axis.labels, places, strict=True):
            if above.setdefault(label, code) != code:
                what = f"{a.name} {label!r}"
                two = (parent.labels[above[label]], parent.labels[code])
                raise LabelError(what, expected=f"one {parent.name}", got=two)
    labels = sorted(above, key=lambda label: (above[label], _sort_key(label)))
    return Axis(a.name, labels, parent, np.array([above[x] for x in labels], dtype=np.int64))


def _sort_key(label: str | int) -> tuple[bool, str | int]:
    # Mixed kinds sort, so that the axis itself can refuse them in its own words.
    return (isinstance(label, str), label)


def recoded(axis: Axis, target: Axis, codes: CodeArray) -> CodeArray:
    """Give codes of one axis as codes of another that has all of its labels."""
    if axis is target or axis.labels == target.labels:
        return codes
    places = np.array([target.position(label) for label in axis.labels], dtype=np.int64)
    return places[codes] if places.size else codes
