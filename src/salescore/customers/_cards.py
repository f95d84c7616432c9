"""What is known of one customer: its information card, with its people and competitors."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from salescore.core import Finding, Text, Unit, one_of, whole
from salescore.customers._card_fields import INFO_FORM, CardForm, check_type, read_entry
from salescore.errors import LabelError, MissingValueError, SalescoreError
from salescore.typing import Label

__all__ = [
    "YUAN",
    "Competitor",
    "Contact",
    "InfoCard",
    "Power",
    "Stance",
    "check_parts",
    "customer_label",
    "entries",
    "remarks",
    "required_text",
    "settle",
]

Power: TypeAlias = Literal["decides", "influences", "uses", "buys", "blocks"]
"""What somebody has to say in a purchase."""

Stance: TypeAlias = Literal["for", "neutral", "against"]
"""Where somebody stands towards us."""

YUAN = Unit("CNY", 100)
"""What the money of a card is counted in if nothing is said: fen (分)."""

_POWERS = ("decides", "influences", "uses", "buys", "blocks")
_STANCES = ("for", "neutral", "against")


def customer_label(customer: Any) -> Label:
    """Read the id of a customer: a text that is not blank, or a whole number."""
    if not isinstance(customer, str):
        return whole(customer, "customer of a card")
    if not customer.strip():
        rule = "a text that is not blank"
        raise MissingValueError("customer of a card", expected=rule, got=repr(customer))
    return customer


def entries(values: Any) -> tuple[Any, ...]:
    """Keep the entries of a list field as a tuple; one text is no list of its letters."""
    if not isinstance(values, str):
        with suppress(TypeError):  # nothing to list
            return tuple(values)
    raise SalescoreError("list on a card", expected="a list of entries", got=repr(values))


def settle(card: object, form: CardForm, where: str) -> None:
    """Check each field of a card by its kind, and keep it as that kind."""
    for each in form.fields:
        value = read_entry(getattr(card, each.key), each.kind, f"{each.key} of {where}")
        object.__setattr__(card, each.key, value)


def check_parts(parts: tuple[Any, ...], kind: type, *, what: str, named: str = "") -> None:
    """Check that the parts of a card are of a type, and that no name stands there twice."""
    for part in parts:
        check_type(part, kind, what)
    names = [getattr(part, named) for part in parts] if named else []
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise LabelError(what, expected="each once", got=f"{twice!r} twice")


def required_text(value: object, what: str) -> None:
    """Raise unless a value is a text that is not blank."""
    check_type(value, str, what)
    if not str(value).strip():
        raise MissingValueError(what, expected="a text that is not blank", got=repr(value))


@frozen
class Contact:
    """Somebody at the customer.

    Parameters
    ----------
    name : str
        Who.
    role : str, optional
        Title or task.
    power : {"decides", "influences", "uses", "buys", "blocks"}, optional
        What he or she has to say: takes the decision, advises, uses the product, handles the
        purchase, or can keep us out.
    stance : {"for", "neutral", "against"}, optional
        Where he or she stands towards us.
    phone : str, optional
        How to reach him or her.

    Raises
    ------
    MissingValueError
        Without a name.
    SalescoreError
        For an unknown power or stance, and parts of another type.

    Examples
    --------
    >>> Contact("Li Na", "purchasing manager", power="decides").power
    'decides'
    """

    name: str
    role: str | None = None
    power: Power | None = field(default=None, kw_only=True)
    stance: Stance | None = field(default=None, kw_only=True)
    phone: str | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        required_text(self.name, "name of a contact")
        for key in ("role", "phone"):
            value = read_entry(getattr(self, key), "text", f"{key} of contact {self.name!r}")
            object.__setattr__(self, key, value)
        if self.power is not None:
            one_of(self.power, f"power of contact {self.name!r}", _POWERS)
        if self.stance is not None:
            one_of(self.stance, f"stance of contact {self.name!r}", _STANCES)


@frozen
class Competitor:
    """Somebody else who sells to the customer.

    Parameters
    ----------
    name : str
        Who.
    share : int, optional
        Its part of what the customer buys in our field, 0 to 100 [percent].
    strength : str, optional
        Why the customer buys there.

    Raises
    ------
    MissingValueError
        Without a name.
    SalescoreError
        For a share outside 0 to 100, and parts of another type.

    Examples
    --------
    >>> Competitor("Huaxin", share=35).share
    35
    """

    name: str
    share: int | None = field(default=None, kw_only=True)
    strength: str | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        required_text(self.name, "name of a competitor")
        share = read_entry(self.share, "percent", f"share of competitor {self.name!r}")
        object.__setattr__(self, "share", share)
        strength = read_entry(self.strength, "text", f"strength of competitor {self.name!r}")
        object.__setattr__(self, "strength", strength)


@frozen(kw_only=True)
class InfoCard:
    """What field sales records of one customer (客户信息卡); everything but the id may be open.

    Parameters
    ----------
    customer : str or int
        Id of the customer.
    name, legal_form, owner, region, address, industry, scope : str, optional
        Who and where it is, and what it does; *owner* is the legal representative. Blank words
        become None.
    founded, customer_since, updated : date, optional
        Days; kept as `datetime.date`. ISO texts are read.
    contacts : iterable of Contact, optional
        People, each name once.
    employees, payment_days : int, optional
        Counts >= 0 [people], [days].
    turnover, purchases, credit_limit : int, optional
        Money >= 0: its turnover of a year, what it buys of a year in our field from anybody, and
        what we lend it at most [smallest unit].
    our_share : int, optional
        Our part of those purchases, 0 to 100 [percent].
    products : iterable of str, optional
        What it buys from us, each once.
    competitors : iterable of Competitor, optional
        Who else sells to it, each name once.
    bank, payment_method, payment_record, history, responsible : str, optional
        Bank, way of payment, how it paid so far, what happened, and our salesperson.
    unit : Unit, default YUAN
        What money is counted in.

    Raises
    ------
    MissingValueError
        For a blank id.
    LabelError
        For a name that stands twice among contacts, products or competitors.
    SalescoreError
        For numbers below 0, floats, shares above 100, no days, and parts of another type.

    Notes
    -----
    A card compares by value and is plain data. cattrs brings it through JSON
    (``cattrs.preconf.json``), dates as ISO text. `INFO_FORM` says what each field is called and
    how much it counts, `completeness` what is still open.

    Examples
    --------
    >>> card = InfoCard(customer="Hongda", name="Hongda Trading", founded="2009-05-01")
    >>> card.founded.year, card.contacts
    (2009, ())
    """

    customer: Label = field(converter=customer_label)
    name: str | None = None
    legal_form: str | None = None
    founded: datetime.date | None = None
    owner: str | None = None
    region: str | None = None
    address: str | None = None
    contacts: tuple[Contact, ...] = field(default=(), converter=entries)
    industry: str | None = None
    scope: str | None = None
    employees: int | None = None
    turnover: int | None = None
    purchases: int | None = None
    our_share: int | None = None
    products: tuple[str, ...] = field(default=(), converter=entries)
    competitors: tuple[Competitor, ...] = field(default=(), converter=entries)
    bank: str | None = None
    credit_limit: int | None = None
    payment_days: int | None = None
    payment_method: str | None = None
    payment_record: str | None = None
    customer_since: datetime.date | None = None
    history: str | None = None
    responsible: str | None = None
    updated: datetime.date | None = None
    unit: Unit = YUAN

    def __attrs_post_init__(self) -> None:
        where = f"the card of {self.customer!r}"
        settle(self, INFO_FORM, where)
        check_parts(self.contacts, Contact, what=f"contacts of {where}", named="name")
        check_parts(self.competitors, Competitor, what=f"competitors of {where}", named="name")
        for product in self.products:
            required_text(product, f"products of {where}")
        if len(set(self.products)) != len(self.products):
            got = list(self.products)
            raise LabelError(f"products of {where}", expected="each once", got=got)
        check_type(self.unit, Unit, f"unit of {where}")

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What contradicts itself or is missing behind the entries.

        ``card.no_decider`` when contacts are known but none of them decides, and
        ``card.shares_above_whole`` when our share and the competitors' exceed 100 %. What has
        no entry at all is told by `completeness`.
        """
        return remarks(self.customer, self.contacts, self.competitors, our_share=self.our_share)


def remarks(
    customer: Label,
    people: Sequence[Contact],
    competitors: Sequence[Competitor],
    *,
    our_share: int | None,
) -> tuple[Finding, ...]:
    """Remark on people without a decider, and on shares that exceed the whole."""
    where, found = (("customer", str(customer)),), list[Finding]()
    if people and not any(person.power == "decides" for person in people):
        text = Text("None of the people known decides", "已知人员中没有决策人")
        found.append(Finding("card.no_decider", "warning", where, 0, 1, text))
    shares = (our_share or 0) + sum(each.share or 0 for each in competitors)
    if shares > 100:
        text = Text(
            f"Our share and the competitors' add up to {shares} %",
            f"我方与竞争对手的占比合计为{shares}%",
        )
        found.append(Finding("card.shares_above_whole", "critical", where, shares, 100, text))
    return tuple(found)
