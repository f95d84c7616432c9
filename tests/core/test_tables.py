"""Tables read well in a terminal and are safe in a page."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.core import Result, freeze, headed_table, html_table, text_table
from salescore.typing import AnyArray

ANY = st.text(max_size=10)
PRINTABLE = st.text(st.characters(exclude_categories=["C"]), max_size=10)


def parsed(html: str) -> ElementTree.Element:
    """Read our own HTML as XML."""
    return ElementTree.fromstring(html)  # noqa: S314  # our own text


class Answer(Result):
    """The smallest answer there can be."""

    def to_columns(self) -> dict[str, AnyArray]:
        """Give two rows."""
        return {"n": freeze(np.array([1, 2])), "share": freeze(np.array([0.5, np.nan]))}

    def __repr__(self) -> str:
        return "<Answer 1 & 2>"


def test_a_text_table_aligns_numbers_and_chinese() -> None:
    """Numbers stand to the right; a Chinese character takes two places."""
    table = text_table({"客户": ["宏达", "Li"], "n": [1234, 5], "ok": [True, False]})

    assert table.splitlines() == [
        "客户      n  ok",
        "----  -----  ---",
        "宏达  1,234  yes",
        "Li        5  no",
    ]


def test_missing_numbers_are_dashes() -> None:
    """NaN and None are shown as a dash, small and large floats readably."""
    table = text_table({"x": [None, float("nan"), 0.123456, 1234.5]})

    assert [line.strip() for line in table.splitlines()[2:]] == ["-", "-", "0.1235", "1,234.50"]


def test_long_tables_say_how_much_is_hidden() -> None:
    """Rows that are not shown are counted; only shown rows are formatted."""
    shown: list[int] = []

    def marked(n: int) -> str:
        shown.append(n)
        return f"#{n}"

    table = text_table({"n": range(5)}, rows=2, formats={"n": marked})

    assert table.splitlines()[2:] == ["#0", "#1", "... 3 more rows"]
    assert shown == [0, 1]
    assert "... 3 more rows</td>" in html_table({"n": range(5)}, rows=2)
    assert "... 另有3行</td>" in html_table({"n": range(5)}, rows=2, language="zh")
    assert headed_table({"n": range(5)}, {}, "zh", rows=2).endswith("... 另有3行")


def test_numbers_and_their_headings_stand_to_the_right() -> None:
    """A heading stands over its numbers; texts and their headings begin on the left."""
    table = parsed(html_table({"name": ["a"], "amount": ["1,200 CNY"]}))

    sides = [node.get("style", "") for node in table.iter() if node.tag in {"th", "td"}]
    assert sides == ["", "text-align:right"] * 2


def test_no_columns_are_no_table() -> None:
    """Nothing to show is an empty text and an empty table."""
    assert text_table({}) == ""
    assert text_table({"n": []}) == "n\n-"
    assert parsed(html_table({})).tag == "table"


@given(PRINTABLE, PRINTABLE, PRINTABLE)
def test_every_text_in_a_page_is_escaped(heading: str, cell: str, caption: str) -> None:
    """Whatever labels hold, the HTML stays well-formed and shows them as they are."""
    table = parsed(html_table({heading: [cell]}, caption=caption))

    texts = ["".join(node.itertext()) for node in table.iter() if node.tag in {"th", "td"}]
    assert texts == [heading, cell]


@given(ANY)
def test_no_text_breaks_a_page(text: str) -> None:
    """Control characters are replaced, for they have no place in a page."""
    assert parsed(html_table({text: [text]}, caption=text)).tag == "table"


def test_an_answer_shows_in_every_form() -> None:
    """Text, HTML and plain Python come from the columns."""
    answer = Answer()

    assert answer.summary().splitlines()[0] == "<Answer 1 & 2>"
    assert "Answer 1 &amp; 2" in answer._repr_html_()
    assert answer.to_dict()["columns"]["n"] == [1, 2]


def test_an_answer_must_say_its_columns() -> None:
    """The base class has none."""
    with pytest.raises(NotImplementedError):
        Result().to_columns()
