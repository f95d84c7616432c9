"""Is a prospect qualified: to be locked as a target, kept warm, or left?"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from salescore.core import (
    Day,
    Figure,
    Finding,
    Result,
    Severity,
    Text,
    day,
    headed_table,
    listed,
    objects,
    share,
    whole,
)
from salescore.core._checklists import Checklist
from salescore.core._progress import asked, gate, score
from salescore.core._responses import Answer, Response
from salescore.errors import LabelError, SalescoreError
from salescore.prospects._research import RESEARCH
from salescore.typing import AnyArray, Language, Share

__all__ = ["QUALIFICATIONS", "Qualification", "Qualified", "QualifyPolicy", "qualify"]

Qualified: TypeAlias = Literal["qualify", "nurture", "disqualify"]
"""What comes of the research: work on it, keep it warm, leave it."""

QUALIFICATIONS: dict[Qualified, Text] = {
    "qualify": Text("Qualified: locked as target", "锁定目标"),
    "nurture": Text("Nurture", "培育"),
    "disqualify": Text("Disqualified", "放弃"),
}
"""What each outcome is called."""

_HEADS = {
    "reason": Text("reason", "原因"),
    "where": Text("where", "位置"),
    "measured": Text("found", "实际"),
    "limit": Text("wanted", "要求"),
}


def _pairs(values: Any) -> tuple[tuple[str, Any], ...]:
    pairs: Any = getattr(values, "items", lambda: values)()
    return tuple(sorted((str(key), value) for key, value in pairs))


def _line(value: Share) -> str:
    exact = share(value, "line of a qualification")
    if exact > 1:
        raise SalescoreError("line of a qualification", expected="a share 0-1", got=str(value))
    return str(exact)


@frozen
class QualifyPolicy:
    """When a prospect is qualified, and when it is left.

    Parameters
    ----------
    checklist : Checklist, default RESEARCH
        The questions.
    line : share, default 0.6
        Least score of a qualified prospect [share 0-1]; read as written and kept as the text
        of a fraction.
    knock_outs : mapping of str to value
        Answers that disqualify, by item; by default that the deal cannot be closed.
    least : mapping of str to int
        Least number that an item must have; below it the prospect is disqualified.
    evidence : mapping of str to int
        Least pieces of evidence in each stage.

    Raises
    ------
    LabelError
        For an item or stage that the checklist does not have.
    SalescoreError
        For a line above 1, or negative numbers.
    """

    checklist: Checklist = RESEARCH
    line: str = field(default="0.6", converter=_line)
    knock_outs: tuple[tuple[str, Any], ...] = field(
        default=(("can_close", False),), converter=_pairs
    )
    least: tuple[tuple[str, int], ...] = field(default=(), converter=_pairs)
    evidence: tuple[tuple[str, int], ...] = field(default=(), converter=_pairs)

    def __attrs_post_init__(self) -> None:
        for key, _ in (*self.knock_outs, *self.least):
            self.checklist.item(key)
        stages = [each.key for each in self.checklist.stages]
        for key, count in self.evidence:
            if key not in stages:
                what = f"stage of checklist {self.checklist.key!r}"
                raise LabelError(what, expected=f"one of {stages}", got=repr(key))
            whole(count, f"evidence of stage {key!r}", least=0)
        for key, number in self.least:
            whole(number, f"least {key!r}", least=0)
            if self.checklist.item(key).type != "number":
                raise SalescoreError(f"least {key!r}", expected="an item of type number", got=key)


@frozen(eq=False, repr=False)
class Qualification(Result):
    """What came of the research of one prospect on one day; made by `qualify`.

    Parameters
    ----------
    prospect : str
        Whom it is about.
    on : str
        ISO day.
    outcome : {"qualify", "nurture", "disqualify"}
        What came of it.
    score : Fraction, optional
        Points of what was answered [share 0-1]; None when nothing has points.
    gaps : tuple of str
        Keys of the required questions that are open, in the order of the checklist.
    reasons : tuple of Finding
        Why it is not qualified; none when it is.
    """

    prospect: str
    on: str
    outcome: Qualified
    score: Fraction | None
    gaps: tuple[str, ...] = field(converter=listed)
    reasons: tuple[Finding, ...] = field(converter=listed)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a reason.

        Returns
        -------
        dict of str to (n,) ndarray
            ``code``, ``where``, ``measured``, ``limit`` and ``reason`` as texts.
        """
        return {
            "code": objects([each.code for each in self.reasons]),
            "where": objects([" ".join(label for _, label in each.where) for each in self.reasons]),
            "measured": objects([_shown(each.measured) for each in self.reasons]),
            "limit": objects([_shown(each.limit) for each in self.reasons]),
            "reason": objects([each.text.en for each in self.reasons]),
        }

    def facts(self) -> dict[str, Any]:
        """Give prospect, day, outcome, score and gaps."""
        return {
            "prospect": self.prospect,
            "on": self.on,
            "outcome": self.outcome,
            "score": None if self.score is None else float(self.score),
            "gaps": list(self.gaps),
        }

    def summary(self, language: Language = "en") -> str:
        """Give the outcome and its reasons as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            A line with the outcome, and a table of the reasons where there are any.
        """
        head = f"{self.prospect}, {self.on}: {QUALIFICATIONS[self.outcome].to(language)}"
        if not self.reasons:
            return head
        told = self.to_columns()
        del told["code"]
        told["reason"] = objects([each.text.to(language) for each in self.reasons])
        return f"{head}\n{headed_table(told, _HEADS, language)}"

    def __repr__(self) -> str:
        name = " ".join(self.prospect.split())
        points = "no score" if self.score is None else f"score {float(self.score):.0%}"
        return f"<Qualification of {name} on {self.on}: {self.outcome}, {points}>"


