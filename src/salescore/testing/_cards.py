"""Which cards and evaluations of customers an embedder's tests can draw."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import strategies as st

from salescore.core import Text, Tier
from salescore.customers import (
    INFO_FORM,
    MONTHLY_EVALUATION,
    STRATEGY_FORM,
    ActionStatus,
    Better,
    CardAction,
    CardField,
    CardForm,
    Competitor,
    Completeness,
    CompletenessTable,
    Contact,
    Criterion,
    Evaluation,
    Fact,
    FieldKind,
    Grade,
    InfoCard,
    Measure,
    Missing,
    MonthChange,
    MonthChanges,
    MonthlyCard,
    MonthlyPart,
    MonthlyPolicy,
    Power,
    Resource,
    Scale,
    Stance,
    StrategyCard,
    StrategyReview,
    compare_months,
    completeness,
    completeness_many,
    evaluate,
    review_strategy,
)
from salescore.testing._core import texts

__all__ = [
    "card_actions",
    "card_competitors",
    "card_contacts",
    "card_fields",
    "card_forms",
    "card_reviews",
    "card_tables",
    "completenesses",
    "evaluations",
    "facts_of",
    "grades",
    "info_cards",
    "measures",
    "month_changes",
    "monthly_cards",
    "monthly_facts",
    "monthly_parts",
    "monthly_policies",
    "one_changes",
    "promised_resources",
    "strategy_cards",
]

_RULES: list[Missing] = ["renormalise", "worst", 0]
_ENDS: list[Better] = ["high", "low"]
_KINDS: list[FieldKind] = ["text", "number", "money", "percent", "day", "list"]
_POWERS: list[Power | None] = ["decides", "influences", "uses", "buys", "blocks", None]
_STANCES: list[Stance | None] = ["for", "neutral", "against", None]
_STATES: list[ActionStatus] = ["open", "done", "dropped"]
_WORDS = st.sampled_from(["宏达", "a <b>\nc", "Hongda & Co", "x"])
_MAYBE = st.none() | _WORDS
_DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 12, 31))
_PERCENTS = st.none() | st.integers(0, 100)
_LABELS = st.integers(0, 9) | _WORDS


def card_contacts() -> st.SearchStrategy[Contact]:
    """Draw people of any power and stance."""
    powers, stances = st.sampled_from(_POWERS), st.sampled_from(_STANCES)
    return st.builds(Contact, _WORDS, _MAYBE, power=powers, stance=stances, phone=_MAYBE)


def card_competitors() -> st.SearchStrategy[Competitor]:
    """Draw competitors with and without a share."""
    return st.builds(Competitor, _WORDS, share=_PERCENTS, strength=_MAYBE)


def promised_resources() -> st.SearchStrategy[Resource]:
    """Draw resources with and without an amount."""
    amounts = st.none() | st.integers(0, 10**12)
    return st.builds(Resource, _WORDS, amount=amounts, promised_by=_MAYBE)


@st.composite
def card_actions(draw: st.DrawFn) -> CardAction:
    """Draw actions that are open, done or dropped."""
    status = draw(st.sampled_from(_STATES))
    done_on = draw(st.none() | _DAYS) if status == "done" else None
    return CardAction(draw(_WORDS), draw(_WORDS), draw(_DAYS), status=status, done_on=done_on)


def card_fields() -> st.SearchStrategy[CardField]:
    """Draw fields of any kind and weight."""
    keys = st.text("abcdefgh", min_size=1, max_size=6)
    weights, kinds = st.integers(0, 9), st.sampled_from(_KINDS)
    return st.builds(CardField, keys, texts(), kinds, weight=weights, required=st.booleans())


@st.composite
def card_forms(draw: st.DrawFn, form: CardForm | None = None) -> CardForm:
    """Draw forms of other weights and required fields.

    Parameters
    ----------
    form : CardForm, optional
        Whose fields; those of either card if not given.
    """
    own = draw(st.sampled_from([INFO_FORM, STRATEGY_FORM])) if form is None else form
    weights = {key: draw(st.integers(0, 5)) for key in own.keys}
    weights[draw(st.sampled_from(own.keys))] = draw(st.integers(1, 5))
    return own.with_weights(weights).with_required(draw(st.sets(st.sampled_from(own.keys))))


def _entries(kind: FieldKind) -> st.SearchStrategy[Any]:
    numbers = st.none() | st.integers(0, 10**12)
    return {"text": _MAYBE, "day": st.none() | _DAYS, "percent": _PERCENTS}.get(kind, numbers)


def _fields(form: CardForm, lists: dict[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
    return {each.key: lists.get(each.key, _entries(each.kind)) for each in form.fields}


def _named(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(parts, max_size=3, unique_by=lambda part: part.name)


def info_cards() -> st.SearchStrategy[InfoCard]:
    """Draw information cards with any fields open."""
    lists = {
        "contacts": _named(card_contacts()),
        "competitors": _named(card_competitors()),
        "products": st.lists(_WORDS, max_size=3, unique=True),
    }
    return st.builds(InfoCard, customer=_LABELS, **_fields(INFO_FORM, lists))


def strategy_cards() -> st.SearchStrategy[StrategyCard]:
    """Draw strategy cards with any fields open."""
    lists: dict[str, st.SearchStrategy[Any]] = {
        "tier": st.sampled_from([*Tier, None]),
        "key_people": _named(card_contacts()),
        "competitors": _named(card_competitors()),
        "actions": st.lists(card_actions(), max_size=3),
        "resources": st.lists(promised_resources(), max_size=3),
    }
    return st.builds(StrategyCard, customer=_LABELS, **_fields(STRATEGY_FORM, lists))


@st.composite
def completenesses(draw: st.DrawFn) -> Completeness:
    """Draw how complete cards of either kind are."""
    card: InfoCard | StrategyCard = draw(info_cards() | strategy_cards())
    own = INFO_FORM if isinstance(card, InfoCard) else STRATEGY_FORM
    return completeness(card, draw(card_forms(own)))


@st.composite
def card_tables(draw: st.DrawFn) -> CompletenessTable:
    """Draw how complete many cards are, with and without ids."""
    form, n = draw(card_forms()), draw(st.integers(0, 4))
    masks = st.lists(st.booleans(), min_size=n, max_size=n)
    ids = draw(st.none() | st.permutations([f"客户 {i}" for i in range(n)]))
    columns = {key: draw(masks) if n else [] for key in form.keys}
    return completeness_many(columns, form, ids=ids)


def card_reviews() -> st.SearchStrategy[StrategyReview]:
    """Draw strategies on any day."""
    return st.builds(review_strategy, strategy_cards(), _DAYS, form=card_forms(STRATEGY_FORM))


def monthly_facts() -> st.SearchStrategy[Fact]:
    """Draw facts with and without a smallest number."""
    least = st.none() | st.integers(-9, 9)
    return st.builds(Fact, st.text("abcdefgh", min_size=1, max_size=6), texts(), least=least)


def grades() -> st.SearchStrategy[Grade]:
    """Draw grades with any line."""
    return st.builds(Grade, st.text("abcdefgh", min_size=1), texts(), st.integers(0, 100))


@st.composite
def measures(draw: st.DrawFn, key: str = "m", weight: int = 10) -> Measure:
    """Draw plain measures and ratios of three facts, on any whole scale.

    Parameters
    ----------
    key : str
        Key of the measure.
    weight : int
        Its weight.
    """
    low = draw(st.integers(-3, 3))
    per = draw(st.sampled_from([None, "b", "c"]))
    high = low + draw(st.sampled_from([3_000, 10_000, 12_000] if per else [1, 5, 12]))
    scale = Scale(low, high, draw(st.sampled_from(_ENDS)))
    criterion = Criterion(key, draw(texts()), weight, scale, draw(st.sampled_from(_RULES)))
    return Measure(
        criterion, draw(st.sampled_from("abc")), per, no_base=draw(st.sampled_from(_RULES))
    )


@st.composite
def monthly_policies(draw: st.DrawFn, size: int | None = None) -> MonthlyPolicy:
    """Draw policies of one to four measures of three facts.

    Parameters
    ----------
    size : int, optional
        How many measures.
    """
    count = draw(st.integers(1, 4)) if size is None else size
    weights = draw(st.lists(st.integers(0, 20), min_size=count, max_size=count).filter(any))
    found = [draw(measures(f"m{k}", weight)) for k, weight in enumerate(weights)]
    facts = [Fact("a", Text("A", "甲"), least=None), Fact("b", Text("B")), Fact("c", Text("C"))]
    lines = [Grade("good", Text("Good", "良好"), draw(st.integers(1, 100))), _POOR]
    total = sum(weights)
    least = draw(st.integers(1, total))
    return MonthlyPolicy(facts, found, lines, least_known=least, total=total)


_POOR = Grade("poor", Text("Poor", "不合格"), 0)


@st.composite
def facts_of(draw: st.DrawFn, policy: MonthlyPolicy, n: int) -> dict[str, Any]:
    """Draw the facts of n customers, some of them missing.

    Parameters
    ----------
    policy : MonthlyPolicy
        Which facts.
    n : int
        How many customers.
    """
    known = {fact.key: st.integers(fact.least or 0, 12) for fact in policy.facts}
    return {
        key: draw(st.lists(st.none() | numbers, min_size=n, max_size=n))
        for key, numbers in known.items()
    }


@st.composite
def evaluations(draw: st.DrawFn, month: str = "2026-03") -> Evaluation:
    """Draw the evaluation of a month, with and without ids.

    Parameters
    ----------
    month : str
        Which month.
    """
    policy, n = draw(st.just(MONTHLY_EVALUATION) | monthly_policies()), draw(st.integers(0, 4))
    ids = draw(st.none() | st.permutations([f"客户 {i}" for i in range(n)]))
    return evaluate(draw(facts_of(policy, n)), policy, month=month, ids=ids)


def monthly_cards() -> st.SearchStrategy[MonthlyCard]:
    """Draw cards of one customer, with a score and without."""
    return evaluations().filter(len).map(lambda found: found.card(0))


def monthly_parts() -> st.SearchStrategy[MonthlyPart]:
    """Draw parts of such cards."""
    return monthly_cards().map(lambda card: card.parts[0])


@st.composite
def month_changes(draw: st.DrawFn) -> MonthChanges:
    """Draw the changes between two months, by one policy or by two."""
    size, n = draw(st.integers(1, 3)), draw(st.integers(0, 4))
    policy = draw(monthly_policies(size))
    later = policy if draw(st.booleans()) else draw(monthly_policies(size))
    scored = draw(facts_of(policy, n)), draw(facts_of(later, n))
    for facts in scored:  # so that every policy leaves something of each score
        facts.update({key: [5 if v is None else v + 1 for v in facts[key]] for key in facts})
    months = (
        evaluate(scored[0], policy, month="2026-03"),
        evaluate(scored[1], later, month="2026-04"),
    )
    return compare_months(*months)


def one_changes() -> st.SearchStrategy[MonthChange]:
    """Draw why the score of one customer changed."""
    return month_changes().filter(len).map(lambda found: found.of(0))
