"""What is handed out above or below a plan, level by level."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Axis,
    Cells,
    Finding,
    Formats,
    Result,
    Text,
    headed_table,
    listed,
    locked,
    objects,
    share,
)
from salescore.errors import AmountOverflowError, LabelError, SalescoreError
from salescore.kernels import muldiv
from salescore.targets._plan import Plan
from salescore.typing import AnyArray, CodeArray, FloatArray, IntArray, Label, Language, Share

__all__ = ["Buffered", "BufferedLevel", "buffer"]

Buffer: TypeAlias = Share | Mapping[Label, Share]
"""One share for a level, or one for each of its labels."""

_LEVEL_HEADS = {
    "base": Text("base", "基础目标"),
    "alone": Text("buffer", "本级加码"),
    "compounded": Text("compounded", "累计加码"),
    "street": Text("street", "下达目标"),
    "added": Text("added", "加码额"),
}
_LARGEST = 2**63 - 1


def _percent(value: float) -> str:
    return f"{value:+.2%}"


@frozen(eq=False, repr=False)
class BufferedLevel(Result):
    """What one level is handed out, beside what it must bring in.

    Parameters
    ----------
    name : str
        The level.
    base : Cells
        What each place of the level must bring in, by the levels so far.
    street : Cells
        What the place is handed out, in the same cells.
    alone : (n,) float64
        Share that this level adds to each place [share]; below 0 where it holds back.
    compounded : (n,) float64
        Share that this level and those above it add together [share].

    Raises
    ------
    SalescoreError
        When the cells are not the same.
    """

    name: str
    base: Cells
    street: Cells
    alone: FloatArray = field(converter=locked)
    compounded: FloatArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        if self.base.axes != self.street.axes or len(self.base) != len(self.street):
            rule = "the cells of its base"
            raise SalescoreError(f"street of level {self.name!r}", expected=rule, got=self.street)

    @property
    def held_back(self) -> int:
        """What the places get less than they must bring in, of all that do [smallest unit]."""
        missing = self.base.amount - self.street.amount
        if self.base.total < 0:
            missing = -missing
        return int(missing[missing > 0].sum())

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a place.

        Returns
        -------
        dict of str to (n,) ndarray
            Labels; ``base``, ``street`` and ``added`` int64 [smallest unit]; ``alone`` and
            ``compounded`` float64 [share].
        """
        columns = self.base.to_columns()
        base = columns.pop("amount")
        return {
            **columns,
            "base": base,
            "alone": self.alone,
            "compounded": self.compounded,
            "street": self.street.amount,
            "added": self.street.amount - base,
        }

    def facts(self) -> dict[str, Any]:
        """Give the level and its totals."""
        return {"level": self.name, "base": self.base.total, "street": self.street.total}

    def formats(self) -> Formats:
        """Show amounts in their unit and shares as percentages."""
        show = self.base.unit.show
        return {
            **dict.fromkeys(("base", "street", "added"), show),
            **dict.fromkeys(("alone", "compounded"), _percent),
        }

    def __repr__(self) -> str:
        show = self.base.unit.show
        return (
            f"<BufferedLevel {self.name}: {len(self.base):,} places, "
            f"base {show(self.base.total)}, street {show(self.street.total)}>"
        )


