"""Which three checklists every visit goes through: its goals, its action plan, its preparation."""

from __future__ import annotations

from salescore.core import Text
from salescore.core._checklists import Checklist, EnableWhen, Item, Option, Stage
from salescore.visits._goals import GOAL_KINDS, GoalKind

__all__ = ["VISIT_ACTIONS", "VISIT_GOALS", "VISIT_PREPARATION"]


def _kinds(*kinds: GoalKind) -> tuple[Option, ...]:
    return tuple(Option(kind, GOAL_KINDS[kind]) for kind in kinds)


_SELLING = (EnableWhen("kind", "=", "sales"), EnableWhen("kind", "=", "both"))
_MANAGING = (EnableWhen("kind", "=", "management"), EnableWhen("kind", "=", "both"))
_COLLECTING = (EnableWhen("management_goal", "=", "collection"),)

VISIT_GOALS = Checklist(
    "visit_goals",
    1,
    Text("Goals of the visit", "拜访目标"),
    (
        Stage("purpose", Text("What for", "拜访目的")),
        Stage(
            "quality", Text("Clear, precise, measurable, attainable", "清楚、精确、可衡量、可达成")
        ),
    ),
    (
        Item(
            "kind",
            Text(
                "Is this visit to sell, to manage, or both?",
                "本次拜访是为了销售、管理，还是两者兼顾？",
            ),
            "purpose",
            "choice",
            weight=2,
            critical=True,
            options=(
                Option("sales", Text("Sales", "销售目标")),
                Option("management", Text("Management", "管理目标")),
                Option("both", Text("Both", "两者兼顾")),
            ),
        ),
        Item(
            "sales_goal",
            Text("Which sales goal?", "销售目标是什么？"),
            "purpose",
            "choice",
            weight=2,
            enable_when=_SELLING,
            enable_behavior="any",
            options=_kinds(
                "more_orders", "missing_products", "new_products", "new_business", "education"
            ),
        ),
        Item(
            "sales_content",
            Text("Which products, and how much?", "具体哪些产品、多少数量？"),
            "purpose",
            "text",
            enable_when=(EnableWhen("sales_goal", "exists", value=True),),
        ),
        Item(
            "management_goal",
            Text("Which management goal?", "管理目标是什么？"),
            "purpose",
            "choice",
            weight=2,
            enable_when=_MANAGING,
            enable_behavior="any",
            options=_kinds("collection", "complaint", "intelligence"),
        ),
        Item(
            "collection_amount",
            Text("How much is to be collected?", "计划收回多少货款？"),
            "purpose",
            "number",
            enable_when=_COLLECTING,
        ),
        Item(
            "collection_day",
            Text("By which day is it to be paid?", "约定哪一天付款？"),
            "purpose",
            "date",
            enable_when=_COLLECTING,
        ),
        Item(
            "complaint_subject",
            Text("What is the customer unhappy about?", "客户对什么不满意？"),
            "purpose",
            "text",
            enable_when=(EnableWhen("management_goal", "=", "complaint"),),
        ),
        Item(
            "intelligence_subject",
            Text("Intelligence about what?", "收集哪方面的信息？"),
            "purpose",
            "choice",
            enable_when=(EnableWhen("management_goal", "=", "intelligence"),),
            options=(
                Option("market", Text("The market", "市场")),
                Option("sales", Text("Sales", "销售")),
                Option("management", Text("Management", "管理")),
            ),
        ),
        Item(
            "clear",
            Text("Is the goal clear to everybody?", "目标是否清楚？"),
            "quality",
            yes_only=True,
        ),
        Item(
            "precise",
            Text("Does it say exactly what and whom?", "目标是否精确到具体的人和事？"),
            "quality",
            yes_only=True,
        ),
        Item(
            "measurable",
            Text("Is there a figure and a date to measure it by?", "是否有可衡量的数字和期限？"),
            "quality",
            weight=2,
            yes_only=True,
        ),
        Item(
            "attainable",
            Text("Can it be reached in this visit?", "本次拜访能否达成？"),
            "quality",
            weight=2,
            yes_only=True,
        ),
        Item(
            "least_result",
            Text("What is the least that makes the visit worth it?", "最低限度要取得什么结果？"),
            "quality",
            "text",
            required=False,
        ),
    ),
)
"""What the visit is for (V1): sales goals and management goals, each clear, precise,
measurable and attainable."""

