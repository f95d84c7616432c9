"""After how many calls without enough valid answers does one give a channel up?"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from attrs import field, frozen

from salescore.core import freeze, inner_share, share, whole
from salescore.errors import SalescoreError
from salescore.kernels import stop_chances, stop_limits
from salescore.typing import BoolArray, Column, IntArray, Share

__all__ = ["StopChance", "StopRule"]

_PARTS = 10_000


class StopChance(NamedTuple):
    """What a rule does to a channel of a certain validity."""

    chance: float
    """That it is stopped within the calls of the rule [share 0-1]."""

    calls: float
    """Calls made on average, those of channels that are not stopped included."""


def _inside(value: Share, what: str) -> str:
    return str(inner_share(value, what))


def _line(value: Share) -> str:
    return _inside(value, "line of a stop rule")


def _confidence(value: Share) -> str:
    exact = _inside(value, "confidence of a stop rule")
    if Fraction(exact) <= Fraction(1, 2):
        raise SalescoreError("confidence of a stop rule", expected="above 1/2", got=str(value))
    return exact


@frozen
class StopRule:
    """When a channel is given up: even its upper bound of validity lies below a line.

    Parameters
    ----------
    line : share
        Validity that a channel must be able to have, above 0 and below 1 [share 0-1]; read as
        written and kept as the text of a fraction.
    confidence : share, default 0.95
        Of the bound, one-sided, above 1/2.
    every : int, default 1
        One looks after so many calls, twice so many, and so on.
    most : int, default 200
        Calls that the rule is made for, from *every* to 5,000.

    Raises
    ------
    SalescoreError
        For a line or confidence outside, and numbers below 1.

    Notes
    -----
    Who looks often sees a good channel below the line more often than ``1 - confidence``, since
    it may happen at any look: `false_stop` says how often. `StopRule.within` starts from there.

    Examples
    --------
    >>> rule = StopRule("0.3", most=100)
    >>> rule.limits[[8, 9, 20, 40]].tolist(), round(rule.false_stop, 3)
    ([-1, 0, 2, 6], 0.187)
    """

    line: str = field(converter=_line)
    confidence: str = field(default="0.95", converter=_confidence)
    every: int = 1
    most: int = 200

    def __attrs_post_init__(self) -> None:
        whole(self.every, "every of a stop rule", least=1)
        whole(self.most, "most of a stop rule", least=self.every)
        if self.most > 5_000:
            raise SalescoreError("most of a stop rule", expected="at most 5,000", got=self.most)

    @classmethod
    def within(
        cls, line: Share, false_stop: Share = "0.05", *, every: int = 1, most: int = 200
    ) -> StopRule:
        """Make the rule that gives up as soon as it may, so that a good channel is seldom lost.

        Parameters
        ----------
        line : share
            Validity that a channel must be able to have.
        false_stop : share, default 0.05
            Highest chance to give a channel up whose validity is just the line, over all looks
            together; above 0 and below 1.
        every, most : int
            As of the rule.

        Returns
        -------
        StopRule
            With the least confidence, in steps of 1/10,000, that keeps the chance.

        Raises
        ------
        SalescoreError
            For shares outside.
        """
        allowed = Fraction(_inside(false_stop, "false_stop"))
        low, high = 0, min(int(allowed * _PARTS) + 1, _PARTS // 2)

        def rule(parts: int) -> StopRule:
            return cls(line, 1 - Fraction(parts, _PARTS), every, most)

        while high - low > 1:
            middle = (low + high) // 2
            kept = rule(middle).false_stop <= allowed
            low, high = (middle, high) if kept else (low, middle)
        if not low:
            at_least = f"at least {1 / _PARTS} (fewer looks, or a higher chance)"
            raise SalescoreError("false_stop", expected=at_least, got=str(false_stop))
        return rule(low)

    @property
    def limits(self) -> IntArray:
        """(most + 1,) int64: up to how many valid answers one stops after n calls; -1: never."""
        return _limits(self)[0]

    @property
    def keeps(self) -> IntArray:
        """(most + 1,) int64: up to how many invalid answers a channel is surely good enough."""
        return _limits(self)[1]

    @property
    def looks(self) -> BoolArray:
        """(most + 1,) bool: after which numbers of calls one looks."""
        calls = np.arange(self.most + 1)
        return freeze((calls > 0) & (calls % self.every == 0))

    @property
    def false_stop(self) -> float:
        """Chance to give up a channel whose validity is just the line, over all looks."""
        return self.chance(self.line).chance

    def chance(self, validity: Share) -> StopChance:
        """Say what the rule does to channels of a certain validity.

        Parameters
        ----------
        validity : share
            Chance that a call finds a valid prospect, at most 1 [share 0-1].

        Returns
        -------
        StopChance
            The chance to stop, and the calls made on average; the better the channel, the
            less often it is stopped.

        Raises
        ------
        SalescoreError
            For a validity above 1.
        """
        exact = share(validity, "validity")
        if exact > 1:
            raise SalescoreError("validity", expected="a share 0-1", got=str(validity))
        stops = stop_chances(self.limits, self.looks, float(exact))
        stopped = float(stops.sum())
        calls = float((stops * np.arange(stops.size)).sum())
        return StopChance(stopped, calls + (1 - stopped) * self.most)

    def first_stop(self, valid: Column) -> int | None:
        """Say after which call of a channel one stops.

        Parameters
        ----------
        valid : (n,) column-like of bool
            What each call found, in the order they were made.

        Returns
        -------
        int or None
            The number of calls made by then; None where one goes on. Calls beyond the most of
            the rule are not looked at.

        Raises
        ------
        SalescoreError
            For what is not true or false.
        """
        answers = np.asarray(valid)
        if answers.ndim != 1 or (answers.dtype != np.bool_ and answers.size):
            rule = "true or false for each call"
            raise SalescoreError("valid", expected=rule, got=answers.dtype)
        found = np.cumsum(answers[: self.most].astype(np.int64))
        calls = np.arange(1, found.size + 1)
        stops = self.looks[calls] & (found <= self.limits[calls])
        return int(stops.argmax()) + 1 if stops.any() else None


@lru_cache(maxsize=64)
def _limits(rule: StopRule) -> tuple[IntArray, IntArray]:
    doubt = (1 - Fraction(rule.confidence)).as_integer_ratio()
    good = Fraction(rule.line)
    few = stop_limits(good.as_integer_ratio(), doubt, rule.most)
    many = stop_limits((1 - good).as_integer_ratio(), doubt, rule.most)
    return freeze(few), freeze(many)
