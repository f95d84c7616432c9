"""Which questions about the market are answered by what was seen, and which are open or stale?"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.activity._observations import (
    OBSERVATION_KINDS,
    PLACES,
    ObservationKind,
    Observations,
    Place,
    kind_codes,
    rows_among,
)
from salescore.core import (
    Day,
    DayArray,
    Result,
    Text,
    day,
    headed_table,
    listed,
    locked,
    objects,
    one_of,
    whole,
)
from salescore.errors import LabelError, MissingValueError, ShapeError
from salescore.typing import AnyArray, BoolArray, Column, IntArray, Language, StatusArray

__all__ = ["ANSWERS", "AnswerState", "Inquired", "Inquiry", "Question", "inquire"]

AnswerState: TypeAlias = Literal["open", "stale", "answered"]
"""Whether a question has no answer, one that is too old, or one."""

ANSWERS: tuple[AnswerState, ...] = ("open", "stale", "answered")
"""The states in the order of their codes, 0 to 2."""

_HEADS = {
    "subject": Text("about", "对象"),
    "question": Text("question", "问题"),
    "state": Text("state", "状态"),
    "last": Text("last seen", "最近观察"),
    "count": Text("observations", "观察数"),
}
_STATES = {
    "open": Text("open", "待了解"),
    "stale": Text("out of date", "已过期"),
    "answered": Text("answered", "已了解"),
}


@frozen
class Question:
    """One question about the market, and what answers it.

    Parameters
    ----------
    key : str
        English code.
    text : Text
        The question.
    kinds : iterable of str
        Kinds of observations that answer it; see `OBSERVATION_KINDS`.
    about : {"us", "them", "any"}, default "any"
        Whether it is about ourselves, competitors, or either.
    max_age : int, optional
        How many days an answer is good for; always without it.
    value : bool, default False
        Whether words alone do not answer it.

    Raises
    ------
    MissingValueError
        For no kinds.
    SalescoreError
        For an unknown kind and a negative age.
    """

    key: str
    text: Text
    kinds: tuple[ObservationKind, ...] = field(converter=listed)
    about: Literal["us", "them", "any"] = "any"
    max_age: int | None = None
    value: bool = field(default=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        what = f"question {self.key!r}"
        if not self.kinds:
            raise MissingValueError(f"kinds of {what}", expected="one at least", got="none")
        for kind in self.kinds:
            one_of(kind, f"kind of {what}", tuple(OBSERVATION_KINDS))
        one_of(self.about, f"about of {what}", ("us", "them", "any"))
        if self.max_age is not None:
            whole(self.max_age, f"max_age of {what}", least=0)


@frozen
class Inquiry:
    """A list of questions about the market: an analysis, an inspection, a registration.

    Parameters
    ----------
    key : str
        English code.
    version : int
        Raised with every change of meaning, at least 1.
    title : Text
        What people read.
    questions : iterable of Question
        In their order; different keys.
    per : {"competitor", "product", "region", "customer"}, optional
        What it is gone through for, one by one; None: once.

    Notes
    -----
    It is no checklist that somebody ticks: what was seen answers it, or does not.
    """

    key: str
    version: int
    title: Text
    questions: tuple[Question, ...] = field(converter=listed)
    per: Place | None = None

    def __attrs_post_init__(self) -> None:
        whole(self.version, f"version of inquiry {self.key!r}", least=1)
        if self.per is not None:
            one_of(self.per, f"per of inquiry {self.key!r}", PLACES)
        keys = [question.key for question in self.questions]
        if len(set(keys)) < len(keys):
            what = f"questions of inquiry {self.key!r}"
            raise LabelError(what, expected="different keys", got=keys)

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the questions in their order."""
        return tuple(question.key for question in self.questions)


def _seen(value: Day) -> np.datetime64:
    return day(value, "as_of")


