"""How values that hold arrays stay frozen: through copies, pickles and the caller's own writes."""

from __future__ import annotations

from typing import Any, Self, TypeGuard

import attrs
import numpy as np

from salescore.typing import AnyArray

__all__ = ["Value", "freeze", "locked", "locked_if_any"]


def locked(array: AnyArray) -> AnyArray:
    """Give a read-only view that nobody else can write through.

    Parameters
    ----------
    array : ndarray
        Any array. It is copied unless its memory is already read-only to everyone.

    Returns
    -------
    ndarray
        Same shape, dtype and content; a view, so that it cannot be unlocked again.
    """
    owner: object = array
    while _is_array(owner) and not owner.flags.writeable:
        if owner.base is None:
            return array[...]
        owner = owner.base
    private = np.array(array, order="C")
    private.flags.writeable = False
    return private[...]


def locked_if_any(array: AnyArray | None) -> AnyArray | None:
    """Lock an array that may be absent."""
    return None if array is None else locked(array)


def freeze(array: AnyArray) -> AnyArray:
    """Lock a fresh array of our own without copying it."""
    array.flags.writeable = False
    return array[...]


class Value:
    """Base of frozen classes that hold arrays.

    Copies are the value itself; a pickle goes through the constructor, which checks the
    fields and locks the arrays again (plain pickling would bring them back writable).
    """

    __slots__ = ()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), _state(self)))

    def same_as(self, other: object) -> bool:
        """Tell whether another value has the same type and the same content, bit for bit.

        Parameters
        ----------
        other : object
            Anything.

        Returns
        -------
        bool
            NaN equals NaN, and NaT NaT, in the same place; an int64 1 is not a float64 1.0.
        """
        if type(self) is not type(other):
            return False
        mine, theirs = _state(self), _state(other)
        return all(_same(mine[name], theirs[name]) for name in mine)


def _state(value: object) -> dict[str, Any]:
    names = [a.name for a in attrs.fields(type(value)) if a.init]  # type: ignore[arg-type]  # every Value subclass is an attrs class
    return {name: getattr(value, name) for name in names}


def _rebuild(kind: type[Value], state: dict[str, Any]) -> Value:
    return kind(**state)


def _same(a: object, b: object) -> bool:
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if _is_array(a) and _is_array(b):
        return a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind in "fM")
    if _is_tuple(a) and _is_tuple(b):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, Value):
        return a.same_as(b)
    return a == b


def _is_array(value: object) -> TypeGuard[AnyArray]:
    return isinstance(value, np.ndarray)


def _is_tuple(value: object) -> TypeGuard[tuple[object, ...]]:
    return isinstance(value, tuple)
