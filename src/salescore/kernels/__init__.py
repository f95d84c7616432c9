"""Columns in, columns out: the exact arithmetic under every room."""

from __future__ import annotations

from salescore.kernels._ageing import age_sums, oldest, sums_of
from salescore.kernels._allotting import (
    DIGITS,
    CallCut,
    DigitSearch,
    calls_above,
    calls_within,
    count_digits,
    cut_of_calls,
    gained,
    next_digit,
    rising_row,
    ties_at,
    without_lower,
)
from salescore.kernels._allotting_dynamic import dynamic_calls
from salescore.kernels._allotting_hull import HullPlan, hull_calls
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
from salescore.kernels._attainment import Attained, ReachMethod, attained, best_method
from salescore.kernels._binomial import binomial_tail, chance_bounds, share_bounds
from salescore.kernels._biproportional import biproportional
from salescore.kernels._breaks import CurveCut, curve_cuts, natural_breaks
from salescore.kernels._cadence import Cadence, Turns, cadence, curve_places, turns
from salescore.kernels._carry_over import carried_over
from salescore.kernels._charts import ChartLimits, Rules, chart_limits, chart_signals
from salescore.kernels._checklists import tally
from salescore.kernels._circle import SeriesBracket
from salescore.kernels._codes import encode, factorize, nearest
from salescore.kernels._cuts import CountCut, assign, best_of_tier, count_cuts
from salescore.kernels._deadlines import NEVER, deadline_states, earliest
from salescore.kernels._divisors import (
    Divisor,
    apportion_by_divisor,
    apportion_by_divisor_within,
)
from salescore.kernels._effects import Effects, bennet_effects, mix_effects
from salescore.kernels._feasibility import Bounds, Clash, clash
from salescore.kernels._fitting import Demand, Fit, fit
from salescore.kernels._groups import absolute_sum, first_duplicate, group, keys
from salescore.kernels._halves import Reached, halves
from salescore.kernels._histograms import furthest_counts, furthest_places, reached_counts
from salescore.kernels._hypergeometric import draw_chance
from salescore.kernels._inversions import inversion_shares
from salescore.kernels._lattice import (
    Bracket,
    Spread,
    bernstein_bracket,
    lattice_shares,
    on_lattice,
    spread_shares,
)
from salescore.kernels._limits import apportion_limited, apportion_limited_within
from salescore.kernels._log_mean import factor_effects, log_mean
from salescore.kernels._market import market_average, market_chances, turning_market
from salescore.kernels._muldiv import muldiv
from salescore.kernels._normal import normal_point, normal_share
from salescore.kernels._order_tests import OrderTests, order_tests
from salescore.kernels._persistence import (
    Correction,
    correct_tests,
    score_variance,
    variance_factor,
)
from salescore.kernels._pooling import pooled
from salescore.kernels._rank_bounds import RankBounds, rank_bounds
from salescore.kernels._rates import Kind, lagged, rates, year_to_date
from salescore.kernels._ratio_marks import ratio_marks
from salescore.kernels._rounding import Family, round_table
from salescore.kernels._saddlepoint import saddlepoint_share
from salescore.kernels._scoring import Missing, RampScores, weighted_ramps
from salescore.kernels._scoring_steps import weighted_steps
from salescore.kernels._series import series_bracket, tail_bound
from salescore.kernels._settling import OPEN, Settled, Sums, settle
from salescore.kernels._shared_luck import SharedLuck, factor_correlation, shared_luck
from salescore.kernels._simplex_shares import share_below
from salescore.kernels._stepping_down import stepped_down
from salescore.kernels._stopping import stop_chances, stop_limits
from salescore.kernels._strongest_paths import StrongestPaths, cut_people, strongest_paths
from salescore.kernels._sum_curves import SumCurve, sum_curve
from salescore.kernels._team_reach import TeamDeals, team_reach
from salescore.kernels._totals import Totals, distinct, totals
from salescore.kernels._tours import Tours, best_tours, tour_lengths
from salescore.kernels._tours_descent import descend, kick, narrowed, nearest_tour
from salescore.kernels._tours_moves import Moves, moved
from salescore.kernels._trends import Orders, Slopes, orders, slopes
from salescore.kernels._value_buckets import (
    BucketMembers,
    bucket_members,
    bucket_sums,
    crossing_buckets,
    merge_bucket_members,
    merge_bucket_sums,
)
from salescore.kernels._value_cuts import (
    ValueCut,
    cuts_within,
    finish_value_cuts,
    value_cuts,
)
from salescore.kernels._win_odds import win_odds
from salescore.kernels._wins import (
    WinShares,
    distinct_chances,
    joined_wins,
    team_win_shares,
    win_shares,
)

