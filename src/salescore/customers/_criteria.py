"""By which criteria customers are judged: fixed scales, whole weights, rules for gaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, Self, TypeAlias

from attrs import evolve, field, frozen

from salescore.core import Text, one_of, whole
from salescore.customers._scales import Better, Scale, number
from salescore.errors import LabelError, SalescoreError

__all__ = ["Better", "Criterion", "Missing", "Scale", "ScoringPolicy"]

Missing: TypeAlias = Literal["reject", "worst", "renormalise"] | float
"""What a missing value counts as: see `Criterion`."""

_POINTS = Scale(0, 100)


def _check_kind(value: object, kind: type, what: str) -> None:
    if not isinstance(value, kind):
        raise SalescoreError(what, expected=kind.__name__, got=repr(value))


@frozen
class Criterion:
    """One thing that customers are judged by, and how much it counts.

    Parameters
    ----------
    key : str
        English code; the name of the column.
    text : Text
        What people read.
    weight : int
        Its part of the policy's total, >= 0; with 0 it is shown but does not count.
    scale : Scale, default Scale(0, 100)
        Where it earns no marks and where full marks.
    missing : {"reject", "worst", "renormalise"} or number, default "reject"
        What NaN or null means: an error; no marks; its weight is left out for that customer
        and the rest counts as the whole; or this raw value stands in.

    Raises
    ------
    LabelError
        For an empty key.
    SalescoreError
        For a part of another kind, a negative weight, or an unknown rule.

    Examples
    --------
    >>> delay = Criterion("delay", Text("Days of delay", "拖欠天数"), 20, Scale(0, 90, "low"))
    >>> delay.missing
    'reject'
    """

    key: str
    text: Text
    weight: int
    scale: Scale = _POINTS
    missing: Missing = "reject"

    def __attrs_post_init__(self) -> None:
        _check_kind(self.key, str, "key of a criterion")
        if not self.key:
            what = "key of a criterion"
            raise LabelError(what, expected="a text that is not empty", got=repr(self.key))
        _check_kind(self.text, Text, f"text of {self.key!r}")
        _check_kind(self.scale, Scale, f"scale of {self.key!r}")
        weight = whole(self.weight, f"weight of {self.key!r}", least=0)
        object.__setattr__(self, "weight", weight)
        what = f"rule for missing values of {self.key!r}"
        if not isinstance(self.missing, str):
            object.__setattr__(self, "missing", number(self.missing, what))
        else:
            one_of(self.missing, what, ("reject", "worst", "renormalise"))


def _criteria(criteria: Iterable[Criterion]) -> tuple[Criterion, ...]:
    return tuple(criteria)


@frozen
class ScoringPolicy:
    """The criteria of a scoring and their weights, which add up to a stated total.

    Parameters
    ----------
    criteria : iterable of Criterion
        In the order in which contributions are listed; all keys differ.
    total : int, default 100
        What the weights add up to, >= 1. It guards against a weight that was forgotten;
        scores run from 0 to 100 whatever it is.

    Raises
    ------
    LabelError
        When two criteria have the same key.
    SalescoreError
        When the weights do not add up to *total*.

    Notes
    -----
    A policy compares by value and is plain data: ``attrs.asdict`` gives JSON, and cattrs
    brings it back.

    Examples
    --------
    >>> policy = ScoringPolicy(
    ...     [
    ...         Criterion("revenue", Text("Revenue"), 70, Scale(0, 500_000)),
    ...         Criterion("delay", Text("Days of delay"), 30, Scale(0, 90, "low")),
    ...     ]
    ... )
    >>> policy.weights
    {'revenue': 70, 'delay': 30}
    >>> policy.with_weights({"revenue": 80})
    Traceback (most recent call last):
    ...
    salescore.errors.SalescoreError: weights of the criteria: expected a sum of 100, got 110
    """

    criteria: tuple[Criterion, ...] = field(converter=_criteria)
    total: int = 100

    def __attrs_post_init__(self) -> None:
        total = whole(self.total, "total of the weights", least=1)
        object.__setattr__(self, "total", total)
        for criterion in self.criteria:
            _check_kind(criterion, Criterion, "part of a scoring policy")
        keys = [criterion.key for criterion in self.criteria]
        if len(set(keys)) != len(keys):
            twice = next(key for key in keys if keys.count(key) > 1)
            what = "keys of the criteria"
            raise LabelError(what, expected="different keys", got=f"{twice!r} twice")
        found = sum(criterion.weight for criterion in self.criteria)
        if found != self.total:
            what = "weights of the criteria"
            raise SalescoreError(what, expected=f"a sum of {self.total}", got=found)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the criteria, in their order."""
        return tuple(criterion.key for criterion in self.criteria)

    @property
    def weights(self) -> dict[str, int]:
        """The weight of each criterion."""
        return {criterion.key: criterion.weight for criterion in self.criteria}

    def with_weights(self, weights: Mapping[str, int]) -> Self:
        """Give the policy with other weights.

        Parameters
        ----------
        weights : mapping of str to int
            The new weight of each criterion named; the others stay.

        Returns
        -------
        ScoringPolicy
            A copy; all weights still add up to the total.

        Raises
        ------
        LabelError
            For a key the policy does not have.
        SalescoreError
            When the weights no longer add up to the total.
        """
        self._check_known(weights)
        return evolve(
            self, criteria=[evolve(c, weight=weights.get(c.key, c.weight)) for c in self.criteria]
        )

    def with_scale(self, key: str, scale: Scale) -> Self:
        """Give the policy with another scale for one criterion.

        Parameters
        ----------
        key : str
            The criterion.
        scale : Scale
            Its new scale.

        Returns
        -------
        ScoringPolicy
            A copy.

        Raises
        ------
        LabelError
            For a key the policy does not have.
        """
        self._check_known([key])
        return evolve(
            self, criteria=[evolve(c, scale=scale) if c.key == key else c for c in self.criteria]
        )

    def with_missing(self, missing: Missing | Mapping[str, Missing]) -> Self:
        """Give the policy with another rule for missing values.

        Parameters
        ----------
        missing : rule, or mapping of str to rule
            One rule for all criteria, or the rule of each criterion named; the others stay.

        Returns
        -------
        ScoringPolicy
            A copy.

        Raises
        ------
        LabelError
            For a key the policy does not have.
        SalescoreError
            For a rule that is not known.

        Examples
        --------
        >>> policy = ScoringPolicy([Criterion("loyalty", Text("Loyalty"), 100)])
        >>> policy.with_missing("worst").criteria[0].missing
        'worst'
        >>> policy.with_missing({"loyalty": 50}).criteria[0].missing
        50
        """
        rules = missing if isinstance(missing, Mapping) else dict.fromkeys(self.keys, missing)
        self._check_known(rules)
        return evolve(
            self, criteria=[evolve(c, missing=rules.get(c.key, c.missing)) for c in self.criteria]
        )

    def _check_known(self, keys: Iterable[str]) -> None:
        unknown = [key for key in keys if key not in self.keys]
        if unknown:
            what = "criterion"
            raise LabelError(
                what, expected=f"one of {self.keys}", got=", ".join(map(repr, unknown))
            )
