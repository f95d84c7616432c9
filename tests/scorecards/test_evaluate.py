"""Scores are exact, add up, never fall where more is done, and know what they do not know."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Text
from salescore.customers import Grade, Scale
from salescore.errors import (
    AmountOverflowError,
    LabelError,
    MissingValueError,
    SalescoreError,
    ShapeError,
)
from salescore.kernels import ratio_marks
from salescore.scorecards import (
    FIVE_AREAS,
    FULL_MARKS,
    Area,
    Card,
    Criterion,
    Facts,
    ScorecardPolicy,
    Scorecards,
    evaluate,
)

GOLDEN = Path(__file__).resolve().parents[3] / "shared" / "golden" / "growth" / "scorecard.json"
ANY = Grade("any", Text("Any", "任意"), 0)


def policy_of(*criteria: Criterion, **options: Any) -> ScorecardPolicy:
    """Make a policy of one area, whose weights may add up to anything."""
    total = sum(each.weight for each in criteria)
    return ScorecardPolicy(
        [Area("all", Text("All", "全部"))],
        criteria,
        options.pop("grades", [ANY]),
        total=total,
        **options,
    )


def points(key: str, weight: int) -> Criterion:
    """Make a criterion of plain marks from 0 to 100."""
    return Criterion(key, Text(key), "all", weight, Scale(0, 100))


def exact_marks(criterion: Criterion, done: int, of: int) -> Fraction:
    """Walk along the scale in exact fractions; full marks are 1."""
    value = Fraction(done, of)
    curve = [(Fraction(str(v)), Fraction(str(m)) / 100) for v, m in criterion.scale.curve]
    if curve[0][0] > curve[-1][0]:
        value, curve = -value, [(-v, m) for v, m in curve]
    if value <= curve[0][0]:
        return Fraction(0)
    for (a, low), (b, high) in pairwise(curve):
        if value <= b:
            return low + (high - low) * (value - a) / (b - a)
    return Fraction(1)


@given(testing.person_scorecards())
def test_marks_are_exact_to_half_a_unit(cards: Scorecards) -> None:
    """Held against exact fractions; missing is 0 of 0 and nothing else."""
    for place, criterion in enumerate(cards.policy.criteria):
        if criterion.key not in cards.data.keys:
            assert not cards.known[place].any()
            continue
        line = cards.data.keys.index(criterion.key)
        for row in range(len(cards)):
            done, of = int(cards.data.done[line, row]), int(cards.data.of[line, row])
            assert cards.known[place, row] == (of > 0)
            if of:
                off = int(cards.marks[place, row]) - FULL_MARKS * exact_marks(criterion, done, of)
                assert abs(off) <= Fraction(1, 2)
            else:
                assert cards.marks[place, row] == 0


@given(testing.person_scorecards())
def test_contributions_add_up_to_the_score(cards: Scorecards) -> None:
    """By criterion, by area and on each person's card, to the unit."""
    parts = cards.contributions()
    assert parts.sum(axis=0).tolist() == cards.earned.tolist()
    areas = sum(cards.by_area().values())
    assert np.array_equal(areas, cards.earned)
    for row, person in enumerate(cards.people):
        score, card = cards.exact(person), cards.card(person)
        known = [each for each in card.points if each is not None]
        assert card.score == score
        if score is None:
            assert np.isnan(cards.score[row])
            assert cards.present[row] == 0
        else:
            assert sum(known, Fraction(0)) == score
            assert cards.score[row] == float(score)
            assert 0 <= score <= 100


@given(testing.person_scorecards())
def test_what_is_missing_is_neither_zero_nor_full(cards: Scorecards) -> None:
    """The score lies between all missing at worst and all at best; coverage says how much."""
    total = cards.policy.total
    weight = np.array([each.weight for each in cards.policy.criteria])
    assert cards.present.tolist() == (weight @ cards.known).tolist()
    assert cards.coverage.tolist() == (cards.present / total).tolist()
    some = cards.present > 0
    assert (cards.low[some] <= cards.score[some] + 1e-12).all()
    assert (cards.score[some] <= cards.high[some] + 1e-12).all()
    width = 100 * (1 - cards.coverage)
    assert (cards.high - cards.low).tolist() == pytest.approx(width.tolist(), abs=1e-9)
    testing.check_result(cards)


