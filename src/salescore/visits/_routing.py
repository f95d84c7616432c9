"""In which order are the stops of a day visited so that the way is short?"""

from __future__ import annotations

from typing import Any

import numpy as np

from salescore.core import amounts, equal_lengths, objects, whole
from salescore.errors import AmountOverflowError, MissingValueError, SalescoreError, ShapeError
from salescore.kernels import best_tours, descend, kick, narrowed, nearest_tour
from salescore.typing import AnyArray, Column, IntArray
from salescore.visits._route import Route

__all__ = ["route"]

_EXACT = 12
_SUM = 2**61


def route(
    matrix: Any,
    *,
    start: int = 0,
    end: int | None = None,
    closed: bool = True,
    kicks: int = 1000,
    seed: int = 0,
    ids: Column | None = None,
) -> Route:
    """In which order are the stops of a day visited so that the way is short?

    Parameters
    ----------
    matrix : (n, n) array-like of integers
        Length of the way from row to column, >= 0, as of `distances` or a road service; the two
        directions may differ, the diagonal is not read [metre].
    start : int, default 0
        Row of the place where the day starts.
    end : int, optional
        Row of the place where the day ends, only with ``closed=False``; without it the day ends
        at whichever stop is best.
    closed : bool, default True
        Whether the day ends where it started.
    kicks : int, default 1000
        How often a longer route is shaken and mended again; 0 for the descent alone. Not used up
        to 12 stops.
    seed : int, default 0
        Other seeds kick elsewhere; the same seed gives the same route everywhere.
    ids : (n,) column-like, optional
        What the places are called in the answer.

    Returns
    -------
    Route
        Each place once, from *start*. Up to 12 stops besides start and end it is proven
        shortest and ``exact`` is True; above, it is no longer than what the descent found, and
        more kicks never lengthen it. One place gives a route of length 0.

    Raises
    ------
    ShapeError
        For a matrix that is not square or has no row, and ids of another length.
    MissingValueError
        For a way that is NaN or null (a stop that cannot be reached), with its place.
    SalescoreError
        For a negative way, floats, a place that does not exist, an end of a closed route, and
        an end that is the start.
    AmountOverflowError
        For ways too long to be added up exactly.

    Notes
    -----
    Held and Karp's programme up to 12 stops. Above: from the nearest next stop, moves that turn
    a stretch (2-opt) or carry one to three stops elsewhere (Or-opt) until none helps, then
    kicks that swap two stretches, each followed by a descent. Whole metres keep it exact. Made
    for the stops of a day: time grows with the square of the places, from a fifth of a second
    at 50 to some seconds at 200; fewer kicks take less.

    Examples
    --------
    >>> line = [[0, 5, 1, 3], [5, 0, 4, 2], [1, 4, 0, 2], [3, 2, 2, 0]]
    >>> route(line, ids=["home", "Hongda", "Xinya", "Yuandong"])
    <Route of 3 stops: 10 m, shortest>
    >>> route(line, closed=False).order
    array([0, 2, 3, 1])
    """
    ways = _matrix(matrix)
    ends = _ends(len(ways), start=start, end=end, closed=closed)
    whole(kicks, "kicks", least=0)
    whole(seed, "seed", least=0)
    if ids is not None:
        equal_lengths([("matrix", len(ways)), ("ids", len(ids))], "places")
    names = None if ids is None else objects(list(ids))
    stops = np.delete(np.arange(len(ways)), ends)
    path = _path(ways, stops, ends, closed=closed)
    exact = stops.size <= _EXACT
    if exact:
        places = best_tours(path[None]).order[0]
    else:
        narrow = narrowed(path)
        places = kick(narrow, descend(narrow, nearest_tour(narrow)), kicks=kicks, seed=seed)
    fixed = np.array(ends)
    order = np.concatenate((fixed[:1], stops[places[1:-1] - 1], fixed[1:]))
    after = np.append(order, order[:1]) if closed else order
    legs: IntArray = ways[after[:-1], after[1:]]
    return Route(order, legs, exact=exact, closed=closed, ids=names)


def _matrix(matrix: Any) -> IntArray:
    what = "matrix of ways"
    rule = "as many rows as columns, at least 1"
    try:
        array: AnyArray = np.array(matrix)
    except ValueError as error:
        raise ShapeError(what, expected=rule, got="rows of different lengths") from error
    if array.ndim != 2 or array.shape[0] != array.shape[1] or not array.size:
        raise ShapeError(what, expected=rule, got=f"shape {array.shape}")
    np.fill_diagonal(array, 0)
    if array.dtype.kind in "fO":
        missing = np.array([[_is_missing(way) for way in row] for row in array.tolist()])
        if missing.any():
            expected = "a length; a stop that cannot be reached is left out"
            raise MissingValueError("way", where=_cell(missing), expected=expected, got="none")
    if array.dtype.kind == "f":
        raise SalescoreError(what, expected="whole metres, as np.rint gives", got=array.dtype)
    ways = amounts(array.ravel(), what).reshape(array.shape)
    negative = ways < 0
    if negative.any():
        got = int(ways[negative][0])
        raise SalescoreError("way", where=_cell(negative), expected="a length >= 0", got=got)
    most = _SUM // (2 * len(ways) + 12)
    if int(ways.max()) > most:
        rule = f"at most {most} between {len(ways)} places"
        raise AmountOverflowError("way", expected=rule, got=int(ways.max()))
    return ways


def _is_missing(value: object) -> bool:
    return value is None or bool(value != value)  # noqa: PLR0124  # only NaN differs from itself


def _cell(wrong: AnyArray) -> str:
    row, column = np.argwhere(wrong)[0].tolist()
    return f"row {row}, column {column}"


def _ends(places: int, *, start: int, end: int | None, closed: bool) -> list[int]:
    """Check the ends; one where the day ends where it likes or started."""
    found = [whole(start, "start", least=0)]
    if end is not None:
        if closed:
            rule = "none for a closed route; closed=False goes from start to end"
            raise SalescoreError("end", expected=rule, got=end)
        found.append(whole(end, "end", least=0))
        if end == start:
            rule = "another place than the start; closed=True comes back to it"
            raise SalescoreError("end", expected=rule, got=end)
    for place in found:
        if place >= places:
            raise SalescoreError("place", expected=f"a row below {places}", got=place)
    return found


def _path(ways: IntArray, stops: IntArray, ends: list[int], *, closed: bool) -> IntArray:
    """Say every kind of route as a path from the first row to the last."""
    rows = np.concatenate(([ends[0]], stops, ends[-1:]))
    path: IntArray = ways[rows[:, None], rows]
    if len(ends) == 1 and not closed:
        path[:, -1] = 0  # the day is over wherever the last stop is
    return path
