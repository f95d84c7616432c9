"""Labels of any column are found, ordered and coded alike."""

from __future__ import annotations

import datetime
import enum
import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeAlias

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import LabelError, MissingValueError, SalescoreError, ShapeError
from salescore.kernels import encode, factorize

TEXTS = st.lists(st.text(st.characters(exclude_categories=["C"]), max_size=5))
NUMBERS = st.lists(st.integers(-5, 5) | st.integers(-(2**62), 2**62))
# Their stubs leave much unknown.
pd: Any = pytest.importorskip("pandas")
pa: Any = pytest.importorskip("pyarrow")
Containers: TypeAlias = dict[str, Callable[[list[Any]], Any]]


class Color(str, enum.Enum):  # noqa: UP042  # the older kind, whose text is not its value
    """Texts with a name."""

    RED = "red"


class Grade(enum.IntEnum):
    """Numbers with a name."""

    TOP = 1


CONTAINERS: Containers = {
    "tuple": tuple,
    "numpy object": lambda values: np.array([*values, None], dtype=object)[:-1],
    "pandas object": lambda values: pd.Series(values, dtype=object),
    "pandas category": lambda values: pd.Series(values, dtype=object).astype("category"),
    "polars": pl.Series,
    "pyarrow": pa.array,
    "pyarrow chunks": lambda values: pa.chunked_array([values[:2], values[2:]]),
    "pyarrow dictionary": lambda values: pa.array(values).dictionary_encode(),
}
TEXT_CONTAINERS: Containers = {
    **CONTAINERS,
    "numpy text": np.array,
    "numpy StringDType": lambda values: np.array(values, dtype=np.dtypes.StringDType()),
    "pandas text": lambda values: pd.Series(values, dtype="str"),
    "polars categorical": lambda values: pl.Series(values, dtype=pl.Categorical),
}
NUMBER_CONTAINERS: Containers = {
    **CONTAINERS,
    "numpy int32": lambda values: np.array(values, dtype=np.int32),
    "numpy uint64": lambda values: np.array(values, dtype=np.uint64),
    "pandas Int64": lambda values: pd.Series(values, dtype="Int64"),
}


@given(TEXTS | NUMBERS)
def test_labels_are_found_in_ascending_order(values: list[Any]) -> None:
    """Codes spell the column out again; shuffling rows changes no label."""
    codes, labels = factorize(values)

    assert labels == tuple(sorted(set(values)))
    assert [labels[code] for code in codes.tolist()] == values
    assert factorize(values[::-1])[1] == labels
    assert np.array_equal(encode(values, labels), codes)


@given(NUMBERS)
def test_whole_numbers_in_an_array_are_coded_like_a_list(values: list[int]) -> None:
    """Narrow and wide ranges of numbers give the same codes."""
    codes, labels = factorize(np.array(values, dtype=np.int64))

    assert (codes.tolist(), labels) == (factorize(values)[0].tolist(), factorize(values)[1])


@pytest.mark.parametrize("container", TEXT_CONTAINERS)
def test_texts_of_every_container_are_the_same(container: str) -> None:
    """Lists, NumPy, pandas, polars and pyarrow columns of texts give the same labels."""
    values = ["West", "东北", "East", "West"]

    codes, labels = factorize(TEXT_CONTAINERS[container](values))

    assert (codes.tolist(), labels) == ([1, 2, 0, 1], ("East", "West", "东北"))
    assert {type(label) for label in labels} == {str}


