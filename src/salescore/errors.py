"""Which errors bad input raises: each says what, where, what was expected and what was got."""

from __future__ import annotations

__all__ = [
    "AmountOverflowError",
    "DuplicateCellError",
    "InfeasibleError",
    "LabelError",
    "MissingValueError",
    "SalescoreError",
    "ShapeError",
    "UnitError",
]


def __dir__() -> list[str]:
    return __all__


class SalescoreError(ValueError):
    """Bad input; base of every error the library raises on purpose.

    Parameters
    ----------
    what : str
        The thing that is wrong, in the caller's words (``"weight of 'credit'"``).
    where : str, optional
        The place: an axis, a row, a cell, an argument.
    expected : str, optional
        The rule that was broken.
    got : object, optional
        The value that broke it; kept as its ``str``, cut at 200 characters.

    Examples
    --------
    >>> raise SalescoreError("share", where="region 'East'", expected="a number >= 0", got=-1)
    Traceback (most recent call last):
    ...
    salescore.errors.SalescoreError: share in region 'East': expected a number >= 0, got -1
    """

    def __init__(self, what: str, *, where: str = "", expected: str = "", got: object = "") -> None:
        self.what = what
        self.where = where
        self.expected = expected
        self.got = _short(str(got))
        super().__init__(self._message())

    def _message(self) -> str:
        place = f" in {self.where}" if self.where else ""
        rule = f"expected {self.expected}" if self.expected else ""
        value = f"got {self.got}" if self.got else ""
        detail = ", ".join(part for part in (rule, value) if part)
        return f"{self.what}{place}" + (f": {detail}" if detail else "")

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.what, self.where, self.expected, self.got))


class ShapeError(SalescoreError):
    """Columns that should have equal lengths, or one dimension, have not."""


class LabelError(SalescoreError):
    """An axis, label, criterion or item that is not known, or is named twice."""


class DuplicateCellError(SalescoreError):
    """Two rows name the same cell, and nobody said that they may be added."""


class MissingValueError(SalescoreError):
    """A NaN, null or empty value where the policy does not allow one."""


class UnitError(SalescoreError):
    """Amounts of different units meet."""


class AmountOverflowError(SalescoreError):
    """A whole number does not fit the exact integer range of the operation."""


class InfeasibleError(SalescoreError):
    """Wishes that cannot be met together: margins, floors, caps and locks.

    Parameters
    ----------
    what, where, expected, got
        As for `SalescoreError`.
    certificate : object, optional
        The proof: what is needed, and what can be given at most.

    Examples
    --------
    >>> error = InfeasibleError("margins", got="2 short", certificate=("East", 2))
    >>> str(error), error.certificate
    ('margins: got 2 short', ('East', 2))
    """

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        expected: str = "",
        got: object = "",
        certificate: object = None,
    ) -> None:
        super().__init__(what, where=where, expected=expected, got=got)
        self.certificate = certificate

    def __reduce__(self) -> tuple[object, ...]:
        return (*super().__reduce__(), {"certificate": self.certificate})


def _short(text: str) -> str:
    limit = 200
    return text if len(text) <= limit else text[: limit - 3] + "..."


def _rebuild(
    kind: type[SalescoreError], what: str, where: str, expected: str, got: str
) -> SalescoreError:
    return kind(what, where=where, expected=expected, got=got)
