"""What is left of a person's share when what all did is taken into account?"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import (
    Formats,
    Result,
    Text,
    equal_lengths,
    freeze,
    headed_table,
    label_column,
    locked,
    objects,
)
from salescore.kernels import shared_luck
from salescore.scorecards._facts import labels_of
from salescore.scorecards._pairs import counts_of
from salescore.scorecards._scorecards import Scorecards
from salescore.typing import AnyArray, FloatArray, IntArray, Label, Language

__all__ = ["Shrunken", "shrink"]

_HEADS = {
    "person": Text("person", "姓名"),
    "done": Text("done", "完成"),
    "of": Text("of", "应完成"),
    "raw": Text("rate", "比率"),
    "rate": Text("shrunken", "收缩后"),
    "own": Text("own part", "自身权重"),
}


@frozen(eq=False, repr=False)
class Shrunken(Result):
    """Shares drawn towards what all did together; made by `shrink`.

    Parameters
    ----------
    people : tuple of str, or of int
        The m people with facts.
    key : str
        The criterion.
    done, of : (m,) int64
        What each did, of how many.
    mean : float
        What all did together [share 0-1]; 0 for nobody.
    rho : float
        How much of the spread is people, the rest chance; from 0 to 1.
    """

    people: tuple[Label, ...] = field(converter=labels_of)
    key: str
    done: IntArray = field(converter=locked)
    of: IntArray = field(converter=locked)
    mean: float
    rho: float

    def __attrs_post_init__(self) -> None:
        sizes = [("done", self.done.size), ("of", self.of.size)]
        equal_lengths([("people", len(self.people)), *sizes], "shrunken")

    @property
    def raw(self) -> FloatArray:
        """(m,) float64: what each did over how many there were [share 0-1]."""
        return freeze(self.done / self.of)

    @property
    def own(self) -> FloatArray:
        """(m,) float64: how much the person's own share counts, the rest is the mean [0-1]."""
        return freeze(self.of * self.rho / (self.of * self.rho + (1 - self.rho)))

    @property
    def rate(self) -> FloatArray:
        """(m,) float64: between the person's own share and the mean [share 0-1]."""
        return freeze(self.mean + self.own * (self.raw - self.mean))

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a person.

        Returns
        -------
        dict of str to (m,) ndarray
            ``person``; ``done``, ``of`` int64; ``raw``, ``rate``, ``own`` float64.
        """
        columns = {name: getattr(self, name) for name in _HEADS if name != "person"}
        return {"person": label_column(self.people, np.arange(len(self))), **columns}

    def facts(self) -> dict[str, Any]:
        """Give the mean and how much of the spread is people."""
        return {"key": self.key, "mean": self.mean, "rho": self.rho}

    def formats(self) -> Formats:
        """Show shares as percentages."""
        return dict.fromkeys(("raw", "rate", "own"), "{:.1%}".format)

    def summary(self, language: Language = "en") -> str:
        """Give the shares as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr and a table of the first people.
        """
        table = headed_table(self.to_columns(), _HEADS, language, formats=self.formats())
        return f"{self!r}\n{table}"

    def __len__(self) -> int:
        return len(self.people)

    def __repr__(self) -> str:
        told = f"{self.rho:.1%} of a single chance is the person"
        return f"<Shrunken shares of {len(self):,} people by {self.key}: {told}>"


def shrink(cards: Scorecards, key: str) -> Shrunken:
    """Draw the shares of people towards what all did, by how much is chance.

    Parameters
    ----------
    cards : Scorecards
        What they did.
    key : str
        A criterion that is a share.

    Returns
    -------
    Shrunken
        Each share lies between the person's own and the mean, nearer to its own the more
        chances it is made of. Where people differ no more than chance makes them, all are the
        mean. Nobody gives no rows. Scores and ranks never use it unless one asks here.

    Raises
    ------
    LabelError
        For an unknown criterion.
    SalescoreError
        For a criterion that is no share.

    Notes
    -----
    Empirical Bayes with a beta prior (Morris 1983): ``(done + M mean) / (of + M)`` with
    ``M = (1 - rho) / rho``, and rho by moments (see `salescore.kernels.shared_luck`). On
    average over people it misses the true shares by less than their own shares do; of a single
    person it says less. Not for pay: it takes from whoever did best.

    Examples
    --------
    >>> from salescore.scorecards import Facts, evaluate
    >>> people = ["Chen", "Li", "Wang"]
    >>> facts = Facts.from_columns(people, {"deals": [3, 9, 80]}, {"deals": [3, 30, 100]})
    >>> found = shrink(evaluate(facts), "deals")
    >>> found.raw.round(2).tolist(), found.rate.round(2).tolist()
    ([1.0, 0.3, 0.8], [0.9, 0.32, 0.8])
    """
    rows, done, of = counts_of(cards, key, "criterion to shrink")
    total, wins = int(of.sum()), int(done.sum())
    mean = wins / total if rows.size else 0.0
    rho = 0.0
    if rows.size > 1 and total > rows.size and 0 < wins < total:
        rho = min(max(shared_luck(done, of, 0.5).rho, 0.0), 1.0)
    people = labels_of(objects(cards.people)[rows])
    return Shrunken(people, key, done, of, mean, rho)
