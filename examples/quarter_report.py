"""How the quarter of one salesperson is told."""

from __future__ import annotations

from company import Company
from customer_report import called
from page import paragraph, row
from quarter import DRIVE, JUDGED, Quarter
from route_picture import description, route_map

from salescore import Text, Tier
from salescore.core import html_table
from salescore.typing import Language

_WORDS = {
    "none": Text(
        "The places of the customers are not known, so no quarter is planned.",
        "没有客户的位置数据，因此不编制季度拜访计划。",
    ),
    "who": Text(
        "{}, {} to before {}: {} stores, which lie closest together of all salespeople's.",
        "{}，{}至{}（不含）：{}家门店，在所有业务员中分布最集中。",
    ),
    "time": Text(
        "The policy asks for {:,} calls in {:,} of {:,} minutes; allotted by what they bring: "
        "{:,} calls in {:,} minutes.",
        "按拜访策略需{:,}次拜访、{:,}分钟（共有{:,}分钟）；按增益分配为{:,}次、{:,}分钟。",
    ),
    "price": Text(
        "One more hour would bring {:,.0f} {} more in the quarter; judged, not measured: without "
        "calls {:.0%} of sales are left, with half {:.0%}, with half as many again {:.0%}, with "
        "all there could be {:.0%}.",
        "再增加一小时，本季度可多得{:,.0f} {}；以下为判断值而非实测：不拜访剩{:.0%}，"
        "减半{:.0%}，增加一半{:.0%}，拜访到极限{:.0%}。",
    ),
    "spread": Text(
        "{:,} visits on {} working days, {} to {} a day; {} days have a way of more than {:.0f} "
        "km, since visits are spread evenly over the quarter and not gathered by area.",
        "{:,}次拜访分布在{}个工作日，每天{}至{}次；其中{}天的路程超过{:.0f}公里，"
        "因为拜访按时间均匀安排，而非按区域集中。",
    ),
    "covered": Text(
        "Of {:,} calls {:,} are scheduled, {:,} are still to be: that many would be carried over.",
        "共{:,}次拜访，已排{:,}次，待排{:,}次，待排部分转入下一周期。",
    ),
    "tier": Text("Tier", "类别"),
    "stores": Text("Stores", "门店数"),
    "policy": Text("Calls by policy", "策略次数"),
    "calls": Text("Calls allotted", "分配次数"),
    "table": Text("Calls of the quarter by tier", "按类别的季度拜访次数"),
    "day": Text("The fullest day that can be driven", "当日可行的最满一天"),
}


def quarter_html(quarter: Quarter | None, company: Company, language: Language) -> str:
    """Tell the quarter: time, calls, days, one day's route, what is left."""
    if quarter is None:
        return paragraph(_WORDS["none"].to(language), "open")
    names = [called(company, quarter.ids[row]) for row in quarter.stops.tolist()]
    visited = [names[k - 1] for k in quarter.route.order.tolist()[1:]]
    return "".join(
        [
            *map(paragraph, told(quarter, company.unit.code, language)),
            row(html_table(by_tier(quarter, language), caption=_WORDS["table"].to(language))),
            paragraph(_WORDS["day"].to(language) + f": {description(quarter, language)}"),
            route_map(quarter, language),
            paragraph("; ".join(f"{k}. {name}" for k, name in enumerate(visited, 1))),
        ]
    )


def told(quarter: Quarter, unit: str, language: Language) -> list[str]:
    """Give the quarter in sentences."""
    cycle, plan, load = quarter.cycle, quarter.allotment, quarter.schedule.load[0]
    asked = cycle.policies.terms(quarter.tiers).calls
    numbers = {
        "who": (quarter.person, cycle.start, cycle.end, len(quarter.ids)),
        "time": (
            int(asked.sum()),
            int(quarter.workload.facts()["minutes"]),
            plan.capacity,
            int(plan.calls.sum()),
            plan.used,
        ),
        "price": (float(plan.price) * 60, unit, *JUDGED.values()),
        "spread": (
            int(load.sum()),
            load.size,
            int(load.min()),
            int(load.max()),
            quarter.far,
            DRIVE / 1000,
        ),
        "covered": (
            int(quarter.coverage.planned.sum()),
            int(quarter.coverage.scheduled.sum()),
            int(quarter.coverage.remaining_schedule.sum()),
        ),
    }
    return [_WORDS[name].to(language).format(*values) for name, values in numbers.items()]


def by_tier(quarter: Quarter, language: Language) -> dict[str, list[object]]:
    """Give stores, calls by policy and calls allotted of each tier."""
    policy = quarter.cycle.policies.terms(quarter.tiers).calls
    rows = [(tier, quarter.tiers == tier) for tier in Tier]
    return {
        _WORDS["tier"].to(language): [tier.text.to(language) for tier, _ in rows],
        _WORDS["stores"].to(language): [int(mask.sum()) for _, mask in rows],
        _WORDS["policy"].to(language): [int(policy[mask].sum()) for _, mask in rows],
        _WORDS["calls"].to(language): [
            int(quarter.allotment.calls[mask].sum()) for _, mask in rows
        ],
    }
