"""Why a rate of growth has, or has not, a value."""

from __future__ import annotations

from enum import IntEnum

from salescore.core import Text

__all__ = ["Status", "turn"]


class Status(IntEnum):
    """Status of a rate; every rate has exactly one.

    Examples
    --------
    >>> Status.NEW.text.to("zh"), Status.ZERO_BASE.has_value("simple")
    ('新增', False)
    """

    OK = 0
    ZERO_BASE = 1
    NEGATIVE_BASE = 2
    SIGN_FLIP = 3
    MISSING = 4
    NEW = 5
    LOST = 6
    PARTIAL = 7

    @property
    def text(self) -> Text:
        """What the status is called."""
        return _TEXTS[self]

    def has_value(self, kind: str) -> bool:
        """Tell whether a rate of this status is a number.

        Parameters
        ----------
        kind : {"simple", "log", "midpoint"}
            How growth is measured.

        Returns
        -------
        bool
            Where it is false the value is NaN.
        """
        without = {
            "simple": {Status.ZERO_BASE, Status.MISSING, Status.NEW, Status.PARTIAL},
            "log": set(Status) - {Status.OK},
            "midpoint": {Status.MISSING, Status.PARTIAL},
        }
        return self not in without[kind]


_TEXTS = {
    Status.OK: Text("ok", "正常"),
    Status.ZERO_BASE: Text("zero base", "基期为零"),
    Status.NEGATIVE_BASE: Text("negative base", "基期为负"),
    Status.SIGN_FLIP: Text("sign flip", "正负转换"),
    Status.MISSING: Text("missing", "缺失"),
    Status.NEW: Text("new", "新增"),
    Status.LOST: Text("lost", "流失"),
    Status.PARTIAL: Text("partial period", "期间不完整"),
}


def turn(current: float, base: float) -> Text | None:
    """Name what happened to a result that is or was a loss.

    Parameters
    ----------
    current, base : int or float
        The result now and then, in one unit.

    Returns
    -------
    Text or None
        None when neither is a loss, or one of them is NaN.

    Examples
    --------
    >>> turn(5, -3).to("zh"), turn(-5, -3).to("zh"), turn(5, 3)
    ('扭亏为盈', '增亏', None)
    """
    if base < 0 <= current:
        return Text("loss to profit", "扭亏为盈")
    if current < 0 <= base:
        return Text("profit to loss", "由盈转亏")
    if current < 0 and base < 0:
        if current == base:
            return Text("loss unchanged", "亏损持平")
        return Text("loss reduced", "减亏") if current > base else Text("loss widened", "增亏")
    return None
