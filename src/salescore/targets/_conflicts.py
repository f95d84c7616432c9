"""What cannot be met together: margins, floors, caps and locks, in words a manager reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Cells,
    Formats,
    Result,
    Text,
    Unit,
    headed_table,
    label_column,
    listed,
    objects,
    one_of,
    whole,
)
from salescore.errors import SalescoreError
from salescore.kernels import Bounds, Clash
from salescore.typing import AnyArray, IntArray, Label, Language

__all__ = ["Conflict", "Place", "Side", "SideKind", "conflict_of"]

SideKind: TypeAlias = Literal["margin", "floor", "cap", "lock", "total"]
"""What sets a bound: the margin of a group, the floor, cap or lock of cells, a total."""

Place: TypeAlias = tuple[tuple[str, str], ...]
"""A place as (axis, label) pairs; an empty label means the whole axis, no pairs everything."""

_SHOWN = 6
_Phrase: TypeAlias = tuple[Text, ...]  # for one place, and for several
_Phrases: TypeAlias = dict[SideKind, _Phrase]
_NEEDS: _Phrases = {
    "margin": (Text("{} needs {}", "{}需要{}"), Text("{} need {}", "{}需要{}")),
    "total": (Text("{} needs {}", "{}需要{}"), Text("{} need {}", "{}需要{}")),
    "floor": (
        Text("the floor of {} needs {}", "{}的下限需要{}"),
        Text("the floors of {} need {}", "{}的下限需要{}"),
    ),
    "lock": (
        Text("the lock on {} holds {}", "{}已锁定{}"),
        Text("the locks on {} hold {}", "{}已锁定{}"),
    ),
}
"""What one place, and several, need."""
_GIVES: _Phrases = {
    "margin": (Text("{} can give at most {}", "{}最多只能给{}"),) * 2,
    "total": (Text("{} can give at most {}", "{}最多只能给{}"),) * 2,
    "lock": (
        Text("the lock on {} gives {}", "{}锁定，只给{}"),
        Text("the locks on {} give {}", "{}锁定，只给{}"),
    ),
    "cap": (
        Text("the cap of {} allows at most {}", "{}的上限最多允许{}"),
        Text("the caps of {} allow at most {}", "{}的上限最多允许{}"),
    ),
}
"""What one place, and several, can give."""
_ADDS = (Text("{} adds up to {}", "{}为{}"),) * 2
_NO_NEED = Text("nothing is needed", "没有需求")
_NO_GIFT = Text("nothing can be given", "无可分配")
_HEADS = {
    "side": Text("side", "方面"),
    "kind": Text("kind", "类别"),
    "place": Text("place", "位置"),
    "places": Text("places", "个数"),
    "times": Text("times", "倍数"),
    "amount": Text("amount", "金额"),
}


def _places(places: Iterable[Iterable[tuple[str, Label]]]) -> tuple[Place, ...]:
    return tuple(tuple((str(axis), str(label)) for axis, label in place) for place in places)


@frozen
class Side:
    """One part of what is needed, or of what can be given.

    Parameters
    ----------
    kind : {"margin", "floor", "cap", "lock", "total"}
        What sets it.
    where : iterable of places
        Each place as (axis, label) pairs, as ``(("region", "East"),)``; the empty place is
        everything, and an empty label is the whole of its axis.
    amount : int
        The bounds of all these places together, *times* counted [smallest unit].
    times : int, default 1
        How often the bounds are counted. More than once happens only where three or more
        margins cross.

    Examples
    --------
    >>> Side("margin", [[("region", "East")]], 5000_00).where
    ((('region', 'East'),),)
    """

    kind: SideKind
    where: tuple[Place, ...] = field(converter=_places)
    amount: int
    times: int = 1

    def __attrs_post_init__(self) -> None:
        one_of(self.kind, "kind of a side", ("margin", "floor", "cap", "lock", "total"))
        whole(self.amount, "amount of a side")
        whole(self.times, "times of a side", least=1)


@frozen(repr=False)
class Conflict(Result):
    """Why wishes cannot be met together: more is needed than can be given.

    Parameters
    ----------
    needs : iterable of Side
        What is needed at least.
    gives : iterable of Side
        What the same cells can give at most.
    unit : Unit
        What the amounts are counted in.

    Raises
    ------
    SalescoreError
        When what is needed does not exceed what can be given: then it is no conflict.

    Examples
    --------
    >>> east = Side("margin", [[("region", "East")]], 5000)
    >>> pumps = Side("cap", [[("region", "East"), ("product", "pump")]], 3000)
    >>> print(Conflict([east], [pumps], Unit("boxes")).text)
    East needs 5,000 boxes; the cap of East / pump allows at most 3,000 boxes: 2,000 boxes short.
    """

    needs: tuple[Side, ...] = field(converter=listed)
    gives: tuple[Side, ...] = field(converter=listed)
    unit: Unit

    def __attrs_post_init__(self) -> None:
        for sides, kinds in ((self.needs, _NEEDS), (self.gives, _GIVES)):
            for side in sides:
                one_of(side.kind, "kind of a side of a conflict", kinds)
        if self.shortfall <= 0:
            rule = f"needs above what can be given, {self.unit.show(self.given)}"
            raise SalescoreError("conflict", expected=rule, got=self.unit.show(self.needed))

    @property
    def needed(self) -> int:
        """What is needed at least, in all [smallest unit]."""
        return sum(side.amount for side in self.needs)

    @property
    def given(self) -> int:
        """What can be given at most, in all [smallest unit]."""
        return sum(side.amount for side in self.gives)

    @property
    def shortfall(self) -> int:
        """By how much more is needed than can be given [smallest unit]; above 0."""
        return self.needed - self.given

    @property
    def text(self) -> Text:
        """The conflict in one sentence; long lists are cut."""
        return Text(self._sentence("en"), self._sentence("zh"))

    def _sentence(self, language: Language) -> str:
        short = self.unit.show(self.shortfall)
        sides = (*self.needs, *self.gives)
        if self.needs and self.gives and {side.kind for side in sides} == {"total"}:
            totals = [_clause([side], _ADDS, self.unit, language) for side in sides]
            end = Text("{}: {} too much.", "{}，多出{}。").to(language)
            return _capital(end.format(_joined(totals, language), short))
        needs = _clauses(self.needs, _NEEDS, self.unit, language) or [_NO_NEED.to(language)]
        gives = _clauses(self.gives, _GIVES, self.unit, language) or [_NO_GIFT.to(language)]
        end = Text("{}; {}: {} short.", "{}；{}；缺口{}。").to(language)
        return _capital(end.format(_joined(needs, language), _joined(gives, language), short))

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a side.

        Returns
        -------
        dict of str to (n,) ndarray
            ``side`` (``"needs"`` or ``"gives"``), ``kind``, ``place`` of text, ``places`` (how
            many), ``times``, ``amount`` int64 [smallest unit].
        """
        rows = [("needs", side) for side in self.needs] + [("gives", side) for side in self.gives]
        sides = [side for _, side in rows]
        return {
            "side": objects([name for name, _ in rows]),
            "kind": objects([side.kind for side in sides]),
            "place": objects([_listing([side], "en") for side in sides]),
            "places": np.array([len(side.where) for side in sides], dtype=np.int64),
            "times": np.array([side.times for side in sides], dtype=np.int64),
            "amount": np.array([side.amount for side in sides], dtype=np.int64),
        }

    def facts(self) -> dict[str, Any]:
        """Give what is needed, what can be given, what is missing, and the sentence."""
        return {
            "needed": self.needed,
            "given": self.given,
            "shortfall": self.shortfall,
            "unit": self.unit.code,
            "en": self.text.en,
            "zh": self.text.zh,
        }

    def formats(self) -> Formats:
        """Show amounts in their unit."""
        return {"amount": self.unit.show}

    def summary(self, language: Language = "en") -> str:
        """Give the sentence and a table of the sides.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            One line a side below the sentence.
        """
        columns = self.to_columns()
        sides = (*self.needs, *self.gives)
        columns["place"] = objects([_listing([side], language) for side in sides])
        table = headed_table(columns, _HEADS, language, formats={"amount": self.unit.show})
        return f"{self.text.to(language)}\n{table}"

    def __repr__(self) -> str:
        show = self.unit.show
        return (
            f"<Conflict needs {show(self.needed)}, can be given {show(self.given)}: "
            f"{show(self.shortfall)} short>"
        )


