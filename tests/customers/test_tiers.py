"""Tiers are a total partition by lines that are found once and hold for every customer."""

from __future__ import annotations

import json
import math
import pickle
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest
from cattrs.preconf.json import make_converter
from hypothesis import assume, given
from hypothesis import strategies as st

from salescore.core import Text, Tier
from salescore.customers import (
    SEVEN_CRITERIA,
    Criterion,
    Scale,
    Scores,
    ScoringPolicy,
    TierCuts,
    TierPolicy,
    Tiers,
    assign,
    cuts,
    score,
    tier,
)
from salescore.errors import AmountOverflowError, MissingValueError, SalescoreError, ShapeError
from tests.customers.strategies import seven, tier_policies, tier_values

PARETO = TierPolicy.by_value(a=0.8, b=0.95)


def _oracle(values: list[int], policy: TierPolicy) -> list[Tier]:
    """Give each value its tier as the definition of the rule is written."""
    a, b = policy.cumulative

    def reached(x: int, q: Fraction) -> bool:
        better = [y for y in values if y > x]
        if policy.rule == "line":
            return x >= q
        if policy.rule == "count":
            return len(better) < q * len(values)
        return sum(better) < q * sum(values)

    return [Tier.A if reached(x, a) else Tier.B if reached(x, b) else Tier.C for x in values]


def _tiers(values: Any, policy: TierPolicy) -> list[int]:
    codes: list[int] = tier(values, policy).code.tolist()
    return codes


def _scores(*points: int, mode: Any = "auto") -> Scores:
    return score(seven(*points), mode=mode)


@given(tier_values(), tier_policies())
def test_tiers_are_what_the_rule_says(values: list[int], policy: TierPolicy) -> None:
    """By line, by count and by value, each customer is where the definition puts it."""
    assert _tiers(values, policy) == _oracle(values, policy)


@given(tier_values(), tier_policies())
def test_a_tiering_is_a_total_partition(values: list[int], policy: TierPolicy) -> None:
    """Each customer is in exactly one tier, and the counts and shares add up to all."""
    tiers = tier(values, policy)
    rows = np.concatenate([tiers.of(each) for each in Tier])
    shares = [tiers.cuts.share(each) for each in Tier]

    assert sorted(rows.tolist()) == list(range(len(values)))
    assert tiers.counts == tiers.cuts.counts == tuple(len(tiers.of(each)) for each in Tier)
    assert sum(share or 0 for share in shares) == (shares[0] is not None)
    assert tiers.cuts.empty == tuple(each for each in Tier if not len(tiers.of(each)))


@given(tier_values(), tier_policies(), st.data())
def test_order_and_partition_change_no_tier(
    values: list[int], policy: TierPolicy, data: st.DataObject
) -> None:
    """Lines found once, in any row order, give any part of the customers the same tiers."""
    shuffled = data.draw(st.permutations(values))
    lines = cuts(values, policy)
    at = data.draw(st.integers(0, len(values)))
    parts = [assign(part, lines).code for part in (values[:at], values[at:])]

    assert cuts(shuffled, policy) == lines
    assert np.concatenate(parts).tobytes() == assign(values, lines).code.tobytes()


@given(tier_values(), tier_policies())
def test_equal_customers_share_a_tier_and_a_better_one_is_never_lower(
    values: list[int], policy: TierPolicy
) -> None:
    """No line is drawn between equals, and tiers fall as values fall."""
    pairs = sorted(
        zip(values, _tiers(values, policy), strict=True), key=lambda pair: (-pair[0], pair[1])
    )

    assert [code for _, code in pairs] == sorted(code for _, code in pairs)
    assert len(dict(pairs)) == len(set(pairs))


@given(tier_values(), tier_policies("value"), st.data())
def test_a_customer_who_grows_is_never_demoted(
    values: list[int], policy: TierPolicy, data: st.DataObject
) -> None:
    """The usual running total demotes growth (50, 30, 20 with 50 grown to 70); reach does not."""
    assume(values)
    row = data.draw(st.integers(0, len(values) - 1))
    grown = [*values]
    grown[row] += data.draw(st.integers(1, 10**12))

    assert _tiers(grown, policy)[row] <= _tiers(values, policy)[row]


@given(tier_values(), tier_policies("value"), st.integers(1, 1000))
def test_the_unit_of_the_value_does_not_matter(
    values: list[int], policy: TierPolicy, factor: int
) -> None:
    """Cents or yuan, shares of the value are the same."""
    assert _tiers([value * factor for value in values], policy) == _tiers(values, policy)


