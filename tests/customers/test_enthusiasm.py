"""Profit and prospects of a customer are computed exactly, and what is not known is said so."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest
from cattrs.preconf.json import make_converter
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Unit
from salescore.customers import Enthusiasm, EnthusiasmPolicy, enthusiasm
from salescore.errors import (
    AmountOverflowError,
    LabelError,
    MissingValueError,
    SalescoreError,
    ShapeError,
)

NAMES = (
    *("revenue", "cost", "resale", "purchase"),
    *("volume", "volume_before", "market", "market_before"),
)
SMALL = st.integers(0, 12) | st.integers(0, 2**61)
ROWS = st.lists(st.tuples(*[SMALL] * len(NAMES)), max_size=6)
SHARES = st.fractions(0, 1, max_denominator=12)
POLICY = EnthusiasmPolicy(margin=0.1)


def columns(rows: Sequence[tuple[int, ...]], names: tuple[str, ...] = NAMES) -> dict[str, Any]:
    """Give rows as columns."""
    return {name: [row[i] for row in rows] for i, name in enumerate(NAMES) if name in names}


@given(ROWS)
def test_columns_of_findings_say_what_the_findings_say(rows: list[tuple[int, ...]]) -> None:
    """Without ids the customers are their rows."""
    found = enthusiasm(columns(rows), POLICY)
    table = found.finding_columns()

    told = [(int(f.where[0][1]), f.code, f.measured, f.limit) for f in found.findings]
    names = ("customer", "code", "measured", "limit")
    assert list(zip(*(table[name].tolist() for name in names), strict=True)) == told


def judged(row: tuple[int, ...], policy: EnthusiasmPolicy) -> tuple[bool | None, bool | None]:
    """Judge one customer in fractions: the oracle."""
    _, _, resale, purchase, now, before, market, market_before = row
    profit = resale - purchase >= Fraction(policy.margin) * resale if resale else None
    if not before or not market_before:
        return profit, None
    growth, others = Fraction(now, before) - 1, Fraction(market, market_before) - 1
    return profit, growth >= Fraction(policy.growth) and growth >= others


@given(ROWS, SHARES, SHARES)
def test_profit_and_prospects_are_judged_exactly(
    rows: list[tuple[int, ...]], margin: Fraction, growth: Fraction
) -> None:
    """On a line is enough; without a base nothing is known; sums beyond floats are exact."""
    policy = EnthusiasmPolicy(margin, growth)
    found = enthusiasm(columns(rows), policy)
    expected = [judged(row, policy) for row in rows]
    stands = {
        (True, True): "both", (True, False): "profit", (False, True): "prospects",
        (False, False): "neither",
    }  # fmt: skip

    assert found.has_profit.tolist() == [profit for profit, _ in expected]
    assert found.has_prospects.tolist() == [prospects for _, prospects in expected]
    assert found.stand.tolist() == [stands.get(pair, "unknown") for pair in expected]  # type: ignore[arg-type]  # None is in no pair
    assert found.margin.tolist() == [row[0] - row[1] for row in rows]
    assert sum(found.facts()["stands"].values()) == len(rows)


@given(st.from_type(Enthusiasm))
def test_most_money_is_told_first(found: Enthusiasm) -> None:
    """Each stand has its remark; a loss is told as well."""
    ids = found.to_columns()["customer"].tolist()
    stakes: list[int] = []
    for finding in found.findings:
        row = [str(each) for each in ids].index(finding.where[0][1])
        loss = finding.code == "enthusiasm.loss"
        stakes.append(int(-found.margin[row] if loss else found.revenue[row]))
    kinds = [finding.code.removeprefix("enthusiasm.") for finding in found.findings]

    assert stakes == sorted(stakes, reverse=True)
    assert kinds.count("loss") == int((found.margin < 0).sum())
    for kind, stand in (
        ("neither", "neither"),
        ("no_profit", "prospects"),
        ("no_prospects", "profit"),
    ):
        assert kinds.count(kind) == found.stand.tolist().count(stand)
    testing.check_result(found)


def test_a_customer_is_judged_by_hand() -> None:
    """Rates are floats beside the exact amounts."""
    rows = [
        (500_00, 400_00, 600_00, 540_00, 120, 100, 110, 100),
        (300_00, 310_00, 310_00, 300_00, 90, 100, 100, 100),
        (0, 0, 0, 0, 5, 0, 1, 1),
    ]
    found = enthusiasm(columns(rows), POLICY, ids=["Hua", "Li", "Wu"], unit=Unit("CNY", 100))

    assert found.stand.tolist() == ["both", "neither", "unknown"]
    assert found.own_margin is not None
    assert found.own_margin.tolist() == [60_00, 10_00, 0]
    assert found.own_rate[:2].tolist() == [0.1, 10 / 310]
    assert found.margin_rate[:2].tolist() == [0.2, -1 / 30]
    assert found.growth[:2].tolist() == [0.2, -0.1]
    assert found.lead[:2].tolist() == pytest.approx([0.1, -0.1])
    assert np.isnan([found.own_rate[2], found.margin_rate[2], found.growth[2]]).all()
    assert repr(found) == (
        "<Enthusiasm of 3 customers: our margin 90.00 CNY; neither 1, both 1, unknown 1>"
    )
    assert [(f.code, f.severity) for f in found.findings] == [
        ("enthusiasm.neither", "critical"),
        ("enthusiasm.loss", "warning"),
    ]
    assert "Li：销售300.00 CNY，我方亏损10.00 CNY" in found.summary("zh")
    assert found.summary().splitlines()[-1] == "Li: we lose 10.00 CNY on 300.00 CNY of sales"
    assert found.summary("zh").splitlines()[2].startswith("Hua")


def test_the_limit_of_growth_is_the_line_or_the_market() -> None:
    """Whichever asks for more."""
    rows = [(9, 1, 10, 5, 105, 100, 120, 100), (8, 1, 10, 5, 90, 100, 80, 100)]
    found = enthusiasm(columns(rows), EnthusiasmPolicy("0.1", "0.02")).findings

    assert [(f.code, f.measured, f.limit) for f in found] == [
        ("enthusiasm.no_prospects", 0.05, 0.2),
        ("enthusiasm.no_prospects", -0.1, 0.02),
    ]


def test_a_line_between_two_whole_amounts_is_not_reached_by_the_lower_one() -> None:
    """15 % of 10 are 1.5: a margin of 1 is too little, of 2 enough."""
    rows = [(1, 1, 10, 9, 101, 100, 0, 1), (1, 1, 10, 8, 102, 100, 0, 1)]
    found = enthusiasm(columns(rows), EnthusiasmPolicy("0.15", "0.015"))

    assert found.has_profit.tolist() == found.has_prospects.tolist() == [False, True]


def test_what_is_not_given_is_not_known() -> None:
    """Without volumes no prospects, without a market the line alone decides."""
    rows = [(9, 1, 10, 5, 105, 100, 120, 100)]
    money = enthusiasm(columns(rows, NAMES[:4]), POLICY)
    plain = enthusiasm(columns(rows, NAMES[:2]), POLICY)
    alone = enthusiasm(columns(rows, NAMES[:6]), POLICY)

    assert (money.has_profit.tolist(), money.has_prospects.tolist()) == ([True], [None])
    assert (plain.stand.tolist(), plain.findings, plain.own_margin) == (["unknown"], (), None)
    assert "own_margin" not in plain.to_columns()
    assert alone.stand.tolist() == ["both"]
    assert np.isnan(alone.market_growth).all()
    assert enthusiasm({"revenue": [], "cost": []}, POLICY).summary()
    assert repr(enthusiasm({"revenue": [], "cost": []}, POLICY)).endswith("our margin 0>")


def test_policies_round_trip_and_compare_by_value() -> None:
    """Through JSON."""
    policy = EnthusiasmPolicy("0.15", 0.05)
    plain = json.loads(json.dumps(attrs.asdict(policy)))

    assert make_converter().structure(plain, EnthusiasmPolicy) == policy


def asked(**others: Any) -> Enthusiasm:
    """Ask about one customer."""
    return enthusiasm({"revenue": [1], "cost": [1], **others}, POLICY)


WRONG: list[tuple[Any, type[SalescoreError], str]] = [
    (lambda: EnthusiasmPolicy(1.5), SalescoreError, "from 0 to 1"),
    (lambda: EnthusiasmPolicy(-0.5), SalescoreError, "line of enthusiasm"),
    (lambda: EnthusiasmPolicy(0, Fraction(1, 2**61)), SalescoreError, "less than 18 digits"),
    (lambda: EnthusiasmPolicy(float("nan")), MissingValueError, "line of enthusiasm"),
    (lambda: enthusiasm({"revenue": [1]}, POLICY), LabelError, "revenue, cost"),
    (lambda: asked(mood=[1]), LabelError, "mood"),
    (lambda: enthusiasm({}, 0.1), SalescoreError, "policy of enthusiasm"),  # type: ignore[arg-type]  # what is refused
    (lambda: asked(resale=[1]), ShapeError, "both or none"),
    (lambda: asked(resale=[1], purchase=[1, 2]), ShapeError, "purchase: 2"),
    (lambda: asked(resale=[-1], purchase=[1]), SalescoreError, "resale in row 0"),
    (lambda: asked(volume=[1], volume_before=[-1]), SalescoreError, "volume_before in row 0"),
    (lambda: asked(market=[1], market_before=[1]), SalescoreError, "volumes of the customers"),
    (lambda: asked(volume=[1.5], volume_before=[1]), SalescoreError, "volume"),
    (lambda: asked(volume=[None], volume_before=[1]), MissingValueError, "volume in row 0"),
    (lambda: enthusiasm({"revenue": [2**62], "cost": [-(2**62)]}, POLICY), AmountOverflowError, "less cost"),
    (lambda: Enthusiasm(POLICY, np.zeros(2, np.int64), np.zeros(1, np.int64)), ShapeError, "cost"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "kind", "message"), WRONG, ids=range(len(WRONG)))
def test_bad_input_is_refused(make: Any, kind: type[SalescoreError], message: str) -> None:
    """It says what is wrong and where."""
    with pytest.raises(kind, match=message):
        make()
