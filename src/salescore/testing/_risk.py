"""Which receivables, credit scores, price violations and risks an embedder's tests can draw."""

from __future__ import annotations

from datetime import date, timedelta
from math import nan
from typing import Any

from hypothesis import strategies as st

from salescore.core import Unit
from salescore.customers import (
    CREDIT_LADDER,
    Closed,
    CreditNotes,
    CreditScores,
    Enthusiasm,
    EnthusiasmPolicy,
    GradeLadder,
    LabelPoints,
    NumberPoints,
    PointScale,
    PriceBands,
    PriceViolations,
    Receivables,
    ReceivablesPolicy,
    Risk,
    Scorecard,
    check_prices,
    credit,
    enthusiasm,
    receivables,
    risk,
)
from salescore.testing._core import texts

__all__ = [
    "credit_scores",
    "enthusiasm_policies",
    "enthusiasms",
    "grade_ladders",
    "label_points",
    "number_points",
    "point_scales",
    "price_bands",
    "price_violations",
    "receivable_answers",
    "receivables_policies",
    "risks",
    "scorecards",
]

_IDS = tuple(f"客户 {i}" for i in range(4))
_TODAY = date(2026, 6, 30)
_SIDES: list[Closed] = ["left", "right"]
_CREDITS: list[CreditNotes] = ["apart", "due"]
_CLOSED = st.sampled_from(_SIDES)
_KEYS = st.text("abcdefgh", min_size=1, max_size=6)
_LABELS = ("state", "private", "joint")
_PRODUCTS = ("oil", "salt", "tea")
_REGIONS = ("East", "West")
_MONEY = st.integers(0, 10**6)
_SHARES = st.fractions(0, 1, max_denominator=20)
_POINTS = st.integers(-50, 100)


@st.composite
def receivables_policies(draw: st.DrawFn) -> ReceivablesPolicy:
    """Draw up to three ends of bands, both places of credit notes, and any limits."""
    return ReceivablesPolicy(
        sorted(draw(st.sets(st.integers(1, 200), max_size=3))),
        draw(st.sampled_from(_CREDITS)),
        tolerance=draw(st.integers(0, 5_000)),
        overdue=draw(st.integers(0, 100_000)),
        oldest=draw(st.integers(0, 120)),
        watch=draw(_SHARES),
    )


@st.composite
def receivable_answers(draw: st.DrawFn) -> Receivables:
    """Draw up to eight open items of four customers, some with orders and limits."""
    items = draw(
        st.lists(
            st.tuples(st.sampled_from(_IDS), st.integers(-(10**5), 10**6), st.integers(-60, 300)),
            max_size=8,
        )
    )
    limits = draw(st.dictionaries(st.sampled_from(_IDS), _MONEY))
    orders = draw(st.lists(st.tuples(st.sampled_from(_IDS), _MONEY), max_size=3))
    return receivables(
        [name for name, _, _ in items],
        [amount for _, amount, _ in items],
        [_TODAY - timedelta(days=days) for _, _, days in items],
        as_of=_TODAY,
        orders=([name for name, _ in orders], [amount for _, amount in orders]),
        limits=(list(limits), list(limits.values())),
        ids=draw(st.sampled_from([None, _IDS])),
        policy=draw(receivables_policies()),
        unit=Unit("CNY", 100),
    )


@st.composite
def grade_ladders(draw: st.DrawFn) -> GradeLadder:
    """Draw one to five grades with whole lines."""
    lines = sorted(draw(st.sets(st.integers(-100, 300), max_size=4)), reverse=True)
    return GradeLadder([f"G{i}" for i in range(len(lines) + 1)], lines, draw(_CLOSED))


@st.composite
def point_scales(draw: st.DrawFn) -> PointScale:
    """Draw scales from odds to points."""
    odds = draw(st.fractions("1/1000", 10, max_denominator=1000))
    return PointScale(draw(st.integers(0, 1000)), odds, draw(st.integers(10, 100)))


@st.composite
def number_points(draw: st.DrawFn, keys: st.SearchStrategy[str] = _KEYS) -> NumberPoints:
    """Draw one to four bins, a missing one beside them."""
    edges = sorted(draw(st.sets(st.integers(-50, 50), max_size=3)))
    size = len(edges) + 1
    points = draw(st.lists(_POINTS, min_size=size, max_size=size))
    missing = draw(_POINTS)
    return NumberPoints(
        draw(keys), draw(texts()), edges, points, closed=draw(_CLOSED), missing=missing
    )


