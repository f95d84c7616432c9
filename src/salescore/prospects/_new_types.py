"""Which types of customer are new among the wins, and absent from the directory?"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Formats,
    Result,
    Text,
    equal_lengths,
    headed_table,
    inner_share,
    listed,
    locked,
    objects,
)
from salescore.errors import LabelError
from salescore.kernels import draw_chance, encode, factorize
from salescore.prospects._funnels import labels_of, percent
from salescore.typing import (
    AnyArray,
    Column,
    FloatArray,
    IntArray,
    Label,
    Language,
    Share,
    StatusArray,
)

__all__ = ["Found", "NewTypes", "SegmentRows", "TypesFold", "new_types"]


class SegmentRows(NamedTuple):
    """Some wins and some of the directory, by segment."""

    wins: Column
    """(w,) segment of each customer won of late."""

    directory: Column
    """(d,) segment of each prospect in the directory."""


class Found(IntEnum):
    """How the wins of a segment stand to the directory.

    Examples
    --------
    >>> Found.NEW.text.to("zh")
    '新类型：名录中没有'
    """

    IN_LINE = 0
    NEW = 1
    UNDER = 2
    NOT_WON = 3

    @property
    def text(self) -> Text:
        """What it is called."""
        return _TEXTS[self]


_TEXTS = {
    Found.IN_LINE: Text("in line with the directory", "与名录一致"),
    Found.NEW: Text("new: absent from the directory", "新类型：名录中没有"),
    Found.UNDER: Text("too few in the directory", "名录中偏少"),
    Found.NOT_WON: Text("none won", "尚无成交"),
}
_HEADS = {
    "segment": Text("segment", "客户类型"),
    "wins": Text("wins", "成交"),
    "directory": Text("in the directory", "名录中"),
    "chance": Text("by chance", "偶然概率"),
    "found": Text("verdict", "判断"),
}


@frozen(eq=False, repr=False)
class NewTypes(Result):
    """How wins and directory compare by segment; made by `new_types`.

    Parameters
    ----------
    segments : tuple of str or int
        The s segments that either names.
    wins, directory : (s,) int64
        How many of each are won, and listed.
    chance : (s,) float64
        Chance of as many wins in the segment, or more, if wins were a draw from both together
        [share 0-1].
    found : (s,) uint8
        `Found` of each.
    alpha : str
        The chance from which on too few are said to be, exactly.
    """

    segments: tuple[Label, ...] = field(converter=listed)
    wins: IntArray = field(converter=locked)
    directory: IntArray = field(converter=locked)
    chance: FloatArray = field(converter=locked)
    found: StatusArray = field(converter=locked)
    alpha: str

    def __attrs_post_init__(self) -> None:
        names = ("segments", "wins", "directory", "chance", "found")
        equal_lengths([(name, len(getattr(self, name))) for name in names], "new types")

    def of(self, found: Found) -> tuple[Label, ...]:
        """Give the segments of one verdict, those with most wins first.

        Parameters
        ----------
        found : Found
            The verdict.

        Returns
        -------
        tuple of str or int
            Segments with equally many wins in their order.
        """
        rows = np.flatnonzero(self.found == found)
        order: list[int] = rows[np.argsort(-self.wins[rows], kind="stable")].tolist()
        return tuple(self.segments[row] for row in order)

    @property
    def by_chance(self) -> float:
        """How many segments in line would be said to have too few, at most, on average."""
        tested = int(((self.wins > 0) & (self.directory > 0)).sum())
        return tested * float(Fraction(self.alpha))

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a segment.

        Returns
        -------
        dict of str to (s,) ndarray
            ``segment``; ``wins``, ``directory`` int64; ``chance`` float64; ``found`` in words.
        """
        words = objects([each.name.lower() for each in Found])
        return {
            "segment": labels_of(self.segments),
            "wins": self.wins,
            "directory": self.directory,
            "chance": self.chance,
            "found": words[self.found],
        }

    def facts(self) -> dict[str, Any]:
        """Give the alpha, how many segments each verdict has, and how many by chance."""
        counts = {each.name.lower(): len(self.of(each)) for each in Found}
        return {"alpha": self.alpha, "counts": counts, "by_chance": self.by_chance}

    def formats(self) -> Formats:
        """Show chances as percentages."""
        return {"chance": percent}

    def summary(self, language: Language = "en") -> str:
        """Give the segments as text, the least likely first.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr, how many chance alone would give, and a table.
        """
        told = self.to_columns()
        told["found"] = objects([each.text.to(language) for each in Found])[self.found]
        order = np.argsort(self.chance, kind="stable")
        shown = {name: column[order] for name, column in told.items()}
        text = Text(
            f"By chance alone up to {self.by_chance:,.1f} would be said to be too few.",
            f"仅凭偶然，最多约有 {self.by_chance:,.1f} 个会被误判为偏少。",
        )
        table = headed_table(shown, _HEADS, language, formats=self.formats())
        return f"{self!r}\n{text.to(language)}\n{table}"

    def __len__(self) -> int:
        return len(self.segments)

    def __repr__(self) -> str:
        counts: dict[str, int] = self.facts()["counts"]
        told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        return f"<NewTypes of {len(self):,} segments: {told}>"


