"""Outlooks of a team equal those of its people, parts equal the whole, and needs are minimal."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import (
    AmountOverflowError,
    LabelError,
    MissingValueError,
    SalescoreError,
    ShapeError,
)
from salescore.growth import (
    OpenDeals,
    Outlook,
    OutlookFold,
    OutlookStatus,
    PipelineNeed,
    PipelineStatus,
    TeamOutlook,
    outlook,
    outlook_by,
    pipeline_needed,
)
from salescore.kernels import TeamDeals, attained, team_reach

CHANCES = [0.0, 0.1, 0.25, 0.5, 0.8, 1.0]


@st.composite
def teams(draw: st.DrawFn) -> tuple[list[str], list[float], list[int], dict[str, int]]:
    """Draw deals of a few people, with targets, some without deals."""
    names = draw(st.lists(st.sampled_from("ABCD"), min_size=1, unique=True))
    size = draw(st.integers(0, 18))
    money = draw(st.sampled_from([st.just(7), st.integers(0, 30)]))
    person = draw(st.lists(st.sampled_from(names), min_size=size, max_size=size))
    chance = draw(st.lists(st.sampled_from(CHANCES), min_size=size, max_size=size))
    amounts = draw(st.lists(money, min_size=size, max_size=size))
    return person, chance, amounts, {name: draw(st.integers(0, 60)) for name in names}


@settings(max_examples=40)
@given(teams(), st.sampled_from([0, "0.3"]))
def test_a_team_is_its_people_one_by_one(team: Any, correlation: Any) -> None:
    """Status, mean, deviation and chances equal those of each person alone."""
    person, chance, amounts, target = team
    found = outlook_by(person, chance, amounts, target=target, correlation=correlation, won=2)

    assert found.person == tuple(sorted(target))
    for row, name in enumerate(found.person):
        mine = [place for place, other in enumerate(person) if other == name]
        alone = outlook(
            [chance[i] for i in mine],
            [amounts[i] for i in mine],
            target[name],
            correlation=correlation,
            won=2,
        )
        few = len(mine) <= 10 or len({amounts[i] for i in mine if chance[i]}) <= 1
        close = 1e-7 if few else 5e-3
        assert found.status[row] == alone.status
        assert found.expected[row] == pytest.approx(alone.expected, abs=1e-9)
        assert found.deviation[row] == pytest.approx(alone.stated.deviation, abs=1e-6)
        assert found.probability[row] == pytest.approx(alone.probability, abs=close)
        assert found.independent[row] == pytest.approx(alone.independent.probability, abs=close)
        assert found.low[row] - 1e-7 <= alone.probability <= found.high[row] + 1e-7
        assert found.shortfall[row] == pytest.approx(alone.shortfall, abs=close * 60)
    testing.check_result(found)


@settings(max_examples=30)
@given(teams(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(team: Any, random: Any) -> None:
    """Any order gives the same bits."""
    person, chance, amounts, target = team
    rows = list(zip(person, chance, amounts, strict=True))
    random.shuffle(rows)
    columns: list[Any] = [[row[k] for row in rows] for k in range(3)]

    one = outlook_by(person, chance, amounts, target=target, correlation=0)
    other = outlook_by(*columns, target=target, correlation=0)

    assert one.same_as(other)


@pytest.mark.parametrize("size", [8, 24])
def test_many_people_keep_their_bounds(size: int) -> None:
    """Hundreds of people over several chunks, against every outcome of each."""
    rng = np.random.default_rng(size)
    amounts = np.rint(np.exp(rng.normal(0, 1, (900, size))) * 1e5).astype(np.int64)
    chance = rng.choice([0.1, 0.35, 0.5, 0.7], (900, size))
    target = np.maximum((chance * amounts).sum(axis=1).astype(np.int64), 1)
    target[:2] = [1, amounts[1].sum()]

    found = team_reach(TeamDeals(amounts, target), chance)

    for row in [0, 1, *range(2, 900, 90)]:
        exact = attained(chance[row : row + 1], amounts[row], int(target[row]), method="outcomes")
        assert found.low[row] <= exact.share[0] + 1e-15
        assert found.high[row] >= exact.share[0] - 1e-15
        assert found.share[row] == pytest.approx(exact.share[0], abs=1e-3)
        assert found.short[row] == pytest.approx(exact.short[0], abs=1e-3 * target[row])
    assert (found.high - found.low).max() < 0.05


def test_nobody_is_an_answer_too() -> None:
    """No rows and no targets give no people; a target alone gives a person without deals."""
    nobody = outlook_by([], [], [], target={}, correlation=0)
    alone = outlook_by([], [], [], target={"Li": 5}, correlation="0.2", won={"Li": 5})

    assert len(nobody) == len(outlook_by([], [], [], target=5, correlation=0)) == 0
    assert alone.of(OutlookStatus.REACHED) == ("Li",)
    assert np.isnan(alone.effective_deals).all()


def test_a_team_reads_in_two_languages() -> None:
    """The least sure first; statuses in words; counts as facts."""
    found = outlook_by(
        ["Li", "Wang", "Wang"], [0.5, 0.9, 0.9], [10, 10, 10], target=10, correlation="0.1"
    )

    lines = found.summary().splitlines()
    assert lines[0] == "<TeamOutlook of 2 people: 2 more likely than not to reach it>"
    assert [line.split()[0] for line in lines[3:]] == ["Li", "Wang"]
    assert "未定" in found.summary("zh")
    assert found.facts()["counts"]["open"] == 2
    assert found.effective_deals[0] == pytest.approx(1)
    with pytest.raises(ShapeError, match="team outlook"):
        attrs.evolve(found, low=np.zeros(1))


@pytest.mark.parametrize(
    ("changes", "error", "text"),
    [
        ({"target": {"Li": 5}}, LabelError, "person 'Wang'"),
        ({"won": {"Zhao": 5}}, LabelError, "person 'Zhao'"),
        ({"target": 5.5}, SalescoreError, "target"),
        ({"target": {"Li": -1, "Wang": 2}}, SalescoreError, "target of 'Li'"),
        ({"target": 2**52}, AmountOverflowError, "target"),
        ({"amount": [2**51, 2**51, 1]}, AmountOverflowError, "amounts of a person"),
        ({"amount": [1, -2, 1]}, SalescoreError, "amount of a deal in row 1"),
        ({"amount": [1]}, ShapeError, "open deals"),
        ({"probability": [0.1, 0.2, 7]}, SalescoreError, "probability of a deal in row 2"),
        ({"person": ["Li", None, "Wang"]}, MissingValueError, "row 1"),
        ({"correlation": 1}, SalescoreError, "correlation between deals"),
    ],
)
def test_what_makes_no_sense_of_a_team_is_an_error(
    changes: dict[str, Any], error: type[Exception], text: str
) -> None:
    """Each says what and where."""
    asked: dict[str, Any] = {
        "person": ["Li", "Li", "Wang"], "probability": [0.5, 0.4, 0.3], "amount": [1, 2, 3],
        "target": 3, "correlation": 0,
    }  # fmt: skip
    asked |= changes
    columns = [asked.pop(name) for name in ("person", "probability", "amount")]

    with pytest.raises(error, match=text):
        outlook_by(*columns, **asked)


@settings(max_examples=40)
@given(testing.outlooks(), st.integers(0, 3))
def test_parts_of_the_deals_equal_the_whole(found: Outlook, cut: int) -> None:
    """Any partition gives the same bits as all deals at once."""
    fold = OutlookFold(found.target, found.correlation, found.won, found.unit)
    chunks = [
        OpenDeals(found.chance[:cut], found.amount[:cut]),
        OpenDeals(found.chance[cut:], found.amount[cut:]),
        OpenDeals([], []),
    ]

    testing.check_accumulator(fold, chunks)
    assert fold.finish(fold.fold(chunks)).same_as(found)


def test_an_accumulator_checks_what_it_is_given() -> None:
    """A target that makes no sense is an error when it is made."""
    with pytest.raises(SalescoreError, match="target"):
        OutlookFold(-1, 0.0)
    with pytest.raises(SalescoreError, match="correlation"):
        OutlookFold(1, 1.0)


@settings(max_examples=40)
@given(testing.pipeline_needs())
def test_needs_are_minimal(need: PipelineNeed) -> None:
    """With the deals the chance is reached, with one less it is not; the status says why not."""
    now = need.outlook
    testing.check_result(need)

    def chance(deals: int) -> float:
        return outlook(
            [*now.chance.tolist(), *[need.deal_probability] * deals],
            [*now.amount.tolist(), *[need.deal_amount] * deals],
            now.target,
            correlation=now.correlation,
            won=now.won,
        ).probability

    assert need.probability == pytest.approx(chance(need.deals), abs=1e-12)
    if need.status is PipelineStatus.NEEDED:
        assert need.one_less < need.wanted <= need.probability
        assert need.one_less == pytest.approx(chance(need.deals - 1), abs=1e-12)
        assert need.amount == need.deals * need.deal_amount
    elif need.status is PipelineStatus.ENOUGH:
        assert need.deals == 0
        assert now.probability >= need.wanted
    else:
        assert need.probability < need.wanted
        assert chance(need.deals + 1) < need.wanted or need.status is PipelineStatus.BEYOND


def test_more_is_needed_for_a_higher_chance_and_a_shared_market() -> None:
    """Monotone in the wanted chance; independence promises too much."""
    alone = outlook([0.4] * 20, 100, 1000, correlation=0)
    shared = outlook([0.4] * 20, 100, 1000, correlation="0.2")
    wanted = ["0.5", "0.8", "0.95", "0.99"]

    needs = [[pipeline_needed(now, w, probability=0.25, amount=100).deals for w in wanted]
             for now in (alone, shared)]  # fmt: skip

    assert needs[0] == sorted(needs[0])
    assert needs[1] == sorted(needs[1])
    assert needs[1][-1] > 1.5 * needs[0][-1]


def test_every_status_of_a_need_is_told() -> None:
    """Enough, needed, beyond and never, in both languages."""
    now = outlook([0.5, 0.5], 10, 20, correlation=0)

    def need(wanted: Any, **options: Any) -> PipelineNeed:
        asked: dict[str, Any] = {"probability": 0.5, "amount": 10, **options}
        return pipeline_needed(now, wanted, **asked)

    assert need(0.2).status is PipelineStatus.ENOUGH
    assert need(0.9).status is PipelineStatus.NEEDED
    assert need(0.9, most=2).status is PipelineStatus.BEYOND
    assert need(0.9, most=0).status is PipelineStatus.BEYOND
    assert need(1).status is PipelineStatus.NEVER
    assert need(0.9, amount=0).status is PipelineStatus.NEVER
    assert need(0.9, probability=0).status is PipelineStatus.NEVER
    sure = need(1, probability=1)
    assert (sure.status, sure.deals, sure.amount) == (PipelineStatus.NEEDED, 2, 20)
    lines = need(0.9).summary().splitlines()
    assert lines[0] == "<PipelineNeed: 5 more deals for 90.0%, needed>"
    assert lines[1] == "more deals are needed"
    assert "增加商机数" in need(0.9).summary("zh")


@pytest.mark.parametrize(
    ("changes", "error", "text"),
    [
        ({"wanted": 0}, SalescoreError, "wanted chance"),
        ({"wanted": "1.01"}, SalescoreError, "wanted chance"),
        ({"probability": 1.5}, SalescoreError, "probability of a deal"),
        ({"probability": float("nan")}, MissingValueError, "probability of a deal"),
        ({"amount": -1}, SalescoreError, "amount of a deal"),
        ({"amount": 1.5}, SalescoreError, "amount of a deal"),
        ({"most": -1}, SalescoreError, "most further deals"),
        ({"amount": 2**45}, AmountOverflowError, "further deals"),
    ],
)
def test_a_need_that_makes_no_sense_is_an_error(
    changes: dict[str, Any], error: type[Exception], text: str
) -> None:
    """Each says what was expected."""
    asked: dict[str, Any] = {"wanted": 0.9, "probability": 0.5, "amount": 10} | changes
    now = outlook([0.5], 10, 20, correlation=0)

    with pytest.raises(error, match=text):
        pipeline_needed(now, asked.pop("wanted"), **asked)


@given(testing.team_outlooks())
def test_drawn_teams_keep_their_bounds(found: TeamOutlook) -> None:
    """Low, guess and high in order, from 0 to 1, whatever the status."""
    assert (found.low >= 0).all()
    assert (found.low <= found.probability + 1e-12).all()
    assert (found.probability <= found.high + 1e-12).all()
    assert (found.high <= 1).all()
    assert sum(len(found.of(status)) for status in OutlookStatus) == len(found)


def test_targets_beyond_all_doubt_are_told_with_bounds() -> None:
    """Where every deal must close, or all but none may, the chance is still between its bounds."""
    amount = np.arange(1, 13, dtype=np.int64)
    deals = TeamDeals(np.stack([amount, amount]), np.array([amount.sum(), 1]))
    chance = np.stack([np.full(12, 1e-3), np.full(12, 1 - 1e-3)])
    found = team_reach(deals, chance)

    assert found.low[0] <= 1e-36 <= found.high[0]
    assert found.low[1] <= 1 - 1e-36 <= found.high[1]
    assert found.high[0] < 1e-6
    assert found.low[1] > 1 - 1e-6