@st.composite
def label_points(draw: st.DrawFn, keys: st.SearchStrategy[str] = _KEYS) -> LabelPoints:
    """Draw one to three labels with points; others and none have theirs."""
    points = draw(st.dictionaries(st.sampled_from(_LABELS), _POINTS, min_size=1))
    missing, other = draw(_POINTS), draw(_POINTS)
    return LabelPoints(draw(keys), draw(texts()), points, missing=missing, other=other)


@st.composite
def scorecards(draw: st.DrawFn) -> Scorecard:
    """Draw one to four characteristics, with and without a scale of odds."""
    numbers = draw(st.integers(0, 2))
    labels = draw(st.integers(0 if numbers else 1, 2))
    return Scorecard(
        [draw(number_points(st.just(f"number {i}"))) for i in range(numbers)],
        [draw(label_points(st.just(f"label {i}"))) for i in range(labels)],
        base=draw(_POINTS),
        ladder=draw(grade_ladders() | st.just(CREDIT_LADDER)),
        scale=draw(st.none() | point_scales()),
    )


@st.composite
def credit_scores(draw: st.DrawFn, ids: tuple[str, ...] | None = None) -> CreditScores:
    """Draw the credit of up to six customers, some values missing."""
    card = draw(scorecards())
    n = draw(st.integers(0, 6)) if ids is None else len(ids)
    values = st.integers(-60, 60).map(float) | st.just(nan)
    words = st.sampled_from([*_LABELS, "other", None])
    columns: dict[str, Any] = {
        each.key: draw(st.lists(values, min_size=n, max_size=n)) for each in card.numbers
    }
    for each in card.labels:
        columns[each.key] = draw(st.lists(words, min_size=n, max_size=n))
    return credit(columns, card, ids=ids)


@st.composite
def price_bands(draw: st.DrawFn) -> PriceBands:
    """Draw bands of up to three products, everywhere or by region."""
    by_region = draw(st.booleans())
    places = [(p, r) for p in _PRODUCTS for r in (_REGIONS if by_region else _REGIONS[:1])]
    chosen = draw(st.lists(st.sampled_from(places), unique=True))
    ends = [sorted(draw(st.tuples(_MONEY, _MONEY))) for _ in chosen]
    return PriceBands.from_columns(
        [product for product, _ in chosen],
        [low for low, _ in ends],
        [high for _, high in ends],
        regions=[region for _, region in chosen] if by_region else None,
        unit=Unit("CNY", 100),
    )


@st.composite
def price_violations(draw: st.DrawFn, ids: tuple[str, ...] | None = None) -> PriceViolations:
    """Draw up to eight sales held against bands, some without one."""
    bands = draw(price_bands())
    n = draw(st.integers(0, 8))
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "customer": st.sampled_from(_IDS),
        "product": st.sampled_from(_PRODUCTS),
        "price": _MONEY,
        "quantity": st.integers(1, 100),
    }
    if bands.by_region:
        kinds["region"] = st.sampled_from(_REGIONS)
    lines = {name: draw(st.lists(kind, min_size=n, max_size=n)) for name, kind in kinds.items()}
    critical = draw(st.none() | _MONEY)
    return check_prices(lines, bands, ids=ids, no_band="report", critical=critical)


@st.composite
def enthusiasm_policies(draw: st.DrawFn) -> EnthusiasmPolicy:
    """Draw lines of margin and growth."""
    return EnthusiasmPolicy(draw(_SHARES), draw(_SHARES))


@st.composite
def enthusiasms(draw: st.DrawFn) -> Enthusiasm:
    """Draw up to six customers, with what is known of them."""
    n = draw(st.integers(0, 6))
    names = ["revenue", "cost"]
    if draw(st.booleans()):
        names += ["resale", "purchase"]
    if draw(st.booleans()):
        names += ["volume", "volume_before"]
        names += ["market", "market_before"] if draw(st.booleans()) else []
    columns = {name: draw(st.lists(_MONEY, min_size=n, max_size=n)) for name in names}
    ids = draw(st.sampled_from([None, [f"客户 {i}" for i in range(n)]]))
    return enthusiasm(columns, draw(enthusiasm_policies()), ids=ids, unit=Unit("CNY", 100))


@st.composite
def risks(draw: st.DrawFn) -> Risk:
    """Draw the risk of four customers, with and without grades and prices."""
    owed = draw(receivable_answers().filter(lambda found: len(found) == len(_IDS)))
    graded = draw(st.none() | credit_scores(_IDS))
    priced = draw(st.none() | price_violations(_IDS) | price_violations())
    least = None if graded is None else draw(st.sampled_from([None, *graded.ladder]))
    return risk(owed, credit=graded, prices=priced, least=least)
