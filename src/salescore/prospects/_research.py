"""Which questions are asked of a prospect before it is worked on?"""

from __future__ import annotations

from salescore.core import Text
from salescore.core._checklists import Checklist, Item, Option, Stage

__all__ = ["RESEARCH"]

_ADVANTAGES = (
    Option("cost", Text("Cost", "成本")),
    Option("performance", Text("Product performance", "产品性能")),
    Option("process", Text("Process", "工艺")),
    Option("supply", Text("Supply", "供应")),
    Option("service", Text("Service", "服务")),
    Option("relations", Text("Relations", "关系")),
    Option("none", Text("None", "无")),
)


def _value(key: str, en: str, zh: str) -> Item:
    text = Text(f"Do we give it more value in {en}?", f"我方在{zh}上能否带来更多价值？")
    return Item(key, text, "our_value")


RESEARCH = Checklist(
    "research",
    1,
    Text("Research of a prospect", "客户研究"),
    (
        Stage("standing", Text("Where we stand", "竞争位置")),
        Stage("worth", Text("What it is worth", "成交价值")),
        Stage("closing", Text("How to close", "成交方式")),
        Stage("our_value", Text("What we give", "我方价值")),
    ),
    (
        Item(
            "irreplaceable",
            Text("Are we irreplaceable for it?", "我方是否不可替代？"),
            "standing",
            weight=2,
        ),
        Item(
            "supplier_advantage",
            Text("What is the present supplier's advantage?", "现有供应商的优势是什么？"),
            "standing",
            "choice",
            weight=2,
            options=_ADVANTAGES,
        ),
        Item(
            "can_close",
            Text("Can the deal be closed?", "能否成交？"),
            "worth",
            weight=3,
            critical=True,
        ),
        Item(
            "worth",
            Text("What is it worth in a year, in whole money?", "一年的成交价值是多少（元）？"),
            "worth",
            "number",
            weight=2,
        ),
        Item(
            "effort",
            Text("How many days of work will it take?", "需要投入多少个工作日？"),
            "worth",
            "number",
        ),
        Item(
            "how_to_close",
            Text("How can it be closed?", "通过什么方式成交？"),
            "closing",
            "choice",
            weight=2,
            options=(
                Option("concession", Text("Concession", "让步")),
                Option("service", Text("Service", "服务")),
                Option("assistance", Text("Assistance", "帮助")),
                Option("other", Text("Other", "其他")),
            ),
        ),
        Item(
            "how_in_detail",
            Text("What exactly, and who does it?", "具体做什么，由谁负责？"),
            "closing",
            "text",
            required=False,
        ),
        _value("value_cost", "cost", "成本"),
        _value("value_performance", "product performance", "产品性能"),
        _value("value_process", "process", "工艺"),
        _value("value_supply", "supply", "供应"),
        _value("value_service", "service", "服务"),
        _value("value_cooperation", "long-term cooperation", "长期合作"),
    ),
)
"""The research questions (P4): where we stand, what it is worth, how to close, what we give."""
