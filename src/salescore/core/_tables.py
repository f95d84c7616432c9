"""How a table of columns is shown: as plain text and as escaped HTML."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any, TypeAlias

from salescore.core._text import Text
from salescore.typing import Language

__all__ = ["Formats", "headed_table", "html_table", "text_table"]

Formats: TypeAlias = Mapping[str, Callable[[Any], str]]
"""How the values of a column are shown, by its heading."""

_ROWS = 20
_MORE = Text("... {:,} more rows", "... 另有{:,}行")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NUMBER = re.compile(r"-|[-+]?[\d,]+(\.\d+)?(e[-+]\d+)?( ?[A-Z%]+)?")


def text_table(
    columns: Mapping[str, Iterable[Any]],
    *,
    rows: int = _ROWS,
    formats: Formats | None = None,
    language: Language = "en",
) -> str:
    """Lay columns out as text, numbers to the right, Chinese two places wide.

    Parameters
    ----------
    columns : mapping of str to iterable
        Columns of equal length by their heading.
    rows : int, default 20
        How many rows to show; the rest is counted in a last line.
    formats : mapping of str to callable, optional
        How the values of a column become text; only the rows shown are formatted.
    language : {"en", "zh"}, default "en"
        Language of the last line, where rows are left out.

    Returns
    -------
    str
        Lines joined by newlines, without one at the end. No columns give an empty text.

    Examples
    --------
    >>> print(text_table({"地区": ["East", "South"], "amount": [1200, 45]}))
    地区   amount
    -----  ------
    East    1,200
    South      45
    """
    if not columns:
        return ""
    texts, to_the_right, hidden = _texts(columns, rows, formats or {})
    widths = [
        max([_width(name), *map(_width, column)])
        for name, column in zip(columns, texts, strict=True)
    ]
    lines = [list(columns), ["-" * width for width in widths], *map(list, zip(*texts, strict=True))]
    shown = [
        "  ".join(
            " " * (width - _width(cell)) + cell if right else cell + " " * (width - _width(cell))
            for cell, width, right in zip(line, widths, to_the_right, strict=True)
        ).rstrip()
        for line in lines
    ]
    return "\n".join([*shown, *_more(hidden, language)])


def headed_table(
    columns: Mapping[str, Iterable[Any]],
    heads: Mapping[str, Text],
    language: Language,
    *,
    rows: int = _ROWS,
    formats: Formats | None = None,
) -> str:
    """Lay columns out as text under headings in a language.

    Parameters
    ----------
    columns : mapping of str to iterable
        Columns of equal length by their name.
    heads : mapping of str to Text
        What people call a column; one that is not named keeps its name.
    language : {"en", "zh"}
        Language of the headings and of the last line.
    rows : int, default 20
        How many rows to show; the rest is counted in a last line.
    formats : mapping of str to callable, optional
        How the values of a column become text, by its name.

    Returns
    -------
    str
        As of `text_table`.

    Examples
    --------
    >>> heads = {"region": Text("Region", "地区")}
    >>> print(headed_table({"region": ["East"], "n": [3]}, heads, "zh"))
    地区  n
    ----  -
    East  3
    """
    called = {name: heads[name].to(language) if name in heads else name for name in columns}
    shows = formats or {}
    return text_table(
        {called[name]: column for name, column in columns.items()},
        rows=rows,
        formats={called[name]: show for name, show in shows.items() if name in called},
        language=language,
    )


def html_table(
    columns: Mapping[str, Iterable[Any]],
    *,
    caption: str = "",
    rows: int = _ROWS,
    formats: Formats | None = None,
    language: Language = "en",
) -> str:
    """Lay columns out as an HTML table; every text is escaped.

    Parameters
    ----------
    columns : mapping of str to iterable
        Columns of equal length by their heading.
    caption : str, optional
        Title of the table.
    rows : int, default 20
        How many rows to show; the rest is counted in a last row.
    formats : mapping of str to callable, optional
        How the values of a column become text; only the rows shown are formatted.
    language : {"en", "zh"}, default "en"
        Language of the last row, where rows are left out.

    Returns
    -------
    str
        One ``<table>`` element; well-formed XML. Numbers and their headings stand to the right.

    Examples
    --------
    >>> html_table({"<name>": ["a & b"]}).partition("<tbody>")[2]
    '<tr><td>a &amp; b</td></tr></tbody></table>'
    """
    texts, to_the_right, hidden = _texts(columns, rows, formats or {})
    sides = [' style="text-align:right"' if right else "" for right in to_the_right]
    head = "".join(
        f"<th{side}>{_safe(str(name))}</th>" for side, name in zip(sides, columns, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(f"<td{side}>{_safe(cell)}</td>" for side, cell in zip(sides, line, strict=True))
        + "</tr>"
        for line in zip(*texts, strict=True)
    )
    for line in _more(hidden, language):
        body += f'<tr><td colspan="{len(columns)}">{escape(line)}</td></tr>'
    title = f"<caption>{_safe(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _texts(
    columns: Mapping[str, Iterable[Any]], rows: int, formats: Formats
) -> tuple[list[list[str]], list[bool], int]:
    listed = {name: _listed(column) for name, column in columns.items()}
    length = max(map(len, listed.values()), default=0)
    texts = [
        [formats.get(name, _show)(value) for value in column[:rows]]
        for name, column in listed.items()
    ]
    right = [bool(column) and all(map(_NUMBER.fullmatch, column)) for column in texts]
    return texts, right, max(0, length - rows)


def _listed(column: Iterable[Any]) -> Sequence[Any]:
    # A NumPy array gives plain Python values; anything else is listed as it is.
    values: Any = getattr(column, "tolist", lambda: column)()
    return list(values)


def _show(value: object) -> str:
    if value is None or value != value:  # noqa: PLR0124  # only NaN differs from itself
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1 else f"{value:,.2f}"
    return str(value)


def _safe(text: str) -> str:
    # Control characters have no place in a page, escaped or not.
    return escape(_CONTROL.sub("\ufffd", text))


def _more(hidden: int, language: Language) -> list[str]:
    return [_MORE.to(language).format(hidden)] if hidden else []


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
