"""What is late, missing or contradictory in a strategy as of a day."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import Day, Figure, Finding, Result, Text, headed_table, objects
from salescore.customers._card_fields import STRATEGY_FORM, CardForm, read_day
from salescore.customers._cards import remarks
from salescore.customers._completeness import Completeness, completeness
from salescore.customers._strategy import CardAction, StrategyCard
from salescore.typing import AnyArray, Language

__all__ = ["StrategyReview", "review_strategy"]

_HEADS = {
    "what": Text("action", "行动"),
    "owner": Text("owner", "负责人"),
    "due": Text("due", "截止日"),
    "days_late": Text("days late", "逾期天数"),
}
_LINE = Text(
    "{} on {}: {} open, {} overdue; card {:.0%} complete",
    "{}，{}：未完成{}项，逾期{}项；卡片完整度{:.0%}",
)


def _date(value: Any) -> datetime.date:
    return read_day(value, "day of the review")


@frozen(repr=False)
class StrategyReview(Result):
    """How a strategy stands on a day; made by `review_strategy`.

    Parameters
    ----------
    card : StrategyCard
        The strategy.
    as_of : date
        The day.
    form : CardForm
        By which fields its completeness is judged.
    """

    card: StrategyCard
    as_of: datetime.date = field(converter=_date)
    form: CardForm = STRATEGY_FORM

    @property
    def open(self) -> tuple[CardAction, ...]:
        """What is still to be done, the earliest due first."""
        return self.card.open_actions

    @property
    def overdue(self) -> tuple[CardAction, ...]:
        """What is open although its day is over, the earliest due first."""
        return self.card.overdue_actions(self.as_of)

    @property
    def completeness(self) -> Completeness:
        """How complete the card is."""
        return completeness(self.card, self.form)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What to do something about.

        The open required fields; then ``strategy.overdue`` for each overdue action,
        ``strategy.no_open_action`` where actions stand but none is open, ``strategy.over`` when
        the day by which we wanted it has passed, ``strategy.nobody_promised`` for a resource that
        nobody stands for, ``strategy.target_below_present`` for a target of less than now; and
        ``card.no_decider`` and ``card.shares_above_whole`` as for an `InfoCard`.
        """
        return (
            *self.completeness.findings,
            *(self._overdue(action) for action in self.overdue),
            *self._on_time(),
            *self._on_numbers(),
            *remarks(
                self.card.customer,
                self.card.key_people,
                self.card.competitors,
                our_share=self.card.our_share,
            ),
        )

    def _finding(
        self, code: str, text: Text, figures: tuple[Figure, Figure], *, part: str = ""
    ) -> Finding:
        where = (("customer", str(self.card.customer)), *((("part", part),) if part else ()))
        return Finding(f"strategy.{code}", "warning", where, *figures, text)

    def _overdue(self, action: CardAction) -> Finding:
        late = (self.as_of - action.due).days
        text = Text(
            f"{action.what} ({action.owner}) is {late} days overdue",
            f"“{action.what}”（{action.owner}）已逾期{late}天",
        )
        return self._finding("overdue", text, (late, 0), part=action.what)

    def _on_time(self) -> list[Finding]:
        found = list[Finding]()
        if self.card.actions and not self.open:
            text = Text("No action is open: nobody is working on it", "没有未完成的行动：无人推进")
            found.append(self._finding("no_open_action", text, (0, 1)))
        until = self.card.until
        if until is not None and until < self.as_of:
            text = Text(f"The strategy ended on {until}", f"战略已于{until}到期")
            found.append(self._finding("over", text, (str(self.as_of), str(until))))
        return found

    def _on_numbers(self) -> list[Finding]:
        card, found = self.card, list[Finding]()
        for resource in card.resources:
            if resource.promised_by is None:
                name = resource.what
                text = Text(f"Nobody stands for the resource {name}", f"资源“{name}”无人承诺")
                found.append(self._finding("nobody_promised", text, (None, None), part=name))
        pairs = (
            ("target_sales", card.sales, card.target_sales),
            ("target_share", card.our_share, card.target_share),
        )
        for key, now, target in pairs:
            if now is not None and target is not None and target < now:
                named = STRATEGY_FORM.field(key).text
                text = Text(f"{named} is below what stands now", f"{named.to('zh')}低于目前水平")
                found.append(self._finding("target_below_present", text, (target, now), part=key))
        return found

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row an open action, the earliest due first.

        Returns
        -------
        dict of str to (n,) ndarray
            ``what``, ``owner``, ``due`` as ISO text, ``days_late`` (0 while in time) [days].
        """
        late = [max(0, (self.as_of - action.due).days) for action in self.open]
        return {
            "what": objects([action.what for action in self.open]),
            "owner": objects([action.owner for action in self.open]),
            "due": objects([str(action.due) for action in self.open]),
            "days_late": np.array(late, dtype=np.int64),
        }

    def facts(self) -> dict[str, Any]:
        """Give the customer, the day, completeness and the codes of the findings."""
        return {
            "customer": self.card.customer,
            "as_of": str(self.as_of),
            "open": len(self.open),
            "overdue": len(self.overdue),
            "completeness": float(self.completeness.share),
            "gap": self.card.gap,
            "promised": self.card.promised,
            "unit": self.card.unit.code,
            "findings": [finding.code for finding in self.findings],
        }

    def summary(self, language: Language = "en") -> str:
        """Give the open actions as a table, then the remarks.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            One line for the card, one an open action, one a remark.
        """
        said = _LINE.to(language).format(
            self.card.customer,
            self.as_of,
            len(self.open),
            len(self.overdue),
            float(self.completeness.share),
        )
        rows = len(self.open)
        table = headed_table(self.to_columns(), _HEADS, language, rows=rows)
        shown = [table] if self.open else []
        said_of = [f"- {finding.text.to(language)}" for finding in self.findings]
        return "\n".join([said, *shown, *said_of])

    def __repr__(self) -> str:
        customer = " ".join(str(self.card.customer).split())  # a repr is one line
        counts = f"{len(self.open)} open, {len(self.overdue)} overdue"
        return f"<StrategyReview {customer} on {self.as_of}: {counts}>"


def review_strategy(
    card: StrategyCard, as_of: Day, *, form: CardForm = STRATEGY_FORM
) -> StrategyReview:
    """How does a strategy stand on a day: what is open, overdue, missing or contradictory?

    Parameters
    ----------
    card : StrategyCard
        The strategy.
    as_of : str, date or datetime64
        The day; the library reads no clock.
    form : CardForm, default STRATEGY_FORM
        Which fields its completeness is judged by.

    Returns
    -------
    StrategyReview
        The later the day, the more is overdue. A card without actions has none overdue, and
        lacks a required field.

    Raises
    ------
    SalescoreError
        For what is no day.
    LabelError
        For a form with fields that the card does not have.

    Examples
    --------
    >>> from salescore.customers import CardAction, StrategyCard
    >>> action = CardAction("Show the new pump", "Wang", "2026-03-31")
    >>> found = review_strategy(StrategyCard(customer="Hongda", actions=[action]), "2026-04-10")
    >>> found
    <StrategyReview Hongda on 2026-04-10: 1 open, 1 overdue>
    >>> found.findings[-1].text.to("zh")
    '“Show the new pump”（Wang）已逾期10天'
    """
    STRATEGY_FORM.check_known(form.keys)
    return StrategyReview(card, read_day(as_of, "day of the review"), form)
