"""Columns in, columns out: the exact arithmetic under every room."""

from __future__ import annotations

from salescore.kernels._apportion import apportion, apportion_within
from salescore.kernels._checklists import tally
from salescore.kernels._codes import encode, factorize
from salescore.kernels._cuts import CountCut, assign, best_of_tier, count_cuts
from salescore.kernels._groups import absolute_sum, first_duplicate, group, keys
from salescore.kernels._muldiv import muldiv
from salescore.kernels._rates import Kind, lagged, rates, year_to_date
from salescore.kernels._scoring import Missing, RampScores, weighted_points, weighted_ramps
from salescore.kernels._value_cuts import (
    BucketMembers,
    ValueCut,
    bucket_members,
    bucket_sums,
    crossing_buckets,
    finish_value_cuts,
    merge_bucket_members,
    merge_bucket_sums,
    value_cuts,
)

__all__ = [
    "BucketMembers",
    "CountCut",
    "Kind",
    "Missing",
    "RampScores",
    "ValueCut",
    "absolute_sum",
    "apportion",
    "apportion_within",
    "assign",
    "best_of_tier",
    "bucket_members",
    "bucket_sums",
    "count_cuts",
    "crossing_buckets",
    "encode",
    "factorize",
    "finish_value_cuts",
    "first_duplicate",
    "group",
    "keys",
    "lagged",
    "merge_bucket_members",
    "merge_bucket_sums",
    "muldiv",
    "rates",
    "tally",
    "value_cuts",
    "weighted_points",
    "weighted_ramps",
    "year_to_date",
]


def __dir__() -> list[str]:
    return __all__
