"""What the year plan calls things, in English and Chinese."""

from __future__ import annotations

from salescore import Text

AXES_CALLED = {
    "category": Text("Product category", "品种"),
    "region": Text("Region", "地区"),
    "customer": Text("Customer", "客户"),
    "salesperson": Text("Salesperson", "业务员"),
    "settlement": Text("Settlement", "结算方式"),
    "channel": Text("Channel", "销售方式"),
    "month": Text("Month", "时间进度"),
}
AGAINST = {
    "previous": Text("against the month before", "环比"),
    "year": Text("against the same month of last year", "同比"),
}
WORDS = {
    "target": Text("Target", "目标"),
    "last": Text("Last year", "去年"),
    "share": Text("Share", "占比"),
    "title": Text("Year plan", "年度销售计划"),
    "targets": Text("Target plan", "销售计划"),
    "customers": Text("Customers", "客户管理"),
    "quarter_plan": Text("A quarter of visits", "季度拜访计划"),
    "visit": Text("One visit", "拜访计划"),
    "acting": Text("A month of activity", "行动过程管理"),
    "prospects": Text("Prospects", "市场开发"),
    "growth": Text("Growth", "增长率"),
    "team": Text("Scorecards of the salespeople", "业务员绩效考核"),
    "noise": Text("Trend and noise", "趋势与波动"),
    "outlook": Text("Outlook of open deals", "商机达成展望"),
    "trends": Text(
        "Who rises or falls: the same months of different years; by chance alone up to {:.1f} "
        "of {} would",
        "谁在上升或下降（不同年份同月比较）；仅凭偶然，{1}个中最多约有{0:.1f}个会如此",
    ),
    "course": Text("Trend", "趋势"),
    "p": Text("By chance", "偶然概率"),
    "slope": Text("A year", "每年变化"),
    "low": Text("At least", "至少"),
    "high": Text("At most", "至多"),
    "whole": Text("Company", "全公司"),
    "quota": Text("Attainment of quotas", "指标达成"),
    "exact": Text("Every subtotal adds up exactly.", "各级小计与总目标完全一致。"),
    "broken": Text("Subtotals do not add up.", "小计与总目标不一致。"),
    "bench": Text("A bench: the best of tier B", "A类替补"),
    "tier": Text("Tier", "类别"),
    "customer": Text("Customer", "客户"),
    "customers_n": Text("Customers", "客户数"),
    "revenue": Text("Revenue", "销售额"),
    "by_value": Text("All customers by last year's revenue", "全部客户按去年销售额分类"),
    "largest": Text("The largest customers", "销售额最大的客户"),
    "fixed": Text(
        "Region, channel and month totals fixed at once: every sum exact",
        "地区、销售方式、月份三个合计同时锁定：各级合计完全一致",
    ),
    "wanted": Text(
        "Region, channel and month totals cannot all be fixed:",
        "地区、销售方式、月份三个合计无法同时锁定：",
    ),
    "cap": Text(
        "And if {} may sell no more than last year on any channel?",
        "如果{}在各销售方式上都不得超过去年？",
    ),
    "possible": Text("That can be done.", "可以做到。"),
    "cells": Text(
        "{:,} cells over all seven axes, each within one step of its share",
        "按七个维度分解为{:,}个单元，每个单元误差不超过一步",
    ),
    "cells_n": Text("{:,} cells", "{:,}个单元"),
    "visiting": Text("{} on {}, by {}: {} open", "{}，{}，业务员{}：{}项待完成"),
    "open": Text("Still open before the visit", "拜访前待完成"),
    "made": Text("Who made the growth, by {}: {} ({})", "增长贡献（按{}）：{}（{}）"),
    "by": Text("By {}: {} of {}, {:.1%}", "按{}：完成{}，目标{}，达成率{:.1%}"),
    "cents": Text(
        "Amounts of money are shown to the cent; they are kept and added exactly.",
        "金额显示到分，计算与合计均为精确值。",
    ),
    "quarter": Text("Quarter", "季度"),
}

HEADS = {
    **AXES_CALLED,
    "quarter": WORDS["quarter"],
    "rank": Text("Rank", "名次"),
    "score": Text("Score", "得分"),
    "before": Text("Before", "上期"),
    "after": Text("After", "本期"),
    "change": Text("Change", "增减"),
    "contribution": Text("Contribution", "贡献"),
    "rate": Text("Rate", "比率"),
    "status": Text("Status", "状态"),
    "series": Text("Series", "对象"),
    "current": Text("Now", "本期"),
    "base": Text("Base", "基期"),
    "growth": Text("Growth", "增长率"),
    "verdict": Text("Verdict", "判断"),
    "plan": Text("Target", "目标"),
    "to_date": Text("Due by now", "应完成"),
    "actual": Text("Actual", "实际"),
    "gap": Text("Gap", "差额"),
    "attainment": Text("Attainment", "达成率"),
    "pace": Text("Pace", "进度"),
    "needed_per_day": Text("Needed a day", "日均需完成"),
    "projection": Text("Projection", "预计完成"),
}
"""What the columns of answers are called."""

STATUS = {
    "ok": Text("ok", "正常"),
    "new": Text("new", "新增"),
    "lost": Text("lost", "流失"),
    "all": Text("all", "全部"),
}
"""What the values of answers are called; others say it themselves."""
