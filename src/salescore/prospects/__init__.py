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
from salescore.prospects._required import Required, required
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
    "Channel",
    "Conversions",
    "Counted",
    "Funnel",
    "FunnelFold",
    "FunnelStage",
    "Outcome",
    "Prospect",
    "ProspectRows",
    "Required",
    "Screening",
    "Stages",
    "StopChance",
    "StopRule",
    "Verdict",
    "funnel",
    "furthest",
    "prospect_rows",
    "required",
    "screen",
]


def __dir__() -> list[str]:
    return __all__
