"""What do scorecards of a hundred thousand people by twelve criteria cost?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.harness import Case
from salescore.scorecards import FIVE_AREAS, Facts, evaluate, funnel, rank

PEOPLE = 100_000


def cases() -> list[Case]:
    """Make the comparisons of this module."""
    draw = np.random.default_rng(20_260_101)
    criteria = FIVE_AREAS.criteria
    of = draw.integers(0, 60, (len(criteria), PEOPLE))
    part = draw.uniform(0.3, 1, (len(criteria), PEOPLE))
    done = np.minimum(np.round(of * part).astype(np.int64), of)
    facts = Facts(FIVE_AREAS.keys, range(PEOPLE), done, of)
    frame = pd.DataFrame(
        {key: done[line] for line, key in enumerate(FIVE_AREAS.keys)}
        | {f"{key}_of": of[line] for line, key in enumerate(FIVE_AREAS.keys)}
    )
    cards = evaluate(facts)

    def ours() -> np.ndarray:
        return evaluate(facts).score

    def recipe() -> np.ndarray:
        """Do it as one does in a notebook: rates, clipped, weighted over what is there."""
        earned, present = pd.Series(0.0, frame.index), pd.Series(0, frame.index)
        for criterion in criteria:
            rate = frame[criterion.key] / frame[f"{criterion.key}_of"].replace(0, np.nan)
            ends = criterion.scale.worst, criterion.scale.best
            marks = ((rate - ends[0]) / (ends[1] - ends[0])).clip(0, 1)
            earned = earned + (marks * criterion.weight).fillna(0)
            present = present + marks.notna() * criterion.weight
        return np.asarray(100 * earned / present)

    def read() -> int:
        return int(done.sum()) + int(of.sum())

    return [
        Case(
            name="scorecards 1e5 x 12, exact",
            peer_name="pandas recipe, floats",
            ours=ours,
            peer=recipe,
            bar=1,
            check=lambda: np.allclose(ours(), recipe(), atol=1e-4, equal_nan=True),
        ),
        Case(
            name="scorecards 1e5 x 12",
            peer_name="30 reads of the 24 columns",
            ours=ours,
            peer=lambda: [read() for _ in range(30)],
            bar=0.6,
        ),
        Case(
            name="ranks and limits of 1e5 people",
            peer_name="two scores by the pandas recipe",
            ours=lambda: (rank(cards, by="deals"), funnel(cards, "deals")),
            peer=lambda: (recipe(), recipe()),
            bar=0.15,
        ),
    ]
