"""How a remark about the business is told: as data, never as a warning or an error."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, TypeAlias

from attrs import frozen

from salescore.core._columns import one_of
from salescore.core._text import Text

__all__ = ["Figure", "Finding", "Severity"]

Severity: TypeAlias = Literal["info", "warning", "critical"]
"""How much a finding matters."""

Figure: TypeAlias = int | float | Fraction | str | None
"""A number of a finding, or the words that stand where there is none."""


@frozen
class Finding:
    """One remark: what was found, where, the number measured and the limit it is held against.

    Parameters
    ----------
    code : str
        English code of the kind of remark, as ``"checklist.no_stage"``.
    severity : {"info", "warning", "critical"}
        How much it matters.
    where : tuple of (str, str)
        The place as (axis or part, label) pairs; empty for the whole.
    measured : int, float, Fraction, str or None
        What was measured.
    limit : int, float, Fraction, str or None
        What it is held against.
    text : Text
        One sentence a manager can read, in each language.

    Examples
    --------
    >>> late = Finding("visit.late", "warning", (("customer", "Hongda"),), 45, 30, Text("Late"))
    >>> late.code, late.measured, late.limit
    ('visit.late', 45, 30)
    """

    code: str
    severity: Severity
    where: tuple[tuple[str, str], ...]
    measured: Figure
    limit: Figure
    text: Text

    def __attrs_post_init__(self) -> None:
        severities = ("info", "warning", "critical")
        one_of(self.severity, f"severity of finding {self.code!r}", severities)
