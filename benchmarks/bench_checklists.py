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
    count, many, few = 20, 20_000, 400
    items = [Item(f"i{k:02d}", Text("Item"), "s", weight=1 + k % 3) for k in range(count)]
    checklist = Checklist("audit", 1, Text("Audit"), [Stage("s", Text("All"))], items)
    columns = {item.key: draw.integers(0, 3, many).astype(np.int8) for item in items}
    listed = {key: column.tolist() for key, column in columns.items()}
    # Objects are slow: a fiftieth of them is timed, and as much repeated by the clock.
    responses = [
        Response(
            "audit", 1, str(row), {k: Answer(state=_STATES[v[row]]) for k, v in listed.items()}
        )
        for row in range(few)
    ]

    def ours() -> object:
        return progress_many(checklist, columns)

    def peer() -> list[tuple[int, int]]:
        found = [progress(checklist, response) for response in responses]
        return [(part.done, part.applicable) for part in found]

    def same() -> bool:
        table = progress_many(checklist, columns)
        pairs = zip(table.done[:few].tolist(), table.applicable[:few].tolist(), strict=True)
        return list(pairs) == peer()

    name = "progress of 20,000 responses x 20 items (peer: 400 of them)"
    return [Case(name, "one object each", ours, peer, bar=100 * few / many, rounds=3, check=same)]
