"""Spreading the visits of a million customers against one sort of those visits."""

from __future__ import annotations

import numpy as np

from benchmarks.harness import Case
from salescore.visits import CallCycle, schedule

CUSTOMERS, EACH = 1_000_000, 200


def cases() -> list[Case]:
    """Make the comparisons of this module."""
    rng = np.random.default_rng(3)
    calls = rng.choice([4, 2, 1], CUSTOMERS, p=[0.1, 0.2, 0.7])
    owners = np.arange(CUSTOMERS) // EACH
    order = rng.permutation(CUSTOMERS)
    march = CallCycle("2026-03-01", "2026-04-01")
    plan = schedule(calls, march, owners=owners, order=order)
    person, place = plan.owner[plan.customer], plan.place
    rank = order[plan.customer]

    def even() -> bool:
        load = plan.load
        return bool((load.max(axis=1) - load.min(axis=1)).max() <= 3)

    return [
        Case(
            name=f"schedule 1e6 customers, {len(plan):.1e} visits, 5,000 people",
            peer_name="np.lexsort of the visits by person, day, place",
            ours=lambda: schedule(calls, march, owners=owners, order=order),
            peer=lambda: np.lexsort((rank, place, person)),
            bar=1,
            rounds=3,
            check=even,
        )
    ]
