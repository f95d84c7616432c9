"""How prospects are told: two funnels, what to stop, how many more are needed."""

from __future__ import annotations

import numpy as np
from funnel_picture import description, funnel_picture
from page import paragraph, row
from prospecting import RULE, WINS, Prospecting

from salescore import Text, prospects
from salescore.core import html_table
from salescore.typing import Language

_WORDS = {
    "stores": Text("The stores of the directory", "名录中的门店"),
    "never": Text(
        "{} of {} stores never ordered; most of them in {} ({}).",
        "{1}家门店中有{0}家从未订货，其中{2}最多（{3}家）。",
    ),
    "no_stores": Text(
        "The company's own directory is not known; the list below is made up.",
        "没有该公司自己的名录；下面的名单为虚构。",
    ),
    "made_up": Text(
        "A list of prospects by channel, made up for the example",
        "按渠道的潜在客户名单（示例，虚构数据）",
    ),
    "rates": Text(
        "How many of all go on, by channel, with 95 % bounds (made up)",
        "各渠道转化率及95%置信区间（虚构数据）",
    ),
    "by_country": Text("Stores by country", "按国家的门店"),
    "stop": Text(
        "By phone screening, stop: {}. A channel with {:.0%} valid entries would be stopped by "
        "chance in {:.1%} of cases.",
        "电话筛选后停用：{}。有效率恰为{:.0%}的渠道被误停的概率为{:.1%}。",
    ),
    "keep": Text("Good enough: {}.", "值得保留：{}。"),
    "required": Text(
        "{} wins take {:,} prospects at these rates, {:,} to be 90 % sure.",
        "按上述转化率，成交{}家需要{:,}个潜在客户；若要有九成把握，需要{:,}个。",
    ),
    "market": Text(
        "{:,} different firms are known; by the rule of thumb that channels give 70 % the market "
        "has {:,.0f}, by the overlap of {} and {} {:,.0f} ({:,.0f} to {:,.0f}). It was made with "
        "1,500.",
        "已知{:,}家不同企业；按渠道提供七成的经验，市场约有{:,.0f}家；按{}与{}的重复率估计为{:,.0f}家"
        "（{:,.0f}至{:,.0f}家）。虚构市场实有1500家。",
    ),
    "types": Text(
        "Trades of people who bought for the first time last year, against the list of prospects",
        "去年首次购买者的职业与潜在客户名单的对比",
    ),
    "none": Text("none", "无"),
    "channel": Text("Channel", "渠道"),
    "country": Text("Country", "国家"),
}


def prospects_html(found: Prospecting, language: Language) -> str:
    """Give the section of the page."""
    parts: list[str] = []
    if found.stores is None:
        parts.append(paragraph(_WORDS["no_stores"].to(language), "open"))
    else:
        title = _WORDS["stores"].to(language)
        parts += [
            paragraph(title, "head"),
            funnel_picture(found.stores, title, "stores", language),
            paragraph(_never(found.stores, language)),
            row(_reached(found.stores, "by_country", "country", language), _types(found, language)),
        ]
    title = _WORDS["made_up"].to(language)
    parts += [
        paragraph(title, "head"),
        funnel_picture(found.channels, title, "channels", language),
        row(_rates(found.channels, language), _screened(found.screening, language)),
        *(paragraph(line) for line in _sentences(found, language)),
    ]
    return "".join(parts)


def told(found: Prospecting, language: Language) -> list[str]:
    """Give the same for the terminal."""
    stores = [] if found.stores is None else [_never(found.stores, language)]
    title = _WORDS["made_up"].to(language)
    made = description(found.channels, title, language)
    return [*stores, made, *_sentences(found, language)]


def _never(stores: prospects.Funnel, language: Language) -> str:
    never = stores.furthest[:, 0]
    most = int(never.argmax())
    numbers = (int(never.sum()), stores.size, stores.channels[most], int(never[most]))
    return _WORDS["never"].to(language).format(*numbers)


