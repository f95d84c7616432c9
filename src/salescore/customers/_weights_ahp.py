"""How much does each criterion count, by comparing them in pairs, and do the pairs agree?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import isnan, log
from typing import TypeAlias

import numpy as np

from salescore.core import Finding, Text, one_of, share
from salescore.customers._weights import (
    Consistency,
    Priority,
    RandomIndex,
    Triad,
    Weights,
    checked_keys,
    normalised,
)
from salescore.errors import SalescoreError, ShapeError
from salescore.typing import AnyArray, BoolArray, FloatArray, Share

__all__ = ["RANDOM_INDEX", "Comparisons", "ahp"]

Comparisons: TypeAlias = Sequence[Sequence[Share | None]] | AnyArray
"""How many times as much as each criterion (column) each one (row) counts; None if not known."""

RANDOM_INDEX: Mapping[RandomIndex, tuple[float, ...]] = {
    "saaty2005": (
        *(0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49),
        *(1.52, 1.54, 1.56, 1.58, 1.59),
    ),
    "classic": (
        *(0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49),
        *(1.51, 1.48, 1.56, 1.57, 1.59),
    ),
    "donegan_dodd": (
        *(0.4914, 0.8286, 1.0591, 1.1797, 1.2519, 1.3171, 1.3733, 1.4055),
        *(1.4213, 1.4497, 1.4643, 1.4822, 1.4969, 1.5078, 1.5153, 1.5262, 1.5313, 1.5371),
    ),
    "tummala_ling": (
        *(0.5799, 0.8921, 1.1159, 1.2358, 1.3322, 1.3952, 1.4537, 1.4882),
        *(1.5117, 1.5356, 1.5571, 1.5714, 1.5831),
    ),
    "alonso_lamata": (
        *(0.5245, 0.8815, 1.1086, 1.2479, 1.3417, 1.4056, 1.4499, 1.4854),
        *(1.5141, 1.5365, 1.5551, 1.5713, 1.5838),
    ),
}
"""The mean consistency index of random comparisons of 3, 4, 5, ... criteria, by table.

