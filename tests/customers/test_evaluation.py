"""A month is judged by its facts alone, exactly, and so is its change against another month."""

from __future__ import annotations

import json
from fractions import Fraction
from math import ceil, floor, nan
from typing import Any

import attrs
import numpy as np
import pandas as pd
import pytest
from cattrs.preconf.json import make_converter
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import Text
from salescore.customers import (
    MONTHLY_EVALUATION,
    Criterion,
    Evaluation,
    Fact,
    Grade,
    Measure,
    Missing,
    MonthlyCard,
    MonthlyPolicy,
    Scale,
    change,
    compare_months,
    evaluate,
    score,
)
from salescore.errors import (
    AmountOverflowError,
    LabelError,
    MissingValueError,
    SalescoreError,
    ShapeError,
)
from salescore.testing._cards import evaluations, facts_of, monthly_policies
from salescore.typing import Label
from tests.customers.strategies import part

KEYS = [fact.key for fact in MONTHLY_EVALUATION.facts]
RULE: Missing = "renormalise"
CONVERTER = make_converter()
CONVERTER.register_structure_hook(Label, lambda value, _: value)
CONVERTER.register_structure_hook(Missing, lambda value, _: value)


def month_of(**facts: Any) -> dict[str, Any]:
    """Give a month in which all went well, but for some facts."""
    well: dict[str, Any] = {key: [100, 100] for key in KEYS}
    well |= {"overdue": [0, 0], "complaints": [0, 0], "price_violations": [0, 0]}
    return {**well, **facts}


def policy_of(*measures: Measure, **options: Any) -> MonthlyPolicy:
    """Give a policy of three facts, that every gap leaves something of."""
    facts = [Fact("a", Text("A", "甲"), least=None), Fact("b", Text("B")), Fact("c", Text("C"))]
    weights = sum(measure.criterion.weight for measure in measures)
    given: dict[str, Any] = {"least_known": 1, "total": weights, **options}
    return MonthlyPolicy(facts, measures, [Grade("any", Text("Any"), 0)], **given)


def plain(scale: Scale, rule: Missing = RULE, *, per: str | None = None) -> Measure:
    """Give a measure of the fact a."""
    return Measure(Criterion("m", Text("M"), 1, scale, rule), "a", per)


def judged(policy: MonthlyPolicy, facts: dict[str, Any], row: int) -> dict[str, Fraction | None]:
    """Give the marks of one customer, in fractions as the rules are written: the oracle."""
    marks: dict[str, Fraction | None] = {}
    for measure in policy.measures:
        of, per = facts[measure.of][row], 1 if measure.per is None else facts[measure.per][row]
        scale, rule, value = measure.criterion.scale, None, 0
        if of is None or per is None:
            rule = measure.criterion.missing
        elif per == 0:
            rule = measure.no_base
        elif measure.per is None:
            value = of
        else:
            exact = Fraction(of * 10_000, per)
            value = floor(exact) if scale.better == "high" else ceil(exact)
        if rule is not None:
            value = int(scale.worst) if isinstance(rule, str) else int(rule)
        marks[measure.key] = None if rule == "renormalise" else part(scale, value)
    return marks


def points_of(policy: MonthlyPolicy, facts: dict[str, Any], row: int) -> dict[str, Fraction]:
    """Give what each measure gave to one customer [points]: the oracle."""
    marks, weights = judged(policy, facts, row), policy.scoring.weights
    weight = sum(weights[key] for key, mark in marks.items() if mark is not None)
    return {
        key: Fraction(100 * weights[key], weight or 1) * (mark or 0) for key, mark in marks.items()
    }


@given(monthly_policies(), st.integers(0, 5), st.data())
def test_a_score_is_the_weighted_marks_of_what_is_known(
    policy: MonthlyPolicy, n: int, data: st.DataObject
) -> None:
    """Exactly, in fractions; parts of the card add up to it; the grade follows."""
    facts = data.draw(facts_of(policy, n))
    found = evaluate(facts, policy, month="2026-03")
    weights = policy.scoring.weights
    for row in range(n):
        marks, points = judged(policy, facts, row), points_of(policy, facts, row)
        known = sum(weights[key] for key, mark in marks.items() if mark is not None)
        card, total = found.card(row), sum(points.values())

        assert found.weight[row] == known
        if known < policy.least_known:
            assert (found.exact(row), card.score, found.grade[row]) == (None, None, -1)
            assert np.isnan(found.score[row])
            continue
        assert found.exact(row) == card.score == total
        assert 0 <= total <= 100
        assert found.score[row] == pytest.approx(float(total), abs=1e-9)
        lines = [place for place, grade in enumerate(policy.grades) if total >= grade.line]
        assert found.grade[row] == lines[0]
        assert card.denominator
        for each in card.parts:
            assert Fraction(each.points, card.denominator) == points[each.key]


