"""What was answered: the state, value, points and evidence of each item of one response."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import isfinite
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from salescore.core import day, one_of, share, whole
from salescore.errors import LabelError, MissingValueError, SalescoreError
from salescore.typing import Share
from salescore.visits._checklists import Checklist, Item, Value

__all__ = ["Answer", "Response", "State", "check_response"]

State: TypeAlias = Literal["open", "done", "not_applicable"]
"""Where an item stands; not applicable leaves both sides of every ratio."""


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


@frozen
class Answer:
    """The answer to one item.

    Parameters
    ----------
    value : bool, int, float or str, optional
        What was answered; a yes-or-no item that is done may go without.
    state : {"open", "done", "not_applicable"}, default "done"
        Where the item stands.
    points : number, optional
        How well it was done [share 0-1]; not scored if not given. Read exactly as written.
    evidence : iterable of str
        References to photos, documents, signatures.
    note, by, at : str
        Remark, who answered, and when.
    """

    value: Value | None = None
    state: State = "done"
    points: Share | None = None
    evidence: tuple[str, ...] = field(default=(), converter=_texts)
    note: str = ""
    by: str = ""
    at: str = ""

    def __attrs_post_init__(self) -> None:
        one_of(self.state, "state of an answer", ("open", "done", "not_applicable"))
        if self.points is not None and self.exact_points > 1:
            raise SalescoreError("points of an answer", expected="a share 0-1", got=self.points)

    @property
    def exact_points(self) -> Fraction:
        """The points as an exact fraction; 0 where there are none."""
        return share(0 if self.points is None else self.points, "points of an answer")


def _pairs(answers: Any) -> tuple[tuple[str, Answer], ...]:
    pairs: Iterable[tuple[str, Answer]] = getattr(answers, "items", lambda: answers)()
    return tuple(sorted(((key, answer) for key, answer in pairs), key=lambda pair: pair[0]))


@frozen
class Response:
    """The answers to one checklist about one subject.

    Parameters
    ----------
    checklist : str
        Key of the checklist.
    version : int
        Version of the checklist that was answered.
    subject : str
        Whom it is about: a customer, a visit.
    answers : mapping of str to Answer
        By item key, kept in the order of the keys; an item without an answer is open.

    Examples
    --------
    >>> Response("call", 1, "Hongda", {"ready": Answer(True)}).answer("ready").state
    'done'
    """

    checklist: str
    version: int
    subject: str
    answers: tuple[tuple[str, Answer], ...] = field(default=(), converter=_pairs)

    def __attrs_post_init__(self) -> None:
        whole(self.version, f"version of the response to {self.checklist!r}", least=1)
        keys = [key for key, _ in self.answers]
        if len(set(keys)) != len(keys):
            raise LabelError("answers of a response", expected="one an item", got=keys)

    def answer(self, key: str) -> Answer:
        """Give the answer to an item.

        Parameters
        ----------
        key : str
            Key of the item.

        Returns
        -------
        Answer
            An open answer where there is none.
        """
        return dict(self.answers).get(key, _OPEN)


_OPEN = Answer(state="open")


def check_response(checklist: Checklist, response: Response) -> None:
    """Check that a response answers the items of a checklist in their types.

    Parameters
    ----------
    checklist : Checklist
        The template.
    response : Response
        The answers.

    Raises
    ------
    LabelError
        For another checklist or version, an unknown item, or an unknown option.
    SalescoreError
        For a value of the wrong type.
    MissingValueError
        For an item that is done without its value or its evidence.
    """
    wanted = (checklist.key, checklist.version)
    found = (response.checklist, response.version)
    if wanted != found:
        rule = f"{wanted[0]!r} version {wanted[1]} (see migrate)"
        got = f"{found[0]!r} version {found[1]}"
        raise LabelError("checklist of the response", expected=rule, got=got)
    for key, answer in response.answers:
        item = checklist.item(key)
        if answer.state == "done":
            _check_done(item, answer)


def _check_done(item: Item, answer: Answer) -> None:
    what = f"answer to {item.key!r}"
    if item.evidence_required and not answer.evidence:
        raise MissingValueError(what, expected="evidence", got="none")
    value = answer.value
    if value is None or value == "":
        if item.type != "boolean":
            raise MissingValueError(what, expected=f"a value of type {item.type}", got=repr(value))
        return
    if item.type == "choice":
        codes = [option.code for option in item.options]
        if value not in codes:
            raise LabelError(what, expected=f"one of {codes}", got=repr(value))
    elif item.type == "date":
        day(str(value), what)
    elif not _fits(item, value):
        raise SalescoreError(what, expected=f"a value of type {item.type}", got=repr(value))


def _fits(item: Item, value: Value) -> bool:
    if item.type == "boolean":
        return isinstance(value, bool)
    if item.type == "text":
        return isinstance(value, str)
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
