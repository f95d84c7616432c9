"""Which seven criteria the field judges customers by."""

from __future__ import annotations

from salescore.core import Text
from salescore.customers._criteria import Criterion, ScoringPolicy

__all__ = ["SEVEN_CRITERIA"]

SEVEN_CRITERIA = ScoringPolicy(
    (
        Criterion("credit", Text("Commercial credit and ability to pay", "商业信誉及支付能力"), 20),
        Criterion("loyalty", Text("Loyalty", "忠诚度"), 15),
        Criterion("dependence", Text("Dependence on us", "依赖程度"), 10),
        Criterion("influence", Text("Influence in the industry", "行业影响力"), 10),
        Criterion("volume", Text("Expected deal volume, with growth", "预计成交额"), 25),
        Criterion("closing", Text("Ease of closing", "成交难易"), 15),
        Criterion("distance", Text("Distance (points for nearness)", "地理远近"), 5),
    )
)
"""The seven criteria of customer classification (客户分类管理), each judged in points 0 to 100.

More points are always better: for ``closing`` they are for ease, for ``distance`` for nearness.
The default weights put first what a customer brings (``volume`` 25) and whether it is paid for
(``credit`` 20), then what makes business repeat and cheap to win (``loyalty`` and ``closing``
15 each), then what protects it (``dependence`` and ``influence`` 10 each); ``distance`` (5) costs
travel time only. They are a starting point: a team that agrees on others states them with
`ScoringPolicy.with_weights`. Whole points give exact scores in hundredths of a point.
"""
