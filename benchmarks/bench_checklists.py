"""Progress of many responses as columns, against one object each."""

from __future__ import annotations

import numpy as np

from benchmarks.harness import Case
from salescore import Text
from salescore.visits import (
    Answer,
    Checklist,
    Item,
    Response,
    Stage,
    State,
    progress,
    progress_many,
)

_STATES: list[State] = ["open", "done", "not_applicable"]


def cases() -> list[Case]:
    draw = np.random.default_rng(7)
    count, rows = 20, 20_000
    items = [Item(f"i{k:02d}", Text("Item"), "s", weight=1 + k % 3) for k in range(count)]
    checklist = Checklist("audit", 1, Text("Audit"), [Stage("s", Text("All"))], items)
    columns = {item.key: draw.integers(0, 3, rows).astype(np.int8) for item in items}
    answers = [Answer(state=state) for state in _STATES]
    listed = zip(*(column.tolist() for column in columns.values()), strict=True)
    responses = [
        Response("audit", 1, "", [(k, answers[code]) for k, code in zip(columns, row, strict=True)])
        for row in listed
    ]

    def ours() -> object:
        return progress_many(checklist, columns)

    def peer() -> list[tuple[int, int, int]]:
        found = [progress(checklist, response) for response in responses]
        return [(part.done, part.applicable, len(part.open)) for part in found]

    def same() -> bool:
        table = progress_many(checklist, columns)
        parts = (table.done.tolist(), table.applicable.tolist(), table.open.tolist())
        return list(zip(*parts, strict=True)) == peer()

    name = "progress of 20,000 responses x 20 items"
    return [Case(name, "one object each", ours, peer, bar=100, rounds=3, check=same)]
