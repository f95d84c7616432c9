"""Rolling a million daily facts up against pandas, and compliance against passes over memory."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.harness import Case
from salescore.activity import (
    STANDARD_REPORTING,
    FactRows,
    SubmissionRows,
    compliance,
    duties,
    rollup,
)
from salescore.kernels import deadline_states

FACTS, PEOPLE, DAYS, KINDS = 1_000_000, 2_000, 250, 4
DUTIES_OF, COLUMNS = 5_000, 250


def cases() -> list[Case]:
    """Make the comparisons of this module."""
    return [*_rollups(), *_compliance()]


def _rollups() -> list[Case]:
    rng = np.random.default_rng(7)
    place = rng.permutation(PEOPLE * DAYS * KINDS)[:FACTS]
    frame = pd.DataFrame(
        {
            "person": place // (DAYS * KINDS),
            "on": np.datetime64("2025-01-01") + place // KINDS % DAYS,
            "fact": place % KINDS,
            "done": rng.integers(0, 100, FACTS),
            "of": rng.integers(0, 100, FACTS),
        }
    )
    named = frame.assign(person=frame["person"].map("salesperson {:04d}".format).astype("str"))

    def ours(table: pd.DataFrame) -> FactRows:
        return FactRows(table["person"], table["on"], table["fact"], table["done"], table["of"])

    def theirs(table: pd.DataFrame) -> pd.DataFrame:
        month = table["on"].to_numpy().astype("datetime64[M]").astype(np.int64)
        sums: pd.DataFrame = table.groupby(["person", month, "fact"])[["done", "of"]].sum()
        return sums

    def same(table: pd.DataFrame) -> bool:
        found, peer = rollup(ours(table), period="month"), theirs(table)
        return bool(
            (found.numerator == peer["done"].to_numpy()).all()
            and (found.denominator == peer["of"].to_numpy()).all()
        )

    def case(what: str, table: pd.DataFrame) -> Case:
        return Case(
            name=f"roll {FACTS:.0e} daily facts up to months, {what}",
            peer_name="pandas groupby, sum",
            ours=lambda: rollup(ours(table), period="month"),
            peer=lambda: theirs(table),
            bar=1,
            check=lambda: same(table),
        )

    return [case("people by number", frame), case("people by name", named)]


def _compliance() -> list[Case]:
    rng = np.random.default_rng(11)
    daily = STANDARD_REPORTING.only(["daily_sales_report"])
    owed = duties(daily, range(DUTIES_OF), ("2025-01-01", "2025-12-17"))
    assert owed.owed.shape == (DUTIES_OF, COLUMNS)
    place = rng.permutation(owed.owed.size)[: owed.owed.size * 19 // 20]
    person, slot = np.divmod(place, COLUMNS)
    codes = pd.Series(np.full(person.size, "daily_sales_report", dtype=object)).astype("str")
    at = owed.due[slot] + rng.integers(-600, 300, person.size)
    rows = SubmissionRows(person, codes, owed.number[slot].astype("datetime64[D]"), at)
    found = compliance(owed, rows, "2025-12-01")
    first, due = np.array(found.first), owed.due.astype(np.int64)
    as_of = int(found.as_of.astype(np.int64))

    def by_hand() -> bool:
        on_time, there = first <= due, first <= as_of
        past = due <= as_of
        counts = found.counts
        return (
            counts["not_due"] == int((~past).sum()) * DUTIES_OF
            and counts["on_time"] == int((on_time & past).sum())
            and counts["late"] == int((there & ~on_time & past).sum())
            and counts["missing"] == int((~there & past).sum())
        )

    def peer() -> pd.Series:
        frame = pd.DataFrame({"person": person, "slot": slot, "at": at.astype(np.int64)})
        table = frame.groupby(["person", "slot"])["at"].min().reset_index()
        grid = pd.DataFrame(
            {
                "person": np.repeat(np.arange(DUTIES_OF), COLUMNS),
                "slot": np.tile(np.arange(COLUMNS), DUTIES_OF),
            }
        ).merge(table, on=["person", "slot"], how="left")
        state = np.where(
            due[grid["slot"]] > as_of,
            0,
            np.where(grid["at"] <= due[grid["slot"]], 1, np.where(grid["at"] <= as_of, 2, 3)),
        )
        sizes: pd.Series = grid.assign(state=state).groupby(["person", "state"]).size()
        return sizes

    return [
        Case(
            name=f"states of {DUTIES_OF:,} people x {COLUMNS} days",
            peer_name="one pass: (first <= due).sum",
            ours=lambda: deadline_states(first, due, owed.owed, as_of=as_of),
            peer=lambda: (first <= due).sum(axis=1),
            bar=0.25,
            check=by_hand,
        ),
        Case(
            name=f"compliance of {person.size:.1e} reports, by person",
            peer_name="pandas groupby, merge, groupby",
            ours=lambda: compliance(owed, rows, "2025-12-01").by("person"),
            peer=peer,
            bar=1,
            rounds=3,
            check=by_hand,
        ),
    ]