NAMES = st.sampled_from(["East", "West", "东北", "", "wes", "tz=int"])
MANY = [f"many {place}" for place in range(60)]
FORMS: Containers = {
    **TEXT_CONTAINERS,
    "numpy text": lambda values: np.array(values, dtype=np.str_),
    "pandas category": lambda values: pd.Series(values, dtype="category"),
    "pandas Categorical": lambda values: pd.Categorical(values, categories=_spare(values)),
    "pandas index": lambda values: pd.CategoricalIndex(values, categories=_spare(values)),
    "pandas string": lambda values: pd.Series(values, dtype="string"),
    "pandas spare": lambda values: pd.Series(["spare", *values], dtype="category")[1:],
    "pandas array": lambda values: pd.array(values, dtype="string"),
    "pandas of pyarrow": lambda values: pd.Series(values, dtype=pd.ArrowDtype(pa.string())),
    "polars": lambda values: pl.Series(values, dtype=pl.String),
    "polars chunks": lambda values: pl.Series(values[:2], dtype=pl.String).append(
        pl.Series(values[2:], dtype=pl.String)
    ),
    "polars enumeration": lambda values: pl.Series(values, dtype=pl.Enum(_spare(values))),
    "polars spare": lambda values: pl.Series(["spare", *values], dtype=pl.Categorical)[1:],
    "polars many": lambda values: pl.Series([*MANY, *values], dtype=pl.Categorical)[len(MANY) :],
    "pyarrow": lambda values: pa.array(values, type=pa.string()),
    "pyarrow large": lambda values: pa.array(values, type=pa.large_string()),
    "pyarrow view": lambda values: pa.array(values, type=pa.string_view()),
    "pyarrow chunks": lambda values: pa.chunked_array([values[:2], values[2:]], type=pa.string()),
    "pyarrow dictionary": lambda values: pa.array(values, type=pa.string()).dictionary_encode(),
    "pyarrow spare": lambda values: _dictionary(["spare", *values])[1:],
    "pyarrow dictionaries": lambda values: pa.chunked_array(
        [_dictionary(values[:2]), _dictionary(values[2:])]
    ),
}


def _spare(values: list[Any]) -> list[str]:
    """Give categories in another order than that of labels, with one that no row has."""
    return sorted({"spare", *(each for each in values if each is not None)}, reverse=True)


def _dictionary(values: list[Any]) -> Any:
    return pa.array(values, type=pa.string()).dictionary_encode()


@pytest.mark.parametrize("form", FORMS)
@given(values=st.lists(NAMES, max_size=12))
def test_every_form_of_a_column_of_texts_is_coded_like_a_list(form: str, values: list[str]) -> None:
    """Categories, dictionaries, chunks and slices give the codes and labels of the plain list."""
    column, labels = FORMS[form](values), tuple(sorted(set(values)))

    codes, found = factorize(column)

    assert found == labels
    assert {type(label) for label in found} <= {str}
    assert codes.tolist() == [labels.index(each) for each in values]
    assert codes.dtype == np.int64
    assert codes.flags.writeable
    assert encode(column, ("none", *labels[::-1])).tolist() == [
        len(labels) - code for code in codes.tolist()
    ]


NULLED = [form for form in FORMS if form not in {"numpy text", "numpy StringDType"}]


@pytest.mark.parametrize("form", NULLED)
@given(values=st.lists(NAMES | st.none(), max_size=12).filter(lambda values: None in values))
def test_a_null_is_named_with_its_row_in_every_form(form: str, values: list[Any]) -> None:
    """The first row without a label is told, as for the plain list."""
    for column in (values, FORMS[form](values)):
        with pytest.raises(MissingValueError, match=f"label in row {values.index(None)}:"):
            factorize(column)


@pytest.mark.parametrize("dtype", [pl.String, pl.Categorical])
@pytest.mark.parametrize("late", [0, 1, 30])
def test_texts_that_come_late_are_found(dtype: Any, late: int) -> None:
    """A label that the first chunk of rows does not have is a label all the same."""
    values = [f"label {place % 7}" for place in range(40_000)]
    values += [f"late {place}" for place in range(late)]
    column = pl.Series(values, dtype=dtype)

    codes, labels = factorize(column)

    assert labels == tuple(sorted(set(values)))
    assert [labels[code] for code in codes.tolist()] == values
    assert encode(column, labels).tolist() == codes.tolist()


def test_a_null_among_the_labels_of_a_dictionary_is_missing_where_a_row_has_it() -> None:
    """A dictionary may hold null; only a row that names it has no label."""
    labels = pa.array(["b", None, "a"])
    column = pa.DictionaryArray.from_arrays(pa.array([2, 0, 1]), labels)

    assert factorize(column[:2])[1] == ("a", "b")
    with pytest.raises(MissingValueError, match="label in row 2"):
        factorize(column)


@pytest.mark.parametrize("container", NUMBER_CONTAINERS)
def test_numbers_of_every_container_are_the_same(container: str) -> None:
    """Whole numbers of any width give plain Python labels."""
    codes, labels = factorize(NUMBER_CONTAINERS[container]([30, 7, 30]))

    assert (codes.tolist(), labels) == ([1, 0, 1], (7, 30))
    assert {type(label) for label in labels} == {int}


