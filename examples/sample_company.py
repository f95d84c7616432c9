"""A made-up distributor of hardware, the same at every run: three years of orders."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable

import measuring
import numpy as np
from company import Company, Customers, Lines, Quotas

from salescore import Unit, WorkCalendar, months
from salescore.customers import Scale

CNY = Unit("CNY", 100)

_FIRST_MONTH, _MONTHS, _SEED = "2023-01", 36, 20_260_101

# region, its salespeople, its weight, its growth a year
_REGIONS = [
    ("East", ["Li Na", "Wang Qiang", "Zhao Min"], 45, 0.10),
    ("South", ["Chen Jie", "Lin Fang"], 30, 0.16),
    ("North", ["Sun Lei", "Zhou Yan"], 18, 0.04),
    ("West", ["He Tao"], 7, 0.25),
]
# category, price of a unit in fen, margin, weight
_CATEGORIES = [
    ("Power tools", 68_000, 0.22, 5),
    ("Hand tools", 9_500, 0.31, 8),
    ("Fasteners", 1_250, 0.18, 9),
    ("Safety gear", 5_600, 0.35, 3),
]
_SETTLEMENTS = [("prepaid", 2), ("30 days", 5), ("60 days", 3)]
_CHANNELS = [("distributor", 6), ("project", 3), ("online", 1)]
_SEASON = [7, 4, 9, 9, 10, 9, 8, 8, 10, 9, 10, 12]
_NAMES = ["Hongda", "Jinli", "Tengfei", "Haorun", "Dexin", "Yongsheng", "Ruifeng", "Zhongtai"]
_TRADES = ["Hardware", "Machinery", "Building", "Trading", "Tools"]


def make(progress: Callable[[str], None]) -> Company:
    """Make the company."""
    progress("making the sample company")
    draw = random.Random(_SEED)  # noqa: S311  # a made-up company is no secret
    customers = _customers(draw)
    lines = _lines(draw, customers)
    return Company(
        name="Sample Hardware Co.",
        unit=CNY,
        year_starts=1,
        lines=lines,
        quotas=_quotas(draw, lines),
        customers=Customers(
            measuring.policy(large=1_200_000 * CNY.scale, orders=12, margin=Scale(1_500, 3_500)),
            measuring.measure(lines, lines.month.max() + 1),
            measuring.measure(lines, lines.month.max() - 11),
        ),
        collections=_collections(draw, lines),
        visits=_visits(draw),
        calendar=_calendar(),
    )


def _customers(draw: random.Random) -> list[tuple[str, str, str, float]]:
    """List name, region, salesperson and size; sizes are as uneven as they are in life."""
    listed = []
    for number in range(160):
        region, people, _, _ = draw.choices(_REGIONS, [w for _, _, w, _ in _REGIONS])[0]
        name = f"{draw.choice(_NAMES)} {draw.choice(_TRADES)} {number + 1:03d}"
        listed.append((name, region, draw.choice(people), draw.lognormvariate(-0.4, 1.0)))
    return listed


def _lines(draw: random.Random, customers: list[tuple[str, str, str, float]]) -> Lines:
    growth = {region: rate for region, _, _, rate in _REGIONS}
    labels: dict[str, list[str]] = defaultdict(list)
    month_column, revenue, profit = [], [], []
    for step, month in enumerate(months(_FIRST_MONTH, _MONTHS)):
        for name, region, person, size in customers:
            pull = size * _SEASON[step % 12] / 9 * (1 + growth[region]) ** (step / 12)
            for _ in range(1 + int(pull * 2.5 + draw.random())):
                category, price, margin, _ = draw.choices(
                    _CATEGORIES, [w for *_, w in _CATEGORIES]
                )[0]
                amount = price * max(1, round(draw.uniform(4, 24)))
                month_column.append(month)
                labels["category"].append(category)
                labels["region"].append(region)
                labels["customer"].append(name)
                labels["salesperson"].append(person)
                labels["settlement"].append(_chosen(draw, _SETTLEMENTS))
                labels["channel"].append(_chosen(draw, _CHANNELS))
                revenue.append(amount)
                profit.append(round(amount * draw.gauss(margin, 0.04)))
    return Lines(
        np.array(month_column, dtype="datetime64[M]"),
        dict(labels),
        np.array(revenue, dtype=np.int64),
        np.array(profit, dtype=np.int64),
    )


def _chosen(draw: random.Random, table: list[tuple[str, int]]) -> str:
    return draw.choices([name for name, _ in table], [weight for _, weight in table])[0]


def _quotas(draw: random.Random, lines: Lines) -> Quotas:
    quarters = [f"{str(m)[:4]}Q{(int(str(m)[5:]) + 2) // 3}" for m in lines.month]
    people = lines.labels["salesperson"]
    sold: dict[tuple[str, str], int] = defaultdict(int)
    for person, quarter, amount in zip(people, quarters, lines.revenue.tolist(), strict=True):
        sold[person, quarter] += amount
    last = sorted(key for key in sold if key[1].startswith(str(lines.month.max())[:4]))
    quota = [round(sold[key] * draw.uniform(0.9, 1.25), -7) for key in last]
    kept = [i for i, quarter in enumerate(quarters) if quarter in {q for _, q in last}]
    return Quotas(
        [person for person, _ in last],
        [quarter for _, quarter in last],
        np.array(quota, dtype=np.int64),
        [people[i] for i in kept],
        [quarters[i] for i in kept],
        lines.revenue[kept],
    )


def _collections(draw: random.Random, lines: Lines) -> dict[np.datetime64, int]:
    waits = {"prepaid": 0, "30 days": 1, "60 days": 2}
    collected: dict[np.datetime64, int] = defaultdict(int)
    rows = zip(lines.month, lines.labels["settlement"], lines.revenue.tolist(), strict=True)
    for month, settlement, amount in rows:
        paid = month + waits[settlement] + (draw.random() < 0.1)
        if paid <= lines.month.max():
            collected[paid] += amount
    return dict(collected)


def _visits(draw: random.Random) -> dict[np.datetime64, int]:
    return {
        month: round(150 * (1 + step / 120) * draw.uniform(0.85, 1.15))
        for step, month in enumerate(months(_FIRST_MONTH, _MONTHS))
    }


def _calendar() -> WorkCalendar:
    """Give China's days off and make-up workdays of 2026 (State Council notice)."""
    days_off = """
        01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25
        10-01 10-02 10-05 10-06 10-07
    """
    make_up = "01-04 02-14 02-28 05-09 09-20 10-10"
    return WorkCalendar(
        holidays=[f"2026-{day}" for day in days_off.split()],
        workdays=[f"2026-{day}" for day in make_up.split()],
    )
