"""Gates cap the tier whatever the score: weights cannot make up for them."""

from __future__ import annotations

import json
from fractions import Fraction
from math import inf, nan
from typing import Any

import attrs
import numpy as np
import pandas as pd
import pytest
from cattrs.preconf.json import make_converter
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import Text, Tier
from salescore.customers import (
    Care,
    Gated,
    GatePolicy,
    GradeGate,
    HoldPolicy,
    KnockOut,
    LineGate,
    Override,
    ServicePolicy,
    TierPolicy,
    Tiers,
    bench,
    gate,
    hold,
    migration,
    override,
    service,
    tier,
)
from salescore.errors import (
    AmountOverflowError,
    LabelError,
    MissingValueError,
    SalescoreError,
    ShapeError,
)
from salescore.testing._gates import gate_policies

LINES = TierPolicy.by_line(80, 60)
LADDER = ("AAA", "AA", "A", "BBB", "BB", "B")
CREDIT = GradeGate("credit", Text("Credit grade", "信用等级"), LADDER, a="A", b="BB")
OVERDUE = LineGate("overdue", Text("Days overdue", "逾期天数"), a=30, b=90, better="low")
SANCTIONS = KnockOut("sanctioned", Text("Sanctioned", "制裁名单"), "exclude")
DISPUTE = KnockOut("dispute", Text("In dispute", "有纠纷"))
ALL = GatePolicy([CREDIT], [OVERDUE], [DISPUTE, SANCTIONS])

GRADES = st.sampled_from([*LADDER, None])
NUMBERS = st.integers(-60, 60) | st.none()
FACTS = st.booleans() | st.none()


def letters(tiers: Tiers) -> str:
    """Spell the tiers."""
    return "".join(tiers.to_columns()["tier"].tolist())


def cap_of(each: GradeGate | LineGate | KnockOut, value: Any) -> int:
    """Say which tier one gate allows one customer at best: the oracle."""
    if value is None and each.missing == "ignore":
        return 0
    if isinstance(each, KnockOut):
        return 2 if value in {True, None} else 0
    if isinstance(each, GradeGate):
        value = LADDER[-1] if value is None else value
        asked = (each.a, each.b)
        missed = [g is not None and LADDER.index(value) > LADDER.index(str(g)) for g in asked]
    else:
        sign = 1 if each.better == "high" else -1
        number = -inf if value is None else sign * value
        missed = [line is not None and number < sign * line for line in each.lines]
    return 2 if missed[1] else 1 if missed[0] else 0


@st.composite
def customers(draw: st.DrawFn) -> tuple[list[int], GatePolicy, dict[str, list[Any]]]:
    """Draw gates and up to six customers with what the gates look at."""
    policy = draw(gate_policies())
    scores = draw(st.lists(st.integers(0, 100), max_size=6))
    kinds: list[tuple[Any, Any]] = [
        (policy.grades, GRADES),
        (policy.lines, NUMBERS),
        (policy.knock_outs, FACTS),
    ]
    columns: dict[str, list[Any]] = {
        each.key: draw(st.lists(values, min_size=len(scores), max_size=len(scores)))
        for gates, values in kinds
        for each in gates
    }
    return scores, policy, columns


def gated(scores: list[int], policy: GatePolicy, columns: dict[str, list[Any]]) -> Gated:
    """Hold customers against gates; columns as objects, as data frames with gaps give them."""
    return gate(tier(scores, LINES), as_objects(columns), policy)


def as_objects(columns: dict[str, list[Any]]) -> dict[str, Any]:
    """Give columns as object arrays."""
    return {key: np.array(values, dtype=object) for key, values in columns.items()}


@given(customers())
def test_the_final_tier_is_the_worse_of_the_computed_one_and_the_caps(
    given_customers: tuple[list[int], GatePolicy, dict[str, list[Any]]],
) -> None:
    """Each customer alone, against a scalar oracle; and the gate that binds is the first."""
    scores, policy, columns = given_customers
    found = gated(scores, policy, columns)
    computed = tier(scores, LINES)
    for row in range(len(scores)):
        caps = [cap_of(each, columns[each.key][row]) for each in policy.gates]
        final = max([int(computed.code[row]), *caps])
        out = [
            place
            for place, each in enumerate(policy.gates)
            if isinstance(each, KnockOut) and each.effect == "exclude" and caps[place] == 2
        ]
        moved = final > computed.code[row]
        binds = out[0] if out else caps.index(final) if moved else -1

        assert int(found.capped.code[row]) == final
        assert bool(found.excluded[row]) == bool(out)
        assert int(found.bound[row]) == binds
        assert binds >= 0 or not found.reasons()[row]
        unknown = binds >= 0 and columns[policy.keys[binds]][row] is None
        assert bool(found.unknown[row]) == unknown


