"""An outlook is right for a few deals, honest for many, and clear about what makes no sense."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Unit
from salescore.errors import AmountOverflowError, MissingValueError, SalescoreError, ShapeError
from salescore.growth import Outlook, OutlookStatus, outlook
from salescore.kernels import normal_point, normal_share

SHARED = Path(__file__).resolve().parents[2] / "../shared/golden/growth/poisson_binomial.json"
CHANCES = [0.0, 0.1, 0.25, 0.5, 0.8, 1.0]
STAGES = [0.1, 0.2, 0.35, 0.5, 0.7, 0.9]


@st.composite
def pipelines(draw: st.DrawFn) -> tuple[list[float], list[int], int]:
    """Draw a few deals and a target."""
    size = draw(st.integers(0, 6))
    amounts = draw(st.lists(st.integers(0, 40), min_size=size, max_size=size))
    chance = draw(st.lists(st.sampled_from(CHANCES), min_size=size, max_size=size))
    return chance, amounts, draw(st.integers(0, sum(amounts) + 3))


def truth(chance: list[float], amounts: list[int], target: int) -> tuple[Fraction, Fraction]:
    """Go through all outcomes: the chance to reach the target, and what is missing."""
    reached, missing = Fraction(0), Fraction(0)
    for won in product([False, True], repeat=len(chance)):
        weight, total = Fraction(1), 0
        for each, p, amount in zip(won, chance, amounts, strict=True):
            weight *= Fraction(p) if each else 1 - Fraction(p)
            total += amount if each else 0
        reached += weight if total >= target else 0
        missing += weight * max(0, target - total)
    return reached, missing


@given(pipelines(), st.integers(0, 9))
def test_a_few_deals_are_exact(lot: tuple[list[float], list[int], int], won: int) -> None:
    """Chance and shortfall against every outcome, between their bounds; sums in hand count."""
    chance, amounts, target = lot
    share, short = truth(*lot)

    found = outlook(chance, amounts, target + won, correlation=0, won=won)

    assert found.independent == found.stated
    view = found.stated
    assert view.probability == pytest.approx(float(share), abs=1e-14)
    assert Fraction(view.low) <= share <= Fraction(view.high)
    assert view.shortfall == pytest.approx(float(short), abs=1e-11)
    assert found.expected == pytest.approx(won + float(np.array(chance) @ np.array(amounts)))


@settings(max_examples=30)
@given(pipelines(), st.sampled_from(["0.05", 0.3, 0.9]))
def test_correlated_deals_are_averaged_over_markets(
    lot: tuple[list[float], list[int], int], correlation: Any
) -> None:
    """Against a plain sum over 4,000 markets of plain sums over outcomes."""
    chance, amounts, target = lot
    found = outlook(chance, amounts, target, correlation=correlation)
    market = np.linspace(-8.5, 8.5, 4001)
    bell = np.exp(-(market**2) / 2)
    bell /= bell.sum()
    r = float(correlation)
    point = normal_point(np.array(chance))[:, None]
    table = normal_share((point + np.sqrt(r) * market) / np.sqrt(1 - r))
    share = short = 0.0
    for won in product([False, True], repeat=len(chance)):
        weight, total = bell.copy(), 0
        for each, p, amount in zip(won, table, amounts, strict=True):
            weight = weight * (p if each else 1 - p)
            total += amount if each else 0
        share += float(weight.sum()) if total >= target else 0
        short += float(weight.sum()) * max(0, target - total)

    assert found.stated.probability == pytest.approx(share, abs=1e-9)
    assert found.stated.low <= share + 1e-9
    assert found.stated.high >= share - 1e-9
    assert found.stated.shortfall == pytest.approx(short, abs=1e-7)
    assert found.independent == outlook(chance, amounts, target, correlation=0).stated


@settings(max_examples=30)
@given(pipelines())
def test_the_shortfall_never_falls_with_the_correlation(
    lot: tuple[list[float], list[int], int],
) -> None:
    """A shared market makes what is missing larger on average, and so the deviation."""
    views = [outlook(*lot, correlation=r).stated for r in (0, 0.02, "0.2", 0.6)]

    for one, other in pairwise(views):
        assert other.shortfall >= one.shortfall - 1e-8
        assert other.deviation >= one.deviation - 1e-8


@given(pipelines(), st.data())
def test_better_deals_never_lower_the_chance(
    lot: tuple[list[float], list[int], int], data: st.DataObject
) -> None:
    """A higher probability or amount, one more deal, and a lower target."""
    chance, amounts, target = lot
    before = outlook(*lot, correlation=0).probability
    better = [outlook([*chance, 0.5], [*amounts, 7], target, correlation=0)]
    better.append(outlook(chance, amounts, max(0, target - 1), correlation=0))
    if chance:
        row = data.draw(st.integers(0, len(chance) - 1))
        surer = [max(p, 0.8) if place == row else p for place, p in enumerate(chance)]
        larger = [a + 5 * (place == row) for place, a in enumerate(amounts)]
        better.append(outlook(surer, amounts, target, correlation=0))
        better.append(outlook(chance, larger, target, correlation=0))

    assert all(found.probability >= before - 1e-14 for found in better)


@given(testing.outlooks(), st.randoms(use_true_random=False))
def test_the_order_of_deals_does_not_matter(found: Outlook, random: Any) -> None:
    """Any order gives the same bits, and the parts keep the laws of answers."""
    rows = list(zip(found.chance.tolist(), found.amount.tolist(), strict=True))
    random.shuffle(rows)
    chance, amount = [row[0] for row in rows], [row[1] for row in rows]

    again = outlook(
        chance, amount, found.target, correlation=found.correlation, won=found.won, unit=found.unit
    )

    assert again.same_as(found)
    testing.check_result(found)


@given(testing.outlooks())
def test_the_curve_adds_up_and_quantiles_fall(found: Outlook) -> None:
    """Shares add up to 1 around the expected amount; a surer amount is a smaller one."""
    curve = found.distribution()
    step = np.diff(curve["amount"]).max(initial=1)

    for name in ("independent", "stated"):
        assert curve[name].sum() == pytest.approx(1, abs=1e-9)
        assert (curve[name] >= 0).all()
        assert float(curve[name] @ curve["amount"]) == pytest.approx(found.expected, abs=step)
    amounts = [found.quantile(share) for share in (0, "0.1", 0.5, 0.9, 1)]
    assert amounts == sorted(amounts, reverse=True)
    assert found.won <= amounts[-1]
    assert amounts[0] <= found.won + int(found.amount.sum())


def test_statuses_are_total() -> None:
    """Reached, certain, unreachable and open; only what is open has remarks."""
    cases = [
        (outlook([0.5], [10], 5, correlation=0, won=5), OutlookStatus.REACHED, 1, 0),
        (outlook([], [], 0, correlation=0.2), OutlookStatus.REACHED, 1, 0),
        (outlook([1.0, 0.5], [10, 4], 10, correlation=0.2), OutlookStatus.CERTAIN, 1, 0),
        (outlook([0.5, 0], [10, 99], 11, correlation=0.2), OutlookStatus.UNREACHABLE, 0, 6),
        (outlook([], [], 7, correlation=0), OutlookStatus.UNREACHABLE, 0, 7),
        (outlook([0.5], 10, 10, correlation=0.2), OutlookStatus.OPEN, 0.5, 5),
    ]
    for found, status, probability, shortfall in cases:
        assert found.status is status
        assert found.probability == pytest.approx(probability, abs=1e-10)
        assert found.shortfall == pytest.approx(shortfall, abs=1e-9)
        assert bool(found.findings) == (status is OutlookStatus.OPEN)
        assert found.status.text.zh
    assert cases[4][0].effective_deals is None
    assert cases[3][0].stated.deviation == pytest.approx(5, abs=1e-9)


def test_the_law_of_large_numbers_fails_for_shared_markets() -> None:
    """Ten thousand independent deals are nearly sure of 90 %; correlated ones stay at chance."""
    table: dict[int, list[float]] = {}
    for deals in (30, 100, 1000, 10_000):
        chance = np.resize(STAGES, deals)
        target = int(np.ceil(0.9 * float(np.sum(chance)) - 1e-9))
        table[deals] = [
            outlook(chance, 1, target, correlation=r).probability for r in (0, "0.05", "0.1")
        ]

    alone = [row[0] for row in table.values()]
    assert alone == sorted(alone)
    assert alone[-1] > 0.9999
    for place in (1, 2):
        shared = [row[place] for row in table.values()]
        assert max(shared) < 0.76
        assert abs(shared[-1] - shared[-2]) < 0.01


def test_effective_deals_end_at_what_the_market_allows() -> None:
    """Of equal even deals n independent count as n; correlated ones as few, however many."""
    alone = outlook([0.5] * 400, 3, 500, correlation=0)
    shared = [outlook([0.5] * n, 3, n, correlation="0.1") for n in (400, 4000)]

    assert alone.effective_deals == pytest.approx(400)
    pair = 4 * (0.25 + np.arcsin(0.1) / (2 * np.pi)) - 1  # of two even deals, as 0 and 1
    for found, n in zip(shared, (400, 4000), strict=True):
        assert found.effective_deals == pytest.approx(n / (1 + (n - 1) * pair), rel=1e-6)
        assert found.independent_deals == pytest.approx(n)
    assert "outlook.shared_market" in {finding.code for finding in shared[0].findings}
    assert not alone.findings


def test_findings_say_when_the_rule_does_not_hold() -> None:
    """Few deals, one large deal, one market: each in both languages, with its limit."""
    few = outlook([0.5] * 10, 100, 500, correlation=0)
    large = outlook([0.5] * 100, [20_000, *[100] * 99], 9000, correlation=0)
    shared = outlook([0.5] * 300, 100, 15_000, correlation=0.2)

    assert [f.code for f in few.findings] == ["outlook.few_deals"]
    assert [f.code for f in large.findings] == ["outlook.few_deals", "outlook.concentrated"]
    assert [f.code for f in shared.findings] == ["outlook.shared_market"]
    assert large.concentration == pytest.approx(20_000 / 29_900)
    for finding in (*few.findings, *large.findings, *shared.findings):
        assert finding.severity == "warning"
        assert finding.text.zh
        assert finding.limit is not None


@pytest.mark.parametrize("correlation", [0, "0.1"])
def test_hundreds_of_different_deals_agree_by_every_method(correlation: Any) -> None:
    """Series, lattice and formula; the stated bounds are close for independent deals."""
    rng = np.random.default_rng(8)
    amounts = np.rint(np.exp(rng.normal(0, 1, 120)) * 1e5).astype(np.int64)
    chance = rng.choice(STAGES, 120)
    target = int(0.9 * (chance @ amounts))

    found = outlook(chance, amounts, target, correlation=correlation)
    formula = outlook(chance, amounts, target, correlation=correlation, method="saddlepoint")

    assert found.method == "series"
    assert found.probability == pytest.approx(formula.probability, abs=5e-3)
    assert found.stated.low <= found.probability <= found.stated.high
    assert found.independent.high - found.independent.low < 2e-3
    if not correlation:
        lattice = outlook(chance, amounts, target, correlation=0, method="lattice")
        assert lattice.probability == pytest.approx(found.probability, abs=1e-5)


def test_thousands_of_deals_are_taken_in_parts() -> None:
    """More deals times markets than fit at once; a normal sum at its mean is even."""
    deals = 5000
    chance, amounts = np.full(deals, 0.5), 1_000_003 + np.arange(deals) * 7

    found = outlook(chance, amounts, int(amounts.sum() // 2), correlation="0.2")

    assert found.method == "series"
    assert found.probability == pytest.approx(0.5, abs=1e-3)
    assert found.stated.high - found.stated.low < 0.02


def test_both_curves_of_thousands_lie_on_the_same_points() -> None:
    """Independent deals lie close around what is expected, correlated ones far."""
    chance, amounts = np.full(2500, 0.4), 1_000_003 + np.arange(2500) * 11
    found = outlook(chance, amounts, 10**9, correlation="0.1")
    curve = found.distribution()
    spread = {}

    for name, view in (("independent", found.independent), ("stated", found.stated)):
        assert curve[name].sum() == pytest.approx(1, abs=1e-9)
        around = float((curve["amount"] - found.expected) ** 2 @ curve[name])
        spread[name] = around**0.5
        assert spread[name] == pytest.approx(view.deviation, rel=0.03)
    assert spread["stated"] > 8 * spread["independent"]


def test_an_outlook_reads_in_two_languages() -> None:
    """Both views, money in units, and the remarks; chances near 0 and 1 do not look sure."""
    found = outlook([0.5, 0.5], 100_00, 100_00, correlation="0.2", unit=Unit("CNY", 100))

    lines = found.summary().splitlines()
    assert lines[0] == "<Outlook of 2 deals: 71.8% to reach 10,000, by counts>"
    assert lines[1] == "Target 100.00 CNY, expected 100.00 CNY: open."
    assert lines[4].split()[0] == "independent"
    assert lines[4].split()[1] == "75.0%"
    assert "相互独立" in found.summary("zh")
    assert "大数原理不适用" in found.summary("zh")
    rare = outlook([0.001] * 3, 1, 3, correlation=0)
    assert "<0.1%" in repr(rare)
    assert ">99.9%" in repr(outlook([0.9999] * 3, 1, 1, correlation=0))
    assert outlook([1.0], 1, 5, correlation=0).summary().splitlines()[-1].split()[-1] == "-"
    assert found.facts()["findings"] == ["outlook.few_deals", "outlook.concentrated"]


@pytest.mark.parametrize(
    ("changes", "error", "text"),
    [
        ({"probability": [0.5, 1.5]}, SalescoreError, "probability of a deal in row 1"),
        ({"probability": [-0.1, 0.5]}, SalescoreError, "probability of a deal in row 0"),
        ({"probability": [0.5, None]}, MissingValueError, "probability of a deal in row 1"),
        ({"amount": [5, -1]}, SalescoreError, "amount of a deal in row 1: expected >= 0, got -1"),
        ({"amount": [5.0, 1.0]}, SalescoreError, "amount of a deal"),
        ({"amount": -5}, SalescoreError, "amount of a deal"),
        ({"amount": [5]}, ShapeError, "open deals"),
        ({"amount": [2**51, 2**51]}, AmountOverflowError, "amounts of deals"),
        ({"target": 5.0}, SalescoreError, "target"),
        ({"target": -1}, SalescoreError, "target"),
        ({"target": 2**52}, AmountOverflowError, "target"),
        ({"won": 0.5}, SalescoreError, "won"),
        ({"won": 2**60}, AmountOverflowError, "won"),
        ({"correlation": 1}, SalescoreError, "correlation between deals: expected 0 or more"),
        ({"correlation": "-0.1"}, SalescoreError, "correlation between deals"),
        ({"correlation": float("nan")}, MissingValueError, "correlation between deals"),
        ({"method": "magic"}, SalescoreError, "method"),
        ({"method": "counts"}, SalescoreError, "equal amounts"),
    ],
)
def test_what_makes_no_sense_is_an_error(
    changes: dict[str, Any], error: type[Exception], text: str
) -> None:
    """Each says what, where, expected and got."""
    asked: dict[str, Any] = {
        "probability": [0.5, 0.4], "amount": [5, 6], "target": 7, "correlation": 0
    }  # fmt: skip
    asked |= changes
    columns = [asked.pop(name) for name in ("probability", "amount", "target")]

    with pytest.raises(error, match=text):
        outlook(*columns, **asked)


def test_the_correlation_must_be_stated() -> None:
    """There is no default: it decides."""
    call: Any = outlook

    with pytest.raises(TypeError, match="correlation"):
        call([0.5], [1], 1)


def test_a_quantile_above_1_is_an_error_and_parts_fit() -> None:
    """What cannot be is refused."""
    found = outlook([0.5], 3, 3, correlation=0)

    with pytest.raises(SalescoreError, match="chance of a quantile"):
        found.quantile("1.1")
    with pytest.raises(ShapeError, match="outlook"):
        attrs.evolve(found, chance=np.ones(2))


def golden(name: str) -> Any:
    """Read one published case."""
    if not SHARED.exists():
        pytest.skip("the shared cases are not here")
    listed: list[Any] = json.loads(SHARED.read_text(encoding="utf-8"))
    return next(case for case in listed if case["name"] == name)


@pytest.mark.parametrize(
    "name",
    [
        "tsakim_3",
        "tsakim_8",
        "fastpoibin_wolfram",
        "cran_intro_zeros_ones",
        "stackexchange_5",
    ],
)
def test_published_chances_of_wins_are_reproduced(name: str) -> None:
    """The chance of at least k wins less that of k + 1, to the published digits."""
    case = golden(name)
    chance, expected = case["inputs"]["p"], case["expected"]

    def at_least(wins: int) -> float:
        return outlook(chance, 1, max(0, wins), correlation=0).probability

    for k, share in zip(expected["k"], expected["pmf"], strict=True):
        assert at_least(k) - at_least(k + 1) == pytest.approx(share, abs=expected["tol"] + 1e-15)


def test_the_published_pipeline_of_three_deals() -> None:
    """Weighted 66,500 looks like 60,000 is safe; the chance of it is 0.55."""
    found = outlook([0.5, 0.25, 0.8], [40_000, 90_000, 30_000], 60_000, correlation=0)

    assert found.expected == pytest.approx(66_500)
    assert found.probability == pytest.approx(0.55)
