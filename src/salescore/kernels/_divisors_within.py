"""Which multiplier of the weights of each segment makes the rounded rows add up, exactly?"""

# Shapes: n rows, m segments that all have rows, c candidates.
#
# A divisor method rounds multiplier * weight at its signposts: a row has k units or more when
# multiplier * weight is beyond signpost(k - 1). So unit k of a row, counted from 0, is reached at
# the multiplier signpost(k) / weight, its key, and a total goes to the units of the smallest keys.
#
# All keys, counts and multipliers are floats that are off by less than one part in 2**50 (five
# roundings of 2**-53 each, at most six). Two multipliers, one too small and one too large, are
# each moved away by one part in 2**46, so that the units between them, the candidates, are sure
# to hold the last unit that is given, and all that floats cannot tell from it. Those are put in
# order by whole numbers.

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from salescore.typing import AnyArray, BoolArray, FloatArray, IntArray

__all__ = ["CLEAR", "LONG", "Divisor", "Job", "Selection", "gaps", "select", "settle", "signposts"]

Divisor: TypeAlias = Literal["webster", "jefferson", "adams", "hill", "dean"]
"""Where a divisor method rounds up: half way, at the next whole, at once, or at the mean."""

OFFSETS: dict[Divisor, int] = {"webster": 1, "jefferson": 2, "adams": 0, "hill": 1, "dean": 1}
"""Twice the signpost of unit k is 2k + this; with 'hill' and 'dean' it is a little less."""

_FAR = 2**62
CLEAR = 2.0**-46
_ROUGH = 2.0**-35
_FINE = 2.0**-49
_BELOW_INT64 = 2.0**63 - 1024
_CHUNK = 16_384
LONG = 1024
"""Rows of a segment that are not worth a second look."""

_PATIENCE = 6
_NONE = np.empty(0, dtype=np.int64)

_ROUNDING: dict[Divisor, tuple[float, float]] = {
    "webster": (0.5, 0.5),
    "jefferson": (1.0, 0.0),
    "adams": (0.0, 1.0),
    "hill": (0.5, 1.0),
    "dean": (0.5, 1.0),
}
"""How far a row is rounded down at most, and how far up."""


class Job(NamedTuple):
    """Weights and what is shared out by them."""

    size: FloatArray
    """(n,) weights, 0 or more."""

    starts: IntArray
    """(m,) first rows."""

    lengths: IntArray
    """(m,) rows, at least one each."""

    totals: IntArray
    """(m,) 0 or more, and within the limits."""

    wholes: FloatArray
    """(m,) sums of the weights, above 0."""

    smallest: float
    """No weight above 0 is smaller."""

    method: Divisor
    floor: IntArray | None
    cap: IntArray | None

    def only(self, segments: slice, rows: slice, *, starts: IntArray) -> Job:
        """Take some segments, or some rows of a single one."""
        return self._replace(
            size=self.size[rows],
            starts=starts,
            lengths=self.lengths[segments],
            totals=self.totals[segments],
            wholes=self.wholes[segments],
            floor=None if self.floor is None else self.floor[rows],
            cap=None if self.cap is None else self.cap[rows],
        )


class Selection(NamedTuple):
    """Parts, but for units that floats cannot tell from the last one that is given."""

    parts: IntArray
    """(n,) without the candidates that are given."""

    rows: IntArray
    """(c,) ascending, the rows of the candidates."""

    units: IntArray
    """(c,) which unit of its row each one is, from 0."""

    segment: IntArray
    """(c,); (1,) where there is only one."""

    given: BoolArray
    """(c,) who gets a unit, by floats."""

    near: IntArray
    """Candidates that only whole numbers can put in order, in segments where it matters."""

    wanted: IntArray
    """(m,) how many of those near get a unit."""

    keys: FloatArray
    """(c,) multipliers at which they get a unit."""

    ends: tuple[FloatArray, FloatArray]
    """(m,) multipliers before and beyond all of them."""


def spread(values: AnyArray, lengths: IntArray) -> AnyArray:
    """Give each row the value of its segment; one value for all stays one."""
    return values if values.size == 1 else np.repeat(values, lengths)


