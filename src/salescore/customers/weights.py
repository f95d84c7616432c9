"""How much should each criterion count: by points, by an order, by pairs, or by data?"""

from __future__ import annotations

from salescore.customers._weights import Priority, RandomIndex, WeightMethod
from salescore.customers._weights_ahp import RANDOM_INDEX, Comparisons, ahp
from salescore.customers._weights_data import critic, entropy
from salescore.customers._weights_ranked import direct, rank_sum, roc, swing

__all__ = [
    "RANDOM_INDEX",
    "Comparisons",
    "Priority",
    "RandomIndex",
    "WeightMethod",
    "ahp",
    "critic",
    "direct",
    "entropy",
    "rank_sum",
    "roc",
    "swing",
]


def __dir__() -> list[str]:
    return __all__
