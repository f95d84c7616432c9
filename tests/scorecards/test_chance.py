"""Ranks, limits and shrunken shares say plainly how much of them is luck."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import comb, isnan, prod
from typing import Any

import attrs
import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Text
from salescore.customers import Grade, Scale
from salescore.errors import LabelError, SalescoreError, ShapeError
from salescore.growth import Verdict
from salescore.kernels import rank_bounds
from salescore.scorecards import (
    Area,
    Criterion,
    Facts,
    Funnel,
    Luck,
    Ranks,
    ScorecardPolicy,
    Scorecards,
    Shrunken,
    evaluate,
    funnel,
    luck,
    rank,
    shrink,
)

stats: Any = scipy.stats
DEALS = ScorecardPolicy(
    [Area("results", Text("Results", "业绩"))],
    [
        Criterion("deals", Text("Deals", "成交率"), "results", 60, Scale(0, 1), kind="share"),
        Criterion("late", Text("Late", "迟报率"), "results", 0, Scale(0, 1, "low"), kind="share"),
        Criterion("sales", Text("Sales", "销量"), "results", 40, Scale(0, 1)),
    ],
    [Grade("any", Text("Any", "任意"), 0)],
    least_coverage="0.5",
)
COUNTS = st.lists(
    st.integers(0, 40).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))), max_size=8
)


def cards_of(counts: list[tuple[int, int]], key: str = "deals") -> Scorecards:
    """Judge people by one share."""
    people = [f"p{row}" for row in range(len(counts))]
    done, of = ([count[i] for count in counts] for i in (0, 1))
    return evaluate(Facts.from_columns(people, {key: done}, {key: of}), DEALS)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)).map(sorted), max_size=4))
def test_rank_bounds_are_those_of_all_values_between(pairs: list[list[int]]) -> None:
    """Tried out: every choice of values gives ranks within, and some reach the ends."""
    low, high = (np.array([pair[i] for pair in pairs], dtype=np.float64) for i in (0, 1))
    found = rank_bounds(low, high)

    ranks = [
        [1 + sum(other > value for other in values) for value in values]
        for values in product(*(range(a, b + 1) for a, b in pairs))
    ]
    for row in range(len(pairs)):
        assert found.best[row] == min(each[row] for each in ranks)
        assert found.worst[row] == max(each[row] for each in ranks)


@given(testing.rank_tables())
def test_every_rank_lies_between_its_bounds(found: Ranks) -> None:
    """The largest is first, ties share, who has no value has no rank."""
    some = found.rank > 0
    assert (some == ~np.isnan(found.value)).all()
    assert (found.low[some] <= found.value[some]).all()
    assert (found.value[some] <= found.high[some]).all()
    assert (found.best <= found.rank).all()
    assert (found.rank <= found.worst).all()
    values = found.value[some].tolist()
    assert found.rank[some].tolist() == [1 + sum(o > v for o in values) for v in values]
    assert not found.told[~some].any()
    for person in found.people:
        assert found.sentence(person)
        assert found.sentence(person, "zh")
    testing.check_result(found)


@given(COUNTS)
def test_shares_have_the_bounds_of_clopper_and_pearson(counts: list[tuple[int, int]]) -> None:
    """At a confidence that holds for all together, as scipy gives them."""
    found = rank(cards_of(counts), by="deals")

    people = sum(of > 0 for _, of in counts)
    for row, (done, of) in enumerate(counts):
        if not of:
            assert found.rank[row] == 0
            continue
        interval = stats.binomtest(done, of).proportion_ci(1 - 0.05 / people, "exact")
        assert (found.low[row], found.high[row]) == pytest.approx(tuple(interval), abs=1e-9)


def test_people_who_are_alike_are_seldom_told_apart() -> None:
    """Of 100 tables of twenty alike fewer than 5 % tell anybody from anybody, by share or score."""
    draw = np.random.default_rng(3)
    told = 0
    for _ in range(100):
        cards = cards_of([(int(done), 30) for done in draw.binomial(30, 0.3, 20)])
        told += rank(cards, by="deals").distinguishable
    assert told <= 5


def test_true_ranks_lie_in_their_bounds() -> None:
    """Of 60 tables of people who differ fewer than 5 % have a true rank outside."""
    draw = np.random.default_rng(9)
    true = np.linspace(0.2, 0.7, 8)
    outside = 0
    for _ in range(60):
        cards = cards_of([(int(done), 60) for done in draw.binomial(60, true)])
        found, score = rank(cards, by="deals"), rank(cards)
        own = np.arange(8, 0, -1)
        assert (found.best == score.best).all()  # the score is 100 times the share
        outside += not ((found.best <= own) & (own <= found.worst)).all()
    assert outside <= 3


def test_twenty_alike_look_far_apart() -> None:
    """Thirty deals each at 30 %: best 46 %, worst 15 %; in 56 % of cases 1.5 times the mean."""
    found = luck([30] * 20, "0.3", times="1.5")

    assert (round(found.best, 2), round(found.worst, 2)) == (0.46, 0.15)
    assert round(found.looks_good, 2) == 0.56
    done = [4, 5, 6, 6, 7, 7, 8, 8, 9, 9, 9, 9, 10, 10, 11, 11, 12, 12, 13, 14]
    cards = cards_of([(each, 30) for each in done])
    ranks, limits = rank(cards, by="deals"), funnel(cards, "deals")
    assert not ranks.distinguishable
    assert ranks.text.en == "No rank of the 20 is distinguishable from chance."
    assert ranks.text.zh == "20人的名次均无法区分于偶然。"
    assert ranks.sentence("p19") == "p19: rank 1 of 20, not distinguishable from chance."
    assert ranks.sentence("p19", "zh") == "p19：第1名（共20人），名次无法区分于偶然。"
    assert [finding.code for finding in ranks.findings()] == ["scorecards.ranks_by_chance"]
    assert "the table as a whole is not distinguishable from chance" in limits.text.en
    assert limits.dispersion < 1.2


@settings(max_examples=40)
@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=3),
    st.fractions("1/10", "9/10", max_denominator=10),
    st.fractions(1, 3, max_denominator=4),
)
def test_luck_is_the_mean_over_all_that_can_come_out(
    sizes: list[int], chance: Fraction, times: Fraction
) -> None:
    """Counted outcome by outcome, in exact fractions; the same in any order."""
    found = luck(sizes, chance, times=times)

    best = worst = good = bad = Fraction(0)
    for done in product(*(range(n + 1) for n in sizes)):
        pairs = list(zip(done, sizes, strict=True))
        weight = prod(
            (comb(n, k) * chance**k * (1 - chance) ** (n - k) for k, n in pairs), start=Fraction(1)
        )
        shares = [Fraction(k, n) for k, n in pairs]
        best += weight * max(shares)
        worst += weight * min(shares)
        good += weight * (max(shares) >= chance * times)
        bad += weight * (min(shares) <= chance / times)
    assert found.best == pytest.approx(float(best), abs=1e-12)
    assert found.worst == pytest.approx(float(worst), abs=1e-12)
    assert found.looks_good == pytest.approx(float(good), abs=1e-12)
    assert found.looks_bad == pytest.approx(float(bad), abs=1e-12)
    assert luck(sizes[::-1], chance, times=times) == found


@given(testing.lucks())
def test_luck_can_be_read(found: Luck) -> None:
    """In every form; the best is not below the worst."""
    assert found.worst <= found.best + 1e-12
    assert "仅凭偶然" in found.summary("zh")
    testing.check_result(found)


@given(COUNTS, st.none() | st.fractions("1/20", "19/20", max_denominator=20))
def test_limits_are_the_exact_binomial_ones(
    counts: list[tuple[int, int]], target: Fraction | None
) -> None:
    """Inside is who is passed by both tails, as scipy gives them; the verdict is Holm's."""
    found = funnel(cards_of(counts), "deals", target=target)

    some = [(done, of) for done, of in counts if of]
    total = sum(of for _, of in some)
    line = found.target or 0.0
    assert len(found) == len(some)
    if target is not None:
        assert line == float(target)
    elif some:
        assert line == sum(done for done, _ in some) / total
    chances = list[float]()
    for row, (done, of) in enumerate(some):
        if not 0 < line < 1:
            assert (found.p[row], found.low[row], found.high[row]) == (1, line, line)
            continue
        side = stats.binom(of, line)
        p = min(1, 2 * min(side.cdf(done), side.sf(done - 1)))
        chances.append(p)
        assert found.p[row] == pytest.approx(p, rel=1e-8)
        if abs(p - 0.05) > 1e-9:
            assert bool(found.outside[row]) == (p <= 0.05)
            inside = found.low[row] <= found.rate[row] <= found.high[row]
            assert bool(inside) == (p > 0.05)
    if chances:
        least = min(chances)
        assert found.p_table == pytest.approx(1 - (1 - least) ** len(chances), rel=1e-6)
        first = min(1.0, least * len(chances))
        assert found.p_of_all.min() == pytest.approx(first, rel=1e-6)