def gaps(column: IntArray, starts: IntArray, totals: IntArray) -> IntArray:
    """How much more than its total does each segment add up to?

    Parameters
    ----------
    column : (n,) int64
        None below 0.
    starts : (m,) int64
        First rows of the segments; each has rows.
    totals : (m,) int64
        None below 0.

    Returns
    -------
    (m,) int64 array
        Exact while below 2**62 in size, and otherwise 2**62 of the right sign.

    Notes
    -----
    Sums of int64 wrap around, so that the difference is right as long as it fits; floats tell
    when it does not.
    """
    gap = np.add.reduceat(column, starts) - totals
    if int(column.max()) * column.size >= _FAR:
        rough = np.add.reduceat(column.astype(np.float64), starts) - totals
        np.copyto(gap, np.where(rough > 0, _FAR, -_FAR), where=np.abs(rough) >= _FAR)
    return gap


def signposts(units: FloatArray, method: Divisor) -> FloatArray:
    """At which multiple of its weight does a row get unit k, counted from 0?"""
    if method == "hill":
        return np.sqrt(units * (units + 1))
    if method == "dean":
        return units * (units + 1) / (units + 0.5)
    return units + OFFSETS[method] / 2


def _counts(multiplier: FloatArray, job: Job) -> IntArray:
    """Round multiplier * weight, within the limits."""
    share = job.size * spread(multiplier, job.lengths)
    if job.method == "webster":
        share += 0.5
    elif job.method == "adams":
        np.ceil(share, out=share)
    elif job.method != "jefferson":
        down = np.floor(share)
        share = down + (share > signposts(down, job.method))
    top = np.minimum(job.totals + 1.0, _BELOW_INT64)  # nobody gets more: sums stay small
    np.minimum(share, spread(top, job.lengths), out=share)
    parts = share.astype(np.int64)
    if job.floor is not None:
        np.maximum(parts, job.floor, out=parts)
    if job.cap is not None:
        np.minimum(parts, job.cap, out=parts)
    return parts


def _bracket(job: Job) -> tuple[FloatArray, FloatArray]:
    """Find a multiplier that gives too little and one that gives enough, in each segment."""
    whole, total, rows = job.wholes, job.totals.astype(np.float64), job.lengths
    least = 0.45 / whole  # below every signpost but 0
    if job.floor is None and job.cap is None:
        down, up = _ROUNDING[job.method]
        low = np.maximum((total - up * rows) / whole, least)
        high = (total + down * rows + 0.001) / whole
        if int(rows.max()) <= LONG:
            return low * (1 - CLEAR), high * (1 + CLEAR)
        short = _Side(low, up * rows + 1, whole)
        enough = _Side(high, down * rows + 1, whole)
    else:
        low, high = least, (total + 2) / job.smallest
        short, enough = _look(low, job), _look(high, job)
        short = short._replace(off=-short.off)
    low, high = _narrow(job, short, enough)
    return low * (1 - CLEAR), high * (1 + CLEAR)


class _Side(NamedTuple):
    """What a multiplier gives, (m,) each."""

    multiplier: FloatArray
    off: AnyArray
    """Units from the total, in size."""

    slope: FloatArray
    """How fast they grow or shrink with the multiplier."""

    def update(self, other: _Side, where: BoolArray) -> _Side:
        pairs = zip(other, self, strict=True)
        return _Side(*(np.where(where, new, old) for new, old in pairs))


