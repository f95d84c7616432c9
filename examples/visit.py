"""One visit, prepared as far as it usually is on the evening before."""

from __future__ import annotations

from company import Company

from salescore import Cells, Text, customers
from salescore.visits import (
    VISIT_ACTIONS,
    VISIT_GOALS,
    VISIT_PREPARATION,
    Answer,
    Checklist,
    Goal,
    Response,
    VisitPlan,
)


def plan_visit(bench: customers.Bench, company: Company, history: Cells) -> VisitPlan:
    """Plan a visit to the first on the bench, nearest to tier A; else to the largest customer."""
    waiting = bench.to_columns()["customer"].tolist()
    bought = history.by("customer")
    known = set(bought.axes[0].labels) & set(waiting)
    largest = bought.to_columns()["customer"][bought.amount.argmax()]
    customer = str(next((name for name in waiting if name in known), largest))
    _, end = company.last_year
    start, after = end.astype("datetime64[D]"), (end + 1).astype("datetime64[D]")
    working_days = company.calendar.days(start, after)
    bought = history.only(customer=customer).by("category")
    best = max(zip(bought.amount.tolist(), bought.to_columns()["category"], strict=True))
    goal = Goal(
        "more",
        "more_orders",
        Text(f"Order a tenth more {best[1]} than last year", f"{best[1]}订单比去年增加一成"),
        metric="orders",
        unit=company.unit,
        target=best[0] * 11 // 10,
        due=after,
        baseline=best[0],
        clear=True,
    )
    return VisitPlan(
        customer,
        _person(history, customer),
        working_days[0],
        (goal,),
        (
            _response(
                VISIT_GOALS,
                customer,
                kind=Answer("sales"),
                sales_goal=Answer("more_orders"),
                sales_content=Answer(f"{best[1]}, {company.unit.show(goal.target or 0)}"),
                clear=Answer(value=True),
                precise=Answer(value=True),
                measurable=Answer(value=True),
            ),
            _response(
                VISIT_ACTIONS,
                customer,
                material=Answer("price list, delivery record of last year"),
                interest=Answer("their own growth by category"),
                competitor=Answer(value=True),
            ),
            _response(VISIT_PREPARATION, customer, appearance=Answer(value=True)),
        ),
    )


def _response(checklist: Checklist, customer: str, **answers: Answer) -> Response:
    return Response(checklist.key, checklist.version, customer, answers)


def _person(history: Cells, customer: str) -> str:
    people = history.only(customer=customer).by("salesperson")
    return str(max(zip(people.amount.tolist(), people.to_columns()["salesperson"], strict=True))[1])
