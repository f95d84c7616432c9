"""How many prospects of each channel reached each stage, and how many of them go on."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Formats,
    Result,
    Text,
    equal_lengths,
    headed_table,
    inner_share,
    label_column,
    locked,
    objects,
    one_of,
)
from salescore.errors import AmountOverflowError, LabelError, SalescoreError
from salescore.kernels import reached_counts, share_bounds
from salescore.prospects._stages import CHANNELS, Stages
from salescore.typing import AnyArray, FloatArray, IntArray, Label, Language, Share

__all__ = ["Conversions", "Counted", "Funnel", "between", "called", "labels_of", "percent"]

Counted: TypeAlias = Literal["all", "decided"]
"""Which prospects a conversion is a share of: all that reached a stage, or those of them that
went on or are lost."""

_HEADS = {
    "channel": Text("channel", "渠道"),
    "stage": Text("stage", "阶段"),
    "furthest": Text("came just here", "止于此"),
    "lost": Text("of them lost", "其中流失"),
    "reached": Text("reached", "达到"),
    "of": Text("of", "基数"),
    "conversion": Text("went on", "转化率"),
    "low": Text("at least", "至少"),
    "high": Text("at most", "至多"),
}


def called(channels: tuple[Label, ...], language: Language) -> AnyArray:
    """Give what channels are called; those without a name by their label."""
    names = [CHANNELS.get(str(each), Text(str(each))).to(language) for each in channels]
    return objects(names)


def labels_of(labels: Sequence[Label]) -> AnyArray:
    """Give labels as a column."""
    return label_column(labels, np.arange(len(labels), dtype=np.int64))


def percent(value: float) -> str:
    """Show a share as a percentage, and a dash where there is none."""
    return f"{value:.1%}" if np.isfinite(value) else "-"


def between(found: IntArray, of: IntArray, confidence: Share) -> tuple[FloatArray, FloatArray]:
    """Give the exact bounds of Clopper and Pearson: 0 and 1 where nothing is known."""
    return share_bounds(found, of, float(inner_share(confidence, "confidence")))


@frozen(eq=False, repr=False)
class Funnel(Result):
    """How far prospects came, by channel; made by `funnel`.

    Parameters
    ----------
    channels : tuple of str or int
        The c channels.
    stages : Stages
        The k stages.
    furthest : (c, k) int64
        Prospects of each channel that have each stage as their furthest.
    lost : (c, k) int64
        How many of those are lost.
    """

    channels: tuple[Label, ...]
    stages: Stages
    furthest: IntArray = field(converter=locked)
    lost: IntArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        shape = (len(self.channels), len(self.stages))
        for what in ("furthest", "lost"):
            table: IntArray = getattr(self, what)
            if table.shape != shape:
                raise SalescoreError(what, expected=f"a table of {shape}", got=table.shape)
            if table.size and int(table.min()) < 0:
                raise SalescoreError(what, expected="counts >= 0", got=int(table.min()))
        if self.furthest.max(initial=0) >= 2**53 // max(self.furthest.size, 1):
            raise AmountOverflowError("prospects", expected="less than 2**53 in all", got="more")
        if (self.lost > self.furthest).any() or self.lost[:, -1].any():
            raise SalescoreError("lost", expected="some of those who came so far", got="more")

    @property
    def reached(self) -> IntArray:
        """(c, k) int64: prospects that came to each stage or further; never rises."""
        return locked(reached_counts(self.furthest))

    @property
    def open(self) -> IntArray:
        """(c, k) int64: prospects that stand at each stage, neither lost nor won."""
        standing = self.furthest - self.lost
        standing[:, -1] = 0
        return locked(standing)

    @property
    def size(self) -> int:
        """How many prospects there are."""
        return int(self.furthest.sum())

    def whole(self) -> Funnel:
        """Take all channels together.

        Returns
        -------
        Funnel
            One channel, ``"all"``, whose counts are the sums of all channels.
        """
        sums = [table.sum(axis=0, keepdims=True) for table in (self.furthest, self.lost)]
        return Funnel(("all",), self.stages, *sums)

    def of(self, channel: Label) -> Funnel:
        """Take one channel alone.

        Parameters
        ----------
        channel : str or int
            Its label.

        Returns
        -------
        Funnel
            Of that channel.

        Raises
        ------
        LabelError
            For a channel that is not here.
        """
        if channel not in self.channels:
            rule = f"one of {', '.join(map(str, self.channels))}"
            raise LabelError("channel", expected=rule, got=repr(channel))
        row = slice(self.channels.index(channel), self.channels.index(channel) + 1)
        return Funnel((channel,), self.stages, self.furthest[row], self.lost[row])

    def conversions(self, *, counted: Counted = "all", confidence: Share = "0.95") -> Conversions:
        """Say how many go on from each stage to the next, and how sure that is.

        Parameters
        ----------
        counted : {"all", "decided"}, default "all"
            A share of all that reached a stage, or only of those who went on or are lost: who
            still stands there may yet go on, so the first is low while work is under way.
        confidence : share, default 0.95
            Least chance that the true rate lies between the bounds.

        Returns
        -------
        Conversions
            One row a channel and step; rates are exact.
        """
        one_of(counted, "counted", ("all", "decided"))
        reached = reached_counts(self.furthest)
        found, of = reached[:, 1:], reached[:, :-1]
        if counted == "decided":
            of = of - self.open[:, :-1]
        low, high = between(found.ravel(), of.ravel(), confidence)
        return Conversions(self.channels, self.stages, found, of, low, high, counted)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a channel and stage.

        Returns
        -------
        dict of str to (c * k,) ndarray
            ``channel`` and ``stage``; ``furthest``, ``lost``, ``reached`` int64.
        """
        c, k = self.furthest.shape
        return {
            "channel": np.repeat(labels_of(self.channels), k),
            "stage": np.tile(objects(self.stages.keys), c),
            "furthest": self.furthest.ravel(),
            "lost": self.lost.ravel(),
            "reached": self.reached.ravel(),
        }

    def facts(self) -> dict[str, Any]:
        """Give how many prospects there are, and how many of all reached each stage."""
        reached = self.whole().reached[0].tolist()
        return {
            "prospects": self.size,
            "reached": dict(zip(self.stages.keys, reached, strict=True)),
        }

    def summary(self, language: Language = "en") -> str:
        """Give the funnel as text, one line a channel, one column a stage.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and a table of who reached what.
        """
        names = self.stages.texts(language)
        columns = dict(zip(names, self.reached.T, strict=True))
        head = _HEADS["channel"].to(language)
        table = {head: called(self.channels, language), **columns}
        return f"{self!r}\n{headed_table(table, {}, language)}"

    def __len__(self) -> int:
        return int(self.furthest.size)

    def __repr__(self) -> str:
        reached = self.whole().reached[0].tolist()
        told = ", ".join(f"{n:,} {key}" for n, key in zip(reached, self.stages.keys, strict=True))
        return f"<Funnel of {len(self.channels):,} channels: {told}>"


