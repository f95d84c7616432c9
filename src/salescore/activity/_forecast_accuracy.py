"""How right were past forecasts, and to which side did they err?"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from attrs import field, frozen

from salescore.activity._rolled import rates
from salescore.core import (
    Formats,
    Result,
    Text,
    amounts,
    equal_lengths,
    freeze,
    headed_table,
    label_column,
    locked,
)
from salescore.errors import AmountOverflowError, LabelError, SalescoreError, ShapeError
from salescore.kernels import absolute_sum, encode, factorize
from salescore.typing import AnyArray, CodeArray, Column, IntArray, Label, Language

__all__ = ["AccuracyFold", "ForecastAccuracy", "ForecastPairs", "forecast_accuracy"]

_HEADS = {
    "label": Text("by", "分组"),
    "pairs": Text("forecasts", "预测数"),
    "forecast": Text("forecast", "预测"),
    "actual": Text("actual", "实际"),
    "over": Text("too high by", "偏高"),
    "under": Text("too low by", "偏低"),
    "bias": Text("bias", "偏差"),
    "bias_rate": Text("bias, of actual", "偏差率"),
    "accuracy": Text("accuracy", "准确率"),
}
_COUNTS = ("pairs", "forecast", "actual", "over", "under")


class ForecastPairs(NamedTuple):
    """Past forecasts with what came."""

    label: Column
    """(n,) whose, or of what."""

    forecast: Column
    """(n,) what was forecast, whole numbers >= 0 [smallest unit]."""

    actual: Column
    """(n,) what came, whole numbers >= 0 [smallest unit]."""


def _labels(labels: Iterable[Label]) -> tuple[Label, ...]:
    found = tuple(labels)
    if len(set(found)) < len(found):
        raise LabelError("labels of forecasts", expected="different labels", got=found)
    return found


@frozen(eq=False, repr=False)
class ForecastAccuracy(Result):
    """How right forecasts were, by label; made by `forecast_accuracy`.

    Parameters
    ----------
    labels : tuple of str, or of int
        Whose, or of what.
    pairs : (m,) int64
        How many forecasts.
    forecast, actual : (m,) int64
        Sums of what was forecast and what came [smallest unit].
    over, under : (m,) int64
        Sums of what was forecast too high, and too low, each >= 0 [smallest unit]; forecast by
        forecast, so that one too high never makes up for one too low.
    """

    labels: tuple[Label, ...] = field(converter=_labels)
    pairs: IntArray = field(converter=locked)
    forecast: IntArray = field(converter=locked)
    actual: IntArray = field(converter=locked)
    over: IntArray = field(converter=locked)
    under: IntArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        sizes = [(name, len(getattr(self, name))) for name in _COUNTS]
        equal_lengths([("labels", len(self.labels)), *sizes], "forecast accuracy")
        wrong = self.over - self.under != self.forecast - self.actual
        if wrong.any():
            row = int(wrong.argmax())
            what, rule = "over less under", "forecast less actual"
            raise SalescoreError(what, where=f"row {row}", expected=rule, got="another sum")

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def bias(self) -> IntArray:
        """(m,) int64: forecast less actual, exact [smallest unit]; above 0 for too high."""
        return freeze(self.forecast - self.actual)

    @property
    def absolute(self) -> IntArray:
        """(m,) int64: the sizes of all errors added up, exact [smallest unit]."""
        return freeze(self.over + self.under)

    def accuracy(self, label: Label | None = None) -> Fraction | None:
        """How right were the forecasts?

        Parameters
        ----------
        label : str or int, optional
            Whose; all together without it.

        Returns
        -------
        Fraction or None
            One less the absolute error over the actual, exact: 1 for forecasts that all came
            true, below 0 where they missed by more than came; None where nothing came.

        Raises
        ------
        LabelError
            For an unknown label.
        """
        missed, came = self._sums(label, self.absolute)
        return 1 - Fraction(missed, came) if came else None

    def bias_rate(self, label: Label | None = None) -> Fraction | None:
        """To which side did the forecasts err, and how far?

        Parameters
        ----------
        label : str or int, optional
            Whose; all together without it.

        Returns
        -------
        Fraction or None
            Bias over the actual, exact [share, 0.1 is 10 %]; None where nothing came.

        Raises
        ------
        LabelError
            For an unknown label.
        """
        erred, came = self._sums(label, self.bias)
        return Fraction(erred, came) if came else None

    def _sums(self, label: Label | None, column: IntArray) -> tuple[int, int]:
        if label is None:
            return int(column.sum()), int(self.actual.sum())
        if label not in self.labels:
            raise LabelError("label", expected=f"one of {len(self)} labels", got=repr(label))
        row = self.labels.index(label)
        return int(column[row]), int(self.actual[row])

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a label.

        Returns
        -------
        dict of str to (m,) ndarray
            Counts and sums, the bias, its share of the actual, and the accuracy; the last two
            are NaN where nothing came.
        """
        columns = {name: getattr(self, name) for name in _COUNTS}
        return {
            "label": label_column(self.labels, np.arange(len(self))),
            **columns,
            "bias": self.bias,
            "bias_rate": rates(self.bias, self.actual),
            "accuracy": rates(self.actual - self.absolute, self.actual),
        }

    def facts(self) -> dict[str, Any]:
        """Give bias and accuracy of all together; None where nothing came."""
        found = {"bias_rate": self.bias_rate(), "accuracy": self.accuracy()}
        shares = {name: None if each is None else float(each) for name, each in found.items()}
        return {"bias": int(self.bias.sum()), **shares}

    def formats(self) -> Formats:
        """Show shares as per cent."""
        return {"bias_rate": _per_cent, "accuracy": _per_cent}

    def summary(self, language: Language = "en") -> str:
        """Give the labels as a table.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the headings.

        Returns
        -------
        str
            One line a label.
        """
        return headed_table(self.to_columns(), _HEADS, language, formats=self.formats())

    def __repr__(self) -> str:
        accuracy = self.accuracy()
        told = "no actuals" if accuracy is None else f"accuracy {float(accuracy):.1%}"
        bias = int(self.bias.sum())
        return f"<ForecastAccuracy of {len(self):,} labels: {told}, bias {bias:+,}>"


