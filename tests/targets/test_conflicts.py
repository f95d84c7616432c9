"""A conflict says in one sentence what needs more than others can give, and it is always true."""

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from salescore.core import Cells, Unit
from salescore.errors import InfeasibleError, SalescoreError
from salescore.kernels import Bounds, clash
from salescore.targets import Conflict, Side
from salescore.targets._conflicts import conflict_of
from salescore.testing import check_result, conflicts
from salescore.typing import IntArray

YUAN = Unit("CNY", 100)
NO_CAP = 2**62
REGIONS = ["华东", "华南", "华西"]
MONTHS = ["2026-01", "2026-02"]


def place(axis: str, label: str) -> list[tuple[str, str]]:
    """Name a place on one axis."""
    return [(axis, label)]


def column(values: list[int]) -> IntArray:
    """Make an int64 column."""
    return np.array(values, dtype=np.int64)


def exactly(groups: IntArray, totals: list[int]) -> Bounds:
    """Make a margin that must be met exactly."""
    return Bounds(groups, column(totals), column(totals))


def asked(
    regions: list[int],
    months: list[int],
    *,
    floor: dict[int, int] | None = None,
    cap: dict[int, int] | None = None,
    total: int | None = None,
) -> Conflict | None:
    """Ask for region and month totals over a full table, and give the conflict."""
    axes = {
        "region": dict.fromkeys(REGIONS[: len(regions)], 1),
        "month": dict.fromkeys(MONTHS[: len(months)], 1),
    }
    cells = Cells.from_shares(axes)
    rows = len(cells)
    low, high = np.zeros(rows, dtype=np.int64), np.full(rows, NO_CAP)
    for row, amount in (floor or {}).items():
        low[row] = amount
    for row, amount in (cap or {}).items():
        high[row] = amount
    margins = [exactly(cells.codes[0], regions), exactly(cells.codes[1], months)]
    names: list[list[Any]] = [
        [place("region", label) for label in REGIONS[: len(regions)]],
        [place("month", label) for label in MONTHS[: len(months)]],
    ]
    if total is not None:
        margins.append(exactly(np.zeros(rows, dtype=np.int64), [total]))
        names.append([()])
    found = clash(margins, low, high)
    if found is None:
        return None
    made = conflict_of(found, margins, names, floor=low, cap=high, cells=cells, unit=YUAN)
    assert made.shortfall == found.amount
    return made


def said(conflict: Conflict | None) -> tuple[str, str]:
    """Give both sentences."""
    assert conflict is not None
    return conflict.text.en, conflict.text.zh


def test_what_can_be_met_is_no_conflict() -> None:
    """A table without caps meets any margins of one total."""
    assert asked([500, 300], [400, 400], total=800) is None


def test_groups_that_need_more_than_others_and_their_caps_give() -> None:
    """Two regions lean on one month and on their caps in the other."""
    found = asked([300_00, 300_00, 100_00], [300_00, 400_00], cap={1: 100_00, 3: 50_00, 4: 20_00})

    assert said(found) == (
        (
            "华东 and 华南 need 600.00 CNY; 2026-01 can give at most 300.00 CNY and "
            "the caps of 华东 / 2026-02 and 华南 / 2026-02 allow at most 150.00 CNY: 150.00 CNY short."
        ),
        (
            "华东、华南需要600.00 CNY；2026-01最多只能给300.00 CNY，"
            "华东 / 2026-02、华南 / 2026-02的上限最多允许150.00 CNY；缺口150.00 CNY。"
        ),
    )


def test_zeros_beyond_hundredths_are_not_read_out() -> None:
    """Money kept to the millionth is said to the cent, unless there is more to say."""
    east = [[("region", "East")]]
    fine = Unit("USD", 1_000_000)
    said = Conflict([Side("margin", east, 5_000_000)], [Side("cap", east, 3_250_000)], fine)
    odd = Conflict([Side("margin", east, 5_000_000)], [Side("cap", east, 3_250_001)], fine)

    assert said.text.en == (
        "East needs 5.00 USD; the cap of East allows at most 3.25 USD: 1.75 USD short."
    )
    assert said.text.zh == "East需要5.00 USD；East的上限最多允许3.25 USD；缺口1.75 USD。"
    assert "3.250001 USD: 1.749999 USD short" in odd.text.en


def test_one_place_is_said_in_the_singular() -> None:
    """A region against the caps of its own cells."""
    found = asked([300_00, 100_00], [200_00, 200_00], cap={0: 100_00, 1: 0})

    assert said(found) == (
        (
            "华东 needs 300.00 CNY; the cap of 华东 / 2026-01 allows at most 100.00 CNY: "
            "200.00 CNY short."
        ),
        "华东需要300.00 CNY；华东 / 2026-01的上限最多允许100.00 CNY；缺口200.00 CNY。",
    )


