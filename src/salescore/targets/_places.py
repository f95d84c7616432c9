"""Which cells lie at a place of a plan, and how the place is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeAlias

import numpy as np

from salescore.core import Cells
from salescore.errors import LabelError
from salescore.typing import BoolArray, Label

__all__ = ["Place", "Where", "inside", "placed", "spell"]

Where: TypeAlias = Mapping[str, Label | Collection[Label]]
"""A place of a plan: for each axis named, the label or labels that lie in it."""

Place: TypeAlias = tuple[tuple[str, tuple[Label, ...]], ...]
"""A place as it is kept: axes and labels in ascending order, each once."""


def placed(where: Where | Iterable[tuple[str, Collection[Label]]]) -> Place:
    """Keep a place in its one spelling."""
    try:
        named = dict(where)
    except (TypeError, ValueError) as error:
        rule = "a mapping of axis to label or labels"
        raise LabelError("place", expected=rule, got=repr(where)) from error
    return tuple((name, _labels(name, named[name])) for name in sorted(named))


def _labels(name: str, wanted: Label | Collection[Label]) -> tuple[Label, ...]:
    single = isinstance(wanted, str | int | np.integer)
    labels: Any = {wanted} if single else set(wanted)  # type: ignore[arg-type]  # told apart above
    if not labels:
        raise LabelError(f"labels of {name!r} in a place", expected="at least one", got="none")
    plain = [label if isinstance(label, str) else int(label) for label in labels]
    return tuple(sorted(plain, key=lambda label: (isinstance(label, str), label)))


def spell(place: Place) -> str:
    """Name a place as people read it."""
    parts = (f"{name}={' + '.join(map(str, labels))}" for name, labels in place)
    return ", ".join(parts) or "the whole plan"


def inside(cells: Cells, place: Place) -> BoolArray:
    """Find the cells of a place."""
    known = {above.name: above for axis in cells.axes for above in axis.lineage}
    found = np.ones(len(cells), dtype=np.bool_)
    for name, labels in place:
        codes = cells.codes_on(name)
        chosen = np.zeros(len(known[name]), dtype=np.bool_)
        chosen[[known[name].position(label) for label in labels]] = True
        found &= chosen[codes]
    return found
