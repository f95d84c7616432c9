"""How do competitors reach the decision makers: to be imitated, or to be replaced?"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Formats,
    Result,
    Text,
    equal_lengths,
    headed_table,
    listed,
    locked,
    objects,
)
from salescore.errors import LabelError
from salescore.prospects._funnels import labels_of, percent
from salescore.prospects._influence import InfluenceMap, Links, influence_map
from salescore.prospects._paths import Paths, paths
from salescore.typing import AnyArray, Label, Language, StatusArray

__all__ = ["Reply", "Rivalry", "rivals"]


class Reply(IntEnum):
    """What to do about the strongest competitor at a decision maker.

    Examples
    --------
    >>> Reply.IMITATE.text.to("zh")
    '模仿'
    """

    NOBODY = 0
    AHEAD = 1
    IMITATE = 2
    REPLACE = 3

    @property
    def text(self) -> Text:
        """What it is called."""
        return _TEXTS[self]


_TEXTS = {
    Reply.NOBODY: Text("nobody is there", "无人触达"),
    Reply.AHEAD: Text("we are ahead", "我方领先"),
    Reply.IMITATE: Text("imitate", "模仿"),
    Reply.REPLACE: Text("replace", "另辟途径"),
}
_HEADS = {
    "person": Text("decision maker", "决策人"),
    "ours": Text("our influence", "我方影响力"),
    "rival": Text("competitor", "竞争对手"),
    "theirs": Text("their influence", "对方影响力"),
    "reply": Text("what to do", "对策"),
    "door": Text("through", "切入点"),
    "needed": Text("link needed", "所需关系强度"),
    "path": Text("their path", "对方路径"),
}


@frozen(eq=False, repr=False)
class Rivalry(Result):
    """How we and competitors reach decision makers; made by `rivals`.

    Parameters
    ----------
    people : tuple of str or int
        The d decision makers.
    rivals : tuple of str, int or None
        The competitor with the most influence on each; None where none reaches them.
    ours, theirs : tuple of Fraction
        Strength of our path and of theirs.
    reply : (d,) uint8
        `Reply` to each.
    doors : tuple of str, int or None
        Where one imitates: the person on their path whom we reach best.
    needed : tuple of Fraction or None
        How strong a link of our own to that person must be to draw level.
    paths : tuple of tuple
        Their paths, the competitor first.
    """

    people: tuple[Label, ...] = field(converter=listed)
    rivals: tuple[Label | None, ...] = field(converter=listed)
    ours: tuple[Fraction, ...] = field(converter=listed)
    theirs: tuple[Fraction, ...] = field(converter=listed)
    reply: StatusArray = field(converter=locked)
    doors: tuple[Label | None, ...] = field(converter=listed)
    needed: tuple[Fraction | None, ...] = field(converter=listed)
    paths: tuple[tuple[Label, ...], ...] = field(converter=listed)

    def __attrs_post_init__(self) -> None:
        names = ("people", "rivals", "ours", "theirs", "reply", "doors", "needed", "paths")
        equal_lengths([(name, len(getattr(self, name))) for name in names], "rivalry")

    def of(self, reply: Reply) -> tuple[Label, ...]:
        """Give the decision makers of one reply.

        Parameters
        ----------
        reply : Reply
            What to do about them.

        Returns
        -------
        tuple of str or int
            In their order.
        """
        return tuple(self.people[row] for row in np.flatnonzero(self.reply == reply).tolist())

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a decision maker.

        Returns
        -------
        dict of str to (d,) ndarray
            ``person``; ``ours`` float64; ``rival`` and ``theirs``, None and 0 where none is
            there; the ``reply`` in words; ``door``, ``needed`` (NaN where there is none), and
            ``path`` as text.
        """
        needed = [np.nan if each is None else float(each) for each in self.needed]
        return {
            "person": labels_of(self.people),
            "ours": np.array([float(each) for each in self.ours]),
            "rival": objects(self.rivals),
            "theirs": np.array([float(each) for each in self.theirs]),
            "reply": objects([each.name.lower() for each in Reply])[self.reply],
            "door": objects(self.doors),
            "needed": np.array(needed, dtype=np.float64),
            "path": objects([" > ".join(map(str, path)) for path in self.paths]),
        }

    def facts(self) -> dict[str, Any]:
        """Give how many decision makers each reply is for."""
        return {"counts": {each.name.lower(): len(self.of(each)) for each in Reply}}

    def formats(self) -> Formats:
        """Show strengths as percentages."""
        return {"ours": percent, "theirs": percent, "needed": percent}

    def summary(self, language: Language = "en") -> str:
        """Give the decision makers as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and a table of the first rows.
        """
        told = self.to_columns()
        told["reply"] = objects([each.text.to(language) for each in Reply])[self.reply]
        return f"{self!r}\n{headed_table(told, _HEADS, language, formats=self.formats())}"

    def __len__(self) -> int:
        return len(self.people)

    def __repr__(self) -> str:
        told = ", ".join(f"{len(self.of(each)):,} {each.text.en}" for each in Reply)
        return f"<Rivalry at {len(self):,} decision makers: {told}>"


