"""Open deals of the coming quarter, made up by a plain rule, and how surely they reach a target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from company import Company

from salescore import Cells, growth

STAGES = (0.2, 0.4, 0.6, 0.8)
"""Probabilities of the four stages that deals are assumed to be in, in turn."""

CORRELATION = "0.1"
"""How much one market is assumed to move all deals."""

DEALS, MONTHS = 60, 3
ASKED = 0.9
"""Of what the deals bring on average; that sounds safe."""

WANTED = "0.8"


@dataclass(frozen=True)
class Deals:
    """What the assumed deals promise, and what a surer quarter would take."""

    outlook: growth.Outlook
    need: growth.PipelineNeed
    further: int  # amount of a further deal; smallest unit


def look_out(company: Company) -> Deals | None:
    """Take what the largest customers bought in the same quarter a year before as open deals.

    The largest is in the first stage, the next in the second, and so on in turn.
    """
    start = company.last_year[0]
    lines = company.lines
    bought = Cells.from_columns(
        {"customer": lines.labels["customer"], "month": lines.month},
        lines.revenue,
        unit=company.unit,
        duplicates="sum",
    )
    wanted = {str(month) for month in start + np.arange(MONTHS)}
    quarter = [label for label in bought.axes[1].labels if label in wanted]
    sums = bought.only(month=quarter).by("customer").amount
    amounts = np.sort(sums[sums > 0])[::-1][:DEALS]
    if not amounts.size:
        return None
    chance = np.resize(STAGES, amounts.size)
    target = round(ASKED * float(chance @ amounts) / company.unit.scale) * company.unit.scale
    found = growth.outlook(chance, amounts, target, correlation=CORRELATION, unit=company.unit)
    further = int(np.median(amounts))
    need = growth.pipeline_needed(found, WANTED, probability=STAGES[0], amount=further, most=400)
    return Deals(found, need, further)
