"""What a checklist is: items in stages, some of them asked only after certain answers."""

from __future__ import annotations

from math import isfinite
from typing import Literal, TypeAlias

from attrs import field, frozen

from salescore.core._columns import listed, one_of, whole
from salescore.core._text import Text
from salescore.errors import LabelError, SalescoreError

__all__ = [
    "AnswerType",
    "Checklist",
    "EnableWhen",
    "Item",
    "Operator",
    "Option",
    "Stage",
    "Value",
    "plain",
]

AnswerType: TypeAlias = Literal["boolean", "number", "text", "date", "choice"]
"""What an answer is: yes or no, a number, words, an ISO day, or one of the options."""

Operator: TypeAlias = Literal["=", "!=", ">", ">=", "<", "<=", "exists"]
"""How the answer of an earlier item is compared."""

Value: TypeAlias = bool | int | float | str
"""The value of an answer; a day is its ISO text, a choice the code of its option."""

_TYPES = ("boolean", "number", "text", "date", "choice")
_OPERATORS = ("=", "!=", ">", ">=", "<", "<=", "exists")


def plain(value: object, what: str) -> None:
    """Check that a value is plain data: it compares, hashes and becomes JSON.

    Parameters
    ----------
    value : object
        The value of an answer or a condition.
    what : str
        What it is called in an error.

    Raises
    ------
    SalescoreError
        For anything but a truth value, a finite number or a text.
    """
    kinds = (bool, int, float, str)
    if not isinstance(value, kinds) or (isinstance(value, float) and not isfinite(value)):
        rule = "True, False, a finite number or a text (a day as its ISO text)"
        raise SalescoreError(what, expected=rule, got=repr(value))


@frozen
class EnableWhen:
    """A condition: an item is asked only when an earlier item has a certain answer.

    Parameters
    ----------
    item : str
        Key of an item that stands earlier in the checklist.
    operator : {"=", "!=", ">", ">=", "<", "<=", "exists"}
        How its answer is compared; ``"exists"`` asks whether it is answered at all.
    value : bool, int, float or str
        What it is compared with; True or False for ``"exists"``.
    """

    item: str
    operator: Operator
    value: Value

    def __attrs_post_init__(self) -> None:
        one_of(self.operator, f"operator of the condition on {self.item!r}", _OPERATORS)
        what = f"value of the condition on {self.item!r}"
        if self.operator == "exists" and not isinstance(self.value, bool):
            raise SalescoreError(what, expected="True or False", got=repr(self.value))
        plain(self.value, what)


@frozen
class Option:
    """One of the answers of a choice.

    Parameters
    ----------
    code : str
        English code.
    text : Text
        What people read.
    """

    code: str
    text: Text


@frozen
class Stage:
    """A part of a checklist with a gate at its end.

    Parameters
    ----------
    key : str
        English code.
    text : Text
        What people read.
    """

    key: str
    text: Text


@frozen
class Item:
    """One question or check.

    Parameters
    ----------
    key : str
        English code, unique in its checklist.
    text : Text
        The question.
    stage : str
        Key of its stage.
    type : {"boolean", "number", "text", "date", "choice"}, default "boolean"
        What an answer is.
    required : bool, default True
        Whether it holds the gate of its stage while it is open.
    weight : int, default 1
        How much it counts for completeness and score, >= 0.
    critical : bool, default False
        Whether 0 points here make the whole score 0.
    evidence_required : bool, default False
        Whether it can only be done with evidence.
    yes_only : bool, default False
        Whether only a yes finishes it, as in "Is the goal clear?"; a no leaves it open.
    enable_when : iterable of EnableWhen
        When it is asked; always if empty.
    enable_behavior : {"all", "any"}, default "all"
        Whether all conditions must hold, or one.
    options : iterable of Option
        The answers of a choice.
    """

    key: str
    text: Text
    stage: str
    type: AnswerType = "boolean"
    required: bool = True
    weight: int = 1
    critical: bool = False
    evidence_required: bool = False
    yes_only: bool = False
    enable_when: tuple[EnableWhen, ...] = field(default=(), converter=listed)
    enable_behavior: Literal["all", "any"] = "all"
    options: tuple[Option, ...] = field(default=(), converter=listed)

    def __attrs_post_init__(self) -> None:
        one_of(self.type, f"type of item {self.key!r}", _TYPES)
        one_of(self.enable_behavior, f"enable_behavior of item {self.key!r}", ("all", "any"))
        whole(self.weight, f"weight of item {self.key!r}", least=0)
        if self.yes_only and self.type != "boolean":
            what = f"yes_only of item {self.key!r}"
            raise SalescoreError(what, expected="type boolean", got=self.type)
        codes = [option.code for option in self.options]
        if (self.type == "choice") != bool(codes) or len(set(codes)) != len(codes):
            rule = "different codes for a choice, none for other types"
            raise LabelError(f"options of item {self.key!r}", expected=rule, got=codes)