Saaty, Theory and Applications of the Analytic Network Process (2005), p. 31; the classic table of
The Analytic Hierarchy Process (1980); Donegan and Dodd (1991); Tummala and Ling (1998); Alonso and
Lamata (2006). They differ by up to 18 %: a ratio means something only with the name of its table.
"""

_Pairs: TypeAlias = dict[tuple[int, int], Fraction]  # both ways round
_WIDEST = 1000
_ROUNDS = 50
_NEAR = 1e-6


def ahp(
    keys: Sequence[str],
    comparisons: Comparisons,
    *,
    priority: Priority = "eigenvector",
    table: RandomIndex = "saaty2005",
) -> Weights:
    """How much does each criterion count, by comparing them in pairs (AHP, 层次分析法)?

    Parameters
    ----------
    keys : sequence of str
        The n criteria.
    comparisons : (n, n) array or sequence of rows
        How many times as much as the criterion of the column the criterion of the row counts,
        from 1/1000 to 1000 (by custom 1/9 to 9), read exactly as written: ``"1/3"`` is a third.
        None or NaN stands for what is not known. Of each pair one is enough; where both are
        given they are reciprocal (to 1e-9) and the one above 1 is taken. The diagonal is 1.
    priority : {"eigenvector", "geometric"}, default "eigenvector"
        Saaty's Perron vector, or the row geometric means (logarithmic least squares).
    table : {"saaty2005", "classic", "donegan_dodd", "tummala_ling", "alonso_lamata"}
        Which random index the consistency ratio is held against.

    Returns
    -------
    Weights
        Exact Fractions when no comparison contradicts another, floats otherwise; both
        priorities agree for up to three criteria. ``consistency`` says how far the comparisons
        contradict and names the worst three; a finding warns above a ratio of 0.10, when
        comparisons are missing, and when the table ends below n, which leaves no ratio.

    Raises
    ------
    LabelError
        For no criteria, and for a key that is named twice.
    ShapeError
        When the comparisons are not n by n.
    SalescoreError
        For a comparison that is not from 1/1000 to 1000 or not the reciprocal of its mirror
        image, a diagonal other than 1, and comparisons that do not connect all criteria (the
        parts that hang together are named).

    Notes
    -----
    ``CI = (lambda_max - n) / (n - 1)``, ``CR = CI / RI`` (Saaty 1980); rounding noise below 0 is
    0. Missing comparisons are filled so that lambda_max is smallest (Bozoki, Fulop and Ronyai,
    Mathematical and Computer Modelling 52, 2010), which is one solution as soon as all
    criteria are connected; geometric means are fitted to the known ones. Consistency belongs
    to the comparisons and is the same for both priorities. Turning all comparisons round gives
    the reciprocal geometric means; eigenvectors of four and more criteria can disagree there
    (Johnson, Beine and Wang 1979).

    Examples
    --------
    >>> found = ahp(["credit", "volume", "distance"], [[1, "1/2", 3], [2, 1, 6], ["1/3", "1/6", 1]])
    >>> list(map(str, found.parts))
    ['3/10', '3/5', '1/10']
    >>> found = ahp(["a", "b", "c"], [[1, 2, 2], [None, 1, 4], [None, None, 1]])
    >>> round(found.consistency.ratio, 2), str(found.findings[0].text.en)[:59]
    (0.21, 'The comparisons contradict each other (consistency ratio 0.')
    """
    one_of(priority, "priority of comparisons", ("eigenvector", "geometric"))
    one_of(table, "table of random indices", RANDOM_INDEX)
    names = checked_keys(keys, "compared criteria")
    pairs = _pairs(names, comparisons)
    exact = _potentials(names, pairs)
    n = len(names)
    parts: tuple[Fraction, ...] | tuple[float, ...] = normalised(exact, "comparisons")
    missing = [pair for pair in combinations(range(n), 2) if pair not in pairs]
    if all(exact[i] == ratio * exact[j] for (i, j), ratio in pairs.items()):
        largest = float(n)
        filled = [float(exact[i] / exact[j]) for i, j in missing]
    else:
        logs, known = _logs(n, pairs)
        centre = _geometric(logs, known)
        largest, vector, best = _perron(logs, known, centre)
        filled = [float(np.exp(best[pair])) for pair in missing]
        vector = np.exp(centre) if priority == "geometric" else vector
        parts = tuple((vector / vector.sum()).tolist())
    index = (largest - n) / (n - 1) if n > 1 else 0.0
    random = _random_index(n, table)
    consistency = Consistency(
        priority=priority,
        lambda_max=largest,
        index=index,
        table=table,
        random_index=random,
        ratio=0.0 if n < 3 else None if random is None else index / random,
        triad=_worst(names, pairs),
        filled=tuple(
            (names[i], names[j], ratio) for (i, j), ratio in zip(missing, filled, strict=True)
        ),
    )
    return Weights(names, parts, "ahp", _findings(n, consistency), consistency)


def _pairs(names: tuple[str, ...], comparisons: Comparisons) -> _Pairs:
    """Read the comparisons that are known, both ways round."""
    n = len(names)
    matrix = np.asarray(comparisons, dtype=object)
    if matrix.shape != (n, n):
        rule = f"{n} rows of {n}, one for each criterion"
        raise ShapeError("comparisons", expected=rule, got=f"shape {matrix.shape}")
    known = {
        (i, j): _ratio(matrix[i, j], names[i], names[j])
        for i in range(n)
        for j in range(n)
        if not _is_missing(matrix[i, j])
    }
    pairs: _Pairs = {}
    for (i, j), ratio in known.items():
        mirror = known.get((j, i), 1 / ratio)
        if abs(ratio * mirror - 1) > Fraction(1, 10**9):
            rule = f"1/({mirror}), as the other way round, or None"
            raise SalescoreError(_name(names[i], names[j]), expected=rule, got=ratio)
        pairs[i, j] = ratio if ratio >= 1 or (j, i) not in known else 1 / mirror
    return {(i, j): ratio for (i, j), ratio in _both_ways(pairs).items() if i != j}


def _both_ways(pairs: _Pairs) -> _Pairs:
    return {**{(j, i): 1 / ratio for (i, j), ratio in pairs.items()}, **pairs}


def _ratio(value: Share, one: str, other: str) -> Fraction:
    what = _name(one, other)
    ratio = share(value, what)
    if not Fraction(1, _WIDEST) <= ratio <= _WIDEST:
        rule = f"a ratio from 1/{_WIDEST} to {_WIDEST}"
        raise SalescoreError(what, expected=rule, got=value)
    return ratio


def _name(one: str, other: str) -> str:
    return f"comparison of {one!r} with {other!r}"


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float | Decimal) and isnan(value))


def _potentials(names: tuple[str, ...], pairs: _Pairs) -> list[Fraction]:
    """Follow the comparisons from criterion to criterion; refuse parts that do not connect."""
    weights: dict[int, Fraction] = {}
    components: list[list[str]] = []
    for start in range(len(names)):
        if start in weights:
            continue
        weights[start] = Fraction(1)
        component = [start]
        for i in component:  # grows while it is walked
            fresh = [j for j in range(len(names)) if (i, j) in pairs and j not in weights]
            weights.update((j, weights[i] / pairs[i, j]) for j in fresh)
            component += fresh
        components.append([names[i] for i in sorted(component)])
    if len(components) > 1:
        got = " and ".join("(" + ", ".join(part) + ")" for part in components)
        rule = "every criterion connected with every other"
        raise SalescoreError("comparisons", expected=rule, got=f"separate parts {got}")
    return [weights[i] for i in range(len(names))]


def _logs(n: int, pairs: _Pairs) -> tuple[FloatArray, BoolArray]:
    logs, known = np.zeros((n, n)), np.eye(n, dtype=np.bool_)
    for (i, j), ratio in pairs.items():
        logs[i, j] = log(max(ratio, 1 / ratio)) * (1 if ratio > 1 else -1)  # exactly antisymmetric
        known[i, j] = True
    return logs, known


def _geometric(logs: FloatArray, known: BoolArray) -> FloatArray:
    """Fit logarithmic weights to the known comparisons by least squares; row means when full."""
    n = len(logs)
    links = known.astype(np.float64)
    laplacian: FloatArray = np.diag(links.sum(axis=1)) - links
    sums: FloatArray = logs.sum(axis=1)
    return np.asarray(np.linalg.solve(laplacian + 1 / n, sums), dtype=np.float64)


def _perron(
    logs: FloatArray, known: BoolArray, centre: FloatArray
) -> tuple[float, FloatArray, FloatArray]:
    """Give the largest eigenvalue, its vector and the logs, missing ones filled for the least."""
    n = len(logs)
    model = np.subtract.outer(centre, centre)
    rest = np.where(known, logs - model, 0.0)  # balanced, so that nothing overflows
    rows, columns = np.nonzero(np.triu(~known))
    for _ in range(_ROUNDS):
        matrix = np.exp(rest)
        largest, right = _dominant(matrix)
        left = _dominant(matrix.T)[1]
        left /= left @ right
        step = _newton(matrix, largest, right, left, rows=rows, columns=columns)
        size = float(np.abs(step).max(initial=0.0))
        step /= max(size, 1.0)
        rest[rows, columns] += step
        rest[columns, rows] -= step
        if size <= _NEAR:  # the step just taken leaves an error of its square
            return max(largest, float(n)), right * np.exp(centre), rest + model
    rule = f"missing ones that can be filled in {_ROUNDS} rounds (state more of them)"
    raise SalescoreError("comparisons", expected=rule)


def _dominant(matrix: FloatArray) -> tuple[float, FloatArray]:
    values, vectors = np.linalg.eig(matrix)
    real: FloatArray = np.real(values)
    place = int(real.argmax())
    return float(real[place]), np.abs(np.real(vectors[:, place]))


def _newton(
    matrix: FloatArray,
    largest: float,
    right: FloatArray,
    left: FloatArray,
    *,
    rows: AnyArray,
    columns: AnyArray,
) -> FloatArray:
    """Step towards the missing logs for which the largest eigenvalue is smallest: it is convex."""
    n, m = len(matrix), rows.size
    each = np.arange(m)
    up, down = matrix[rows, columns], matrix[columns, rows]
    before, after = np.zeros((m, n)), np.zeros((n, m))
    before[each, columns], before[each, rows] = left[rows] * up, -left[columns] * down
    after[rows, each], after[columns, each] = up * right[columns], -down * right[rows]
    projector: FloatArray = np.outer(right, left)
    inverse: FloatArray = np.linalg.inv(largest * np.eye(n) - matrix + projector) - projector
    mixed = before @ inverse @ after
    rising, falling = left[rows] * up * right[columns], left[columns] * down * right[rows]
    curvature: FloatArray = np.diag(rising + falling) + mixed + mixed.T
    return np.asarray(np.linalg.solve(curvature, falling - rising), dtype=np.float64)


def _random_index(n: int, table: RandomIndex) -> float | None:
    known = (0.0, 0.0, *RANDOM_INDEX[table])
    return known[n - 1] if n <= len(known) else None


def _worst(names: tuple[str, ...], pairs: _Pairs) -> Triad | None:
    """Name the three that contradict most; of equal ones the first."""
    worst, found = Fraction(1), None
    for a, b, c in combinations(range(len(names)), 3):
        if {(a, b), (b, c), (a, c)} <= pairs.keys():
            through, direct = pairs[a, b] * pairs[b, c], pairs[a, c]
            factor = max(through / direct, direct / through)
            if factor > worst:
                worst, found = factor, Triad((names[a], names[b], names[c]), direct, through)
    return found


def _findings(n: int, consistency: Consistency) -> list[Finding]:
    found: list[Finding] = []
    ratio, triad, filled = consistency.ratio, consistency.triad, consistency.filled
    if consistency.acceptable is False:
        text = Text(
            f"The comparisons contradict each other (consistency ratio {ratio:.3f}, at most 0.10 "
            "is accepted): go over them again.",
            f"两两比较前后矛盾（一致性比率{ratio:.3f}，应不超过0.10）：请重新核对。",
        )
        if triad is not None:
            text = Text(f"{text.en} {triad.text.en}", f"{text.zh}{triad.text.zh}")
        where = () if triad is None else tuple(("criterion", key) for key in triad.keys)
        found.append(Finding("weights.inconsistent", "warning", where, ratio, 0.10, text))
    if ratio is None:
        most = len(RANDOM_INDEX[consistency.table]) + 2
        text = Text(
            f"The table {consistency.table} ends at {most} criteria: there is no consistency "
            f"ratio for {n}. Compare them in groups.",
            f"{consistency.table}随机指标表只到{most}项：{n}项没有一致性比率，请分组比较。",
        )
        found.append(Finding("weights.no_random_index", "warning", (), n, most, text))
    if filled:
        pairs = n * (n - 1) // 2
        text = Text(
            f"{len(filled)} of {pairs} comparisons are missing. Random indices are for complete "
            "comparisons, so the consistency ratio is too low.",
            f"{pairs}项比较中缺{len(filled)}项。随机指标针对完整比较，一致性比率因此偏低。",
        )
        found.append(Finding("weights.incomplete", "info", (), len(filled), 0, text))
    return found