@frozen(eq=False, repr=False)
class Inquired(Result):
    """What an inquiry comes to; made by `inquire`.

    Parameters
    ----------
    inquiry : Inquiry
        The questions.
    as_of : datetime64[D]
        The day one looks.
    subjects : tuple of str
        What it was gone through for; one empty text where it is gone through once.
    last : (p, q) datetime64[D]
        The last day that answers each question of each subject; NaT for never.
    count : (p, q) int64
        Observations that answer it and are not too old.
    """

    inquiry: Inquiry
    as_of: np.datetime64 = field(converter=_seen)
    subjects: tuple[str, ...] = field(converter=listed)
    last: DayArray = field(converter=locked)
    count: IntArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        shape = (len(self.subjects), len(self.inquiry.questions))
        for name in ("last", "count"):
            found = getattr(self, name).shape
            if found != shape:
                raise ShapeError(f"{name} of an inquiry", expected=f"shape {shape}", got=found)

    @property
    def state(self) -> StatusArray:
        """(p, q) uint8: place of each state in `ANSWERS`."""
        codes = np.where(np.isnat(self.last), 0, np.where(self.count > 0, 2, 1))
        return locked(codes.astype(np.uint8))

    @property
    def counts(self) -> dict[AnswerState, int]:
        """How many questions are in which state; they add up to all, over all subjects."""
        state = self.state
        return {name: int(np.count_nonzero(state == code)) for code, name in enumerate(ANSWERS)}

    def unanswered(self, subject: str = "") -> tuple[Question, ...]:
        """List the questions that are open or out of date.

        Parameters
        ----------
        subject : str, default ""
            For whom or what.

        Returns
        -------
        tuple of Question
            In the order of the inquiry.

        Raises
        ------
        LabelError
            For a subject it was not gone through for.
        """
        if subject not in self.subjects:
            rule = f"one of {list(self.subjects)[:10]}"
            raise LabelError("subject", expected=rule, got=repr(subject))
        state = self.state[self.subjects.index(subject)]
        pairs = zip(self.inquiry.questions, state.tolist(), strict=True)
        return tuple(question for question, code in pairs if code < 2)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a subject and question.

        Returns
        -------
        dict of str to (p * q,) ndarray
            Subject, key of the question, state, last day (None for never) and count.
        """
        asked = len(self.inquiry.questions)
        days = self.last.ravel()
        return {
            "subject": objects(self.subjects).repeat(asked),
            "question": objects(self.inquiry.keys * len(self.subjects)),
            "state": objects(ANSWERS)[self.state.ravel()],
            "last": objects([None if np.isnat(each) else str(each) for each in days]),
            "count": self.count.ravel(),
        }

    def facts(self) -> dict[str, Any]:
        """Give the inquiry and how many questions are in which state."""
        of = {"inquiry": self.inquiry.key, "version": self.inquiry.version}
        return {
            **of,
            "as_of": str(self.as_of),
            **{str(name): count for name, count in self.counts.items()},
        }

    def summary(self, language: Language = "en") -> str:
        """Give the questions as a table.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the questions.

        Returns
        -------
        str
            The title, and one line a subject and question.
        """
        table = dict(self.to_columns())
        called = {each.key: each.text.to(language) for each in self.inquiry.questions}
        table["question"] = objects([called[key] for key in table["question"].tolist()])
        table["state"] = objects([_STATES[name].to(language) for name in table["state"].tolist()])
        table["last"] = objects([each or "-" for each in table["last"].tolist()])
        if self.inquiry.per is None:
            table.pop("subject")
        return f"{self.inquiry.title.to(language)}\n{headed_table(table, _HEADS, language)}"

    def __repr__(self) -> str:
        counts = ", ".join(f"{count:,} {name}" for name, count in self.counts.items())
        return f"<Inquired {self.inquiry.key} as of {self.as_of}: {counts}>"


def inquire(
    inquiry: Inquiry,
    observations: Observations,
    *,
    as_of: Day,
    subjects: Column | None = None,
) -> Inquired:
    """Which questions does what was seen answer, and which are open or out of date?

    Parameters
    ----------
    inquiry : Inquiry
        The questions.
    observations : Observations
        In any order; those after *as_of* are not looked at.
    as_of : day
        The day one looks.
    subjects : (p,) column-like of str, optional
        The competitors, products, regions or customers to go through, each once; those that
        were seen, in ascending order, without it. Not for an inquiry that is gone through once.

    Returns
    -------
    Inquired
        Each question of each subject is *answered*, *stale* (the last answer is too old) or
        *open*. A question about ourselves, gone through by competitor, has one answer for all.
        A new observation never makes an answered question open.

    Raises
    ------
    LabelError
        For a subject named twice, or subjects of an inquiry that is gone through once.
    SalescoreError
        For what is no day.

    Examples
    --------
    >>> from salescore.activity import COMPETITOR_ANALYSIS
    >>> seen = Observations.read(["price"], ["2026-03-02"], value=[459], competitor=["Rival"])
    >>> found = inquire(COMPETITOR_ANALYSIS, seen, as_of="2026-03-10")
    >>> found.subjects, found.counts["answered"], found.unanswered("Rival")[0].key
    (('Rival',), 1, 'quality')
    """
    seen = day(as_of, "as_of")
    kept = observations.only(observations.on <= seen)
    names = _subjects(inquiry, kept, subjects)
    place = np.zeros(len(kept), dtype=np.int64)
    if inquiry.per is not None:
        place = rows_among(getattr(kept, inquiry.per), names)
    never = np.iinfo(np.int64).min
    last = np.full((len(names), len(inquiry.questions)), never, dtype=np.int64)
    count = np.zeros(last.shape, dtype=np.int64)
    for column, question in enumerate(inquiry.questions):
        rows = _answers(question, kept)
        shared = question.about == "us" and inquiry.per == "competitor"
        known = rows if shared else rows & (place >= 0)
        days = kept.on[known].astype(np.int64)
        oldest = never + 1
        if question.max_age is not None:
            oldest = int(seen.astype(np.int64)) - question.max_age
        fresh = (days >= oldest).astype(np.int64)
        if shared:
            last[:, column] = days.max(initial=never)
            count[:, column] = fresh.sum()
        else:
            np.maximum.at(last[:, column], place[known], days)
            np.add.at(count[:, column], place[known], fresh)
    return Inquired(inquiry, seen, names, last.astype("datetime64[D]"), count)


def _subjects(inquiry: Inquiry, kept: Observations, subjects: Column | None) -> tuple[str, ...]:
    if inquiry.per is None:
        if subjects is not None:
            what = f"subjects of inquiry {inquiry.key!r}"
            raise LabelError(what, expected="none: it is gone through once", got="some")
        return ("",)
    if subjects is None:
        return tuple(sorted(set(getattr(kept, inquiry.per).tolist()) - {""}))
    names: tuple[str, ...] = tuple(np.asarray(subjects, dtype=object).tolist())
    if len(set(names)) < len(names):
        raise LabelError("subjects", expected="each once", got=f"{len(names)} names")
    return names


def _answers(question: Question, kept: Observations) -> BoolArray:
    rows: BoolArray = np.isin(kept.kind, kind_codes(question.kinds))
    if question.about != "any":
        rows &= (kept.competitor.astype(object) == "") == (question.about == "us")
    if question.value:
        rows &= kept.known
    return rows