def rivals(
    links: Links | InfluenceMap,
    start: Label | Iterable[Label],
    competitors: Iterable[Label],
    *,
    to: Iterable[Label],
) -> Rivalry:
    """How do competitors reach the decision makers, and what is our reply?

    Parameters
    ----------
    links : Links or InfluenceMap
        Who has influence on whom, competitors among them.
    start : str, int or iterable of them
        Who we are.
    competitors : iterable of str or int
        Who they are; none of us.
    to : iterable of str or int
        The decision makers.

    Returns
    -------
    Rivalry
        For each decision maker our influence and that of the strongest competitor, of equal
        ones the first. *Ahead*: ours is at least as strong. *Imitate*: theirs is stronger and
        goes through somebody whom we reach, too: the door is the one of them whom we reach best,
        and a link of the strength needed to that person draws level. *Replace*: we reach nobody
        on their path, so another way is wanted. *Nobody*: neither is there. Nobody goes through
        the other side: paths of competitors leave us out, and ours leave them out.

    Raises
    ------
    LabelError
        For somebody who is not on the map, no competitor, or one who is one of us.
    SalescoreError
        As of `influence_map`.

    Examples
    --------
    >>> source, target = ["us", "rival", "Wang"], ["Wang", "Wang", "Zhao"]
    >>> found = rivals(Links(source, target, [0.4, 0.9, 0.5]), "us", ["rival"], to=["Zhao"])
    >>> found.of(Reply.IMITATE), found.doors, found.needed
    (('Zhao',), ('Wang',), (Fraction(9, 10),))
    """
    net = links if isinstance(links, InfluenceMap) else influence_map(links)
    us = (start,) if isinstance(start, str | int) else tuple(start)
    them, wanted = tuple(competitors), tuple(to)
    if not them or set(them) & set(us):
        raise LabelError("competitors", expected="at least one, none of us", got=list(them))
    ours = paths(net.without(them), us, to=wanted)
    theirs = [paths(net.without(us), each, to=wanted) for each in them]
    rows = [_row(each, ours, theirs) for each in wanted]
    reply = np.array([row[3] for row in rows], dtype=np.uint8)
    columns = list(zip(*rows, strict=True)) or [()] * 7
    rival, our, their, _, doors, needed, way = columns
    return Rivalry(wanted, rival, our, their, reply, doors, needed, way)


def _row(person: Label, ours: Paths, theirs: list[Paths]) -> tuple[Any, ...]:
    our = ours.strength(person)
    strengths = [each.strength(person) for each in theirs]
    their = max(strengths)
    if not their:
        reply = Reply.AHEAD if our else Reply.NOBODY
        return None, our, their, reply, None, None, ()
    strongest = theirs[strengths.index(their)]
    way = strongest.path(person)
    rival = strongest.start[0]
    if our >= their:
        return rival, our, their, Reply.AHEAD, None, None, way
    doors = [each for each in way[1:-1] if ours.strength(each)]
    if not doors:
        return rival, our, their, Reply.REPLACE, None, None, way
    door = max(doors, key=lambda each: (ours.strength(each), -way.index(each)))
    # From the door on, ours goes as theirs does: the first part of their path is what it takes.
    return rival, our, their, Reply.IMITATE, door, strongest.strength(door), way
