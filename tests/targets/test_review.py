"""A review finds what is unreasonable or unchallenging in a plan, with cell, number and limit."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import combinations, pairwise
from statistics import median
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Axis, Cells, Finding, Unit
from salescore.errors import LabelError, MissingValueError, SalescoreError, UnitError
from salescore.targets import Review, ReviewPolicy, allocate, review
from salescore.targets._fairness import concordance

CNY = Unit("CNY", 100)
SIGMA = Fraction("1.4826")
PEOPLE = ["He", "Li", "Sun", "Wu", "Xu", "Zhu"]
Row = tuple[str, str, Any, Any, int]


def by_rep(amounts: dict[str, int], **options: Any) -> Cells:
    """Make cells of one axis."""
    return Cells.from_columns({"rep": list(amounts)}, list(amounts.values()), **options)


def past(amounts: dict[str, list[int]], **options: Any) -> Cells:
    """Make past amounts: for each person one amount a year."""
    rows = [(rep, 2020 + i, x) for rep, row in amounts.items() for i, x in enumerate(row)]
    columns: dict[str, list[Any]] = {
        "rep": [rep for rep, _, _ in rows],
        "year": [year for _, year, _ in rows],
    }
    return Cells.from_columns(columns, [x for _, _, x in rows], **options)


def rows(found: Review, *codes: str) -> list[Row]:
    """List findings of some codes with their money at stake, in any order."""
    pairs = zip(found.findings, found.at_stake, strict=True)
    return sorted(
        (each.code, str(each.where), each.measured, each.limit, stake)
        for each, stake in pairs
        if not codes or each.code.removeprefix("review.") in codes
    )


def up(number: Fraction) -> int:
    """Round up to a whole unit."""
    return -(-number.numerator // number.denominator)


amounts = st.integers(0, 30) | st.integers(-(10**6), 10**6) | st.integers(-(10**15), 10**15)


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Draw a plan and a past of a few people over one to six years."""
    years = draw(st.integers(1, 6))
    course = st.lists(amounts, min_size=years, max_size=years)
    plan = draw(st.dictionaries(st.sampled_from(PEOPLE), amounts, max_size=6))
    return plan, draw(st.dictionaries(st.sampled_from(PEOPLE), course, min_size=1, max_size=6))


def growth_oracle(
    plan: dict[str, int], course: dict[str, list[int]], policy: ReviewPolicy
) -> list[Row]:
    """Judge person by person, in fractions."""
    years = len(next(iter(course.values())))
    found: list[Row] = []
    whole = sum(row[-1] for row in course.values())
    for rep in sorted({*plan, *course}):
        target, row = plan.get(rep, 0), course.get(rep, [0] * years)
        where = str((("rep", rep),))
        if not any(row):
            if target:
                found.append(("review.no_basis", where, target, 0, abs(target)))
        elif not target and policy.better == "up":
            least = up(policy.limit("dropped") * whole)
            if row[-1] >= max(least, 1):
                found.append(("review.dropped", where, row[-1], least, row[-1]))
        elif years >= policy.least_periods:
            found += spread_oracle(target, row, where, policy)
        elif row[-1]:
            found += rate_oracle(target, row[-1], where, policy)
    return sorted(found)


def spread_oracle(target: int, row: list[int], where: str, policy: ReviewPolicy) -> list[Row]:
    """Hold the required change against median and spread of the past changes."""
    changes = [Fraction(b - a) for a, b in pairwise(row)]
    usual = median(changes)
    deviation = median(abs(change - usual) for change in changes)
    spread = max(SIGMA * deviation, policy.limit("slack") * max(map(abs, row)))
    way = 1 if policy.better == "up" else -1
    score = way * (target - row[-1] - usual) / spread
    if score > policy.limit("hard"):
        stake = up((score - policy.limit("hard")) * spread)
        if score > policy.limit("out_of_reach"):
            limit = policy.limit("out_of_reach")
            return [("review.out_of_reach", where, way * score, way * limit, stake)]
        return [("review.too_hard", where, way * score, way * policy.limit("hard"), stake)]
    if -score > policy.limit("easy"):
        stake = up((-score - policy.limit("easy")) * spread)
        return [("review.too_easy", where, way * score, -way * policy.limit("easy"), stake)]
    return []


