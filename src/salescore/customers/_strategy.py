"""What we want of one customer and who does what for it: the strategy card."""

from __future__ import annotations

import datetime
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from salescore.core import Day, Tier, Unit, one_of
from salescore.customers._card_fields import (
    STRATEGY_FORM,
    check_type,
    read_day,
    read_entry,
)
from salescore.customers._cards import (
    YUAN,
    Competitor,
    Contact,
    check_parts,
    customer_label,
    entries,
    required_text,
    settle,
)
from salescore.errors import LabelError, SalescoreError
from salescore.typing import Label

__all__ = ["ActionStatus", "CardAction", "Resource", "StrategyCard"]

ActionStatus: TypeAlias = Literal["open", "done", "dropped"]
"""Where an action stands."""


def _due(value: Any) -> datetime.date:
    return read_day(value, "due day of an action")


def _done_on(value: Any) -> datetime.date | None:
    return None if value is None else read_day(value, "day an action was done")


@frozen
class CardAction:
    """One thing that somebody does for the strategy until a day.

    Parameters
    ----------
    what : str
        What is done.
    owner : str
        Who does it.
    due : date
        Last day on which it is in time; kept as `datetime.date`. An ISO text is read.
    status : {"open", "done", "dropped"}, default "open"
        Where it stands.
    done_on : date, optional
        When it was done; only for one that is done.

    Raises
    ------
    MissingValueError
        Without words or an owner.
    SalescoreError
        For an unknown status, a day of doing for an action that is not done, and no days.

    Examples
    --------
    >>> CardAction("Show the new pump", "Wang", "2026-03-31").is_overdue("2026-04-01")
    True
    """

    what: str
    owner: str
    due: datetime.date = field(converter=_due)
    status: ActionStatus = field(default="open", kw_only=True)
    done_on: datetime.date | None = field(default=None, kw_only=True, converter=_done_on)

    def __attrs_post_init__(self) -> None:
        required_text(self.what, "words of an action")
        required_text(self.owner, f"owner of action {self.what!r}")
        one_of(self.status, f"status of action {self.what!r}", ("open", "done", "dropped"))
        if self.done_on is not None and self.status != "done":
            what = f"day action {self.what!r} was done"
            rule = f"none, as it is {self.status}"
            raise SalescoreError(what, expected=rule, got=self.done_on)

    def is_overdue(self, as_of: Day) -> bool:
        """Is it open although its day is over?

        Parameters
        ----------
        as_of : str, date or datetime64
            The day it is judged on; on its due day it is still in time.

        Returns
        -------
        bool
            Never for what is done or dropped.
        """
        return self.status == "open" and self.due < read_day(as_of, "day of judging actions")


@frozen
class Resource:
    """Something we promised to put into the customer.

    Parameters
    ----------
    what : str
        What it is.
    amount : int, optional
        What it costs, >= 0 [smallest unit].
    promised_by : str, optional
        Who stands for it.

    Raises
    ------
    MissingValueError
        Without words.
    SalescoreError
        For an amount below 0 or that is not whole.

    Examples
    --------
    >>> Resource("Display stands", amount=2_000_00, promised_by="Zhao").amount
    200000
    """

    what: str
    amount: int | None = field(default=None, kw_only=True)
    promised_by: str | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        required_text(self.what, "words of a resource")
        amount = read_entry(self.amount, "money", f"amount of resource {self.what!r}")
        object.__setattr__(self, "amount", amount)
        person = read_entry(self.promised_by, "text", f"promised_by of resource {self.what!r}")
        object.__setattr__(self, "promised_by", person)


def _tier_name(tier: Any) -> str | None:
    if tier is None:
        return None
    name = tier.name if isinstance(tier, Tier) else tier
    if name not in Tier.__members__:
        raise LabelError("tier of a strategy card", expected="A, B or C", got=repr(tier))
    return str(name)