@given(testing.person_scorecards())
def test_each_score_has_just_one_grade(cards: Scorecards) -> None:
    """The first whose line it reaches, where enough is known; else none."""
    least = Fraction(cards.policy.least_coverage)
    for row, person in enumerate(cards.people):
        score, code = cards.exact(person), int(cards.grade[row])
        enough = Fraction(int(cards.present[row]), cards.policy.total) >= least
        assert bool(cards.graded[row]) == (enough and score is not None)
        if not cards.graded[row] or score is None:
            assert code == len(cards.policy.grades)
            continue
        lines = [grade.line for grade in cards.policy.grades]
        assert code == next(place for place, line in enumerate(lines) if score >= line)
    assert sum(cards.facts()["grades"].values()) == len(cards)


@given(st.data())
def test_doing_better_never_lowers_a_score(data: st.DataObject) -> None:
    """One more done where more is better, one less where less is."""
    policy = data.draw(testing.scorecard_policies())
    facts = data.draw(testing.fact_tables(policy, least=1))
    before = evaluate(facts, policy)
    for line, key in enumerate(facts.keys):
        criterion = policy.find(key)
        step = 1 if criterion.scale.better == "high" else -1
        done = facts.done.copy()
        done[line] += step
        if criterion.kind == "share":
            done[line] = np.clip(done[line], 0, facts.of[line])
        after = evaluate(attrs.evolve(facts, done=done), policy)
        assert (after.earned >= before.earned).all()


@given(st.data(), st.integers(1, 1000))
def test_amounts_in_another_unit_give_the_same_score(data: st.DataObject, unit: int) -> None:
    """Cents or yuan: the marks of amounts times any factor are the same bits."""
    policy = data.draw(testing.scorecard_policies())
    facts = data.draw(testing.fact_tables(policy))
    other = attrs.evolve(facts, done=facts.done * unit, of=facts.of * unit)

    assert np.array_equal(evaluate(other, policy).marks, evaluate(facts, policy).marks)


@given(st.integers(0, 200), st.integers(1, 50), st.integers(1, 5), st.integers(-9, 9))
def test_a_declared_scale_may_be_moved_and_stretched(
    done: int, of: int, factor: int, shift: int
) -> None:
    """Values and ends turned alike give the same marks: only because the ends are declared."""
    plain = [(0, 0), (1, 40), (3, 100)]
    moved = [(value * factor + shift, marks) for value, marks in plain]
    first = ratio_marks(np.array([done]), np.array([of]), plain)
    other = ratio_marks(np.array([done * factor + shift * of]), np.array([of]), moved)

    assert first.tolist() == other.tolist()


@given(testing.person_scorecards())
def test_a_score_depends_on_its_own_person_alone(cards: Scorecards) -> None:
    """Each judged alone gets the same marks."""
    for row, person in enumerate(cards.people):
        data = cards.data
        alone = Facts(data.keys, [person], data.done[:, [row]], data.of[:, [row]])
        assert evaluate(alone, cards.policy).marks[:, 0].tolist() == cards.marks[:, row].tolist()


def test_marks_beyond_the_cache_are_those_of_the_rows() -> None:
    """Fifty thousand rows at once, and row by row in exact fractions."""
    draw = np.random.default_rng(4)
    of = draw.integers(0, 1000, 50_000)
    done = draw.integers(-100, 1200, 50_000)
    curve = [(12, 0), (9, 500_000), (8, 1_000_000)]

    found = ratio_marks(done, of, curve, per=10)
    large = ratio_marks(done * 10**12, of * 10**12, curve, per=10)
    assert np.array_equal(found, large)  # in whole numbers, where floats do not reach

    scale = Criterion("x", Text("x"), "all", 1, Scale(0.8, 1.2, "low", [(0.9, 50)]))
    for row in range(0, 50_000, 997):
        if of[row]:
            exact = FULL_MARKS * exact_marks(scale, int(done[row]), int(of[row]))
            assert abs(int(found[row]) - exact) <= Fraction(1, 2)
    assert not found[of == 0].any()


