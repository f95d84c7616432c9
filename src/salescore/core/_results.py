"""What every answer can do: be read, become columns, become plain Python, show in a notebook."""

from __future__ import annotations

from typing import Any

from salescore.core._tables import Formats, html_table, text_table
from salescore.core._values import Value
from salescore.typing import AnyArray

__all__ = ["Result"]


class Result(Value):
    """Base of the answers of the library; a subclass gives `to_columns` and a one-line repr."""

    __slots__ = ()

    def to_columns(self) -> dict[str, AnyArray]:
        """Give the rows of the answer as columns, ready for any data frame.

        Returns
        -------
        dict of str to (n,) ndarray
            Columns of equal length.
        """
        raise NotImplementedError

    def facts(self) -> dict[str, Any]:
        """Give what the answer says besides its rows.

        Returns
        -------
        dict of str to plain Python
            Numbers, texts and lists; JSON-ready.
        """
        return {}

    def formats(self) -> Formats:
        """Give how the columns are shown to people.

        Returns
        -------
        mapping of str to callable
            By column name; columns that are not named are shown plainly.
        """
        return {}

    def to_dict(self) -> dict[str, Any]:
        """Give the whole answer as plain Python.

        Returns
        -------
        dict
            The facts, and under ``"columns"`` one list for each column; JSON-ready, except that
            a float column holds NaN where its status column says why.
        """
        columns = {name: column.tolist() for name, column in self.to_columns().items()}
        return {**self.facts(), "columns": columns}

    def summary(self) -> str:
        """Give the answer as a text that fits a terminal.

        Returns
        -------
        str
            The one-line repr and a table of the first rows.
        """
        return f"{self!r}\n{text_table(self.to_columns(), formats=self.formats())}"

    def _repr_html_(self) -> str:
        caption = repr(self).strip("<>")
        return html_table(self.to_columns(), caption=caption, formats=self.formats())