@given(customers())
def test_gating_again_changes_nothing(
    given_customers: tuple[list[int], GatePolicy, dict[str, list[Any]]],
) -> None:
    """Gates are idempotent, and never touch what was computed."""
    scores, policy, columns = given_customers
    tiers = tier(scores, LINES)
    once = gated(scores, policy, columns)
    twice = gate(once.capped, as_objects(columns), policy)

    assert once.computed.same_as(tiers)
    assert twice.capped.same_as(once.capped)
    assert not twice.lowered.any()
    assert (twice.excluded == once.excluded).all()


@given(customers(), st.data())
def test_a_better_score_or_value_never_gives_a_worse_tier(
    given_customers: tuple[list[int], GatePolicy, dict[str, list[Any]]], data: st.DataObject
) -> None:
    """Monotone in both: the score, and whatever a gate looks at."""
    scores, policy, columns = given_customers
    found = gated(scores, policy, columns)
    better = [data.draw(st.integers(score, 100)) for score in scores]

    assert (gated(better, policy, columns).capped.code <= found.capped.code).all()
    for each in policy.gates:
        raised = {**columns, each.key: [_raise(each, v, data) for v in columns[each.key]]}

        assert (gated(scores, policy, raised).capped.code <= found.capped.code).all()


def _raise(each: GradeGate | LineGate | KnockOut, value: Any, data: st.DataObject) -> Any:
    """Draw a value at least as good; for an unknown one, the same."""
    if value is None:
        return None
    if isinstance(each, GradeGate):
        return data.draw(st.sampled_from(LADDER[: LADDER.index(value) + 1]))
    if isinstance(each, KnockOut):
        return False
    return value + data.draw(st.integers(0, 60)) * (1 if each.better == "high" else -1)


@given(st.lists(st.integers(0, 100), max_size=6))
def test_without_gates_nothing_changes(scores: list[int]) -> None:
    """No gates: the capped tiers are the computed ones, and nobody is excluded."""
    found = gated(scores, GatePolicy(), {})

    assert found.capped.same_as(found.computed)
    assert found.bound.tolist() == [-1] * len(scores)
    assert found.to_columns()["gate"].tolist() == [""] * len(scores)
    assert found.findings == ()
    assert "0 of" in found.summary()


@given(customers(), st.randoms())
def test_the_order_of_the_rows_does_not_matter(
    given_customers: tuple[list[int], GatePolicy, dict[str, list[Any]]], random: Any
) -> None:
    """Each customer is held against the gates alone."""
    scores, policy, columns = given_customers
    order = list(range(len(scores)))
    random.shuffle(order)
    mixed = {key: [column[row] for row in order] for key, column in columns.items()}
    found = gated([scores[row] for row in order], policy, mixed)

    assert (found.capped.code == gated(scores, policy, columns).capped.code[order]).all()


def test_a_customer_needs_the_grade_of_its_tier() -> None:
    """A needs at least grade A; below BB no better than C: the common rule of credit schemes."""
    found = gate(tier([95] * 6, LINES), {"credit": LADDER}, GatePolicy([CREDIT]))

    assert letters(found.capped) == "AAABBC"
    assert found.reasons("zh").tolist() == ["", "", "", *["信用等级低于A"] * 2, "信用等级低于BB"]


@pytest.mark.parametrize(
    ("better", "numbers", "wanted"),
    [("low", [29, 30, 31, 90, 91], "AABBC"), ("high", [91, 90, 89, 30, 29], "AABBC")],
)
@pytest.mark.parametrize("kind", [np.int64, np.float64, np.uint8])
def test_a_number_on_the_line_reaches_it(
    better: Any, numbers: list[int], wanted: str, kind: Any
) -> None:
    """Lines are closed on their better side, for whole numbers and floats."""
    a, b = (30, 90) if better == "low" else (90, 30)
    policy = GatePolicy(lines=[LineGate("x", Text("x"), a, b, better)])
    found = gate(tier([95] * 5, LINES), {"x": np.array(numbers, dtype=kind)}, policy)

    assert letters(found.capped) == wanted


