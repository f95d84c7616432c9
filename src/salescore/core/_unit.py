"""In which unit whole amounts are counted, and how they are read and shown."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from salescore.core._columns import whole
from salescore.errors import SalescoreError

__all__ = ["COUNT", "Unit"]

# Amounts as they usually stand in files; anything else goes the long way.
_PLAIN = re.compile(r"([+-]?)([0-9]+)\.?([0-9]*)")

_READ = 2  # decimals that are shown even where they are zeros


@frozen
class Unit:
    """A currency or measure and how many of its smallest units make one.

    Parameters
    ----------
    code : str
        What stands behind a shown amount, as ``"CNY"``; empty for plain counts.
    scale : int, default 1
        Smallest units in one unit; a power of ten.

    Examples
    --------
    >>> yuan = Unit("CNY", 100)
    >>> yuan.read("1,234.50")
    123450
    >>> yuan.show(-123450)
    '-1,234.50 CNY'
    """

    code: str
    scale: int = 1

    def __attrs_post_init__(self) -> None:
        scale = whole(self.scale, f"scale of unit {self.code!r}", least=1)
        if str(scale).rstrip("0") != "1":
            what = f"scale of unit {self.code!r}"
            raise SalescoreError(what, expected="a power of ten", got=scale)

    @property
    def places(self) -> int:
        """Digits behind the point."""
        return len(str(self.scale)) - 1

    def read(self, amount: int | str | Decimal | Fraction) -> int:
        """Read an amount in whole units as smallest units, exactly.

        Parameters
        ----------
        amount : int, str, Decimal or Fraction
            In units [unit]; a text may have thousands commas.

        Returns
        -------
        int
            In smallest units [smallest unit].

        Raises
        ------
        SalescoreError
            For a float, a text that is no number, or digits finer than the smallest unit.
        """
        what = f"amount in {self.code or 'counts'}"
        rule = f"an exact number with at most {self.places} decimals (int, str or Decimal)"
        if isinstance(amount, bool | float):
            raise SalescoreError(what, expected=rule, got=repr(amount))
        if isinstance(amount, str):
            amount = amount.replace(",", "")
            plain = _PLAIN.fullmatch(amount)
            if plain and len(plain[3]) <= self.places:
                return int(plain[1] + plain[2] + plain[3].ljust(self.places, "0"))
        try:
            exact = Fraction(amount) * self.scale
        except (ValueError, OverflowError, ZeroDivisionError) as error:
            raise SalescoreError(what, expected=rule, got=repr(amount)) from error
        if exact.denominator != 1:
            raise SalescoreError(what, expected=rule, got=repr(amount))
        return int(exact)

    def show(self, amount: int) -> str:
        """Show an amount of smallest units as people write it.

        Parameters
        ----------
        amount : int
            In smallest units [smallest unit].

        Returns
        -------
        str
            With thousands commas, decimals and the code; nothing is rounded. Zeros beyond
            hundredths, which nobody reads, are left out.

        Examples
        --------
        >>> Unit("CNY", 10_000).show(123_400), Unit("CNY", 10_000).show(123_456)
        ('12.34 CNY', '12.3456 CNY')
        """
        units, rest = divmod(abs(amount), self.scale)
        decimals = ""
        if self.places:
            digits = f"{rest:0{self.places}d}"
            decimals = "." + digits[:_READ] + digits[_READ:].rstrip("0")
        sign = "-" if amount < 0 else ""
        return f"{sign}{units:,}{decimals} {self.code}".rstrip()


COUNT = Unit("")
"""Plain pieces: orders, visits, customers."""