__all__ = [
    "DIGITS",
    "NEVER",
    "OPEN",
    "Attained",
    "Bounds",
    "Bracket",
    "BucketMembers",
    "Cadence",
    "CallCut",
    "Candidates",
    "ChartLimits",
    "Clash",
    "Correction",
    "CountCut",
    "CurveCut",
    "Cut",
    "CutBin",
    "Demand",
    "DigitSearch",
    "Divisor",
    "Effects",
    "Family",
    "Fit",
    "HullPlan",
    "Kind",
    "Missing",
    "Moves",
    "OrderTests",
    "Orders",
    "RampScores",
    "RankBounds",
    "ReachMethod",
    "Reached",
    "RemainderCounts",
    "Rules",
    "SeriesBracket",
    "Settled",
    "SharedLuck",
    "Slopes",
    "Spread",
    "StrongestPaths",
    "SumCurve",
    "Sums",
    "TeamDeals",
    "Totals",
    "Tours",
    "Turns",
    "ValueCut",
    "WinShares",
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
    "attained",
    "bennet_effects",
    "bernstein_bracket",
    "best_method",
    "best_of_tier",
    "best_tours",
    "bin_candidates",
    "bin_of_cut",
    "binomial_tail",
    "biproportional",
    "bucket_members",
    "bucket_sums",
    "cadence",
    "calls_above",
    "calls_within",
    "carried_over",
    "chance_bounds",
    "chart_limits",
    "chart_signals",
    "clash",
    "correct_tests",
    "count_cuts",
    "count_digits",
    "crossing_buckets",
    "curve_cuts",
    "curve_places",
    "cut_among",
    "cut_of_calls",
    "cut_people",
    "cuts_within",
    "deadline_states",
    "descend",
    "distinct",
    "distinct_chances",
    "draw_chance",
    "dynamic_calls",
    "earliest",
    "encode",
    "factor_correlation",
    "factor_effects",
    "factorize",
    "finish_value_cuts",
    "first_duplicate",
    "fit",
    "furthest_counts",
    "furthest_places",
    "gained",
    "group",
    "halves",
    "hull_calls",
    "inversion_shares",
    "joined_wins",
    "keys",
    "kick",
    "lagged",
    "lattice_shares",
    "log_mean",
    "market_average",
    "market_chances",
    "merge_bucket_members",
    "merge_bucket_sums",
    "merge_candidates",
    "merge_remainder_counts",
    "mix_effects",
    "moved",
    "muldiv",
    "narrowed",
    "natural_breaks",
    "nearest",
    "nearest_tour",
    "next_digit",
    "normal_point",
    "normal_share",
    "oldest",
    "on_lattice",
    "order_tests",
    "orders",
    "pooled",
    "rank_bounds",
    "rates",
    "ratio_marks",
    "reached_counts",
    "remainder_counts",
    "rising_row",
    "round_table",
    "saddlepoint_share",
    "score_variance",
    "series_bracket",
    "settle",
    "share_below",
    "share_bounds",
    "shared_luck",
    "slopes",
    "spread_shares",
    "stepped_down",
    "stop_chances",
    "stop_limits",
    "strongest_paths",
    "sum_curve",
    "sums_of",
    "tail_bound",
    "tally",
    "team_reach",
    "team_win_shares",
    "ties_at",
    "totals",
    "tour_lengths",
    "turning_market",
    "turns",
    "value_cuts",
    "variance_factor",
    "weight_sum",
    "weighted_ramps",
    "weighted_steps",
    "win_odds",
    "win_shares",
    "without_lower",
    "year_to_date",
]


def __dir__() -> list[str]:
    return __all__