def test_totals_that_disagree_are_said_without_their_parts() -> None:
    """Regions add up to more than months: nothing else is at fault."""
    assert said(asked([500_00, 300_00], [400_00, 300_00])) == (
        (
            "All of region adds up to 800.00 CNY and all of month adds up to 700.00 CNY: "
            "100.00 CNY too much."
        ),
        "region合计为800.00 CNY，month合计为700.00 CNY，多出100.00 CNY。",
    )
    assert said(asked([500_00, 300_00], [500_00, 300_00], total=900_00)) == (
        (
            "The total adds up to 900.00 CNY and all of region adds up to 800.00 CNY: "
            "100.00 CNY too much."
        ),
        "总额为900.00 CNY，region合计为800.00 CNY，多出100.00 CNY。",
    )


def test_floors_and_locks_that_ask_too_much_are_named() -> None:
    """The largest cell comes first; locks are told from floors."""
    found = asked(
        [100_00, 300_00, 400_00],
        [400_00, 400_00],
        floor={0: 30_00, 1: 80_00, 2: 0},
        cap={1: 80_00, 2: 0},
    )

    assert said(found) == (
        (
            "The floor of 华东 / 2026-01 needs 30.00 CNY and "
            "the lock on 华东 / 2026-02 holds 80.00 CNY; "
            "华东 can give at most 100.00 CNY: 10.00 CNY short."
        ),
        (
            "华东 / 2026-01的下限需要30.00 CNY，华东 / 2026-02已锁定80.00 CNY；"
            "华东最多只能给100.00 CNY；缺口10.00 CNY。"
        ),
    )


def test_locks_that_give_too_little_are_named() -> None:
    """A region of two locked cells cannot grow."""
    locks = {0: 50_00, 1: 60_00}
    found = asked([200_00, 100_00], [150_00, 150_00], floor=locks, cap=locks)

    assert said(found)[0] == (
        "华东 needs 200.00 CNY; the locks on 华东 / 2026-02 and 华东 / 2026-01 give 110.00 CNY: "
        "90.00 CNY short."
    )


def test_a_place_that_nothing_can_be_given_to() -> None:
    """No cell, no gift; and a total below what nobody needs."""
    nothing = Conflict([Side("margin", [place("region", "East")], 5)], [], Unit("pcs"))
    total = Conflict([Side("total", [[]], 5)], [], Unit("pcs"))
    below = Conflict([], [Side("margin", [place("region", "East")], -5)], Unit("pcs"))

    assert said(nothing) == (
        "East needs 5 pcs; nothing can be given: 5 pcs short.",
        "East需要5 pcs；无可分配；缺口5 pcs。",
    )
    assert said(total)[0] == "The total needs 5 pcs; nothing can be given: 5 pcs short."
    assert said(below) == (
        "nothing is needed; East can give at most -5 pcs: 5 pcs short.",
        "没有需求；East最多只能给-5 pcs；缺口5 pcs。",
    )


def test_long_lists_are_cut() -> None:
    """Seven places are named; of more, six and how many there are."""
    seven, twenty = (
        Conflict(
            [Side("margin", [place("region", f"R{i}")], 10) for i in range(count)],
            [Side("cap", [place("region", f"R{i}") for i in range(count)], 1)],
            Unit("pcs"),
        )
        for count in (7, 20)
    )

    assert said(seven)[0].startswith("R0, R1, R2, R3, R4, R5 and R6 need 70 pcs; the caps of R0,")
    assert said(twenty)[0].startswith("R0, R1, R2, R3, R4, R5 and 14 more need 200 pcs;")
    assert said(twenty)[1].startswith("R0、R1、R2、R3、R4、R5等20处需要200 pcs；")


def test_a_bound_that_counts_twice_says_so() -> None:
    """Three margins that cross: the proof takes one bound twice."""
    codes = [[0, 0, 0, 0, 1, 1], [0, 0, 1, 2, 2, 2], [0, 1, 1, 1, 0, 1]]
    lows, highs = [[9, 7], [9, 0, 8], [2, 15]], [[11, 7], [9, 0, 8], [2, 15]]
    floor, cap = column([0, 0, -3, 0, 0, 0]), column([2, 7, 2, 3, 2, 5])
    margins = [Bounds(*map(column, each)) for each in zip(codes, lows, highs, strict=True)]
    names = [
        [place(axis, f"{axis.upper()}{i}") for i in range(len(low))]
        for axis, low in zip("abc", lows, strict=True)
    ]
    cells = Cells.from_columns({"cell": list("uvwxyz")}, [1] * 6)
    found = clash(margins, floor, cap)
    assert found is not None

    made = conflict_of(found, margins, names, floor=floor, cap=cap, cells=cells)

    assert (made.shortfall, made.unit) == (3, cells.unit)
    assert made.text.en == (
        "A1, B0 and 2 x C1 need 46; A0, B1 and B2 can give at most 19 and "
        "the caps of 2 x v and 2 x z allow at most 24: 3 short."
    )


