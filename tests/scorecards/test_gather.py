"""Facts are sums over active months: exact, each month once, the same in parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import (
    AmountOverflowError,
    DuplicateCellError,
    LabelError,
    MissingValueError,
    SalescoreError,
    ShapeError,
)
from salescore.scorecards import FIVE_AREAS, FactRows, FactSum, Roster, evaluate, gather
from tests.scorecards.test_evaluate import golden

PEOPLE = ["Li", "Wang", "Chen"]
MONTHS = ["2025-12", "2026-01", "2026-02", "2026-03", "2026-04"]
TEAM = Roster(
    PEOPLE, "2026-01", "2026-04", joined=[None, "2026-02", None], left=[None, None, "2026-03"]
)
ROWS = st.dictionaries(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(MONTHS)),
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(-99, 99), st.integers(0, 99)),
    max_size=12,
)


def rows_of(rows: dict[tuple[str, str], tuple[int, int, int, int]]) -> FactRows:
    """Give the rows as columns; deals are won, and more of them lost."""
    values = list(rows.values())
    return FactRows(
        [person for person, _ in rows],
        [month for _, month in rows],
        {"deals": [won for won, *_ in values], "sales": [sold for *_, sold, _ in values]},
        {
            "deals": [won + lost for won, lost, *_ in values],
            "sales": [asked for *_, asked in values],
        },
    )


@given(ROWS)
def test_facts_are_the_sums_of_active_months(
    rows: dict[tuple[str, str], tuple[int, int, int, int]],
) -> None:
    """Added up one by one, months outside the activity left out and counted."""
    found = gather(rows_of(rows), FIVE_AREAS, roster=TEAM)

    active = {"Li": MONTHS[1:4], "Wang": MONTHS[2:4], "Chen": MONTHS[1:3]}
    for row, person in enumerate(PEOPLE):
        own = {month: values for (who, month), values in rows.items() if who == person}
        inside = [values for month, values in own.items() if month in active[person]]
        deals, sales = found.keys.index("deals"), found.keys.index("sales")
        assert found.done[deals, row] == sum(won for won, *_ in inside)
        assert found.of[deals, row] == sum(won + lost for won, lost, *_ in inside)
        assert found.done[sales, row] == sum(sold for *_, sold, _ in inside)
        assert found.of[sales, row] == sum(asked for *_, asked in inside)
        assert found.reported[row] == sum(any(values) for values in inside)
        assert found.active[row] == len(active[person])
        assert found.left_out[row] == len(own) - len(inside)
    assert not found.of[found.keys.index("visits")].any()
    testing.check_result(found)


@settings(max_examples=20)
@given(ROWS, st.integers(1, 4))
def test_parts_give_the_same_bits(
    rows: dict[tuple[str, str], tuple[int, int, int, int]], parts: int
) -> None:
    """Zero, fold and merge as everywhere; the whole is the verb's."""
    listed = list(rows.items())
    chunks = [rows_of(dict(listed[start::parts])) for start in range(parts)]
    adding = FactSum(FIVE_AREAS, TEAM)

    testing.check_accumulator(adding, chunks)
    whole = gather(rows_of(rows), FIVE_AREAS, roster=TEAM)
    assert adding.finish(adding.fold(chunks)).same_as(whole)


def test_months_without_facts_are_not_judged() -> None:
    """A peer scores the empty months too; here four of seven count, and that is told."""
    months = golden("erpnext_31597")["inputs"]["active_months"]
    team = Roster(["Li"], "2026-01", "2026-08")
    rows = FactRows(
        ["Li"] * 5,
        [f"2026-{month:02d}" for month in [*months, 5]],
        {"deals": [3, 3, 3, 3, 0]},
        {"deals": [6, 6, 6, 6, 0]},
    )

    found = gather(rows, FIVE_AREAS, roster=team)
    cards = evaluate(found)

    assert (found.reported.tolist(), found.active.tolist()) == ([4], [7])
    assert cards.score.tolist() == [100]
    texts = {finding.code: finding.text.en for finding in cards.findings()}
    assert texts["scorecards.months"] == "Of Li there are facts of 4 of 7 active months."


def test_gaps_are_told_of_whoever_has_a_grade_too() -> None:
    """Enough is known for a grade; one month is missing."""
    rows = FactRows(
        ["Chen"],
        ["2026-01"],
        {"sales": [90], "collections": [90], "spent": [95]},
        {"sales": [100], "collections": [100], "spent": [100]},
    )
    cards = evaluate(gather(rows, FIVE_AREAS, roster=TEAM))

    codes = [finding.code for finding in cards.findings() if ("person", "Chen") in finding.where]
    assert codes == ["scorecards.months"]
    assert bool(cards.graded[2])


def test_people_without_rows_stand_in_the_table() -> None:
    """Nobody disappears; rows outside the activity are told."""
    rows = FactRows(["Wang"], ["2026-01"], {"deals": [1]}, {"deals": [2]})
    cards = evaluate(gather(rows, FIVE_AREAS, roster=TEAM))

    assert cards.people == ("Li", "Wang", "Chen")
    assert np.isnan(cards.score).all()
    assert "scorecards.left_out" in [finding.code for finding in cards.findings()]