def test_lines_are_read_exactly_as_written() -> None:
    """Whole numbers are held against the exact line, floats against the nearest float."""
    huge = 2**53
    policy = GatePolicy(lines=[LineGate("x", Text("x"), a=f"{huge}.5")])
    whole = gate(tier([95] * 2, LINES), {"x": [huge, huge + 1]}, policy)
    tenth = GatePolicy(lines=[LineGate("x", Text("x"), a=0.3, b=Fraction(-1, 10))])
    floats = gate(tier([95] * 3, LINES), {"x": [0.3, -0.1, -0.2]}, tenth)

    assert letters(whole.capped) == "BA"
    assert letters(floats.capped) == "ABC"
    assert tenth.lines[0].b == "-1/10"
    assert floats.reasons().tolist() == ["", "x below 0.3", "x below -0.1"]


@pytest.mark.parametrize(
    ("rule", "wanted"), [("worst", "CCC"), ("ignore", "AAA"), ("reject", "credit")]
)
def test_a_missing_value_follows_its_rule(rule: Any, wanted: str) -> None:
    """Missing is never better than known unless the gate says so; rejected, the row is named."""
    gates = [attrs.evolve(each, missing=rule) for each in (CREDIT, OVERDUE, DISPUTE)]
    columns: list[Any] = [["A", None], [0.0, nan], [False, None]]
    for each, column in zip(gates, columns, strict=True):
        policy = GatePolicy(
            *([each] if isinstance(each, kind) else [] for kind in (GradeGate, LineGate, KnockOut))
        )
        if rule == "reject":
            with pytest.raises(MissingValueError, match=f"gate '{each.key}' in row 1"):
                gate(tier([90, 90], LINES), {each.key: column}, policy)
            continue
        found = gate(tier([90, 90], LINES), {each.key: column}, policy)

        assert letters(found.capped) == f"A{wanted[0]}"
        unknown = f"{each.text.en} not known" if rule == "worst" else ""
        assert found.reasons().tolist() == ["", unknown]


def test_the_worst_grade_may_be_good_enough() -> None:
    """Missing counts as the worst grade; where that may be B, so may the customer."""
    lenient = attrs.evolve(CREDIT, b=None, missing="worst")
    found = gate(tier([90, 90], LINES), {"credit": ["B", None]}, GatePolicy([lenient]))

    assert letters(found.capped) == "BB"


@pytest.mark.parametrize(
    "column",
    [
        pd.Series(["A", None, "B"], dtype="string"),
        pd.Series(["A", None, "B"], dtype="category"),
        np.array(["A", nan, "B"], dtype=object),
        ["A", None, "B"],
        ("A", nan, "B"),
    ],
)
def test_grades_come_from_any_column(column: Any) -> None:
    """Texts with nulls of any kind."""
    policy = GatePolicy([attrs.evolve(CREDIT, missing="ignore")])

    assert letters(gate(tier([90] * 3, LINES), {"credit": column}, policy).capped) == "AAC"


def test_grades_may_be_whole_numbers() -> None:
    """1 is best; nulls make floats of them, which are the same grades."""
    policy = GatePolicy([GradeGate("g", Text("g"), [1, 2, 3], a=1, b=2, missing="ignore")])
    tiers = tier([90] * 3, LINES)

    assert letters(gate(tiers, {"g": [1, 2, 3]}, policy).capped) == "ABC"
    assert letters(gate(tiers, {"g": [1.0, nan, 3.0]}, policy).capped) == "AAC"


def test_knock_outs_come_from_any_column() -> None:
    """Booleans, with nulls or without."""
    policy = GatePolicy(knock_outs=[attrs.evolve(DISPUTE, missing="ignore")])
    tiers = tier([90] * 3, LINES)
    for column in (np.array([True, False, False]), [True, None, False], [np.True_, nan, False]):
        assert letters(gate(tiers, {"dispute": column}, policy).capped) == "CAA"
    nullable: Any = pd.array([True, None, False], dtype="boolean")
    assert letters(gate(tiers, {"dispute": nullable}, policy).capped) == "CAA"


def test_the_excluded_are_c_and_can_be_left_out() -> None:
    """Rows stay the same; the remaining keep their ids, or their rows as ids."""
    columns: dict[str, Any] = {
        "credit": ["A", "B", "A"],
        "overdue": [0, 0, 31],
        "dispute": [False] * 3,
        "sanctioned": [False, True, False],
    }
    found = gate(tier([90, 50, 90], LINES), columns, ALL)
    named = gate(tier([90, 50, 90], LINES, ids=["a", "b", "c"]), columns, ALL)

    assert letters(found.capped) == "ACB"
    assert found.lowered.tolist() == [False, False, True]
    assert found.remaining.to_columns()["customer"].tolist() == [0, 2]
    assert named.remaining.to_columns()["customer"].tolist() == ["a", "c"]
    assert letters(named.remaining) == "AB"
    assert found.to_columns()["gate"].tolist() == ["", "sanctioned", "overdue"]


