"""What each factor did to a product adds up, item by item and as a whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import LabelError, MissingValueError, SalescoreError, ShapeError
from salescore.growth import FactorEffects, decompose_factors

SHARED = Path(__file__).resolve().parents[2] / "../shared/golden/growth/growth_decomposition.json"


@given(testing.factor_sets())
def test_effects_add_up(found: FactorEffects) -> None:
    """Over factors to the change of each item, over items to the whole."""
    size = np.maximum(np.maximum(found.before, found.after), 1e-300)
    assert (np.abs(found.effects.sum(axis=0) - found.change) <= 1e-12 * size).all()
    whole = float(found.after.sum() - found.before.sum())
    assert sum(found.totals.values()) == pytest.approx(whole, rel=1e-9, abs=1e-9 * size.sum())
    testing.check_result(found)


@given(testing.factor_sets(), st.data())
def test_backwards_in_time_effects_turn_their_sign(found: FactorEffects, data: Any) -> None:
    """What a factor did from then to now it undoes from now to then."""
    item = st.floats(0, 100).map(lambda x: round(x, 3))
    sides: list[dict[str, Any]] = [
        {name: data.draw(st.lists(item, min_size=3, max_size=3)) for name in found.factors}
        for _ in range(2)
    ]

    there, back = decompose_factors(*sides), decompose_factors(*sides[::-1])

    scale = float(np.maximum(there.before, there.after).max())
    assert np.allclose(back.effects, -there.effects, rtol=1e-9, atol=1e-12 * scale)


def cases() -> dict[str, Any]:
    """Read the published decompositions."""
    if not SHARED.exists():
        pytest.skip("the shared cases are not here")
    listed: list[Any] = json.loads(SHARED.read_text(encoding="utf-8"))
    return {case["name"]: case for case in listed}


def test_published_effects_are_reproduced() -> None:
    """Six factors of the Python LMDI paper, and two sectors of a teaching example."""
    case = cases()["pylmdi_us_2017_2018"]
    old, new = (
        {str(k): column for k, column in enumerate(case["inputs"][side])} for side in ("X0", "XT")
    )
    found = decompose_factors(old, new)
    assert list(found.totals.values()) == pytest.approx(case["expected"]["effects"], rel=1e-7)

    case = cases()["two_sector_activity_structure_intensity"]
    told = {key: np.array(column, dtype=float) for key, column in case["inputs"].items()}
    sides = [
        {
            "activity": np.full(2, told[f"Q{side}"].sum()),
            "structure": told[f"Q{side}"] / told[f"Q{side}"].sum(),
            "intensity": told[f"E{side}"] / told[f"Q{side}"],
        }
        for side in ("0", "T")
    ]
    totals = decompose_factors(*sides).totals
    for name, total in totals.items():
        assert total == pytest.approx(case["expected"][name], rel=1e-9)


def test_factors_that_cancel_each_did_something() -> None:
    """2 x 3 to 3 x 2: a peer answers no effect at all, ours are equal and opposite."""
    found = decompose_factors({"x": [2], "y": [3]}, {"x": [3], "y": [2]})

    assert list(found.totals.values()) == pytest.approx([2.4327906486489863, -2.4327906486489863])


def test_a_new_product_is_no_gap() -> None:
    """From nothing to ten a peer answers NaN; all of it is the volume's."""
    found = decompose_factors({"price": [2], "volume": [0]}, {"price": [2], "volume": [5]})

    assert found.totals == {"price": 0, "volume": 10}


def test_partitions_of_items_add_up() -> None:
    """Effects of two halves are those of the whole."""
    rng = np.random.default_rng(2)
    sides = [{name: rng.uniform(0, 9, 50) for name in ("a", "b", "c")} for _ in range(2)]

    whole = decompose_factors(*sides)
    halves = [
        decompose_factors(*({name: column[part] for name, column in s.items()} for s in sides))
        for part in (slice(20), slice(20, None))
    ]

    assert np.concatenate([half.effects for half in halves], axis=1).tolist() == (
        whole.effects.tolist()
    )


def test_effects_read_in_two_languages() -> None:
    """Each factor is a column; large effects are whole numbers."""
    found = decompose_factors(
        {"visits": [200], "order": [800.0]}, {"visits": [260], "order": [900]}
    )

    assert repr(found).startswith("<FactorEffects of 1 items, +74,000: visits +51,")
    assert found.summary("zh").splitlines()[1].split()[:4] == ["项目", "基期", "本期", "增减"]
    none = decompose_factors({"visits": []}, {"visits": []})
    assert repr(none) == "<FactorEffects of 0 items, +0: visits +0>"


def test_what_cannot_be_decomposed_is_refused() -> None:
    """Factors, lengths and numbers that do not fit have an error each."""
    with pytest.raises(LabelError, match="factors: expected the same on both sides"):
        decompose_factors({"a": [1]}, {"b": [1]})
    with pytest.raises(LabelError, match="at least one"):
        decompose_factors({}, {})
    with pytest.raises(ShapeError, match="factors"):
        decompose_factors({"a": [1, 2]}, {"a": [1]})
    with pytest.raises(MissingValueError, match="factor 'a' after in row 1"):
        decompose_factors({"a": [1.0, 1]}, {"a": [1, np.nan]})
    with pytest.raises(SalescoreError, match="factor 'a' before in row 0: expected a number >= 0"):
        decompose_factors({"a": [-1]}, {"a": [1]})
    with pytest.raises(SalescoreError, match="product of the factors in row 0"):
        decompose_factors({"a": [1e200], "b": [1e200]}, {"a": [1], "b": [1]})
    found = decompose_factors({"a": [1]}, {"a": [2]})
    with pytest.raises(ShapeError, match="effects of factors"):
        attrs.evolve(found, effects=np.zeros((2, 1)))
