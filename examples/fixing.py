"""What the target becomes when region, channel and month totals are all fixed at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from company import Company
from numpy.typing import NDArray

from salescore import Cells, targets
from salescore.errors import InfeasibleError

AXES = ("region", "channel", "month")


@dataclass(frozen=True)
class Fixed:
    """The plan under the fixed totals, and why a cap on top of them is too much.

    Where orders are too few for the totals, there is no plan, and the conflict says why.
    """

    plan: targets.Plan | None
    capped: str
    conflict: targets.Conflict | None


def fix(company: Company, basis: Cells, target: int, step: int) -> Fixed:
    """Fix round totals on three axes; then cap the largest region at last year's amounts."""
    margins = [_round_totals(company, basis.by(axis), target) for axis in AXES]
    regions = basis.by("region")
    largest = str(regions.axes[0].labels[int(regions.amount.argmax())])
    plan = _planned(target, basis, margins, targets.Limits(), step)
    if isinstance(plan, targets.Conflict):
        return Fixed(None, largest, plan)
    cap = targets.Limits(cap=basis.by("region", "channel").only(region=largest))
    capped = _planned(target, basis, margins, cap, step)
    return Fixed(plan, largest, capped if isinstance(capped, targets.Conflict) else None)


def _planned(
    target: int, basis: Cells, margins: list[Cells], limits: targets.Limits, step: int
) -> targets.Plan | targets.Conflict:
    try:
        return targets.allocate(target, basis, margins=margins, limits=limits, step=step)
    except InfeasibleError as error:
        if isinstance(error.certificate, targets.Conflict):
            return error.certificate
        raise


def _round_totals(company: Company, history: Cells, target: int) -> Cells:
    """Give regions and channels last year's shares, months their working days; in thousands."""
    thousand = 1000 * company.unit.scale
    step = thousand if target % thousand == 0 else 1
    (axis,) = history.axes
    if axis.name == "month":
        history = history.with_amount(_working_days(company, history), unit=company.unit)
    return targets.allocate(target, history, step=step, zero_basis="equal").cells


def _working_days(company: Company, months: Cells) -> NDArray[np.int64]:
    starts = np.array(months.to_columns()["month"].tolist(), dtype="datetime64[M]")
    spans = np.stack([starts, starts + 1], axis=1).astype("datetime64[D]")
    days = np.array([company.calendar.count(*span) for span in spans], dtype=np.int64)
    return days * (months.amount > 0)
