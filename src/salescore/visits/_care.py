"""How a checklist is kept well: what is wrong with it, and how answers move to a new version."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve, frozen

from salescore.core import Figure, Finding, Severity, Text
from salescore.core._checklists import Checklist, EnableWhen, Item, Value
from salescore.core._progress import comparable, holds
from salescore.core._responses import Answer, Response, check_response
from salescore.errors import LabelError

__all__ = ["Migration", "lint", "migrate"]

_MOST_REQUIRED = 9


def lint(checklist: Checklist) -> tuple[Finding, ...]:
    """Remark on what makes a checklist hard to use.

    Parameters
    ----------
    checklist : Checklist
        The template.

    Returns
    -------
    tuple of Finding
        A stage without items or with more than nine required ones, an item that can never be
        asked, a question that is asked twice, a text that lacks a language, and, as mere
        information, a list without a critical item; none for a sound checklist.

    Notes
    -----
    Fewer than ten items at a pause point: Gawande, The Checklist Manifesto, 2009. Whether an
    item can be asked is tried out for every answer of a choice or a yes-or-no item; of other
    items it is only known whether their answers can be compared at all.
    """
    return (
        *_stages(checklist),
        *_unreachable(checklist),
        *_repeated(checklist),
        *_untranslated(checklist),
        *_without_critical(checklist),
    )


def _stages(checklist: Checklist) -> Iterator[Finding]:
    for stage in checklist.stages:
        items = [item for item in checklist.items if item.stage == stage.key]
        required = sum(item.required for item in items)
        place = (("stage", stage.key),)
        if not items:
            text = Text("The stage has no items.", "该阶段没有项目。")
            yield _finding("empty_stage", place, 0, 1, text=text)
        if required > _MOST_REQUIRED:
            text = Text("The stage has too many required items.", "该阶段必填项过多。")
            yield _finding("too_many", place, required, _MOST_REQUIRED, text=text)


def _unreachable(checklist: Checklist) -> Iterator[Finding]:
    asked: dict[str, Item] = {}
    for item in checklist.items:
        conditions = item.enable_when
        if item.enable_behavior == "all":
            sources = {condition.item for condition in conditions}
            possible = all(
                _possible([c for c in conditions if c.item == source], asked.get(source))
                for source in sources
            )
        else:
            possible = not conditions or any(_possible([c], asked.get(c.item)) for c in conditions)
        if possible:
            asked[item.key] = item
        else:
            text = Text("The item can never be asked.", "该项目永远不会被问到。")
            place = (("item", item.key),)
            yield _finding("unreachable", place, None, None, text=text, grade="critical")


def _possible(conditions: list[EnableWhen], source: Item | None) -> bool:
    """Tell whether conditions on one item can hold together; None is an item never asked."""
    if all(holds(condition, {}) for condition in conditions):
        return True
    if source is None:
        return False
    answers: list[Value] = [option.code for option in source.options]
    if source.type == "boolean":
        answers = [True, False]
    if answers:
        return any(all(holds(c, {source.key: answer}) for c in conditions) for answer in answers)
    return all(
        c.value is True
        if c.operator == "exists"
        else c.operator == "!=" or comparable(c.value, 0 if source.type == "number" else "")
        for c in conditions
    )


def _repeated(checklist: Checklist) -> Iterator[Finding]:
    for language in ("en", "zh"):
        first: dict[str, str] = {}
        for item in checklist.items:
            words = getattr(item.text, language).strip()
            if words and first.setdefault(words, item.key) != item.key:
                text = Text("Another item asks the same.", "与另一项目重复。")
                place = (("item", item.key), ("language", language))
                yield _finding("repeated", place, item.key, first[words], text=text)


def _untranslated(checklist: Checklist) -> Iterator[Finding]:
    texts = [("checklist", checklist.key, checklist.title)]
    texts += [("stage", stage.key, stage.text) for stage in checklist.stages]
    for item in checklist.items:
        texts.append(("item", item.key, item.text))
        texts += [(item.key, option.code, option.text) for option in item.options]
    for kind, key, text in texts:
        missing = [language for language in ("en", "zh") if not getattr(text, language).strip()]
        if missing:
            remark = Text("A language is missing.", "缺少一种语言的文字。")
            place = ((kind, key),)
            yield _finding("untranslated", place, ", ".join(missing), "en, zh", text=remark)


def _without_critical(checklist: Checklist) -> Iterator[Finding]:
    if not any(item.critical for item in checklist.items):
        text = Text("No item is critical.", "没有关键项。")
        place = (("checklist", checklist.key),)
        yield _finding("no_critical", place, 0, 1, text=text, grade="info")


def _finding(
    code: str,
    where: tuple[tuple[str, str], ...],
    measured: Figure,
    limit: Figure,
    *,
    text: Text,
    grade: Severity = "warning",
) -> Finding:
    return Finding(f"checklist.{code}", grade, where, measured, limit, text)


@frozen
class Migration:
    """A response moved to another version of its checklist.

    Parameters
    ----------
    response : Response
        The answers that kept their meaning.
    dropped : tuple of str
        Items whose answers were left behind: gone, changed in meaning, or done without the
        evidence that is now wanted.
    reopened : tuple of str
        Those of them that are asked again.
    added : tuple of str
        Items that are new.
    """

    response: Response
    dropped: tuple[str, ...]
    reopened: tuple[str, ...]
    added: tuple[str, ...]


def migrate(response: Response, old: Checklist, new: Checklist) -> Migration:
    """Move a response to another version of its checklist.

    Parameters
    ----------
    response : Response
        Answers to the old version.
    old, new : Checklist
        Two versions of one checklist.

    Returns
    -------
    Migration
        Answers are kept where key, type and options are unchanged. The moved response always
        fits the new version; moving to the same version changes nothing.

    Raises
    ------
    LabelError
        For two different checklists, or a response that is not to the old one.
    MissingValueError, SalescoreError
        When the response does not fit the old one; see `check_response`.
    """
    if old.key != new.key:
        rule = f"a version of {old.key!r}"
        raise LabelError("new checklist", expected=rule, got=repr(new.key))
    check_response(old, response)
    before = {item.key: item for item in old.items}
    after = {item.key: item for item in new.items}
    kept = [
        pair for pair in response.answers if _moves(before[pair[0]], after.get(pair[0]), pair[1])
    ]
    left = tuple(pair[0] for pair in response.answers if pair not in kept)
    return Migration(
        evolve(response, version=new.version, answers=kept),
        left,
        tuple(key for key in left if key in after),
        tuple(key for key in new.keys if key not in before),
    )


def _moves(old: Item, new: Item | None, answer: Answer) -> bool:
    if new is None or _meaning(old) != _meaning(new):
        return False
    return bool(answer.evidence) or answer.state != "done" or not new.evidence_required


def _meaning(item: Item) -> tuple[str, frozenset[str]]:
    return item.type, frozenset(option.code for option in item.options)