def _reached(funnel: prospects.Funnel, caption: str, first: str, language: Language) -> str:
    columns: dict[str, list[object]] = {_WORDS[first].to(language): _names(funnel, language)}
    for text, column in zip(funnel.stages.texts(language), funnel.reached.T, strict=True):
        columns[text] = column.tolist()
    return html_table(columns, caption=_WORDS[caption].to(language), language=language)


def _rates(funnel: prospects.Funnel, language: Language) -> str:
    """Show each rate with its bounds, one line a channel."""
    rates = funnel.conversions()
    told, steps = rates.to_columns(), len(funnel.stages) - 1
    columns: dict[str, list[object]] = {
        _WORDS["channel"].to(language): _names(funnel, language),
        funnel.stages.texts(language)[0]: funnel.reached[:, 0].tolist(),
    }
    for step, text in enumerate(funnel.stages.texts(language)[1:]):
        rows = range(step, len(told["low"]), steps)
        columns[text] = [
            _between(*(float(told[name][at]) for name in ("conversion", "low", "high")))
            for at in rows
        ]
    return html_table(columns, caption=_WORDS["rates"].to(language), language=language)


def _between(rate: float, low: float, high: float) -> str:
    return "-" if np.isnan(rate) else f"{rate:.0%} ({low:.0%}-{high:.0%})"


def _screened(screening: prospects.Screening, language: Language) -> str:
    text = screening.summary(language).splitlines()[1]
    names = prospects.CHANNELS
    columns: dict[str, list[object]] = {
        _WORDS["channel"].to(language): [names[str(c)].to(language) for c in screening.channels],
        Text("Calls", "电话数").to(language): screening.calls.tolist(),
        Text("Valid", "有效").to(language): screening.valid.tolist(),
        Text("Verdict", "判断").to(language): [
            prospects.Verdict(code).text.to(language) for code in screening.verdict.tolist()
        ],
    }
    return html_table(columns, caption=text, language=language)


def _types(found: Prospecting, language: Language) -> str:
    if found.types is None:
        return ""
    told = found.types.to_columns()
    columns: dict[str, list[object]] = {
        Text("Trade", "职业").to(language): told["segment"].tolist(),
        Text("First bought", "首次购买").to(language): told["wins"].tolist(),
        Text("On the list", "名单中").to(language): told["directory"].tolist(),
        Text("Verdict", "判断").to(language): [
            prospects.Found(code).text.to(language) for code in found.types.found.tolist()
        ],
    }
    return html_table(columns, caption=_WORDS["types"].to(language), language=language)


def _names(funnel: prospects.Funnel, language: Language) -> list[object]:
    known = prospects.CHANNELS
    return [
        known[str(each)].to(language) if str(each) in known else each for each in funnel.channels
    ]


def _sentences(found: Prospecting, language: Language) -> list[str]:
    def listed(verdict: prospects.Verdict) -> str:
        names = [prospects.CHANNELS[str(c)].to(language) for c in found.screening.of(verdict)]
        return ("、" if language == "zh" else ", ").join(names) or _WORDS["none"].to(language)

    sure = found.required.sure
    one, other = "association", "exhibition"
    named = [prospects.CHANNELS[each].to(language) for each in (one, other)]
    low, high = found.market.bounds(one, other)
    size = float(found.market.estimate(one, other))
    numbers = {
        "stop": (listed(prospects.Verdict.STOP), float(_line()), RULE.false_stop),
        "keep": (listed(prospects.Verdict.KEEP),),
        "required": (WINS, found.required.inflow, 0 if sure is None else int(sure[0])),
        "market": (found.market.known, float(found.market.by_rule), *named, size, low, high),
    }
    return [_WORDS[name].to(language).format(*values) for name, values in numbers.items()]


def _line() -> float:
    top, _, bottom = RULE.line.partition("/")
    return int(top) / int(bottom)
