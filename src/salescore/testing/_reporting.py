"""Which reports, plans, duties and forecasts an embedder's tests can draw."""

from __future__ import annotations

import datetime

from hypothesis import strategies as st

from salescore.activity import (
    DUTY_STATES,
    PERIOD_KINDS,
    STANDARD_REPORTING,
    AbsenceRows,
    AccuracyFold,
    ActionPlan,
    Compliance,
    ComplianceFold,
    Document,
    Duties,
    Effort,
    EffortFold,
    EffortPolicy,
    EffortRows,
    Fact,
    FactKind,
    FactRows,
    Forecast,
    ForecastAccuracy,
    ForecastFold,
    ForecastPairs,
    ForecastReview,
    ForecastRows,
    KeyPointPolicy,
    MonthSummary,
    OutlookRows,
    Period,
    PlanDone,
    PlanLine,
    Report,
    ReportingPolicy,
    Rollup,
    RollupFold,
    SubmissionRows,
    Task,
    current_forecast,
    duties,
    effort,
    fact_rows,
    forecast_accuracy,
    plan_done,
    review_forecast,
    rollup,
    summarize_month,
)
from salescore.testing._core import calendars, texts, units

__all__ = [
    "accuracy_folds",
    "action_plans",
    "compliance_folds",
    "compliances",
    "documents",
    "duty_sets",
    "effort_folds",
    "effort_policies",
    "effort_rows",
    "efforts",
    "fact_kinds",
    "fact_row_sets",
    "facts",
    "forecast_accuracies",
    "forecast_folds",
    "forecast_pairs",
    "forecast_reviews",
    "forecast_rows",
    "forecasts",
    "key_point_policies",
    "month_reports",
    "month_summaries",
    "periods",
    "plan_lines",
    "plans_done",
    "reporting_policies",
    "reports",
    "rollup_folds",
    "rollups",
    "submission_rows",
    "tasks",
]

_PEOPLE = ("Li Na", "王伟", "Ann")
_CODES = ("calls", "orders", "sales")
_DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 12, 31))
_AMOUNTS = st.integers(0, 10**12)
_START, _END = datetime.date(2026, 2, 23), datetime.date(2026, 4, 6)
_SPAN = st.dates(_START, _END - datetime.timedelta(1))
_WORDS = st.sampled_from(("", "call back", "回访"))
_MARCH = Period("month", "2026-03-01")


def periods() -> st.SearchStrategy[Period]:
    """Draw days, weeks, months, quarters and years."""
    return st.builds(Period.of, st.sampled_from(PERIOD_KINDS), _DAYS)


def facts() -> st.SearchStrategy[Fact]:
    """Draw facts with and without something to hold them against."""
    return st.builds(Fact, st.sampled_from(_CODES), _AMOUNTS, _AMOUNTS | st.just(0))


def fact_kinds() -> st.SearchStrategy[FactKind]:
    """Draw what facts are called."""
    return st.builds(FactKind, st.sampled_from(_CODES), texts(), st.none() | texts(), units())


def tasks() -> st.SearchStrategy[Task]:
    """Draw tasks, open and done, with and without a due day."""
    key = st.sampled_from(("T1", "T2", "T3"))
    days = st.none() | _SPAN
    return st.builds(Task, key, _WORDS, days, days, st.sampled_from(("", "Hongda")))


def _unlike_tasks() -> st.SearchStrategy[list[Task]]:
    return st.lists(tasks(), max_size=3, unique_by=lambda task: task.key)


@st.composite
def reports(draw: st.DrawFn, period: Period | None = None, person: str | None = None) -> Report:
    """Draw what somebody reported.

    Parameters
    ----------
    period : Period, optional
        Of when; drawn if not given.
    person : str, optional
        Who; drawn if not given.
    """
    words = st.lists(st.sampled_from(("v1", "v2", "o1")), max_size=3)
    return Report(
        draw(st.sampled_from(_PEOPLE)) if person is None else person,
        draw(periods()) if period is None else period,
        draw(st.lists(facts(), max_size=3, unique_by=lambda fact: fact.code)),
        draw(st.lists(_WORDS, max_size=2)),
        draw(_unlike_tasks()),
        draw(words),
        draw(words),
    )


@st.composite
def month_reports(draw: st.DrawFn, period: Period = _MARCH) -> list[Report]:
    """Draw the daily reports of one person in a period."""
    first, last = map(str, (period.first, period.end - 1))
    within = st.dates(datetime.date.fromisoformat(first), datetime.date.fromisoformat(last))
    days = draw(st.lists(within, max_size=4, unique=True))
    return [draw(reports(Period("day", each), "Li Na")) for each in days]


def plan_lines() -> st.SearchStrategy[PlanLine]:
    """Draw lines of a plan."""
    return st.builds(PlanLine, st.sampled_from(_CODES), _AMOUNTS, _AMOUNTS)