@given(testing.chance_funnels())
def test_verdicts_are_rarer_than_limits(found: Funnel) -> None:
    """Who is beyond chance among all lies outside the limits of one; turned round, below."""
    beyond = found.verdict != Verdict.UNDECIDED
    assert (found.p_of_all >= found.p).all()
    assert (found.outside | ~beyond).all()
    assert len(found.findings()) == 1 + beyond.sum()
    assert found.by_chance == pytest.approx(len(found) * (1 - found.confidence))
    assert "无法区分于偶然" in found.text.zh or beyond.any() or not len(found)
    testing.check_result(found)


def test_limits_narrow_as_chances_grow() -> None:
    """Half again as good is nothing in ten deals and much in a thousand."""
    found = funnel(cards_of([(4, 10), (45, 100), (450, 1000), (2700, 9000)]), "deals")

    assert (np.diff(found.high) < 0).all()
    assert (np.diff(found.low) > 0).all()
    assert found.verdict.tolist()[:1] == [Verdict.UNDECIDED]
    assert found.verdict.tolist()[2] == Verdict.MORE
    assert "高于总体" in found.findings()[1].text.zh
    assert "above" in found.summary()


def test_people_on_target_are_seldom_called_out() -> None:
    """Of 100 tables of twenty on target fewer than 5 % call anybody out."""
    draw = np.random.default_rng(12)
    called = 0
    for _ in range(100):
        cards = cards_of([(int(done), 30) for done in draw.binomial(30, 0.3, 20)])
        called += bool((funnel(cards, "deals", target="0.3").verdict != Verdict.UNDECIDED).any())
    assert called <= 5