def rate_oracle(target: int, last: int, where: str, policy: ReviewPolicy) -> list[Row]:
    """Hold plain growth on the last period against the fixed limit."""
    way = 1 if policy.better == "up" else -1
    growth, limit = way * Fraction(target - last, abs(last)), policy.limit("growth")
    if growth > limit:
        stake = up((growth - limit) * abs(last))
        return [("review.too_hard", where, way * growth, way * limit, stake)]
    if growth < 0:
        return [("review.too_easy", where, way * growth, Fraction(0), abs(last - target))]
    return []


@given(cases(), testing.review_policies())
def test_growth_is_judged_as_person_by_person(
    case: tuple[dict[str, int], dict[str, list[int]]], policy: ReviewPolicy
) -> None:
    """Codes, figures, limits and money are those of exact scalar arithmetic."""
    plan, course = case

    found = review(by_rep(plan), past(course), policy)

    codes = ("no_basis", "dropped", "too_hard", "too_easy", "out_of_reach")
    assert rows(found, *codes) == growth_oracle(plan, course, policy)
    short = rows(found, "short_history")
    assert bool(short) == (len(next(iter(course.values()))) < policy.least_periods)


@given(cases(), st.randoms(use_true_random=False))
def test_findings_are_ranked_by_money_whatever_the_order_of_rows(
    case: tuple[dict[str, int], dict[str, list[int]]], random: Any
) -> None:
    """The most money at stake comes first, ties in order of place and code; all is kept."""
    plan, course = case
    names = list(plan)
    random.shuffle(names)

    one = review(by_rep(plan), past(course), people="rep", concentration=["rep"])
    other = review(
        by_rep({name: plan[name] for name in names}),
        past(dict(reversed(course.items()))),
        people="rep",
        concentration=["rep"],
    )

    assert one.same_as(other)
    keys = [
        (-stake, each.where, each.code)
        for each, stake in zip(one.findings, one.at_stake, strict=True)
    ]
    assert keys == sorted(keys)
    assert one.ok == all(each.severity == "info" for each in one.findings)
    assert sum(one.counts.values()) == len(one.findings)


def fairness_oracle(
    plan: dict[str, int], course: dict[str, list[int]], policy: ReviewPolicy
) -> list[Row]:
    """Compare people pair by pair, in fractions."""
    reps = [rep for rep in sorted(course) if course[rep][-1] > 0]
    last, target = [course[rep][-1] for rep in reps], [plan.get(rep, 0) for rep in reps]
    n, where, found = len(reps), str((("rep", "*"),)), list[tuple[str, Fraction, Fraction]]()
    if not n:
        return []
    growth = [Fraction(t, b) for t, b in zip(target, last, strict=True)]
    signs = [
        np.sign(last[i] - last[j]) * np.sign(float(growth[i] > growth[j]) - (growth[i] < growth[j]))
        for i, j in combinations(range(n), 2)
    ]
    score = Fraction(int(sum(signs)))
    if n > 1 and score**2 > 4 * Fraction(n * (n - 1) * (2 * n + 5), 18):
        tau = score / len(signs)
        if abs(tau) > policy.limit("correlation"):
            found.append(("growth_by_size", tau, policy.limit("correlation")))
    way = 1 if policy.better == "up" else -1
    best = [max(course[rep]) if way > 0 else min(course[rep]) for rep in reps]
    reach = 1 + way * policy.limit("stretch")
    beyond = Fraction(sum(way * t > way * b * reach for t, b in zip(target, best, strict=True)), n)
    if beyond > policy.limit("beyond"):
        found.append(("beyond_reach", beyond, policy.limit("beyond")))
    team = Fraction(sum(target), sum(last))
    near = Fraction(sum(abs(g - team) <= policy.limit("band") * abs(team) for g in growth), n)
    if near < policy.limit("within"):
        found.append(("uneven_growth", near, policy.limit("within")))
    if len(course[reps[0]]) >= policy.least_periods:
        met = [
            way * (b - a) >= way * (t - row[-1])
            for t, row in zip(target, (course[rep] for rep in reps), strict=True)
            for a, b in pairwise(row)
        ]
        share = Fraction(sum(met), len(met))
        if share < policy.limit("quota_low"):
            found.append(("few_would_meet", share, policy.limit("quota_low")))
        if share > policy.limit("quota_high"):
            found.append(("most_would_meet", share, policy.limit("quota_high")))
    uneven = sum(max(t - b * team, Fraction(0)) for t, b in zip(target, last, strict=True))
    stake = uneven.numerator // uneven.denominator if found else 0
    return sorted((f"review.{code}", where, one, two, stake) for code, one, two in found)