def test_a_month_of_many_deals_counts_for_more() -> None:
    """The rate over months is sum over sum, and not the mean of rates."""
    rows = FactRows(["Li", "Li"], ["2026-01", "2026-02"], {"deals": [2, 5]}, {"deals": [2, 50]})
    found = gather(rows, FIVE_AREAS, roster=TEAM)

    assert (int(found.done[2, 0]), int(found.of[2, 0])) == (7, 52)


def test_months_are_read_in_every_form() -> None:
    """Texts, days and datetime64; numbers as people, too."""
    team = Roster(
        [7, 9], "2026-01", "2026-03", joined=np.array(["NaT", "2026-02"], "datetime64[M]")
    )
    days = np.array(["2026-01-31", "2026-02-01"], dtype="datetime64[D]")
    found = gather(
        FactRows([7, 9], days, {"deals": [1, 1]}, {"deals": [2, 2]}), FIVE_AREAS, roster=team
    )

    assert found.of[2].tolist() == [2, 2]
    assert team.active.tolist() == [2, 1]
    assert team.same_as(Roster([7, 9], "2026-01", "2026-03", joined=[None, "2026-02"]))


def test_a_month_given_twice_is_refused() -> None:
    """In one part, or in two."""
    row = FactRows(["Li"], ["2026-02"], {"deals": [1]}, {"deals": [2]})
    adding = FactSum(FIVE_AREAS, TEAM)
    twice = adding.merge(adding.fold([row]), adding.fold([row]))

    with pytest.raises(DuplicateCellError, match="rows in 'Li' in 2026-02: expected one at most"):
        adding.finish(twice)
    two = FactRows(["Li", "Li"], ["2026-02"] * 2, {"deals": [1, 1]}, {"deals": [2, 2]})
    with pytest.raises(DuplicateCellError, match="got 2"):
        gather(two, FIVE_AREAS, roster=TEAM)


BAD: list[tuple[Any, Any, str]] = [
    ((["Bo"], ["2026-01"], {}, {}), LabelError, "label in row 0"),
    ((["Li"], [None], {}, {}), MissingValueError, "month in row 0: expected a month, got none"),
    ((["Li"], ["soon"], {}, {}), SalescoreError, "month"),
    ((["Li"], [["2026-01"]], {}, {}), ShapeError, "months: expected one dimension"),
    ((["Li"], ["2026-01"], {"luck": [1]}, {"luck": [1]}), LabelError, "criterion in done"),
    ((["Li"], ["2026-01"], {"deals": [1]}, {}), LabelError, "both done and of"),
    ((["Li"], ["2026-01"], {"deals": [3]}, {"deals": [2]}), SalescoreError, "from 0 to the 2"),
    ((["Li"], ["2026-01"], {"deals": [1.5]}, {"deals": [2]}), SalescoreError, "'deals' done"),
    ((["Li"], ["2026-01"], {"sales": [1]}, {"sales": [-1]}), SalescoreError, "of 'sales'"),
    ((["Li"], ["2026-01"] * 2, {}, {}), ShapeError, "person: 1, month: 2"),
    ((["Li"], ["2026-01"], {"deals": [1, 1]}, {"deals": [2, 2]}), ShapeError, "facts"),
]


@pytest.mark.parametrize(("rows", "error", "message"), BAD)
def test_bad_rows_are_refused(rows: Any, error: Any, message: str) -> None:
    """Each says what, where, expected and got."""
    with pytest.raises(error, match=message):
        gather(FactRows(*rows), FIVE_AREAS, roster=TEAM)


def test_sums_that_do_not_fit_are_refused() -> None:
    """No sum wraps around, in one part or in two."""
    row = FactRows(["Li"], ["2026-01"], {"sales": [2**62]}, {"sales": [1]})
    other = FactRows(["Li"], ["2026-02"], {"sales": [2**62]}, {"sales": [1]})
    adding = FactSum(FIVE_AREAS, TEAM)

    with pytest.raises(AmountOverflowError, match="sums of facts"):
        adding.fold([row, other])
    with pytest.raises(AmountOverflowError, match="sums of facts"):
        adding.merge(adding.fold([row]), adding.fold([other]))


def test_bad_rosters_are_refused() -> None:
    """No months, activity the wrong way round, columns of another length."""
    with pytest.raises(SalescoreError, match="months of a roster: expected one at least"):
        Roster(["Li"], "2026-01", "2026-01")
    with pytest.raises(SalescoreError, match="activity in 'Li': expected to join before"):
        Roster(["Li"], "2026-01", "2026-09", joined=["2026-05"], left=["2026-04"])
    with pytest.raises(ShapeError, match="roster"):
        Roster(["Li"], "2026-01", "2026-09", left=[])


@given(testing.rosters())
def test_activity_lies_within_the_months(team: Roster) -> None:
    """Counted month by month."""
    first, after = team.span
    assert (team.active == after - first).all()
    for row in range(len(team.people)):
        inside = [
            (team.joined is None or np.isnat(team.joined[row]) or month >= team.joined[row])
            and (team.left is None or np.isnat(team.left[row]) or month < team.left[row])
            for month in team.months
        ]
        assert sum(inside) == team.active[row]


def test_no_team_gives_no_facts() -> None:
    """Nobody is nobody, and may be judged."""
    found = gather(FactRows([], [], {}, {}), FIVE_AREAS, roster=Roster([], "2026-01", "2026-02"))

    assert len(found) == 0
    assert repr(found) == "<Facts of 0 people by 12 criteria: 0 of 0 known>"
    assert len(evaluate(found)) == 0
