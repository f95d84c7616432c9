"""The control charts that NHS England's own code draws are reproduced point by point."""

from __future__ import annotations

import json
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from salescore.growth import ChartPolicy, Panel, signals

SHARED = Path(__file__).resolve().parents[2] / "../shared/golden/growth"
WORDS = {
    0: "Common Cause",
    1: "Above UCL",
    -1: "Below LCL",
    2: "7 Point Trend (Increasing)",
    -2: "7 Point Trend (Decreasing)",
    3: "2 in 3 Above CL",
    -3: "2 in 3 Below CL",
    4: "7 Points Above CL",
    -4: "7 Points Below CL",
}
BETTER = {1: "up", -1: "down", 0: "up"}


def cases() -> list[Any]:
    """Read the 26 charts."""
    path = SHARED / "xmr_nhs_plot_the_dots.json"
    if not path.exists():
        pytest.skip("the shared cases are not here")
    listed: list[Any] = json.loads(path.read_text(encoding="utf-8"))
    return listed


def test_charts_of_the_nhs() -> None:
    """Limits, the rule of each point and its direction; where the peer has no limits, ours are."""
    assert len(cases()) == 26
    for case in cases():
        given, expected = case["inputs"], case["expected"]
        months = np.datetime64("2020-01", "M") + np.arange(len(given["y"]))
        policy = ChartPolicy(
            constants="nhs",
            screen=int(given["screen_outliers"]),
            baseline=given["fix_after_n_points"],
            since="first_month",
        )
        panel = Panel(["a"], months, ["y"], [np.array([given["y"]], dtype=float)])
        better: Any = {"y": BETTER[given["improvement_direction"]]}

        chart = signals(panel, policy, better=better).of("a")

        low, high = float(expected["lpl"]), float(expected["upl"])
        if isnan(low):  # all values equal: the peer leaves out every moving range
            low = high = given["y"][0]
        assert chart.centre[0] == pytest.approx(expected["mean"])
        assert [chart.low[0], chart.high[0]] == pytest.approx([low, high])
        assert [WORDS[code] for code in chart.rule.tolist()] == expected["special_cause_type"]
        if given["improvement_direction"]:
            told = {"": "common_cause", "better": "improvement", "worse": "concern"}
            names = [told[word] for word in chart.to_columns()["verdict"].tolist()]
            kept = [name.removeprefix("special_cause_") for name in expected["point_type"]]
            assert names == kept
