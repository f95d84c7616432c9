"""Which laws every value, answer and accumulator keeps, as checks for an embedder's own tests."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterable, Sequence
from itertools import permutations
from typing import Any, TypeGuard
from xml.etree import ElementTree

import attrs
import numpy as np

from salescore.core import Cells, Result, Value
from salescore.scale import Accumulator
from salescore.typing import AnyArray

__all__ = ["LawError", "check_accumulator", "check_cells", "check_result", "check_value", "holds"]


class LawError(AssertionError):
    """A law is broken; the message names it and shows the counterexample."""


def holds(law: str, kept: object, shown: object) -> None:
    """Raise unless a law is kept.

    Parameters
    ----------
    law : str
        The law in words.
    kept : bool
        Whether it is kept.
    shown : object
        What to show when it is not.

    Raises
    ------
    LawError
        When *kept* is false.
    """
    if not kept:
        message = f"{law}: broken by {shown!r}"
        raise LawError(message)


def same(one: object, other: object) -> bool:
    """Tell whether two values are equal, bit for bit where they hold arrays."""
    if isinstance(one, Value):
        return one.same_as(other)
    if _is_array(one) and _is_array(other):
        return one.dtype == other.dtype and one.tobytes() == other.tobytes()
    return bool(one == other)


def _is_tuple(value: object) -> TypeGuard[tuple[object, ...]]:
    return isinstance(value, tuple)


def _is_array(value: object) -> TypeGuard[AnyArray]:
    return isinstance(value, np.ndarray)


def check_value(value: object) -> None:
    """Check that a value is frozen and comes through a pickle as it was.

    Parameters
    ----------
    value : object
        Any public value of the library.

    Raises
    ------
    LawError
        When a field can be set, an array can be written to, or a pickle differs.
    """
    again = pickle.loads(pickle.dumps(value))  # noqa: S301  # our own bytes
    holds("a pickle gives the same value", same(again, value), value)
    for copy in (value, again):
        for field in attrs.fields(type(copy)):  # type: ignore[arg-type]  # every value is an attrs class
            _check_locked(getattr(copy, field.name), field.name)
            try:
                setattr(copy, field.name, None)
            except attrs.exceptions.FrozenInstanceError:
                continue
            raise LawError(f"a value is frozen: {field.name} of {value!r} can be set")


def _check_locked(part: Any, name: str) -> None:
    if _is_array(part):
        holds("arrays of a value are read-only", not part.flags.writeable, name)
    elif _is_tuple(part):
        for item in part:
            _check_locked(item, name)


def check_result(result: Result) -> None:
    """Check that an answer can be read in every form.

    Parameters
    ----------
    result : Result
        Any answer.

    Raises
    ------
    LawError
        When its repr has more than a line, its columns differ in length, its dictionary is
        no JSON, or its page is not well-formed.
    """
    check_value(result)
    holds("a repr is one line", "\n" not in repr(result), repr(result))
    columns = result.to_columns()
    lengths = {name: len(column) for name, column in columns.items()}
    holds("columns are equally long", len(set(lengths.values())) <= 1, lengths)
    holds("a dictionary is JSON", json.loads(json.dumps(result.to_dict())), result)
    page: str = getattr(result, "_repr_html_")()  # noqa: B009  # the notebook protocol
    well_formed = ElementTree.fromstring(page) is not None  # noqa: S314  # our own page
    holds("a page is well-formed", well_formed, page)
    holds("a summary says something", result.summary(), result)


def check_cells(cells: Cells) -> None:
    """Check that every subtotal of some cells adds up, and that their rows make them again.

    Parameters
    ----------
    cells : Cells
        Any cells.

    Raises
    ------
    LawError
        When a roll-up by an axis or its parents changes the total, a place does not equal
        its cells, or rows in another order make other cells.
    """
    check_result(cells)
    holds("the total is the sum of the cells", cells.total == sum(cells.amount.tolist()), cells)
    for axis in cells.axes:
        for above in axis.lineage:
            rolled = cells.by(above.name)
            holds("a roll-up keeps the total", rolled.total == cells.total, above)
            for label in above.labels:
                place = {above.name: label}
                kept = cells.only(**place).total == cells.at(**place) == rolled.at(**place)
                holds("a place holds what its cells hold", kept, place)
    backwards = Cells.from_codes(
        cells.axes, [codes[::-1] for codes in cells.codes], cells.amount[::-1], unit=cells.unit
    )
    holds("rows in any order make the same cells", same(backwards, cells), cells)


def check_accumulator(accumulator: Accumulator[Any, Any, Any], chunks: Sequence[Any]) -> None:
    """Check that an accumulator gives the same bits for any partition of its chunks.

    Parameters
    ----------
    accumulator : Accumulator
        What is to be run on parts.
    chunks : sequence
        A few chunks of data, none too large: all orders of up to four are tried.

    Raises
    ------
    LawError
        When zero is no identity, merging is not associative or commutative, a state is
        written to by a merge, a state does not pickle, or the answer depends on the split.
    """
    check = accumulator
    again = pickle.loads(pickle.dumps(check))  # noqa: S301  # our own bytes
    states = [check.fold([chunk]) for chunk in chunks]
    before = pickle.dumps(states)
    whole = check.fold(chunks)
    for state in [*states, whole]:
        zero = check.zero()
        holds("zero is a left identity", same(check.merge(zero, state), state), state)
        holds("zero is a right identity", same(check.merge(state, zero), state), state)
        carried = pickle.loads(pickle.dumps(state))  # noqa: S301  # our own bytes
        holds("a state comes through a pickle", same(carried, state), state)
    for order in permutations(states[:4]):
        _check_orders(check, [*order, *states[4:]], whole)
    holds("a merge writes to no state", pickle.dumps(states) == before, states)
    holds("a pickled accumulator does the same", same(again.fold(chunks), whole), again)


def _check_orders(check: Accumulator[Any, Any, Any], states: Sequence[Any], whole: Any) -> None:
    left = _merged(check, states)
    right = check.zero()
    for state in reversed(states):
        right = check.merge(state, right)
    holds("merging is associative and commutative", same(left, whole), left)
    holds("merging is associative and commutative", same(right, whole), right)
    holds("finish depends on the state alone", _same_answer(check, left, whole), left)


def _merged(check: Accumulator[Any, Any, Any], states: Iterable[Any]) -> Any:
    merged = check.zero()
    for state in states:
        merged = check.merge(merged, state)
    return merged


def _same_answer(check: Accumulator[Any, Any, Any], one: Any, other: Any) -> bool:
    return same(check.finish(one), check.finish(other))
