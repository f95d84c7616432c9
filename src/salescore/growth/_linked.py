"""Who made the growth of several periods, step by step, so that all of it adds up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from operator import add
from typing import Any

import numpy as np
from attrs import asdict, field, frozen

from salescore.core import Cells, Formats, Result, Text, headed_table, objects
from salescore.errors import LabelError, ShapeError
from salescore.growth._contributions import Contributions
from salescore.growth._rates import percent
from salescore.typing import AnyArray, FloatArray, IntArray, Label, Language

__all__ = ["LinkedContributions", "link_contributions"]

_HEADS = {
    "since": Text("since", "起"),
    "until": Text("until", "止"),
    "before": Text("before", "基期"),
    "after": Text("after", "本期"),
    "change": Text("change", "增减"),
    "step": Text("to the step", "对当期"),
    "contribution": Text("to the whole", "对全程"),
}


def _labels(labels: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(labels)


def _cells(periods: Iterable[Cells]) -> tuple[Cells, ...]:
    return tuple(periods)


@frozen(eq=False, repr=False)
class LinkedContributions(Result):
    """What each label added in each step to the growth of all; made by `link_contributions`.

    Parameters
    ----------
    names : iterable of str or int
        The k + 1 periods, in their order.
    periods : iterable of Cells
        The amounts of each, all in the same cells: 0 where a label was not there.

    Raises
    ------
    LabelError
        When a period is named twice.
    ShapeError
        For fewer than two periods, or not one name each.
    SalescoreError
        When the periods have not the same cells.
    UnitError
        When the units differ.
    AmountOverflowError
        When all amounts of two periods together could overflow.
    """

    names: tuple[Label, ...] = field(converter=_labels)
    periods: tuple[Cells, ...] = field(converter=_cells)

    def __attrs_post_init__(self) -> None:
        if len(self.periods) < 2 or len(self.names) != len(self.periods):
            got = f"{len(self.names)} names, {len(self.periods)} periods"
            raise ShapeError("periods to link", expected="at least two, a name each", got=got)
        if len(set(self.names)) != len(self.names):
            twice = next(name for name in self.names if self.names.count(name) > 1)
            rule, got = "different names", f"{twice!r} twice"
            raise LabelError("periods to link", expected=rule, got=got)
        _ = self.whole, self.steps  # checks units and cells

    @property
    def whole(self) -> Contributions:
        """Contributions from the first period to the last, at once."""
        return Contributions(self.periods[0], self.periods[-1])

    @property
    def steps(self) -> tuple[Contributions, ...]:
        """Contributions of each of the k steps, over the whole before that step."""
        return tuple(Contributions(*pair) for pair in pairwise(self.periods))

    @property
    def change(self) -> IntArray:
        """(k, n) int64: what each step changed [smallest unit]; all add up to the whole change."""
        amounts: IntArray = np.stack([part.amount for part in self.periods])
        return amounts[1:] - amounts[:-1]

    @property
    def denominator(self) -> int:
        """Size of the first whole [smallest unit]; a linked contribution is a change over this."""
        return self.whole.denominator

    @property
    def growth(self) -> Fraction | None:
        """Growth of the whole from first to last, exactly [rate]; None when it began with 0."""
        return self.whole.growth

    @property
    def contribution(self) -> FloatArray:
        """(k, n) float64: changes over the size of the first whole [rate]; NaN without one."""
        if not self.denominator:
            return np.full(self.change.shape, np.nan)
        quotient: FloatArray = self.change / self.denominator
        return quotient

    @property
    def factors(self) -> tuple[Fraction | None, ...]:
        """By what each step's own contributions are multiplied; None where it began with 0."""
        first = self.denominator
        return tuple(
            Fraction(abs(part.total), first) if first and part.total else None
            for part in self.periods[:-1]
        )

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a step and label, in the order of steps and labels.

        Returns
        -------
        dict of str to (n,) ndarray
            ``since`` and ``until``, names of the periods; labels; ``before``, ``after``,
            ``change`` int64 [smallest unit]; ``step``, the contribution to the growth of the
            step, and ``contribution``, that to the growth of the whole, float64 [rate].
        """
        rows, steps = len(self.periods[0]), self.steps
        labels = self.periods[0].to_columns()
        labels.pop("amount")
        return {
            "since": np.repeat(objects(self.names[:-1]), rows),
            "until": np.repeat(objects(self.names[1:]), rows),
            **{name: np.tile(column, len(steps)) for name, column in labels.items()},
            "before": np.concatenate([step.before.amount for step in steps]),
            "after": np.concatenate([step.after.amount for step in steps]),
            "change": self.change.ravel(),
            "step": np.concatenate([step.contribution for step in steps]),
            "contribution": self.contribution.ravel(),
        }

    def facts(self) -> dict[str, Any]:
        """Give the periods, the totals, the growth of the whole and of each step, and the unit."""
        steps = [step.growth for step in self.steps]
        return {
            "periods": list(self.names),
            "totals": [part.total for part in self.periods],
            "growth": None if self.growth is None else float(self.growth),
            "steps": [None if growth is None else float(growth) for growth in steps],
            "unit": asdict(self.periods[0].unit),
        }

    def formats(self) -> Formats:
        """Show amounts in their unit and rates as percentages."""
        amounts = dict.fromkeys(("before", "after", "change"), self.periods[0].unit.show)
        return {**amounts, **dict.fromkeys(("step", "contribution"), _points)}

    def summary(self, language: Language = "en") -> str:
        """Give the contributions as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and a table of the first steps and labels.
        """
        table = headed_table(self.to_columns(), _HEADS, language, formats=self.formats())
        return f"{self!r}\n{table}"

    def __len__(self) -> int:
        return int(self.change.size)

    def __repr__(self) -> str:
        names = " x ".join(axis.name for axis in self.periods[0].axes) or "total"
        growth = self.growth
        told = self.whole.status.text.en if growth is None else percent(float(growth), 2)
        span = f"{self.names[0]} to {self.names[-1]} in {len(self.periods) - 1} steps"
        return f"<LinkedContributions by {names}, {span}: {told}>"


def _points(value: float) -> str:
    return percent(value, 2)


def link_contributions(
    periods: Mapping[Any, Cells], *, by: str | Sequence[str]
) -> LinkedContributions:
    """Tell which labels made the growth of several periods, and in which of them.

    Parameters
    ----------
    periods : mapping of str or int to Cells
        Amounts of each period, in their order, in one unit; at least two.
    by : str or sequence of str
        Axis or axes to report by; none give the whole alone.

    Returns
    -------
    LinkedContributions
        For each step from one period to the next and each label its change. All changes add up
        exactly: over the labels to the change of the step, over the steps to the change of the
        label, over both to that of the whole. The same holds for contributions, all over the
        size of the first whole. A label that any period has is kept.

    Raises
    ------
    ShapeError
        For fewer than two periods.
    UnitError
        When the units differ.
    LabelError
        For an unknown axis, or one named twice.
    AmountOverflowError
        When all amounts of two periods together could overflow.

    Notes
    -----
    Contributions to the growth of single steps do not add up to that of the whole, since each
    is over another base. Step t is therefore multiplied by ``|X_(t-1)| / |X_0|``, which is exact
    and exists for losses too. The factors of Carino (1999), made of logarithms of rates, are
    needed only where the amounts are not known, and fail where a whole falls to 0.

    Examples
    --------
    >>> def year(east, west):
    ...     return Cells.from_columns({"region": ["East", "West"]}, [east, west])
    >>> years = {"2023": year(60, 40), "2024": year(90, 60), "2025": year(80, 130)}
    >>> print(link_contributions(years, by="region").summary())
    <LinkedContributions by region, 2023 to 2025 in 2 steps: +110.00%>
    since  until  region  before  after  change  to the step  to the whole
    -----  -----  ------  ------  -----  ------  -----------  ------------
    2023   2024   East        60     90      30      +30.00%       +30.00%
    2023   2024   West        40     60      20      +20.00%       +20.00%
    2024   2025   East        90     80     -10       -6.67%       -10.00%
    2024   2025   West        60    130      70      +46.67%       +70.00%
    """
    names = (by,) if isinstance(by, str) else tuple(by)
    rolled = [part.by(*names) for part in periods.values()]
    none = [part.with_amount(np.zeros(len(part), dtype=np.int64)) for part in rolled]
    kept = [reduce(add, none, part) for part in rolled]
    return LinkedContributions(tuple(periods), kept)