@frozen(eq=False, repr=False)
class Conversions(Result):
    """How many prospects go on from each stage to the next; made by `Funnel.conversions`.

    Parameters
    ----------
    channels : tuple of str or int
        The c channels.
    stages : Stages
        The k stages.
    found, of : (c, k - 1) int64
        How many went on to each later stage, and of how many.
    low, high : (c * (k - 1),) float64
        Bounds of Clopper and Pearson (1934) [share 0-1]; 0 and 1 where of nobody.
    counted : {"all", "decided"}
        Of whom.
    """

    channels: tuple[Label, ...]
    stages: Stages
    found: IntArray = field(converter=locked)
    of: IntArray = field(converter=locked)
    low: FloatArray = field(converter=locked)
    high: FloatArray = field(converter=locked)
    counted: Counted

    def __attrs_post_init__(self) -> None:
        shape = (len(self.channels), len(self.stages) - 1)
        for what in ("found", "of"):
            if getattr(self, what).shape != shape:
                got = getattr(self, what).shape
                raise SalescoreError(what, expected=f"a table of {shape}", got=got)
        bounds = [("found", self.found.size), ("low", self.low.size), ("high", self.high.size)]
        equal_lengths(bounds, "conversions")

    def rates(self, channel: Label | None = None) -> tuple[Fraction | None, ...]:
        """Give the exact rates of a channel.

        Parameters
        ----------
        channel : str or int, optional
            Its label; may be left out where there is one channel.

        Returns
        -------
        tuple of Fraction or None
            One for each step; None where of nobody.

        Raises
        ------
        LabelError
            For a channel that is not here, and for none where there are more.
        """
        label = self.channels[0] if channel is None and len(self.channels) == 1 else channel
        if label is None or label not in self.channels:
            rule = f"one of {', '.join(map(str, self.channels))}"
            raise LabelError("channel", expected=rule, got=repr(channel))
        row = self.channels.index(label)
        pairs = zip(self.found[row].tolist(), self.of[row].tolist(), strict=True)
        return tuple(Fraction(found, of) if of else None for found, of in pairs)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a channel and step.

        Returns
        -------
        dict of str to (n,) ndarray
            ``channel``; ``stage`` that is gone on to; ``reached`` and ``of`` int64;
            ``conversion``, ``low``, ``high`` float64. The conversion is NaN where ``of`` is 0.
        """
        c, steps = self.found.shape
        with np.errstate(invalid="ignore"):
            rate = self.found.ravel() / self.of.ravel()
        return {
            "channel": np.repeat(labels_of(self.channels), steps),
            "stage": np.tile(objects(self.stages.keys[1:]), c),
            "reached": self.found.ravel(),
            "of": self.of.ravel(),
            "conversion": rate,
            "low": self.low,
            "high": self.high,
        }

    def facts(self) -> dict[str, Any]:
        """Give of whom the rates are shares."""
        return {"counted": self.counted}

    def formats(self) -> Formats:
        """Show rates as percentages."""
        return {"conversion": percent, "low": percent, "high": percent}

    def summary(self, language: Language = "en") -> str:
        """Give the rates as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and a table of the first rows.
        """
        told = self.to_columns()
        c, steps = self.found.shape
        told["channel"] = np.repeat(called(self.channels, language), steps)
        told["stage"] = np.tile(objects(self.stages.texts(language)[1:]), c)
        return f"{self!r}\n{headed_table(told, _HEADS, language, formats=self.formats())}"

    def __len__(self) -> int:
        return int(self.found.size)

    def __repr__(self) -> str:
        steps = len(self.stages) - 1
        return f"<Conversions of {len(self.channels):,} channels, {steps:,} steps>"