def _clauses(sides: Sequence[Side], phrases: _Phrases, unit: Unit, language: Language) -> list[str]:
    """Say each kind once, with all its places and their sum."""
    groups = [[side for side in sides if side.kind == kind] for kind in phrases]
    pairs = zip(groups, phrases.values(), strict=True)
    return [_clause(group, phrase, unit, language) for group, phrase in pairs if group]


def _clause(sides: Sequence[Side], phrase: _Phrase, unit: Unit, language: Language) -> str:
    several = sum(len(side.where) for side in sides) > 1
    amount = unit.show(sum(side.amount for side in sides))
    return phrase[several].to(language).format(_listing(sides, language), amount)


def _listing(sides: Sequence[Side], language: Language) -> str:
    """Name places; no more than a reader takes in."""
    names = [(place, side.times) for side in sides for place in side.where]
    hidden = len(names) - _SHOWN if len(names) > _SHOWN + 1 else 0
    shown = [_name(place, times, language) for place, times in names[: len(names) - hidden]]
    if hidden:
        rest = Text("{} and {:,} more", "{}等{:,}处").to(language)
        count = hidden if language == "en" else len(names)
        return rest.format(Text(", ", "、").to(language).join(shown), count)
    return _joined(shown, language) if language == "en" else "、".join(shown)