@given(tier_values(), tier_policies("value"))
def test_tier_a_reaches_its_share_with_as_few_as_possible(
    values: list[int], policy: TierPolicy
) -> None:
    """A holds at least its share, and without its smallest members it would not."""
    lines = cuts(values, policy)
    need = Fraction(policy.a) * sum(values)
    members = [value for value in values if lines.a is not None and value >= lines.a]

    assert sum(members) == lines.held[Tier.A] >= need
    assert not members or sum(x for x in members if x > min(members)) < need


@given(tier_values(), tier_policies())
def test_larger_shares_and_lower_lines_give_larger_tiers(
    values: list[int], policy: TierPolicy
) -> None:
    """Cuts are nested: whoever is A by the A line would be A or B by the B line."""
    _, b = policy.cumulative
    if policy.rule == "line":
        wide = TierPolicy.by_line(a=b, b=0)
    elif policy.rule == "count":
        wide = TierPolicy.by_count(a=b, b=0)
    elif policy.rule == "within":
        wide = TierPolicy.by_value(a=b, b=1, keep="within")
    else:
        wide = TierPolicy.by_value(a=b, b=1)
    narrow_a = np.array(_tiers(values, policy)) == Tier.A
    narrow_ab = np.array(_tiers(values, policy)) <= Tier.B
    wide_a = np.array(_tiers(values, wide)) == Tier.A

    assert (narrow_a <= wide_a).all()
    assert (narrow_ab == wide_a).all()


@pytest.mark.parametrize("mode", ["exact", "float"])
def test_lines_are_closed(mode: Any) -> None:
    """80 is A, and so is 100, which a peer's last band leaves out; 60 is B and 0 is C."""
    tiers = tier(_scores(0, 59, 60, 79, 80, 100, mode=mode), TierPolicy.by_line(a=80, b=60))

    assert tiers.code.tolist() == [2, 2, 1, 1, 0, 0]


def test_a_line_between_two_units_is_not_rounded() -> None:
    """A line of 79.995 in hundredths of a point lets in 80.00 and keeps out 79.99."""
    scores = score(seven(80, 80, distance=[80, 79]))
    lines = cuts(scores, TierPolicy.by_line(a="79.995", b=0))

    assert scores.value.tolist() == [80, 79.95]
    assert (lines.a, lines.line(Tier.A)) == (8000, 80)
    assert assign(scores, lines).code.tolist() == [0, 1]