def test_marks_of_nobody_are_none() -> None:
    """No rows give no marks; amounts that are not exact are refused."""
    none = np.zeros(0, dtype=np.int64)
    assert ratio_marks(none, none, [(0, 0), (1, 10)]).size == 0
    with pytest.raises(AmountOverflowError, match="amounts times the values of a scale"):
        ratio_marks(np.array([2**60]), np.array([2**60]), [(0, 0), (1, 10)], per=4)
    with pytest.raises(SalescoreError, match="of in row 1: expected >= 0, got -1"):
        ratio_marks(np.array([1, 1]), np.array([1, -1]), [(0, 0), (1, 10)])


def test_weighted_scores_are_those_of_the_golden_case() -> None:
    """80, 60 and 100 at 50, 30 and 20 are 78, exactly."""
    case = golden("erpnext_weighted_score")
    keys = ["a", "b", "c"]
    weights, scores = case["inputs"]["weights"], case["inputs"]["scores"]
    policy = policy_of(*(points(key, weight) for key, weight in zip(keys, weights, strict=True)))
    done = {key: [score] for key, score in zip(keys, scores, strict=True)}

    cards = evaluate(Facts.from_columns(["Li"], done, {key: [1] for key in keys}), policy)

    assert cards.exact("Li") == Fraction(str(case["expected"]["total"]))


def golden(name: str) -> Any:
    """Give one published case."""
    if not GOLDEN.exists():
        pytest.skip("the golden cases are not here")
    (case,) = [case for case in json.loads(GOLDEN.read_text("utf-8")) if case["name"] == name]
    return case


def test_a_perfect_score_has_a_grade() -> None:
    """A peer leaves 100 in no band, since its highest band ends before it."""
    case = golden("erpnext_perfect_score_has_no_standing")["inputs"]
    lines = [low for low, _ in case["standings"]]
    grades = [Grade(f"g{line}", Text(str(line)), line) for line in lines[::-1]]
    policy = policy_of(points("all", 100), grades=grades)
    people = list(range(101))

    cards = evaluate(Facts.from_columns(people, {"all": people}, {"all": [1] * 101}), policy)

    assert cards.to_columns()["grade"][case["score"]] == "g80"
    assert set(cards.grade.tolist()) == {0, 1, 2, 3}


def test_no_history_is_neither_zero_nor_full_marks() -> None:
    """A peer gives 100 to whoever has no facts, and 0 for each that is missing."""
    policy = policy_of(points("a", 60), points("b", 40), least_coverage="0.6")
    facts = Facts.from_columns(
        ["new", "half", "other half"],
        {"a": [0, 90, 0], "b": [0, 0, 90]},
        {"a": [0, 1, 0], "b": [0, 0, 1]},
    )

    cards = evaluate(facts, policy)

    assert cards.exact("new") is None
    assert np.isnan(cards.score[0])
    assert (cards.low[0], cards.high[0]) == (0, 100)
    assert cards.score[1:].tolist() == [90, 90]
    assert (cards.low[1], cards.high[1]) == (54, 94)
    assert cards.to_columns()["grade"].tolist() == ["", "any", ""]
    assert [finding.code for finding in cards.findings()] == ["scorecards.coverage"] * 2
    assert evaluate(Facts.from_columns(["Li"], {}, {}), policy).exact("Li") is None


def test_what_was_done_of_nothing_is_told() -> None:
    """Sales without a target are not judged, and not lost either."""
    facts = Facts.from_columns(["Li"], {"sales": [500]}, {"sales": [0]})
    cards = evaluate(facts)

    assert cards.coverage.tolist() == [0]
    codes = [finding.code for finding in cards.findings()]
    assert codes == ["scorecards.coverage", "scorecards.no_base.sales"]
    assert "没有基数" in cards.findings()[1].text.zh


