"""Do response curves go through what was judged, and lead to the calls of the published case?"""

from __future__ import annotations

import json
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import MissingValueError, SalescoreError, ShapeError
from salescore.testing import check_result
from salescore.typing import FloatArray
from salescore.visits import ResponseCurves, allot, response_curves

GOLDEN = Path(__file__).resolve().parents[3] / "shared" / "golden" / "visits"


@st.composite
def judgements(draw: st.DrawFn) -> dict[str, float]:
    """Draw four judgements that keep their order."""
    low, high = draw(st.floats(0, 0.9)), draw(st.floats(1.1, 4))
    inside = st.floats(0.05, 0.95)
    half, more = low + (1 - low) * draw(inside), 1 + (high - 1) * draw(inside)
    return {"none": low, "half": half, "more": more, "most": high}


def adbudg(judged: dict[str, float], u: float, w: float = 1 / 3) -> float:
    """Follow Little's formula as it is written."""
    b, x, y, a = (judged[name] for name in ("none", "half", "more", "most"))
    d = (a - 1) / (1 - b)
    c = w * log(d * (x - b) / (a - x)) / log(0.5)
    c += (1 - w) * log(d * (y - b) / (a - y)) / log(1.5)
    return float(b + (a - b) * u**c / (d + u**c))


@given(judgements(), st.floats(0.01, 20))
def test_a_curve_follows_the_formula(judged: dict[str, float], u: float) -> None:
    """At any effort the curve is ADBUDG's, from none through 1 today towards most."""
    curve = response_curves(**judged)

    assert curve.at(u)[0] == pytest.approx(adbudg(judged, u), rel=1e-9)
    assert curve.at(0)[0] == judged["none"]
    assert curve.at(1)[0] == pytest.approx(1, abs=1e-12)
    assert judged["none"] <= curve.at(u)[0] <= judged["most"]


@given(judgements())
def test_each_judgement_alone_is_met(judged: dict[str, float]) -> None:
    """All the weight on the half meets it, all the weight on the more meets that."""
    half, more = (response_curves(**judged, weight=weight) for weight in (1, 0))

    assert half.at(0.5)[0] == pytest.approx(judged["half"], rel=1e-9)
    assert more.at(1.5)[0] == pytest.approx(judged["more"], rel=1e-9)


@given(judgements(), st.integers(1, 12), st.floats(0, 1e9), st.integers(0, 24))
def test_gains_add_up_to_the_curve(
    judged: dict[str, float], calls: int, sales: float, upto: int
) -> None:
    """Sales without calls and the gains of x calls are the sales at x over today's calls."""
    curve = response_curves(**judged)
    gains = curve.gains(calls, sales, upto=upto)

    assert gains.shape == (1, upto)
    assert (gains >= 0).all()
    for x in range(upto + 1):
        reached = sales * judged["none"] + gains[0, :x].sum()
        assert reached == pytest.approx(sales * curve.at(x / calls)[0], rel=1e-6, abs=1e-9)
    if not curve.s_shaped[0]:
        assert (np.diff(gains[0]) <= 0).all()


def test_a_curve_without_a_bend_upwards_is_allotted_by_selection() -> None:
    """Where each call brings less than the one before, rounding does not make it look S-shaped."""
    judged = response_curves(none=[0.0, 0.2], half=[0.9, 0.9], more=[1.08, 1.05], most=[1.3, 1.2])
    gains = judged.gains([4, 3], 10_000, upto=40)

    assert not judged.s_shaped.any()
    assert allot(gains, 30).method == "select"


def test_the_last_digit_of_a_nearly_straight_curve_is_no_bend() -> None:
    """With hardly any bend, neighbours differ by rounding alone: gains are made to fall."""
    columns = (np.array([value]) for value in (0.99, 1.5e14, 1.0, 1.5e16))
    straight = ResponseCurves(*columns)
    totals = [1e4 * float(straight.at(calls / 4)[0]) for calls in range(41)]

    assert (np.diff(totals, n=2) > 0).any()
    assert (np.diff(straight.gains(4, 1e4, upto=40)) <= 0).all()


