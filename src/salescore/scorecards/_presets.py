"""The five areas that salespeople are judged in, ready to use or to be changed."""

from __future__ import annotations

from salescore.core import Text
from salescore.customers import Grade, Scale
from salescore.scorecards._policy import Area, Criterion, ScorecardPolicy

__all__ = ["FIVE_AREAS"]

FIVE_AREAS = ScorecardPolicy(
    [
        Area("results", Text("Sales and collections", "销量和收款")),
        Area("reports", Text("Execution of the reporting system", "报告制度执行")),
        Area("expenses", Text("Expense control", "费用控制")),
        Area("compliance", Text("Compliance with management", "服从管理")),
        Area("market", Text("Market planning and progress", "市场策划与进度")),
    ],
    [
        Criterion("sales", Text("Sales of target", "销售达成率"), "results", 25, Scale(0.5, 1.1)),
        Criterion("collections", Text("Collected of due", "回款率"), "results", 15, Scale(0.6, 1)),
        Criterion("deals", Text("Deals won", "成交率"), "results", 5, Scale(0, 0.5), kind="share"),
        Criterion(
            "on_time",
            Text("Reports on time", "报告及时率"),
            "reports",
            10,
            Scale(0.5, 1),
            kind="share",
        ),
        Criterion(
            "complete",
            Text("Reports complete", "报告完整率"),
            "reports",
            5,
            Scale(0.5, 1),
            kind="share",
        ),
        Criterion(
            "spent", Text("Spent of budget", "费用使用率"), "expenses", 10, Scale(0.9, 1.2, "low")
        ),
        Criterion(
            "vouchers",
            Text("Vouchers in order", "报销合规率"),
            "expenses",
            5,
            Scale(0.8, 1),
            kind="share",
        ),
        Criterion(
            "instructions",
            Text("Instructions carried out", "指令执行率"),
            "compliance",
            5,
            Scale(0.5, 1),
            kind="share",
        ),
        Criterion(
            "prices",
            Text("Orders within price rules", "价格合规率"),
            "compliance",
            5,
            Scale(0.8, 1),
            kind="share",
        ),
        Criterion(
            "plan", Text("Plan items done", "策划完成率"), "market", 5, Scale(0.4, 1), kind="share"
        ),
        Criterion(
            "visits",
            Text("Planned visits made", "拜访完成率"),
            "market",
            5,
            Scale(0.5, 1),
            kind="share",
        ),
        Criterion(
            "information",
            Text("Market topics reported", "市场信息上报率"),
            "market",
            5,
            Scale(0.4, 1),
            kind="share",
        ),
    ],
    [
        Grade("excellent", Text("Excellent", "优秀"), 90),
        Grade("good", Text("Good", "良好"), 75),
        Grade("fair", Text("Fair", "合格"), 60),
        Grade("poor", Text("Poor", "不合格"), 0),
    ],
)
"""Sales and collections, reports, expenses, compliance, market planning: weights add up to 100."""
