"""How are tiers capped by gates, and what did each gate do?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import repeat
from math import ceil, floor
from typing import Any, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Finding,
    Result,
    Text,
    Tier,
    amounts,
    freeze,
    label_column,
    locked,
    measures,
    objects,
    text_table,
)
from salescore.customers._criteria import Better
from salescore.customers._gates import GatePolicy, GradeGate, KnockOut, LineGate
from salescore.customers._nulls import is_null
from salescore.customers._scores import called
from salescore.customers._tiers import Tiers
from salescore.errors import LabelError, MissingValueError, SalescoreError, ShapeError
from salescore.typing import AnyArray, BoolArray, Column, IntArray, Label, Language, StatusArray

__all__ = ["Gated", "gate"]

Gate: TypeAlias = GradeGate | LineGate | KnockOut

_HEADS = (
    Text("tier", "类别"),
    Text("computed", "计算"),
    Text("capped", "限级后"),
)
_GATES = (
    Text("gate", "门槛"),
    Text("lowered", "降级"),
    Text("excluded", "剔除"),
)
_MOVED = Text(
    "{:,} of {:,} customers lowered by gates, {:,} excluded",
    "{1:,}个客户中{0:,}个因门槛降级，{2:,}个被剔除",
)


def gate(tiers: Tiers, columns: Mapping[str, Column], policy: GatePolicy) -> Gated:
    """Which tier may each customer have, given what its grades and numbers allow at best?

    Parameters
    ----------
    tiers : Tiers
        The computed tiers: from `tier`, `assign`, `hold` or an override.
    columns : mapping of str to (n,) column-like
        What each gate looks at, by its key: grades, numbers, or booleans for knock-outs.
    policy : GatePolicy
        The gates.

    Returns
    -------
    Gated
        The computed tier beside the capped one, which is the worse of the computed tier and
        all that the gates allow. Gates never raise a tier. Gating again changes nothing; a
        better grade or a better score never gives a worse tier. No gates and no customers
        change nothing.

    Raises
    ------
    LabelError
        For a gate without a column, a column without a gate, and a grade that is not among
        those of its gate; names the row.
    MissingValueError
        For a missing value where the gate rejects it; names the row.
    ShapeError
        For columns that do not have one row a customer.
    SalescoreError
        For infinite numbers, and columns of another kind.

    Notes
    -----
    Whole numbers are held against the exact line, floats against the float nearest to it.

    Examples
    --------
    >>> from salescore.customers import TierPolicy, tier
    >>> tiers = tier([95, 85, 70], TierPolicy.by_line(80, 60), ids=["Ann", "Bo", "Cy"])
    >>> credit = GradeGate("credit", Text("Credit grade"), ["A", "BB", "B"], a="A", b="BB")
    >>> found = gate(tiers, {"credit": ["BB", "A", "B"]}, GatePolicy(grades=[credit]))
    >>> found
    <Gated A 1, B 1, C 1; 2 lowered, 0 excluded>
    >>> found.reasons()
    array(['Credit grade below A', '', 'Credit grade below BB'], dtype=object)
    """
    _check_keys(columns, policy)
    n = len(tiers)
    cap, excluded = np.zeros(n, dtype=np.uint8), np.zeros(n, dtype=np.bool_)
    place, unknown = np.full(n, -1, dtype=np.int64), np.zeros(n, dtype=np.bool_)
    for number, each in enumerate(policy.gates):
        found, missing = _caps(columns[each.key], each, n)
        stronger = found > cap
        if isinstance(each, KnockOut) and each.effect == "exclude":
            # Of all that say C, the one that excludes is the reason.
            stronger = (found == Tier.C) & ~excluded
            excluded |= stronger
        cap[stronger], place[stronger], unknown[stronger] = (
            found[stronger],
            number,
            missing[stronger],
        )
    binds = (cap > tiers.code) | excluded
    bound = np.where(binds, place, -1)
    return Gated(
        tiers, policy, freeze(cap), freeze(bound), freeze(unknown & binds), freeze(excluded)
    )


def _check_keys(columns: Mapping[str, Column], policy: GatePolicy) -> None:
    missing = [key for key in policy.keys if key not in columns]
    if missing:
        rule = f"a column for each of {policy.keys}"
        raise LabelError("columns of the gates", expected=rule, got=f"none for {missing}")
    unknown = [key for key in columns if key not in policy.keys]
    if unknown:
        rule = f"gates of the policy: {policy.keys}"
        raise LabelError("columns of the gates", expected=rule, got=unknown)


def _caps(column: Column, each: Gate, n: int) -> tuple[StatusArray, BoolArray]:
    """Give the best tier that one gate allows each customer, and who has no value there."""
    what = f"gate {each.key!r}"
    array = _array(column, listed=not isinstance(each, LineGate))
    if array.shape != (n,):
        rule = f"one for each of {n} customers"
        raise ShapeError(f"column of {what}", expected=rule, got=f"shape {array.shape}")
    misses, missing = _misses(array, each, what)
    if each.missing == "reject" and missing.any():
        row = int(missing.argmax())
        raise MissingValueError(what, where=f"row {row}", expected="a value", got="none")
    cap = np.where(misses[1], Tier.C, np.where(misses[0], Tier.B, Tier.A)).astype(np.uint8)
    if each.missing == "ignore":
        cap[missing] = Tier.A
    return cap, missing


def _array(column: Any, *, listed: bool) -> AnyArray:
    # NumPy would turn a list of texts and NaN into texts, "nan" among them.
    sort: Any = column.__class__
    if listed and issubclass(sort, list | tuple):
        return np.fromiter(column, dtype=object, count=len(column))
    return np.asarray(column)


def _misses(array: AnyArray, each: Gate, what: str) -> tuple[list[BoolArray], BoolArray]:
    """Tell who misses what A and what B asks for, the missing as the worst value would."""
    if isinstance(each, LineGate):
        whole_numbers = array.dtype.kind in "iu"
        numbers = array if whole_numbers else measures(array, what)
        missing = np.isnan(numbers)
        return [_beyond(numbers, line, each.better, missing) for line in each.lines], missing
    if isinstance(each, KnockOut):
        said, missing = _said(array, what)
        return [said | missing] * 2, missing
    codes, missing = _graded(array, each.grades, what)
    codes[missing] = len(each.grades) - 1
    last = [len(each.grades) if g is None else each.grades.index(g) for g in (each.a, each.b)]
    return [codes > place for place in last], missing


def _beyond(
    numbers: AnyArray, line: Fraction | None, better: Better, missing: BoolArray
) -> BoolArray:
    """Tell who is on the wrong side of a line; whole numbers are held against it exactly."""
    if line is None:
        return np.zeros(numbers.size, dtype=np.bool_)
    exact = numbers.dtype.kind in "iu"
    if better == "high":
        below: BoolArray = numbers < (ceil(line) if exact else float(line))
        return below | missing
    above: BoolArray = numbers > (floor(line) if exact else float(line))
    return above | missing


def _graded(array: AnyArray, grades: Sequence[Label], what: str) -> tuple[IntArray, BoolArray]:
    """Give the place of each grade among all, and who has none."""
    values: list[Any] = array.tolist()
    # True is 1 to a dictionary, and no grade.
    if set(map(type, values)) & {bool, np.bool_}:
        raise LabelError(f"grades of {what}", expected=f"one of {grades}", got="booleans")
    places: Any = {grade: place for place, grade in enumerate(grades)}
    try:
        codes = np.fromiter(map(places.get, values, repeat(-1)), np.int64, len(values))
    except TypeError as error:
        rule = f"one of {grades}"
        raise LabelError(f"grades of {what}", expected=rule, got=str(error)) from error
    missing = codes < 0
    _check_nulls(values, missing, what, f"one of {tuple(grades)}")
    return codes, missing


def _said(array: AnyArray, what: str) -> tuple[BoolArray, BoolArray]:
    """Give for whom a condition holds, and of whom nothing is known."""
    if array.dtype.kind == "b":
        return array, np.zeros(array.size, dtype=np.bool_)
    values: list[Any] = array.tolist()
    known = map({bool, np.bool_}.__contains__, map(type, values))
    missing = ~np.fromiter(known, np.bool_, len(values))
    _check_nulls(values, missing, what, "true or false")
    said = np.zeros(array.size, dtype=np.bool_)
    said[~missing] = objects(values)[~missing].astype(np.bool_)
    return said, missing


def _check_nulls(values: list[Any], missing: BoolArray, what: str, rule: str) -> None:
    """Refuse the first value that is neither known nor null."""
    rows = np.flatnonzero(missing)
    rest: list[Any] = objects(values)[rows].tolist()
    null = np.fromiter(map(is_null, rest), np.bool_, rows.size)
    if not null.all():
        row = int(rows[null.argmin()])
        raise LabelError(what, where=f"row {row}", expected=rule, got=repr(values[row]))


@frozen(eq=False, repr=False)
class Gated(Result):
    """The computed tier of each customer and the one that gates allow; made by `gate`.

    Parameters
    ----------
    computed : Tiers
        The tiers before; never changed.
    policy : GatePolicy
        The gates.
    cap : (n,) uint8
        The best tier that all gates together allow each customer.
    bound : (n,) int64
        Which gate lowered or excluded each customer, its place in ``policy.gates``; the first
        of those that do. -1 for a customer whose tier stays.
    unknown : (n,) bool
        Whether it did so for want of a value.
    excluded : (n,) bool
        Who is excluded.
    """

    computed: Tiers
    policy: GatePolicy
    cap: StatusArray = field(converter=locked)
    bound: IntArray = field(converter=locked)
    unknown: BoolArray = field(converter=locked)
    excluded: BoolArray = field(converter=locked)
    capped: Tiers = field(init=False)
    """The tiers that hold: the worse of the computed one and the cap. The excluded are C."""

    def __attrs_post_init__(self) -> None:
        n, most = len(self.computed), len(self.policy.gates)
        for array in (self.cap, self.bound, self.unknown, self.excluded):
            if array.shape != (n,):
                got = f"shape {array.shape}"
                raise ShapeError("columns of gated tiers", expected=f"{n} rows", got=got)
        bound = amounts(self.bound, "gates that bind")
        if n and not -1 <= int(bound.min()) <= int(bound.max()) < most:
            got = f"{bound.min()} to {bound.max()}"
            raise SalescoreError("gates that bind", expected=f"-1 to {most - 1}", got=got)
        code = np.maximum(self.computed.code, self.cap)
        capped = Tiers(freeze(code), self.computed.cuts, self.computed.ids)
        object.__setattr__(self, "capped", capped)

    @property
    def lowered(self) -> BoolArray:
        """Who has a worse tier than computed; (n,) bool."""
        return self.capped.code > self.computed.code

    @property
    def remaining(self) -> Tiers:
        """The capped tiers without the excluded; where customers have no ids, rows become ids."""
        rows = np.flatnonzero(~self.excluded)
        ids = called(self.computed.ids, len(self))[rows]
        return Tiers(freeze(self.capped.code[rows]), self.computed.cuts, freeze(ids))

    def reasons(self, language: Language = "en") -> AnyArray:
        """Why was each customer lowered or excluded?

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the texts.

        Returns
        -------
        (n,) object array
            What the gate that binds asks for; an empty text where the tier stays.
        """
        said = [
            _reason(each, cap, unknown=unknown).to(language)
            for each in self.policy.gates
            for cap in (Tier.B, Tier.C)
            for unknown in (False, True)
        ]
        at_c = self.capped.code == Tier.C
        places = np.where(self.bound < 0, -1, 4 * self.bound + 2 * at_c + self.unknown)
        return objects([*said, ""])[places]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What each gate did: customers lowered (info) and excluded (warning)."""
        found: list[Finding] = []
        for each, (lowered, excluded) in zip(self.policy.gates, self._by_gate, strict=True):
            where, en, zh = (("gate", each.key),), each.text.en, each.text.to("zh")
            if lowered:
                text = Text(f"{en}: {lowered:,} lowered", f"{zh}：{lowered:,}个客户降级")
                found.append(Finding("gate.lowered", "info", where, lowered, 0, text))
            if excluded:
                text = Text(f"{en}: {excluded:,} excluded", f"{zh}：{excluded:,}个客户被剔除")
                found.append(Finding("gate.excluded", "warning", where, excluded, 0, text))
        return tuple(found)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer, both tiers side by side.

        Returns
        -------
        dict of str to (n,) ndarray
            ``customer``, ``computed``, ``capped``, ``excluded``, ``gate`` (key of the gate that
            binds) and ``reason`` (both empty texts where the tier stays).
        """
        return {
            "customer": called(self.computed.ids, len(self)),
            "computed": self.computed.to_columns()["tier"],
            "capped": self.capped.to_columns()["tier"],
            "excluded": self.excluded,
            "gate": label_column([*self.policy.keys, ""], self.bound),
            "reason": self.reasons(),
        }

    def facts(self) -> dict[str, Any]:
        """Give the sizes of the tiers before and after, who moved, and what each gate did."""
        sizes = {"computed": self.computed.counts, "capped": self.capped.counts}
        counts = {name: {each.name: size[each] for each in Tier} for name, size in sizes.items()}
        moves = [(one, other) for one in Tier for other in Tier if one < other]
        was, now = self.computed.code, self.capped.code
        return {
            **counts,
            "moved": {
                f"{one.name} to {other.name}": int(((was == one) & (now == other)).sum())
                for one, other in moves
            },
            "excluded": int(self.excluded.sum()),
            "gates": {
                key: {"lowered": lowered, "excluded": excluded}
                for key, (lowered, excluded) in zip(self.policy.keys, self._by_gate, strict=True)
            },
        }

    def summary(self, language: Language = "en") -> str:
        """Give the tiers before and after as a text, and what each gate did.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            How many customers were lowered and excluded, one line a tier, one line a gate.
        """
        said = _MOVED.to(language).format(
            int(self.lowered.sum()), len(self), int(self.excluded.sum())
        )
        names = [each.text.to(language) for each in Tier]
        tiers = zip(_HEADS, (names, self.computed.counts, self.capped.counts), strict=True)
        gates = [each.text.to(language) for each in self.policy.gates]
        by_gate = zip(*self._by_gate, strict=True) if gates else ((), ())
        effects = zip(_GATES, (gates, *by_gate), strict=True)
        tables = [
            text_table({head.to(language): list(column) for head, column in table})
            for table in (tiers, effects)
        ]
        return "\n".join([said, *tables])

    @property
    def _by_gate(self) -> list[tuple[int, int]]:
        """How many customers each gate lowered, and how many it excluded."""
        masks = [self.bound == place for place in range(len(self.policy.gates))]
        return [
            (int((mask & self.lowered).sum()), int((mask & self.excluded).sum())) for mask in masks
        ]

    def __len__(self) -> int:
        return len(self.computed)

    def __repr__(self) -> str:
        shown = ", ".join(f"{t.name} {n:,}" for t, n in zip(Tier, self.capped.counts, strict=True))
        lowered, excluded = int(self.lowered.sum()), int(self.excluded.sum())
        return f"<Gated {shown}; {lowered:,} lowered, {excluded:,} excluded>"


def _reason(each: Gate, cap: Tier, *, unknown: bool) -> Text:
    """Say why a gate allows no better than B or C."""
    en, zh = each.text.en, each.text.to("zh")
    if unknown:
        return Text(f"{en} not known", f"{zh}未知")
    if isinstance(each, KnockOut):
        return each.text
    if isinstance(each, GradeGate):
        grade = each.b if cap is Tier.C else each.a
        return Text(f"{en} below {grade}", f"{zh}低于{grade}")
    line = each.lines[1] if cap is Tier.C else each.lines[0]
    shown = "" if line is None else f"{float(line):,.10g}"
    if each.better == "high":
        return Text(f"{en} below {shown}", f"{zh}低于{shown}")
    return Text(f"{en} above {shown}", f"{zh}高于{shown}")