@given(evaluations(), st.data())
def test_no_score_depends_on_other_customers(found: Evaluation, data: st.DataObject) -> None:
    """Any order and any choice of customers leaves every score the same, bit for bit."""
    rows = data.draw(st.lists(st.integers(0, len(found) - 1))) if len(found) else []
    values = [column[rows] for column in found.recorded]
    known = [column[rows] for column in found.known]
    again = Evaluation(found.policy, found.month, values, known)

    assert again.score.tobytes() == found.score[rows].tobytes()
    assert again.grade.tolist() == found.grade[rows].tolist()


@given(evaluations())
def test_the_columns_of_the_measures_add_up_to_the_score(found: Evaluation) -> None:
    """Whoever has a score; the counts of the grades add up to them."""
    columns = found.to_columns()
    parts = np.stack([columns[f"{key}_points"] for key in found.policy.keys])
    has = found.evaluated

    assert np.allclose(np.nansum(parts, axis=0)[has], found.score[has], atol=1e-9)
    assert np.isnan(parts[:, ~has]).all()
    assert sum(found.by_grade.values()) == np.count_nonzero(has)


@given(evaluations().filter(len))
def test_a_monthly_card_comes_back_through_json(found: Evaluation) -> None:
    """So does its policy."""
    card = found.card(0)

    assert CONVERTER.structure(json.loads(json.dumps(attrs.asdict(card))), MonthlyCard) == card
    stored = json.loads(json.dumps(attrs.asdict(found.policy)))
    assert CONVERTER.structure(stored, MonthlyPolicy) == found.policy


def test_no_facts_give_no_score() -> None:
    """Not a full one: ERPNext gives 100 to who did nothing (frappe/erpnext#31597)."""
    nothing = {key: [None, 0] for key in KEYS}
    found = evaluate(nothing, month="2026-03", ids=["silent", "idle"])

    assert found.weight.tolist() == [0, 20]
    assert np.isnan(found.score).all()
    assert found.by_grade == {"excellent": 0, "good": 0, "fair": 0, "poor": 0}
    assert [finding.code for finding in found.findings][-1] == "month.no_score"
    assert found.findings[-1].measured == 2
    assert repr(found.card(0)) == "<MonthlyCard silent in 2026-03: no score>"
    assert "数据不足" in found.card(0).summary("zh")
    assert found.card(1).facts()["findings"] == ["month.no_score"]
    assert found.card(1).findings[0].measured == 20


def test_an_unknown_cost_is_not_the_best_one() -> None:
    """A gap leaves its weight out or earns nothing; it never earns full marks."""
    gap = month_of(complaints=[None, 0])
    found = evaluate(gap, month="2026-03")

    assert found.weight.tolist() == [90, 100]
    assert found.score.tolist() == [100, 100]
    worst = [
        attrs.evolve(m, criterion=attrs.evolve(m.criterion, missing="worst"))
        for m in MONTHLY_EVALUATION.measures
    ]
    strict = attrs.evolve(MONTHLY_EVALUATION, measures=worst)
    assert evaluate(gap, strict, month="2026-03").score.tolist() == [90, 100]


def test_full_marks_are_100_and_a_score_on_the_line_has_the_grade() -> None:
    """At 90 it is excellent, a basis point below it is not; 100 has a grade (ERPNext: none)."""
    facts = month_of(sales_target=[30_000, 30_000], sales=[20_000, 19_999])
    found = evaluate(facts, month="2026-03", ids=["on", "below"])

    assert evaluate(month_of(), month="2026-03").score.tolist() == [100, 100]
    assert evaluate(month_of(), month="2026-03").by_grade["excellent"] == 2
    assert found.exact(0) == 70 + Fraction(30 * 6666, 10_000)
    lines = [Grade("x", Text("X"), 90), Grade("y", Text("Y"), 0)]
    policy = attrs.evolve(MONTHLY_EVALUATION, grades=lines)
    close = evaluate(month_of(sales=[67, 66], sales_target=[100, 100]), policy, month="2026-03")
    exactly = evaluate(month_of(sales=[0, 2], visits=[0, 0]), policy, month="2026-03")
    assert close.grade.tolist() == [0, 1]
    assert exactly.grade.tolist() == [1, 1]
    sixty = evaluate(month_of(sales=[0, 0], visits=[0, 1]), month="2026-03")
    assert sixty.exact(0) == 60
    assert sixty.to_columns()["grade"].tolist() == ["fair", "fair"]