def test_the_first_knock_out_that_excludes_is_the_reason() -> None:
    """One that only lowers gives way to one that excludes, and a second one says nothing new."""
    again = attrs.evolve(SANCTIONS, key="bankrupt")
    policy = GatePolicy(knock_outs=[DISPUTE, SANCTIONS, again])
    found = gate(tier([90], LINES), {key: [True] for key in policy.keys}, policy)

    assert found.to_columns()["gate"].tolist() == ["sanctioned"]
    assert found.facts()["gates"]["bankrupt"] == {"lowered": 0, "excluded": 0}


def test_a_gate_may_ask_the_same_of_a_and_b() -> None:
    """Equal lines and equal grades leave no room for B."""
    same = attrs.evolve(OVERDUE, a=30, b=30), attrs.evolve(OVERDUE, a=30, b=30, better="high")
    for each, wanted in zip(same, ("AAC", "CAA"), strict=True):
        found = gate(tier([90] * 3, LINES), {"overdue": [29, 30, 31]}, GatePolicy(lines=[each]))

        assert letters(found.capped) == wanted
    grades = GatePolicy([attrs.evolve(CREDIT, a="A", b="A")])
    assert letters(gate(tier([90] * 2, LINES), {"credit": ["A", "BBB"]}, grades).capped) == "AC"


def test_gated_tiers_go_wherever_tiers_go() -> None:
    """Held, overridden, moved, served and benched as any others."""
    scores, ids = [95, 85, 70], ["a", "b", "c"]
    policy = GatePolicy([CREDIT])
    holding = HoldPolicy(LINES, LINES)
    first = hold(None, scores, holding, ids=ids)
    found = gate(first.tiers, {"credit": ["BB", "A", "A"]}, policy)
    partner = Override("a", "A", "paid ahead", since="2026-01-01")
    care = ServicePolicy(Care(4, 60), Care(2, 45), Care(1, 30))

    assert letters(found.capped) == "BAB"
    assert letters(hold(found.capped, scores, holding, ids=ids).tiers) == "AAB"
    assert letters(override(found.capped, [partner], "2026-02-01").stated) == "AAB"
    assert letters(gate(found.capped, {"credit": ["BB", "B", "A"]}, policy).capped) == "BCB"
    moved = migration(found.computed, found.capped)
    assert (moved.stayed, moved.fell, moved.rose) == (2, 1, 0)
    assert service(found.capped, care).facts() is not None
    assert bench(scores, found.capped, size=2).to_columns()["customer"].tolist() == ["a", "c"]


def test_gated_tiers_can_be_read() -> None:
    """Repr, facts, findings and summary say who moved and by which gate, in both languages."""
    columns: dict[str, Any] = {
        "credit": ["BB", "A", "B", "A"],
        "overdue": [0, 91, 0, 0],
        "dispute": [False] * 4,
        "sanctioned": [False, False, False, True],
    }
    found = gate(tier([95, 85, 70, 20], LINES), columns, ALL)
    facts = found.facts()

    assert repr(found) == "<Gated A 0, B 1, C 3; 3 lowered, 1 excluded>"
    assert facts["moved"] == {"A to B": 1, "A to C": 1, "B to C": 1}
    assert facts["gates"]["credit"] == {"lowered": 2, "excluded": 0}
    assert [(each.code, each.where[0][1], each.measured) for each in found.findings] == [
        ("gate.lowered", "credit", 2),
        ("gate.lowered", "overdue", 1),
        ("gate.excluded", "sanctioned", 1),
    ]
    assert found.findings[2].text.zh == "制裁名单：1个客户被剔除"
    assert found.reasons().tolist()[1] == "Days overdue above 90"
    assert found.summary().splitlines()[0] == "3 of 4 customers lowered by gates, 1 excluded"
    assert found.summary("zh").splitlines()[0] == "4个客户中3个因门槛降级，1个被剔除"
    assert found.summary("zh").splitlines()[-1].split() == ["制裁名单", "0", "1"]


def test_a_policy_is_plain_data() -> None:
    """It comes back through JSON."""
    again = make_converter().structure(json.loads(json.dumps(attrs.asdict(ALL))), GatePolicy)

    assert again == ALL
    assert ALL.keys == ("credit", "overdue", "dispute", "sanctioned")


