"""Which channels are worth further calls, by how many of their entries were valid?"""

from __future__ import annotations

from enum import IntEnum
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import asdict, field, frozen

from salescore.core import (
    Formats,
    Result,
    Text,
    amounts,
    equal_lengths,
    headed_table,
    locked,
    objects,
)
from salescore.errors import SalescoreError
from salescore.prospects._funnels import between, called, labels_of, percent
from salescore.prospects._stop_rule import StopRule
from salescore.typing import (
    AnyArray,
    Column,
    FloatArray,
    IntArray,
    Label,
    Language,
    StatusArray,
)

__all__ = ["Screening", "Verdict", "screen"]


class Verdict(IntEnum):
    """What to do with a channel after its calls.

    Examples
    --------
    >>> Verdict.STOP.text.to("zh")
    '停止'
    """

    GO_ON = 0
    STOP = 1
    KEEP = 2

    @property
    def text(self) -> Text:
        """What it is called."""
        return _TEXTS[self]


_TEXTS = {
    Verdict.GO_ON: Text("go on calling", "继续筛选"),
    Verdict.STOP: Text("stop", "停止"),
    Verdict.KEEP: Text("good enough", "值得保留"),
}
_HEADS = {
    "channel": Text("channel", "渠道"),
    "calls": Text("calls", "电话数"),
    "valid": Text("valid", "有效"),
    "validity": Text("validity", "有效率"),
    "low": Text("at least", "至少"),
    "high": Text("at most", "至多"),
    "verdict": Text("verdict", "判断"),
}


@frozen(eq=False, repr=False)
class Screening(Result):
    """How valid the entries of each channel are; made by `screen`.

    Parameters
    ----------
    channels : tuple of str or int
        The c channels.
    rule : StopRule
        By which they are judged.
    calls, valid : (c,) int64
        Calls made, and how many found a valid prospect.
    low, high : (c,) float64
        One-sided bounds of validity, each at the confidence of the rule [share 0-1]; 0 and 1
        without calls.
    verdict : (c,) uint8
        `Verdict` of each.
    """

    channels: tuple[Label, ...]
    rule: StopRule
    calls: IntArray = field(converter=locked)
    valid: IntArray = field(converter=locked)
    low: FloatArray = field(converter=locked)
    high: FloatArray = field(converter=locked)
    verdict: StatusArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        names = ("calls", "valid", "low", "high", "verdict")
        lengths = [(name, int(getattr(self, name).size)) for name in names]
        equal_lengths([("channels", len(self.channels)), *lengths], "screening")

    def of(self, verdict: Verdict) -> tuple[Label, ...]:
        """Give the channels of one verdict.

        Parameters
        ----------
        verdict : Verdict
            What to do with them.

        Returns
        -------
        tuple of str or int
            In their order.
        """
        rows = np.flatnonzero(self.verdict == verdict).tolist()
        return tuple(self.channels[row] for row in rows)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a channel.

        Returns
        -------
        dict of str to (c,) ndarray
            ``channel``; ``calls``, ``valid`` int64; ``validity`` float64, NaN where ``calls``
            is 0; ``low``, ``high`` float64; the ``verdict`` in words.
        """
        with np.errstate(invalid="ignore"):
            validity = self.valid / self.calls
        return {
            "channel": labels_of(self.channels),
            "calls": self.calls,
            "valid": self.valid,
            "validity": validity,
            "low": self.low,
            "high": self.high,
            "verdict": objects([each.name.lower() for each in Verdict])[self.verdict],
        }

    def facts(self) -> dict[str, Any]:
        """Give the rule, and the chance that it gives up a channel that is just good enough."""
        return {"rule": asdict(self.rule), "false_stop": self.rule.false_stop}

    def formats(self) -> Formats:
        """Show shares as percentages."""
        return {"validity": percent, "low": percent, "high": percent}

    def summary(self, language: Language = "en") -> str:
        """Give the channels as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr, the chance of a false stop, and a table.
        """
        told = self.to_columns()
        told["channel"] = called(self.channels, language)
        told["verdict"] = objects([each.text.to(language) for each in Verdict])[self.verdict]
        line, wrong = float(Fraction(self.rule.line)), self.rule.false_stop
        text = Text(
            f"A channel whose validity is just {line:.0%} is stopped by chance in {wrong:.1%} of "
            f"cases, over up to {self.rule.most:,} calls.",
            f"有效率恰为{line:.0%}的渠道，在最多{self.rule.most:,}个电话内被误停的概率为{wrong:.1%}。",
        )
        table = headed_table(told, _HEADS, language, formats=self.formats())
        return f"{self!r}\n{text.to(language)}\n{table}"

    def __len__(self) -> int:
        return len(self.channels)

    def __repr__(self) -> str:
        counts = [f"{len(self.of(each)):,} {each.text.en}" for each in Verdict]
        return f"<Screening of {len(self):,} channels: {', '.join(counts)}>"


def screen(
    calls: Column,
    valid: Column,
    rule: StopRule,
    *,
    channels: Column | None = None,
) -> Screening:
    """Which channels are worth further calls?

    Parameters
    ----------
    calls : (c,) column-like of int
        Screening calls made to entries of each channel, none negative.
    valid : (c,) column-like of int
        How many found a valid prospect, at most as many as calls.
    rule : StopRule
        When a channel is given up.
    channels : (c,) column-like of str or int, optional
        Labels of the channels; numbers from 0 on without it.

    Returns
    -------
    Screening
        One row a channel. *Stop* where one looks and even the upper bound of validity is below
        the line, *keep* where even the lower bound is above, *go on* else: no calls, too few,
        or a number of calls after which the rule does not look. Turned round (invalid for
        valid, one less the line for the line) stop becomes keep.

    Raises
    ------
    SalescoreError
        For negative counts, more valid than calls, and more calls than the rule is made for.
    ShapeError
        For columns of different lengths.

    Notes
    -----
    Judged in whole numbers: with ties of bound and line one goes on.

    Examples
    --------
    >>> found = screen([60, 60, 5], [4, 40, 0], StopRule("0.3"), channels=["list", "fair", "web"])
    >>> found.of(Verdict.STOP), found.of(Verdict.KEEP), found.of(Verdict.GO_ON)
    (('list',), ('fair',), ('web',))
    """
    made, good = amounts(calls, "calls"), amounts(valid, "valid calls")
    listed: Any = range(made.size) if channels is None else np.asarray(channels).tolist()
    labels: tuple[Label, ...] = tuple(listed)
    lengths = [("calls", made.size), ("valid", good.size), ("channels", len(labels))]
    equal_lengths(lengths, "screening")
    _check(made, good, rule)
    looked = rule.looks[made]
    verdict = np.full(made.size, Verdict.GO_ON, dtype=np.uint8)
    verdict[looked & (good <= rule.limits[made])] = Verdict.STOP
    verdict[looked & (made - good <= rule.keeps[made])] = Verdict.KEEP
    low, high = between(good, made, 2 * Fraction(rule.confidence) - 1)
    return Screening(labels, rule, made, good, low, high, verdict)


def _check(calls: IntArray, valid: IntArray, rule: StopRule) -> None:
    for what, wrong, expected, column in (
        ("calls", calls < 0, ">= 0", calls),
        ("valid calls", valid < 0, ">= 0", valid),
        ("valid calls", valid > calls, "at most as many as calls", valid),
        ("calls", calls > rule.most, f"at most the {rule.most:,} of the rule", calls),
    ):
        if wrong.any():
            row = int(wrong.argmax())
            raise SalescoreError(what, where=f"row {row}", expected=expected, got=int(column[row]))