@st.composite
def action_plans(draw: st.DrawFn, period: Period | None = None) -> ActionPlan:
    """Draw plans of action.

    Parameters
    ----------
    period : Period, optional
        Of when; drawn if not given.
    """
    planned = draw(st.dictionaries(st.sampled_from(_CODES), _AMOUNTS, max_size=3))
    when = draw(periods()) if period is None else period
    return ActionPlan("Li Na", when, planned, draw(_unlike_tasks()))


@st.composite
def plans_done(draw: st.DrawFn) -> PlanDone:
    """Draw plans of a month against what was done."""
    return plan_done(draw(action_plans(_MARCH)), draw(month_reports()), as_of=draw(_SPAN))


@st.composite
def key_point_policies(draw: st.DrawFn) -> KeyPointPolicy:
    """Draw when something is a key point."""
    short, part = draw(st.fractions(0, 2)), draw(st.fractions(0, 1))
    rates, silent = draw(st.fractions(0, 2)), draw(st.integers(0, 30))
    return KeyPointPolicy(str(short), str(short * part), str(rates), silent)


@st.composite
def month_summaries(draw: st.DrawFn) -> MonthSummary:
    """Draw the summary of a month."""
    found, plan = draw(month_reports()), draw(action_plans(_MARCH))
    policy = draw(st.none() | key_point_policies())
    as_of = draw(st.none() | _SPAN)
    return summarize_month(found, plan, policy, as_of=as_of, calendar=draw(calendars()))


@st.composite
def fact_row_sets(draw: st.DrawFn) -> FactRows:
    """Draw facts of three people over some weeks, each once."""
    place = st.tuples(st.sampled_from(_PEOPLE), _SPAN, st.sampled_from(_CODES))
    rows = draw(st.lists(place, max_size=12, unique=True))
    size = len(rows)
    amounts = st.lists(st.integers(0, 10**9), min_size=size, max_size=size)
    person, on, fact = ([row[part] for row in rows] for part in range(3))
    return FactRows(person, on, fact, draw(amounts), draw(st.none() | amounts))


@st.composite
def rollups(draw: st.DrawFn) -> Rollup:
    """Draw facts added up by any kind of period."""
    if draw(st.booleans()):
        return rollup(fact_rows(draw(month_reports())), period="week")
    return rollup(draw(fact_row_sets()), period=draw(st.sampled_from(PERIOD_KINDS)))


def rollup_folds() -> st.SearchStrategy[RollupFold]:
    """Draw accumulators over some weeks."""
    return st.builds(
        RollupFold,
        st.just(_PEOPLE),
        st.just(_CODES),
        start=st.just(_START),
        end=st.just(_END),
        period=st.sampled_from(PERIOD_KINDS),
        duplicates=st.sampled_from(("error", "sum")),
    )


@st.composite
def documents(draw: st.DrawFn, code: str | None = None) -> Document:
    """Draw documents of any period, due before and after.

    Parameters
    ----------
    code : str, optional
        Its code; drawn if not given.
    """
    minute = draw(st.integers(0, 1439))
    return Document(
        draw(st.sampled_from(_CODES)) if code is None else code,
        draw(texts()),
        draw(st.sampled_from(PERIOD_KINDS)),
        draw(st.sampled_from(("start", "end"))),
        draw(st.integers(-5, 5)),
        f"{minute // 60:02d}:{minute % 60:02d}",
    )


@st.composite
def reporting_policies(draw: st.DrawFn) -> ReportingPolicy:
    """Draw policies of some documents, our own among them."""
    if draw(st.booleans()):
        return STANDARD_REPORTING
    codes = draw(st.lists(st.sampled_from(_CODES), max_size=3, unique=True))
    return ReportingPolicy([draw(documents(code)) for code in codes])


@st.composite
def duty_sets(draw: st.DrawFn) -> Duties:
    """Draw what up to three people owe over some weeks, with and without absences."""
    people: tuple[str, ...] = _PEOPLE[: draw(st.integers(0, 3))]
    start = draw(_SPAN)
    end = start + datetime.timedelta(draw(st.integers(0, 40)))
    working = calendars().filter(lambda found: "11" in found.weekmask)
    away, some = None, draw(st.booleans())
    if people and some:
        rows = draw(st.lists(st.tuples(st.sampled_from(people), _SPAN, _SPAN), max_size=3))
        away = AbsenceRows(
            [who for who, _, _ in rows],
            [min(pair) for _, *pair in rows],
            [max(pair) for _, *pair in rows],
        )
    policy = draw(reporting_policies())
    return duties(policy, people, (start, end), calendar=draw(working), absent=away)


def compliance_folds() -> st.SearchStrategy[ComplianceFold]:
    """Draw accumulators over duties."""
    return st.builds(ComplianceFold, duty_sets(), _SPAN)


