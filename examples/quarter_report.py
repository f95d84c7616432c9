"""How the quarter of one salesperson is told."""

from __future__ import annotations

from statistics import median

from company import Company
from customer_report import called
from page import listing, paragraph, row
from quarter import JUDGED, NEAR, Area, Quarter
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
        "{:,} calls in {:,} minutes, with the way to stores further out.",
        "按拜访策略需{:,}次拜访、{:,}分钟（共有{:,}分钟）；按增益分配为{:,}次、{:,}分钟，"
        "含前往较远门店的路程。",
    ),
    "price": Text(
        "One more hour would bring {:,.0f} {} more in the quarter; judged, not measured: without "
        "calls {:.0%} of sales are left, with half {:.0%}, with half as many again {:.0%}, with "
        "all there could be {:.0%}.",
        "再增加一小时，本季度可多得{:,.0f} {}；以下为判断值而非实测：不拜访剩{:.0%}，"
        "减半{:.0%}，增加一半{:.0%}，拜访到极限{:.0%}。",
    ),
    "near": Text(
        "The {} stores within {:.0f} km of the one in the middle are visited from Monday to "
        "Thursday: {:,} visits on {} days, {} to {} a day, a way of {:.0f} km on the usual day.",
        "距居中门店{1:.0f}公里以内的{0}家门店安排在周一至周四：{2:,}次拜访分布在{3}天，"
        "每天{4}至{5}次，通常一天路程{6:.0f}公里。",
    ),
    "far": Text(
        "The {} stores further out are visited on Fridays, the way counted into the time of a "
        "call: {:,} visits on {} days, {} to {} a day, {:.0f} km on the usual trip.",
        "其余{}家较远门店安排在周五，路程计入拜访时间：{:,}次拜访分布在{}天，每天{}至{}次，"
        "通常一趟{:.0f}公里。",
    ),
    "covered": Text(
        "Of {:,} calls {:,} have their day, {:,} are left for the next quarter.",
        "共{:,}次拜访，已排{:,}次，余{:,}次转入下一季度。",
    ),
    "tier": Text("Tier", "类别"),
    "stores": Text("Stores", "门店数"),
    "policy": Text("Calls by policy", "策略次数"),
    "calls": Text("Calls allotted", "分配次数"),
    "table": Text("Calls of the quarter by tier", "按类别的季度拜访次数"),
    "day": Text("The fullest day", "拜访最多的一天"),
}


def quarter_html(quarter: Quarter | None, company: Company, language: Language) -> str:
    """Tell the quarter: time, calls, days, one day's route, what is left."""
    if quarter is None:
        return paragraph(_WORDS["none"].to(language), "open")
    _, stops, way = quarter.fullest
    names = [called(company, quarter.ids[row]) for row in stops.tolist()]
    visited = [names[k - 1] for k in way.order.tolist()[1:]]
    return "".join(
        [
            *map(paragraph, told(quarter, company.unit.code, language)),
            row(html_table(by_tier(quarter, language), caption=_WORDS["table"].to(language))),
            paragraph(_WORDS["day"].to(language), "head"),
            paragraph(description(quarter, language)),
            row(route_map(quarter, language), listing(visited, numbered=True)),
        ]
    )


def told(quarter: Quarter, unit: str, language: Language) -> list[str]:
    """Give the quarter in sentences."""
    cycle, plan = quarter.cycle, quarter.allotment
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
        "near": (len(quarter.near.rows), NEAR / 1000, *_spread(quarter.near)),
        "far": (len(quarter.far.rows), *_spread(quarter.far)),
        "covered": (
            int(quarter.coverage.planned.sum()),
            int(quarter.coverage.scheduled.sum()),
            int(quarter.coverage.remaining_schedule.sum()),
        ),
    }
    return [_WORDS[name].to(language).format(*values) for name, values in numbers.items()]


def _spread(area: Area) -> tuple[float, ...]:
    """Give visits, days, the fewest and most visits of a day, and the usual way [km]."""
    load = [stops.size for _, stops, _ in area.days]
    return sum(load), len(load), min(load), max(load), median(area.kilometres)


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
