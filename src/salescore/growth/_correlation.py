"""How much do deals of one period rise and fall together?"""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from salescore.core import Result, Text, amounts, equal_lengths, headed_table, inner_share, locked
from salescore.errors import SalescoreError
from salescore.kernels import factor_correlation, shared_luck
from salescore.typing import AnyArray, Column, IntArray, Language, Share

__all__ = ["Correlation", "correlation"]

_HEADS = {
    "won": Text("won", "成交"),
    "of": Text("deals", "商机数"),
    "rate": Text("win rate", "成交率"),
}


@frozen(eq=False, repr=False)
class Correlation(Result):
    """How much deals of one period move together; made by `correlation`.

    Parameters
    ----------
    won, of : (g,) int64
        Deals won, and closed, of each period.
    rate : float
        Share won of all [share 0-1].
    rho : float
        Correlation of the outcomes of two deals of one period; below 0 where periods are more
        alike than chance makes them.
    low, high : float
        Bounds of that correlation [share 0-1].
    factor, factor_low, factor_high : float
        Correlation of the common factor that makes outcomes so correlated, and its bounds: what
        a forecast from open deals asks for [share 0-1].
    """

    won: IntArray = field(converter=locked)
    of: IntArray = field(converter=locked)
    rate: float
    rho: float
    low: float
    high: float
    factor: float
    factor_low: float
    factor_high: float

    def __attrs_post_init__(self) -> None:
        equal_lengths([("won", self.won.size), ("of", self.of.size)], "periods")

    def to_columns(self) -> dict[str, AnyArray]:
        """Give one row a period.

        Returns
        -------
        dict of str to (g,) ndarray
            ``won``, ``of`` int64; ``rate`` float64.
        """
        return {"won": self.won, "of": self.of, "rate": self.won / self.of}

    def facts(self) -> dict[str, Any]:
        """Give the rate, both correlations and their bounds."""
        names = ("rate", "rho", "low", "high", "factor", "factor_low", "factor_high")
        return {name: getattr(self, name) for name in names}

    def summary(self, language: Language = "en") -> str:
        """Give the correlation as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr, what it means, and a table of the first periods.
        """
        text = Text(
            f"A common factor of {self.factor:.3f} ({self.factor_low:.3f} to "
            f"{self.factor_high:.3f}) makes periods differ as much as they did.",
            f"共同因素相关系数{self.factor:.3f}（{self.factor_low:.3f}至{self.factor_high:.3f}）"
            "可解释各期之间的差异。",
        )
        table = headed_table(self.to_columns(), _HEADS, language, formats={"rate": "{:.1%}".format})
        return f"{self!r}\n{text.to(language)}\n{table}"

    def __len__(self) -> int:
        return self.won.size

    def __repr__(self) -> str:
        told = f"{self.rho:.3f} ({self.low:.3f} to {self.high:.3f})"
        return f"<Correlation of deals in {len(self):,} periods: {told}>"


def correlation(won: Column, of: Column, *, confidence: Share = "0.95") -> Correlation:
    """Estimate from past periods how much their deals were won and lost together.

    Parameters
    ----------
    won, of : (g,) column-like of int
        Deals won, and deals closed, of each period; two periods or more. Periods without deals
        are left out.
    confidence : share, default 0.95
        Of the bounds.

    Returns
    -------
    Correlation
        Of the outcomes of two deals, and of the common factor behind them, with bounds. The
        same bits for any order of the periods. Deals that are alone with their luck give
        bounds that reach down to 0.

    Raises
    ------
    SalescoreError
        For counts below 0 or more won than closed, and where nothing can be told: fewer than
        two periods, one deal a period, or all deals alike.
    ShapeError
        For columns of different lengths.

    Notes
    -----
    The moment estimator of the beta-binomial correlation; see `salescore.kernels.shared_luck`
    for it, for its bounds, and `factor_correlation` for the factor. Periods of different mix
    (easier deals in one than in another) count as moving together.

    Examples
    --------
    >>> found = correlation([30, 12, 25, 9, 33, 18], [60, 60, 60, 60, 60, 60])
    >>> found
    <Correlation of deals in 6 periods: 0.098 (0.029 to 0.690)>
    >>> round(found.factor, 3)
    0.16
    """
    doubt = 1 - inner_share(confidence, "confidence")
    wins, closed = amounts(won, "won"), amounts(of, "of")
    equal_lengths([("won", wins.size), ("of", closed.size)], "periods")
    wrong = (wins < 0) | (wins > closed)
    if wrong.any():
        row = int(wrong.argmax())
        rule = f"from 0 to the {max(int(closed[row]), 0)} closed"
        raise SalescoreError("won", where=f"row {row}", expected=rule, got=int(wins[row]))
    some = closed > 0
    wins, closed = wins[some], closed[some]
    if closed.size < 2 or int(closed.max()) < 2 or int(wins.sum()) in {0, int(closed.sum())}:
        rule = "two periods, one with two deals or more, and deals both won and lost"
        raise SalescoreError("periods", expected=rule, got=f"{closed.size} periods")
    found = shared_luck(wins, closed, float(1 - doubt))
    factors = [factor_correlation(found.rate, rho) for rho in found[1:]]
    return Correlation(wins, closed, *found, *factors)