@frozen(eq=False, repr=False)
class Buffered(Result):
    """A plan and what is handed out above or below it at each level; made by `buffer`.

    Parameters
    ----------
    plan : Plan
        The plan, untouched: what must come in.
    levels : tuple of BufferedLevel
        From the top down.
    findings : tuple of Finding
        Where buffers add up to more than the limit, and what is held back.
    """

    plan: Plan
    levels: tuple[BufferedLevel, ...] = field(converter=listed)
    findings: tuple[Finding, ...] = field(converter=listed)

    def level(self, name: str) -> BufferedLevel:
        """Give one level.

        Parameters
        ----------
        name : str
            Its name.

        Returns
        -------
        BufferedLevel
            The level.

        Raises
        ------
        LabelError
            For a level without a buffer.
        """
        for level in self.levels:
            if level.name == name:
                return level
        known = [level.name for level in self.levels]
        raise LabelError("level", expected=f"one of {known}", got=repr(name))

    @property
    def held_back(self) -> int:
        """What the last level gets less than it must bring in, of all that do [smallest unit]."""
        return self.levels[-1].held_back if self.levels else 0

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a place of each level, the top first.

        Returns
        -------
        dict of str to (n,) ndarray
            ``level`` and ``place`` of text; ``base``, ``street`` and ``added`` int64
            [smallest unit]; ``alone`` and ``compounded`` float64 [share].
        """
        levels = [level.to_columns() for level in self.levels]
        names = [
            name for name, level in zip(self._names(), levels, strict=True) for _ in level["base"]
        ]
        places = [place for level in levels for place in _places(level)]
        columns: dict[str, AnyArray] = {"level": objects(names), "place": objects(places)}
        for name, kind in zip(
            _LEVEL_HEADS, (np.int64, float, float, np.int64, np.int64), strict=True
        ):
            parts = [level[name] for level in levels]
            columns[name] = np.concatenate([np.empty(0, dtype=kind), *parts]).astype(kind)
        return columns

    def _names(self) -> list[str]:
        return [level.name for level in self.levels]

    def facts(self) -> dict[str, Any]:
        """Give the totals of each level and the findings in words."""
        return {
            "total": self.plan.total,
            "levels": [level.facts() for level in self.levels],
            "held_back": self.held_back,
            "findings": [str(finding.text) for finding in self.findings],
        }

    def formats(self) -> Formats:
        """Show amounts in their unit and shares as percentages."""
        show = self.plan.cells.unit.show
        return {
            **dict.fromkeys(("base", "street", "added"), show),
            **dict.fromkeys(("alone", "compounded"), _percent),
        }

    def summary(self, language: Language = "en") -> str:
        """Give the levels and the findings as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr, a table, and a line for each finding.
        """
        table = headed_table(self.to_columns(), _LEVEL_HEADS, language, formats=self.formats())
        found = [f"- {finding.text.to(language)}" for finding in self.findings]
        return "\n".join([repr(self), table, *found])

    def __repr__(self) -> str:
        show = self.plan.cells.unit.show
        levels = ", ".join(f"{level.name} {show(level.street.total)}" for level in self.levels)
        return f"<Buffered total {show(self.plan.total)}: {levels or 'no buffer'}>"


def _places(columns: Mapping[str, AnyArray]) -> list[str]:
    labels = [column.tolist() for name, column in columns.items() if name not in _LEVEL_HEADS]
    return [" / ".join(map(str, place)) for place in zip(*labels, strict=True)]


def buffer(plan: Plan, *, by: Mapping[str, Buffer], limit: Share = "0.2") -> Buffered:
    """Hand out more than the plan at some levels, or less, and leave the plan as it is.

    Parameters
    ----------
    plan : Plan
        What must come in.
    by : mapping of level to share, or to mapping of label to share
        The levels from the top down, each an axis or one it is nested in, and what each adds
        [share, above -1], read exactly. Below 0 it holds back, as for people still to be
        hired. Labels that are not named get no buffer.
    limit : share, default "0.2"
        Compounded buffers above this are a finding.

    Returns
    -------
    Buffered
        At each level every place has its base, which is exact, and its street amount: the
        base times ``1 + share`` of its own level and of all levels above, rounded half up
        once. The plan is kept, so that taking the buffers off gives it back bit for bit.

    Raises
    ------
    LabelError
        For an unknown level or label.
    SalescoreError
        For a share of -1 or less, or one that is no number.
    MissingValueError
        For a share of NaN.
    AmountOverflowError
        For street amounts, or shares so fine, that 64 bits cannot hold them.

    Notes
    -----
    Buffers compound: 10 % at three levels hand out 33.1 % more than must come in. So each
    level shows what it adds alone and what has come together; of a place whose base is below
    0 the same is done with its size.

    Examples
    --------
    >>> from salescore.targets import allocate
    >>> cells = Cells.from_columns(
    ...     {"team": ["A", "A", "B"], "rep": ["Li", "Wu", "Xu"]},
    ...     [50, 30, 20],
    ...     nested={"rep": "team"},
    ... )
    >>> layers = buffer(allocate(1000, cells), by={"team": 0.05, "rep": {"Li": 0.1}})
    >>> layers.level("team").street.amount.tolist(), layers.level("rep").street.amount.tolist()
    ([840, 210], [578, 315, 210])
    """
    most = share(limit, "limit of compounded buffers")
    names = tuple(by)
    levels: list[BufferedLevel] = []
    findings: list[Finding] = []
    for depth, name in enumerate(names):
        base = plan.cells.by(*names[: depth + 1])
        factor = _Factor.of_none(len(base))
        for above in names[:depth]:
            factor = factor.times(*_shares(base, above, by[above]))
        alone = _Factor.of_none(len(base)).times(*_shares(base, name, by[name]))
        factor = factor.times(*_shares(base, name, by[name]))
        street = base.with_amount(factor.of(base.amount))
        level = BufferedLevel(name, base, street, alone.shares(), factor.shares())
        levels.append(level)
        findings += _findings(level, factor, most)
    return Buffered(plan, levels, findings)


class _Factor:
    """What each place is multiplied by: few different factors, and which one each has."""

    def __init__(self, factors: list[Fraction], codes: CodeArray) -> None:
        self.factors = factors
        self.codes = codes

    @classmethod
    def of_none(cls, size: int) -> _Factor:
        return cls([Fraction(1)], np.zeros(size, dtype=np.int64))

    def times(self, factors: list[Fraction], codes: CodeArray) -> _Factor:
        found, joint = np.unique(self.codes * len(factors) + codes, return_inverse=True)
        pairs: list[int] = found.tolist()
        products = [
            self.factors[pair // len(factors)] * factors[pair % len(factors)] for pair in pairs
        ]
        return _Factor(products, joint)

    def shares(self) -> FloatArray:
        column = np.array([float(factor - 1) for factor in self.factors], dtype=np.float64)
        return column[self.codes]

    def of(self, amount: IntArray) -> IntArray:
        """Multiply and round half up; amounts below 0 by their size."""
        size = np.abs(amount)
        for factor in self.factors:
            if factor.denominator >= 2**61:
                rule = "shares with fewer digits"
                raise AmountOverflowError("compounded buffer", expected=rule, got=factor - 1)
        largest = int(size.max(initial=0))
        if max(self.factors, default=Fraction(1)) * largest >= _LARGEST:
            rule = "street amounts below 2**63"
            raise AmountOverflowError("buffer", expected=rule, got=max(self.factors) - 1)
        wholes = [divmod(factor.numerator, factor.denominator) for factor in self.factors]
        units, parts = np.array(wholes, dtype=np.int64).reshape(-1, 2).T
        den = np.array([factor.denominator for factor in self.factors], dtype=np.int64)[self.codes]
        quotient, rest = muldiv(parts[self.codes], size, den)
        street = units[self.codes] * size + quotient + (2 * rest >= den)
        return np.where(amount < 0, -street, street)


def _shares(base: Cells, name: str, stated: Buffer) -> tuple[list[Fraction], CodeArray]:
    """Give the different factors of a level and which one each place has."""
    codes = base.codes_on(name)
    if not isinstance(stated, Mapping):
        return [1 + _signed(stated, f"buffer of {name!r}")], np.zeros_like(codes)
    axis = _axis(base, name)
    factors = [Fraction(1)]
    table = np.zeros(len(axis), dtype=np.int64)
    for label, value in stated.items():
        table[axis.position(label)] = len(factors)
        factors.append(1 + _signed(value, f"buffer of {name} {label!r}"))
    return factors, table[codes]


def _axis(cells: Cells, name: str) -> Axis:
    return next(above for axis in cells.axes for above in axis.lineage if above.name == name)


def _signed(value: Share, what: str) -> Fraction:
    text = str(value).strip()
    exact = -share(text[1:], what) if text.startswith("-") else share(value, what)
    if exact <= -1:
        raise SalescoreError(what, expected="a share above -1", got=value)
    return exact


def _findings(level: BufferedLevel, factor: _Factor, limit: Fraction) -> list[Finding]:
    found: list[Finding] = []
    if not len(level.base):
        return found
    largest = max(factor.factors) - 1
    if largest > limit:
        row = int((factor.codes == factor.factors.index(largest + 1)).argmax())
        place = _places({name: c[row : row + 1] for name, c in level.to_columns().items()})[0]
        en = f"Buffers add up to {float(largest):.1%} at {level.name} {place}."
        zh = f"{level.name} {place} 的累计加码达 {float(largest):.1%}。"
        where = ((level.name, place),)
        found.append(Finding("buffer.compounded", "warning", where, largest, limit, Text(en, zh)))
    if level.held_back:
        amount = level.base.unit.show(level.held_back)
        text = Text(
            f"{amount} is held back at level {level.name}.", f"{level.name} 级预留 {amount}。"
        )
        where = (("level", level.name),)
        found.append(Finding("buffer.held_back", "info", where, level.held_back, 0, text))
    return found
