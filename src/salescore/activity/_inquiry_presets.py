"""The field's lists about the market, as questions that observations answer."""

from __future__ import annotations

from salescore.activity._inquiries import Inquiry, Question
from salescore.core import Text

__all__ = [
    "COMPETITOR_ANALYSIS",
    "INFORMATION_RESEARCH",
    "MARKET_INSPECTION",
    "MARKET_REGISTRATION",
]

COMPETITOR_ANALYSIS = Inquiry(
    "competitor_analysis",
    1,
    Text("Competitor analysis", "竞品分析"),
    [
        Question(
            "price",
            Text("What do they charge?", "竞品价格是多少？"),
            ["price"],
            "them",
            31,
            value=True,
        ),
        Question(
            "quality",
            Text("How good is their quality?", "竞品质量如何？"),
            ["quality"],
            "them",
            180,
        ),
        Question(
            "range",
            Text("What is in their range, and what is new?", "竞品有哪些品种，有无新品？"),
            ["range"],
            "them",
            92,
        ),
        Question(
            "promotion",
            Text("Which promotions do they run?", "竞品在做什么促销？"),
            ["promotion"],
            "them",
            31,
        ),
        Question(
            "stock",
            Text("How much of theirs do stores hold?", "客户的竞品库存有多少？"),
            ["stock"],
            "them",
            31,
            value=True,
        ),
        Question(
            "share",
            Text("How large is their share?", "竞品的市场份额有多大？"),
            ["share"],
            "them",
            183,
            value=True,
        ),
        Question(
            "customers",
            Text("Which customers do they win or lose?", "竞品赢得或失去了哪些客户？"),
            ["customer_news"],
            "them",
            92,
        ),
    ],
    "competitor",
)
"""Competitor analysis 竞品分析, gone through for each competitor; how long an answer is good for
is our choice, to be changed."""

MARKET_INSPECTION = Inquiry(
    "market_inspection",
    1,
    Text("Market inspection", "市场巡视"),
    [
        Question(
            "own_stock",
            Text("How much of ours is in stock?", "我方库存有多少？"),
            ["stock"],
            "us",
            31,
            value=True,
        ),
        Question(
            "own_display",
            Text("How are our products displayed?", "我方产品陈列如何？"),
            ["display"],
            "us",
            31,
        ),
        Question(
            "own_price",
            Text("At which price are ours sold?", "我方产品售价是多少？"),
            ["price"],
            "us",
            31,
            value=True,
        ),
        Question(
            "their_stock",
            Text("Which competitors are in stock?", "有哪些竞品在售？"),
            ["stock", "range"],
            "them",
            31,
        ),
        Question(
            "their_price",
            Text("At which price are theirs sold?", "竞品售价是多少？"),
            ["price"],
            "them",
            31,
            value=True,
        ),
        Question(
            "promotion",
            Text("Which promotions run in the store?", "店内有哪些促销？"),
            ["promotion"],
            "any",
            14,
        ),
        Question(
            "news",
            Text("What is new at the customer?", "客户有什么新动态？"),
            ["customer_news"],
            "any",
            31,
        ),
    ],
    "customer",
)
"""Market inspection report 市场巡视报告, gone through for each customer."""

MARKET_REGISTRATION = Inquiry(
    "market_registration",
    1,
    Text("Market registration", "市场登记"),
    [
        Question(
            "size",
            Text("How large is the market, and our share?", "市场容量和我方份额有多大？"),
            ["share"],
            "us",
            366,
            value=True,
        ),
        Question(
            "competitors",
            Text("Which competitors are there, with what share?", "有哪些竞争对手，份额各多少？"),
            ["share"],
            "them",
            366,
        ),
        Question(
            "range",
            Text("Which products are sold?", "市场上销售哪些品种？"),
            ["range"],
            "any",
            183,
        ),
        Question(
            "price",
            Text("Between which prices?", "价格区间是多少？"),
            ["price"],
            "any",
            92,
            value=True,
        ),
        Question(
            "trend",
            Text("Where is the market going?", "市场走势如何？"),
            ["trend"],
            "any",
            183,
        ),
        Question(
            "customers",
            Text("Who buys, and who is new?", "有哪些客户，有无新客户？"),
            ["customer_news"],
            "any",
            92,
        ),
    ],
    "region",
)
"""Market registration report 市场登记报告, gone through for each region."""

INFORMATION_RESEARCH = Inquiry(
    "information_research",
    1,
    Text("Information research", "信息调研"),
    [
        Question(
            "own",
            Text("How do we perform ourselves?", "自身业绩如何？"),
            ["own"],
            "us",
            31,
        ),
        Question(
            "quality",
            Text("How good is competitors' quality?", "竞品质量如何？"),
            ["quality"],
            "them",
            180,
        ),
        Question(
            "price",
            Text("What do competitors charge?", "竞品价格如何？"),
            ["price"],
            "them",
            31,
            value=True,
        ),
        Question(
            "range",
            Text("What is in competitors' range?", "竞品品种如何？"),
            ["range"],
            "them",
            92,
        ),
        Question(
            "trend",
            Text("Where is the market going?", "市场走势如何？"),
            ["trend"],
            "any",
            183,
        ),
        Question(
            "customers",
            Text("What is new with customers?", "客户有什么动态？"),
            ["customer_news"],
            "any",
            31,
        ),
    ],
)
"""Information research 信息调研: own performance, competitors' quality, price and range, market
trend, customers; gone through once for the whole market."""
