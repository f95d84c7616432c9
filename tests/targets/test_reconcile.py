"""A compromise lies between the two sides, adds up exactly, and keeps what was promised."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Axis, Cells, Unit
from salescore.errors import (
    AmountOverflowError,
    InfeasibleError,
    LabelError,
    SalescoreError,
    UnitError,
)
from salescore.kernels import apportion
from salescore.targets import Conflict, KeepTotal, Reconciliation, allocate, reconcile

CNY = Unit("CNY", 100)
REPS, REGIONS = Axis("rep", ["Wu", "Li", "He"]), Axis("region", ["East", "South"])
_TOTALS: list[KeepTotal] = ["top", "bottom"]
trusts = st.fractions(0, 1, max_denominator=30) | st.fractions(0, 1, max_denominator=10**15)
counts = st.integers(0, 20) | st.integers(0, 10**15)


def sides(amounts: st.SearchStrategy[int]) -> st.SearchStrategy[Cells]:
    """Draw one side of a reconciliation."""
    return testing.cells(over=[REPS, REGIONS], amounts=amounts, unit=CNY)


def by_rep(amounts: dict[str, int], **options: Any) -> Cells:
    """Make cells of one axis."""
    return Cells.from_columns({"rep": list(amounts)}, list(amounts.values()), **options)


signed = st.integers(-20, 20) | st.integers(-(10**15), 10**15)


@given(sides(signed), sides(signed), trusts)
def test_a_compromise_lies_between_the_sides(top: Cells, bottom: Cells, trust: Fraction) -> None:
    """Within a unit of the exact one; the total is the exact one rounded half up."""
    found = reconcile(top, bottom, trust=trust)

    exact = [
        Fraction(a) + trust * (b - a)
        for a, b in zip(found.top.amount.tolist(), found.bottom.amount.tolist(), strict=True)
    ]
    for mine, a, b, real in zip(
        found.compromise.amount.tolist(),
        found.top.amount.tolist(),
        found.bottom.amount.tolist(),
        exact,
        strict=True,
    ):
        assert min(a, b) <= mine <= max(a, b)
        assert abs(mine - real) < 1
    assert found.compromise.total == (2 * sum(exact) + 1) // 2
    assert (found.top.total, found.bottom.total) == (top.total, bottom.total)
    testing.check_result(found)


@given(sides(signed), sides(signed))
def test_no_trust_is_top_down_and_full_trust_bottom_up(top: Cells, bottom: Cells) -> None:
    """Bit for bit, in the cells of both."""
    nothing = top - top + (bottom - bottom)

    assert reconcile(top, bottom, trust=0).compromise.same_as(nothing + top)
    assert reconcile(top, bottom, trust=1).compromise.same_as(nothing + bottom)


@given(sides(signed), sides(signed), st.lists(trusts, min_size=3, max_size=3))
def test_trust_may_differ_by_label(top: Cells, bottom: Cells, shares: list[Fraction]) -> None:
    """Each person's cells move by their own share; equal shares are the same as one."""
    trust = dict(zip(REPS.labels, shares, strict=True))

    found = reconcile(top, bottom, trust={"rep": trust})

    columns = found.to_columns()
    for rep, a, b, mine in zip(
        *(columns[name].tolist() for name in ("rep", "top", "bottom", "compromise")), strict=True
    ):
        assert abs(mine - (a + trust[rep] * (b - a))) < 1
    alike = reconcile(top, bottom, trust={"rep": dict.fromkeys(REPS.labels, shares[0])})
    assert alike.compromise.same_as(reconcile(top, bottom, trust=shares[0]).compromise)


@given(sides(counts), sides(counts), st.fractions(0, 1, max_denominator=30), st.data())
def test_promised_cells_stay_and_the_rest_is_re_spread(
    top: Cells, bottom: Cells, trust: Fraction, data: st.DataObject
) -> None:
    """Headquarters' total holds, and what is not promised keeps its proportions."""
    keep: KeepTotal = data.draw(st.sampled_from(_TOTALS))
    promised = data.draw(st.lists(st.sampled_from(REPS.labels), max_size=2))
    places: list[Any] = [{"rep": rep} for rep in promised]
    total = (top if keep == "top" else bottom).total
    free = reconcile(top, bottom, trust=trust, promised=places)
    promises = int(free.bottom.amount[free.promised].sum())
    rest = free.compromise.amount[~free.promised]
    assume(promises == total or (promises < total and rest.any()))

    found = reconcile(top, bottom, trust=trust, keep=keep, promised=places)

    assert found.compromise.total == total
    for each in (found, free):
        kept = each.promised
        assert (each.compromise.amount[kept] == each.bottom.amount[kept]).all()
        named = {(r, g) for r, g in zip(*labels(bottom), strict=True) if r in promised}
        marked = [column[kept].tolist() for column in labels(each.top)]
        assert set(zip(*marked, strict=True)) == named
    weights = [
        (a + trust * (b - a)) * trust.denominator
        for a, b, k in zip(found.top.amount, found.bottom.amount, found.promised, strict=True)
        if not k
    ]
    parts = apportion(np.array([int(w) for w in weights], dtype=np.int64), total - promises)
    assert found.compromise.amount[~found.promised].tolist() == parts.tolist()


