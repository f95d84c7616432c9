"""What must a customer have to be A or B, whatever its score: grades, lines and knock-outs."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal, TypeAlias

from attrs import field, frozen

from salescore.core import Text, listed, one_of, share, whole
from salescore.customers._criteria import Better
from salescore.errors import AmountOverflowError, LabelError, MissingValueError, SalescoreError
from salescore.typing import Label, Share

__all__ = ["GateMissing", "GatePolicy", "GradeGate", "KnockOut", "LineGate"]

GateMissing: TypeAlias = Literal["reject", "worst", "ignore"]
"""What a missing value does at a gate: an error, as the worst one would, or nothing."""


def _check_gate(key: object, text: object, missing: object) -> None:
    if not isinstance(key, str) or not key:
        rule = "a text that is not empty"
        raise LabelError("key of a gate", expected=rule, got=repr(key))
    if not isinstance(text, Text):
        raise SalescoreError(f"text of gate {key!r}", expected="Text", got=repr(text))
    one_of(missing, f"rule for missing values of gate {key!r}", ("reject", "worst", "ignore"))


def _check_asked(key: str, a: object, b: object) -> None:
    if a is None and b is None:
        rule = "a, b or both"
        raise MissingValueError(f"what gate {key!r} asks for", expected=rule, got="neither")


def _grades(grades: Iterable[Label]) -> tuple[Label, ...]:
    if isinstance(grades, str):
        rule = "grades one by one, best first"
        raise SalescoreError("grades of a gate", expected=rule, got=repr(grades))
    return tuple(each if isinstance(each, str) else whole(each, "grade") for each in grades)


def _line(number: Share | None) -> str | None:
    if number is None:
        return None
    if isinstance(number, bool):
        raise SalescoreError("line of a gate", expected="a number", got=number)
    text = str(number).strip()
    size = share(text.removeprefix("-"), "line of a gate")
    if size >= 2**63:
        rule = "a number between -2**63 and 2**63"
        raise AmountOverflowError("line of a gate", expected=rule, got=number)
    return str(-size if text.startswith("-") else size)


@frozen
class GradeGate:
    """Which grade a customer needs to be A, and to be A or B: credit grades, for example.

    Parameters
    ----------
    key : str
        English code; the name of the column that holds the grades.
    text : Text
        What people call it.
    grades : iterable of str, or of int
        All grades there are, best first.
    a, b : str or int, optional
        Worst grade with which a customer may be A, and with which it may be B; at least one of
        them. Without *a* the gate never stops at B, without *b* never at C.
    missing : {"reject", "worst", "ignore"}, default "reject"
        What a customer without a grade gets: an error, what the worst grade gets, or no limit.

    Raises
    ------
    LabelError
        For an empty key, a grade named twice, texts mixed with numbers, and for *a* or *b*
        that is no grade.
    MissingValueError
        When neither *a* nor *b* is given.
    SalescoreError
        When B asks for a better grade than A, or the rule is unknown.

    Examples
    --------
    >>> ladder = ["AAA", "AA", "A", "BBB", "BB", "B"]
    >>> GradeGate("credit", Text("Credit grade", "信用等级"), ladder, a="A", b="BB").missing
    'reject'
    """

    key: str
    text: Text
    grades: tuple[Label, ...] = field(converter=_grades)
    a: Label | None = None
    b: Label | None = None
    missing: GateMissing = "reject"

    def __attrs_post_init__(self) -> None:
        _check_gate(self.key, self.text, self.missing)
        _check_asked(self.key, self.a, self.b)
        where = f"gate {self.key!r}"
        if len({isinstance(grade, str) for grade in self.grades}) > 1:
            rule = "texts only or whole numbers only"
            raise LabelError("grades", where=where, expected=rule, got=self.grades)
        if len(set(self.grades)) < len(self.grades):
            twice = next(grade for grade in self.grades if self.grades.count(grade) > 1)
            raise LabelError("grades", where=where, expected="each once", got=f"{twice!r} twice")
        for name, grade in (("a", self.a), ("b", self.b)):
            if grade is not None and grade not in self.grades:
                rule = f"one of {self.grades}"
                raise LabelError(f"grade for {name}", where=where, expected=rule, got=repr(grade))
        places = [self.grades.index(each) for each in (self.a, self.b) if each is not None]
        if places != sorted(places):
            rule, got = "none better than for A", f"{self.b!r}, for A {self.a!r}"
            raise SalescoreError("grade for B", where=where, expected=rule, got=got)


@frozen
class LineGate:
    """Which number a customer must reach to be A, and to be A or B.

    Parameters
    ----------
    key : str
        English code; the name of the column that holds the numbers.
    text : Text
        What people call it.
    a, b : int, float, str, Decimal or Fraction, optional
        A customer at or better than *a* may be A, at or better than *b* it may be B; at least
        one of them. Read exactly as written and kept as text; may be negative.
    better : {"high", "low"}, default "high"
        Which side of a line is the better one; ``"low"`` for days overdue, for example.
    missing : {"reject", "worst", "ignore"}, default "reject"
        What a customer without a number gets: an error, what the worst number gets, or no
        limit.

    Raises
    ------
    LabelError
        For an empty key.
    MissingValueError
        When neither *a* nor *b* is given.
    SalescoreError
        When B asks for more than A, for what is no number, and for an unknown option.

    Examples
    --------
    >>> LineGate("overdue", Text("Days overdue", "逾期天数"), a=30, b=90, better="low").b
    '90'
    """

    key: str
    text: Text
    a: str | None = field(default=None, converter=_line)
    b: str | None = field(default=None, converter=_line)
    better: Better = "high"
    missing: GateMissing = "reject"

    def __attrs_post_init__(self) -> None:
        _check_gate(self.key, self.text, self.missing)
        _check_asked(self.key, self.a, self.b)
        where = f"gate {self.key!r}"
        one_of(self.better, f"better side of {where}", ("high", "low"))
        a, b = self.lines
        if a is not None and b is not None and (b > a if self.better == "high" else b < a):
            rule, got = "none better than for A", f"{self.b}, for A {self.a}"
            raise SalescoreError("line for B", where=where, expected=rule, got=got)

    @property
    def lines(self) -> tuple[Fraction | None, Fraction | None]:
        """The lines for A and for B as numbers."""
        a, b = (None if line is None else Fraction(line) for line in (self.a, self.b))
        return a, b


@frozen
class KnockOut:
    """A condition that makes a customer C, or takes it out, whatever else it has.

    Parameters
    ----------
    key : str
        English code; the name of the column that says (true or false) for whom it holds.
    text : Text
        What people call it.
    effect : {"lower", "exclude"}, default "lower"
        The customer is C, or it is C and excluded from what is done for customers.
    missing : {"reject", "worst", "ignore"}, default "reject"
        What a customer gets of whom it is not known: an error, the effect, or nothing.

    Raises
    ------
    LabelError
        For an empty key.
    SalescoreError
        For an unknown option.

    Examples
    --------
    >>> KnockOut("sanctioned", Text("On a sanctions list", "制裁名单"), "exclude").missing
    'reject'
    """

    key: str
    text: Text
    effect: Literal["lower", "exclude"] = "lower"
    missing: GateMissing = "reject"

    def __attrs_post_init__(self) -> None:
        _check_gate(self.key, self.text, self.missing)
        one_of(self.effect, f"effect of knock-out {self.key!r}", ("lower", "exclude"))


@frozen
class GatePolicy:
    """All gates and knock-outs that hold together.

    Parameters
    ----------
    grades : iterable of GradeGate, optional
        Gates by grades.
    lines : iterable of LineGate, optional
        Gates by numbers.
    knock_outs : iterable of KnockOut, optional
        Conditions that rule a customer out.

    Raises
    ------
    LabelError
        When two of them have the same key.

    Notes
    -----
    Plain data that compares by value; ``attrs.asdict`` and cattrs give JSON. Weights cannot
    make up for a gate: that is what it is for.

    Examples
    --------
    >>> credit = GradeGate("credit", Text("Credit grade"), ["A", "BB", "B"], a="A", b="BB")
    >>> GatePolicy(grades=[credit]).keys
    ('credit',)
    """

    grades: tuple[GradeGate, ...] = field(default=(), converter=listed)
    lines: tuple[LineGate, ...] = field(default=(), converter=listed)
    knock_outs: tuple[KnockOut, ...] = field(default=(), converter=listed)

    def __attrs_post_init__(self) -> None:
        keys = self.keys
        if len(set(keys)) < len(keys):
            twice = next(key for key in keys if keys.count(key) > 1)
            raise LabelError("keys of the gates", expected="each once", got=f"{twice!r} twice")

    @property
    def gates(self) -> tuple[GradeGate | LineGate | KnockOut, ...]:
        """All of them: grades, lines, knock-outs."""
        return (*self.grades, *self.lines, *self.knock_outs)

    @property
    def keys(self) -> tuple[str, ...]:
        """Their keys in this order: the columns they need."""
        return tuple(gate.key for gate in self.gates)