@given(st.integers(0, 10_000), st.integers(1, 997))
def test_lines_of_exact_scores_are_exact(line: int, span: int) -> None:
    """On a scale of any span, at or above the line is decided in whole numbers."""
    policy = SEVEN_CRITERIA.with_scale("credit", Scale(0, span))
    scores = score(seven(50, 50, 50, credit=[0, span // 2, span]), policy)
    tiers = tier(scores, TierPolicy.by_line(a=Fraction(line, 100), b=0))
    assert scores.exact is not None
    above = [Fraction(x, scores.denominator) >= Fraction(line, 100) for x in scores.exact.tolist()]

    assert tiers.code.tolist() == [0 if each else 1 for each in above]


def test_one_giant_customer_is_a() -> None:
    """Where one customer holds nearly all, the rule in use leaves A empty; reach does not."""
    assert _tiers([10_000, 3, 2, 1], PARETO) == [0, 2, 2, 2]


def test_the_customer_that_meets_the_share_exactly_is_a() -> None:
    """A peer finds no A at all in 800, 100, 50, 30, 15, 5, because .8 is not below .8."""
    tiers = tier([800, 100, 50, 30, 15, 5], PARETO)

    assert tiers.code.tolist() == [0, 1, 1, 2, 2, 2]
    assert [tiers.cuts.share(each) for each in Tier] == [
        Fraction(4, 5),
        Fraction(3, 20),
        Fraction(1, 20),
    ]


@pytest.mark.parametrize(
    "policy", [PARETO, TierPolicy.by_count(a=0.2, b=0.3), TierPolicy.by_line(a=80, b=60)]
)
@pytest.mark.parametrize("n", [10, 12])
def test_equal_customers_are_not_split(policy: TierPolicy, n: int) -> None:
    """Peers give ten equal customers nine letters apart, and twelve no letter at all."""
    assert set(_tiers([100] * n, policy)) == {Tier.A}


def test_growth_keeps_the_tier_in_the_textbook_example() -> None:
    """50, 30, 20 at 55 %: the first is A alone or grown to 70, which the running total denies."""
    policy = TierPolicy.by_value(a=0.55, b=0.95)

    assert _tiers([50, 30, 20], policy)[0] == _tiers([70, 30, 20], policy)[0] == Tier.A


def test_a_tier_may_stay_within_its_share() -> None:
    """Up to 55 %: the first of 50, 30, 20 is A, and with 70 no longer, as is printed in sheets."""
    policy = TierPolicy.by_value(a=0.55, b=0.95, keep="within")

    assert _tiers([50, 30, 20], policy) == [Tier.A, Tier.B, Tier.C]
    assert _tiers([70, 30, 20], policy)[0] == Tier.B
    assert _tiers([10_000, 3, 2, 1], policy) == [Tier.C] * 4
    assert str(policy.text) == "by value within 55 %/95 %"
    assert policy.text.to("zh") == "按累计金额占比不超过 55 %/95 %"
    keep: Any = "about"
    with pytest.raises(SalescoreError, match="how a tier keeps its share"):
        TierPolicy.by_value(a=0.5, b=0.9, keep=keep)


@pytest.mark.parametrize("values", [[], [0, 0]])
def test_no_value_leaves_tier_a_and_b_empty(values: list[int]) -> None:
    """Nothing to share has no A, and says so."""
    tiers = tier(values, PARETO)

    assert tiers.code.tolist() == [2] * len(values)
    assert (tiers.cuts.a, tiers.cuts.b, tiers.cuts.line(Tier.A)) == (None, None, None)
    assert tiers.cuts.share(Tier.A) is None
    assert set(tiers.cuts.empty) >= {Tier.A, Tier.B}
    assert tier([], TierPolicy.by_count(a=1, b=0)).counts == (0, 0, 0)


def test_an_empty_tier_is_shown() -> None:
    """Nobody reaches 99: tier A stands there with 0 customers."""
    tiers = tier(_scores(70, 40), TierPolicy.by_line(a=99, b=60))

    assert tiers.cuts.empty == (Tier.A,)
    assert repr(tiers) == "<Tiers A 0, B 1, C 1; by line 99/60>"
    assert "A customer          0" in tiers.summary()


@given(tier_values(), tier_policies())
def test_a_tier_that_nobody_is_in_is_told(values: list[int], policy: TierPolicy) -> None:
    """A and B, where there are customers and the lines leave room; C may well be empty."""
    found = tier(values, policy)
    room = found.cuts.a is None or found.cuts.a != found.cuts.b
    asked = (Tier.A, Tier.B) if room else (Tier.A,)

    empty = [each.name for each in asked if values and not found.counts[each]]
    assert [finding.where[0][1] for finding in found.findings] == empty
    assert {finding.code for finding in found.findings} <= {"tier.empty"}


def test_an_empty_tier_is_told_in_both_languages() -> None:
    """With its line, where one could be drawn."""
    high = tier([7_000, 4_000], TierPolicy.by_line(a=9_900, b="60.5"))
    giant = tier([10_000, 3, 2], TierPolicy.by_value(a="0.5", b="0.9", keep="within"))

    (finding,) = high.findings
    assert (finding.code, finding.severity, finding.measured) == ("tier.empty", "warning", 0)
    assert (finding.where, finding.limit) == ((("tier", "A"),), 9_900)
    assert high.summary().splitlines()[-1] == "Nobody is in tier A: it begins at 9,900"
    assert high.summary("zh").splitlines()[-1] == "A类没有客户：起点为9,900"
    assert giant.summary().splitlines()[-1] == "Nobody is in tier B: no line can be drawn"
    assert giant.summary("zh").splitlines()[-1] == "B类没有客户：无法划线"
    one_line = tier(_scores(70), TierPolicy.by_line(a=60, b=60))
    assert (one_line.findings, tier([], PARETO).findings) == ((), ())


def test_tiers_are_shown_in_both_languages() -> None:
    """The rule, and for each tier how many customers, which share and from where."""
    tiers = tier([800, 100, 50, 30, 15, 5], PARETO, ids=list("ABCDEF"))

    assert repr(tiers) == "<Tiers A 1, B 2, C 3; by value 80 %/95 %>"
    assert [line.split() for line in tiers.summary().splitlines()[3:]] == [
        ["A", "customer", "1", "16.7", "%", "800"],
        ["B", "customer", "2", "33.3", "%", "50"],
        ["C", "customer", "3", "50.0", "%", "-"],
    ]
    assert tiers.summary("zh").startswith("按累计金额占比 80 %/95 %\n类别")
    assert json.loads(json.dumps(tiers.to_dict())) == {
        "policy": "by value 80 %/95 %",
        "counts": {"A": 1, "B": 2, "C": 3},
        "from": {"A": 800, "B": 50},
        "columns": {"customer": list("ABCDEF"), "tier": list("ABBCCC")},
    }
    assert tier([], PARETO).summary().splitlines()[-1].split() == ["C", "customer", "0", "-", "-"]
    assert str(TierPolicy.by_count(a=0.2, b=0.3).text) == "by count 20 %/30 %"


def test_lines_are_shown_in_points() -> None:
    """A line of exact scores is told in points, also where it is no whole number."""
    fractional = tier(_scores(70), TierPolicy.by_line(a="66.5", b=60))
    floats = tier(_scores(70, mode="float"), TierPolicy.by_line(a="66.5", b=60))

    assert fractional.facts()["from"] == floats.facts()["from"] == {"A": 66.5, "B": 60}


@given(tier_values(), tier_policies())
def test_cuts_and_policies_come_back_from_json(values: list[int], policy: TierPolicy) -> None:
    """Stored lines compare equal and tier the same customers the same way."""
    lines = cuts(values, policy)
    again = make_converter().structure(json.loads(json.dumps(attrs.asdict(lines))), TierCuts)

    assert again == lines
    assert hash(again) == hash(lines)
    assert TierPolicy(**json.loads(json.dumps(attrs.asdict(policy)))) == policy
    assert assign(values, again).same_as(assign(values, lines))


def test_float_cuts_come_back_from_json() -> None:
    """A float threshold keeps all of its digits."""
    lines = cuts([0.1, 0.7, 0.3], TierPolicy.by_count(a=0.3, b=0.3))
    again = make_converter().structure(json.loads(json.dumps(attrs.asdict(lines))), TierCuts)

    assert (again, again.line(Tier.B)) == (lines, 0.3)


def test_shares_are_read_as_they_are_written() -> None:
    """A policy is the same whether its shares are floats, texts, decimals or fractions."""
    written: list[Any] = [0.8, "0.80", Decimal("0.8"), Fraction(4, 5), "4/5", np.float64(0.8)]

    assert {TierPolicy.by_value(a=a, b=1) for a in written} == {TierPolicy.by_value(a=0.8, b=1)}


@pytest.mark.parametrize(
    ("make", "a", "b", "error", "message"),
    [
        (
            TierPolicy.by_line,
            60,
            80,
            SalescoreError,
            "by line: expected lines .* a >= b, got 60 and 80",
        ),
        (TierPolicy.by_line, -1, -2, SalescoreError, "a of a tier policy: expected a number >= 0"),
        (
            TierPolicy.by_line,
            2**63,
            1,
            AmountOverflowError,
            r"by line: expected numbers below 2\*\*63",
        ),
        (TierPolicy.by_line, math.nan, 60, MissingValueError, "a of a tier policy: .* got NaN"),
        (TierPolicy.by_count, 0.6, 0.5, SalescoreError, "by count: expected shares .* at most 1"),
        (
            TierPolicy.by_value,
            0.95,
            0.8,
            SalescoreError,
            "by value: expected cumulative .* a <= b <= 1",
        ),
        (TierPolicy.by_value, 0.8, 1.1, SalescoreError, "by value: .* got 4/5 and 11/10"),
        (TierPolicy.by_value, 0.8, math.nan, MissingValueError, "b of a tier policy: .* got NaN"),
        (TierPolicy.by_value, "80%", 1, SalescoreError, "a of a tier policy: .* got '80%'"),
    ],
)
def test_a_tier_policy_refuses_what_draws_no_tiers(
    make: Any, a: Any, b: Any, error: type[SalescoreError], message: str
) -> None:
    """Crossing lines and shares outside 0 to 1 are refused when they are written."""
    with pytest.raises(error, match=message):
        make(a=a, b=b)


def test_an_unknown_rule_is_refused() -> None:
    """The error lists the rules there are."""
    rule: Any = "rank"
    with pytest.raises(SalescoreError, match=r"rule of a tier policy: .* or 'within', got 'rank'"):
        TierPolicy(rule, 1, 0)


@pytest.mark.parametrize(
    ("values", "policy", "error", "message"),
    [
        ([0.5, math.nan], TierPolicy.by_line(1, 0), MissingValueError, "value in row 1"),
        (
            [0.5, math.inf],
            TierPolicy.by_line(1, 0),
            SalescoreError,
            "tier in row 1: expected finite",
        ),
        ([5, None], TierPolicy.by_count(1, 0), MissingValueError, "values to tier in row 1"),
        (
            ["5"],
            TierPolicy.by_count(1, 0),
            SalescoreError,
            "values to tier: expected whole numbers",
        ),
        ([0.5], PARETO, SalescoreError, "by value: expected whole amounts.* got floats"),
        (
            _scores(80),
            PARETO,
            SalescoreError,
            "by value: expected whole amounts.* got exact scores",
        ),
        ([5, -1], PARETO, SalescoreError, "value in row 1: expected none < 0, got -1"),
        (
            _scores(80),
            TierPolicy.by_line(101, 60),
            SalescoreError,
            "A line of .* at most 100, got 101",
        ),
    ],
    ids=["nan", "inf", "null", "text", "float value", "score value", "negative", "line"],
)
def test_bad_values_are_refused(
    values: Any, policy: TierPolicy, error: type[SalescoreError], message: str
) -> None:
    """A tier is never given on what is missing, infinite, or of a kind the rule does not share."""
    with pytest.raises(error, match=message):
        tier(values, policy)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (
            _scores(80, mode="float"),
            "expected points in units of 1/100, got measures in units of 1/1",
        ),
        ([80], "expected points in units of 1/100, got amounts in units of 1/1"),
        (
            score({"x": [1]}, ScoringPolicy([Criterion("x", Text("X"), 7)], total=7)),
            "expected points in units of 1/100, got points in units of 1/7",
        ),
    ],
    ids=["float", "amounts", "denominator"],
)
def test_lines_hold_for_their_own_units_only(other: Any, message: str) -> None:
    """Numerators of another denominator would be compared as if they were the same."""
    lines = cuts(_scores(80, 60), TierPolicy.by_line(80, 60))
    with pytest.raises(SalescoreError, match=f"scores to hold against the cuts: {message}"):
        assign(other, lines)


def test_scores_bring_their_own_ids() -> None:
    """A second list of ids could contradict the first."""
    scores = score(seven(80), ids=["Hua"])

    assert tier(scores, TierPolicy.by_line(80, 60)).to_columns()["customer"].tolist() == ["Hua"]
    with pytest.raises(SalescoreError, match="ids: expected none besides those of the scores"):
        tier(scores, TierPolicy.by_line(80, 60), ids=["Li"])


LINES = cuts([80, 60], TierPolicy.by_line(80, 60))


def test_tiers_are_nobody_elses_and_survive_a_pickle() -> None:
    """Codes and ids are private, locked, and the same after a process border."""
    ids = np.array(["a", "b"], dtype=object)
    tiers = tier([80, 60], TierPolicy.by_line(80, 60), ids=ids)
    ids[0] = "z"

    assert tiers.to_columns()["customer"].tolist() == ["a", "b"]
    assert pickle.loads(pickle.dumps(tiers)).same_as(tiers)
    with pytest.raises(ValueError, match="read-only"):
        tiers.code[0] = 2
    assert Tiers(np.array([0, 2, 1]), LINES).counts == (1, 1, 1)


@pytest.mark.parametrize(
    ("parts", "error", "message"),
    [
        ({"code": [0, 3]}, SalescoreError, "tier codes in row 1: expected 0, 1 or 2, got 3"),
        ({"code": [-1]}, SalescoreError, "tier codes in row 0: .* got -1"),
        ({"code": [0.0]}, SalescoreError, "tier codes: expected whole numbers"),
        ({"code": [[0]]}, ShapeError, r"tier codes: expected one dimension, got shape \(1, 1\)"),
        ({"ids": np.arange(2)}, ShapeError, "ids .* expected one for each of 1, got 2"),
    ],
)
def test_tiers_refuse_parts_that_do_not_fit(
    parts: dict[str, Any], error: type[SalescoreError], message: str
) -> None:
    """Tiers that are put together by hand are held to the same rules."""
    whole: dict[str, Any] = {"code": [0], "cuts": LINES, **parts}
    with pytest.raises(error, match=message):
        Tiers(**whole)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"domain": "x"}, "domain of tier cuts: expected 'points' or .* got 'x'"),
        ({"a": 50}, "cuts a and b: expected a >= b, got 50 and 60"),
        ({"b": None}, "cuts a and b: expected a >= b, got 80 and None"),
        ({"counts": (0.5, 1, 1)}, "size of a tier: expected a whole number, got 0.5"),
    ],
)
def test_cuts_refuse_parts_that_do_not_fit(parts: dict[str, Any], message: str) -> None:
    """Lines that come from a file are held to the same rules."""
    with pytest.raises(SalescoreError, match=message):
        attrs.evolve(LINES, **parts)