@frozen(kw_only=True)
class StrategyCard:
    """What we want of one customer, and how (客户战略卡); all but the id may be open.

    Parameters
    ----------
    customer : str or int
        Id of the customer.
    tier : Tier, or "A", "B" or "C", optional
        Its class; kept as its letter.
    objective, risks, responsible : str, optional
        What we want, what may go wrong, and who answers for it. Blank words become None.
    until : date, optional
        Day by which we want it; kept as `datetime.date`. An ISO text is read.
    sales, target_sales : int, optional
        What it buys from us in a year, now and then, >= 0 [smallest unit].
    our_share, target_share : int, optional
        Our part of what it buys in our field, now and then, 0 to 100 [percent].
    competitors : iterable of Competitor, optional
        Who else sells to it, each name once.
    key_people : iterable of Contact, optional
        Whom we have to win, each name once.
    actions : iterable of CardAction, optional
        Who does what until when.
    resources : iterable of Resource, optional
        What we promised to put in.
    unit : Unit, default YUAN
        What money is counted in.

    Raises
    ------
    MissingValueError
        For a blank id.
    LabelError
        For an unknown tier, and a name that stands twice.
    SalescoreError
        For numbers below 0, floats, shares above 100, no days, and parts of another type.

    Notes
    -----
    A card compares by value and is plain data; cattrs brings it through JSON. `completeness`
    says what is open by `STRATEGY_FORM`, `review_strategy` what is late.

    Examples
    --------
    >>> card = StrategyCard(customer="Hongda", tier="A", sales=800_00, target_sales=1_000_00)
    >>> card.tier, card.gap
    ('A', 20000)
    """

    customer: Label = field(converter=customer_label)
    tier: str | None = field(default=None, converter=_tier_name)
    objective: str | None = None
    until: datetime.date | None = None
    sales: int | None = None
    target_sales: int | None = None
    our_share: int | None = None
    target_share: int | None = None
    competitors: tuple[Competitor, ...] = field(default=(), converter=entries)
    key_people: tuple[Contact, ...] = field(default=(), converter=entries)
    actions: tuple[CardAction, ...] = field(default=(), converter=entries)
    resources: tuple[Resource, ...] = field(default=(), converter=entries)
    risks: str | None = None
    responsible: str | None = None
    unit: Unit = YUAN

    def __attrs_post_init__(self) -> None:
        where = f"the strategy card of {self.customer!r}"
        settle(self, STRATEGY_FORM, where)
        check_parts(self.competitors, Competitor, what=f"competitors of {where}", named="name")
        check_parts(self.key_people, Contact, what=f"key people of {where}", named="name")
        check_parts(self.actions, CardAction, what=f"actions of {where}")
        check_parts(self.resources, Resource, what=f"resources of {where}")
        check_type(self.unit, Unit, f"unit of {where}")

    @property
    def gap(self) -> int | None:
        """Target sales less sales now [smallest unit]; None when either is open."""
        if self.sales is None or self.target_sales is None:
            return None
        return self.target_sales - self.sales

    @property
    def promised(self) -> int:
        """What the resources cost together, as far as it is known [smallest unit]."""
        return sum(resource.amount or 0 for resource in self.resources)

    @property
    def open_actions(self) -> tuple[CardAction, ...]:
        """What is still to be done, the earliest due first; those of one day as listed."""
        still = [action for action in self.actions if action.status == "open"]
        return tuple(sorted(still, key=lambda action: action.due))

    def overdue_actions(self, as_of: Day) -> tuple[CardAction, ...]:
        """What is open although its day is over?

        Parameters
        ----------
        as_of : str, date or datetime64
            The day it is judged on; on its due day an action is still in time.

        Returns
        -------
        tuple of CardAction
            The earliest due first.

        Raises
        ------
        SalescoreError
            For what is no day.
        """
        date = read_day(as_of, "day of judging actions")
        return tuple(action for action in self.open_actions if action.is_overdue(date))