def qualify(
    response: Response,
    policy: QualifyPolicy = QualifyPolicy(),
    *,
    on: Day,  # frozen
) -> Qualification:
    """Qualify, nurture or disqualify a prospect by what was found out about it.

    Parameters
    ----------
    response : Response
        The answers to the checklist of the policy; its subject is the prospect.
    policy : QualifyPolicy, optional
        What is asked for.
    on : day
        The day of the qualification: a prospect may have several over time, see `lock_targets`.

    Returns
    -------
    Qualification
        *Disqualify* when a knock-out answer stands, or a number is below its least. *Nurture*
        when a required question is open, a stage lacks evidence, nothing has points or the score
        is below the line: gaps hold a prospect back whatever its score is. *Qualify* else, with
        no reason against it. More evidence never lowers the outcome.

    Raises
    ------
    LabelError, MissingValueError, SalescoreError
        When the response does not fit the checklist, and for what is no day.

    Examples
    --------
    >>> answers = {"can_close": Answer(False), "worth": Answer(80_000)}
    >>> found = qualify(Response("research", 1, "Hongda", answers), on="2026-03-02")
    >>> found.outcome, found.reasons[0].text.to("zh")
    ('disqualify', '该回答意味着放弃。')
    """
    when = str(day(on, "day of the qualification"))
    answered = asked(policy.checklist, response)
    done = {item.key: answer for item, answer in answered if answer.state == "done"}
    against = [*_knocked_out(policy, done), *_below(policy, done)]
    gaps = gate(policy.checklist, response, policy.checklist.stages[-1].key)
    points = score(policy.checklist, response)
    held = [*_gaps(policy, gaps), *_evidence(policy, done), *_score(policy, points)]
    outcome: Qualified = "disqualify" if against else "nurture" if held else "qualify"
    return Qualification(response.subject, when, outcome, points, gaps, (*against, *held))


def _knocked_out(policy: QualifyPolicy, done: Mapping[str, Answer]) -> list[Finding]:
    text = Text("This answer rules the prospect out.", "该回答意味着放弃。")
    found: list[Finding] = []
    for key, wrong in policy.knock_outs:
        value = _value(done.get(key), wrong)
        if value is not None and type(value) is type(wrong) and value == wrong:
            found.append(_finding("knock_out", key, str(value), None, text=text))
    return found


def _value(answer: Answer | None, wrong: object) -> object:
    """Give what was answered; a yes-or-no item that is done without a value means yes."""
    if answer is None:
        return None
    return isinstance(wrong, bool) if answer.value is None else answer.value


def _below(policy: QualifyPolicy, done: Mapping[str, Answer]) -> list[Finding]:
    text = Text("Less than what is worth the work.", "低于最低要求。")
    found: list[Finding] = []
    for key, least in policy.least:
        value: Any = done[key].value if key in done else None
        if value is not None and value < least:
            found.append(_finding("too_little", key, value, least, text=text))
    return found


def _gaps(policy: QualifyPolicy, gaps: tuple[str, ...]) -> list[Finding]:
    texts = {key: policy.checklist.item(key).text for key in gaps}
    return [
        _finding("open", key, None, None, text=text, severity="warning")
        for key, text in texts.items()
    ]


def _evidence(policy: QualifyPolicy, done: Mapping[str, Answer]) -> list[Finding]:
    text = Text("The stage lacks evidence.", "该阶段证据不足。")
    found: list[Finding] = []
    for stage, least in policy.evidence:
        keys = [item.key for item in policy.checklist.items if item.stage == stage]
        pieces = sum(len(done[key].evidence) for key in keys if key in done)
        if pieces < least:
            where = (("stage", stage),)
            code = "prospect.evidence"
            found.append(Finding(code, "warning", where, pieces, least, text))
    return found


def _score(policy: QualifyPolicy, points: Fraction | None) -> list[Finding]:
    line = Fraction(policy.line)
    if points is None:
        text = Text("No answer has points.", "没有评分。")
    elif points < line:
        text = Text("The score is below the line.", "得分低于合格线。")
    else:
        return []
    return [Finding("prospect.score", "warning", (), points, line, text)]


def _finding(
    code: str,
    item: str,
    measured: Figure,
    limit: Figure,
    *,
    text: Text,
    severity: Severity = "critical",
) -> Finding:
    return Finding(f"prospect.{code}", severity, (("item", item),), measured, limit, text)


def _shown(figure: Figure) -> str:
    if figure is None:
        return ""
    return f"{float(figure):.0%}" if isinstance(figure, Fraction) else str(figure)
