"""How much does each criterion count, by which method, and what should be known about it?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import isfinite, lcm
from typing import Any, Literal, TypeAlias, TypeGuard

import numpy as np
from attrs import asdict, field, frozen

from salescore.core import (
    Finding,
    Formats,
    Result,
    Text,
    headed_table,
    listed,
    objects,
    one_of,
    whole,
)
from salescore.errors import LabelError, MissingValueError, SalescoreError, ShapeError
from salescore.kernels import apportion
from salescore.typing import AnyArray, Language

__all__ = [
    "Consistency",
    "Priority",
    "RandomIndex",
    "Triad",
    "WeightMethod",
    "Weights",
    "checked_keys",
    "normalised",
]

WeightMethod: TypeAlias = Literal["direct", "swing", "roc", "rank_sum", "ahp", "entropy", "critic"]
"""How weights were found."""

Priority: TypeAlias = Literal["eigenvector", "geometric"]
"""How weights follow from pairwise comparisons: the Perron vector, or the row geometric means."""

RandomIndex: TypeAlias = Literal[
    "saaty2005", "classic", "donegan_dodd", "tummala_ling", "alonso_lamata"
]
"""Which table says how inconsistent random comparisons are."""

_METHODS = ("direct", "swing", "roc", "rank_sum", "ahp", "entropy", "critic")
_TABLES = ("saaty2005", "classic", "donegan_dodd", "tummala_ling", "alonso_lamata")
_ACCEPTED = 0.10
_FINE = 2**60
_ROUNDING = Fraction(1, 10**9)
_HEADS = {
    "criterion": Text("criterion", "标准"),
    "share": Text("share", "权重"),
    "exact": Text("exact", "精确值"),
}
_RATIO = Text("consistency ratio {} ({})", "一致性比率 {}（{}）")


def checked_keys(keys: Iterable[object], what: str) -> tuple[str, ...]:
    """Read the keys of criteria: texts, at least one, each once."""
    rule = "keys of criteria, one at least"
    if isinstance(keys, str):
        raise LabelError(what, expected=rule, got=f"the one text {keys!r}")
    found: list[str] = []
    for key in keys:
        if not isinstance(key, str) or not key:
            raise LabelError(what, expected="texts that are not empty", got=repr(key))
        found.append(key)
    if not found:
        raise LabelError(what, expected=rule, got="none")
    twice = next((key for place, key in enumerate(found) if key in found[:place]), None)
    if twice is not None:
        raise LabelError(what, expected="different keys", got=f"{twice!r} twice")
    return tuple(found)


def normalised(points: Sequence[Fraction], what: str) -> tuple[Fraction, ...]:
    """Divide points by their sum, exactly."""
    total = sum(points)
    if not total:
        raise SalescoreError(what, expected="one above 0 at least", got="only zeros")
    return tuple(point / total for point in points)


@frozen
class Triad:
    """Three criteria whose comparisons contradict each other.

    Parameters
    ----------
    keys : tuple of three str
        The criteria a, b and c.
    direct : Fraction
        How many times as much as c a was said to count, > 0.
    through : Fraction
        How many times as much it counts by way of b: (a to b) times (b to c), > 0.

    Raises
    ------
    LabelError
        For keys that are not different texts.
    SalescoreError
        For other than three keys, or a ratio that is not above 0.

    Examples
    --------
    >>> triad = Triad(("credit", "loyalty", "distance"), Fraction(2), Fraction(6))
    >>> triad.factor
    Fraction(3, 1)
    """

    keys: tuple[str, ...] = field(converter=listed)
    direct: Fraction
    through: Fraction

    def __attrs_post_init__(self) -> None:
        if len(checked_keys(self.keys, "keys of a triad")) != 3:
            raise ShapeError("keys of a triad", expected="three", got=len(self.keys))
        for name, ratio in (("direct", self.direct), ("through", self.through)):
            if not _is_fraction(ratio) or ratio <= 0:
                what = f"{name} ratio of a triad"
                raise SalescoreError(what, expected="a Fraction above 0", got=repr(ratio))

    @property
    def factor(self) -> Fraction:
        """How many times the two ways differ; 1 when they agree, never below."""
        return max(self.direct / self.through, self.through / self.direct)

    @property
    def text(self) -> Text:
        """The contradiction in one sentence."""
        a, b, c = self.keys
        direct, through, factor = map(_plain, (self.direct, self.through, self.factor))
        return Text(
            f"{a} was put at {direct} times {c}, but by way of {b} it is {through} times: "
            f"the two differ {factor}-fold.",
            f"直接比较：{a}为{c}的{direct}倍；经由{b}推算为{through}倍，两者相差{factor}倍。",
        )


@frozen
class Consistency:
    """How well pairwise comparisons agree with each other; made by `weights.ahp`.

    Parameters
    ----------
    priority : {"eigenvector", "geometric"}
        How the weights followed from the comparisons.
    lambda_max : float
        Largest eigenvalue of the comparisons, at least their number of criteria. Of incomplete
        comparisons the smallest that any completion gives.
    index : float
        Consistency index CI, ``(lambda_max - n) / (n - 1)``; 0 when nothing contradicts, and
        for a single criterion.
    table : {"saaty2005", "classic", "donegan_dodd", "tummala_ling", "alonso_lamata"}
        Which table the random index is from.
    random_index : float or None
        The mean CI of random comparisons of so many criteria; None beyond the table.
    ratio : float or None
        Consistency ratio CR, ``index / random_index``; 0 for one or two criteria, which cannot
        contradict; None beyond the table.
    triad : Triad, optional
        The three criteria that contradict most; None when no three do.
    filled : tuple of (str, str, float)
        The comparisons that were missing, and the ratio that agrees best with the others.

    Raises
    ------
    SalescoreError
        For an unknown priority or table.
    """

    priority: Priority
    lambda_max: float
    index: float
    table: RandomIndex
    random_index: float | None
    ratio: float | None
    triad: Triad | None = None
    filled: tuple[tuple[str, str, float], ...] = field(default=(), converter=listed)

    def __attrs_post_init__(self) -> None:
        one_of(self.priority, "priority of comparisons", ("eigenvector", "geometric"))
        one_of(self.table, "table of random indices", _TABLES)

    @property
    def acceptable(self) -> bool | None:
        """Whether the ratio is at most 0.10, as Saaty asks; None where there is no ratio."""
        return None if self.ratio is None else self.ratio <= _ACCEPTED

    def to_dict(self) -> dict[str, Any]:
        """Give the answer as plain Python.

        Returns
        -------
        dict
            JSON-ready; the triad by its keys.
        """
        plain = asdict(self, filter=lambda each, _: each.name not in {"triad", "filled"})
        return {
            **plain,
            "acceptable": self.acceptable,
            "triad": None if self.triad is None else list(self.triad.keys),
            "filled": [list(each) for each in self.filled],
        }


@frozen(repr=False)
class Weights(Result):
    """How much each criterion counts; made by the functions of `weights`.

    Parameters
    ----------
    keys : tuple of str
        The criteria; all differ.
    parts : tuple of Fraction, or of float
        The share of each, none below 0 [share 0-1]. Fractions add up to exactly 1, floats but
        for rounding.
    method : {"direct", "swing", "roc", "rank_sum", "ahp", "entropy", "critic"}
        How they were found.
    findings : tuple of Finding
        What should be known before they are used.
    consistency : Consistency, optional
        How well the comparisons agree; for ``"ahp"`` only.

    Raises
    ------
    LabelError
        For no keys, keys that are no texts, and a key that is named twice.
    MissingValueError
        For a share that is NaN.
    ShapeError
        When there is not one share for each key.
    SalescoreError
        For shares of another kind or below 0, and when they do not add up to 1.

    Notes
    -----
    Fractions are exact; floats come from pairwise comparisons that contradict each other, and
    from data. `whole` turns both into the whole weights of a `ScoringPolicy`.

    Examples
    --------
    >>> from salescore.customers import weights
    >>> found = weights.roc(["volume", "credit", "loyalty"])
    >>> found
    <Weights of 3 criteria by roc, exact>
    >>> found.shares["volume"]
    Fraction(11, 18)
    >>> found.whole(100)
    {'volume': 61, 'credit': 28, 'loyalty': 11}
    """

    keys: tuple[str, ...] = field(converter=listed)
    parts: tuple[Fraction, ...] | tuple[float, ...] = field(converter=listed)
    method: WeightMethod
    findings: tuple[Finding, ...] = field(default=(), converter=listed)
    consistency: Consistency | None = None

    def __attrs_post_init__(self) -> None:
        checked_keys(self.keys, "keys of the weights")
        one_of(self.method, "method of the weights", _METHODS)
        if len(self.parts) != len(self.keys):
            rule = f"one for each of {len(self.keys)} criteria"
            raise ShapeError("shares of the weights", expected=rule, got=len(self.parts))
        for key, part in zip(self.keys, self.parts, strict=True):
            _check_part(part, f"share of {key!r}")
        total = sum((Fraction(part) for part in self.parts), Fraction())
        if abs(total - 1) > (0 if self.exact else _ROUNDING):
            raise SalescoreError("shares of the weights", expected="a sum of 1", got=float(total))

    @property
    def exact(self) -> bool:
        """Whether all shares are Fractions."""
        return all(isinstance(part, Fraction) for part in self.parts)

    @property
    def shares(self) -> dict[str, Fraction | float]:
        """The share of each criterion [share 0-1]."""
        return dict(zip(self.keys, self.parts, strict=True))

    def whole(self, total: int = 100) -> dict[str, int]:
        """Which whole weights come closest to the shares, with a stated total?

        Parameters
        ----------
        total : int, default 100
            What they add up to, >= 1; the total of a `ScoringPolicy`.

        Returns
        -------
        dict of str to int
            By key, in the order of the keys. They add up to *total* exactly; each is its share
            of the total rounded down or up, by largest remainder, the first key first where
            remainders are equal. A small share can become 0.

        Raises
        ------
        SalescoreError
            For a total below 1.

        Notes
        -----
        Shares whose common denominator is above 2**60 are first read to one part in 2**60.

        Examples
        --------
        >>> from salescore.customers import weights
        >>> found = weights.rank_sum(["volume", "credit"])
        >>> found.whole(), found.whole(10)
        ({'volume': 67, 'credit': 33}, {'volume': 7, 'credit': 3})
        """
        size = whole(total, "total of the weights", least=1)
        exact = [Fraction(part) for part in self.parts]
        scale = lcm(*(part.denominator for part in exact))
        scale = min(scale, _FINE)
        units = np.array([round(part * scale) for part in exact], dtype=np.int64)
        return dict(zip(self.keys, apportion(units, size).tolist(), strict=True))

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a criterion.

        Returns
        -------
        dict of str to (k,) ndarray
            ``criterion`` of text, ``share`` float64 [share 0-1], and for exact shares ``exact``
            of text, such as ``"11/18"``.
        """
        columns: dict[str, AnyArray] = {
            "criterion": objects(self.keys),
            "share": np.array([float(part) for part in self.parts]),
        }
        exact = {"exact": objects([str(part) for part in self.parts])}
        return {**columns, **exact} if self.exact else columns

    def facts(self) -> dict[str, Any]:
        """Give the method, the codes of the findings, and how consistent comparisons are."""
        consistency = self.consistency
        return {
            "method": self.method,
            "findings": [finding.code for finding in self.findings],
            "consistency": None if consistency is None else consistency.to_dict(),
        }

    def formats(self) -> Formats:
        """Show shares with four decimals."""
        return {"share": _four}

    def summary(self, language: Language = "en") -> str:
        """Give the shares as a text, and what should be known about them.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr, one line a criterion, one line a finding.
        """
        formats = {"share": _four}
        columns, rows = self.to_columns(), len(self.keys)
        shown = headed_table(columns, _HEADS, language, rows=rows, formats=formats)
        remarks = [f"! {' '.join(each.text.to(language).split())}" for each in self.findings]
        return "\n".join([repr(self), shown, *self._ratio(language), *remarks])

    def _ratio(self, language: Language) -> list[str]:
        if self.consistency is None:
            return []
        ratio = self.consistency.ratio
        shown = "-" if ratio is None else f"{ratio:.4f}"
        return [_RATIO.to(language).format(shown, self.consistency.table)]

    def __len__(self) -> int:
        return len(self.keys)

    def __repr__(self) -> str:
        kind = "exact" if self.exact else "float"
        return f"<Weights of {len(self):,} criteria by {self.method}, {kind}>"


def _is_fraction(value: object) -> TypeGuard[Fraction]:
    return isinstance(value, Fraction)


def _check_part(part: object, what: str) -> None:
    rule = "a Fraction or a float >= 0"
    if isinstance(part, float) and part != part:  # noqa: PLR0124  # only NaN differs from itself
        raise MissingValueError(what, expected=rule, got="NaN")
    if not isinstance(part, Fraction | float) or not isfinite(part) or part < 0:
        raise SalescoreError(what, expected=rule, got=repr(part))


def _four(share: float) -> str:
    return f"{share:.4f}"


def _plain(ratio: Fraction) -> str:
    return f"{float(ratio):.3g}"
