"""Columns in, columns out: the exact arithmetic under every room."""

from __future__ import annotations

from salescore.kernels._ageing import age_sums, oldest, sums_of
from salescore.kernels._apportion import apportion, apportion_within, weight_sum
from salescore.kernels._apportion_partitions import (
    Candidates,
    Cut,
    CutBin,
    RemainderCounts,
    apply_cut,
    bin_candidates,
    bin_of_cut,
    cut_among,
    merge_candidates,
    merge_remainder_counts,
    remainder_counts,
)
from salescore.kernels._biproportional import biproportional
from salescore.kernels._breaks import CurveCut, curve_cuts, natural_breaks
from salescore.kernels._checklists import tally
from salescore.kernels._codes import encode, factorize, nearest
from salescore.kernels._cuts import CountCut, assign, best_of_tier, count_cuts
from salescore.kernels._divisors import (
    Divisor,
    apportion_by_divisor,
    apportion_by_divisor_within,
)
from salescore.kernels._feasibility import Bounds, Clash, clash
from salescore.kernels._fitting import Demand, Fit, fit
from salescore.kernels._groups import absolute_sum, first_duplicate, group, keys
from salescore.kernels._inversions import inversion_shares
from salescore.kernels._limits import apportion_limited, apportion_limited_within
from salescore.kernels._muldiv import muldiv
from salescore.kernels._order_tests import OrderTests, order_tests
from salescore.kernels._rates import Kind, lagged, rates, year_to_date
from salescore.kernels._rounding import Family, round_table
from salescore.kernels._scoring import Missing, RampScores, weighted_ramps
from salescore.kernels._scoring_steps import weighted_steps
from salescore.kernels._settling import OPEN, Settled, Sums, settle
from salescore.kernels._simplex_shares import share_below
from salescore.kernels._trends import Orders, Slopes, orders, slopes
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
    "OPEN",
    "Bounds",
    "BucketMembers",
    "Candidates",
    "Clash",
    "CountCut",
    "CurveCut",
    "Cut",
    "CutBin",
    "Demand",
    "Divisor",
    "Family",
    "Fit",
    "Kind",
    "Missing",
    "OrderTests",
    "Orders",
    "RampScores",
    "RemainderCounts",
    "Settled",
    "Slopes",
    "Sums",
    "ValueCut",
    "absolute_sum",
    "age_sums",
    "apply_cut",
    "apportion",
    "apportion_by_divisor",
    "apportion_by_divisor_within",
    "apportion_limited",
    "apportion_limited_within",
    "apportion_within",
    "assign",
    "best_of_tier",
    "bin_candidates",
    "bin_of_cut",
    "biproportional",
    "bucket_members",
    "bucket_sums",
    "clash",
    "count_cuts",
    "crossing_buckets",
    "curve_cuts",
    "cut_among",
    "encode",
    "factorize",
    "finish_value_cuts",
    "first_duplicate",
    "fit",
    "group",
    "inversion_shares",
    "keys",
    "lagged",
    "merge_bucket_members",
    "merge_bucket_sums",
    "merge_candidates",
    "merge_remainder_counts",
    "muldiv",
    "natural_breaks",
    "nearest",
    "oldest",
    "order_tests",
    "orders",
    "rates",
    "remainder_counts",
    "round_table",
    "settle",
    "share_below",
    "slopes",
    "sums_of",
    "tally",
    "value_cuts",
    "weight_sum",
    "weighted_ramps",
    "weighted_steps",
    "year_to_date",
]


def __dir__() -> list[str]:
    return __all__
