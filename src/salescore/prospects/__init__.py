"""Where customers come from, who can be reached through whom, and which deal goes how far."""

from __future__ import annotations

from salescore.prospects._deal_review import STALE_AFTER, DealReview, review_deal
from salescore.prospects._deal_table import DealTable, StepRows, review_deals
from salescore.prospects._deals import BENEFITS, DEAL_STEPS, Benefit, DealPlan, DealStep
from salescore.prospects._directory import (
    OUTCOMES,
    Outcome,
    Prospect,
    ProspectRows,
    prospect_rows,
)
from salescore.prospects._funnel import FunnelFold, funnel
from salescore.prospects._funnels import Conversions, Counted, Funnel
from salescore.prospects._influence import InfluenceMap, Links, influence_map
from salescore.prospects._locking import (
    LockedTargets,
    QualificationRows,
    lock_targets,
    qualification_rows,
)
from salescore.prospects._market import RULE_OF_THUMB, Market, market
from salescore.prospects._new_types import Found, NewTypes, SegmentRows, TypesFold, new_types
from salescore.prospects._paths import Paths, paths
from salescore.prospects._promotion import (
    PromotionFold,
    PromotionRows,
    Retention,
    promotion,
)
from salescore.prospects._promotions import Promotion
from salescore.prospects._qualify import (
    QUALIFICATIONS,
    Qualification,
    Qualified,
    QualifyPolicy,
    qualify,
)
from salescore.prospects._required import Required, required
from salescore.prospects._research import RESEARCH
from salescore.prospects._rivals import Reply, Rivalry, rivals
from salescore.prospects._screening import Screening, Verdict, screen
from salescore.prospects._stages import (
    CHANNELS,
    PROSPECT_STAGES,
    Channel,
    FunnelStage,
    Stages,
    furthest,
)
from salescore.prospects._stop_rule import StopChance, StopRule

__all__ = [
    "BENEFITS",
    "CHANNELS",
    "DEAL_STEPS",
    "OUTCOMES",
    "PROSPECT_STAGES",
    "QUALIFICATIONS",
    "RESEARCH",
    "RULE_OF_THUMB",
    "STALE_AFTER",
    "Benefit",
    "Channel",
    "Conversions",
    "Counted",
    "DealPlan",
    "DealReview",
    "DealStep",
    "DealTable",
    "Found",
    "Funnel",
    "FunnelFold",
    "FunnelStage",
    "InfluenceMap",
    "Links",
    "LockedTargets",
    "Market",
    "NewTypes",
    "Outcome",
    "Paths",
    "Promotion",
    "PromotionFold",
    "PromotionRows",
    "Prospect",
    "ProspectRows",
    "Qualification",
    "QualificationRows",
    "Qualified",
    "QualifyPolicy",
    "Reply",
    "Required",
    "Retention",
    "Rivalry",
    "Screening",
    "SegmentRows",
    "Stages",
    "StepRows",
    "StopChance",
    "StopRule",
    "TypesFold",
    "Verdict",
    "funnel",
    "furthest",
    "influence_map",
    "lock_targets",
    "market",
    "new_types",
    "paths",
    "promotion",
    "prospect_rows",
    "qualification_rows",
    "qualify",
    "required",
    "review_deal",
    "review_deals",
    "rivals",
    "screen",
]


def __dir__() -> list[str]:
    return __all__
