"""How each person did, how much of that is known, and whether it is more than luck."""

from __future__ import annotations

from salescore.scorecards._card import Card
from salescore.scorecards._evaluate import evaluate
from salescore.scorecards._facts import Facts
from salescore.scorecards._funnel import Funnel, funnel
from salescore.scorecards._gather import FactRows, FactSum, Roster, gather
from salescore.scorecards._luck import Luck, luck
from salescore.scorecards._policy import FULL_MARKS, Area, Criterion, Kind, ScorecardPolicy
from salescore.scorecards._presets import FIVE_AREAS
from salescore.scorecards._ranking import rank
from salescore.scorecards._ranks import Ranks
from salescore.scorecards._scorecards import Scorecards
from salescore.scorecards._shrink import Shrunken, shrink

__all__ = [
    "FIVE_AREAS",
    "FULL_MARKS",
    "Area",
    "Card",
    "Criterion",
    "FactRows",
    "FactSum",
    "Facts",
    "Funnel",
    "Kind",
    "Luck",
    "Ranks",
    "Roster",
    "ScorecardPolicy",
    "Scorecards",
    "Shrunken",
    "evaluate",
    "funnel",
    "gather",
    "luck",
    "rank",
    "shrink",
]


def __dir__() -> list[str]:
    return __all__
