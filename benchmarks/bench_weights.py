"""What do weights from the data of a million customers and seven criteria cost?"""

from __future__ import annotations

import numpy as np
from pymcdm.weights import critic_weights, entropy_weights

from benchmarks.harness import Case
from salescore.customers import weights

ROWS = 1_000_000
CRITERIA = 7


def cases() -> list[Case]:
    matrix = np.random.default_rng(20_260_101).lognormal(3, 1, (ROWS, CRITERIA))
    columns = {f"c{place}": column.copy() for place, column in enumerate(matrix.T)}
    return [
        Case(
            name="entropy weights 1e6 x 7, public call",
            peer_name="pymcdm",
            ours=lambda: weights.entropy(columns),
            peer=lambda: entropy_weights(matrix),
            bar=2.5,
            rounds=7,
            check=lambda: np.allclose(
                np.array(weights.entropy(columns).parts, float), entropy_weights(matrix), rtol=1e-9
            ),
        ),
        Case(
            name="CRITIC weights 1e6 x 7, public call",
            peer_name="pymcdm",
            ours=lambda: weights.critic(columns),
            peer=lambda: critic_weights(matrix),
            bar=5,
            rounds=3,
            check=lambda: np.allclose(
                np.array(weights.critic(columns).parts, float), critic_weights(matrix), rtol=1e-9
            ),
        ),
    ]
