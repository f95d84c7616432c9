"""Whether sums of a plan stay below what can be served, meet what was stated, and are spread."""

# Shapes: m cells of one level.

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import prod

import numpy as np

from salescore.core import Cells, Finding, Text, share
from salescore.targets._remarks import Remark, place, side_by_side, wide
from salescore.targets._review_policy import ReviewPolicy
from salescore.typing import Share

__all__ = ["above", "buffered", "concentrated", "differing"]


def above(plan: Cells, ceiling: Cells, limit: Fraction, *, name: str) -> Iterator[Remark]:
    """Find sums of the plan that exceed a share of a ceiling: a capacity, or a market."""
    both = side_by_side(plan, ceiling, name)
    factor = limit.numerator + limit.denominator
    planned, most = wide(both.planned, factor), wide(both.stated, factor)
    over = planned * limit.denominator - most * limit.numerator
    show, chinese = plan.unit.show, "能力" if name == "capacity" else "市场容量"
    for row in np.flatnonzero(both.named & (over > 0)).tolist():
        amount, size = int(both.planned[row]), int(both.stated[row])
        measured = Fraction(amount, size) if size > 0 else "nothing there"
        part = f"{float(limit):.0%}"
        text = Text(
            f"{show(amount)} is more than {part} of the {name} of {show(size)}.",
            f"目标 {show(amount)} 超过{chinese} {show(size)} 的 {part}。",
        )
        where = place(both.cells, row)
        found = Finding(f"review.above_{name}", "critical", where, measured, limit, text)
        yield found, -(-int(over[row]) // limit.denominator)


def differing(plan: Cells, stated: Cells) -> Iterator[Remark]:
    """Find targets stated apart that the plan does not add up to."""
    both = side_by_side(plan, stated, "stated targets")
    show = plan.unit.show
    for row in np.flatnonzero(both.named & (both.planned != both.stated)).tolist():
        amount, target = int(both.planned[row]), int(both.stated[row])
        text = Text(
            f"The parts add up to {show(amount)}, but {show(target)} was stated.",
            f"分解合计 {show(amount)}，与单列目标 {show(target)} 不符。",
        )
        where = place(both.cells, row)
        found = Finding("review.differs", "critical", where, amount, target, text)
        yield found, abs(amount - target)


def buffered(plan: Cells, buffers: Sequence[Share], policy: ReviewPolicy) -> Iterator[Remark]:
    """Find whether over-assignment at the levels compounds to too much."""
    factor = prod((1 + share(each, "buffer") for each in buffers), start=Fraction(1))
    limit = policy.limit("buffer")
    if factor - 1 <= limit:
        return
    # The plan is what is asked of people; without buffers it would be plan / factor.
    excess = abs(plan.total) * (factor - 1 - limit) / factor
    text = Text(
        f"Buffers at {len(buffers)} levels compound to {float(factor - 1):.1%}.",
        f"{len(buffers)} 级加码累计达 {float(factor - 1):.1%}。",
    )
    found = Finding("review.buffer", "warning", (), factor - 1, limit, text)
    yield found, -(-excess.numerator // excess.denominator)


def concentrated(plan: Cells, policy: ReviewPolicy) -> Iterator[Remark]:
    """Find whether few labels of one axis hold too much of the amounts above 0.

    Not told where there are so few labels that no plan could keep the limit.
    """
    amounts = plan.amount[plan.amount > 0]
    whole, where = int(amounts.sum()), ((plan.axes[0].name, "*"),)
    most = policy.limit("top_share")
    if amounts.size > policy.top:
        largest = int(np.partition(amounts, -policy.top)[-policy.top :].sum())
        held = Fraction(largest, whole)
        text = Text(
            f"The {policy.top} largest hold {float(held):.1%} of the plan.",
            f"最大的 {policy.top} 个占目标的 {float(held):.1%}。",
        )
        if held > most:
            stake = _beyond(largest, most, whole)
            yield Finding("review.top_share", "warning", where, held, most, text), stake
    index = Fraction(int((amounts.astype(object) ** 2).sum()), max(whole, 1) ** 2)
    limit = policy.limit("herfindahl")
    # Fewer labels than this are above the limit however they share.
    if index > limit and amounts.size * limit > 1:
        text = Text(
            f"The plan is concentrated: sum of squared shares {float(index):.2f}.",
            f"目标过于集中：赫芬达尔指数 {float(index):.2f}。",
        )
        stake = _beyond(whole, limit / index, whole)
        yield Finding("review.concentrated", "warning", where, index, limit, text), stake


def _beyond(amount: int, share_: Fraction, whole: int) -> int:
    excess = amount - share_ * whole
    return -(-excess.numerator // excess.denominator)
