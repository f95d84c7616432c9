"""Why a rate of growth has, or has not, a value."""

from __future__ import annotations

from enum import IntEnum
from math import isnan

from salescore.core import Text
from salescore.kernels import Kind

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

    def has_value(self, kind: Kind) -> bool:
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
        return self not in _WITHOUT[kind]


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

_WITHOUT: dict[Kind, frozenset[Status]] = {
    "simple": frozenset({Status.ZERO_BASE, Status.MISSING, Status.NEW, Status.PARTIAL}),
    "log": frozenset(Status) - {Status.OK},
    "midpoint": frozenset({Status.MISSING, Status.PARTIAL}),
}

# By the signs of base and current; where both are losses, by the sign of the change.
_TURNS = {
    (-1, 1): Text("loss to profit", "扭亏为盈"),
    (-1, 0): Text("loss ended", "扭亏"),
    (0, -1): Text("into loss", "转亏"),
    (1, -1): Text("profit to loss", "由盈转亏"),
}
_LOSSES = {
    1: Text("loss reduced", "减亏"),
    0: Text("loss unchanged", "亏损持平"),
    -1: Text("loss widened", "增亏"),
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
        Loss to profit 扭亏为盈, loss ended 扭亏, loss reduced 减亏, loss unchanged 亏损持平, loss
        widened 增亏, profit to loss 由盈转亏, into loss 转亏. None when neither is a loss, or one
        of them is NaN.

    Examples
    --------
    >>> turn(5, -3).to("zh"), turn(-5, -3).to("zh"), turn(5, 3)
    ('扭亏为盈', '增亏', None)
    """
    if isnan(current) or isnan(base):
        return None
    if current < 0 and base < 0:
        return _LOSSES[_order(current, base)]
    return _TURNS.get((_order(base, 0), _order(current, 0)))


def _order(a: float, b: float) -> int:
    return (a > b) - (a < b)
