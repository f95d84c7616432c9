"""Which cells of a plan nobody answers for, or several, and on which days."""

# Shapes: n cells.

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from salescore.core import Cells, Finding, Text
from salescore.kernels import keys
from salescore.targets._duties import Assignment
from salescore.targets._goals import Goal
from salescore.targets._matching import known_axes, matched
from salescore.targets._remarks import Remark, names_above
from salescore.targets._spans import (
    Claims,
    Spans,
    crews,
    joined,
    owners,
    prefixes,
    spans_amiss,
    told_together,
)
from salescore.typing import CodeArray, IntArray, Language

__all__ = ["Asked", "amiss", "ask", "goal_remark", "outside", "owners_on"]

_UNOWNED = Text("Nobody answers for {place}{when}.", "{place}{when}无人负责。")
_SHARED = Text("{people} all answer for {place}{when}.", "{people}{when}同时负责{place}。")
_WHEN = Text(" from {start} to {due}", "在{start}至{due}期间")
_OUTSIDE = Text(
    "{what} of {who} runs from {start} to {due}, outside the plan's {first} to {last}.",
    "{who}的“{what}”从{start}到{due}，超出计划期{first}至{last}。",
)
_GOAL = Text("Nobody answers for the goal {goal}.", "目标“{goal}”无人负责。")
_ALL = Text("the whole plan", "全部计划")
_LANGUAGES: tuple[Language, ...] = ("en", "zh")


class Asked(NamedTuple):
    """What is asked: the places cells lie at, the money of each, who claims them, and when."""

    places: Cells
    home: CodeArray
    """The place of each cell, (n,)."""
    stake: IntArray
    """The absolute amount planned at each place [smallest unit]."""
    claims: Claims
    people: list[str]
    days: tuple[int, int]
    """First day, and the day after the last."""


def owners_on(asked: Asked, day: str) -> CodeArray:
    """Give each cell its owner on a day, (n,); -1 for nobody, -2 for several."""
    return owners(asked.claims, _number(day), len(asked.places))[asked.home]


def _number(iso: str) -> int:
    return int(np.datetime64(iso, "D").astype(np.int64))


def ask(cells: Cells, answer: Sequence[Assignment], span: tuple[str, str]) -> Asked:
    """Find the places that assignments tell apart, and who claims them."""
    known = known_axes(cells, [])
    used = {name for each in answer for name, _ in each.where}
    implied = {above for name in used for above in names_above(known[name])[1:]}
    names = [name for name in known if name in used - implied]
    places = cells.by(*names)
    axes = [known[name] for name in names]
    columns = [
        np.concatenate([codes, cells.codes_on(axis.name)])
        for codes, axis in zip(places.codes, axes, strict=True)
    ]
    row_keys = keys(columns, [len(axis) for axis in axes], len(places) + len(cells))
    home = np.searchsorted(row_keys[: len(places)], row_keys[len(places) :])
    stake = np.zeros(len(places), dtype=np.int64)
    np.add.at(stake, home, np.abs(cells.amount))
    people = sorted({each.who for each in answer})
    number = {who: nth for nth, who in enumerate(people)}
    row, which = matched(places, [each.where for each in answer])
    facts = [(number[each.who], _number(each.start), _number(each.due) + 1) for each in answer]
    person, first, after = np.array(facts, dtype=np.int64).reshape(len(facts), 3).T
    claims = Claims(row, person[which], first[which], after[which])
    days = _number(span[0]), _number(span[1]) + 1
    return Asked(places, home, stake, claims, people, days)


def amiss(asked: Asked) -> list[Remark]:
    """Find the places and days that nobody or several answer for."""
    claims = joined(asked.claims, *asked.days)
    spans = spans_amiss(claims, *asked.days, places=len(asked.places))
    found = crews(claims, spans)
    kind = _kinds(spans, found.crew, asked.days)
    levels = [above for axis in asked.places.axes for above in reversed(axis.lineage)]
    columns = [asked.places.codes_on(level.name) for level in levels]
    shared = prefixes(columns, [len(level) for level in levels], len(asked.places))
    remarks: list[Remark] = []
    for depth, rows in enumerate(told_together(kind, spans.place, shared)):
        implied = {above for level in levels[:depth] for above in names_above(level)[1:]}
        named = [nth for nth, level in enumerate(levels[:depth]) if level.name not in implied]
        stake = np.zeros(len(asked.places), dtype=np.int64)
        np.add.at(stake, shared[depth], asked.stake)
        for row in rows.tolist():
            at = int(spans.place[row])
            where = tuple(
                (levels[nth].name, str(levels[nth].labels[int(columns[nth][at])])) for nth in named
            )
            start, count = int(found.start[row]), int(spans.number[row])
            crew: list[int] = found.person[start : start + count].tolist()
            who = [asked.people[person] for person in crew]
            days = int(spans.first[row]), int(spans.after[row])
            finding = _gap_or_clash(who, where, None if days == asked.days else days)
            remarks.append((finding, int(stake[shared[depth][at]])))
    return remarks


def _kinds(spans: Spans, crew: IntArray, days: tuple[int, int]) -> IntArray:
    """Give spans of the same days and people the same number."""
    length = days[1] - days[0] + 1
    columns = [spans.first - days[0], spans.after - days[0], crew]
    row_keys = keys(columns, [length, length, int(crew.max(initial=0)) + 1], crew.size)
    return np.unique(row_keys, return_inverse=True)[1]


def _gap_or_clash(
    who: list[str], where: tuple[tuple[str, str], ...], days: tuple[int, int] | None
) -> Finding:
    """Tell who answers for a place; on some days of those asked about, or on all."""
    first, last = ("", "")
    if days:
        first, last = (str(np.datetime64(day, "D")) for day in (days[0], days[1] - 1))
    texts = [
        (_SHARED if who else _UNOWNED)
        .to(language)
        .format(
            people=Text(", ", "、").to(language).join(who),
            place=" / ".join(label for _, label in where) or _ALL.to(language),
            when=_WHEN.to(language).format(start=first, due=last) if days else "",
        )
        for language in _LANGUAGES
    ]
    where += (("from", first), ("to", last)) if days else ()
    if who:
        return Finding("assignment.contested", "warning", where, len(who), 1, Text(*texts))
    return Finding("assignment.unowned", "critical", where, 0, 1, Text(*texts))


def goal_remark(goal: Goal, cells: Cells) -> Remark:
    """Tell that nobody answers for a goal."""
    called = [(goal.statement or goal.metric.text).to(x) for x in _LANGUAGES]
    texts = (_GOAL.to(x).format(goal=name) for x, name in zip(_LANGUAGES, called, strict=True))
    where = (("goal", goal.metric.code),)
    finding = Finding("assignment.goal_unowned", "critical", where, 0, 1, Text(*texts))
    return finding, abs(goal.amount or 0) if goal.unit == cells.unit else 0


def outside(each: Assignment, span: tuple[str, str]) -> Remark:
    """Tell that a duty runs outside the first and last day of the plan."""
    words = {"what": each.what, "who": each.who, "start": each.start, "due": each.due}
    texts = (_OUTSIDE.to(x).format(**words, first=span[0], last=span[1]) for x in _LANGUAGES)
    where = (("who", each.who), ("what", each.what))
    late = each.due if each.due > span[1] else each.start
    limit = span[1] if each.due > span[1] else span[0]
    return Finding("assignment.outside", "warning", where, late, limit, Text(*texts)), 0
