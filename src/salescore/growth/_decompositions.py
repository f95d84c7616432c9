"""What prices, volumes, the mix, new and lost items did to the growth."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import asdict, field, frozen

from salescore.core import Cells, Formats, Result, Text, headed_table, locked
from salescore.errors import SalescoreError
from salescore.typing import AnyArray, IntArray, Language

__all__ = ["EFFECTS", "Decomposition", "Split"]

Split: TypeAlias = Literal["bennet", "mix"]
"""Price and volume, each at the mean of both periods; or price, volume and mix."""

EFFECTS: dict[str, Text] = {
    "price": Text("price", "价格"),
    "volume": Text("volume", "数量"),
    "mix": Text("mix", "结构"),
    "new": Text("new", "新增"),
    "lost": Text("lost", "流失"),
}
"""What an amount changes by, in the order they are told."""

_HEADS = {
    "before": Text("before", "基期"),
    "after": Text("after", "本期"),
    "change": Text("change", "增减"),
    **EFFECTS,
}


@frozen(eq=False, repr=False)
class Decomposition(Result):
    """Why an amount changed, item by item; made by `decompose`.

    Parameters
    ----------
    before, after : Cells
        Amounts then and now, in the same cells: 0 where an item was not there.
    split : {"bennet", "mix"}
        How the change of items in both periods was split.
    price, volume, mix, new, lost : (n,) int64
        What each did to the amount of each item [smallest unit].

    Raises
    ------
    SalescoreError
        When the effects of an item do not add up to its change.
    """

    before: Cells
    after: Cells
    split: Split
    price: IntArray = field(converter=locked)
    volume: IntArray = field(converter=locked)
    mix: IntArray = field(converter=locked)
    new: IntArray = field(converter=locked)
    lost: IntArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        told: IntArray = np.sum([getattr(self, name) for name in EFFECTS], axis=0)
        wrong = np.flatnonzero(told != self.change)
        if wrong.size:
            row = int(wrong[0])
            rule = f"a sum of {self.change[row]}"
            raise SalescoreError(f"effects of item {row}", expected=rule, got=int(told[row]))

    @property
    def change(self) -> IntArray:
        """(n,) int64: after less before [smallest unit]."""
        difference: IntArray = self.after.amount - self.before.amount
        return difference

    @property
    def totals(self) -> dict[str, int]:
        """What each effect did to the whole [smallest unit]; they add up to its change."""
        return {name: int(getattr(self, name).sum()) for name in EFFECTS}

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row an item, the largest change of either sign first, ties in label order.

        Returns
        -------
        dict of str to (n,) ndarray
            Labels; ``before``, ``after``, ``change``, ``price``, ``volume``, ``mix``, ``new``
            and ``lost`` int64 [smallest unit]; the last five add up to ``change`` in each row.
        """
        columns = self.before.to_columns()
        columns["before"] = columns.pop("amount")
        columns |= {"after": self.after.amount, "change": self.change}
        columns |= {name: getattr(self, name) for name in EFFECTS}
        order = np.argsort(-np.abs(self.change), kind="stable")
        return {name: column[order] for name, column in columns.items()}

    def facts(self) -> dict[str, Any]:
        """Give both totals, the effects on the whole, how they were split, and the unit."""
        return {
            "before": self.before.total,
            "after": self.after.total,
            "totals": self.totals,
            "split": self.split,
            "unit": asdict(self.before.unit),
        }

    def formats(self) -> Formats:
        """Show amounts in their unit."""
        formats: Formats = dict.fromkeys(_HEADS, self.before.unit.show)
        return formats

    def summary(self, language: Language = "en") -> str:
        """Give the effects as text: those on the whole, and the items that changed most.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr, the effects on the whole, and a table of items.
        """
        show = self.before.unit.show
        whole = {"en": ", ", "zh": "，"}[language].join(
            f"{EFFECTS[name].to(language)} {show(amount)}" for name, amount in self.totals.items()
        )
        table = headed_table(self.to_columns(), _HEADS, language, formats=self.formats())
        return f"{self!r}\n{whole}\n{table}"

    def __len__(self) -> int:
        return len(self.before)

    def __repr__(self) -> str:
        names = " x ".join(axis.name for axis in self.before.axes) or "total"
        change = self.before.unit.show(self.after.total - self.before.total)
        return f"<Decomposition by {names}: {change}>"
