"""How complete the card of a customer is, and which fields are still open."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import Finding, Result, Text, listed, objects, text_table
from salescore.customers._card_fields import INFO_FORM, STRATEGY_FORM, CardField, CardForm
from salescore.customers._cards import InfoCard
from salescore.customers._strategy import StrategyCard
from salescore.errors import LabelError
from salescore.typing import AnyArray, Label, Language

__all__ = ["Completeness", "completeness"]

_HEADS = Text("open", "未填"), Text("weight", "权重"), Text("required", "必填")
_YES_NO = Text("no", "否"), Text("yes", "是")
_LINE = Text("{}, {}: {} of {} filled ({})", "{}，{}：{} / {}（{}）")
_OPEN = Text("{} is required and open", "必填栏目“{}”未填")


@frozen(repr=False)
class Completeness(Result):
    """How complete one card is; made by `completeness`.

    Parameters
    ----------
    customer : str or int
        Whose card it is.
    form : CardForm
        By which fields it was judged.
    open : tuple of str
        Keys of the fields without an entry, in the order of the form.
    """

    customer: Label
    form: CardForm
    open: tuple[str, ...] = field(converter=listed)

    def __attrs_post_init__(self) -> None:
        self.form.check_known(self.open)
        if len(set(self.open)) != len(self.open):
            raise LabelError("open fields of a card", expected="each once", got=list(self.open))

    @property
    def total(self) -> int:
        """Weight of all fields; at least 1."""
        return self.form.total

    @property
    def filled(self) -> int:
        """Weight of the fields that have an entry."""
        return self.total - sum(each.weight for each in self.missing)

    @property
    def share(self) -> Fraction:
        """Weight filled over total weight, exact [share 0-1]."""
        return Fraction(self.filled, self.total)

    @property
    def missing(self) -> tuple[CardField, ...]:
        """The fields without an entry, with their names."""
        return tuple(each for each in self.form.fields if each.key in self.open)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One for each required field that is open (``card.required_open``)."""
        return tuple(
            Finding(
                "card.required_open",
                "warning",
                (("customer", str(self.customer)), ("field", each.key)),
                None,
                None,
                Text(_OPEN.en.format(each.text), _OPEN.zh.format(each.text.to("zh"))),
            )
            for each in self.missing
            if each.required
        )

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a field.

        Returns
        -------
        dict of str to (k,) ndarray
            ``field``, ``en``, ``zh``, ``weight`` int64, ``required`` bool, ``filled`` bool.
        """
        fields = self.form.fields
        return {
            "field": objects(self.form.keys),
            "en": objects([each.text.en for each in fields]),
            "zh": objects([each.text.to("zh") for each in fields]),
            "weight": np.array([each.weight for each in fields], dtype=np.int64),
            "required": np.array([each.required for each in fields], dtype=bool),
            "filled": np.array([each.key not in self.open for each in fields], dtype=bool),
        }

    def facts(self) -> dict[str, Any]:
        """Give the customer, the weights, and the codes of the findings."""
        return {
            "customer": self.customer,
            "card": self.form.title.en,
            "weight_filled": self.filled,
            "weight_total": self.total,
            "completeness": float(self.share),
            "findings": [finding.code for finding in self.findings],
        }

    def summary(self, language: Language = "en") -> str:
        """Give what is open as a text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            How complete the card is, and one line for each open field.
        """
        shown = f"{float(self.share):.0%}"
        said = _LINE.to(language).format(
            self.form.title.to(language), self.customer, self.filled, self.total, shown
        )
        heads = [head.to(language) for head in _HEADS]
        columns = (
            [each.text.to(language) for each in self.missing],
            [each.weight for each in self.missing],
            [_YES_NO[each.required].to(language) for each in self.missing],
        )
        table = text_table(dict(zip(heads, columns, strict=True)), rows=len(self.open))
        return f"{said}\n{table}" if self.open else said

    def __repr__(self) -> str:
        customer = " ".join(str(self.customer).split())  # a repr is one line
        return f"<Completeness {customer}: {self.filled} of {self.total}, {len(self.open)} open>"


def completeness(card: InfoCard | StrategyCard, form: CardForm | None = None) -> Completeness:
    """How complete is the card of a customer, and what is still open?

    Parameters
    ----------
    card : InfoCard or StrategyCard
        The card.
    form : CardForm, optional
        Which fields count, and how much; `INFO_FORM` or `STRATEGY_FORM` if not given.

    Returns
    -------
    Completeness
        From 0 for a card without an entry to 1 for a full one, an exact fraction of whole
        weights. Filling a field never lowers it. A 0 is an entry; None and an empty list are not.

    Raises
    ------
    LabelError
        For a form with fields that the card does not have.

    Examples
    --------
    >>> from salescore.customers import InfoCard
    >>> found = completeness(InfoCard(customer="Hongda", name="Hongda Trading", credit_limit=0))
    >>> found, found.share
    (<Completeness Hongda: 6 of 50, 22 open>, Fraction(3, 25))
    >>> [str(finding.text) for finding in found.findings][:1]
    ['Region is required and open']
    """
    own = INFO_FORM if isinstance(card, InfoCard) else STRATEGY_FORM
    judged = own if form is None else form
    own.check_known(judged.keys)
    empty = [key for key in judged.keys if getattr(card, key) in {None, ()}]
    return Completeness(card.customer, judged, empty)
