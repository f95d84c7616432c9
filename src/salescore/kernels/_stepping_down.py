"""How unlikely is each of many chances, seen that one looked at all of them?"""

from __future__ import annotations

import numpy as np

from salescore.typing import FloatArray

__all__ = ["stepped_down"]


def stepped_down(p: FloatArray) -> FloatArray:
    """Raise chances so that they hold for all of them together.

    Parameters
    ----------
    p : (n,) float64
        Chance of each under what is doubted, from 0 to 1.

    Returns
    -------
    (n,) float64
        Never below *p*, in its order, at most 1. Those at most alpha are wrongly called with a
        chance of at most alpha, however they hang together; the same for any order of rows.

    Notes
    -----
    Holm, *A simple sequentially rejective multiple test procedure*, 1979: the smallest of n
    times n, the next times n - 1, and so on, none below the one before.

    Examples
    --------
    >>> import numpy as np
    >>> stepped_down(np.array([0.01, 0.5, 0.02]))
    array([0.03, 0.5 , 0.04])
    """
    order = np.argsort(p, kind="stable")
    raised = p[order] * np.arange(p.size, 0, -1)
    told = np.empty(p.size)
    told[order] = np.minimum(1.0, np.maximum.accumulate(raised))
    return told
