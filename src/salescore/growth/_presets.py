"""Which six rates of growth the field manages by."""

from __future__ import annotations

from attrs import frozen

from salescore.core import Text, one_of
from salescore.typing import Better

__all__ = ["SIX_RATES", "Better", "GrowthRate"]


@frozen
class GrowthRate:
    """One rate of growth that is watched: which measure, what it is called, which way is good.

    Parameters
    ----------
    key : str
        English code of the rate.
    measure : str
        Measure of the panel it is taken from.
    text : Text
        What people call it.
    better : {"up", "down"}, default "up"
        Whether growth is good; ``"down"`` for returned goods or complaints.

    Raises
    ------
    SalescoreError
        For another way.

    Examples
    --------
    >>> returns = GrowthRate("returns", "returned", Text("Returned goods", "退货增长率"), "down")
    >>> returns.better
    'down'
    """

    key: str
    measure: str
    text: Text
    better: Better = "up"

    def __attrs_post_init__(self) -> None:
        one_of(self.better, f"better way of {self.key!r}", ("up", "down"))


SIX_RATES = (
    GrowthRate("orders", "orders", Text("Growth of total orders", "订单总额增长率")),
    GrowthRate("profit", "profit", Text("Growth of profit", "利润增长率")),
    GrowthRate("a_customers", "a_customers", Text("Growth of A customers", "A类客户增长率")),
    GrowthRate(
        "person_sales", "person_sales", Text("Growth of individual performance", "个人业绩增长率")
    ),
    GrowthRate(
        "collections", "collections", Text("Growth of monthly collections", "单月回款增长率")
    ),
    GrowthRate("visits", "visits", Text("Growth of the number of visits", "拜访次数增长率")),
)
"""The six rates of results management (结果管理): rates are managed, not single amounts."""
