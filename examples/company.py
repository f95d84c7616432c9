"""What the year plan needs to know of a company: plain columns, whoever read them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from salescore import Unit, WorkCalendar, customers
from salescore.typing import AnyArray

AXES = ("category", "region", "customer", "salesperson", "settlement", "channel")
"""The axes of the order lines; time is the seventh."""


@dataclass(frozen=True)
class Lines:
    """Order lines as columns of equal length."""

    month: NDArray[np.datetime64]
    labels: dict[str, list[str]]  # one column for each of AXES
    revenue: NDArray[np.int64]  # smallest unit
    profit: NDArray[np.int64]  # smallest unit

    def of(self, keep: NDArray[np.bool_]) -> Lines:
        """Keep some of the rows."""
        rows = np.flatnonzero(keep).tolist()
        labels = {name: [column[i] for i in rows] for name, column in self.labels.items()}
        return Lines(self.month[keep], labels, self.revenue[keep], self.profit[keep])


@dataclass(frozen=True)
class Quotas:
    """What each salesperson was asked for in each quarter, and what they sold in it."""

    salesperson: list[str]
    quarter: list[str]
    quota: NDArray[np.int64]
    actual_salesperson: list[str]
    actual_quarter: list[str]
    actual: NDArray[np.int64]


@dataclass(frozen=True)
class Measured:
    """What is known of each customer in one year: a column for each criterion of a policy."""

    ids: list[str]
    columns: dict[str, AnyArray]


@dataclass(frozen=True)
class Customers:
    """Who is scored, by which policy: last year, and the year before where it is known."""

    policy: customers.ScoringPolicy
    year: Measured
    before: Measured | None = None


@dataclass(frozen=True)
class Directory:
    """How far each store has come, and which people buy and are on the list of prospects."""

    country: list[str]  # of each store
    orders: list[int]  # of each store
    buyers: list[str]  # trade of each person who bought for the first time in the last year
    listed: list[str]  # trade of each person on the list


@dataclass(frozen=True)
class Company:
    """Everything the year plan is made of."""

    name: str
    unit: Unit
    year_starts: int  # first month of the business year
    lines: Lines
    quotas: Quotas
    customers: Customers | None
    collections: dict[np.datetime64, int]  # by month; smallest unit
    visits: dict[np.datetime64, int]  # by month; empty where nobody counts them
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    names: dict[str, str] = field(default_factory=dict)  # of customers whose label is a number
    # Latitude and longitude of customers; empty where nobody knows them.
    places: dict[str, tuple[float, float]] = field(default_factory=dict)
    directory: Directory | None = None

    @property
    def last_year(self) -> tuple[np.datetime64, np.datetime64]:
        """First month of the last whole business year, and the month after its end."""
        return last_year(self.lines, self.year_starts)


def last_year(lines: Lines, year_starts: int) -> tuple[np.datetime64, np.datetime64]:
    """Give the first month of the last whole business year, and the month after its end."""
    after = lines.month.max() + 1
    surplus = int((after.astype(np.int64) - (year_starts - 1)) % 12)
    end = after - surplus
    return end - 12, end