@given(sides(signed), sides(signed), trusts)
def test_all_that_people_state_can_be_promised(top: Cells, bottom: Cells, trust: Fraction) -> None:
    """The place without labels is everything; only what nobody stated is a compromise then."""
    found = reconcile(top, bottom, trust=trust, promised=[{}])

    kept = found.promised
    assert kept.sum() == len(bottom)
    assert (found.compromise.amount[kept] == found.bottom.amount[kept]).all()
    assert (np.abs(found.compromise.amount) <= np.abs(found.top.amount))[~kept].all()


def labels(cells: Cells) -> list[Any]:
    """Give the label columns."""
    columns = cells.to_columns()
    return [columns["rep"], columns["region"]]


def test_promises_beyond_the_total_are_refused_with_a_proof() -> None:
    """The error says by how much, and carries the conflict."""
    top, bottom = by_rep({"Li": 500, "Wu": 300}, unit=CNY), by_rep({"Li": 700, "Wu": 400}, unit=CNY)

    message = (
        r"promised amounts: expected at most the total 8.00 CNY, got 11.00 CNY, 3.00 CNY too much"
    )
    with pytest.raises(InfeasibleError, match=message) as caught:
        reconcile(top, bottom, keep="top", promised=[{"rep": ["Li", "Wu"]}])

    proof = caught.value.certificate
    assert isinstance(proof, Conflict)
    assert proof.shortfall == 300


def test_gaps_are_told_at_each_level_by_size() -> None:
    """The whole, each axis and each cell of one side; the largest gap first."""
    columns = {"rep": ["Li", "Wu", "He"], "region": ["East", "East", "South"]}
    nested = {"rep": "region"}
    top = Cells.from_columns(columns, [100, 100, 50], nested=nested, unit=CNY)
    bottom = Cells.from_columns(
        {"rep": ["Li", "Wu", "Xu"], "region": ["East", "East", "South"]},
        [160, 95, 20],
        nested=nested,
        unit=CNY,
    )

    found = reconcile(top, bottom)

    told = [(each.code, str(each.where), each.measured) for each in found.findings]
    assert told == [
        ("reconcile.gap", "(('rep', 'Li'),)", Fraction(3, 5)),
        ("reconcile.gap", "(('region', 'East'),)", Fraction(11, 40)),
        ("reconcile.gap", "(('rep', 'He'),)", Fraction(-1)),
        ("reconcile.only_top", "(('rep', 'He'),)", 0),
        ("reconcile.gap", "(('region', 'South'),)", Fraction(-3, 5)),
        ("reconcile.gap", "(('rep', 'Xu'),)", None),
        ("reconcile.only_bottom", "(('rep', 'Xu'),)", 20),
    ]
    assert found.at_stake == (60, 55, 50, 50, 30, 20, 20)
    assert found.findings[0].text.zh == "员工自报 1.60 CNY，高于总部目标 1.00 CNY，相差 0.60 CNY。"
    one_level = reconcile(top, bottom, by=[()], limit="0.09")
    assert [each.code for each in one_level.findings if each.where == ()] == ["reconcile.gap"]
    assert repr(found) == "<Reconciliation of 2.50 CNY and 2.75 CNY: 2.63 CNY, 7 findings>"
    assert "折中" in found.summary("zh")
    assert "headquarters" in found.summary()


def test_a_gap_of_the_whole_is_told() -> None:
    """At any level named, and always for the whole."""
    top, bottom = by_rep({"Li": 100, "Wu": 100}), by_rep({"Li": 111, "Wu": 110})

    found = reconcile(top, bottom, by=["rep"])

    assert [(each.where, each.measured) for each in found.findings] == [
        ((), Fraction(21, 200)),
        ((("rep", "Li"),), Fraction(11, 100)),
    ]


@given(testing.reconciliations())
def test_a_reconciliation_rolls_up_exactly(found: Reconciliation) -> None:
    """Subtotals of all sides add up, and a gap is people less headquarters."""
    for names in ((), ("region",), ("rep",)):
        rolled = found.by(*names)
        for name in ("top", "bottom", "compromise"):
            assert getattr(rolled, name).same_as(getattr(found, name).by(*names))
        assert int(rolled.gap.sum()) == found.bottom.total - found.top.total
    whole = found.by()
    if len(whole.promised):
        assert whole.promised.all() == found.promised.all()


