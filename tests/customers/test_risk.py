"""What customers owe adds up by age, is held against limits, and meets grades and prices."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pandas as pd
import pytest
from cattrs.preconf.json import make_converter
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.core import Text, Tier, Unit
from salescore.customers import (
    RECEIVABLES_POLICY,
    GatePolicy,
    GradeGate,
    GradeLadder,
    NumberPoints,
    PriceBands,
    PriceViolations,
    Receivables,
    ReceivablesPolicy,
    Risk,
    Scorecard,
    TierPolicy,
    check_prices,
    credit,
    gate,
    receivables,
    risk,
    tier,
)
from salescore.errors import (
    AmountOverflowError,
    LabelError,
    MissingValueError,
    SalescoreError,
    ShapeError,
    UnitError,
)
from salescore.kernels import age_sums, oldest, sums_of

TODAY = date(2026, 6, 30)
IDS = ["Hua", "Li", "Wu"]
Item = tuple[str, int, int]  # customer, amount, days overdue
ITEMS = st.lists(
    st.tuples(st.sampled_from(IDS), st.integers(-500, 10**6), st.integers(-40, 200)), max_size=12
)
POLICIES = st.builds(
    ReceivablesPolicy,
    st.sets(st.integers(1, 150), max_size=3).map(sorted),
    st.sampled_from(["apart", "due"]),
    tolerance=st.integers(0, 900),
    overdue=st.integers(0, 10**5),
    oldest=st.integers(0, 150),
    watch=st.fractions(0, 1, max_denominator=9),
)


def owed(items: list[Item], **others: Any) -> Receivables:
    """Ask for the receivables of some items on the day."""
    options: dict[str, Any] = {"ids": IDS, "as_of": TODAY, **others}
    return receivables(
        [name for name, _, _ in items],
        [amount for _, amount, _ in items],
        [TODAY - timedelta(days=days) for _, _, days in items],
        **options,
    )


def band_of(days: int, ends: tuple[int, ...]) -> int:
    """Say in which band an age lies: the oracle."""
    if days <= 0:
        return 0
    return 1 + sum(days > end for end in ends)


@given(ITEMS, POLICIES)
def test_bands_hold_what_a_scalar_count_holds(items: list[Item], policy: ReceivablesPolicy) -> None:
    """Each item is in one band; bands and credit notes add up to what is open."""
    found = owed(items, policy=policy)
    bands = [[0] * len(policy.names) for _ in IDS]
    notes, ages = [0] * 3, [0] * 3
    for name, amount, days in items:
        i = IDS.index(name)
        if amount < 0 and policy.credits == "apart":
            notes[i] += amount
        else:
            bands[i][band_of(days, policy.bands)] += amount
        if amount > policy.tolerance:
            ages[i] = max(ages[i], days)

    assert found.bands.tolist() == bands
    assert found.credit.tolist() == notes
    assert found.oldest.tolist() == ages
    opened = [sum(a for name, a, _ in items if name == each) for each in IDS]
    assert found.open.tolist() == opened == (found.bands.sum(axis=1) + found.credit).tolist()
    assert found.overdue.tolist() == [sum(row[1:]) for row in bands]


@given(ITEMS, st.integers(0, 12), st.randoms(use_true_random=False), POLICIES)
def test_parts_add_up_to_the_whole(
    items: list[Item], cut: int, random: Any, policy: ReceivablesPolicy
) -> None:
    """Any split and any order of the items give the same bits."""
    limits = (["Hua", "Wu"], [1000, 0])
    whole = owed(items, limits=limits, orders=(["Li", "Hua"], [7, 9]), policy=policy)
    one = owed(items[:cut], limits=limits, orders=(["Li"], [7]), policy=policy)
    other = owed(items[cut:], limits=limits, orders=(["Hua"], [9]), policy=policy)
    shuffled = list(items)
    random.shuffle(shuffled)
    again = owed(shuffled, limits=limits, orders=(["Hua", "Li"], [9, 7]), policy=policy)

    assert (one + other).same_as(whole)
    assert (other + one).same_as(whole)
    assert again.same_as(whole)


@given(ITEMS, st.dictionaries(st.sampled_from(IDS), st.integers(0, 10**6)), POLICIES)
def test_exposure_is_held_against_the_limit_exactly(
    items: list[Item], limits: dict[str, int], policy: ReceivablesPolicy
) -> None:
    """Headroom, use, over and near the limit as fractions say; without a limit nothing is."""
    found = owed(
        items,
        limits=(list(limits), list(limits.values())),
        orders=(["Hua"], [3]),
        policy=policy,
    )
    for i, name in enumerate(IDS):
        exposure, limit = int(found.open[i]) + (3 if name == "Hua" else 0), limits.get(name)
        over = limit is not None and exposure - limit > policy.tolerance
        near = limit is not None and exposure > policy.watched * limit and not over
        used = Fraction(exposure, limit) if limit else None

        assert int(found.exposure[i]) == exposure
        assert int(found.headroom[i]) == (0 if limit is None else limit - exposure)
        assert (bool(found.over_limit[i]), bool(found.near_limit[i])) == (over, near)
        assert found.utilisation_of(i) == used
        assert np.isnan(found.utilisation[i]) == (used is None)
        if used is not None:
            assert found.utilisation[i] == float(used)
        assert found.to_columns()["limit"].tolist()[i] == limit


@given(ITEMS, POLICIES)
def test_remarks_are_on_money_and_age_most_money_first(
    items: list[Item], policy: ReceivablesPolicy
) -> None:
    """Never on how many documents are late: splitting every item changes no remark on money."""
    found = owed(items, policy=policy, limits=(["Hua", "Li"], [1000, 50_000]))
    stakes: list[int] = []
    for finding in found.findings:
        i = IDS.index(finding.where[0][1])
        late, excess = max(int(found.overdue[i]), 0), -int(found.headroom[i])
        money = {"overdue": late, "oldest": late, "limit": excess, "watch": int(found.exposure[i])}
        stakes.append(money[finding.code.removeprefix("receivables.")])
    told = {(finding.code, finding.where[0][1]) for finding in found.findings}

    assert stakes == sorted(stakes, reverse=True)
    for i, name in enumerate(IDS):
        assert (("receivables.overdue", name) in told) == (found.overdue[i] > policy.overdue)
        assert (("receivables.oldest", name) in told) == (found.oldest[i] > policy.oldest)
        assert (("receivables.limit", name) in told) == bool(found.over_limit[i])
        assert (("receivables.watch", name) in told) == bool(found.near_limit[i])
    halves = [(name, part, days) for name, a, days in items for part in (a // 2, a - a // 2)]
    split = owed(halves, policy=policy, limits=(["Hua", "Li"], [1000, 50_000]))
    if policy.tolerance == 0:
        assert split.overdue.tolist() == found.overdue.tolist()
    assert split.open.tolist() == found.open.tolist()


@given(ITEMS, POLICIES)
def test_columns_of_findings_say_what_the_findings_say(
    items: list[Item], policy: ReceivablesPolicy
) -> None:
    """One row a finding in the same order; texts and numbers stay what they are."""
    debts = owed(items, policy=policy, limits=(["Hua", "Li"], [1000, 50_000]))
    graded = credit({"years": [0, 9]}, CARD, ids=["Hua", "Li"])
    priced = check_prices(sales(("Li", 700), ("Li", 1300), ("Wu", 5)), BANDS, ids=["Li", "Wu"])

    both = risk(debts, credit=graded, prices=priced, least="B")
    several: list[Receivables | PriceViolations | Risk] = [debts, priced, both]
    for found in several:
        table = found.finding_columns()
        stakes = table.pop("stake").tolist()
        told = [(f.where[0][1], f.code, f.severity, f.measured, f.limit) for f in found.findings]
        assert list(zip(*(column.tolist() for column in table.values()), strict=True)) == told
        assert stakes == sorted(stakes, reverse=True)


def test_a_day_belongs_to_the_band_it_ends() -> None:
    """On the due day nothing is late; 30 days are 1-30, 31 are 31-60, 91 are over 90."""
    days = [-1, 0, 1, 30, 31, 60, 61, 90, 91]
    found = owed([("Hua", 1, each) for each in days])

    assert RECEIVABLES_POLICY.names == ("not due", "1-30", "31-60", "61-90", "over 90")
    assert found.bands[0].tolist() == [2, 2, 2, 2, 1]
    assert ReceivablesPolicy(bands=()).names == ("not due", "over 0")


def test_credit_notes_stand_where_the_policy_says() -> None:
    """Apart they lower what is open and nothing that is overdue; else they are set off."""
    items = [("Hua", 1000, 40), ("Hua", -300, 35)]
    apart, due = (owed(items, policy=ReceivablesPolicy(credits=each)) for each in ("apart", "due"))

    assert (apart.open[0], apart.overdue[0], apart.credit[0]) == (700, 1000, -300)
    assert (due.open[0], due.overdue[0], due.credit[0]) == (700, 700, 0)
    assert owed([("Hua", -300, 35)], policy=ReceivablesPolicy(credits="due")).findings == ()


def test_what_is_paid_is_not_owed() -> None:
    """Also of a credit note; a paid item makes no age."""
    items = [("Hua", 1000, 95), ("Li", 500, 10), ("Li", -200, 10)]
    found = owed(items, paid=[1000, 200, -200])

    assert (found.open.tolist(), found.oldest.tolist()) == ([0, 300, 0], [0, 10, 0])


def test_tiny_amounts_make_no_remark() -> None:
    """A cent that is old for ages, and a cent over the limit."""
    policy = ReceivablesPolicy(tolerance=1, overdue=1)
    found = owed([("Hua", 1, 400), ("Li", 101, -5)], policy=policy, limits=(["Li"], [100]))

    assert [finding.code for finding in found.findings] == ["receivables.watch"]
    assert found.open.tolist() == [1, 101, 0]


def test_receivables_can_be_read() -> None:
    """In both languages, most overdue first; more than ten remarks are counted."""
    unit = Unit("CNY", 100)
    found = owed(
        [("Hua", 100_00, 95), ("Li", 95_00, -3)],
        limits=(["Hua", "Li"], [60_00, 100_00]),
        unit=unit,
    )

    assert repr(found) == (
        "<Receivables of 3 customers on 2026-06-30: 195.00 CNY open, 100.00 CNY overdue>"
    )
    assert "Hua：最长逾期95天，超过90天；共逾期100.00 CNY" in found.summary("zh")
    said = found.summary()
    assert "Hua: exposure 100.00 CNY is 40.00 CNY over the credit limit of 60.00 CNY" in said
    assert "Li: exposure 95.00 CNY leaves 5.00 CNY of the credit limit of 100.00 CNY" in said
    assert said.splitlines()[2].startswith("Hua")
    assert found.level.tolist() == [3, 2, 0]
    assert found.facts()["over_limit"] == 1
    many = [f"c{i:02}" for i in range(12)]
    late = receivables(many, [1] * 12, ["2026-06-01"] * 12, as_of=TODAY)
    assert late.summary().splitlines()[-1] == "... 2 more remarks"
    assert late.summary("zh").splitlines()[-1] == "……另有2条提示"


def test_customers_are_found_or_given() -> None:
    """All that any table names, ascending; or the ids in their order. Numbers are ids too."""
    found = receivables(
        [30, 10], [5, 5], np.array(["2026-06-30", "2026-01-01"], "M8[D]"), as_of=TODAY,
        orders=([20], [1]), limits=([40], [9]),
    )  # fmt: skip
    empty = receivables([], [], [], as_of="2026-06-30")

    assert found.ids.tolist() == [10, 20, 30, 40]
    assert found.exposure.tolist() == [5, 1, 5, 0]
    assert (len(empty), empty.findings, empty.facts()["open"]) == (0, (), 0)
    assert len(receivables([], [], [], as_of=TODAY, ids=[])) == 0
    assert empty.summary() == receivables([], [], [], as_of=TODAY, ids=[]).summary()


def test_due_days_come_in_any_form() -> None:
    """Dates, texts, datetime64 and a pandas column say the same."""
    forms: list[Any] = [
        [date(2026, 5, 31)],
        ["2026-05-31"],
        np.array(["2026-05-31"], "M8[ns]"),
        pd.Series(np.array(["2026-05-31"], "M8[s]")),
    ]
    for due in forms:
        assert receivables(["Hua"], [1], due, as_of=TODAY).oldest.tolist() == [30]


def test_policies_round_trip_and_compare_by_value() -> None:
    """Through plain Python and JSON."""
    policy = ReceivablesPolicy((15, 45), "due", tolerance=5, watch=0.75)
    converter = make_converter()

    assert converter.loads(converter.dumps(policy), ReceivablesPolicy) == policy
    assert ReceivablesPolicy(**json.loads(json.dumps(attrs.asdict(policy)))) == policy
    assert policy.watched == Fraction(3, 4)


NAN = float("nan")
WRONG: list[tuple[Any, type[SalescoreError], str]] = [
    (lambda: ReceivablesPolicy(bands=(60, 30)), SalescoreError, "last days that rise"),
    (lambda: ReceivablesPolicy(bands=(30, 30)), SalescoreError, "last days that rise"),
    (lambda: ReceivablesPolicy(bands=(0,)), SalescoreError, "last day of a band"),
    (lambda: ReceivablesPolicy(bands=(2**61,)), AmountOverflowError, "days below"),
    (lambda: ReceivablesPolicy(credits="net"), SalescoreError, "place of credit notes"),  # type: ignore[arg-type]  # what is refused
    (lambda: ReceivablesPolicy(tolerance=-1), SalescoreError, "tolerance"),
    (lambda: ReceivablesPolicy(overdue=1.5), SalescoreError, "overdue"),  # type: ignore[arg-type]  # what is refused
    (lambda: ReceivablesPolicy(watch=1.01), SalescoreError, "from 0 to 1"),
    (lambda: ReceivablesPolicy(watch=NAN), MissingValueError, "watch line"),
    (lambda: ReceivablesPolicy(watch=Fraction(1, 2**61)), AmountOverflowError, "fewer digits"),
    (lambda: owed([("Yu", 1, 1)]), LabelError, "Hua"),
    (lambda: owed([("Hua", 1, 1)], ids=["Hua", "Hua"]), LabelError, "Hua"),
    (lambda: owed([], limits=(["Hua", "Hua"], [1, 2])), LabelError, "each customer once"),
    (lambda: owed([], limits=(["Hua"], [-1])), SalescoreError, "credit limits in row 0"),
    (lambda: owed([], limits=(["Hua"], [1, 2])), ShapeError, "credit limits"),
    (lambda: owed([], orders=(["Hua"], [-1])), SalescoreError, "orders in row 0"),
    (lambda: owed([("Hua", 5, 1)], paid=[6]), SalescoreError, "paid in row 0"),
    (lambda: owed([("Hua", 5, 1)], paid=[-1]), SalescoreError, "paid in row 0"),
    (lambda: owed([("Hua", -5, 1)], paid=[1]), SalescoreError, "paid in row 0"),
    (lambda: owed([("Hua", -5, 1)], paid=[-6]), SalescoreError, "paid in row 0"),
    (lambda: owed([("Hua", 5, 1)], paid=[1, 2]), ShapeError, "paid: 2"),
    (lambda: owed([], as_of="2026-06"), SalescoreError, "day of the receivables"),
    (lambda: owed([], policy="30"), SalescoreError, "policy of the receivables"),
    (lambda: owed([], unit="CNY"), SalescoreError, "unit of the receivables"),
    (lambda: receivables(["a"], [1, 2], ["2026-01-01"], as_of=TODAY), ShapeError, "amount: 2"),
    (lambda: receivables(["a"], [1.5], ["2026-01-01"], as_of=TODAY), SalescoreError, "whole"),
    (lambda: receivables(["a"], [NAN], ["2026-01-01"], as_of=TODAY), SalescoreError, "whole"),
    (lambda: receivables(["a"], [1], ["2026-13-01"], as_of=TODAY), SalescoreError, "due day"),
    (lambda: receivables(["a"], [1], [None], as_of=TODAY), MissingValueError, "due day in row 0"),
    (
        lambda: receivables(["a", "b"], [1, 1], np.array(["2026-01-01", "NaT"], "M8[D]"), as_of=TODAY),
        MissingValueError,
        "due day in row 1: expected a day, got NaT",
    ),
    (lambda: receivables(["a"], [1], [7], as_of=TODAY), SalescoreError, "due day"),
    (
        lambda: receivables(["a"], [1], ["2026-01-01"], as_of=TODAY, orders=([1], [1])),
        LabelError,
        "texts and whole numbers",
    ),
    (lambda: owed([("Hua", 2**62, 1)] * 2), AmountOverflowError, "2\\*\\*63"),
    (
        lambda: owed([("Hua", 2**62, 1)], orders=(["Hua"], [2**62])),
        AmountOverflowError,
        "exposure and credit limit",
    ),
    (
        lambda: owed([("Hua", -(2**62), 1)], limits=(["Hua"], [2**62])),
        AmountOverflowError,
        "exposure and credit limit",
    ),
    (lambda: owed([]).utilisation_of(3), SalescoreError, "below 3"),
    (lambda: owed([]).utilisation_of(-1), SalescoreError, "row of a customer"),
    (lambda: owed([]) + owed([], as_of="2026-07-01"), SalescoreError, "the same policy, day"),
    (lambda: owed([]) + owed([], ids=["Hua"]), SalescoreError, "the same customers"),
    (lambda: owed([]) + owed([], limits=(["Hua"], [0])), SalescoreError, "with the same limits"),
    (lambda: owed([]) + owed([], limits=(["Hua"], [5])), SalescoreError, "with the same limits"),
    (
        lambda: owed([], orders=(["Hua"], [2**62])) + owed([], orders=(["Hua"], [2**62])),
        AmountOverflowError,
        "orders added up",
    ),
    (
        lambda: owed([("Hua", 2**62, 1)]) + owed([("Li", 2**62, 1)]),
        AmountOverflowError,
        "absolute",
    ),
    (lambda: attrs.evolve(owed([]), sums=np.zeros((3, 2), np.int64)), ShapeError, "6 columns"),
    (lambda: attrs.evolve(owed([]), oldest=np.zeros(2, np.int64)), ShapeError, "oldest"),
    (lambda: attrs.evolve(owed([]), oldest=np.array([0, -1, 0])), SalescoreError, "none < 0"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "kind", "message"), WRONG, ids=range(len(WRONG)))
def test_bad_input_is_refused(make: Any, kind: type[SalescoreError], message: str) -> None:
    """It says what is wrong and where."""
    with pytest.raises(kind, match=message):
        make()


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(-9, 9), st.integers(-5, 20), st.booleans()),
        max_size=20,
    )
)
def test_sums_by_owner_equal_loops(rows: list[tuple[int, int, int, bool]]) -> None:
    """Sums, bands and ages of the kernels as a loop finds them."""
    columns = np.array(rows, dtype=np.int64).reshape(len(rows), 4).T.copy()
    codes, amount, days = columns[:3]
    table, total, ages = [[0] * 3 for _ in range(4)], [0] * 4, [0] * 4
    for code, money, age, counted in rows:
        table[code][0 if age <= 2 else 1 if age <= 7 else 2] += money
        total[code] += money
        ages[code] = max(ages[code], age) if counted else ages[code]

    assert age_sums(codes, amount, days, ends=[2, 7], owners=4).tolist() == table
    assert sums_of(codes, amount, 4).tolist() == total
    assert oldest(codes, days, columns[3] > 0, owners=4).tolist() == ages


def test_sums_run_over_many_chunks() -> None:
    """More rows than fit one chunk."""
    n = 40_000
    codes, days = np.arange(n) % 3, np.arange(n) % 5

    found = age_sums(codes, np.ones(n, np.int64), days, ends=[0, 2], owners=3)
    assert found.sum(axis=0).tolist() == [8_000, 16_000, 16_000]


CARD = Scorecard(
    [NumberPoints("years", Text("Years known"), [1, 5], [0, 70, 90])],
    ladder=GradeLadder(["A", "B", "C"], [80, 60], "left"),
)
BANDS = PriceBands.from_columns(["tea"], [900], [1200])


def sales(*lines: tuple[str, int]) -> dict[str, Any]:
    """Give sales of one tea each."""
    return {
        "customer": [name for name, _ in lines],
        "product": ["tea"] * len(lines),
        "price": [price for _, price in lines],
        "quantity": [10] * len(lines),
    }


def test_risk_puts_the_parts_together() -> None:
    """One row a customer in the order of the receivables; all remarks, most money first."""
    found = risk(
        owed([("Hua", 5_000, 95), ("Wu", 100, -9)]),
        credit=credit({"years": [0, 9]}, CARD, ids=["Hua", "Li"]),
        prices=check_prices(sales(("Li", 700), ("Li", 1300)), BANDS, ids=["Hua", "Li"]),
        least="B",
    )

    assert found.grades.tolist() == ["C", "A", None]
    assert found.ladder == ("A", "B", "C")
    assert found.price_money.tolist() == [0, 3000, 0]
    assert found.to_columns()["level"].tolist() == ["critical", "warning", "warning"]
    assert [(f.code, f.where[0][1]) for f in found.findings] == [
        ("receivables.overdue", "Hua"),
        ("receivables.oldest", "Hua"),
        ("credit.grade", "Hua"),
        ("price.below", "Li"),
        ("price.above", "Li"),
        ("credit.no_grade", "Wu"),
    ]
    assert [(f.measured, f.limit) for f in found.findings[2:4]] == [("C", "B"), (2000, 0)]
    assert repr(found) == "<Risk of 3 customers on 2026-06-30: 1 critical, 2 warning>"
    assert "Hua：信用等级C低于B，信用占用5,000" in found.summary("zh")
    assert found.facts()["levels"] == {"none": 0, "info": 0, "warning": 2, "critical": 1}


def test_a_grade_caps_the_tier() -> None:
    """The grades and the ladder go to a gate as they are."""
    found = risk(owed([]), credit=credit({"years": [0, 9, 2]}, CARD, ids=IDS))
    policy = GatePolicy([GradeGate("credit", Text("Credit"), found.ladder, a="A", b="B")])
    tiers = tier([95, 95, 95], TierPolicy.by_line(80, 60), ids=IDS)

    capped = gate(tiers, {"credit": found.grades}, policy).capped
    assert capped.code.tolist() == [Tier.C, Tier.A, Tier.B]


def test_only_exposure_of_grades_below_the_least_is_critical() -> None:
    """The least grade itself may buy on credit; who owes nothing puts nothing at risk."""
    graded = credit({"years": [0, 2, 0]}, CARD, ids=IDS)
    found = risk(owed([("Hua", 9, -5), ("Li", 7, -5)]), credit=graded, least="B")

    assert [(f.code, f.where[0][1]) for f in found.findings] == [("credit.grade", "Hua")]


def test_equal_money_is_told_in_the_order_of_the_customers() -> None:
    """And of one customer in the order of the kinds."""
    found = owed([("Wu", 5, 99), ("Hua", 5, 99), ("Li", 5, 9)]).findings

    assert [(f.where[0][1], f.code.removeprefix("receivables.")) for f in found] == [
        ("Hua", "overdue"),
        ("Hua", "oldest"),
        ("Li", "overdue"),
        ("Wu", "overdue"),
        ("Wu", "oldest"),
    ]


def test_risk_needs_no_grades_and_no_prices() -> None:
    """Without them there is no grade, no ladder and no price money."""
    found = risk(owed([("Hua", 10, 5)]))

    assert (found.grades.tolist(), found.ladder) == ([None] * 3, ())
    assert found.price_money.tolist() == [0, 0, 0]
    assert [finding.code for finding in found.findings] == ["receivables.overdue"]
    nobody = risk(owed([], ids=[]), credit=credit({"years": []}, CARD, ids=[]))
    assert (len(nobody), nobody.findings, nobody.to_columns()["level"].tolist()) == (0, (), [])
    assert risk(owed([]), prices=check_prices(sales(), BANDS)).findings == ()


def test_products_without_a_band_come_last() -> None:
    """They are no remark on a customer."""
    lines = {**sales(("Li", 700)), "product": ["silk"]}
    found = risk(owed([("Hua", 10, 5)]), prices=check_prices(lines, BANDS, no_band="report"))

    codes = [finding.code for finding in found.findings]
    assert codes == ["receivables.overdue", "price.no_band"]
    assert "silk: 1 sales of a product without a price band" in found.summary()


def test_scores_without_ids_are_in_the_order_of_the_customers() -> None:
    """One for each of them."""
    found = risk(owed([]), credit=credit({"years": [0, 9, 2]}, CARD))

    assert found.grades.tolist() == ["C", "A", "B"]


@given(ITEMS, st.permutations(IDS), st.permutations(IDS))
def test_the_order_of_a_part_changes_nothing(
    items: list[Item], one: list[str], other: list[str]
) -> None:
    """Grades and prices find their customers by name."""
    years = {"Hua": 0, "Li": 9, "Wu": 2}

    def asked(first: list[str], second: list[str]) -> Risk:
        return risk(
            owed(items),
            credit=credit({"years": [years[name] for name in first]}, CARD, ids=first),
            prices=check_prices(sales(("Li", 700), ("Hua", 2000)), BANDS, ids=second),
        )

    found, plain = asked(one, other), asked(IDS, IDS)
    assert found.findings == plain.findings
    assert found.to_dict() == plain.to_dict()
    testing.check_result(found)


def test_risk_refuses_what_does_not_belong_together() -> None:
    """Unknown customers, other units, grades that are not on the ladder."""
    graded = credit({"years": [0, 9, 2]}, CARD, ids=IDS)
    strange = credit({"years": [0]}, CARD, ids=["Yu"])
    euros = PriceBands.from_columns(["tea"], [1], [2], unit=Unit("EUR", 100))
    refused: list[tuple[Any, type[SalescoreError], str]] = [
        (lambda: risk(owed([]), credit=strange), LabelError, "customer of credit scores in row 0"),
        (
            lambda: risk(owed([]), prices=check_prices(sales(("Yu", 900)), BANDS)),
            LabelError,
            "customer of price violations in row 0",
        ),
        (lambda: risk(owed([]), credit=credit({"years": [0]}, CARD)), ShapeError, "of 3 customers"),
        (lambda: risk(owed([]), prices=check_prices(sales(), euros)), UnitError, "one unit"),
        (lambda: risk(owed([]), credit=graded, least="D"), LabelError, "one of"),
        (lambda: risk(owed([]), least="B"), LabelError, "credit scores beside it"),
        (lambda: risk(graded), SalescoreError, "receivables"),  # type: ignore[arg-type]  # what is refused
        (lambda: risk(owed([]), credit=CARD), SalescoreError, "credit scores"),  # type: ignore[arg-type]  # what is refused
        (lambda: risk(owed([]), prices=BANDS), SalescoreError, "price violations"),  # type: ignore[arg-type]  # what is refused
    ]
    for make, kind, message in refused:
        with pytest.raises(kind, match=message):
            make()
