"""A total shared out by divisor methods: exact, never taking back, one row or many at once."""

from __future__ import annotations

import numpy as np

from salescore.kernels import apportion_by_divisor, apportion_by_divisor_within


def test_segments_equal_one_row_each() -> None:
    """Many parents at once give what each alone gives."""
    weights = np.array([30, 19, 1, 5, 5])
    parts = apportion_by_divisor_within(
        weights, np.array([0, 3]), np.array([5, 3]), method="webster"
    )

    assert parts[:3].tolist() == apportion_by_divisor(weights[:3], 5, method="webster").tolist()
    assert parts[3:].tolist() == [2, 1]