def test_the_five_areas_stand_in_both_languages() -> None:
    """The field's five areas, in its order, with weights of 100."""
    assert [area.text.zh for area in FIVE_AREAS.areas] == [
        "销量和收款",
        "报告制度执行",
        "费用控制",
        "服从管理",
        "市场策划与进度",
    ]
    assert len(FIVE_AREAS.criteria) == 12
    parts: list[Any] = [*FIVE_AREAS.areas, *FIVE_AREAS.criteria, *FIVE_AREAS.grades]
    assert all(part.text.en and part.text.zh for part in parts)
    full = {each.key: [int(Fraction(str(each.scale.best)) * 100)] for each in FIVE_AREAS.criteria}
    cards = evaluate(Facts.from_columns(["Li"], full, {key: [100] for key in full}))
    assert cards.exact("Li") == 100
    assert cards.to_columns()["grade"][0] == "excellent"


@pytest.mark.parametrize(
    ("done", "of", "error", "message"),
    [
        ({"deals": [4]}, {"deals": [3]}, SalescoreError, "'deals' done in row 0: expected from 0"),
        ({"deals": [-1]}, {"deals": [3]}, SalescoreError, "'deals' done in row 0"),
        ({"deals": [1]}, {"deals": [-3]}, SalescoreError, "of 'deals' in row 0: expected >= 0"),
        ({"deals": [np.nan]}, {"deals": [3]}, SalescoreError, "'deals' done"),
        ({"deals": [None]}, {"deals": [3]}, MissingValueError, "'deals' done in row 0"),
        ({"luck": [1]}, {"luck": [3]}, LabelError, "criterion of the facts: expected one of sales"),
        ({"deals": [1]}, {}, LabelError, "criterion: expected both done and of, got 'deals'"),
        ({}, {"deals": [1]}, LabelError, "criterion in of: expected none, got 'deals'"),
        ({"deals": [1, 2]}, {"deals": [3, 4]}, ShapeError, "people: 1, deals: 2"),
    ],
)
def test_bad_facts_are_refused(done: Any, of: Any, error: Any, message: str) -> None:
    """Each says what, where, expected and got."""
    with pytest.raises(error, match=message):
        evaluate(Facts.from_columns(["Li"], done, of))


def test_bad_people_and_tables_are_refused() -> None:
    """Named twice, of two kinds, or of another shape."""
    with pytest.raises(LabelError, match="people: expected each once, got 'Li' twice"):
        Facts.from_columns(["Li", "Wang", "Li"], {}, {})
    with pytest.raises(LabelError, match="people: expected texts only"):
        Facts.from_columns(["Li", 1], {}, {})
    with pytest.raises(LabelError, match="people: expected texts only"):
        Facts.from_columns([True, False], {}, {})
    with pytest.raises(LabelError, match="people: expected texts only"):
        Facts.from_columns([1.5, 2.5], {}, {})
    with pytest.raises(LabelError, match="criteria of the facts: expected each once"):
        Facts(["a", "a"], [], np.zeros((2, 0), np.int64), np.zeros((2, 0), np.int64))
    with pytest.raises(ShapeError, match=r"done in facts: expected shape \(1, 1\) of int64"):
        Facts(["a"], ["Li"], np.zeros((1, 2), np.int64), np.zeros((1, 1), np.int64))
    with pytest.raises(SalescoreError, match="of in 'a' of 'Li': expected >= 0, got -1"):
        Facts(["a"], ["Li"], np.zeros((1, 1), np.int64), np.full((1, 1), -1))
    facts = Facts.from_columns(["Li"], {}, {})
    with pytest.raises(ShapeError, match="facts"):
        attrs.evolve(facts, active=np.zeros(2, np.int64))
    with pytest.raises(LabelError, match="person: expected one of the people, got 'Wang'"):
        evaluate(facts).card("Wang")
    with pytest.raises(ShapeError, match="marks in scorecards"):
        attrs.evolve(evaluate(facts), marks=np.zeros((1, 1), np.int64))