def test_what_is_no_share_is_taken_as_it_is() -> None:
    """Bounds of the score allow for the luck of shares alone, and say so."""
    facts = Facts.from_columns(
        ["Li", "Wang"],
        {"deals": [10, 12], "sales": [50, 90], "late": [1, 2]},
        {"deals": [30, 30], "sales": [100, 100], "late": [9, 9]},
    )
    found = rank(evaluate(facts, DEALS))

    assert (found.chance_weight, found.total) == (60, 100)
    low, high = (found.value - found.low), (found.high - found.value)
    assert (low > 0).all()
    assert (high > 0).all()
    codes = [finding.code for finding in found.findings()]
    assert codes == ["scorecards.ranks_by_chance", "scorecards.luck_unknown"]
    sales = Facts.from_columns(["a", "b", "c"], {"sales": [5, 9, 9]}, {"sales": [9, 9, 9]})
    loose = attrs.evolve(DEALS, least_coverage="0.1")
    told = rank(evaluate(sales, loose))
    assert told.rank.tolist() == [3, 1, 1]
    assert told.text.en.startswith("Each of the 3 can be told")
    assert told.sentence("a") == "a: rank 3 of 3."
    assert told.sentence("b") == "b: rank 1 of 3."


def test_who_is_not_known_has_no_rank() -> None:
    """Too little known, nobody to compare, nobody at all."""
    some = cards_of([(3, 9), (0, 0)])
    found = rank(some, by="deals")
    assert found.sentence("p1") == "p1: no rank, too little is known."
    assert found.sentence("p0") == "p0: nobody to be held against."
    assert found.text.en == "Nobody to be compared."
    assert found.findings() == ()
    with pytest.raises(LabelError, match="person: expected one of the people, got 'x'"):
        found.sentence("x")
    nobody = cards_of([])
    assert len(rank(nobody)) == len(rank(nobody, by="deals")) == 0
    assert funnel(nobody, "deals").target is None
    assert funnel(nobody, "deals").text.zh == "没有可比较的人。"
    assert isnan(funnel(some, "deals").dispersion)
    assert len(funnel(some, "late")) == 0
    assert len(shrink(nobody, "deals")) == 0


