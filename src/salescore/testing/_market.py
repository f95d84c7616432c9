"""Which observations and inquiries an embedder's tests can draw."""

from __future__ import annotations

import datetime

from attrs import evolve
from hypothesis import strategies as st

from salescore.activity import (
    COMPETITOR_ANALYSIS,
    INFORMATION_RESEARCH,
    MARKET_INSPECTION,
    MARKET_REGISTRATION,
    OBSERVATION_KINDS,
    PLACES,
    Inquired,
    Inquiry,
    Latest,
    LatestFold,
    Observation,
    Observations,
    Place,
    Presence,
    PriceGaps,
    PriceRows,
    Question,
    Staleness,
    inquire,
    latest,
    presence,
    price_gap,
    staleness,
)
from salescore.core import COUNT, Unit
from salescore.testing._core import texts

__all__ = [
    "inquired_lists",
    "inquiries",
    "latest_folds",
    "latest_sets",
    "observation_rows",
    "observations",
    "presences",
    "price_gaps",
    "questions",
    "staleness_sets",
]

_UNIT = Unit("CNY", 100)
_KINDS = st.sampled_from(tuple(OBSERVATION_KINDS))
_DAYS = st.dates(datetime.date(2026, 2, 23), datetime.date(2026, 4, 5))
_LABELS = {
    "competitor": ("", "Rival", "对手"),
    "product": ("", "drill", "saw"),
    "region": ("", "East"),
    "customer": ("", "Hongda", "Jinli"),
}
_WORDS = st.sampled_from(("", "new", "促销"))


@st.composite
def observations(draw: st.DrawFn) -> Observation:
    """Draw things seen: prices, and others with a value, words, or both."""
    kind = draw(_KINDS)
    value = st.integers(0, 10**6) if kind == "price" else st.none() | st.integers(-5, 5)
    found = draw(value)
    return Observation(
        kind,
        draw(_DAYS),
        value=found,
        unit=_UNIT if kind == "price" else COUNT,
        text="seen" if found is None else draw(_WORDS),
        source=draw(_WORDS),
        by=draw(st.sampled_from(("", "Li Na"))),
        **{name: draw(st.sampled_from(labels)) for name, labels in _LABELS.items()},
    )


@st.composite
def observation_rows(draw: st.DrawFn, *, most: int = 10) -> Observations:
    """Draw columns of observations.

    Parameters
    ----------
    most : int, default 10
        How many at most.
    """
    found = Observations.of(draw(st.lists(observations(), max_size=most)))
    return evolve(found, unit=_UNIT)


def _some_places() -> st.SearchStrategy[list[Place]]:
    return st.lists(st.sampled_from(PLACES), unique=True)


def latest_folds() -> st.SearchStrategy[LatestFold]:
    """Draw accumulators of what was seen last."""
    return st.builds(LatestFold, _DAYS, _some_places(), st.just(_UNIT))


@st.composite
def latest_sets(draw: st.DrawFn) -> Latest:
    """Draw what was seen last."""
    return latest(draw(observation_rows()), as_of=draw(_DAYS), by=draw(_some_places()))


@st.composite
def staleness_sets(draw: st.DrawFn) -> Staleness:
    """Draw how long ago places were seen."""
    names = draw(_some_places().filter(bool))
    size = draw(st.integers(0, 4))
    places: dict[Place, list[str]] = {
        name: draw(st.lists(st.sampled_from(_LABELS[name]), min_size=size, max_size=size))
        for name in names
    }
    kinds = draw(st.lists(_KINDS, max_size=2))
    age = draw(st.integers(0, 40))
    rows = draw(observation_rows())
    return staleness(rows, places, as_of=draw(_DAYS), max_age=age, kinds=kinds)


@st.composite
def price_gaps(draw: st.DrawFn) -> PriceGaps:
    """Draw our prices against those of competitors."""
    own = [(p, r) for p in ("drill", "saw", "tape") for r in ("", "East")]
    rows = draw(st.lists(st.sampled_from(own), max_size=4, unique=True))
    with_region = draw(st.booleans())
    if not with_region:
        rows = [(product, "") for product in dict.fromkeys(product for product, _ in rows)]
    prices = draw(st.lists(st.integers(0, 10**6), min_size=len(rows), max_size=len(rows)))
    ours = PriceRows(
        [product for product, _ in rows],
        prices,
        [region for _, region in rows] if with_region else None,
    )
    age = draw(st.none() | st.integers(0, 40))
    return price_gap(ours, draw(observation_rows()), as_of=draw(_DAYS), max_age=age)


@st.composite
def presences(draw: st.DrawFn) -> Presence:
    """Draw where products are to be seen."""
    customers = draw(st.lists(st.sampled_from(("Hongda", "Jinli", "Dexin")), unique=True))
    age = draw(st.none() | st.integers(0, 40))
    kinds = draw(st.lists(_KINDS, max_size=3))
    found = draw(observation_rows())
    return presence(found, customers, as_of=draw(_DAYS), max_age=age, kinds=kinds)


@st.composite
def questions(draw: st.DrawFn, key: str = "question") -> Question:
    """Draw questions about the market.

    Parameters
    ----------
    key : str, default "question"
        Its code.
    """
    return Question(
        key,
        draw(texts()),
        draw(st.lists(_KINDS, min_size=1, max_size=3)),
        draw(st.sampled_from(("us", "them", "any"))),
        draw(st.none() | st.integers(0, 40)),
        value=draw(st.booleans()),
    )


@st.composite
def inquiries(draw: st.DrawFn) -> Inquiry:
    """Draw lists of questions, our own among them."""
    own = (COMPETITOR_ANALYSIS, MARKET_INSPECTION, MARKET_REGISTRATION, INFORMATION_RESEARCH)
    if draw(st.booleans()):
        return draw(st.sampled_from(own))
    asked = [draw(questions(f"q{place}")) for place in range(draw(st.integers(0, 3)))]
    return Inquiry("list", 1, draw(texts()), asked, draw(st.none() | st.sampled_from(PLACES)))


@st.composite
def inquired_lists(draw: st.DrawFn) -> Inquired:
    """Draw what inquiries come to."""
    return inquire(draw(inquiries()), draw(observation_rows()), as_of=draw(_DAYS))