def _per_cent(value: float) -> str:
    return f"{value:.1%}" if value == value else "-"  # noqa: PLR0124  # NaN


@frozen
class AccuracyFold:
    """Hold past forecasts against what came, in parts; behind `forecast_accuracy`.

    Parameters
    ----------
    labels : iterable of str, or of int
        Whose, or of what.

    Notes
    -----
    A state is a (5, m) table of whole numbers that add up: forecasts, forecast, actual, too
    high, too low. So bias and accuracy of a sum are computed from its parts.
    """

    labels: tuple[Label, ...] = field(converter=_labels)

    def zero(self) -> IntArray:
        """Give the sums of no forecasts.

        Returns
        -------
        (5, m) int64 array
            Zeros; the identity of `merge`.
        """
        return np.zeros((5, len(self.labels)), dtype=np.int64)

    def fold(self, chunks: Iterable[ForecastPairs]) -> IntArray:
        """Add some parts up.

        Parameters
        ----------
        chunks : iterable of ForecastPairs
            Each pair in one part only.

        Returns
        -------
        (5, m) int64 array
            Their sums.

        Raises
        ------
        LabelError
            For an unknown label.
        SalescoreError
            For negative amounts and floats.
        """
        state = self.zero()
        for pairs in chunks:
            state = self.merge(state, _coded(self, encode(pairs.label, self.labels), pairs))
        return state

    def merge(self, a: IntArray, b: IntArray) -> IntArray:
        """Put two sums together.

        Parameters
        ----------
        a, b : (5, m) int64
            From `zero`, `fold` or `merge`.

        Returns
        -------
        (5, m) int64 array
            Neither side is written to.

        Raises
        ------
        AmountOverflowError
            When a sum could reach 2**62.
        """
        if int(a.max(initial=0)) + int(b.max(initial=0)) >= 2**62:
            raise AmountOverflowError("sum of forecasts", expected="less than 2**62", got="more")
        return a + b

    def finish(self, state: IntArray) -> ForecastAccuracy:
        """Give bias and accuracy.

        Parameters
        ----------
        state : (5, m) int64
            Of all parts.

        Returns
        -------
        ForecastAccuracy
            By label.

        Raises
        ------
        ShapeError
            For a state of other labels.
        """
        shape = (5, len(self.labels))
        if state.shape != shape:
            raise ShapeError("state of forecasts", expected=str(shape), got=state.shape)
        return ForecastAccuracy(self.labels, *state)


def _coded(fold: AccuracyFold, label: CodeArray, pairs: ForecastPairs) -> IntArray:
    """Give the sums of coded pairs."""
    forecast = _amounts(pairs.forecast, "forecast")
    actual = _amounts(pairs.actual, "actual")
    sizes = [("label", label.size), ("forecast", forecast.size), ("actual", actual.size)]
    equal_lengths(sizes, "forecasts and actuals")
    state = fold.zero()
    error = forecast - actual
    columns = (forecast, actual, np.maximum(error, 0), np.maximum(-error, 0))
    np.add.at(state[0], label, 1)
    for row, column in enumerate(columns, 1):
        np.add.at(state[row], label, column)
    return state


def _amounts(column: Column, what: str) -> IntArray:
    found = amounts(column, what)
    if found.size and int(found.min()) < 0:
        row, got = int(found.argmin()), int(found.min())
        raise SalescoreError(what, where=f"row {row}", expected=">= 0", got=got)
    if absolute_sum(found) >= 2**62:
        raise AmountOverflowError(what, expected="a sum below 2**62", got="more")
    return found


def forecast_accuracy(pairs: ForecastPairs) -> ForecastAccuracy:
    """How right were past forecasts, and to which side did they err?

    Parameters
    ----------
    pairs : ForecastPairs
        Past forecasts with what came, in any order; which forecast counts (the one made a month
        ahead, the last one) is the caller's choice.

    Returns
    -------
    ForecastAccuracy
        By label, ascending. Counts and sums are exact and add up over labels: the bias of a sum
        is the sum of the biases, its absolute error the sum of the absolute errors.

    Raises
    ------
    SalescoreError
        For negative amounts and floats.
    AmountOverflowError
        For amounts that add up to 2**62 or more.
    MissingValueError, ShapeError
        For nulls, and columns of different lengths.

    Notes
    -----
    ``accuracy = 1 - sum|forecast - actual| / sum actual``: one less the weighted absolute
    percentage error (WAPE), which weighs a forecast by its size and stands where a single
    actual is 0. Mean percentage errors do not.

    Examples
    --------
    >>> found = forecast_accuracy(ForecastPairs(["Li", "Li"], [120, 70], [100, 100]))
    >>> found.bias.tolist(), found.accuracy("Li"), found.bias_rate("Li")
    ([-10], Fraction(3, 4), Fraction(-1, 20))
    """
    label, labels = factorize(pairs.label)
    fold = AccuracyFold(labels)
    return fold.finish(_coded(fold, label, pairs))
