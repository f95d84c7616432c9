"""Which win rates, calibrations and correlations an embedder's tests can draw."""

from __future__ import annotations

from hypothesis import strategies as st

from salescore.growth import (
    OUTCOMES,
    Calibration,
    Correlation,
    WinCounts,
    WinRates,
    calibrate,
    correlation,
    win_rates,
)

__all__ = ["calibrations", "deal_correlations", "win_counts", "win_tables"]

_STALE = st.fractions(0, "1/2", max_denominator=50)
_CONFIDENCE = st.fractions("1/2", "99/100", max_denominator=100)


def win_counts() -> st.SearchStrategy[WinCounts]:
    """Draw accumulators of past deals."""
    return st.builds(WinCounts, _STALE, _CONFIDENCE, fewest=st.integers(1, 9))


@st.composite
def win_tables(draw: st.DrawFn) -> WinRates:
    """Draw the win rates of up to thirty deals, of one outcome alone among them."""
    deals = draw(st.lists(st.tuples(st.integers(0, 12), st.sampled_from(OUTCOMES)), max_size=30))
    ages, outcomes = ([deal[i] for deal in deals] for i in (0, 1))
    options = {"stale": draw(_STALE), "confidence": draw(_CONFIDENCE)}
    return win_rates(ages, outcomes, **options, fewest=draw(st.integers(1, 9)))


@st.composite
def deal_correlations(draw: st.DrawFn) -> Correlation:
    """Draw the correlation of deals in two periods or more."""
    sizes = draw(st.lists(st.integers(1, 30), min_size=1, max_size=6))
    won = [draw(st.integers(0, size)) for size in sizes]
    # One more period makes sure that some deals were won and some lost.
    return correlation([*won, 1], [*sizes, 2], confidence=draw(_CONFIDENCE))


@st.composite
def calibrations(draw: st.DrawFn) -> Calibration:
    """Draw stated chances against outcomes, with periods or without."""
    chance = st.integers(0, 10).map(lambda tenth: tenth / 10) | st.floats(0, 1)
    of = draw(st.lists(st.integers(1, 40), max_size=30))
    stated = [draw(chance) for _ in of]
    won = [draw(st.integers(0, size)) for size in of]
    confidence = draw(_CONFIDENCE)
    if draw(st.booleans()):
        return calibrate(stated, won, of=of, confidence=confidence)
    months = [draw(st.sampled_from(["2026-01", "2026-02"])) for _ in of]
    return calibrate(
        [*stated, 0.5, 0.5],
        [*won, 1, 1],
        of=[*of, 2, 2],
        period=[*months, "2026-01", "2026-02"],
        bins=draw(st.integers(1, 12)),
        confidence=confidence,
    )
