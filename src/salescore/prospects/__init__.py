"""Where customers come from, who can be reached through whom, and which deal goes how far."""

from __future__ import annotations

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
from salescore.prospects._required import Required, required
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
    "CHANNELS",
    "OUTCOMES",
    "PROSPECT_STAGES",
    "RULE_OF_THUMB",
    "Channel",
    "Conversions",
    "Counted",
    "Found",
    "Funnel",
    "FunnelFold",
    "FunnelStage",
    "InfluenceMap",
    "Links",
    "Market",
    "NewTypes",
    "Outcome",
    "Paths",
    "Promotion",
    "PromotionFold",
    "PromotionRows",
    "Prospect",
    "ProspectRows",
    "Reply",
    "Required",
    "Retention",
    "Rivalry",
    "Screening",
    "SegmentRows",
    "Stages",
    "StopChance",
    "StopRule",
    "TypesFold",
    "Verdict",
    "funnel",
    "furthest",
    "influence_map",
    "market",
    "new_types",
    "paths",
    "promotion",
    "prospect_rows",
    "required",
    "rivals",
    "screen",
]


def __dir__() -> list[str]:
    return __all__
