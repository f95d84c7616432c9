"""Which prospects, funnels and screenings an embedder's tests can draw."""

from __future__ import annotations

import datetime
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from salescore.prospects import (
    CHANNELS,
    OUTCOMES,
    PROSPECT_STAGES,
    Conversions,
    Counted,
    Funnel,
    FunnelFold,
    FunnelStage,
    Market,
    NewTypes,
    Promotion,
    PromotionFold,
    PromotionRows,
    Prospect,
    ProspectRows,
    Required,
    Screening,
    Stages,
    StopRule,
    TypesFold,
    market,
    new_types,
    promotion,
    required,
    screen,
)
from salescore.testing._core import texts, units

__all__ = [
    "conversion_tables",
    "funnel_folds",
    "funnel_stages",
    "funnels",
    "markets",
    "new_type_tables",
    "promotion_folds",
    "promotions",
    "prospects",
    "requirements",
    "screenings",
    "stage_sets",
    "stop_rules",
    "types_folds",
]

_DAYS = st.dates(datetime.date(2025, 1, 1), datetime.date(2026, 12, 31))
_KEYS = st.text("abcdefg_", min_size=1, max_size=8)


def funnel_stages() -> st.SearchStrategy[FunnelStage]:
    """Draw single stages."""
    return st.builds(FunnelStage, _KEYS, texts())


def stage_sets() -> st.SearchStrategy[Stages]:
    """Draw two to six stages, the usual ones among them."""
    some = st.lists(funnel_stages(), min_size=2, max_size=6, unique_by=lambda each: each.key)
    return st.just(PROSPECT_STAGES) | st.builds(Stages, some)


@st.composite
def prospects(draw: st.DrawFn) -> Prospect:
    """Draw prospects whose days are in order, with any outcome."""
    keys = draw(st.lists(st.sampled_from(PROSPECT_STAGES.keys), unique=True))
    keys.sort(key=PROSPECT_STAGES.place)
    days = sorted(draw(st.lists(_DAYS, min_size=len(keys), max_size=len(keys))))
    return Prospect(
        draw(_KEYS),
        draw(st.sampled_from(list(CHANNELS)) | _KEYS),
        dict(zip(keys, days, strict=True)),
        draw(st.sampled_from([each for each in OUTCOMES if each != "lost" or "won" not in keys])),
        created=draw(st.none() | _DAYS),
    )


def funnel_folds() -> st.SearchStrategy[FunnelFold]:
    """Draw accumulators of up to three channels."""
    some = st.lists(st.sampled_from(list(CHANNELS)), max_size=3, unique=True)
    return st.builds(FunnelFold, some, stage_sets())


@st.composite
def funnels(draw: st.DrawFn) -> Funnel:
    """Draw funnels of up to three channels and twenty prospects."""
    fold = draw(funnel_folds())
    last = len(fold.stages) - 1
    row = st.tuples(st.sampled_from(fold.channels), st.integers(0, last), st.booleans())
    rows = draw(st.lists(row, max_size=20)) if fold.channels else []
    lost = np.array([gone and place < last for _, place, gone in rows], dtype=np.bool_)
    chunk = ProspectRows([place for _, place, _ in rows], [name for name, _, _ in rows], lost)
    return fold.finish(fold.fold([chunk]))


@st.composite
def conversion_tables(draw: st.DrawFn) -> Conversions:
    """Draw the rates of such funnels, of all and of the decided."""
    ways: list[Counted] = ["all", "decided"]
    return draw(funnels()).conversions(counted=draw(st.sampled_from(ways)))


@st.composite
def requirements(draw: st.DrawFn) -> Required:
    """Draw what targets up to 50 require, with and without an assurance."""
    rates = draw(st.lists(st.fractions("1/10", 1, max_denominator=20), max_size=4))
    sure = draw(st.none() | st.sampled_from([Fraction(1, 2), Fraction(9, 10)]))
    return required(rates, draw(st.integers(0, 50)), assurance=sure)


@st.composite
def stop_rules(draw: st.DrawFn) -> StopRule:
    """Draw rules of up to eighty calls."""
    line = draw(st.fractions("1/10", "9/10", max_denominator=10))
    confidence = draw(st.fractions("51/100", "99/100", max_denominator=100))
    every = draw(st.integers(1, 20))
    return StopRule(line, confidence, every, draw(st.integers(every, 80)))


@st.composite
def screenings(draw: st.DrawFn) -> Screening:
    """Draw screenings of up to five channels."""
    rule = draw(stop_rules())
    calls = draw(st.lists(st.integers(0, rule.most), max_size=5))
    valid = [draw(st.integers(0, made)) for made in calls]
    names = draw(st.none() | st.just(list(CHANNELS)[: len(calls)]))
    return screen(calls, valid, rule, channels=names)


@st.composite
def promotions(draw: st.DrawFn) -> Promotion:
    """Draw promotion of two media in half a year, to date or not."""
    row = st.tuples(
        st.sampled_from(["fair", "journal"]),
        st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 6, 30)),
        st.integers(0, 10**6),
        st.integers(0, 5_000),
        st.integers(0, 20),
    )
    rows = draw(st.lists(row, max_size=12))
    columns = PromotionRows(*([each[place] for each in rows] for place in range(5)))
    retention = draw(st.fractions(0, "9/10", max_denominator=10))
    found = promotion(columns, retention, unit=draw(st.none() | units()))
    return found.to_date() if draw(st.booleans()) else found


def promotion_folds() -> st.SearchStrategy[PromotionFold]:
    """Draw accumulators of up to two media and six months."""
    shares = st.fractions(0, "9/10", max_denominator=10)
    media = st.lists(st.sampled_from(["fair", "journal"]), max_size=2, unique=True)
    by_medium = st.fixed_dictionaries({"fair": shares, "journal": shares})
    return st.builds(
        PromotionFold, media, _DAYS, st.integers(1, 6), shares | by_medium, st.none() | units()
    )


@st.composite
def markets(draw: st.DrawFn) -> Market:
    """Draw up to twenty entries of three channels."""
    row = st.tuples(st.integers(0, 9), st.sampled_from(["fair", "list", "web"]))
    rows = draw(st.lists(row, max_size=20))
    part = draw(st.fractions("1/10", 1, max_denominator=10))
    return market([who for who, _ in rows], [where for _, where in rows], known_share=part)


def types_folds() -> st.SearchStrategy[TypesFold]:
    """Draw accumulators of up to three segments."""
    some = st.lists(st.sampled_from(["clinic", "hotel", "school"]), max_size=3, unique=True)
    return st.builds(TypesFold, some, st.fractions("1/100", "1/2", max_denominator=100))


@st.composite
def new_type_tables(draw: st.DrawFn) -> NewTypes:
    """Draw comparisons of up to twenty wins and prospects."""
    some = st.lists(st.sampled_from(["clinic", "hotel", "school"]), max_size=20)
    return new_types(draw(some), draw(some), alpha=draw(st.sampled_from(["0.05", "0.3"])))
