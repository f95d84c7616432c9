"""What was answered: the state, value, points and evidence of each item of one response."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from salescore.core._checklists import Checklist, Item, Value, plain
from salescore.core._columns import one_of, share, whole
from salescore.core._periods import day
from salescore.errors import LabelError, MissingValueError, SalescoreError
from salescore.typing import Share

__all__ = ["OPEN", "Answer", "Response", "State", "check_response"]

State: TypeAlias = Literal["open", "done", "not_applicable"]
"""Where an item stands; not applicable leaves both sides of every ratio."""


def _references(values: Any) -> tuple[str, ...]:
    # A lone text would fall apart into letters.
    found: tuple[Any, ...] = (values,) if isinstance(values, str) else tuple(values)
    for value in found:
        if not isinstance(value, str) or not value.strip():
            rule = "texts that name a document"
            raise SalescoreError("evidence of an answer", expected=rule, got=repr(value))
    return found


def _exact(points: Share | None) -> str | None:
    if points is None:
        return None
    exact = share(points, "points of an answer")
    if exact > 1:
        raise SalescoreError("points of an answer", expected="a share 0-1", got=points)
    return str(exact)


@frozen
class Answer:
    """The answer to one item.

    Parameters
    ----------
    value : bool, int, float or str, optional
        What was answered; a yes-or-no item that is done may go without and means yes.
    state : {"open", "done", "not_applicable"}, default "done"
        Where the item stands.
    points : number, optional
        How well it was done [share 0-1]; not scored if not given. Read exactly as written and
        kept as the text of a fraction, so that equal points are equal values.
    evidence : str or iterable of str
        References to photos, documents, signatures.
    note, by, at : str
        Remark, who answered, and when.

    Examples
    --------
    >>> Answer(value=True, points=0.5).points, Answer(evidence="shelf.jpg").evidence
    ('1/2', ('shelf.jpg',))
    """

    value: Value | None = None
    state: State = "done"
    points: str | None = field(default=None, converter=_exact)
    evidence: tuple[str, ...] = field(default=(), converter=_references)
    note: str = ""
    by: str = ""
    at: str = ""

    def __attrs_post_init__(self) -> None:
        one_of(self.state, "state of an answer", ("open", "done", "not_applicable"))

    @property
    def exact_points(self) -> Fraction:
        """The points as an exact fraction; 0 where there are none."""
        return Fraction(self.points or 0)


def _pairs(answers: Any) -> tuple[tuple[str, Answer], ...]:
    pairs: Iterable[tuple[Any, Any]] = getattr(answers, "items", lambda: answers)()
    listed = [(key, answer) for key, answer in pairs]
    for key, answer in listed:
        if not isinstance(key, str):
            raise LabelError("answers of a response", expected="item keys as texts", got=repr(key))
        if not isinstance(answer, Answer):
            raise SalescoreError(f"answer to {key!r}", expected="an Answer", got=repr(answer))
        if answer.value is not None:
            plain(answer.value, f"answer to {key!r}")
    return tuple(sorted(listed, key=lambda pair: pair[0]))


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
        return dict(self.answers).get(key, OPEN)


OPEN = Answer(state="open")
"""What stands where there is no answer."""


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
        For a value of the wrong type, whatever the state.
    MissingValueError
        For an item that is done without its value (a blank text is none) or its evidence.
    """
    wanted = (checklist.key, checklist.version)
    found = (response.checklist, response.version)
    if wanted != found:
        rule = f"{wanted[0]!r} version {wanted[1]} (see migrate)"
        got = f"{found[0]!r} version {found[1]}"
        raise LabelError("checklist of the response", expected=rule, got=got)
    for key, answer in response.answers:
        item = checklist.item(key)
        if answer.value is not None:
            _check_value(item, answer.value)
        if answer.state == "done":
            _check_done(item, answer)


def _check_value(item: Item, value: Value) -> None:
    what = f"answer to {item.key!r}"
    kinds = {"boolean": bool, "number": int | float}
    truth = isinstance(value, bool)
    if not isinstance(value, kinds.get(item.type, str)) or truth != (item.type == "boolean"):
        raise SalescoreError(what, expected=f"a value of type {item.type}", got=repr(value))
    if item.type == "date":
        day(str(value), what)
    codes = [option.code for option in item.options]
    if codes and value not in codes:
        raise LabelError(what, expected=f"one of {codes}", got=repr(value))


def _check_done(item: Item, answer: Answer) -> None:
    what = f"answer to {item.key!r}"
    if item.evidence_required and not answer.evidence:
        raise MissingValueError(what, expected="evidence", got="none")
    blank = isinstance(answer.value, str) and not answer.value.strip()
    if blank or (answer.value is None and item.type != "boolean"):
        rule = f"a value of type {item.type}"
        raise MissingValueError(what, expected=rule, got=repr(answer.value))