VISIT_ACTIONS = Checklist(
    "visit_actions",
    1,
    Text("Action plan of the visit", "拜访行动计划"),
    (
        Stage("material", Text("Material", "资料准备")),
        Stage("conversation", Text("Conversation", "洽谈设计")),
        Stage("closing", Text("Closing", "促成")),
    ),
    (
        Item(
            "material",
            Text("What further material is needed?", "还需要哪些资料？"),
            "material",
            "text",
        ),
        Item(
            "material_day",
            Text("By which day is it at hand?", "资料哪一天备齐？"),
            "material",
            "date",
            required=False,
        ),
        Item(
            "interest",
            Text("How will you interest the customer?", "怎样引起客户的兴趣？"),
            "conversation",
            "text",
            weight=2,
        ),
        Item(
            "benefit",
            Text("What does the customer gain?", "能给客户带来什么利益？"),
            "conversation",
            "text",
            weight=3,
            critical=True,
        ),
        Item(
            "proof",
            Text("How will you prove it?", "怎样证明这些利益？"),
            "conversation",
            "text",
            weight=2,
        ),
        Item(
            "objections",
            Text("Which objections do you expect?", "客户可能提出哪些异议？"),
            "conversation",
            "text",
            weight=2,
        ),
        Item(
            "objection_answers",
            Text("How will you meet each of them?", "怎样应对每一个异议？"),
            "conversation",
            "text",
            weight=2,
        ),
        Item(
            "competitor",
            Text("Does a competitor supply this customer?", "是否有竞争对手在供货？"),
            "conversation",
        ),
        Item(
            "competitor_answer",
            Text("What do you offer that it does not?", "我们有什么是对手没有的？"),
            "conversation",
            "text",
            enable_when=(EnableWhen("competitor", "=", value=True),),
        ),
        Item(
            "skills",
            Text("Which selling skills will close the deal?", "用哪些销售技巧促成交易？"),
            "closing",
            "text",
            weight=2,
        ),
        Item(
            "request",
            Text("What exactly will you ask for?", "最后向客户提出什么要求？"),
            "closing",
            "text",
            required=False,
        ),
    ),
)
"""How the goals will be reached (V2): material, interest, benefit and proof, objections and
answers, and what will close."""

VISIT_PREPARATION = Checklist(
    "visit_preparation",
    1,
    Text("Final preparation", "拜访前的最后准备"),
    (
        Stage("plan", Text("Goal and plan", "目标与计划")),
        Stage("person", Text("Person and aids", "个人与用品")),
    ),
    (
        Item(
            "goal_definite",
            Text("Is the goal definite?", "目标是否明确？"),
            "plan",
            weight=2,
            critical=True,
            yes_only=True,
        ),
        Item(
            "plan_complete",
            Text("Is the plan sound and complete?", "计划是否周密完整？"),
            "plan",
            weight=2,
            yes_only=True,
        ),
        Item(
            "appointment",
            Text("Is the appointment confirmed?", "是否已确认约见？"),
            "plan",
            required=False,
            yes_only=True,
        ),
        Item(
            "appearance",
            Text("Is your appearance right?", "仪容仪表是否得体？"),
            "person",
            yes_only=True,
        ),
        Item(
            "aids",
            Text("Are selling aids and samples at hand?", "销售工具和样品是否带齐？"),
            "person",
            yes_only=True,
        ),
        Item(
            "attitude",
            Text("Are you positive and committed?", "态度是否积极、投入？"),
            "person",
            yes_only=True,
        ),
    ),
)
"""The last look before leaving (V3): goal, plan, appearance, aids and samples, attitude."""