def test_the_published_case_of_two_accounts_is_met() -> None:
    """CALLPLAN: parameters, profit today and the best calls, to 1e-12."""
    path = GOLDEN / "callplan_adbudg.json"
    if not path.exists():
        pytest.skip("needs ../shared/golden")
    case = json.loads(path.read_text(encoding="utf-8"))
    asked, expected = case["inputs"], case["expected"]
    accounts = asked["accounts"]

    def column(name: str) -> list[Any]:
        return [account[name] for account in accounts]

    curves = response_curves(
        none=column("none"),
        half=column("minus50"),
        more=column("plus50"),
        most=column("saturation"),
    )
    letters = {"a": curves.most, "b": curves.none, "c": curves.power, "d": curves.scale}
    for row, account in enumerate(accounts):
        for letter, fitted in letters.items():
            wanted = expected["params"][account["name"]][letter]
            assert fitted[row] == pytest.approx(wanted, rel=1e-12)

    profit = np.array(column("sales")) * np.array(column("margin"))
    base = float(profit @ curves.none)
    gains = curves.gains(column("calls"), profit, upto=asked["bounds"][1])
    today = sum(gains[row, :4].sum() for row in range(2))
    assert base + today == pytest.approx(expected["current_plan"]["profit"], rel=1e-12)

    found = allot(gains, asked["time_hours"], minutes=column("hours"))
    assert found.calls.tolist() == expected["optimal_plan"]["x"]
    assert base + found.value == pytest.approx(expected["optimal_plan"]["profit"], rel=1e-12)
    assert found.exact
    effort = (found.calls / np.array(column("calls"))).tolist()
    sales = np.array(column("sales")) * curves.at(effort)
    assert sales.tolist() == pytest.approx(expected["optimal_plan"]["sales"], rel=1e-12)


def test_calls_follow_the_closed_form_of_a_power_law() -> None:
    """With gains ``g * x**c`` the whole calls lie within one of the shares of the formula."""
    path = GOLDEN / "power_response_closed_form.json"
    if not path.exists():
        pytest.skip("needs ../shared/golden")
    case = json.loads(path.read_text(encoding="utf-8"))
    g = np.array(list(case["inputs"]["g"].values()))
    c, total = float(case["inputs"]["c"]), int(case["inputs"]["T"])
    shares = g ** (1 / (1 - c)) / (g ** (1 / (1 - c))).sum()
    wanted = list(case["expected"]["shares"].values())
    assert shares.tolist() == pytest.approx(wanted, rel=1e-12)

    totals: FloatArray = g[:, None] * np.arange(total + 1.0) ** c
    found = allot(np.diff(totals, axis=1), total)
    assert found.method == "select"
    assert np.abs(found.calls - shares * total).max() < 1
    best = case["expected"]["total_sales_T1000"]
    assert best * (1 - 1e-6) < found.value <= best * (1 + 1e-12)


@given(
    st.lists(st.floats(0.5, 100), min_size=1, max_size=6), st.floats(0.1, 0.9), st.integers(0, 60)
)
def test_a_power_law_brings_no_more_than_its_closed_form(
    worth: list[float], c: float, total: int
) -> None:
    """At most ``T**c * (sum g**(1 / (1 - c)))**(1 - c)``, at least what floored shares bring."""
    g = np.array(worth)
    totals: FloatArray = g[:, None] * np.arange(total + 1.0) ** c
    parts = g ** (1 / (1 - c))
    shares = np.floor(parts / parts.sum() * total * (1 - 1e-12))

    found = allot(np.minimum.accumulate(np.diff(totals, axis=1), axis=1), total)
    assert found.method == "select"
    assert found.value <= total**c * parts.sum() ** (1 - c) * (1 + 1e-9)
    assert found.value >= (g * shares**c)[shares > 0].sum() * (1 - 1e-9)