def recount(conflict: Conflict) -> tuple[int, int]:
    """Add both sides up from the columns."""
    columns = conflict.to_columns()
    needs = columns["side"] == "needs"
    amounts = [int(each) for each in columns["amount"]]
    needed = sum(a for a, need in zip(amounts, needs, strict=True) if need)
    return needed, sum(amounts) - needed


@settings(max_examples=40)
@given(conflicts())
def test_every_conflict_is_short_by_what_it_says(conflict: Conflict) -> None:
    """Columns, facts and sentences tell the same figures."""
    check_result(conflict)
    needed, given_ = recount(conflict)
    short = conflict.unit.show(conflict.shortfall)

    assert (conflict.needed, conflict.given) == (needed, given_)
    assert conflict.shortfall == needed - given_ > 0
    assert short in conflict.text.en
    assert short in conflict.text.zh
    assert conflict.to_dict()["shortfall"] == conflict.shortfall
    assert conflict.summary().startswith(conflict.text.en)
    assert conflict.summary("zh").startswith(conflict.text.zh)


def test_a_summary_has_a_line_for_each_side() -> None:
    """Headings and places in the reader's language, amounts in their unit."""
    found = asked([300_00, 100_00], [300_00, 50_00])
    assert found is not None

    assert found.summary().splitlines()[1:] == [
        "side   kind   place          places  times      amount",
        "-----  -----  -------------  ------  -----  ----------",
        "needs  total  all of region       1      1  400.00 CNY",
        "gives  total  all of month        1      1  350.00 CNY",
    ]
    assert found.summary("zh").splitlines()[1].split() == [
        "方面",
        "类别",
        "位置",
        "个数",
        "倍数",
        "金额",
    ]
    assert "region合计" in found.summary("zh")
    assert repr(found) == ("<Conflict needs 400.00 CNY, can be given 350.00 CNY: 50.00 CNY short>")


def test_what_is_no_conflict_is_refused() -> None:
    """Needs that can be given, and sides on the wrong side."""
    need, gift = Side("margin", [place("r", "E")], 5), Side("cap", [place("r", "E")], 5)
    floor = Side("floor", [place("r", "E")], 5)

    with pytest.raises(SalescoreError, match=r"conflict: expected needs above .*5 pcs, got 5 pcs"):
        Conflict([need], [gift], Unit("pcs"))
    with pytest.raises(SalescoreError, match=r"kind of a side of a conflict: .* got 'cap'"):
        Conflict([gift], [], Unit("pcs"))
    with pytest.raises(SalescoreError, match=r"kind of a side of a conflict: .* got 'floor'"):
        Conflict([need], [floor], Unit("pcs"))


@pytest.mark.parametrize(
    ("kind", "amount", "times"),
    [("wish", 1, 1), ("cap", 1.5, 1), ("cap", Fraction(1), 1), ("cap", 1, 0), ("cap", 2**63, 1)],
)
def test_a_side_is_checked(kind: Any, amount: Any, times: int) -> None:
    """Kinds are closed, amounts are whole, a bound counts once at least."""
    with pytest.raises(SalescoreError):
        Side(kind, [place("r", "E")], amount, times)


def test_labels_of_a_side_become_text() -> None:
    """Whole numbers and texts name places alike."""
    assert Side("cap", [[("shop", 7)], []], 1).where == ((("shop", "7"),), ())


@settings(max_examples=40)
@given(conflicts())
def test_an_error_carries_its_proof_through_a_pickle(conflict: Conflict) -> None:
    """A worker's refusal arrives with everything it says."""
    error = InfeasibleError(
        "margins", where="plan", expected="amounts", got=conflict.text.en, certificate=conflict
    )

    again = pickle.loads(pickle.dumps(error))

    assert type(again) is InfeasibleError
    assert isinstance(again, SalescoreError)
    assert again.certificate == conflict
    assert (str(again), again.args, again.where) == (str(error), error.args, "plan")


def test_an_error_without_a_proof_is_allowed() -> None:
    """The certificate is optional."""
    assert InfeasibleError("margins").certificate is None
