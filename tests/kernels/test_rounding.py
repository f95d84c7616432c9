"""Tables rounded to whole numbers: every subtotal of two families, and as close as can be."""

from __future__ import annotations

import numpy as np

from salescore.kernels import Family, round_table


def test_every_sum_of_a_table_is_rounded_down_or_up() -> None:
    """The table of Statistics Canada, in hundreds: zeros stay, cells and sums next to theirs."""
    table = np.array([[3.615, 1.205, 1.205], [3.615, 0.0, 2.41]])
    rows, columns = (codes.ravel() for codes in np.indices(table.shape))
    whole = np.floor(table)

    got = round_table(
        whole.ravel().astype(np.int64),
        (table - whole).ravel(),
        (Family((rows,), (None,)), Family((columns,), (None,))),
    ).reshape(table.shape)

    assert got[1, 1] == 0
    for axis in (0, 1, None):
        assert (np.abs(got.sum(axis) - table.sum(axis)) < 1).all()
