"""Values that hold arrays stay frozen, whatever happens to them."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from attrs import field, frozen

from salescore.core import Text, Value, freeze, locked
from salescore.typing import AnyArray


@frozen(eq=False)
class Holder(Value):
    """Anything with arrays in it."""

    array: AnyArray = field(converter=locked)
    rest: tuple[object, ...] = ()


def test_the_callers_array_is_never_aliased() -> None:
    """Writing to the caller's array afterwards does not change the value."""
    mine = np.arange(3)
    holder = Holder(mine)
    read_only = mine[...]
    read_only.flags.writeable = False
    seen_through_a_view = Holder(read_only)

    mine[0] = 9

    assert holder.array.tolist() == seen_through_a_view.array.tolist() == [0, 1, 2]


def test_locked_memory_is_shared_not_copied() -> None:
    """An array of our own that is locked already costs no copy."""
    array = freeze(np.arange(3))

    assert np.shares_memory(Holder(array).array, array)


@pytest.mark.parametrize("protocol", [2, 5])
def test_arrays_stay_locked_through_copies_and_pickles(protocol: int) -> None:
    """A value that crossed a process border can still not be written to."""
    holder = Holder(np.arange(3), (Text("a"), 1))

    for again in (
        pickle.loads(pickle.dumps(holder, protocol)),
        copy.copy(holder),
        copy.deepcopy(holder),
    ):
        assert again.same_as(holder)
        with pytest.raises(ValueError, match="read-only"):
            again.array[0] = 1
        with pytest.raises(ValueError, match="WRITEABLE"):
            again.array.flags.writeable = True


def test_memory_that_is_not_an_arrays_is_copied() -> None:
    """A buffer that somebody else owns is not trusted to stay as it is."""
    buffer = bytearray(np.arange(3).tobytes())
    holder = Holder(np.frombuffer(buffer, dtype=np.int64))

    buffer[0] = 9

    assert holder.array.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Holder(np.arange(2)), Holder(np.arange(3))),  # other content
        (Holder(np.arange(2)), Holder(np.arange(2.0))),  # other type of number
        (Holder(np.arange(2)), np.arange(2)),  # not a value
        (Holder(np.arange(2), (1,)), Holder(np.arange(2), (1, 2))),  # longer tuple
        (Holder(np.arange(2), (1,)), Holder(np.arange(2), (True,))),  # other type
        (Holder(np.arange(2), (Holder(np.arange(2)),)), Holder(np.arange(2), (3,))),
    ],
)
def test_same_as_tells_differences(one: Holder, other: object) -> None:
    """Content of another type, length or value is not the same."""
    assert not one.same_as(other)


def test_same_as_compares_deeply_and_bit_for_bit() -> None:
    """NaN equals NaN in the same place, and values inside values count."""
    inner = Holder(np.array([1.0, np.nan]))
    again = Holder(np.array([1.0, np.nan]))

    assert inner.same_as(again)
    assert Holder(np.array(["a"]), (inner,)).same_as(Holder(np.array(["a"]), (again,)))
