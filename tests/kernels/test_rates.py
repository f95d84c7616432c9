"""Rates of growth: one status for every value, and a number wherever there can be one."""

from __future__ import annotations

import math
import warnings
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any, cast, get_args

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from salescore.errors import AmountOverflowError, SalescoreError, ShapeError
from salescore.kernels import Kind, lagged, rates, year_to_date

OK, ZERO_BASE, NEGATIVE_BASE, SIGN_FLIP, MISSING, NEW, LOST, PARTIAL = range(8)
KINDS = st.sampled_from(["simple", "log", "midpoint"])
WHOLE = st.integers(-5, 5) | st.integers(-(2**63) + 1, 2**63 - 1)
SIZES = st.floats(1e-140, 1e140)
FLOATS = st.sampled_from([math.nan, 0.0, -0.0]) | SIZES | SIZES.map(float.__neg__)


def scalar_status(current: float, base: float) -> int:
    """Spell the statuses out for one pair: the oracle."""
    if math.isnan(current) or math.isnan(base):
        return MISSING
    if base == 0:
        return NEW if current > 0 else ZERO_BASE
    if base < 0:
        return SIGN_FLIP if current > 0 else NEGATIVE_BASE
    if current < 0:
        return SIGN_FLIP
    return OK if current > 0 else LOST


def exact_rate(current: int, base: int, kind: str) -> Fraction | None:
    """Give a simple or midpoint rate as a fraction."""
    size = abs(base) if kind == "simple" else Fraction(abs(base) + abs(current), 2)
    if not size:
        return Fraction(0) if kind == "midpoint" else None
    return Fraction(current - base) / size


def has_value(status: int, kind: str) -> bool:
    """Tell which statuses allow a number."""
    if kind == "log":
        return status == OK
    return status not in ({MISSING, PARTIAL} | ({ZERO_BASE, NEW} if kind == "simple" else set()))


@given(st.lists(st.tuples(WHOLE, WHOLE), min_size=1), KINDS)
@example([(2**53 + 1, 2**53)], "simple")
@example([(2**53 + 1, 2**53)], "log")
@example([(2**63 - 1, -(2**63))], "midpoint")
def test_whole_numbers_grow_by_their_exact_rate(pairs: list[tuple[int, int]], kind: Kind) -> None:
    """Every value is the exact fraction to within rounding, beyond 2**53 too; none wraps."""
    current, base = (np.array(side, dtype=np.int64) for side in zip(*pairs, strict=True))

    value, status = rates(current, base, kind)

    for (now, then), found, code in zip(pairs, value.tolist(), status.tolist(), strict=True):
        assert code == scalar_status(now, then)
        assert math.isnan(found) != has_value(code, kind)
        if kind == "log" and code == OK:
            assert math.isclose(found, _exact_log(now, then), rel_tol=2e-15, abs_tol=0)
        elif has_value(code, kind):
            exact = exact_rate(now, then, kind)
            assert exact is not None
            assert math.isclose(found, exact, rel_tol=1e-15, abs_tol=0)


def _exact_log(now: int, then: int) -> float:
    """Take the logarithm of a ratio of whole numbers to forty digits."""
    with localcontext(prec=60):
        return float((Decimal(now) / Decimal(then)).ln())


@given(st.lists(st.tuples(FLOATS, FLOATS), min_size=1), KINDS)
def test_a_status_says_why_there_is_no_value(pairs: list[tuple[float, float]], kind: Kind) -> None:
    """Statuses are total and disjoint; a value is NaN exactly where its status has none."""
    current, base = (np.array(side) for side in zip(*pairs, strict=True))

    value, status = rates(current, base, kind)

    assert status.tolist() == [scalar_status(*pair) for pair in pairs]
    assert (~np.isnan(value)).tolist() == [has_value(code, kind) for code in status.tolist()]


@given(st.lists(st.tuples(SIZES, SIZES), min_size=1))
def test_measured_numbers_grow_by_their_rate(pairs: list[tuple[float, float]]) -> None:
    """Floats give what the fractions that they stand for give, to within rounding."""
    current, base = (np.array(side) for side in zip(*pairs, strict=True))

    simple, log, midpoint = (rates(current, base, kind)[0].tolist() for kind in get_args(Kind))

    for i, (now, then) in enumerate(pairs):
        share = (Fraction(now) - Fraction(then)) / Fraction(then)
        assert math.isclose(simple[i], share, rel_tol=1e-15, abs_tol=0)
        assert math.isclose(midpoint[i], 2 * share / (share + 2), rel_tol=1e-15, abs_tol=0)
        with localcontext(prec=60):
            exact = float((Decimal(now) / Decimal(then)).ln())
        assert math.isclose(log[i], exact, rel_tol=2e-15, abs_tol=0)


HUGE = st.sampled_from([5e-324, 3e-320, 1e-308, 1e-155, 1.0, 1e155, 1e308, 1.7e308])