def _narrow(job: Job, short: _Side, enough: _Side) -> tuple[FloatArray, FloatArray]:
    """Bring two multipliers together until few units lie between them."""
    room = np.where(job.lengths > LONG, job.lengths // 64, job.lengths) + 64
    guess = np.clip(job.totals / job.wholes, short.multiplier, enough.multiplier)
    step = 0
    while True:
        seen = _look(guess, job)
        under = seen.off < 0
        seen = seen._replace(off=np.abs(seen.off))
        short, enough = short.update(seen, under), enough.update(seen, ~under)
        step += 1
        if step == _PATIENCE:
            room = np.maximum(room, 2 * job.lengths)  # ties cannot be told apart here
        low, high = short.multiplier, enough.multiplier
        wide = (short.off > 0) & (short.off + enough.off > room) & (high > low * (1 + CLEAR))
        if not wide.any():
            return low, np.where(short.off > 0, high, low)
        # Aim a little beyond the total, so that both sides come closer, or else a little before.
        guess = np.sqrt(low) * np.sqrt(high)
        if step < _PATIENCE or step % 3:
            for more in (-room / 4, room / 4):
                rise = low + (short.off + more) / np.maximum(short.slope, 1e-250)
                fall = high - (enough.off + more) / np.maximum(enough.slope, 1e-250)
                for better in (np.where(under, fall, rise), np.where(under, rise, fall)):
                    guess = np.where((low < better) & (better < high), better, guess)


def _look(multiplier: FloatArray, job: Job) -> _Side:
    """See what a multiplier gives; less than the total is below 0."""
    if job.starts.size > 1 or job.size.size <= _CHUNK:
        parts = _counts(multiplier, job)
        return _Side(multiplier, gaps(parts, job.starts, job.totals), _slope(parts, job))
    given, free = 0, 0.0
    none = np.zeros_like(job.totals)
    for start in range(0, job.size.size, _CHUNK):
        part = job.only(slice(None), slice(start, start + _CHUNK), starts=job.starts)
        counts = _counts(multiplier, part)
        given += int(gaps(counts, part.starts, none)[0])
        free += float(_slope(counts, part)[0])
    gap = min(given - int(job.totals[0]), _FAR)
    limited = job.floor is not None or job.cap is not None
    return _Side(multiplier, np.array([gap]), np.array([free]) if limited else job.wholes)


def _slope(parts: IntArray, job: Job) -> FloatArray:
    """Add up the weights that are not held by a limit."""
    if job.floor is None and job.cap is None:
        return job.wholes
    free = parts <= spread(job.totals, job.lengths)
    if job.floor is not None:
        free &= parts > job.floor
    if job.cap is not None:
        free &= parts < job.cap
    return np.add.reduceat(np.where(free, job.size, 0.0), job.starts)


def select(job: Job) -> Selection:
    """Give each segment its total, in floats.

    Parameters
    ----------
    job : Job
        What is shared out.

    Returns
    -------
    Selection
        Who surely gets a unit, and who may.
    """
    low, high = _bracket(job)
    parts = _counts(low, job)
    missing = -gaps(parts, job.starts, job.totals)
    more = _counts(high, job)
    more -= parts
    rows, units = _candidates(parts, more)
    keys = signposts(units.astype(np.float64), job.method)
    keys /= job.size[rows]
    if low.size == 1:
        segment = np.zeros(1, dtype=np.int64)
        cut = _cut_one(keys, int(missing[0]))
    else:
        segment = np.repeat(np.arange(low.size), job.lengths)[rows]
        cut = _cut_many(keys, missing, segment, ends=(low, high))
    return Selection(parts, rows, units, segment, *cut, keys, (low, high))


_Cut: TypeAlias = tuple[BoolArray, IntArray, IntArray]
"""Who gets a unit by floats, who is near the cut, and how many of these get one."""


def _cut_one(keys: FloatArray, missing: int) -> _Cut:
    """Find the smallest keys of a single segment."""
    if not missing:
        return np.zeros(keys.size, dtype=np.bool_), _NONE, _NONE
    cut = float(np.partition(keys, missing - 1)[missing - 1])
    given = keys <= cut
    band = 2 * _FINE * cut
    close = keys <= cut + band
    if int(np.count_nonzero(close)) == missing:
        return given, _NONE, _NONE
    sure = keys < cut - band
    close &= ~sure
    left = missing - int(np.count_nonzero(sure))
    return given, np.flatnonzero(close), np.array([left])


def _cut_many(
    keys: FloatArray,
    missing: IntArray,
    segment: IntArray,
    *,
    ends: tuple[FloatArray, FloatArray],
) -> _Cut:
    """Find the smallest keys of each segment, by one sort."""
    low, high = ends
    width = high - low
    names = np.arange(low.size)
    # Places of a segment lie between its number and the next, in the order of the keys.
    place = keys - low[segment]
    place /= (2 * width)[segment]
    place += (names + 0.25)[segment]
    ordered = np.empty(place.size + 1)
    ordered[:-1] = place
    ordered[-1] = np.inf
    ordered.sort()
    after = np.searchsorted(ordered, names) + missing
    cut = np.where(missing > 0, ordered[np.maximum(after, 1) - 1], names)
    half = _ROUGH + _FINE * high / width
    sure = np.searchsorted(ordered, cut - half)
    crowded = np.searchsorted(ordered, cut + half, side="right") > after
    near = _NONE
    if crowded.any():
        away = np.abs(place - cut[segment])
        near = np.flatnonzero(crowded[segment] & (away <= half[segment]))
    return place <= cut[segment], near, after - sure


def _candidates(parts: IntArray, more: IntArray) -> tuple[IntArray, IntArray]:
    """List row and unit of everything between two counts."""
    rows = np.flatnonzero(more)
    times = more[rows]
    units = parts[rows]
    if times.size and int(times.max()) > 1:
        first = np.cumsum(times) - times
        units = np.repeat(units - first, times) + np.arange(int(times.sum()))
        rows = np.repeat(rows, times)
    return rows, units


def settle(chosen: Selection, weights: IntArray, method: Divisor) -> IntArray:
    """Which candidates get a unit where floats cannot tell?

    Parameters
    ----------
    chosen : Selection
        What `select` gives for these weights.
    weights : (n,) int64
        The weights themselves.
    method : Divisor
        Where to round.

    Returns
    -------
    (n,) int64 array
        The parts, exact; of equal keys the lower rows come first.
    """
    given = chosen.given
    if chosen.near.size:
        given[chosen.near] = False
        given[_in_order(chosen, weights, method)] = True
    np.add.at(chosen.parts, chosen.rows[given], 1)
    return chosen.parts


def _in_order(chosen: Selection, weights: IntArray, method: Divisor) -> IntArray:
    """List the candidates near the cut that get a unit."""
    near = chosen.near
    segment = np.broadcast_to(chosen.segment, chosen.given.shape)[near]
    weight, unit = weights[chosen.rows[near]], chosen.units[near]
    new = np.diff(segment, prepend=-1) != 0
    first = np.flatnonzero(new)
    lengths = np.diff(first, append=near.size)
    apart, known = _apart(weight, unit, np.repeat(first, lengths), method=method)
    odd = ~known | (apart != 0)
    mixed = np.logical_or.reduceat(odd, first)
    tied = np.repeat(~mixed, lengths)
    order = np.flatnonzero(tied)
    if method in ("hill", "dean") and order.size:
        # Where 2k + 1 is the same multiple of the weight, the smaller weight comes first.
        order = order[np.lexsort((weight[order], segment[order]))]
    rank = np.arange(order.size)
    start = np.diff(segment[order], prepend=-1) != 0
    rank -= np.maximum.accumulate(np.where(start, rank, 0))
    found = [order[rank < chosen.wanted[segment[order]]]]
    for group in np.flatnonzero(mixed):
        places = np.flatnonzero(np.repeat(np.arange(first.size) == group, lengths))
        wanted = int(chosen.wanted[segment[places[0]]])
        found.append(_sort_whole(places, weight, unit, method=method)[:wanted])
    return near[np.concatenate(found)]


def _apart(
    weight: IntArray, unit: IntArray, pivot: IntArray, *, method: Divisor
) -> tuple[IntArray, BoolArray]:
    """Compare (2k + offset) / weight with that of a pivot: below 0, 0, above 0; and is it known?"""
    offset = OFFSETS[method]
    twice = 2.0 * unit + offset
    rough = np.abs(twice * weight[pivot] - twice[pivot] * weight)
    known = rough + twice * weight[pivot] * _FINE < _FAR
    exact = (2 * unit + offset) * weight[pivot] - (2 * unit[pivot] + offset) * weight
    return exact, known


def _sort_whole(places: IntArray, weight: IntArray, unit: IntArray, *, method: Divisor) -> IntArray:
    """Order units by their keys in whole numbers of any size."""
    offset = OFFSETS[method]
    pairs: list[tuple[int, int]] = []
    for size, number in zip(weight[places].tolist(), unit[places].tolist(), strict=True):
        twice = 2 * number + offset
        if method == "hill":
            pairs.append((twice * twice - 1, size * size))
        elif method == "dean":
            pairs.append((twice * twice - 1, twice * size))
        else:
            pairs.append((twice, size))
    # Fractions that differ do so by more than one part in the square of the largest denominator.
    shift = 2 * max(denominator for _, denominator in pairs).bit_length()
    keys = [(numerator << shift) // denominator for numerator, denominator in pairs]
    return places[sorted(range(len(keys)), key=keys.__getitem__)]
