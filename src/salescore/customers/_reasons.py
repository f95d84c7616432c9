"""Which criteria help each customer most, and which hold it back most?"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import field, frozen

from salescore.core import Formats, Result, Text, freeze, locked, objects, text_table, whole
from salescore.customers._excess import ROWS, kept_columns
from salescore.customers._points import losses_in
from salescore.customers._scores import Scores, called
from salescore.errors import SalescoreError, ShapeError
from salescore.typing import AnyArray, FloatArray, IntArray, Language

__all__ = ["Reasons", "reasons"]

_HEADS = (
    Text("criterion", "标准"),
    Text("helps most", "最大加分客户数"),
    Text("hurts most", "最大失分客户数"),
    Text("mean gained", "平均得分"),
    Text("mean lost", "平均失分"),
)


def reasons(scores: Scores, *, top: int = 1) -> Reasons:
    """Which criteria help each customer most, and which hold it back most?

    Parameters
    ----------
    scores : Scores
        With their columns.
    top : int, default 1
        How many criteria to name on either side, from 1 to as many as there are.

    Returns
    -------
    Reasons
        For all customers at once the criteria that add most to each score, and those where
        most is lost against full marks. Of equal ones those listed first come first; one that
        adds or loses nothing is not named. No customers have no reasons.

    Raises
    ------
    SalescoreError
        When the columns were not kept, or for another number of criteria.

    Notes
    -----
    What all criteria add is the score, what all lose is 100 less the score: exactly for exact
    scores, to 1e-9 points for float scores. A missing value whose weight is left out neither
    helps nor hurts: the other criteria count for more. For one customer in full see
    `Scores.explain`.

    Examples
    --------
    >>> from salescore.customers import SEVEN_CRITERIA, score
    >>> points = dict.fromkeys(SEVEN_CRITERIA.keys, [80, 60])
    >>> scores = score({**points, "credit": [20, 90]}, ids=["Hua", "Li"])
    >>> table = reasons(scores).to_columns()
    >>> table["helps"].tolist(), table["hurts"].tolist(), table["hurts_points"].tolist()
    (['volume', 'credit'], ['credit', 'volume'], [16.0, 10.0])
    """
    columns, policy = kept_columns(scores), scores.policy
    most, n = len(policy.criteria), len(scores)
    whole(top, "criteria to name", least=1)
    if top > most:
        raise SalescoreError("criteria to name", expected=f"at most {most}", got=top)
    places = np.full((2, n, top), -1, dtype=np.int64)
    points = np.zeros((2, n, top))
    means = np.zeros((2, most))
    for first in range(0, n, ROWS):
        rows = slice(first, first + ROWS)
        some = [column[rows] for column in columns]
        sides = losses_in(some, policy, exact=scores.exact is not None)
        for side, parts in enumerate(sides):
            left = np.stack(parts)
            means[side] += (left / scores.denominator).sum(axis=1) / n
            for rank in range(top):
                _name(left, places[side, rows, rank], points[side, rows, rank])
    points /= scores.denominator
    return Reasons(
        scores=scores,
        helps=freeze(places[0]),
        hurts=freeze(places[1]),
        helps_points=freeze(points[0]),
        hurts_points=freeze(points[1]),
        mean_points=freeze(means.T),
    )


def _name(left: AnyArray, place: IntArray, points: FloatArray) -> None:
    """Name the criterion with most points of each customer, the first of equals; strike it out."""
    most, found = left[0].copy(), np.zeros(left.shape[1], dtype=np.int64)
    for k, part in enumerate(left[1:], start=1):
        np.copyto(found, k, where=part > most)
        np.maximum(most, part, out=most)
    np.copyto(place, found, where=most > 0)
    np.copyto(points, most, where=most > 0)
    np.put_along_axis(left, found[np.newaxis], 0, axis=0)


@frozen(eq=False, repr=False)
class Reasons(Result):
    """Which criteria help and hurt each customer most; made by `reasons`.

    Parameters
    ----------
    scores : Scores
        The scores.
    helps, hurts : (n, top) int64
        Places of the criteria in the policy, most first; -1 where no other adds or loses.
    helps_points, hurts_points : (n, top) float64
        What these add, and what they lose against full marks [points 0-100]; 0 beside -1.
    mean_points : (k, 2) float64
        What each criterion adds and loses on average over all customers [points].
    """

    scores: Scores
    helps: IntArray = field(converter=locked)
    hurts: IntArray = field(converter=locked)
    helps_points: FloatArray = field(converter=locked)
    hurts_points: FloatArray = field(converter=locked)
    mean_points: FloatArray = field(converter=locked)

    def __attrs_post_init__(self) -> None:
        top = self.helps.shape[-1] if self.helps.ndim else 0
        shape = (len(self.scores), top)
        for array in (self.helps, self.hurts, self.helps_points, self.hurts_points):
            if array.shape != shape:
                raise ShapeError("reasons", expected=str(shape), got=array.shape)

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a customer.

        Returns
        -------
        dict of str to (n,) ndarray
            ``customer``, ``score``, and ``helps``, ``helps_points``, ``hurts`` and
            ``hurts_points``; with more than one a side, ``helps_2`` and so on follow. The key
            of no criterion is empty.
        """
        n, top = self.helps.shape
        columns = {"customer": called(self.scores.ids, n), "score": self.scores.value}
        # No criterion is place -1, the last of the keys.
        keys = objects([*self.scores.policy.keys, ""])
        for rank in range(top):
            end = f"_{rank + 1}" if rank else ""
            columns[f"helps{end}"] = keys[self.helps[:, rank]]
            columns[f"helps{end}_points"] = self.helps_points[:, rank]
            columns[f"hurts{end}"] = keys[self.hurts[:, rank]]
            columns[f"hurts{end}_points"] = self.hurts_points[:, rank]
        return columns

    def facts(self) -> dict[str, Any]:
        """Give the weights of the criteria."""
        return {"weights": self.scores.policy.weights}

    def formats(self) -> Formats:
        """Show points with two decimals."""
        ends = ["", *(f"_{rank}" for rank in range(2, self.helps.shape[1] + 1))]
        names = [f"{side}{end}_points" for end in ends for side in ("helps", "hurts")]
        return dict.fromkeys(["score", *names], "{:.2f}".format)

    def summary(self, language: Language = "en") -> str:
        """Give the reasons as a text, criterion by criterion.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            Language of the text.

        Returns
        -------
        str
            One line a criterion: for how many customers it is the first help and the first
            hurt, and what it adds and loses on average [points].
        """
        criteria = self.scores.policy.criteria
        k = len(criteria)
        firsts = (self.helps[:, 0], self.hurts[:, 0])
        counts = [[int((first == place).sum()) for place in range(k)] for first in firsts]
        means = [[f"{mean:.2f}" for mean in column] for column in self.mean_points.T]
        names = [criterion.text.to(language) for criterion in criteria]
        heads = [head.to(language) for head in _HEADS]
        return text_table(dict(zip(heads, [names, *counts, *means], strict=True)), rows=len(names))

    def __len__(self) -> int:
        return len(self.scores)

    def __repr__(self) -> str:
        top = self.helps.shape[1]
        return f"<Reasons of {len(self):,} customers: first {top} on either side>"
