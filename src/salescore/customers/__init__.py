"""How good is each customer, who is A, B or C, and who comes next: scores, tiers and the bench."""

from __future__ import annotations

from salescore.customers import weights
from salescore.customers._bench import Bench, bench
from salescore.customers._breaks import abc_curve, natural_breaks
from salescore.customers._changes import ChangeExplanation, Changes, change, explain_change
from salescore.customers._criteria import Better, Criterion, Missing, Scale, ScoringPolicy
from salescore.customers._firmness import Firmness, WeightSet, firmness
from salescore.customers._holding import Held, HoldPolicy, hold
from salescore.customers._migration import Migration, Now, Was, migration
from salescore.customers._overrides import Overridden, Override, override
from salescore.customers._paths import Path, path_to
from salescore.customers._policies import TierPolicy, TierRule
from salescore.customers._presets import SEVEN_CRITERIA
from salescore.customers._scores import Explanation, Scores
from salescore.customers._scoring import Mode, score
from salescore.customers._service import Care, Service, ServicePolicy, service
from salescore.customers._stability import WeightIntervals, stability
from salescore.customers._tiering import assign, cuts, tier
from salescore.customers._tiers import Domain, TierCuts, Tiers
from salescore.customers._weights import Consistency, Triad, Weights

__all__ = [
    "SEVEN_CRITERIA",
    "Bench",
    "Better",
    "Care",
    "ChangeExplanation",
    "Changes",
    "Consistency",
    "Criterion",
    "Domain",
    "Explanation",
    "Firmness",
    "Held",
    "HoldPolicy",
    "Migration",
    "Missing",
    "Mode",
    "Now",
    "Overridden",
    "Override",
    "Path",
    "Scale",
    "Scores",
    "ScoringPolicy",
    "Service",
    "ServicePolicy",
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
    "change",
    "cuts",
    "explain_change",
    "firmness",
    "hold",
    "migration",
    "natural_breaks",
    "override",
    "path_to",
    "score",
    "service",
    "stability",
    "tier",
    "weights",
]


def __dir__() -> list[str]:
    return __all__
