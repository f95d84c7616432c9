"""Parts the change of a product of factors into what each factor did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import Formats, Result, Text, equal_lengths, headed_table, locked, measures
from salescore.errors import LabelError, MissingValueError, SalescoreError, ShapeError
from salescore.kernels import factor_effects
from salescore.typing import AnyArray, Column, FloatArray, Language

__all__ = ["FactorEffects", "decompose_factors"]

_HEADS = {
    "item": Text("item", "项目"),
    "before": Text("before", "基期"),
    "after": Text("after", "本期"),
    "change": Text("change", "增减"),
}


def _names(names: Any) -> tuple[str, ...]:
    return tuple(names)


@frozen(eq=False, repr=False)
class FactorEffects(Result):
    """What each factor of a product did to its change; made by `decompose_factors`.

    Parameters
    ----------
    factors : iterable of str
        The k factors.
    before, after : (n,) float64
        Their product then and now.
    effects : (k, n) float64
        What each did, item by item; adds up to the change of the product.
    """

    factors: tuple[str, ...] = field(converter=_names)
    before: FloatArray = field(converter=locked)
    after: FloatArray = field(converter=locked)
    effects: FloatArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        equal_lengths([("before", len(self.before)), ("after", len(self.after))], "products")
        shape = (len(self.factors), len(self.before))
        if self.effects.shape != shape:
            rule = f"factors x items, {shape}"
            raise ShapeError("effects of factors", expected=rule, got=self.effects.shape)

    @property
    def change(self) -> FloatArray:
        """(n,) float64: product after less before."""
        difference: FloatArray = self.after - self.before
        return difference

    @property
    def totals(self) -> dict[str, float]:
        """What each factor did to the sum over all items."""
        return dict(zip(self.factors, self.effects.sum(axis=1).tolist(), strict=True))

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row an item: ``item`` (its row), ``before``, ``after``, ``change``, factors."""
        return {
            "item": np.arange(len(self)),
            "before": self.before,
            "after": self.after,
            "change": self.change,
            **dict(zip(self.factors, self.effects, strict=True)),
        }

    def facts(self) -> dict[str, Any]:
        """Give the factors, and what each did to the sum over all items."""
        return {"factors": list(self.factors), "totals": self.totals}

    def formats(self) -> Formats:
        """Show effects with a sign."""
        formats: Formats = dict.fromkeys(("change", *self.factors), _signed)
        return formats

    def summary(self, language: Language = "en") -> str:
        """Give the effects as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and a table of the first items.
        """
        table = headed_table(self.to_columns(), _HEADS, language, formats=self.formats())
        return f"{self!r}\n{table}"

    def __len__(self) -> int:
        return len(self.before)

    def __repr__(self) -> str:
        told = ", ".join(f"{name} {_signed(total)}" for name, total in self.totals.items())
        change = _signed(float(self.after.sum() - self.before.sum()))
        return f"<FactorEffects of {len(self):,} items, {change}: {told or 'no factors'}>"


def _signed(value: float) -> str:
    return f"{value:+,.4g}" if abs(value) < 10**4 else f"{value:+,.0f}"


def decompose_factors(before: Mapping[str, Column], after: Mapping[str, Column]) -> FactorEffects:
    """Tell what each factor did to the change of their product: visits x orders x size.

    Parameters
    ----------
    before, after : mapping of str to (n,) column-like of numbers
        The same factors then and now, item by item, none negative.

    Returns
    -------
    FactorEffects
        The effects of each item add up to the change of its product, to the rounding of
        floats, and nothing is left over. Then and now turned round, effects turn their sign.
        Effects of items added up are those of the whole, in any partition. Where a factor is 0
        on one side alone, the whole change is its own, shared equally where there are several.
        No items have no effects.

    Raises
    ------
    LabelError
        For no factors, or factors that are not the same on both sides.
    ShapeError
        For columns of different lengths.
    MissingValueError
        For NaN and null.
    SalescoreError
        For a number below 0, an infinite one, or a product too large for a float.

    Notes
    -----
    Additive LMDI-I (Ang, Energy Policy 33, 2005): the logarithmic mean of both products times
    the logarithm of the growth of the factor, with its limits at 0 instead of a small number
    (Wood and Lenzen 2006; Ang and Liu 2007).

    Examples
    --------
    >>> found = decompose_factors(
    ...     {"visits": [200], "orders a visit": [0.25], "order": [800]},
    ...     {"visits": [260], "orders a visit": [0.20], "order": [900]},
    ... )
    >>> found
    <FactorEffects of 1 items, +6,800: visits +11,363, orders a visit -9,665, order +5,101>
    """
    names = tuple(before)
    if not names or set(names) != set(after):
        got = f"{', '.join(names) or 'none'} and {', '.join(after) or 'none'}"
        raise LabelError("factors", expected="the same on both sides, at least one", got=got)
    then, now = (
        [_read(side[name], f"factor {name!r} {when}") for name in names]
        for side, when in ((before, "before"), (after, "after"))
    )
    sizes = [(name, column.size) for name, column in zip(names * 2, [*then, *now], strict=True)]
    equal_lengths(sizes, "factors")
    with np.errstate(over="ignore"):
        old, new = np.prod(then, axis=0), np.prod(now, axis=0)
    lost = ~np.isfinite(old + new)
    if lost.any():
        where = f"row {int(lost.argmax())}"
        raise SalescoreError("product of the factors", where=where, expected="a finite number")
    return FactorEffects(names, old, new, factor_effects(then, now))


def _read(column: Column, what: str) -> FloatArray:
    found = measures(column, what)
    wrong = np.isnan(found) | (found < 0)
    if wrong.any():
        row = int(wrong.argmax())
        where, rule = f"row {row}", "a number >= 0"
        if np.isnan(found[row]):
            raise MissingValueError(what, where=where, expected=rule, got="NaN")
        raise SalescoreError(what, where=where, expected=rule, got=found[row])
    return found