@given(HUGE, HUGE | HUGE.map(float.__neg__), KINDS)
@example(1.7e308, 1e308, "midpoint")
@example(1e-155, 1.4e168, "log")
def test_a_rate_that_fits_no_float_is_never_a_wrong_number(
    current: float, base: float, kind: Kind
) -> None:
    """Floats too large or too far apart give the right rate or NaN, not 0 and not infinite."""
    ((found,), (status,)) = rates(np.array([current]), np.array([base]), kind)

    assert status == scalar_status(current, base)
    if math.isnan(found):
        return
    if kind == "log":
        with localcontext(prec=60):
            exact: Fraction | float = float((Decimal(current) / Decimal(base)).ln())
    else:
        size = abs(Fraction(base))
        size = size if kind == "simple" else (size + Fraction(current)) / 2
        exact = (Fraction(current) - Fraction(base)) / size
    assert math.isclose(found, exact, rel_tol=2e-15, abs_tol=0)


@given(st.lists(st.tuples(WHOLE, WHOLE), min_size=1))
@example([(11_277_428_075_047_188, -31_459_456_338_995_857)])
def test_midpoint_rates_are_bounded_and_antisymmetric(pairs: list[tuple[int, int]]) -> None:
    """A rise and the fall back are opposite bit for bit; nothing leaves -2 to 2."""
    current, base = (np.array(side, dtype=np.int64) for side in zip(*pairs, strict=True))

    there, back = rates(current, base, "midpoint")[0], rates(base, current, "midpoint")[0]

    assert (there == -back).all()
    assert (np.abs(there) <= 2).all()


@given(st.lists(st.integers(100, 10**4), min_size=2, max_size=12))
def test_rates_chain(values: list[int]) -> None:
    """Simple rates multiply, log rates add up to the growth from first to last."""
    panel = np.array([values])

    simple, log = lagged(panel, 1)[0][0, 1:], lagged(panel, 1, "log")[0][0, 1:]

    assert math.isclose(math.prod(simple + 1), values[-1] / values[0], rel_tol=1e-12)
    assert math.isclose(log.sum(), math.log(values[-1] / values[0]), rel_tol=1e-9, abs_tol=1e-12)


@given(st.integers(0, 5), st.integers(0, 7), st.integers(1, 8), KINDS, st.data())
def test_lagged_compares_each_period_with_the_one_before(
    series: int, periods: int, lag: int, kind: Kind, data: st.DataObject
) -> None:
    """A panel in blocks gives what pair by pair gives; first periods have no base."""
    cells = st.lists(st.integers(-9, 9), min_size=periods, max_size=periods)
    rows = data.draw(st.lists(cells, min_size=series, max_size=series))
    panel = np.array(rows, dtype=np.int64).reshape(series, periods)
    partial = np.array(data.draw(st.lists(st.booleans(), min_size=periods, max_size=periods)), bool)

    value, status = lagged(panel, lag, kind, partial=partial)

    for i in range(series):
        for j in range(periods):
            if j < lag:
                assert (status[i, j], math.isnan(value[i, j])) == (MISSING, True)
            elif partial[j] or partial[j - lag]:
                assert (status[i, j], math.isnan(value[i, j])) == (PARTIAL, True)
            else:
                alone = rates(panel[i, j : j + 1], panel[i, j - lag : j - lag + 1], kind)
                assert np.array_equal(value[i, j : j + 1], alone[0], equal_nan=True)
                assert status[i, j] == alone[1][0]


@pytest.mark.parametrize("kind", ["simple", "log", "midpoint"])
@pytest.mark.parametrize("gaps", [False, True])
def test_blocks_leave_no_seam(kind: Kind, *, gaps: bool) -> None:
    """Panels larger than a block give what each row alone gives, and so do columns."""
    whole = np.arange(20_000 * 20).reshape(20_000, 20) * 7919 % 1009 - 200
    panel = np.where(whole % 17 == 0, np.nan, whole) if gaps else whole
    last = np.arange(20) == 19

    value, status = lagged(panel, 3, kind, partial=last)

    for row in (0, 6552, 6553, 6554, 13_105, 13_106, 13_107, 19_999):
        alone = lagged(panel[row : row + 1], 3, kind, partial=last)
        assert np.array_equal(value[row], alone[0][0], equal_nan=True)
        assert np.array_equal(status[row], alone[1][0])
    column = rates(panel[:, 3:].ravel(), panel[:, :-3].ravel(), kind)
    assert np.array_equal(column[0].reshape(-1, 17)[:, :-1], value[:, 3:-1], equal_nan=True)
    assert np.array_equal(column[1].reshape(-1, 17)[:, :-1], status[:, 3:-1])


def test_a_missing_value_stays_missing_in_an_incomplete_period() -> None:
    """Partial wins over every status but missing."""
    partial = np.array([True, True, False])

    value, status = rates(np.array([1.0, np.nan, 1.0]), np.array([0.0, 1.0, 1.0]), partial=partial)

    assert status.tolist() == [PARTIAL, MISSING, OK]
    assert np.isnan(value).tolist() == [True, True, False]


