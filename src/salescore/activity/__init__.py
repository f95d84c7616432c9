"""What was done, on time or not, and what the market says: reports, duties, observations."""

from __future__ import annotations

from salescore.activity._compliance import ComplianceFold, SubmissionRows, compliance
from salescore.activity._complied import DUTY_STATES, Compliance, ComplianceAxis, DutyState
from salescore.activity._documents import STANDARD_REPORTING, Document, ReportingPolicy
from salescore.activity._effort import Effort, EffortFold, EffortPolicy, EffortRows, effort
from salescore.activity._facts import DAILY_FACTS, Fact, FactKind, FactRows
from salescore.activity._forecast_accuracy import (
    AccuracyFold,
    ForecastAccuracy,
    ForecastPairs,
    forecast_accuracy,
)
from salescore.activity._forecast_review import (
    OUTLOOK_STANDINGS,
    ForecastReview,
    OutlookRows,
    OutlookStanding,
    review_forecast,
)
from salescore.activity._forecasts import Forecast, ForecastFold, ForecastRows, current_forecast
from salescore.activity._inquiries import (
    ANSWERS,
    AnswerState,
    Inquired,
    Inquiry,
    Question,
    inquire,
)
from salescore.activity._inquiry_presets import (
    COMPETITOR_ANALYSIS,
    INFORMATION_RESEARCH,
    MARKET_INSPECTION,
    MARKET_REGISTRATION,
)
from salescore.activity._latest import Latest, LatestFold, latest
from salescore.activity._moments import Moment, MomentArray
from salescore.activity._monthly import KeyPointPolicy, MonthSummary, summarize_month
from salescore.activity._observations import (
    OBSERVATION_KINDS,
    PLACES,
    Observation,
    ObservationKind,
    Observations,
    Place,
)
from salescore.activity._owed import AbsenceRows, Duties, duties
from salescore.activity._plans import ActionPlan, PlanDone, PlanLine, plan_done
from salescore.activity._presence import Presence, presence
from salescore.activity._price_gaps import GAP_STATES, GapState, PriceGaps, PriceRows, price_gap
from salescore.activity._reports import TASK_STATES, Report, Task, TaskState, combine, fact_rows
from salescore.activity._rolled import Rollup
from salescore.activity._rollup import RollupFold, rollup
from salescore.activity._spans import PERIOD_KINDS, Period, PeriodKind
from salescore.activity._staleness import FRESHNESS, Freshness, Staleness, staleness

__all__ = [
    "ANSWERS",
    "COMPETITOR_ANALYSIS",
    "DAILY_FACTS",
    "DUTY_STATES",
    "FRESHNESS",
    "GAP_STATES",
    "INFORMATION_RESEARCH",
    "MARKET_INSPECTION",
    "MARKET_REGISTRATION",
    "OBSERVATION_KINDS",
    "OUTLOOK_STANDINGS",
    "PERIOD_KINDS",
    "PLACES",
    "STANDARD_REPORTING",
    "TASK_STATES",
    "AbsenceRows",
    "AccuracyFold",
    "ActionPlan",
    "AnswerState",
    "Compliance",
    "ComplianceAxis",
    "ComplianceFold",
    "Document",
    "Duties",
    "DutyState",
    "Effort",
    "EffortFold",
    "EffortPolicy",
    "EffortRows",
    "Fact",
    "FactKind",
    "FactRows",
    "Forecast",
    "ForecastAccuracy",
    "ForecastFold",
    "ForecastPairs",
    "ForecastReview",
    "ForecastRows",
    "Freshness",
    "GapState",
    "Inquired",
    "Inquiry",
    "KeyPointPolicy",
    "Latest",
    "LatestFold",
    "Moment",
    "MomentArray",
    "MonthSummary",
    "Observation",
    "ObservationKind",
    "Observations",
    "OutlookRows",
    "OutlookStanding",
    "Period",
    "PeriodKind",
    "Place",
    "PlanDone",
    "PlanLine",
    "Presence",
    "PriceGaps",
    "PriceRows",
    "Question",
    "Report",
    "ReportingPolicy",
    "Rollup",
    "RollupFold",
    "Staleness",
    "SubmissionRows",
    "Task",
    "TaskState",
    "combine",
    "compliance",
    "current_forecast",
    "duties",
    "effort",
    "fact_rows",
    "forecast_accuracy",
    "inquire",
    "latest",
    "plan_done",
    "presence",
    "price_gap",
    "review_forecast",
    "rollup",
    "staleness",
    "summarize_month",
]


def __dir__() -> list[str]:
    return __all__
