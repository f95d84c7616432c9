"""The three classes of customers and what they are called."""

from __future__ import annotations

from enum import IntEnum

from salescore.core._text import Text

__all__ = ["Tier"]


class Tier(IntEnum):
    """Class of a customer; the code is what tier columns hold, lower is better.

    Examples
    --------
    >>> Tier.A < Tier.C, Tier(1).name, Tier.A.text.to("zh")
    (True, 'B', 'A类客户')
    """

    A = 0
    B = 1
    C = 2

    @property
    def text(self) -> Text:
        """Name of the tier in each language."""
        return Text(f"{self.name} customer", f"{self.name}类客户")