def test_a_plan_of_a_target_can_be_reconciled() -> None:
    """What `allocate` gives is taken as it is; equal sides leave nothing to tell."""
    plan = allocate(1_000, by_rep({"Li": 3, "Wu": 2}))

    found = reconcile(plan, plan.cells)

    assert not found.findings
    assert found.compromise.same_as(plan.cells)
    assert "at stake" not in found.summary()


def test_no_cells_make_no_compromise() -> None:
    """Empty sides are allowed, whatever total is kept."""
    none = by_rep({})

    assert reconcile(none, none, keep="top").compromise.total == 0
    assert len(reconcile(none, none).compromise) == 0


def test_shares_of_any_length_are_exact() -> None:
    """A share finer than int64 moves nothing where there is nothing, and rounds where there is."""
    zero, one = by_rep({"Li": 0}), by_rep({"Li": 1})
    least = Fraction(1, 2**70)

    assert reconcile(zero, zero, trust=least).compromise.total == 0
    assert reconcile(zero, one, trust=least).compromise.total == 0
    assert reconcile(zero, one, trust=Fraction(1, 2) + least).compromise.total == 1
    assert reconcile(zero, one, trust=Fraction(1, 2) - least).compromise.total == 0


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"bottom_up": by_rep({"Li": 1}, unit=CNY)}, UnitError, "unit of what the people state"),
        ({"bottom_up": by_rep({"Li": 1}).by()}, LabelError, "axes of the cells to add"),
        ({"trust": "1.1"}, SalescoreError, "trust: expected a share 0-1, got 1.1"),
        ({"trust": {"rep": {"Li": 2}}}, SalescoreError, "trust in 'Li': expected a share 0-1"),
        (
            {"trust": {"rep": {}}},
            LabelError,
            r"trust: expected a share for each label of axis 'rep'",
        ),
        ({"trust": {"rep": {"Li": 1, "Wu": 1}}}, LabelError, "label in axis 'rep'.* got 'Wu'"),
        ({"trust": {}}, LabelError, "trust: expected shares by the labels of one axis"),
        ({"trust": {"team": {}}}, LabelError, "axis in cells: expected one of"),
        ({"keep": "half"}, SalescoreError, "keep: expected 'own' or 'top' or 'bottom'"),
        ({"promised": [{"rep": "Wu"}]}, LabelError, "label in axis 'rep'"),
        ({"limit": -1}, SalescoreError, "limit of the gaps: expected a number >= 0, got -1"),
        ({"by": ["team"]}, LabelError, "axis to look at"),
        ({"promised": [{"rep": "Li"}], "keep": "top"}, SalescoreError, "rest after the promises"),
        (
            {"top_down": by_rep({"Li": -5}), "keep": "top"},
            SalescoreError,
            "compromise to re-spread",
        ),
        (
            {"top_down": by_rep({"Li": 2**62}), "bottom_up": by_rep({"Li": 2**62 - 1})},
            None,
            "",
        ),
        (
            {"top_down": by_rep({"Li": 2**62}), "bottom_up": by_rep({"Li": 2**62})},
            AmountOverflowError,
            "absolute amounts of both sides added up",
        ),
        (
            {
                "top_down": by_rep({"Li": 2**61, "Wu": 1}),
                "bottom_up": by_rep({"Li": 5}),
                "keep": "top",
            },
            AmountOverflowError,
            "compromise to re-spread: expected exact weights below",
        ),
    ],
)
def test_what_cannot_be_reconciled_is_refused(
    change: Any, error: type[SalescoreError] | None, message: str
) -> None:
    """Each says what was expected."""
    arguments = {"top_down": by_rep({"Li": 5}), "bottom_up": by_rep({"Li": 3})} | change
    top, bottom = arguments.pop("top_down"), arguments.pop("bottom_up")

    if error is None:
        assert reconcile(top, bottom, **arguments).compromise.total == 2**62
        return
    with pytest.raises(error, match=message):
        reconcile(top, bottom, **arguments)


def test_the_parts_of_a_reconciliation_have_the_same_cells() -> None:
    """The constructor refuses parts that do not fit."""
    one, two = by_rep({"Li": 1}), by_rep({"Wu": 1})

    with pytest.raises(SalescoreError, match="cells of bottom: expected the cells of headquarters"):
        Reconciliation(one, two, one, [True], "own")
    with pytest.raises(SalescoreError, match="lengths of the columns in promised"):
        Reconciliation(one, one, one, [], "own")
