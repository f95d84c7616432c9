"""Which documents are due in which period, and until when; the field's own list."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from attrs import field, frozen

from salescore.activity._spans import PERIOD_KINDS, PeriodKind
from salescore.core import Text, one_of, whole
from salescore.errors import LabelError, SalescoreError

__all__ = ["STANDARD_REPORTING", "Document", "ReportingPolicy"]

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@frozen
class Document:
    """A document that is due once a period.

    Parameters
    ----------
    code : str
        English code.
    text : Text
        What people call it.
    period : {"day", "week", "month", "quarter", "year"}
        How often; a daily one is due for each working day.
    counted_from : {"start", "end"}, default "end"
        Whether days are counted from the first or the last working day of the period.
    days : int, default 0
        How many working days after that day it is due; negative for before, as a plan is.
    by : str, default "23:59"
        Until which minute of that day.

    Raises
    ------
    SalescoreError
        For what is no period and no time.

    Examples
    --------
    >>> summary = Document("monthly_summary", Text("Monthly summary"), "month", days=2, by="18:00")
    >>> summary.minute
    1080
    """

    code: str
    text: Text
    period: PeriodKind
    counted_from: Literal["start", "end"] = "end"
    days: int = 0
    by: str = "23:59"

    def __attrs_post_init__(self) -> None:
        one_of(self.period, f"period of {self.code!r}", PERIOD_KINDS)
        one_of(self.counted_from, f"counted_from of {self.code!r}", ("start", "end"))
        if abs(whole(self.days, f"days of {self.code!r}")) > 366:
            rule = "at most 366 working days"
            raise SalescoreError(f"days of {self.code!r}", expected=rule, got=self.days)
        if not _CLOCK.fullmatch(self.by):
            what = f"time of {self.code!r}"
            raise SalescoreError(what, expected="a time as '18:00'", got=repr(self.by))

    @property
    def minute(self) -> int:
        """The minute of the day that it is due by, 0 to 1439."""
        return int(self.by[:2]) * 60 + int(self.by[3:])


def _documents(documents: Iterable[Document]) -> tuple[Document, ...]:
    found = tuple(documents)
    codes = [document.code for document in found]
    if len(set(codes)) < len(codes):
        raise LabelError("documents", expected="different codes", got=codes)
    return found


@frozen
class ReportingPolicy:
    """Which documents everybody owes.

    Parameters
    ----------
    documents : iterable of Document
        In the order in which they are shown; different codes.
    """

    documents: tuple[Document, ...] = field(converter=_documents)

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the documents in their order."""
        return tuple(document.code for document in self.documents)

    def only(self, codes: Iterable[str]) -> ReportingPolicy:
        """Keep some documents.

        Parameters
        ----------
        codes : iterable of str
            Which; in any order.

        Returns
        -------
        ReportingPolicy
            In the order they stood in.

        Raises
        ------
        LabelError
            For a code that is not there.
        """
        kept = list(codes)
        unknown = sorted(set(kept) - set(self.codes))
        if unknown:
            raise LabelError("documents", expected=f"some of {list(self.codes)}", got=unknown)
        return ReportingPolicy(each for each in self.documents if each.code in kept)


STANDARD_REPORTING = ReportingPolicy(
    [
        Document(
            "monthly_sales_plan", Text("Monthly sales plan", "月销售计划"), "month", "start", -2
        ),
        Document(
            "monthly_action_plan", Text("Monthly action plan", "月行动计划"), "month", "start", -1
        ),
        Document(
            "weekly_action_plan", Text("Weekly action plan", "周行动计划"), "week", "start", -1
        ),
        Document("daily_sales_report", Text("Daily sales report", "日销售报告"), "day", by="20:00"),
        Document(
            "monthly_summary",
            Text("Monthly summary and next month's key points", "月工作总结和下月工作要点"),
            "month",
            days=2,
        ),
        Document(
            "current_forecast", Text("Current forecast", "当前销售预测"), "week", "end", by="18:00"
        ),
        Document("competitor_analysis", Text("Competitor analysis", "竞品分析"), "month", days=3),
        Document(
            "market_inspection", Text("Market inspection report", "市场巡视报告"), "week", days=1
        ),
        Document("visit_routes", Text("Fixed visit routes", "定点走访路线"), "month", "start", -1),
        Document(
            "market_registration",
            Text("Market registration report", "市场登记报告"),
            "quarter",
            days=5,
        ),
    ]
)
"""The documents of the field's own list. When they are due is our choice, to be changed: plans
before their period, the daily report by 20:00, the rest within days after."""
