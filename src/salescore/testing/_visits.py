"""Which checklists, responses, goals and visit plans an embedder's tests can draw."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import strategies as st

from salescore import visits
from salescore.core import Text
from salescore.testing._core import texts, units
from salescore.typing import Share
from salescore.visits import (
    GOAL_KINDS,
    Answer,
    AnswerType,
    Checklist,
    EnableWhen,
    GoalCheck,
    GoalKind,
    GoalResult,
    Item,
    OpenItem,
    Option,
    Progress,
    ProgressTable,
    Readiness,
    Response,
    ScoreTable,
    Stage,
    State,
    VisitPlan,
    check_goal,
    migrate,
    progress_many,
    readiness,
    score_many,
    settle_goal,
)

__all__ = [
    "answers",
    "checklists",
    "conditions",
    "goal_checks",
    "goal_results",
    "goals",
    "items",
    "migrations",
    "open_items",
    "options",
    "progress_tables",
    "progresses",
    "readinesses",
    "responses",
    "score_tables",
    "stages",
    "visit_plans",
]

_CODES = st.text("abcdef", min_size=1, max_size=4)
_DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 1, 1))
_OPTIONS = ("yes", "no", "later")
_STATES: list[State] = ["open", "done", "not_applicable"]
_TYPES: list[AnswerType] = ["boolean", "number", "text", "date", "choice"]
_POINTS: list[Share] = [0, 1, 0.5, "1/3"]
_GOAL_KINDS: list[GoalKind] = list(GOAL_KINDS)


def options() -> st.SearchStrategy[Option]:
    """Draw answers of a choice."""
    return st.builds(Option, _CODES, texts())


def stages() -> st.SearchStrategy[Stage]:
    """Draw stages."""
    return st.builds(Stage, _CODES, texts())


def conditions() -> st.SearchStrategy[EnableWhen]:
    """Draw conditions on an item called ``a``."""
    compared = st.builds(
        EnableWhen,
        st.just("a"),
        st.sampled_from(("=", "!=", ">", ">=", "<", "<=")),
        st.booleans() | st.integers(-3, 3) | st.sampled_from(_OPTIONS),
    )
    return compared | st.builds(EnableWhen, st.just("a"), st.just("exists"), st.booleans())


@st.composite
def items(
    draw: st.DrawFn, *, key: str = "a", stage: str = "s", after: tuple[str, ...] = ()
) -> Item:
    """Draw items of any type; they may depend on the items named in *after*."""
    kind = draw(st.sampled_from(_TYPES))
    conditions_on: list[EnableWhen] = []
    depends: bool = draw(st.booleans())
    if after and depends:
        source: str = draw(st.sampled_from(list(after)))
        found = draw(conditions())
        conditions_on.append(EnableWhen(source, found.operator, found.value))
    return Item(
        key,
        draw(texts()),
        stage,
        kind,
        required=draw(st.booleans()),
        weight=draw(st.integers(0, 5)),
        critical=draw(st.booleans()),
        evidence_required=draw(st.booleans()),
        enable_when=conditions_on,
        enable_behavior=draw(st.sampled_from(("all", "any"))),
        options=[Option(code, Text(code)) for code in _OPTIONS] if kind == "choice" else (),
    )


@st.composite
def checklists(draw: st.DrawFn, *, conditional: bool = True) -> Checklist:
    """Draw checklists of up to three stages and eight items."""
    parts = [Stage(f"s{i}", draw(texts())) for i in range(draw(st.integers(1, 3)))]
    found: list[Item] = []
    for place in range(draw(st.integers(0, 8))):
        before = tuple(item.key for item in found) if conditional else ()
        stage = draw(st.sampled_from(parts)).key
        found.append(draw(items(key=f"i{place}", stage=stage, after=before)))
    return Checklist("drawn", draw(st.integers(1, 3)), draw(texts()), parts, found)


@st.composite
def answers(draw: st.DrawFn, item: Item | None = None) -> Answer:
    """Draw answers, in the type of an item if one is given."""
    values: dict[str, st.SearchStrategy[Any]] = {
        "boolean": st.none() | st.booleans(),
        "number": st.integers(-3, 3) | st.floats(-3, 3),
        "text": st.sampled_from(["words", "很好"]),
        "date": _DAYS.map(str),
        "choice": st.sampled_from(_OPTIONS),
    }
    state = draw(st.sampled_from(_STATES))
    if state != "done":
        return Answer(state=state)
    points = draw(st.none() | st.sampled_from(_POINTS))
    value = draw(values["boolean" if item is None else item.type])
    return Answer(value, points=points, evidence=["photo"])


@st.composite
def responses(draw: st.DrawFn, checklist: Checklist | None = None) -> Response:
    """Draw responses that fit a checklist, drawn too if none is given."""
    found = draw(checklists()) if checklist is None else checklist
    answered = draw(st.lists(st.sampled_from(found.items), unique=True)) if found.items else []
    pairs = {item.key: draw(answers(item)) for item in answered}
    return Response(found.key, found.version, draw(st.text(max_size=5)), pairs)


@st.composite
def progresses(draw: st.DrawFn) -> Progress:
    """Draw progress of any weight."""
    applicable = draw(st.integers(0, 50))
    opened = draw(st.lists(_CODES, max_size=4))
    return Progress(draw(st.integers(0, applicable)), applicable, opened)


@st.composite
def progress_tables(draw: st.DrawFn) -> ProgressTable:
    """Draw the progress of up to six responses."""
    found = draw(checklists(conditional=False))
    n = draw(st.integers(0, 6))
    column = st.lists(st.integers(0, 2), min_size=n, max_size=n)
    return progress_many(found, {item.key: draw(column) for item in found.items})


@st.composite
def migrations(draw: st.DrawFn) -> visits.Migration:
    """Draw moves of a response to another version of its checklist."""
    old, new = draw(checklists()), draw(checklists())
    return migrate(draw(responses(old)), old, new)


@st.composite
def goals(draw: st.DrawFn) -> visits.Goal:
    """Draw goals, measured and unmeasured."""
    number = st.none() | st.integers(-(10**9), 10**9)
    return visits.Goal(
        draw(_CODES),
        draw(st.sampled_from(_GOAL_KINDS)),
        draw(texts()),
        metric=draw(st.sampled_from(["", "orders"])),
        unit=draw(st.none() | units()),
        target=draw(number),
        due=draw(st.none() | _DAYS),
        baseline=draw(number),
        better=draw(st.sampled_from(("up", "down"))),
        clear=draw(st.none() | st.booleans()),
        precise=draw(st.none() | st.booleans()),
    )


def goal_checks() -> st.SearchStrategy[GoalCheck]:
    """Draw checks of a goal against a history of any length."""
    return st.builds(check_goal, goals(), st.lists(st.integers(-(10**9), 10**9), max_size=8))


@st.composite
def goal_results(draw: st.DrawFn) -> GoalResult:
    """Draw goals after the visit, measured and answered, with evidence and without."""
    goal = draw(goals())
    evidence = draw(st.lists(st.sampled_from(["order", "photo"]), max_size=2))
    if goal.target is None:
        return settle_goal(goal, reached=draw(st.booleans()), evidence=evidence)
    return settle_goal(goal, draw(st.integers(-(10**9), 10**9)), evidence=evidence)


@st.composite
def score_tables(draw: st.DrawFn) -> ScoreTable:
    """Draw the scores of up to six responses."""
    found = draw(checklists(conditional=False))
    n = draw(st.integers(0, 6))
    states = st.lists(st.integers(0, 2), min_size=n, max_size=n)
    points = st.lists(st.integers(-1, 100), min_size=n, max_size=n)
    columns = {item.key: draw(states) for item in found.items}
    return score_many(found, columns, {key: draw(points) for key in columns})


def open_items() -> st.SearchStrategy[OpenItem]:
    """Draw open items."""
    return st.builds(OpenItem, _CODES, _CODES, texts())


@st.composite
def visit_plans(draw: st.DrawFn, *, lists: tuple[Checklist, ...] | None = None) -> VisitPlan:
    """Draw visits prepared to any degree, by checklists drawn or given."""
    found = (draw(checklists()),) if lists is None else lists
    answered = [draw(responses(one)) for one in found if draw(st.booleans())]
    aims = draw(st.lists(goals(), max_size=2))
    return VisitPlan(draw(st.text(max_size=5)), "Li Na", draw(_DAYS), aims, answered)


@st.composite
def readinesses(draw: st.DrawFn) -> Readiness:
    """Draw how ready a visit is."""
    found = (draw(checklists()),)
    return readiness(draw(visit_plans(lists=found)), checklists=found)