def _labels(segments: Any) -> tuple[Label, ...]:
    return tuple(segments)


def _alpha(value: Share) -> str:
    return str(inner_share(value, "alpha"))


@frozen
class TypesFold:
    """Count wins and directory that lie in parts; the accumulator behind `new_types`.

    Parameters
    ----------
    segments : iterable of str or int
        Labels of the segments, each once.
    alpha : share, default 0.05
        As of `new_types`.

    Raises
    ------
    LabelError
        For a segment named twice.
    SalescoreError
        For an alpha outside 0 and 1.
    """

    segments: tuple[Label, ...] = field(converter=_labels)
    alpha: str = field(default="0.05", converter=_alpha)

    def __attrs_post_init__(self) -> None:
        if len(set(self.segments)) < len(self.segments):
            raise LabelError("segments", expected="each once", got=list(self.segments))

    def zero(self) -> IntArray:
        """Give the counts of nobody.

        Returns
        -------
        (2, s) int64 array
            Zeros; the identity of `merge`.
        """
        return np.zeros((2, len(self.segments)), dtype=np.int64)

    def fold(self, chunks: Iterable[SegmentRows]) -> IntArray:
        """Count some parts.

        Parameters
        ----------
        chunks : iterable of SegmentRows
            Wins and directory; each in one part only.

        Returns
        -------
        (2, s) int64 array
            Wins and directory by segment.

        Raises
        ------
        LabelError
            For an unknown segment.
        """
        state = self.zero()
        for rows in chunks:
            for line, column in zip(state, rows, strict=True):
                np.add.at(line, encode(column, self.segments), 1)
        return state

    def merge(self, a: IntArray, b: IntArray) -> IntArray:
        """Put two counts together.

        Parameters
        ----------
        a, b : (2, s) int64
            From `zero`, `fold` or `merge`.

        Returns
        -------
        (2, s) int64 array
            Their sum; neither side is written to.
        """
        return a + b

    def finish(self, state: IntArray) -> NewTypes:
        """Compare wins and directory.

        Parameters
        ----------
        state : (2, s) int64
            The counts of all.

        Returns
        -------
        NewTypes
            By segment.
        """
        wins, directory = state
        drawn, of = int(wins.sum()), int(state.sum())
        chance = draw_chance(wins, wins + directory, drawn=drawn, of=of)
        found = np.full(wins.size, Found.IN_LINE, dtype=np.uint8)
        found[(chance <= float(Fraction(self.alpha))) & (wins > 0)] = Found.UNDER
        found[(wins == 0)] = Found.NOT_WON
        found[(directory == 0) & (wins > 0)] = Found.NEW
        return NewTypes(self.segments, wins, directory, chance, found, self.alpha)


def new_types(wins: Column, directory: Column, *, alpha: Share = "0.05") -> NewTypes:
    """Which types of customer do we win that the directory hardly has?

    Parameters
    ----------
    wins : (w,) column-like of str or int
        Segment of each customer won of late: trade, size, region, or all in one label.
    directory : (d,) column-like of str or int
        Segment of each prospect in the directory.
    alpha : share, default 0.05
        Chance up to which a segment is said to be too few in the directory.

    Returns
    -------
    NewTypes
        Segments in ascending order. *New*: among the wins, none in the directory. *Too few*: in
        both, but so many wins would come with a chance of at most alpha if wins were a draw from
        wins and directory together. *In line*: no such thing; a few wins say little. *None won*:
        in the directory alone. No wins, or no directory, are allowed.

    Raises
    ------
    LabelError
        For labels that are neither texts nor whole numbers.
    MissingValueError
        For nulls.
    SalescoreError
        For an alpha outside 0 and 1.

    Notes
    -----
    The exact one-sided test of Fisher (1935), segment by segment. With many segments some are
    too few by chance: `NewTypes.by_chance` says how many.

    Examples
    --------
    >>> wins = ["clinic"] * 6 + ["school"] * 2 + ["hotel"]
    >>> found = new_types(wins, ["clinic"] * 5 + ["school"] * 25)
    >>> found.of(Found.NEW), found.of(Found.UNDER), found.chance.round(4).tolist()
    (('hotel',), ('clinic',), [0.0078, 0.2308, 0.9999])
    """
    columns = [factorize(wins), factorize(directory)]
    labels: list[Any] = sorted({label for _, found in columns for label in found})
    fold = TypesFold(labels, alpha)
    return fold.finish(fold.fold([SegmentRows(wins, directory)]))