def test_rounding_never_reaches_a_line() -> None:
    """More is rounded down, less is better is rounded up; negative sales too."""
    facts = {"a": [99_999, 1, -1, 2], "b": [100_000, 3, 3, 3], "c": [0] * 4}
    high = evaluate(facts, policy_of(plain(Scale(0, 10_000), per="b")), month="2026-03")
    low = evaluate(facts, policy_of(plain(Scale(0, 10_000, "low"), per="b")), month="2026-03")

    assert high.points.raw[0].tolist() == [9_999, 3_333, -3_334, 6_666]
    assert low.points.raw[0].tolist() == [10_000, 3_334, -3_333, 6_667]
    assert high.score.tolist() == pytest.approx([99.99, 33.33, 0, 66.66])


def test_facts_may_come_from_a_frame() -> None:
    """Nulls of every kind are gaps; whole floats are whole numbers; big numbers stay exact."""
    frame: Any = pd.DataFrame(
        {
            "a": pd.Series([2**60, pd.NA, 3], dtype="object"),
            "b": [1.0, nan, 4.0],
            "c": pd.Series([1, None, 3], dtype="Int64"),
        }
    )
    found = evaluate(
        {key: frame[key] for key in "abc"}, policy_of(plain(Scale(0, 10))), month="2026-03"
    )

    assert [column.tolist() for column in found.recorded] == [[2**60, 0, 3], [1, 0, 4], [1, 0, 3]]
    assert [column.tolist() for column in found.known] == [[True, False, True]] * 3
    assert found.card(1).parts[0].of is None


def test_an_evaluation_reads_in_both_languages() -> None:
    """Table, grades and remarks; cards show ratios as percent."""
    facts = month_of(sales=[90, None], collections_due=[0, 100])
    found = evaluate(facts, month="2026-03-31", ids=["Hua", "Li"])
    card = found.card(0)

    assert repr(found) == "<Evaluation of 2 customers in 2026-03: 2 with a score>"
    assert found.summary().splitlines()[-2:] == [
        "Sales attainment: a fact is missing for 1 of 2 customers",
        "Collection rate: nothing to judge for 1 of 2 customers",
    ]
    assert "优秀" in found.summary("zh")
    assert "销售达成率：1 / 2个客户缺少数据" in found.summary("zh")
    assert found.to_dict()["by_grade"] == {"excellent": 2, "good": 0, "fair": 0, "poor": 0}
    assert [finding.severity for finding in found.findings] == ["warning", "info"]
    assert "Hua, 2026-03: 96.00 points, Excellent" in card.summary()
    assert "90.00%" in card.summary()
    assert "2026-03：96.00分，优秀" in card.summary("zh")
    assert card.facts()["grade"] == "Excellent"
    assert [part.status for part in card.parts][:2] == ["measured", "no_base"]
    assert found.card(1).findings[0].text.to("zh") == "销售达成率：缺少数据"
    empty = evaluate({key: [] for key in KEYS}, month="2026-03")
    assert (len(empty), empty.findings) == (0, ())


@given(st.data())
def test_what_the_measures_did_adds_up_to_each_change(data: st.DataObject) -> None:
    """By value, coverage and policy, in fractions, against the definition."""
    size, n = data.draw(st.integers(1, 3)), data.draw(st.integers(0, 4))
    one, two = data.draw(monthly_policies(size)), data.draw(monthly_policies(size))
    facts = [data.draw(facts_of(one, n)), data.draw(facts_of(two, n))]
    march, april = (
        evaluate(facts[0], one, month="2026-03"),
        evaluate(facts[1], two, month="2026-04"),
    )
    try:
        found = compare_months(march, april)
    except MissingValueError as error:
        row = int(error.where.split()[1])
        assert evaluate(facts[0], two, month="2026-03").weight[row] == 0
        return

    assert found.rows.tolist() == np.flatnonzero(march.evaluated & april.evaluated).tolist()
    for place, row in enumerate(found.rows.tolist()):
        unit = int(found.denominator[place])
        was, between = points_of(one, facts[0], row), points_of(two, facts[0], row)
        now, marks = points_of(two, facts[1], row), judged(two, facts[1], row)
        old, full = judged(two, facts[0], row), two.scoring.weights
        weight = sum(full[key] for key, mark in marks.items() if mark is not None)
        for k, key in enumerate(two.keys):
            before, after, by_value = old[key], marks[key], Fraction(0)
            if before is not None and after is not None:
                by_value = Fraction(100 * full[key], weight) * (after - before)

            assert Fraction(int(found.value_parts[k][place]), unit) == by_value
            assert Fraction(int(found.policy_parts[k][place]), unit) == between[key] - was[key]
            coverage = now[key] - between[key] - by_value
            assert Fraction(int(found.coverage_parts[k][place]), unit) == coverage
        one_customer = found.of(place)
        exact = april.exact(row), march.exact(row)
        assert exact[0] is not None
        assert exact[1] is not None
        assert one_customer.change == exact[0] - exact[1]
        assert one_customer.after.score == exact[0]


