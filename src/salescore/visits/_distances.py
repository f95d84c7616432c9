"""How far apart are places, in whole metres?"""

from __future__ import annotations

import numpy as np

from salescore.core import equal_lengths, freeze, measures, whole
from salescore.errors import MissingValueError, SalescoreError
from salescore.kernels import curve_places
from salescore.typing import Column, FloatArray, IntArray

__all__ = ["curve_order", "distances"]

_EARTH = 6_371_000


def distances(latitudes: Column, longitudes: Column, *, radius: int = _EARTH) -> IntArray:
    """How far is it from each place to each other as the crow flies?

    Parameters
    ----------
    latitudes, longitudes : (n,) column-like of numbers
        Degrees, north and east positive: -90 to 90 and -180 to 180.
    radius : int, default 6_371_000
        Mean radius of the earth [metre].

    Returns
    -------
    (n, n) int64 array
        Rounded to whole metres, half to even; symmetric, 0 on the diagonal; read-only. No places
        give a (0, 0) array.

    Raises
    ------
    SalescoreError
        For degrees out of range, with the row; often the two columns are exchanged.
    MissingValueError
        For NaN and null.
    ShapeError
        For columns of different lengths.

    Notes
    -----
    The haversine formula: exact on a sphere, within 0.6 % of the ellipsoid. Roads are longer;
    give `route` a matrix of your road service where you have one.

    Examples
    --------
    >>> int(distances([36.12, 33.94], [-86.67, -118.4])[0, 1])
    2886444
    """
    north, east = (np.radians(column) for column in _places(latitudes, longitudes))
    whole(radius, "radius", least=1)
    rise = np.sin((north[:, None] - north) / 2) ** 2
    turn = np.sin((east[:, None] - east) / 2) ** 2
    half = np.sqrt(np.minimum(rise + np.cos(north)[:, None] * np.cos(north) * turn, 1.0))
    return freeze(np.rint(2 * radius * np.arcsin(half)).astype(np.int64))


def curve_order(latitudes: Column, longitudes: Column) -> IntArray:
    """In which order does one pass places, so that neighbours in the order lie close together?

    Parameters
    ----------
    latitudes, longitudes : (n,) column-like of numbers
        As for `distances`.

    Returns
    -------
    (n,) int64 array
        The place of each row along a Hilbert curve over the smallest box that holds all, 0 to
        2**32 - 1; equal places share one. Read-only. No places give an empty array.

    Raises
    ------
    SalescoreError, MissingValueError, ShapeError
        As for `distances`.

    Notes
    -----
    Give it to `schedule` as *order*: customers that follow each other on the curve then get
    visits that follow each other in the calendar, so that a day stays in one area.

    Examples
    --------
    >>> curve_order([31.0, 31.9, 31.1], [121.0, 121.9, 121.1]).argsort().tolist()
    [0, 2, 1]
    """
    columns = _places(latitudes, longitudes)
    return freeze(curve_places(*(_cells(column) for column in columns)))


def _cells(degrees: FloatArray) -> IntArray:
    low = degrees.min(initial=np.inf)
    width = degrees.max(initial=-np.inf) - low
    shares = (degrees - low) / (width if width > 0 else 1.0)
    cells: IntArray = np.rint(shares * 65_535).astype(np.int64)
    return cells


def _places(latitudes: Column, longitudes: Column) -> tuple[FloatArray, FloatArray]:
    found: list[FloatArray] = []
    for column, what, most in ((latitudes, "latitude", 90), (longitudes, "longitude", 180)):
        degrees = measures(column, what)
        rule = f"degrees from {-most} to {most}"
        wrong = ~(np.abs(degrees) <= most)
        if wrong.any():
            row = int(wrong.argmax())
            kind = MissingValueError if np.isnan(degrees[row]) else SalescoreError
            raise kind(what, where=f"row {row}", expected=rule, got=degrees[row])
        found.append(degrees)
    north, east = found
    equal_lengths([("latitudes", north.size), ("longitudes", east.size)], "places")
    return north, east