DAYS = [datetime.date(2025, 3, 1), datetime.date(2024, 12, 31)]


@pytest.mark.parametrize(
    "column",
    [
        DAYS,
        [datetime.datetime(2025, 3, 1), datetime.datetime(2024, 12, 31)],  # noqa: DTZ001
        [np.datetime64("2025-03-01"), np.datetime64("2024-12-31T00:00")],
        np.array(DAYS, dtype="datetime64[D]"),
        np.array(DAYS, dtype="datetime64[us]"),
        pd.Series(pd.to_datetime(DAYS)),
        pl.Series(DAYS),
        pl.Series(DAYS, dtype=pl.Datetime),
        pa.array(DAYS),
    ],
)
def test_days_of_every_container_become_iso_text(column: Any) -> None:
    """Dates and times at midnight are labelled by their day."""
    codes, labels = factorize(column)

    assert (codes.tolist(), labels) == ([1, 0], ("2024-12-31", "2025-03-01"))


def test_months_become_iso_text() -> None:
    """A column of months is labelled by month."""
    column = np.array(["2025-03", "2024-12"], dtype="datetime64[M]")

    assert factorize(column)[1] == ("2024-12", "2025-03")


def test_numpy_scalars_in_lists_are_plain_labels() -> None:
    """Items that NumPy made are taken for what they are."""
    assert factorize([np.str_("b"), "a"])[1] == ("a", "b")
    assert factorize([np.int64(2), 1])[1] == (1, 2)


def test_enumerations_are_labelled_by_their_values() -> None:
    """A text that has a name is still its text, a number its number; days may be big-endian."""
    column = [Color.RED, "blue"]

    assert factorize(column)[1] == ("blue", "red")
    assert factorize([Grade.TOP, 3])[1] == (1, 3)
    assert {type(label) for label in factorize(column)[1]} == {str}
    assert factorize(np.array(["2025-03-01"], dtype=">M8[D]"))[1] == ("2025-03-01",)
    assert factorize([np.datetime64("2025-03")])[1] == ("2025-03",)


def test_labels_of_no_row_are_left_out() -> None:
    """Categories that no row has are no labels."""
    west = pd.Series(["West", "East"], dtype="category")[:1]
    coded = pa.DictionaryArray.from_arrays(pa.array([2, 0]), pa.array(["b", "x", "a"]))

    assert factorize(west)[1] == ("West",)
    assert (factorize(coded)[0].tolist(), factorize(coded)[1]) == ([0, 1], ("a", "b"))
    for empty in (
        pa.chunked_array([], type=pa.string()),
        pd.Series([], dtype="str"),
        pl.Series([]),
    ):
        codes, labels = factorize(empty)
        assert (codes.tolist(), labels) == ([], ())


@pytest.mark.parametrize("container", ["list", "pandas", "polars", "pyarrow"])
def test_times_with_a_zone_are_labelled_by_their_local_day(container: str) -> None:
    """Midnight in Shanghai is a day there, though it is 16:00 of the day before in UTC."""
    zone = datetime.timezone(datetime.timedelta(hours=8))
    times: Any = [datetime.datetime(2025, 3, 1, tzinfo=zone)]
    columns: Any = {
        "list": lambda: times,
        "pandas": lambda: pd.Series(times),
        "polars": lambda: pl.Series(times).dt.convert_time_zone("Asia/Shanghai"),
        "pyarrow": lambda: pa.array(times, type=pa.timestamp("us", tz="Asia/Shanghai")),
    }

    assert factorize(columns[container]())[1] == ("2025-03-01",)


def test_columns_are_left_as_they_are() -> None:
    """Nothing is written to, and codes are an array of their own."""
    column = np.array([3, 1, 3])
    column.setflags(write=False)

    codes, _ = factorize(column)

    assert codes.flags.writeable
    assert not np.shares_memory(codes, column)