@given(monthly_policies(), st.integers(0, 3), st.data())
def test_changes_of_months_compose(policy: MonthlyPolicy, n: int, data: st.DataObject) -> None:
    """From January to March is from January to February and on, measure by measure."""
    months = [
        evaluate(data.draw(facts_of(policy, n)), policy, month=f"2026-0{place}")
        for place in (1, 2, 3)
    ]
    january, february, march = months
    both = [(january, february), (february, march), (january, march)]
    steps = [compare_months(before, after) for before, after in both]
    always = january.evaluated & february.evaluated & march.evaluated
    for row in np.flatnonzero(always).tolist():
        first, second, whole = (each.of(each.rows.tolist().index(row)) for each in steps)

        assert first.change + second.change == whole.change
        for k in range(len(policy.keys)):
            sums = [
                Fraction(each.by_value[k] + each.by_coverage[k], each.denominator)
                for each in (first, second, whole)
            ]
            assert sums[0] + sums[1] == sums[2]
            assert {each.by_policy[k] for each in (first, second, whole)} == {0}


@given(st.data())
def test_without_gaps_a_change_is_that_of_the_scores(data: st.DataObject) -> None:
    """`compare_months` and `change` say the same where no weight is left out."""
    counts = st.lists(st.integers(1, 200), min_size=2, max_size=2)
    months = [{key: data.draw(counts) for key in KEYS} for _ in range(2)]
    policy = MONTHLY_EVALUATION.with_weights({"sales": 20, "visits": 20})
    before = evaluate(months[0], month="2026-03")
    after = evaluate(months[1], policy, month="2026-04")
    found = compare_months(before, after)
    scores = [
        score(dict(zip(each.policy.keys, each.points.raw, strict=True)), each.policy.scoring)
        for each in (before, after)
    ]
    plainly = change(*scores)

    assert scores[0].value.tolist() == pytest.approx(before.score.tolist())
    for k, key in enumerate(policy.keys):
        assert not found.coverage_parts[k].any()
        unit = found.denominator // plainly.denominator
        assert found.value_parts[k].tolist() == (plainly.by_value[key] * unit).tolist()
        assert found.policy_parts[k].tolist() == (plainly.by_policy[key] * unit).tolist()


def test_a_score_that_rose_because_less_was_measured_is_seen() -> None:
    """Nothing was due, so collections count no more: by coverage, not by value."""
    march = evaluate(month_of(collections=[0, 100]), month="2026-03", ids=["Hua", "Li"])
    april = evaluate(month_of(collections_due=[100, 0]), month="2026-04", ids=["Wu", "Hua"])
    found = compare_months(march, april)
    one = found.of(0)

    assert found.to_columns()["customer"].tolist() == ["Hua"]
    assert found.to_columns()["change"].tolist() == [25]
    assert found.to_columns()["by_coverage"].tolist() == [25]
    assert not any(one.by_value)
    assert one.to_dict()["change"] == 25
    assert repr(found) == "<MonthChanges of 1 customers from 2026-03 to 2026-04>"
    assert found.to_dict()["not_compared"] == 1
    assert "因数据范围变化" in found.summary("zh")
    assert found.summary().startswith("2026-03 - 2026-04\ncustomer")
    assert repr(one) == "<MonthChange Hua from 2026-03 to 2026-04: +25.00 points>"
    assert one.summary().startswith("Hua: 75.00 points in 2026-03, 100.00 in 2026-04")
    assert "回款率" in one.summary("zh")
    with pytest.raises(SalescoreError, match="expected below 1, got 1"):
        found.of(1)


