"""How the outlook of the open deals is told: what is assumed, the picture, and what it hangs on."""

from __future__ import annotations

from typing import Any

from deals import ASKED, CORRELATION, STAGES, Deals
from outlook_picture import description, outlook_curves
from page import cents, paragraph

from salescore import Text
from salescore.core import html_table
from salescore.growth import PipelineStatus
from salescore.typing import Language

_WORDS = {
    "assumed": Text(
        "Assumed, since the orders name no open deals: what the {} largest customers bought in the "
        "same quarter a year before is open again, in turn at the stages {}; one market moves all "
        "deals with a correlation of {}; the target is {:.0%} of what they bring on average.",
        "订单数据中没有在途商机，故作如下假设：去年同季度购买额最大的{}个客户的金额为在途商机，"
        "成交概率依次为{}；同一市场影响的相关系数为{}；目标为预期金额的{:.0%}。",
    ),
    "none": Text("No orders to take as open deals.", "没有可视为在途商机的订单。"),
    "need": Text(
        "For a chance of {:.0%} it takes {} more deals of {} at {:.0%}; one less gives {:.1%}.",
        "要使达成概率达到{:.0%}，还需{}个金额{}、成交概率{:.0%}的商机；少一个则为{:.1%}。",
    ),
    "beyond": Text(
        "Not even {} more deals of {} at {:.0%} give a chance of {:.0%}.",
        "即使再增加{}个金额{}、成交概率{:.0%}的商机，达成概率也达不到{:.0%}。",
    ),
    "independent": Text("independent", "相互独立"),
    "stated": Text("one market", "同一市场"),
    "deals": Text("Deals", "商机"),
    "probability": Text("Chance", "达成概率"),
    "low": Text("At least", "至少"),
    "high": Text("At most", "至多"),
    "shortfall": Text("Missing on average", "预期缺口"),
    "deviation": Text("Standard deviation", "标准差"),
    "effective_deals": Text("Effective deals", "有效商机数"),
}


def assumed(deals: Deals, language: Language) -> str:
    """Say what the deals are taken to be."""
    stages = ", ".join(f"{stage:.0%}" for stage in STAGES)
    said = len(deals.outlook), stages, CORRELATION, ASKED
    return _WORDS["assumed"].to(language).format(*said)


def need(deals: Deals, language: Language) -> str:
    """Say how many more deals a surer quarter takes."""
    found, worth = deals.need, cents(deals.outlook.unit)(deals.further)
    if found.status is PipelineStatus.NEEDED:
        kind = found.deals, worth, found.deal_probability
        return _WORDS["need"].to(language).format(found.wanted, *kind, found.one_less)
    if found.status is PipelineStatus.BEYOND:
        kind = found.deals, worth, found.deal_probability
        return _WORDS["beyond"].to(language).format(*kind, found.wanted)
    return found.status.text.to(language)


def outlook_html(deals: Deals | None, language: Language) -> str:
    """Give the section: assumptions, picture, both views, and when the rule does not hold."""
    if deals is None:
        return paragraph(_WORDS["none"].to(language), "note")
    found = deals.outlook
    columns = found.to_columns()
    money = cents(found.unit)
    formats = {**found.formats(), "shortfall": money, "deviation": money}
    called = {name: _WORDS[name].to(language) for name in columns}
    told: dict[str, Any] = {called[name]: column for name, column in columns.items()}
    told[called["deals"]] = [_WORDS[each].to(language) for each in columns["deals"].tolist()]
    shows = {called[name]: show for name, show in formats.items()}
    remarks = [finding.text.to(language) for finding in found.findings]
    return (
        paragraph(assumed(deals, language), "note")
        + outlook_curves(found, language)
        + paragraph(description(found, language))
        + html_table(told, formats=shows)
        + "".join(paragraph(remark, "open") for remark in remarks)
        + paragraph(need(deals, language))
    )


def told(deals: Deals | None, language: Language) -> list[str]:
    """Give the section as lines for the terminal."""
    if deals is None:
        return [_WORDS["none"].to(language)]
    return [assumed(deals, language), deals.outlook.summary(language), need(deals, language)]
