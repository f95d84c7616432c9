"""Which paths, changes, intervals of weights and shares of weights an embedder's tests can draw."""

from __future__ import annotations

from hypothesis import strategies as st

from salescore.customers import Path, path_to
from salescore.testing._customers import scores

__all__ = ["paths"]


def paths() -> st.SearchStrategy[Path]:
    """Draw the paths of single customers to any score."""
    return st.builds(path_to, scores().filter(len), st.just(0), st.integers(0, 100))
