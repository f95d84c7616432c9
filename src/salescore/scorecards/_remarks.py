"""What the cards of people lack, as findings."""

from __future__ import annotations

import numpy as np

from salescore.core import Finding, Severity, Text
from salescore.scorecards._facts import Facts
from salescore.scorecards._policy import ScorecardPolicy
from salescore.typing import BoolArray, IntArray, Label

__all__ = ["remarks"]


def remarks(
    data: Facts, policy: ScorecardPolicy, present: IntArray, graded: BoolArray
) -> tuple[Finding, ...]:
    """Go through the people whose card lacks something."""
    baseless = (data.of == 0) & (data.done != 0)
    gaps = data.reported < data.active
    some = ~graded | gaps | baseless.any(axis=0) | (data.left_out > 0)
    found = list[Finding]()
    for row in np.flatnonzero(some).tolist():
        person = data.people[row]
        if not graded[row]:
            found.append(_thin(person, int(present[row]), policy))
        if gaps[row]:
            found.append(_months(person, int(data.reported[row]), int(data.active[row])))
        for place in np.flatnonzero(baseless[:, row]).tolist():
            key = data.keys[place]
            text = policy.find(key).text
            found.append(_baseless(person, key, text, int(data.done[place, row])))
        if data.left_out[row]:
            found.append(_outside(person, int(data.left_out[row])))
    return tuple(found)


def _finding(
    code: str,
    severity: Severity,
    person: Label,
    *,
    measured: int,
    limit: str | int,
    text: Text,
) -> Finding:
    where = (("person", str(person)),)
    return Finding(f"scorecards.{code}", severity, where, measured, limit, text)


def _thin(person: Label, present: int, policy: ScorecardPolicy) -> Finding:
    text = Text(
        f"Of {person} only {present} of {policy.total} in weight is known: no grade.",
        f"{person}的已知权重仅为{present}/{policy.total}，不评等级。",
    )
    least = policy.least_coverage
    return _finding("coverage", "warning", person, measured=present, limit=least, text=text)


def _months(person: Label, reported: int, active: int) -> Finding:
    text = Text(
        f"Of {person} there are facts of {reported} of {active} active months.",
        f"{person}在岗{active}个月，有数据{reported}个月。",
    )
    return _finding("months", "info", person, measured=reported, limit=active, text=text)


def _baseless(person: Label, key: str, name: Text, done: int) -> Finding:
    text = Text(
        f"{name.en} of {person}: {done:,} was done of nothing, so that it is not judged.",
        f"{person}的{name.to('zh')}：实际{done:,}，但没有基数，不予评分。",
    )
    return _finding(f"no_base.{key}", "warning", person, measured=done, limit=0, text=text)


def _outside(person: Label, rows: int) -> Finding:
    text = Text(
        f"Of {person} {rows} rows lie outside the months of activity and do not count.",
        f"{person}有{rows}条记录不在在岗月份内，不计入。",
    )
    return _finding("left_out", "info", person, measured=rows, limit=0, text=text)
