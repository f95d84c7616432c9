"""Was each document handed in on time, late or not at all?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from attrs import field, frozen

from salescore.activity._complied import Compliance
from salescore.activity._moments import Moment, given_days, moment, moment_column
from salescore.activity._owed import Duties, slot_of
from salescore.core import Value, equal_lengths
from salescore.errors import SalescoreError
from salescore.kernels import NEVER, earliest, encode
from salescore.typing import Column, IntArray

__all__ = ["ComplianceFold", "SubmissionRows", "compliance"]


class SubmissionRows(NamedTuple):
    """What was handed in."""

    person: Column
    """(n,) who handed it in."""

    document: Column
    """(n,) code of the document."""

    on: Column
    """(n,) any day of the period that it is about."""

    at: Column
    """(n,) when it was handed in, a day or a minute."""


def _seen(value: Moment) -> np.datetime64:
    return moment(value, "as_of")


@frozen(eq=False)
class ComplianceFold(Value):
    """Hold what was handed in, in parts, against duties; the accumulator behind `compliance`.

    Parameters
    ----------
    duties : Duties
        What is owed.
    as_of : moment
        The moment one looks; a day means its first minute.

    Notes
    -----
    A state is one column of whole numbers: the first moment that each duty was handed in, then
    how many documents were handed in for duties, and how many for none. Moments merge by their
    minimum, counts by their sum, so any partition gives the same answer, bit for bit.
    """

    duties: Duties
    as_of: np.datetime64 = field(converter=_seen)

    def zero(self) -> IntArray:
        """Give the state of nothing handed in.

        Returns
        -------
        (p * s + 2,) int64 array
            The identity of `merge`.
        """
        state = np.full(self.duties.owed.size + 2, NEVER, dtype=np.int64)
        state[-2:] = 0
        return state

    def fold(self, chunks: Iterable[SubmissionRows]) -> IntArray:
        """Read what was handed in, in some parts.

        Parameters
        ----------
        chunks : iterable of SubmissionRows
            The rows; each row in one part only.

        Returns
        -------
        (p * s + 2,) int64 array
            Their state.

        Raises
        ------
        LabelError
            For somebody or a document that is not known.
        MissingValueError, ShapeError, SalescoreError
            For what is no day or moment, and columns of different lengths.
        """
        state = self.zero()
        for rows in chunks:
            state = self.merge(state, self._part(rows))
        return state

    def _part(self, rows: SubmissionRows) -> IntArray:
        found = self.duties
        person = encode(rows.person, found.people)
        document = encode(rows.document, found.policy.codes)
        on, at = given_days(rows.on, "day of a report"), moment_column(rows.at, "handed in")
        sizes = [("person", person.size), ("document", document.size)]
        equal_lengths([*sizes, ("on", on.size), ("at", at.size)], "what was handed in")
        slot = slot_of(found, document, on)
        asked = slot >= 0
        asked &= found.owed[person, slot] if found.owed.size else False
        if not asked.all():
            person, slot, at = person[asked], slot[asked], at[asked]
        state = np.empty(found.owed.size + 2, dtype=np.int64)
        place = person * found.document.size + slot
        state[:-2] = earliest(place, at.astype(np.int64), found.owed.size)
        state[-2:] = place.size, asked.size - place.size
        return state

    def merge(self, a: IntArray, b: IntArray) -> IntArray:
        """Put two states together.

        Parameters
        ----------
        a, b : (p * s + 2,) int64
            From `zero`, `fold` or `merge`.

        Returns
        -------
        (p * s + 2,) int64 array
            Neither side is written to.
        """
        merged = np.minimum(a, b)
        merged[-2:] = a[-2:] + b[-2:]
        return merged

    def finish(self, state: IntArray) -> Compliance:
        """Say what became of each duty.

        Parameters
        ----------
        state : (p * s + 2,) int64
            Of all that was handed in.

        Returns
        -------
        Compliance
            By person, document and period.

        Raises
        ------
        SalescoreError
            For a state of other duties.
        """
        if state.size != self.duties.owed.size + 2:
            rule = f"{self.duties.owed.size + 2} numbers"
            raise SalescoreError("state of a compliance", expected=rule, got=state.size)
        first = state[:-2].reshape(self.duties.owed.shape)
        repeated = int(state[-2]) - int(np.count_nonzero(first != NEVER))
        return Compliance(self.duties, self.as_of, first, repeated, int(state[-1]))


def compliance(duties: Duties, submissions: SubmissionRows, as_of: Moment) -> Compliance:
    """Was each document handed in on time, late or not at all?

    Parameters
    ----------
    duties : Duties
        Who owes what until when.
    submissions : SubmissionRows
        What was handed in, in any order; what is handed in after *as_of* is not there yet.
    as_of : moment
        The moment one looks; a day means its first minute, so that what is due on that day is
        not due yet.

    Returns
    -------
    Compliance
        Each duty is in one of four states: *not due* while its last minute is to come, handed
        in or not; then *on time*, *late* or *missing*. The counts add up to the duties, by any
        axis. Handed in twice, the first counts. A document that nobody owes - of a weekend,
        of a period outside the span, of somebody who was away - is counted as unasked.

    Raises
    ------
    LabelError
        For somebody or a document that is not known.
    MissingValueError, ShapeError, SalescoreError
        For what is no day or moment, and columns of different lengths.

    Examples
    --------
    >>> from salescore.activity import STANDARD_REPORTING, duties
    >>> daily = STANDARD_REPORTING.only(["daily_sales_report"])
    >>> owed = duties(daily, ["Li"], ("2026-03-02", "2026-03-07"))
    >>> at = ["2026-03-02T18:30", "2026-03-04T09:00"]
    >>> codes = ["daily_sales_report"] * 2
    >>> rows = SubmissionRows(["Li"] * 2, codes, ["2026-03-02", "2026-03-03"], at)
    >>> found = compliance(owed, rows, "2026-03-05")
    >>> found.counts, found.rate
    ({'not_due': 2, 'on_time': 1, 'late': 1, 'missing': 1}, Fraction(1, 3))
    """
    fold = ComplianceFold(duties, as_of)
    return fold.finish(fold.fold([submissions]))