@frozen
class Checklist:
    """A versioned template of items; words and rules of the FHIR Questionnaire, cut down.

    Parameters
    ----------
    key : str
        English code.
    version : int
        Raised with every change of meaning, at least 1.
    title : Text
        What people read.
    stages : iterable of Stage
        The stages in their order.
    items : iterable of Item
        The items in their order; conditions point backwards only, so that none can wait for
        itself.
    status : {"draft", "published", "retired"}, default "published"
        Where the template stands.

    Raises
    ------
    LabelError
        For keys named twice, an unknown stage, or a condition that does not point backwards.

    Examples
    --------
    >>> ready = Item("ready", Text("Ready?", "准备好了吗？"), "before")
    >>> Checklist("call", 1, Text("Call"), [Stage("before", Text("Before"))], [ready]).keys
    ('ready',)
    """

    key: str
    version: int
    title: Text
    stages: tuple[Stage, ...] = field(converter=listed)
    items: tuple[Item, ...] = field(converter=listed)
    status: Literal["draft", "published", "retired"] = "published"

    def __attrs_post_init__(self) -> None:
        whole(self.version, f"version of checklist {self.key!r}", least=1)
        one_of(self.status, f"status of checklist {self.key!r}", ("draft", "published", "retired"))
        stages = [stage.key for stage in self.stages]
        for what, keys in (("stages", stages), ("items", list(self.keys))):
            if len(set(keys)) != len(keys):
                name = f"{what} of checklist {self.key!r}"
                raise LabelError(name, expected="different keys", got=keys)
        seen: set[str] = set()
        for item in self.items:
            if item.stage not in stages:
                what = f"stage of item {item.key!r}"
                raise LabelError(what, expected=f"one of {stages}", got=repr(item.stage))
            for condition in item.enable_when:
                if condition.item not in seen:
                    what = f"condition of item {item.key!r}"
                    raise LabelError(what, expected="an earlier item", got=repr(condition.item))
            seen.add(item.key)

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the items in their order."""
        return tuple(item.key for item in self.items)

    def item(self, key: str) -> Item:
        """Find an item.

        Parameters
        ----------
        key : str
            Its key.

        Returns
        -------
        Item
            The item.

        Raises
        ------
        LabelError
            For an unknown key.
        """
        for item in self.items:
            if item.key == key:
                return item
        where = f"checklist {self.key!r}"
        raise LabelError("item", where=where, expected=f"one of {list(self.keys)}", got=repr(key))

    def upto(self, stage: str | None) -> tuple[str, ...]:
        """List a stage and those before it.

        Parameters
        ----------
        stage : str or None
            Key of a stage; None for all.

        Returns
        -------
        tuple of str
            Keys of stages in their order.

        Raises
        ------
        LabelError
            For an unknown stage.
        """
        keys = tuple(each.key for each in self.stages)
        if stage is None:
            return keys
        if stage not in keys:
            where = f"checklist {self.key!r}"
            raise LabelError("stage", where=where, expected=f"one of {list(keys)}", got=repr(stage))
        return keys[: keys.index(stage) + 1]