@given(
    st.lists(st.integers(-(10**17), 10**17), min_size=1, max_size=30),
    st.integers(0, 900),
    st.integers(1, 12),
)
def test_years_are_summed_to_date(values: list[int], start: int, year_starts: int) -> None:
    """Each month holds the sum since its business year, or the panel, began."""
    months = np.datetime64(start, "M") + np.arange(len(values))

    found = year_to_date(np.array([values]), months, year_starts=year_starts)

    total, expected = 0, list[int]()
    for place, value in enumerate(values):
        total = value if (start + place) % 12 == year_starts - 1 else total + value
        expected.append(total)
    assert found.tolist() == [expected]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([1, 2], [1]), ShapeError, r"base: expected shape \(2,\), got shape \(1,\)"),
        (([1.0, math.inf], [1.0, 1.0]), SalescoreError, "current value in row 1: expected finite"),
        (
            ([[1.0, 1.0]], [[1.0, -math.inf]]),
            SalescoreError,
            "base value in row 0, column 1: expected finite numbers, got inf",
        ),
        (([True], [1]), SalescoreError, "current values: expected int64 or float64, got bool"),
    ],
)
def test_rates_refuse(arguments: Any, error: type[SalescoreError], message: str) -> None:
    """Unequal shapes, infinities and other types of numbers are refused."""
    with pytest.raises(error, match=message):
        rates(np.array(arguments[0]), np.array(arguments[1]))


def test_masks_lags_and_sums_that_do_not_fit_are_refused() -> None:
    """A mask of another shape, a lag below 1 and sums beyond int64 are errors."""
    panel = np.array([[1, 2]])
    with pytest.raises(ShapeError, match="partial: expected shape"):
        rates(panel, panel, partial=np.array([True]))
    with pytest.raises(ShapeError, match=r"partial: expected shape \(2,\), got shape \(1,\)"):
        lagged(panel, 1, partial=np.array([True]))
    with pytest.raises(ShapeError, match=r"panel: expected series by period, got shape \(2,\)"):
        lagged(panel[0], 1)
    with pytest.raises(SalescoreError, match="lag: expected at least 1 period, got 0"):
        lagged(panel, 0)
    with pytest.raises(SalescoreError, match="kind: expected one of simple, log, midpoint, got x"):
        lagged(panel, 1, cast("Kind", "x"))
    months = np.array(["2025-01", "2025-02"], dtype="datetime64[M]")
    with pytest.raises(AmountOverflowError, match="values of a year"):
        year_to_date(panel * 2**60, months)
    with pytest.raises(ShapeError, match=r"months: expected shape \(2,\), got shape \(1,\)"):
        year_to_date(panel, months[:1])
    with pytest.raises(SalescoreError, match=r"month in column 1: .* after 2025-02, got 2025-01"):
        year_to_date(panel, months[::-1])


def test_a_panel_that_is_cut_out_of_another_is_compared_alike() -> None:
    """Rows and columns that do not lie side by side in memory give the same; none is written."""
    whole = np.arange(48).reshape(4, 12)[:, ::-1].copy(order="F")
    panel, kept = whole[::2, 1::3], whole.copy()

    value, status = lagged(panel, 2)

    expected = lagged(np.ascontiguousarray(panel), 2)
    assert np.array_equal(value, expected[0], equal_nan=True)
    assert np.array_equal(status, expected[1])
    direct = rates(panel[:, 2:], panel[:, :-2])
    assert np.array_equal(value[:, 2:], direct[0])
    assert np.array_equal(status[:, 2:], direct[1])
    assert np.array_equal(whole, kept)


@pytest.mark.parametrize(
    ("current", "base", "expected"),
    [
        (5, 0, NEW),  # pandas: inf
        (0, 0, ZERO_BASE),  # pandas: NaN, like a missing value
        (-5, 0, ZERO_BASE),  # pandas: -inf
        (-5, -10, NEGATIVE_BASE),  # pandas: -0.5 for a smaller loss
        (-2, -1, NEGATIVE_BASE),  # pandas: +1.0 for a larger loss
        (10, -10, SIGN_FLIP),  # pandas: -2.0, as for 10 -> -10
        (0, 10, LOST),
    ],
)
def test_what_peers_answer_with_inf_or_the_wrong_sign(
    current: int, base: int, expected: int
) -> None:
    """What pandas 3.1, polars 2.1 and empyrical give silently, a status says here."""
    value, status = rates(np.array([current]), np.array([base]))

    assert status[0] == expected
    if not math.isnan(value[0]):
        assert (value[0] > 0) == (current > base)


def test_no_warning_is_given() -> None:
    """Division by zero is a status, not a RuntimeWarning."""
    sides = np.array([0, 1, -1, 0.0, np.nan])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for kind in ("simple", "log", "midpoint"):
            rates(sides, sides[::-1], kind)