@given(judgements(), st.integers(1, 12), st.integers(2, 40))
def test_a_power_of_one_parts_curves_that_fall_from_those_that_first_rise(
    judged: dict[str, float], calls: int, upto: int
) -> None:
    """Gains of a concave curve never rise; those of an S-shaped one rise once, then fall."""
    curve = response_curves(**judged)
    gains = curve.gains(calls, 1e6, upto=upto)[0]
    top = int(gains.argmax())
    dust = 1e-9 * max(float(gains.max()), 1.0)

    assert bool(curve.s_shaped[0]) == (curve.power[0] > 1)
    assert (np.diff(gains[top:]) <= dust).all()
    assert (np.diff(gains[: top + 1]) >= -dust).all()
    assert curve.s_shaped[0] or top == 0


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"none": -0.1}, SalescoreError, "judgements in row 0: expected 0 <= none < half < 1"),
        ({"half": 0.2}, SalescoreError, "got none 0.2, half 0.2, more 1.3, most 1.5"),
        ({"half": 1.0}, SalescoreError, "judgements in row 0"),
        ({"more": [1.3, 1.0]}, SalescoreError, "judgements in row 1"),
        ({"more": 1.5}, SalescoreError, "judgements in row 0"),
        ({"none": float("nan")}, MissingValueError, "judgement 'none' in row 0"),
        ({"none": [0.1, None]}, MissingValueError, "judgement 'none' in row 1"),
        ({"none": [0.1, 0.1], "half": [0.5]}, ShapeError, "equal lengths"),
        ({"weight": 2}, SalescoreError, "weight of the half: expected a share 0-1, got 2"),
    ],
)
def test_judgements_out_of_order_are_refused(
    change: dict[str, Any], error: type[SalescoreError], message: str
) -> None:
    """No curve without four judgements in order; the row is named."""
    judged: dict[str, Any] = {"none": 0.2, "half": 0.6, "more": 1.3, "most": 1.5, **change}
    with pytest.raises(error) as caught:
        response_curves(**judged)
    assert message in str(caught.value)


def test_what_a_curve_is_asked_is_checked() -> None:
    """Negative efforts and sales, no calls today, other lengths and NaN are refused."""
    curve = response_curves(none=0.2, half=0.6, more=1.3, most=1.5)
    refused: list[tuple[Any, type[SalescoreError], str]] = [
        (lambda: curve.at(-1), SalescoreError, "effort in row 0: expected >= 0"),
        (lambda: curve.at([1, 2]), ShapeError, "equal lengths"),
        (lambda: curve.at(float("nan")), MissingValueError, "effort"),
        (lambda: curve.gains(0, 1, upto=2), SalescoreError, "calls of today"),
        (lambda: curve.gains(1, -1, upto=2), SalescoreError, "sales of today in row 0"),
        (lambda: curve.gains(1, 1, upto=-1), SalescoreError, "calls to give gains for"),
    ]
    for ask, error, message in refused:
        with pytest.raises(error) as caught:
            ask()
        assert message in str(caught.value)


def test_a_curve_that_cannot_be_is_refused() -> None:
    """Parameters outside their ranges name the row; columns have one length."""
    one = np.array([0.5])
    with pytest.raises(SalescoreError, match=r"response curve in row 0: .* got {'none': 0.5"):
        ResponseCurves(one, one, one, one)
    with pytest.raises(SalescoreError, match="response curve in row 0"):
        ResponseCurves(one, 4 * one, np.array([np.nan]), one)
    with pytest.raises(ShapeError, match="equal lengths"):
        ResponseCurves(one, 4 * one, one, np.array([1.0, 2.0]))


def test_no_customers_have_no_curves() -> None:
    """Empty judgements give an empty answer and empty gains."""
    none: list[float] = []
    curves = response_curves(none=none, half=none, more=none, most=none)

    assert len(curves) == 0
    assert curves.gains(1, 1.0, upto=3).shape == (0, 3)
    assert curves.at(2).size == 0
    check_result(curves)
    assert repr(curves) == "<ResponseCurves of 0 customers, 0 S-shaped>"


def test_extreme_bends_stay_finite() -> None:
    """A curve that is nearly a step answers none below it and most above it."""
    curve = ResponseCurves(*(np.array([value]) for value in (0.1, 2.0, 900.0, 1.0)))

    assert curve.at(0.1)[0] == 0.1
    assert curve.at(10.0)[0] == 2.0
