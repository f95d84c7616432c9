"""How sales grow: rates with a status for every value, and who made the growth."""

from __future__ import annotations

from salescore.growth._adjust import merge_new_year, per_working_day, roll, to_date
from salescore.growth._calibrate import calibrate
from salescore.growth._calibration import Brier, Calibration
from salescore.growth._chart_policy import Centre, ChartPolicy, Constants
from salescore.growth._charts import RULES, Chart, Charts
from salescore.growth._compound import CompoundRates, cagr
from salescore.growth._contributions import Contributions, Order, contributions
from salescore.growth._correlation import Correlation, correlation
from salescore.growth._decompose import decompose
from salescore.growth._decompositions import EFFECTS, Decomposition, Split
from salescore.growth._factors import FactorEffects, decompose_factors
from salescore.growth._false_alarms import false_alarm
from salescore.growth._figures import GrowthFigure, GrowthTable
from salescore.growth._linked import LinkedContributions, link_contributions
from salescore.growth._measure import Against, Growth, measure
from salescore.growth._outlook import outlook
from salescore.growth._outlook_deals import OutlookMethod
from salescore.growth._outlook_fold import OpenDeals, OutlookFold
from salescore.growth._outlook_status import OutlookStatus
from salescore.growth._outlooks import Outlook, OutlookView
from salescore.growth._panel import Panel
from salescore.growth._pipeline import PipelineNeed, PipelineStatus, pipeline_needed
from salescore.growth._presets import SIX_RATES, Better, GrowthRate
from salescore.growth._rates import Rates, rate
from salescore.growth._signals import signals
from salescore.growth._significance import Significance, Verdict, significance
from salescore.growth._status import Status, turn
from salescore.growth._team_outlook import outlook_by
from salescore.growth._team_outlooks import TeamOutlook
from salescore.growth._trend import trend
from salescore.growth._trend_policy import Compare, Correct, Since, TrendPolicy
from salescore.growth._trends import Course, Trends
from salescore.growth._win_rates import OUTCOMES, DealRows, Outcome, WinCounts, win_rates
from salescore.growth._won import WinRates
from salescore.kernels import Kind, Rules

__all__ = [
    "EFFECTS",
    "OUTCOMES",
    "RULES",
    "SIX_RATES",
    "Against",
    "Better",
    "Brier",
    "Calibration",
    "Centre",
    "Chart",
    "ChartPolicy",
    "Charts",
    "Compare",
    "CompoundRates",
    "Constants",
    "Contributions",
    "Correct",
    "Correlation",
    "Course",
    "DealRows",
    "Decomposition",
    "FactorEffects",
    "Growth",
    "GrowthFigure",
    "GrowthRate",
    "GrowthTable",
    "Kind",
    "LinkedContributions",
    "OpenDeals",
    "Order",
    "Outcome",
    "Outlook",
    "OutlookFold",
    "OutlookMethod",
    "OutlookStatus",
    "OutlookView",
    "Panel",
    "PipelineNeed",
    "PipelineStatus",
    "Rates",
    "Rules",
    "Significance",
    "Since",
    "Split",
    "Status",
    "TeamOutlook",
    "TrendPolicy",
    "Trends",
    "Verdict",
    "WinCounts",
    "WinRates",
    "cagr",
    "calibrate",
    "contributions",
    "correlation",
    "decompose",
    "decompose_factors",
    "false_alarm",
    "link_contributions",
    "measure",
    "merge_new_year",
    "outlook",
    "outlook_by",
    "per_working_day",
    "pipeline_needed",
    "rate",
    "roll",
    "signals",
    "significance",
    "to_date",
    "trend",
    "turn",
    "win_rates",
]


def __dir__() -> list[str]:
    return __all__