REFUSED: list[tuple[Any, type[SalescoreError], str]] = [
    (["a", None], MissingValueError, "label in row 1: .* got None"),
    (["a", math.nan], MissingValueError, r"label in row 1"),
    ([1, math.nan], MissingValueError, "label in row 1: .* got nan"),
    (pd.Series(["a", None]), MissingValueError, "label in row 1: .* got NaN or null"),
    (pl.Series(["a", None]), MissingValueError, "label in row 1"),
    (pl.Series([1, None]), MissingValueError, "label in row 1: .* got NaN or null"),
    (pa.array(["a", None]), MissingValueError, "label in row 1"),
    (np.array(["2025", "NaT"], dtype="datetime64[D]"), MissingValueError, "row 1: .* got NaT"),
    ([np.datetime64("NaT")], MissingValueError, "row 0"),
    ([pd.NaT], MissingValueError, "row 0: .* got NaT"),
    ([1, pd.NA], MissingValueError, "row 1: .* got <NA>"),
    (["a", "a", None, 2.5], MissingValueError, "label in row 2"),
    (pa.chunked_array([["a", "a"], [None]]), MissingValueError, "label in row 2"),
    (np.ma.array([1, 2], mask=[False, True]), MissingValueError, "row 1: .* got masked"),
    (["b", "b", 1], LabelError, "label in row 2: .*texts only or whole numbers only, got 1"),
    ([1, "a"], LabelError, "label in row 1: .*whole numbers only, got 'a'"),
    ([1, True], LabelError, r"label in row 1: .* got True \(bool\)"),
    ([1, 1.0], LabelError, r"label in row 1: .* got 1.0 \(float\)"),
    ([np.int64(1), 1.0], LabelError, "label in row 1"),
    ([1, np.True_], LabelError, "label in row 1"),
    ([1, Decimal(1)], LabelError, "label in row 1"),
    ([np.timedelta64(1, "D")], LabelError, "label in row 0"),
    (pd.Series([1, True], dtype=object), LabelError, "label in row 1"),
    (pd.Series(["a", "a", 2.5], dtype="category"), LabelError, "label in row 2"),
    (pa.array([True]), LabelError, r"label in row 0: .* got True \(bool\)"),
    (["a", "a", 2.5, 3.5], LabelError, r"label in row 2: .* got 2.5 \(float\)"),
    ([np.datetime64("2025-03"), np.datetime64("2025-03-01")], LabelError, "got units D, M"),
    ([datetime.date(2025, 3, 1), np.datetime64("2025-03")], LabelError, "got units D, M"),
    (["a", np.datetime64("2025-03-01T08")], LabelError, "label in row 1"),
    ([pd.Timestamp("2025-03-01") + pd.Timedelta(1, "ns")], LabelError, "label in row 0"),
    ("East", LabelError, "expected a column, one label a row, got str"),
    ({"East": 1}, LabelError, "got dict"),
    ({"East"}, LabelError, "got set"),
    (pd.DataFrame({"region": ["East"]}), ShapeError, r"one dimension, got shape \(1, 1\)"),
    ([["a"]], LabelError, "unhashable type: 'list'"),
    (np.array([1.5]), LabelError, "labels: .* got float64"),
    (np.array([True]), LabelError, "got bool"),
    (np.array([[1]]), ShapeError, r"one dimension, got shape \(1, 1\)"),
    (np.array(["2025-03-01T08:00"], dtype="datetime64[m]"), LabelError, "times at midnight"),
    ([datetime.datetime(2025, 3, 1, 8)], LabelError, "label in row 0"),  # noqa: DTZ001
]


@pytest.mark.parametrize(("column", "error", "message"), REFUSED)
def test_what_cannot_be_a_label_is_refused(
    column: Any, error: type[SalescoreError], message: str
) -> None:
    """Nulls, floats, booleans, times of day and mixtures are refused with their row."""
    with pytest.raises(error, match=message):
        factorize(column)


def test_an_unknown_label_is_named_with_its_row() -> None:
    """The error lists labels that are near."""
    with pytest.raises(
        LabelError, match=r"label in row 2: expected one of East, \.\.\., got 'Eas'"
    ):
        encode(["West", "East", "Eas"], ("East", "West"))
    with pytest.raises(LabelError, match=r"expected one of A, B, C, D, E, \.\.\., got 'xyz'"):
        encode(["xyz"], tuple("ABCDEFG"))
    with pytest.raises(LabelError, match="no label: the axis is empty, got 'x'"):
        encode(["x"], ())
    assert encode([], ()).tolist() == []
