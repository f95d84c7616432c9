"""Whether a target is still open, and what is said when the law of large numbers does not hold."""

from __future__ import annotations

from enum import IntEnum

from salescore.core import Finding, Text

__all__ = ["OutlookStatus", "remarks"]

_FEW = 25.0  # effective deals: below, the sum strays by a fifth and more
_LARGE = 0.2  # of what is expected, on one deal
_SHARED = 0.5  # of the effective deals that independence promises


class OutlookStatus(IntEnum):
    """Whether a target is reached, open or out of reach.

    Examples
    --------
    >>> OutlookStatus.UNREACHABLE.text.to("zh")
    '无法达成'
    """

    OPEN = 0
    REACHED = 1
    CERTAIN = 2
    UNREACHABLE = 3

    @property
    def text(self) -> Text:
        """What it is called."""
        return _TEXTS[self]


_TEXTS = {
    OutlookStatus.OPEN: Text("open", "未定"),
    OutlookStatus.REACHED: Text("reached already", "已达成"),
    OutlookStatus.CERTAIN: Text("certain: deals of probability 1 reach it", "必然达成"),
    OutlookStatus.UNREACHABLE: Text("out of reach, even if every deal is won", "无法达成"),
}


def remarks(
    effective: float | None, independent: float | None, concentration: float, correlation: float
) -> tuple[Finding, ...]:
    """Say why many deals do not even out here; nothing where they do."""
    found: list[Finding] = []
    if independent is not None and independent < _FEW:
        text = Text(
            f"The deals count like {independent:.1f} even ones: too few for luck to even out.",
            f"这些商机只相当于{independent:.1f}个等额商机，数量太少，大数原理不适用。",
        )
        found.append(Finding("outlook.few_deals", "warning", (), independent, _FEW, text))
    if concentration > _LARGE:
        text = Text(
            f"One deal is {concentration:.0%} of what is expected: the result hangs on it.",
            f"单个商机占预期金额的{concentration:.0%}，结果取决于它，大数原理不适用。",
        )
        found.append(Finding("outlook.concentrated", "warning", (), concentration, _LARGE, text))
    if effective is not None and independent is not None and effective < _SHARED * independent:
        text = Text(
            f"Deals share one market (correlation {correlation:g}): they count like "
            f"{effective:.1f} even ones, not {independent:.1f}. More of them even out little more.",
            f"商机同处一个市场（相关系数{correlation:g}），只相当于{effective:.1f}个独立商机，"
            f"而不是{independent:.1f}个；再增加同类商机也难以分散市场风险。",
        )
        limit = _SHARED * independent
        found.append(Finding("outlook.shared_market", "warning", (), effective, limit, text))
    return tuple(found)