def test_bad_policies_are_refused() -> None:
    """Weights, areas, grades, scales and shares that make no sense."""
    area, text = Area("all", Text("All")), Text("x")
    one = points("a", 100)

    def made(**changes: Any) -> ScorecardPolicy:
        parts: dict[str, Any] = {"areas": [area], "criteria": [one], "grades": [ANY], **changes}
        return ScorecardPolicy(**parts)

    wrong: list[tuple[dict[str, Any], Any, str]] = [
        (
            {"criteria": [points("a", 90)]},
            SalescoreError,
            "weights of the criteria: expected a sum of 100, got 90",
        ),
        ({"total": 10_000}, SalescoreError, "expected a sum of 10,000, got 100"),
        ({"total": 0}, SalescoreError, "total of a scorecard: expected a whole number >= 1"),
        ({"total": 2_000_000}, SalescoreError, "expected at most 1,000,000"),
        ({"criteria": [one, one]}, LabelError, "key of a criterion: expected each once"),
        ({"areas": [area, Area("more", text)]}, LabelError, "at least one criterion in each area"),
        ({"areas": []}, LabelError, "area: expected a known area, got 'all'"),
        ({"grades": []}, SalescoreError, "lines of the grades: expected to fall to 0"),
        ({"grades": [Grade("a", text, 50)]}, SalescoreError, "lines of the grades"),
        ({"grades": [ANY, Grade("a", text, 50)]}, SalescoreError, "lines of the grades"),
        ({"least_coverage": "1.5"}, SalescoreError, "least coverage: expected a share up to 1"),
        ({"criteria": ["a"]}, SalescoreError, "one of the criteria of a scorecard"),
    ]
    for changes, error, message in wrong:
        with pytest.raises(error, match=message):
            made(**changes)
    with pytest.raises(LabelError, match="key of an area"):
        Area("", text)
    with pytest.raises(SalescoreError, match="weight of criterion 'a'"):
        points("a", -1)
    kind: Any = "luck"
    with pytest.raises(SalescoreError, match="kind of criterion 'a'"):
        Criterion("a", text, "all", 1, kind=kind)
    with pytest.raises(SalescoreError, match="scale of criterion 'a': expected values with at"):
        Criterion("a", text, "all", 1, Scale(0, 1e-7))
    with pytest.raises(LabelError, match="criterion: expected one of a, got 'b'"):
        made().find("b")


def test_a_policy_is_plain_data() -> None:
    """It compares by value and comes back from JSON."""
    stored = json.loads(json.dumps(attrs.asdict(FIVE_AREAS)))

    def text(part: Any) -> Text:
        return Text(**part)

    def made(kind: Any, part: Any, **changes: Any) -> Any:
        return kind(**{**part, "text": text(part["text"]), **changes})

    again = ScorecardPolicy(
        [made(Area, each) for each in stored["areas"]],
        [made(Criterion, each, scale=Scale(**each["scale"])) for each in stored["criteria"]],
        [made(Grade, each) for each in stored["grades"]],
        total=stored["total"],
        least_coverage=stored["least_coverage"],
    )
    assert again == FIVE_AREAS


def test_cards_read_in_two_languages() -> None:
    """The best first; who has no grade last."""
    facts = Facts.from_columns(
        ["Li", "Wang", "Chen"],
        {"sales": [80, 120, 0], "collections": [90, 99, 0], "on_time": [9, 10, 1]},
        {"sales": [100, 100, 0], "collections": [100, 100, 0], "on_time": [10, 10, 1]},
    )
    cards = evaluate(facts)

    lines = cards.summary().splitlines()
    assert lines[0].startswith("<Scorecards of 3 people: 1 excellent, 0 good, 1 fair, 0 poor, 1 ")
    assert [line.split()[0] for line in lines[3:]] == ["Wang", "Li", "Chen"]
    assert "数据不足" in cards.summary("zh")
    assert "too little known" in lines[5]
    card = cards.card("Wang")
    assert repr(card) == "<Card of 'Wang': 99.25 points, 50 of 100 known>"
    assert len(card) == 12
    assert card.facts() == {"person": "Wang", "score": 99.25, "present": 50}
    assert [len(finding.where) for finding in cards.findings()] == [1]
    assert "销量和收款" in card.summary("zh")
    assert "Reports on time" in card.summary()
    none = evaluate(Facts.from_columns(["x"], {}, {})).card("x")
    assert repr(none) == "<Card of 'x': no score, 0 of 100 known>"
    with pytest.raises(ShapeError, match="card"):
        attrs.evolve(none, marks=np.zeros(3, np.int64))


@given(testing.person_cards())
def test_a_card_can_be_read(card: Card) -> None:
    """In every form."""
    testing.check_result(card)