def test_some_can_be_told_and_others_not() -> None:
    """One far ahead of the rest: the others' ranks among themselves are chance."""
    found = rank(cards_of([(90, 100), (30, 100), (33, 100)]), by="deals")

    assert found.best.tolist() == [1, 2, 2]
    assert found.sentence("p2") == "p2: rank 2 of 3, by chance anywhere from 2 to 3."
    mixed = rank(cards_of([(90, 100), (30, 100), (1, 2)]), by="deals")
    assert mixed.text.en.startswith("2 of 3 can be told from somebody else")
    assert mixed.findings()[0].severity == "info"
    assert "其余1人" in mixed.text.zh
    assert "people by deals" in mixed.summary("zh")


@given(testing.shrunken_shares())
def test_shrunken_shares_lie_between_own_and_mean(found: Shrunken) -> None:
    """Nearer to their own the more chances they are made of."""
    if len(found):
        ends = np.sort([found.raw, np.full(len(found), found.mean)], axis=0)
        assert (ends[0] - 1e-12 <= found.rate).all()
        assert (found.rate <= ends[1] + 1e-12).all()
        order = np.argsort(found.of, kind="stable")
        assert (np.diff(found.own[order]) >= 0).all()
    assert 0 <= found.rho <= 1
    testing.check_result(found)


def test_shrinking_misses_the_truth_by_less() -> None:
    """Over 200 people with few deals each: the mean square is less than two thirds."""
    draw = np.random.default_rng(21)
    true = draw.beta(6, 14, 200)
    of = draw.integers(5, 40, 200)
    cards = cards_of(list(zip(draw.binomial(of, true).tolist(), of.tolist(), strict=True)))

    found = shrink(cards, "deals")

    raw, less = ((found.raw - true) ** 2).mean(), ((found.rate - true) ** 2).mean()
    assert less < raw * 2 / 3
    alike = shrink(cards_of([(3, 10)] * 5), "deals")
    assert (alike.rho, alike.rate.tolist()) == (0, [0.3] * 5)
    assert "收缩后" in found.summary("zh")
    assert shrink(cards_of([(0, 4), (0, 4)]), "deals").rate.tolist() == [0, 0]
    # The beta-binomial mean a posteriori.
    prior = (1 - found.rho) / found.rho
    expected = (found.done + prior * found.mean) / (found.of + prior)
    assert found.rate.tolist() == pytest.approx(expected.tolist(), abs=1e-12)


def test_bad_questions_are_refused() -> None:
    """Unknown criteria, ratios, targets, confidences and luck that makes no sense."""
    cards = cards_of([(3, 9), (4, 9)])
    with pytest.raises(LabelError, match="criterion: expected one of deals, late, sales"):
        rank(cards, by="luck")
    with pytest.raises(SalescoreError, match="criterion to rank by: expected a share"):
        rank(cards, by="sales")
    with pytest.raises(SalescoreError, match="criterion of a funnel"):
        funnel(cards, "sales")
    with pytest.raises(SalescoreError, match="criterion to shrink"):
        shrink(cards, "sales")
    for wrong in (0, 1):
        with pytest.raises(SalescoreError, match="confidence: expected above 0 and below 1"):
            rank(cards, confidence=wrong)
        with pytest.raises(SalescoreError, match="target: expected above 0 and below 1"):
            funnel(cards, "deals", target=wrong)
        with pytest.raises(SalescoreError, match="chance: expected above 0 and below 1"):
            luck([3], wrong)
    with pytest.raises(SalescoreError, match="times: expected at least 1"):
        luck([3], 0.5, times="0.9")
    for sizes in ([], [0]):
        with pytest.raises(SalescoreError, match="chances of people: expected at least 1 each"):
            luck(sizes, 0.5)
    with pytest.raises(SalescoreError, match="different sizes that add up to less than"):
        luck([2_000_000], 0.5)
    for value in (rank(cards), funnel(cards, "deals"), shrink(cards, "deals")):
        wrong_part: Any = {"people": ["x"]}
        with pytest.raises(ShapeError):
            attrs.evolve(value, **wrong_part)


def test_a_hundred_thousand_people_are_judged_at_once() -> None:
    """Different pairs of counts are worked out once; ranks and limits hold for all."""
    draw = np.random.default_rng(2)
    of = draw.integers(1, 60, 100_000)
    facts = Facts.from_columns(range(100_000), {"deals": draw.binomial(of, 0.3)}, {"deals": of})
    cards = evaluate(facts, DEALS)

    assert rank(cards, by="deals").ranked == 100_000
    found = funnel(cards, "deals")
    assert found.outside.sum() <= found.by_chance
    assert not found.findings()[0].code.endswith("beyond_chance")
    assert shrink(cards, "deals").rho < 0.01
