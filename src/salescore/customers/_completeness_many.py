"""How complete the cards of many customers are, as columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Finding,
    Formats,
    Result,
    Text,
    equal_lengths,
    freeze,
    headed_table,
    locked,
    locked_if_any,
    measures,
    objects,
    whole,
)
from salescore.customers._card_fields import INFO_FORM, CardField, CardForm
from salescore.customers._completeness import Completeness
from salescore.customers._nulls import are, check_null
from salescore.customers._scores import called, customer_ids
from salescore.errors import LabelError, SalescoreError, ShapeError
from salescore.kernels import tally
from salescore.typing import AnyArray, BoolArray, Column, FloatArray, IntArray, Language

__all__ = ["CompletenessTable", "completeness_many"]

_HEADS = {
    "customer": Text("customer", "客户"),
    "filled": Text("filled", "已填"),
    "total": Text("of", "应填"),
    "completeness": Text("complete", "完整度"),
    "required_open": Text("required open", "必填未填"),
}
_OPEN_FOR = Text(
    "{} is required and open for {} of {} customers", "必填栏目“{}”有{} / {}个客户未填"
)


def _locked_all(masks: Iterable[BoolArray]) -> tuple[BoolArray, ...]:
    return tuple(map(locked, masks))


@frozen(eq=False, repr=False)
class CompletenessTable(Result):
    """How complete the cards of many customers are; made by `completeness_many`.

    Parameters
    ----------
    form : CardForm
        By which fields they were judged.
    masks : k arrays of (n,) bool
        For each field of the form who has an entry.
    filled : (n,) int64
        Weight of the fields that have an entry.
    ids : (n,) int64 or object, optional
        Name or number of each customer.
    """

    form: CardForm
    masks: tuple[BoolArray, ...] = field(converter=_locked_all)
    filled: IntArray = field(converter=locked)
    ids: AnyArray | None = field(default=None, converter=locked_if_any)

    def __attrs_post_init__(self) -> None:
        n = len(self.form.fields)
        if len(self.masks) != n:
            raise ShapeError("masks", expected=f"one for each of {n} fields", got=len(self.masks))
        for array in (*self.masks, *(() if self.ids is None else (self.ids,))):
            if array.shape != self.filled.shape:
                rule = f"{self.filled.size} customers"
                raise ShapeError("columns of the completeness", expected=rule, got=array.shape)

    @property
    def total(self) -> int:
        """Weight of all fields; at least 1."""
        return self.form.total

    @property
    def share(self) -> FloatArray:
        """(n,) float64: weight filled over total weight [share 0-1]; the nearest float."""
        return freeze(self.filled / self.total)

    @property
    def required_open(self) -> IntArray:
        """(n,) int64: how many required fields are open."""
        count = np.zeros(len(self), dtype=np.int64)
        for each, mask in zip(self.form.fields, self.masks, strict=True):
            if each.required:
                count += ~mask
        return freeze(count)

    @property
    def by_field(self) -> dict[str, int]:
        """For each field how many customers have an entry."""
        counts = [int(np.count_nonzero(mask)) for mask in self.masks]
        return dict(zip(self.form.keys, counts, strict=True))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One for each required field that is open somewhere (``card.required_open``)."""
        n = len(self)
        return tuple(
            Finding(
                "card.required_open",
                "warning",
                (("field", each.key),),
                n - count,
                0,
                Text(
                    _OPEN_FOR.en.format(each.text, n - count, n),
                    _OPEN_FOR.zh.format(each.text.to("zh"), n - count, n),
                ),
            )
            for each, count in zip(self.form.fields, self.by_field.values(), strict=True)
            if each.required and count < n
        )

    def of(self, i: int) -> Completeness:
        """How complete is the card of one customer?

        Parameters
        ----------
        i : int
            Its row.

        Returns
        -------
        Completeness
            As `completeness` of its card.

        Raises
        ------
        SalescoreError
            When the row does not exist.
        """
        row = whole(i, "row of a customer", least=0)
        if row >= len(self):
            raise SalescoreError("row of a customer", expected=f"below {len(self)}", got=row)
        pairs = zip(self.form.keys, self.masks, strict=True)
        empty = [key for key, mask in pairs if not mask[row]]
        return Completeness(called(self.ids, len(self)).tolist()[row], self.form, empty)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer.

        Returns
        -------
        dict of str to (n,) ndarray
            ``customer``, ``filled`` int64, ``total`` int64, ``completeness`` float64 [share
            0-1], ``required_open`` int64.
        """
        return {
            "customer": called(self.ids, len(self)),
            "filled": self.filled,
            "total": np.full(len(self), self.total, dtype=np.int64),
            "completeness": self.share,
            "required_open": self.required_open,
        }

    def facts(self) -> dict[str, Any]:
        """Give how many customers have each field, and the codes of the findings."""
        return {
            "customers": len(self),
            "by_field": self.by_field,
            "findings": [finding.code for finding in self.findings],
        }

    def formats(self) -> Formats:
        """Show completeness as percent."""
        return {"completeness": "{:.0%}".format}

    def summary(self, language: Language = "en") -> str:
        """Give the customers as a table, then the remarks.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            One line a customer up to 20, one line a remark.
        """
        shown = headed_table(self.to_columns(), _HEADS, language, formats=self.formats())
        remarks = [finding.text.to(language) for finding in self.findings]
        return "\n".join([shown, *remarks])

    def __len__(self) -> int:
        return len(self.filled)

    def __repr__(self) -> str:
        full = int(np.count_nonzero(self.filled == self.total))
        return f"<CompletenessTable of {len(self):,} customers: {full:,} complete>"


def completeness_many(
    columns: Mapping[str, Column], form: CardForm = INFO_FORM, *, ids: Column | None = None
) -> CompletenessTable:
    """How complete are the cards of many customers; `completeness` for columns.

    Parameters
    ----------
    columns : mapping of str to (n,) column-like
        The entries of each field of the form, by key: texts, whole or measured numbers, days
        (datetime64), and for lists how many entries there are. None, NaN, NaT and blank texts
        are open; so is a list of 0 entries. For any field, truth values may say who has an
        entry.
    form : CardForm, default INFO_FORM
        Which fields count, and how much.
    ids : (n,) column-like of str or int, optional
        Name or number of each customer, all different.

    Returns
    -------
    CompletenessTable
        One row a customer, exact in whole weights. No rows give an empty answer.

    Raises
    ------
    LabelError
        For a field without a column, a column without a field, an id named twice.
    ShapeError
        For columns of unequal lengths.
    SalescoreError
        For entries of another kind, and numbers below 0 or shares above 100.
    AmountOverflowError
        For weights whose sum does not fit int64.

    Examples
    --------
    >>> from salescore.core import Text
    >>> from salescore.customers import CardField, CardForm
    >>> fields = [CardField("name", Text("Name")), CardField("staff", Text("Staff"), "number")]
    >>> form = CardForm(Text("Card"), fields)
    >>> found = completeness_many({"name": ["Hua", " ", None], "staff": [3, 0, float("nan")]}, form)
    >>> found, found.filled.tolist(), found.by_field
    (<CompletenessTable of 3 customers: 1 complete>, [2, 1, 0], {'name': 1, 'staff': 2})
    """
    lacking = [key for key in form.keys if key not in columns]
    if lacking:
        rule = f"a column for each of {form.keys}"
        raise LabelError("columns of the cards", expected=rule, got=f"none for {lacking}")
    form.check_known(columns)
    n = equal_lengths([(key, len(columns[key])) for key in form.keys], "columns of the cards")
    masks = [_filled(columns[each.key], each) for each in form.fields]
    states = [mask.astype(np.int8) for mask in masks]
    done, _, _ = tally(states, [each.weight for each in form.fields], rows=n)
    return CompletenessTable(form, masks, freeze(done), customer_ids(ids, n))


def _filled(column: Column, each: CardField) -> BoolArray:
    """Say which rows have an entry of the field's kind."""
    what = f"column {each.key!r}"
    array: AnyArray = np.asarray(column)
    if array.ndim != 1:
        raise ShapeError(what, expected="one dimension", got=f"shape {array.shape}")
    if array.dtype == np.bool_:
        return array.copy()
    if each.kind == "text":
        # NumPy would make texts of the numbers that stand beside texts in a list.
        return _text_filled(array.tolist() if hasattr(column, "dtype") else list(column), what)
    if each.kind == "day":
        return _day_filled(array, what)
    numbers = measures(array, what)
    known = ~np.isnan(numbers)
    most = 100 if each.kind == "percent" else np.inf
    wrong = known & ~((numbers >= 0) & (numbers <= most))
    if wrong.any():
        row = int(wrong.argmax())
        rule = "numbers from 0 to 100" if each.kind == "percent" else "numbers >= 0"
        raise SalescoreError(what, where=f"row {row}", expected=rule, got=numbers[row])
    return known & (numbers > 0) if each.kind == "list" else known


def _text_filled(values: list[Any], what: str) -> BoolArray:
    is_text = are(values, str)
    texts = objects(values)
    filled = np.zeros(len(values), dtype=bool)
    stripped = map(str.strip, texts[is_text].tolist())
    filled[is_text] = np.fromiter(map(bool, stripped), dtype=bool, count=int(is_text.sum()))
    check_null(texts[~is_text].tolist(), what, "texts, None or NaN")
    return filled


def _day_filled(array: AnyArray, what: str) -> BoolArray:
    if array.dtype.kind == "O":
        try:
            array = array.astype("datetime64[D]")
        except (ValueError, TypeError) as error:
            raise SalescoreError(what, expected="days (datetime64)", got=str(error)) from error
    if array.dtype.kind != "M":
        check_null(array.tolist(), what, "days (datetime64)")
        return np.zeros(array.size, dtype=bool)
    return ~np.isnat(array)