def _name(place: Place, times: int, language: Language) -> str:
    if not place:
        name = Text("the total", "总额").to(language)
    elif any(label for _, label in place):
        name = " / ".join(" ".join(label.split()) for _, label in place)
    else:
        axes = " / ".join(axis for axis, _ in place)
        name = Text("all of {}", "{}合计").to(language).format(axes)
    return f"{times} x {name}" if times > 1 else name


def _joined(parts: Sequence[str], language: Language) -> str:
    if language == "zh":
        return "，".join(parts)
    return ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else parts[0]


def _capital(sentence: str) -> str:
    # Labels keep their own first letter.
    return (
        sentence[0].upper() + sentence[1:] if sentence.startswith(("the ", "all of ")) else sentence
    )


def conflict_of(
    clash: Clash,
    margins: Sequence[Bounds],
    names: Sequence[Sequence[Iterable[tuple[str, Label]]]],
    *,
    floor: IntArray,
    cap: IntArray,
    cells: Cells,
    unit: Unit | None = None,
) -> Conflict:
    """Put the proof that margins, floors and caps clash into words.

    Parameters
    ----------
    clash : Clash
        What `salescore.kernels.clash` found.
    margins : sequence of Bounds
        The margins it was asked about.
    names : sequence of sequences of places
        For each margin the place of each group, as ``[[("region", "East")], ...]``; the only
        group of the grand total is ``()``.
    floor, cap : (n,) int64
        The floors and caps it was asked about [smallest unit].
    cells : Cells
        The cells they belong to; they name the cells.
    unit : Unit, optional
        Unit of the amounts; that of the cells if not given.

    Returns
    -------
    Conflict
        One side for each group, or one for a whole margin when all its groups count alike;
        one for all floors, one for all locks, one for all caps that matter, the largest cell
        first, without caps and floors of 0. Its shortfall is the amount of the clash.
    """
    needs: list[Side] = []
    gives: list[Side] = []
    factor = np.zeros_like(floor)
    for bounds, places, times in zip(margins, names, clash.multipliers, strict=True):
        factor += times[bounds.groups]
        needs += _group_sides(np.maximum(times, 0), bounds.low, places)
        gives += _group_sides(np.maximum(-times, 0), bounds.high, places)
    fixed = floor == cap
    needs += _cell_sides("floor", np.where(fixed, 0, -factor), floor, cells)
    needs += _cell_sides("lock", np.where(fixed, -factor, 0), floor, cells)
    gives += _cell_sides("lock", np.where(fixed, factor, 0), cap, cells)
    gives += _cell_sides("cap", np.where(fixed, 0, factor), cap, cells)
    return Conflict(needs, gives, unit or cells.unit)


def _group_sides(
    times: IntArray, bound: IntArray, places: Sequence[Iterable[tuple[str, Label]]]
) -> list[Side]:
    used = np.flatnonzero(times).tolist()
    first = _places(places[:1])
    if used and (times == times[0]).all() and (times.size > 1 or first == ((),)):
        whole_axis = [(axis, "") for axis, _ in first[0]]
        factor = int(times[0])
        return [Side("total", [whole_axis], factor * sum(bound.tolist()), factor)]
    return [Side("margin", [places[i]], int(times[i]) * int(bound[i]), int(times[i])) for i in used]


def _cell_sides(kind: SideKind, times: IntArray, bound: IntArray, cells: Cells) -> list[Side]:
    found: list[Side] = []
    for factor in np.unique(times[times > 0]).tolist():
        rows = np.flatnonzero((times == factor) & (bound != 0))
        if rows.size:
            rows = rows[np.argsort(-np.abs(bound[rows]), kind="stable")]
            amount = factor * sum(bound[rows].tolist())
            found.append(Side(kind, _cell_places(cells, rows), amount, factor))
    return found


def _cell_places(cells: Cells, rows: IntArray) -> list[Place]:
    spelled = [
        (axis.name, label_column(axis.labels, codes[rows]).tolist())
        for axis, codes in zip(cells.axes, cells.codes, strict=True)
    ]
    return [tuple((name, str(labels[i])) for name, labels in spelled) for i in range(rows.size)]
