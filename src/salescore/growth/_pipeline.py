"""How many more deals does a wanted chance to reach the target take?"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from attrs import frozen

from salescore.core import Formats, Result, Text, headed_table, share, whole
from salescore.errors import AmountOverflowError, SalescoreError
from salescore.growth._outlook_deals import Deals, answer, read_chances
from salescore.growth._outlooks import Outlook, chance_text
from salescore.typing import AnyArray, Language, Share

__all__ = ["PipelineNeed", "PipelineStatus", "pipeline_needed"]

_LIMIT = 2**52


class PipelineStatus(IntEnum):
    """Whether more deals can give the wanted chance.

    Examples
    --------
    >>> PipelineStatus.NEVER.text.to("zh")
    '增加商机也无法达到'
    """

    ENOUGH = 0
    NEEDED = 1
    BEYOND = 2
    NEVER = 3

    @property
    def text(self) -> Text:
        """What it is called."""
        return _TEXTS[self]


_TEXTS = {
    PipelineStatus.ENOUGH: Text("what is open is enough", "现有商机已足够"),
    PipelineStatus.NEEDED: Text("more deals are needed", "需要增加商机"),
    PipelineStatus.BEYOND: Text("more than the most allowed are needed", "超出允许增加的数量"),
    PipelineStatus.NEVER: Text("no number of such deals is enough", "增加商机也无法达到"),
}
_HEADS = {
    "deals": Text("more deals", "增加商机数"),
    "amount": Text("worth", "金额"),
    "probability": Text("probability", "达成概率"),
}


@frozen(eq=False, repr=False)
class PipelineNeed(Result):
    """How many more deals a wanted chance takes; made by `pipeline_needed`.

    Parameters
    ----------
    outlook : Outlook
        Without them.
    wanted : float
        The chance that is wanted [share 0-1].
    deal_probability, deal_amount : float, int
        Of each further deal [share 0-1], [smallest unit].
    status : PipelineStatus
        Enough, needed, beyond or never.
    deals : int
        The fewest that do; 0 if there are enough, the most allowed if those do not do, and 0
        if no number does.
    probability : float
        The chance with them [share 0-1].
    one_less : float
        With one less; the chance without any if there are enough [share 0-1].
    """

    outlook: Outlook
    wanted: float
    deal_probability: float
    deal_amount: int
    status: PipelineStatus
    deals: int
    probability: float
    one_less: float

    @property
    def amount(self) -> int:
        """What all further deals would bring if each were won [smallest unit]."""
        return self.deals * self.deal_amount

    def to_columns(self) -> dict[str, AnyArray]:
        """Give a row without further deals, one with one less than needed, one with them.

        Returns
        -------
        dict of str to (3,) ndarray
            ``deals``, ``amount`` int64; ``probability`` float64.
        """
        deals = np.array([0, max(0, self.deals - 1), self.deals], dtype=np.int64)
        chances = [self.outlook.probability, self.one_less, self.probability]
        return {
            "deals": deals,
            "amount": deals * self.deal_amount,
            "probability": np.array(chances),
        }

    def facts(self) -> dict[str, Any]:
        """Give what was wanted, of which deals, and the status."""
        return {
            "wanted": self.wanted,
            "deal_probability": self.deal_probability,
            "deal_amount": self.deal_amount,
            "correlation": self.outlook.correlation,
            "status": self.status.name.lower(),
        }

    def formats(self) -> Formats:
        """Show chances as percentages and money in units."""
        return {"probability": chance_text, "amount": self.outlook.unit.show}

    def summary(self, language: Language = "en") -> str:
        """Give the need as text.

        Parameters
        ----------
        language : {"en", "zh"}, default "en"
            The reader's language.

        Returns
        -------
        str
            The one-line repr, the status and a table.
        """
        table = headed_table(self.to_columns(), _HEADS, language, formats=self.formats())
        return f"{self!r}\n{self.status.text.to(language)}\n{table}"

    def __repr__(self) -> str:
        return (
            f"<PipelineNeed: {self.deals:,} more deals for {chance_text(self.wanted)}, "
            f"{self.status.name.lower()}>"
        )


def pipeline_needed(
    outlook: Outlook,
    wanted: Share,
    *,
    probability: float,
    amount: int,
    most: int = 10_000,
) -> PipelineNeed:
    """Tell how many more deals of one kind a wanted chance to reach the target takes.

    Parameters
    ----------
    outlook : Outlook
        Of the deals that are open now; its target and correlation hold.
    wanted : share
        The chance that is wanted, above 0, up to 1 [share 0-1].
    probability : float
        Of each further deal to be won [share 0-1].
    amount : int
        Of each, >= 0 [smallest unit].
    most : int, default 10,000
        How many are looked at, at most.

    Returns
    -------
    PipelineNeed
        The fewest deals that give the chance; one less does not. A chance that is reached
        already takes 0. Where no number does, as of deals that are never won, or for
        certainty by deals that are not certain, or where *most* do not, the status says so. A
        higher wanted chance never takes fewer.

    Raises
    ------
    SalescoreError
        For a wanted chance of 0 or above 1, a probability outside 0 to 1, an amount or *most*
        that is below 0 or not whole.
    AmountOverflowError
        For deals of 2**52 and more together.

    Notes
    -----
    Each further deal can only add, in every market, so the chance rises with their number: it
    is doubled, then halved between too few and enough.

    Examples
    --------
    >>> from salescore.growth import outlook
    >>> now = outlook([0.5] * 10, 100, 600, correlation=0)
    >>> need = pipeline_needed(now, 0.9, probability=0.25, amount=100)
    >>> need.deals, round(need.one_less, 3), round(need.probability, 3)
    (14, 0.895, 0.911)
    """
    asked = share(wanted, "wanted chance")
    if not 0 < asked <= 1:
        raise SalescoreError("wanted chance", expected="above 0, at most 1", got=str(wanted))
    chance = float(read_chances([probability])[0])
    each = whole(amount, "amount of a deal", least=0)
    limit = whole(most, "most further deals", least=0)
    if int(outlook.amount.sum()) + limit * each >= _LIMIT:
        got = limit * each
        raise AmountOverflowError("further deals", expected="less than 2**52 together", got=got)
    goal = float(asked)

    def reached(deals: int) -> float:
        more = Deals(
            np.append(outlook.chance, np.full(deals, chance)),
            np.append(outlook.amount, np.full(deals, each)),
        )
        order = np.lexsort((more.chance, more.amount))
        sorted_ = Deals(more.chance[order], more.amount[order])
        wanted_amount = outlook.target - outlook.won
        return answer(sorted_, wanted_amount, outlook.correlation, "auto").stated.probability

    def need(status: PipelineStatus, deals: int, now: float, less: float) -> PipelineNeed:
        return PipelineNeed(outlook, goal, chance, each, status, deals, now, less)

    first = outlook.probability
    if first >= goal:
        return need(PipelineStatus.ENOUGH, 0, first, first)
    if not chance or not each or (goal == 1 and chance < 1):
        return need(PipelineStatus.NEVER, 0, first, first)
    few, low, many = 0, first, min(1, limit)
    high = reached(many)
    while high < goal and many < limit:
        few, low, many = many, high, min(2 * many, limit)
        high = reached(many)
    if high < goal:
        return need(PipelineStatus.BEYOND, many, high, reached(max(0, many - 1)))
    while many - few > 1:
        middle = (few + many) // 2
        found = reached(middle)
        if found >= goal:
            many, high = middle, found
        else:
            few, low = middle, found
    return need(PipelineStatus.NEEDED, many, high, low)
