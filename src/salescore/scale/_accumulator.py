"""What runs anywhere: the four verbs that every engine knows under its own names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

__all__ = ["Accumulator"]

Chunk_contra = TypeVar("Chunk_contra", contravariant=True)
State = TypeVar("State")
Answer_co = TypeVar("Answer_co", covariant=True)


class Accumulator(Protocol[Chunk_contra, State, Answer_co]):
    """A question about all rows that is answered from parts of them.

    The verbs are those of Beam's CombineFn and Spark's Aggregator. An accumulator and its
    states are frozen and picklable, so that any engine, or a loop over files, can hold them.

    Notes
    -----
    Laws, checked by `salescore.testing.check_accumulator`: ``zero()`` is the two-sided
    identity of ``merge``; ``merge`` is associative, commutative and writes to neither side;
    ``fold`` over any split of the chunks, merged in any order, gives the same bits.
    """

    def zero(self) -> State:
        """Give the state of no rows."""
        ...

    def fold(self, chunks: Iterable[Chunk_contra]) -> State:
        """Give the state of some chunks of rows."""
        ...

    def merge(self, a: State, b: State) -> State:
        """Give the state of both parts together."""
        ...

    def finish(self, state: State) -> Answer_co:
        """Give the answer, or the cut-offs that a row-wise verb then applies."""
        ...
