"""How good is each customer, who is A, B or C, and who comes next: scores, tiers and the bench."""

from __future__ import annotations

from salescore.customers import weights
from salescore.customers._bench import Bench, bench
from salescore.customers._breaks import abc_curve, natural_breaks
from salescore.customers._card_fields import (
    INFO_FORM,
    STRATEGY_FORM,
    CardField,
    CardForm,
    FieldKind,
)
from salescore.customers._cards import YUAN, Competitor, Contact, InfoCard, Power, Stance
from salescore.customers._certainty import Certainty, ScoreBounds, certainty, score_bounds
from salescore.customers._changes import ChangeExplanation, Changes, change, explain_change
from salescore.customers._completeness import Completeness, completeness
from salescore.customers._completeness_many import CompletenessTable, completeness_many
from salescore.customers._credit import CreditScores, credit
from salescore.customers._credit_scale import CREDIT_LADDER, Closed, GradeLadder, PointScale
from salescore.customers._criteria import Criterion, Missing, ScoringPolicy
from salescore.customers._enthusiasm import enthusiasm
from salescore.customers._enthusiasm_result import Enthusiasm, EnthusiasmPolicy
from salescore.customers._evaluation import Evaluation, evaluate
from salescore.customers._firmness import Firmness, WeightSet, firmness
from salescore.customers._gates import GateMissing, GatePolicy, GradeGate, KnockOut, LineGate
from salescore.customers._gating import Gated, gate
from salescore.customers._holding import Held, HoldPolicy, hold
from salescore.customers._migration import Migration, Now, Was, migration
from salescore.customers._monthly_cards import MonthlyCard, MonthlyPart
from salescore.customers._monthly_changes import MonthChange, MonthChanges, compare_months
from salescore.customers._monthly_policy import (
    MONTHLY_EVALUATION,
    Fact,
    Grade,
    Measure,
    MonthlyPolicy,
)
from salescore.customers._one import score_one
from salescore.customers._overrides import Overridden, Override, override
from salescore.customers._paths import Path, path_to
from salescore.customers._policies import Keep, TierPolicy, TierRule
from salescore.customers._presets import SEVEN_CRITERIA
from salescore.customers._price_bands import PriceBands
from salescore.customers._prices import NoBand, PriceViolations, check_prices
from salescore.customers._reasons import Reasons, reasons
from salescore.customers._receivables import CustomerAmounts, receivables
from salescore.customers._receivables_policy import (
    RECEIVABLES_POLICY,
    CreditNotes,
    ReceivablesPolicy,
)
from salescore.customers._receivables_result import Receivables
from salescore.customers._risk import Risk, risk
from salescore.customers._scales import Better, Scale
from salescore.customers._scorecard import (
    Characteristic,
    LabelPoints,
    MissingPoints,
    NumberPoints,
    Scorecard,
)
from salescore.customers._scores import Explanation, Scores
from salescore.customers._scoring import Mode, score
from salescore.customers._scouting import DOORS, Candidates, scout
from salescore.customers._service import Care, Service, ServicePolicy, service
from salescore.customers._stability import WeightIntervals, stability
from salescore.customers._strategy import ActionStatus, CardAction, Resource, StrategyCard
from salescore.customers._strategy_review import StrategyReview, review_strategy
from salescore.customers._tiering import assign, cuts, tier
from salescore.customers._tiers import Domain, TierCuts, Tiers
from salescore.customers._weights import Consistency, Triad, Weights

__all__ = [
    "CREDIT_LADDER",
    "DOORS",
    "INFO_FORM",
    "MONTHLY_EVALUATION",
    "RECEIVABLES_POLICY",
    "SEVEN_CRITERIA",
    "STRATEGY_FORM",
    "YUAN",
    "ActionStatus",
    "Bench",
    "Better",
    "Candidates",
    "CardAction",
    "CardField",
    "CardForm",
    "Care",
    "Certainty",
    "ChangeExplanation",
    "Changes",
    "Characteristic",
    "Closed",
    "Competitor",
    "Completeness",
    "CompletenessTable",
    "Consistency",
    "Contact",
    "CreditNotes",
    "CreditScores",
    "Criterion",
    "CustomerAmounts",
    "Domain",
    "Enthusiasm",
    "EnthusiasmPolicy",
    "Evaluation",
    "Explanation",
    "Fact",
    "FieldKind",
    "Firmness",
    "GateMissing",
    "GatePolicy",
    "Gated",
    "Grade",
    "GradeGate",
    "GradeLadder",
    "Held",
    "HoldPolicy",
    "InfoCard",
    "Keep",
    "KnockOut",
    "LabelPoints",
    "LineGate",
    "Measure",
    "Migration",
    "Missing",
    "MissingPoints",
    "Mode",
    "MonthChange",
    "MonthChanges",
    "MonthlyCard",
    "MonthlyPart",
    "MonthlyPolicy",
    "NoBand",
    "Now",
    "NumberPoints",
    "Overridden",
    "Override",
    "Path",
    "PointScale",
    "Power",
    "PriceBands",
    "PriceViolations",
    "Reasons",
    "Receivables",
    "ReceivablesPolicy",
    "Resource",
    "Risk",
    "Scale",
    "ScoreBounds",
    "Scorecard",
    "Scores",
    "ScoringPolicy",
    "Service",
    "ServicePolicy",
    "Stance",
    "StrategyCard",
    "StrategyReview",
    "TierCuts",
    "TierPolicy",
    "TierRule",
    "Tiers",
    "Triad",
    "Was",
    "WeightIntervals",
    "WeightSet",
    "Weights",
    "abc_curve",
    "assign",
    "bench",
    "certainty",
    "change",
    "check_prices",
    "compare_months",
    "completeness",
    "completeness_many",
    "credit",
    "cuts",
    "enthusiasm",
    "evaluate",
    "explain_change",
    "firmness",
    "gate",
    "hold",
    "migration",
    "natural_breaks",
    "override",
    "path_to",
    "reasons",
    "receivables",
    "review_strategy",
    "risk",
    "score",
    "score_bounds",
    "score_one",
    "scout",
    "service",
    "stability",
    "tier",
    "weights",
]


def __dir__() -> list[str]:
    return __all__
