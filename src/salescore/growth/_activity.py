"""Since when is each series active, and where is its value known?"""

from __future__ import annotations

import numpy as np

from salescore.growth._panel import Panel
from salescore.growth._trend_policy import Since
from salescore.typing import BoolArray

__all__ = ["known_since"]


def known_since(panel: Panel, measure: str, since: Since) -> BoolArray:
    """Tell where a measure is known, from its first value that is not 0 on if so asked."""
    values = panel.of(measure)
    known: BoolArray = ~panel.missing[panel.measures.index(measure)]
    if since == "first_month":
        return known
    started: BoolArray = np.logical_or.accumulate(known & (values != 0), axis=1)
    return known & started