@pytest.mark.parametrize(
    ("given_gate", "change", "kind", "message"),
    [
        (CREDIT, {"a": "BB", "b": "A"}, SalescoreError, "grade for B in gate"),
        (CREDIT, {"a": "D"}, LabelError, "grade for a in gate 'credit'"),
        (CREDIT, {"grades": ["A", "BB", "A"]}, LabelError, "'A' twice"),
        (CREDIT, {"grades": ["A", 1]}, LabelError, "texts only"),
        (CREDIT, {"grades": "ABC"}, SalescoreError, "one by one"),
        (CREDIT, {"grades": [1.5]}, SalescoreError, "grade: expected a whole"),
        (CREDIT, {"a": None, "b": None}, MissingValueError, "got neither"),
        (CREDIT, {"key": ""}, LabelError, "key of a gate"),
        (CREDIT, {"key": 1}, LabelError, "key of a gate"),
        (CREDIT, {"text": "x"}, SalescoreError, "text of gate 'credit'"),
        (CREDIT, {"missing": "best"}, SalescoreError, "rule for missing"),
        (OVERDUE, {"a": 91}, SalescoreError, "line for B in gate 'overdue'"),
        (OVERDUE, {"better": "high"}, SalescoreError, "line for B"),
        (OVERDUE, {"better": "up"}, SalescoreError, "better side"),
        (OVERDUE, {"a": None, "b": None}, MissingValueError, "got neither"),
        (OVERDUE, {"a": True}, SalescoreError, "line of a gate"),
        (OVERDUE, {"a": "--1"}, SalescoreError, "line of a gate"),
        (OVERDUE, {"a": nan}, SalescoreError, "line of a gate"),
        (OVERDUE, {"a": 2**63}, AmountOverflowError, "line of a gate"),
        (DISPUTE, {"effect": "B"}, SalescoreError, "effect of knock-out"),
        (ALL, {"lines": [OVERDUE, OVERDUE]}, LabelError, "'overdue' twice"),
    ],
)
def test_gates_that_cannot_be_are_refused(
    given_gate: Any, change: dict[str, Any], kind: Any, message: str
) -> None:
    """Crossing caps, grades named twice, what is no grade and no number."""
    with pytest.raises(kind, match=message):
        attrs.evolve(given_gate, **change)


@pytest.mark.parametrize(
    ("columns", "kind", "message"),
    [
        ({"credit": ["A", "D"]}, LabelError, "gate 'credit' in row 1: expected one of"),
        ({"credit": ["A", True]}, LabelError, "got booleans"),
        ({"credit": [["A"], ["B"]]}, LabelError, "unhashable type: 'list'"),
        ({"credit": np.array([["A"], ["B"]])}, ShapeError, "got shape"),
        ({"credit": np.array(["A", {}], dtype=object)}, LabelError, "unhashable type: 'dict'"),
        ({"credit": ["A"]}, ShapeError, "one for each of 2 customers"),
        ({"overdue": ["1", "2"]}, SalescoreError, "expected numbers"),
        ({"overdue": [1.0, inf]}, SalescoreError, "finite"),
        ({"dispute": [0, 1]}, LabelError, "gate 'dispute' in row 0: expected true or false"),
        ({"dispute": [True, "no"]}, LabelError, "gate 'dispute' in row"),
        ({}, LabelError, "none for"),
        ({"credit": ["A", "A"], "x": [1, 2]}, LabelError, "got \\['x'\\]"),
    ],
)
def test_columns_that_do_not_fit_are_refused(columns: Any, kind: Any, message: str) -> None:
    """Unknown grades name the row; each gate has one column, each column a gate."""
    gates: list[Any] = [each for each in (CREDIT, OVERDUE, DISPUTE) if each.key in columns]
    policy = GatePolicy(
        [each for each in gates if isinstance(each, GradeGate)] or ([] if gates else [CREDIT]),
        [each for each in gates if isinstance(each, LineGate)],
        [each for each in gates if isinstance(each, KnockOut)],
    )
    with pytest.raises(kind, match=message):
        gate(tier([90, 90], LINES), columns, policy)


def test_what_is_gated_must_fit() -> None:
    """Columns are as long as the tiers, and the gate that binds exists."""
    found = gate(tier([95], LINES), {"credit": ["B"]}, GatePolicy([CREDIT]))
    with pytest.raises(ShapeError, match="columns of gated tiers: expected 1 rows"):
        attrs.evolve(found, cap=np.zeros(2, dtype=np.uint8))
    with pytest.raises(SalescoreError, match="gates that bind: expected -1 to 0"):
        attrs.evolve(found, bound=np.array([1]))
    assert found.capped.counts[Tier.C] == 1


def test_no_customers_are_no_trouble() -> None:
    """Empty columns give empty tiers."""
    found = gate(tier([], LINES), {key: [] for key in ALL.keys}, ALL)

    assert len(found) == 0
    assert repr(found) == "<Gated A 0, B 0, C 0; 0 lowered, 0 excluded>"
    assert len(found.remaining) == 0
