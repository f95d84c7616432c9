"""A table rounded in proportion to its weights, with exact row and column totals."""

from __future__ import annotations

import numpy as np

from salescore.kernels import biproportional


def test_both_margins_are_met() -> None:
    """Rows and columns add up exactly."""
    rows, columns = np.divmod(np.arange(4), 2)
    row_totals, column_totals = np.array([5, 3]), np.array([4, 4])
    parts = biproportional(
        np.array([3, 1, 1, 1]), rows, columns, row_totals=row_totals, column_totals=column_totals
    ).reshape(2, 2)

    assert parts.sum(axis=1).tolist() == [5, 3]
    assert parts.sum(axis=0).tolist() == [4, 4]