def test_months_that_cannot_be_compared_are_refused() -> None:
    """A month twice, other measures, facts that were not recorded, nothing left to judge."""
    march = evaluate(month_of(), month="2026-03")
    for month in ("2026-03", "2026-02"):
        with pytest.raises(SalescoreError, match=f"expected one after 2026-03, got {month}"):
            compare_months(march, evaluate(month_of(), month=month))
    a, b = policy_of(plain(Scale(0, 10))), policy_of(plain(Scale(0, 10), per="b"))
    facts: dict[str, Any] = {"a": [1], "b": [0], "c": [1]}
    small = evaluate(facts, a, month="2026-03")
    with pytest.raises(LabelError, match="measures of the month after"):
        compare_months(march, evaluate(facts, a, month="2026-04"))
    with pytest.raises(MissingValueError, match="row 0 of before"):
        compare_months(small, evaluate({**facts, "b": [1]}, b, month="2026-04"))
    more = attrs.evolve(a, facts=[*a.facts, Fact("d", Text("D"))])
    with pytest.raises(LabelError, match=r"facts of the month after: .* got \['d'\]"):
        compare_months(small, evaluate({**facts, "d": [1]}, more, month="2026-04"))
    one, other = (policy_of(plain(Scale(0, end))) for end in (2**40 + 1, 2**40 + 3))
    wide = evaluate(facts, one, month="2026-03")
    with pytest.raises(AmountOverflowError, match="scores of the months"):
        compare_months(wide, evaluate(facts, other, month="2026-04"))


BAD_FACTS: list[tuple[dict[str, Any], type[SalescoreError], str]] = [
    ({"a": [1, 1.5]}, SalescoreError, "fact 'a' in row 1: expected whole numbers"),
    ({"a": [1, 1e300]}, SalescoreError, "fact 'a' in row 1: expected whole numbers"),
    ({"a": ["1", "2"]}, SalescoreError, "fact 'a': expected numbers"),
    ({"a": [True, False]}, SalescoreError, "fact 'a': expected numbers, got bool"),
    ({"a": [None, "2"]}, SalescoreError, "fact 'a': expected whole numbers, None or NaN, got str"),
    ({"a": [None, 1.5]}, SalescoreError, "fact 'a': expected whole numbers"),
    ({"a": [2**63, 0]}, SalescoreError, "fact 'a' in row 0"),
    ({"a": [2**64, None]}, AmountOverflowError, "fact 'a': expected numbers that fit"),
    ({"a": [2**62, 0]}, AmountOverflowError, "fact 'a': expected numbers below"),
    ({"b": [0, -1]}, SalescoreError, "fact 'b' in row 1: expected at least 0, got -1"),
    ({"b": [[1], [2]]}, ShapeError, "fact 'b': expected one dimension"),
    ({"b": [1]}, ShapeError, "facts"),
    ({"d": [1, 2]}, LabelError, r"facts of the policy: .* got \['d'\]"),
]


@pytest.mark.parametrize(("wrong", "error", "message"), BAD_FACTS)
def test_facts_of_another_kind_are_refused(
    wrong: dict[str, Any], error: type[SalescoreError], message: str
) -> None:
    """Each error names the fact and the row."""
    policy = policy_of(plain(Scale(0, 10), per="b"))
    facts: dict[str, Any] = {"a": [1, 2], "b": [1, 2], "c": [1, 2]}
    with pytest.raises(error, match=message):
        evaluate({**facts, **wrong}, policy, month="2026-03")
    with pytest.raises(LabelError, match=r"none for \['a', 'b', 'c'\]"):
        evaluate({}, policy, month="2026-03")
    with pytest.raises(LabelError, match="different ids"):
        evaluate(facts, policy, month="2026-03", ids=["x", "x"])
    with pytest.raises(SalescoreError, match="month: expected an ISO month"):
        evaluate(facts, policy, month="2026")
    found = evaluate(facts, policy, month="2026-03")
    for ask in (found.card, found.exact):
        with pytest.raises(SalescoreError, match="expected below 2, got 2"):
            ask(2)


def test_a_gap_that_is_rejected_says_where() -> None:
    """The row and the measure; a stand-in counts as if it had been measured."""
    facts: dict[str, Any] = {"a": [1, None], "b": [1, 1], "c": [1, 1]}
    with pytest.raises(MissingValueError, match="measure 'm' in row 1"):
        evaluate(facts, policy_of(plain(Scale(0, 10), "reject")), month="2026-03")
    stand_in = evaluate(facts, policy_of(plain(Scale(0, 10), 5)), month="2026-03")

    assert stand_in.score.tolist() == [10, 50]
    assert stand_in.card(1).parts[0].value == 5