@given(cases(), testing.review_policies())
def test_fairness_is_judged_as_pair_by_pair(
    case: tuple[dict[str, int], dict[str, list[int]]], policy: ReviewPolicy
) -> None:
    """Correlation, reach, band and the share that would meet their target are exact."""
    plan, course = case

    found = review(by_rep(plan), past(course), policy, people="rep")

    codes = ("growth_by_size", "beyond_reach", "uneven_growth", "few_would_meet", "most_would_meet")
    assert rows(found, *codes) == fairness_oracle(plan, course, policy)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=40))
def test_the_score_of_concordance_is_kendalls(pairs: list[tuple[int, int]]) -> None:
    """Pairs in the same order less pairs in opposite order; ties count as neither."""
    one, other = (np.array([pair[i] for pair in pairs], dtype=np.int64) for i in (0, 1))

    expected = sum(
        int(np.sign(a[0] - b[0])) * int(np.sign(a[1] - b[1])) for a, b in combinations(pairs, 2)
    )

    assert concordance(one, other) == expected


def test_larger_territories_with_more_growth_are_unfair() -> None:
    """Growth in step with size is found; equal growth for all is not."""
    course = {rep: [100 * (i + 1)] * 4 for i, rep in enumerate(PEOPLE)}
    steeper = {rep: row[-1] * (100 + 5 * i) // 100 for i, (rep, row) in enumerate(course.items())}
    equal = {rep: row[-1] * 11 // 10 for rep, row in course.items()}

    found, fair = (review(by_rep(plan), past(course), people="rep") for plan in (steeper, equal))

    (tau,) = rows(found, "growth_by_size")
    assert tau[2:4] == (Fraction(1), Fraction(3, 10))
    assert "大区域" in found.summary("zh")
    assert not rows(fair, "growth_by_size", "uneven_growth", "beyond_reach")


def test_fewer_returns_are_the_harder_target() -> None:
    """Where less is better a target far below what is usual is out of reach, zero above all."""
    course = past({"Li": [100, 110, 105, 108], "Wu": [100, 98, 101, 99], "Xu": [50, 52, 51, 50]})
    plan = by_rep({"Li": 20, "Wu": 140, "Xu": 0})

    found = review(plan, course, ReviewPolicy(better="down"))

    told = {dict(each.where)["rep"]: each.code for each in found.findings}
    assert told == {
        "Li": "review.out_of_reach",
        "Wu": "review.too_easy",
        "Xu": "review.out_of_reach",
    }


def test_asking_small_territories_for_more_reduction_is_unfair() -> None:
    """Where less is better the words speak of reduction, and of the best as the least."""
    reps = [f"R{i:02d}" for i in range(20)]
    course = past({rep: [100 * (i + 1)] * 5 for i, rep in enumerate(reps)})
    plan = by_rep({rep: 5 * (i + 1) * (i + 1) for i, rep in enumerate(reps)})

    found = review(plan, course, ReviewPolicy(better="down"), people="rep")

    told = {each.code: str(each.text) for each in found.findings}
    assert told["review.growth_by_size"].startswith("Smaller territories are asked for more red")
    assert "below the best they ever did" in told["review.beyond_reach"]


def test_people_without_a_past_are_told_and_left_out() -> None:
    """A new salesperson spoils no measure, and is not passed over in silence."""
    found = review(by_rep({"Li": 11, "New": 50}), past({"Li": [10]}), people="rep")
    nobody = review(by_rep({"New": 50}), past({"Li": [0]}), people="rep")

    assert rows(found, "no_past") == [("review.no_past", "(('rep', '*'),)", 1, 0, 0)]
    assert not rows(found, "uneven_growth")
    assert nobody.counts == {"review.no_basis": 1, "review.no_past": 1, "review.short_history": 1}


def test_a_target_out_of_reach_and_one_too_easy_are_found() -> None:
    """Past changes of about 10: 3 more is fine, 60 is out of reach, none at all too easy."""
    years = [100, 110, 118, 130, 141]
    course = {"He": years, "Li": years, "Wu": years}

    found = review(by_rep({"He": 154, "Li": 201, "Wu": 120}, unit=CNY), past(course, unit=CNY))

    assert found.counts == {"review.out_of_reach": 1, "review.too_easy": 1}
    worst = found.findings[0]
    assert (worst.severity, worst.where) == ("critical", (("rep", "Li"),))
    assert worst.text.en == (
        "2.01 CNY asks for a change of 0.60 CNY on the last period; "
        "usual is 0.10 CNY, give or take 0.07 CNY."
    )
    assert repr(found) == "<Review of 4.75 CNY: 1 critical, 1 warning, 0 info>"
    assert not found.ok


def test_a_quiet_history_does_not_make_one_unit_a_finding() -> None:
    """Where nothing ever changed, the spread is the slack of the policy."""
    course = past({"Li": [1000] * 5})

    targets = {949: "too_easy", 950: "", 1100: "", 1101: "too_hard", 1175: "too_hard"}
    targets[1176] = "out_of_reach"
    for target, code in targets.items():
        expected = {f"review.{code}": 1} if code else {}
        assert review(by_rep({"Li": target}), course).counts == expected


def test_every_level_is_looked_at() -> None:
    """Axes that plan and history share are tested one by one, with those they are nested in."""
    columns = {"city": ["Shanghai", "Hangzhou"] * 4, "region": ["East"] * 8}
    columns |= {"month": [f"{year}-01" for year in (2020, 2021, 2022, 2023) for _ in (0, 1)]}
    columns |= {"year": [month[:4] for month in columns["month"]]}
    nested = {"city": "region", "month": "year"}
    history = Cells.from_columns(columns, [10] * 8, nested=nested)
    plan = Cells.from_columns(
        {"city": ["Shanghai", "Hangzhou"], "region": ["East"] * 2, "month": ["2024-01"] * 2},
        [40, 5],
        nested={"city": "region"},
    )

    found = review(plan, history)
    together = review(plan, history, by=[("region", "city"), "region", ()])

    places = {str(each.where): each.code for each in found.findings}
    assert places == {
        "(('city', 'Shanghai'),)": "review.out_of_reach",
        "(('city', 'Hangzhou'),)": "review.too_easy",
        "(('region', 'East'),)": "review.out_of_reach",
    }
    assert {str(each.where) for each in together.findings} == {
        "(('region', 'East'), ('city', 'Shanghai'))",
        "(('region', 'East'), ('city', 'Hangzhou'))",
        "(('region', 'East'),)",
        "()",
    }


def test_a_whole_without_axes_is_reviewed() -> None:
    """A plan of one number is held against the totals of the years."""
    plan = by_rep({"Li": 200}).by()
    history = Cells.from_columns({"year": [2022, 2023]}, [90, 100])

    found = review(plan, history)

    assert rows(found, "too_hard") == [("review.too_hard", "()", Fraction(1), Fraction(1, 2), 50)]


ceilings = st.dictionaries(st.sampled_from(PEOPLE), st.integers(-5, 40) | amounts, max_size=6)


@given(ceilings, ceilings, st.fractions(0, 2, max_denominator=12))
def test_what_exceeds_a_ceiling_is_found(
    plan: dict[str, int], most: dict[str, int], part: Fraction
) -> None:
    """Capacity and market are limits only where they are named; the excess is at stake."""
    policy = ReviewPolicy(capacity=str(part), market=str(part))
    none = past({"Li": [0]})

    found = review(by_rep(plan), none, policy, capacity=by_rep(most), market=by_rep(most))

    expected = [
        (rep, Fraction(plan.get(rep, 0), size) if size > 0 else "nothing there", up(over))
        for rep, size in most.items()
        if (over := plan.get(rep, 0) - part * size) > 0
    ]
    for name in ("above_capacity", "above_market"):
        assert rows(found, name) == sorted(
            (f"review.{name}", str((("rep", rep),)), measured, part, stake)
            for rep, measured, stake in expected
        )


@given(ceilings, ceilings)
def test_levels_that_do_not_add_up_are_found(plan: dict[str, int], own: dict[str, int]) -> None:
    """A target that was stated apart must be the sum of its parts."""
    found = review(by_rep(plan), past({"Li": [0]}), stated=[by_rep(own)])

    assert rows(found, "differs") == sorted(
        ("review.differs", str((("rep", rep),)), plan.get(rep, 0), x, abs(plan.get(rep, 0) - x))
        for rep, x in own.items()
        if plan.get(rep, 0) != x
    )


def test_a_managers_target_is_held_against_the_people() -> None:
    """The parts may stand on a finer axis than the target."""
    columns = {"rep": ["Li", "Wu", "He"], "manager": ["Mo", "Mo", "Ni"]}
    plan = Cells.from_columns(columns, [50, 60, 30], nested={"rep": "manager"})
    managers = Cells.from_columns({"manager": ["Mo", "Ni"]}, [100, 30])

    found = review(plan, past({"Li": [50], "Wu": [60], "He": [30]}), stated=[managers])

    assert rows(found, "differs") == [("review.differs", "(('manager', 'Mo'),)", 110, 100, 10)]


@given(st.lists(st.fractions(0, 1, max_denominator=10), max_size=4), st.integers(-(10**9), 10**9))
def test_buffers_compound(buffers: list[Fraction], total: int) -> None:
    """Ten percent at each of three levels is a third more."""
    found = review(by_rep({"Li": total}), past({"Li": [0]}), buffers=buffers)

    factor = Fraction(1)
    for each in buffers:
        factor *= 1 + each
    limit = Fraction(1, 5)
    stake = up(abs(total) * (factor - 1 - limit) / factor)
    expected = [("review.buffer", "()", factor - 1, limit, stake)] if factor - 1 > limit else []
    assert rows(found, "buffer") == expected


@given(
    st.dictionaries(st.integers(0, 99), st.integers(-5, 50) | st.integers(0, 10**15), max_size=9),
    testing.review_policies(),
)
def test_concentration_is_exact(plan: dict[int, int], policy: ReviewPolicy) -> None:
    """Share of the largest and sum of squared shares; not told where it cannot be kept."""
    cells = Cells.from_columns({"customer": list(plan)}, list(plan.values()))
    history = Cells.from_columns({"customer": [0], "year": [1]}, [0])

    found = review(cells, history, policy, concentration=["customer"])

    sizes = sorted((size for size in plan.values() if size > 0), reverse=True)
    whole, expected = sum(sizes), list[Row]()
    where, top = str((("customer", "*"),)), policy.limit("top_share")
    if len(sizes) > policy.top and (held := Fraction(sum(sizes[: policy.top]), whole)) > top:
        stake = up((held - top) * whole)
        expected.append(("review.top_share", where, held, top, stake))
    index = sum((Fraction(size, whole) ** 2 for size in sizes), start=Fraction(0))
    limit = policy.limit("herfindahl")
    if index > limit and len(sizes) * limit > 1:
        expected.append(
            ("review.concentrated", where, index, limit, up(whole * (1 - limit / index)))
        )
    assert rows(found, "top_share", "concentrated") == sorted(expected)


def test_four_customers_cannot_be_spread_wider_than_a_quarter_each() -> None:
    """Unequal shares of so few are no finding; one customer who holds most is."""
    few, many = (
        {str(i): x for i, x in enumerate(sizes)} for sizes in ([4, 3, 2, 1], [9] + [1] * 9)
    )
    none = past({"0": [0]})

    even = review(by_rep({str(i): 1 for i in range(10)}), none, concentration=["rep"])
    assert set(even.counts) == {"review.no_basis", "review.short_history"}
    concentrated = [
        review(by_rep(plan), none, concentration=["rep"]).counts.get("review.concentrated")
        for plan in (few, many)
    ]

    assert concentrated == [None, 1]


def test_a_plan_of_a_target_is_reviewed() -> None:
    """What `allocate` gives is taken as it is."""
    plan = allocate(1_320, by_rep({"Li": 700, "Wu": 500}))

    found = review(plan, past({"Li": [700], "Wu": [500]}), ReviewPolicy(least_periods=2))

    assert found.counts == {"review.short_history": 1}
    assert found.ok
    assert found.total == 1_320
    testing.check_result(found)


def test_no_history_at_all_is_told() -> None:
    """Every target is without a basis then."""
    none = Cells.from_columns({"rep": [], "year": []}, [])

    found = review(by_rep({"Li": 5}), none, people="rep")

    assert found.counts == {"review.no_basis": 1, "review.no_past": 1, "review.short_history": 1}


def test_a_review_can_be_read_in_both_languages() -> None:
    """Tables, columns and facts say the same."""
    course = past({"Li": [100, 110, 118, 130]})
    found = review(by_rep({"Li": 300}), course, capacity=by_rep({"Li": 200}))

    assert "程度" in found.summary("zh")
    assert "out of" not in found.summary()
    assert found.to_columns()["limit"].tolist() == [3.5, 1.0]
    assert found.to_dict()["counts"] == {"review.above_capacity": 1, "review.out_of_reach": 1}
    testing.check_result(found)


def test_a_policy_is_plain_data() -> None:
    """Numbers are read exactly as written, and come back through JSON."""
    policy = ReviewPolicy(hard="2.5", top_share="0.1")

    again = ReviewPolicy(**json.loads(json.dumps(attrs.asdict(policy))))

    assert again == policy
    assert policy.limit("top_share") == Fraction(1, 10)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"hard": -1}, SalescoreError, "limit of a review policy: expected a number >= 0, got -1"),
        ({"easy": "nan"}, SalescoreError, "limit of a review policy: expected a number >= 0"),
        ({"growth": float("nan")}, MissingValueError, "limit of a review policy"),
        ({"slack": 0}, SalescoreError, "slack of a review policy: expected a number > 0, got 0"),
        ({"least_periods": 1}, SalescoreError, "least_periods of a review policy"),
        ({"top": 0}, SalescoreError, "top of a review policy"),
        ({"hard": 4}, SalescoreError, "hard and out_of_reach of a review policy: .* got 4 and 7/2"),
        ({"quota_low": 1}, SalescoreError, "quota_low and quota_high of a review policy"),
    ],
)
def test_policies_that_make_no_sense_are_refused(
    change: Any, error: type[SalescoreError], message: str
) -> None:
    """Each says what was expected."""
    with pytest.raises(error, match=message):
        ReviewPolicy(**change)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"history": past({"Li": [1]}, unit=CNY)}, UnitError, "unit of history: expected ''"),
        ({"period": "month"}, LabelError, "axis in cells: expected one of .*, got 'month'"),
        ({"by": ["team"]}, LabelError, "axis to look at: expected one of .*'rep'.*, got 'team'"),
        ({"by": ["year"]}, LabelError, "axis to look at: expected axes that are not nested with"),
        ({"people": "team"}, LabelError, "axis in cells: expected one of .*, got 'team'"),
        ({"capacity": by_rep({"Li": 1}, unit=CNY)}, UnitError, "unit of capacity"),
        ({"buffers": [-1]}, SalescoreError, "buffer: expected a number >= 0, got -1"),
    ],
)
def test_what_cannot_be_reviewed_is_refused(
    change: Any, error: type[SalescoreError], message: str
) -> None:
    """Each says what was expected."""
    plan = Cells.from_columns({"rep": ["Li"], "year": [2025]}, [1])
    arguments = {"history": past({"Li": [1]})} | change

    with pytest.raises(error, match=message):
        review(plan, arguments.pop("history"), **arguments)


def test_a_review_has_one_amount_for_each_finding() -> None:
    """The constructor refuses parts that do not fit."""
    found = review(by_rep({"Li": 5}), past({"Li": [0]}))
    finding: Finding = found.findings[0]

    with pytest.raises(SalescoreError, match="lengths of the columns in a review"):
        Review([finding], [], 5, CNY)
    with pytest.raises(SalescoreError, match="amount at stake: expected a whole number >= 0"):
        Review([finding], [-1], 5, CNY)


def test_axes_of_history_may_have_other_labels() -> None:
    """Labels of either side are kept, in ascending order."""
    plan = by_rep({"Wu": 10}, axes=[Axis("rep", ["Wu", "Li"])])

    found = review(plan, past({"He": [10]}))

    assert found.counts == {
        "review.dropped": 1,
        "review.no_basis": 1,
        "review.short_history": 1,
    }
