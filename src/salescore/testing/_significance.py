"""Which compared counts an embedder's tests can draw."""

from __future__ import annotations

from hypothesis import strategies as st

from salescore.growth import Significance, significance

__all__ = ["significances"]


@st.composite
def significances(draw: st.DrawFn) -> Significance:
    """Draw pairs of counts, zeros among them, with exposures and without."""
    size = draw(st.integers(0, 5))
    count, exposure = st.integers(0, 9) | st.integers(0, 10**6), st.integers(1, 300)
    before, after = (draw(st.lists(count, min_size=size, max_size=size)) for _ in range(2))
    one, other = (draw(st.lists(exposure, min_size=size, max_size=size)) for _ in range(2))
    confidence = draw(st.fractions("1/2", "99/100", max_denominator=100))
    return significance(
        before, after, exposure_before=one, exposure_after=other, confidence=confidence
    )