@st.composite
def submission_rows(draw: st.DrawFn, owed: Duties) -> SubmissionRows:
    """Draw what was handed in for duties, or for none.

    Parameters
    ----------
    owed : Duties
        The duties.
    """
    rows: list[tuple[str, str, datetime.date, datetime.datetime]] = []
    if owed.people and owed.policy.codes:
        person = st.sampled_from([str(name) for name in owed.people])
        at = st.datetimes(datetime.datetime(2026, 2, 1), datetime.datetime(2026, 6, 1))  # noqa: DTZ001  # no zone is meant
        document = st.sampled_from(owed.policy.codes)
        rows = draw(st.lists(st.tuples(person, document, _SPAN, at), max_size=8))
    columns = [[row[part] for row in rows] for part in range(4)]
    return SubmissionRows(*columns)


@st.composite
def compliances(draw: st.DrawFn) -> Compliance:
    """Draw what became of duties."""
    fold = draw(compliance_folds())
    found = fold.finish(fold.fold([draw(submission_rows(fold.duties))]))
    assert set(found.counts) == set(DUTY_STATES)  # noqa: S101  # a strategy may check itself
    return found


@st.composite
def forecast_rows(draw: st.DrawFn) -> ForecastRows:
    """Draw what people said over some weeks, once a day on each item and month."""
    months = st.sampled_from(("2026-03-01", "2026-04-15"))
    place = st.tuples(st.sampled_from(_PEOPLE), _SPAN, months, st.sampled_from(("Hongda", "Jinli")))
    rows = draw(st.lists(place, max_size=10, unique=True))
    amounts = draw(st.lists(_AMOUNTS, min_size=len(rows), max_size=len(rows)))
    person, made, month, item = ([row[part] for row in rows] for part in range(4))
    return ForecastRows(person, made, month, amounts, item)


def forecast_folds() -> st.SearchStrategy[ForecastFold]:
    """Draw accumulators of what people say."""
    return st.builds(ForecastFold, st.just(_PEOPLE), st.just(("Hongda", "Jinli")), _SPAN)


@st.composite
def forecasts(draw: st.DrawFn) -> Forecast:
    """Draw what people say now."""
    return current_forecast(draw(forecast_rows()), as_of=draw(_SPAN))


@st.composite
def forecast_pairs(draw: st.DrawFn) -> ForecastPairs:
    """Draw past forecasts with what came."""
    row = st.tuples(st.sampled_from(_PEOPLE), _AMOUNTS, _AMOUNTS)
    rows = draw(st.lists(row, max_size=8))
    columns = [[row[part] for row in rows] for part in range(3)]
    return ForecastPairs(*columns)


def accuracy_folds() -> st.SearchStrategy[AccuracyFold]:
    """Draw accumulators of past forecasts."""
    return st.just(AccuracyFold(_PEOPLE))


def forecast_accuracies() -> st.SearchStrategy[ForecastAccuracy]:
    """Draw how right forecasts were."""
    return forecast_pairs().map(forecast_accuracy)


@st.composite
def forecast_reviews(draw: st.DrawFn) -> ForecastReview:
    """Draw forecasts against plan and outlook, with and without a past."""
    names = draw(st.lists(st.sampled_from(_PEOPLE), max_size=3, unique=True))
    size = len(names)
    column = st.lists(_AMOUNTS, min_size=size, max_size=size)
    outlook = None
    if draw(st.booleans()):
        low, more, most = draw(column), draw(column), draw(column)
        expected = [a + b for a, b in zip(low, more, strict=True)]
        high = [a + b for a, b in zip(expected, most, strict=True)]
        outlook = OutlookRows(expected, low, high)
    past = draw(st.none() | forecast_accuracies())
    small = draw(st.lists(st.integers(0, 10**5), min_size=size, max_size=size))
    return review_forecast(
        small, draw(column), labels=names, outlook=outlook, past=past, unit=draw(units())
    )


def effort_policies() -> st.SearchStrategy[EffortPolicy]:
    """Draw how far time may lie from value."""
    return st.builds(EffortPolicy, st.fractions(0, 1).map(str))


@st.composite
def effort_rows(draw: st.DrawFn) -> EffortRows:
    """Draw customers with time and worth."""
    row = st.tuples(st.integers(0, 2), st.integers(0, 10**6), _AMOUNTS)
    rows = draw(st.lists(row, max_size=8))
    columns = [[row[part] for row in rows] for part in range(3)]
    return EffortRows(*columns)


def effort_folds() -> st.SearchStrategy[EffortFold]:
    """Draw accumulators of time and value."""
    return st.builds(EffortFold, effort_policies())


def efforts() -> st.SearchStrategy[Effort]:
    """Draw time and value by tier."""
    return st.builds(effort, effort_rows(), st.none() | effort_policies())
