"""How a checklist is kept well: what is wrong with it, and how answers move to a new version."""

from __future__ import annotations

from attrs import evolve, frozen

from salescore.core import Figure, Finding, Severity, Text
from salescore.errors import LabelError
from salescore.visits._checklists import Checklist, Item
from salescore.visits._responses import Response, check_response

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
        A stage without items or with more than nine required ones, a text that lacks a
        language, a condition that can never hold, an evidence rule on an optional item;
        none for a sound checklist.

    Notes
    -----
    Fewer than ten items at a pause point: Gawande, The Checklist Manifesto, 2009.
    """
    found: list[Finding] = []
    for stage in checklist.stages:
        items = [item for item in checklist.items if item.stage == stage.key]
        required = sum(item.required for item in items)
        place = (("stage", stage.key),)
        if not items:
            text = Text("The stage has no items.", "该阶段没有项目。")
            found.append(_finding("empty_stage", place, 0, 1, text=text))
        if required > _MOST_REQUIRED:
            text = Text("The stage has too many required items.", "该阶段必填项过多。")
            found.append(_finding("too_many", place, required, _MOST_REQUIRED, text=text))
    texts = [("checklist", checklist.key, checklist.title)]
    texts += [("stage", stage.key, stage.text) for stage in checklist.stages]
    for item in checklist.items:
        texts.append(("item", item.key, item.text))
        texts += [(item.key, option.code, option.text) for option in item.options]
        if _unreachable(item, checklist):
            text = Text("The item can never be asked.", "该项目永远不会被问到。")
            place = (("item", item.key),)
            found.append(_finding("unreachable", place, None, None, text=text, grade="critical"))
    for kind, key, text in texts:
        missing = [language for language in ("en", "zh") if not getattr(text, language).strip()]
        if missing:
            remark = Text("A language is missing.", "缺少一种语言的文字。")
            found.append(
                _finding("untranslated", ((kind, key),), missing[0], "en, zh", text=remark)
            )
    return tuple(found)


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


def _unreachable(item: Item, checklist: Checklist) -> bool:
    never = [
        condition.operator in {"=", ">", ">=", "<", "<="}
        and not _possible(checklist.item(condition.item), condition.value)
        for condition in item.enable_when
    ]
    return any(never) if item.enable_behavior == "all" else bool(never) and all(never)


def _possible(source: Item, value: object) -> bool:
    """Tell whether an item could be answered with a value of this kind."""
    if source.type == "choice":
        return value in {option.code for option in source.options}
    if source.type == "boolean":
        return isinstance(value, bool)
    if source.type == "number":
        return isinstance(value, int | float)
    return isinstance(value, str)


@frozen
class Migration:
    """A response moved to another version of its checklist.

    Parameters
    ----------
    response : Response
        The answers that kept their meaning.
    dropped : tuple of str
        Items whose answers were left behind: gone, or changed in meaning.
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
        Answers are kept where key, type and options are unchanged; moving to the same
        version changes nothing.

    Raises
    ------
    LabelError
        For two different checklists, or a response to neither.
    """
    if old.key != new.key:
        rule = f"a version of {old.key!r}"
        raise LabelError("new checklist", expected=rule, got=repr(new.key))
    check_response(old, response)
    before = {item.key: _meaning(item) for item in old.items}
    after = {item.key: _meaning(item) for item in new.items}
    kept = {key for key in before if before[key] == after.get(key)}
    left = tuple(key for key, _ in response.answers if key not in kept)
    return Migration(
        evolve(
            response,
            version=new.version,
            answers=[(key, answer) for key, answer in response.answers if key in kept],
        ),
        left,
        tuple(key for key in left if key in after),
        tuple(key for key in new.keys if key not in before),
    )


def _meaning(item: Item) -> tuple[str, frozenset[str]]:
    return item.type, frozenset(option.code for option in item.options)