def test_an_evaluation_must_hold_together() -> None:
    """One column a fact, one row a customer; units that fit; grades where there is a score."""
    found = evaluate(month_of(), month="2026-03")
    with pytest.raises(ShapeError, match="numbers and known of 10 facts"):
        Evaluation(found.policy, "2026-03", found.recorded[1:], found.known)
    with pytest.raises(ShapeError, match="one row a customer"):
        Evaluation(found.policy, "2026-03", found.recorded, found.known, np.arange(3))
    with pytest.raises(SalescoreError, match="grade of a monthly card"):
        attrs.evolve(found.card(0), grade=None)
    facts: dict[str, Any] = {"a": [1], "b": [1], "c": [1]}
    heavy = Measure(Criterion("m", Text("M"), 2**30, Scale(0, 2**20 + 1)), "a")
    with pytest.raises(AmountOverflowError, match="monthly policy"):
        evaluate(facts, policy_of(heavy), month="2026-03")
    with pytest.raises(SalescoreError, match="mode='exact'"):
        evaluate(facts, policy_of(plain(Scale(0, 0.5))), month="2026-03")


A, B = MONTHLY_EVALUATION.facts[:2]
M = MONTHLY_EVALUATION.measures[4]
GRADES = MONTHLY_EVALUATION.grades
POLICY = MONTHLY_EVALUATION
TEXT = Text("x")
BAD: list[tuple[Any, str]] = [
    (lambda: Fact("", TEXT), "key of a fact"),
    (lambda: Fact("a", "x"), "text of fact 'a'"),  # type: ignore[arg-type]  # on purpose
    (lambda: Fact("a", TEXT, least=0.5), "least of fact 'a'"),  # type: ignore[arg-type]  # on purpose
    (lambda: Measure(TEXT, "a"), "criterion of a measure"),  # type: ignore[arg-type]  # on purpose
    (lambda: attrs.evolve(M, of=""), "fact of measure 'complaints'"),
    (lambda: attrs.evolve(M, per=""), "base of measure 'complaints'"),
    (lambda: Measure(M.criterion, "a", no_base="skip"), "rule for 'complaints' without a base"),  # type: ignore[arg-type]  # on purpose
    (lambda: attrs.evolve(M, no_base=0.5), "rule for 'complaints' without a base: .* whole"),
    (lambda: plain(Scale(0, 1), 0.5), "rule for missing facts of 'm'"),
    (lambda: Grade("a", TEXT, 101), "line of grade 'a'"),
    (lambda: Grade("a", TEXT, -1), "line of grade 'a': expected a whole"),
    (lambda: Grade("a", "x", 1), "text of grade 'a'"),  # type: ignore[arg-type]  # on purpose
    (lambda: attrs.evolve(POLICY, facts=[A, A]), "facts of a monthly policy: .* twice"),
    (lambda: attrs.evolve(POLICY, facts=[A, "b"]), "fact of a monthly policy"),
    (lambda: attrs.evolve(POLICY, facts=[A, B]), "fact of measure 'collections'"),
    (lambda: attrs.evolve(POLICY, measures=[M, M]), "'complaints' twice"),
    (lambda: attrs.evolve(POLICY, measures=[M]), "weights of the criteria"),
    (lambda: attrs.evolve(POLICY, measures=[attrs.evolve(M, per="sales")]), "never below 0"),
    (lambda: attrs.evolve(POLICY, least_known=0), "least known weight .* >= 1"),
    (lambda: attrs.evolve(POLICY, least_known=101), "least known weight .* at most 100"),
    (lambda: attrs.evolve(POLICY, grades=GRADES[::-1]), "lines that fall"),
    (lambda: attrs.evolve(POLICY, grades=GRADES[:-1]), "lines that fall, the last"),
    (lambda: attrs.evolve(POLICY, grades=[]), r"the last of them 0, got \[\]"),
    (lambda: attrs.evolve(POLICY, grades=[*GRADES, GRADES[-1]]), "'poor' twice"),
    (lambda: POLICY.with_weights({"color": 1}), "got 'color'"),
    (lambda: POLICY.with_weights({"sales": 31}), "sum of 100"),
]


@pytest.mark.parametrize(("make", "message"), BAD)
def test_policies_that_contradict_themselves_are_refused(make: Any, message: str) -> None:
    """Each error says which part."""
    with pytest.raises(SalescoreError, match=message):
        make()
