"""How sales grow: rates with a status for every value, and who made the growth."""

from __future__ import annotations

from salescore.growth._contributions import Contributions, Order, contributions
from salescore.growth._figures import GrowthFigure, GrowthTable
from salescore.growth._measure import Against, Growth, measure
from salescore.growth._panel import Panel
from salescore.growth._presets import SIX_RATES, Better, GrowthRate
from salescore.growth._rates import Rates, rate
from salescore.growth._status import Status, turn
from salescore.growth._trend import trend
from salescore.growth._trend_policy import Compare, Since, TrendPolicy
from salescore.growth._trends import Course, Trends
from salescore.kernels import Kind

__all__ = [
    "SIX_RATES",
    "Against",
    "Better",
    "Compare",
    "Contributions",
    "Course",
    "Growth",
    "GrowthFigure",
    "GrowthRate",
    "GrowthTable",
    "Kind",
    "Order",
    "Panel",
    "Rates",
    "Since",
    "Status",
    "TrendPolicy",
    "Trends",
    "contributions",
    "measure",
    "rate",
    "trend",
    "turn",
]


def __dir__() -> list[str]:
    return __all__
