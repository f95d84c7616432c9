"""Which promises of speed hold here? Runs every ``bench_*.py``, prints a table, keeps a JSON."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from benchmarks.harness import Timing, timings_of

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "latest.json"
ROW = "{:<44} {:>11} {:<26} {:>11} {:>8} {:>7}  {}"


def main() -> int:
    """Run the chosen benchmarks; 0 when every bar is kept."""
    rooms = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("room", nargs="*", help=f"one or more of: {', '.join(rooms)} (default all)")
    chosen: list[str] = parser.parse_args().room
    if unknown := sorted(set(chosen) - set(rooms)):
        parser.error(f"no benchmark of {', '.join(unknown)}; there are {', '.join(rooms)}")

    print(ROW.format("job", "ours", "peer", "theirs", "ratio", "bar", ""), flush=True)
    done = list[Timing]()
    # A process for each room: what one leaves of memory changes the times of the next.
    fresh = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh, max_tasks_per_child=1) as processes:
        for timings in processes.map(timings_of, chosen or rooms):
            done += timings
            print("\n".join(map(_row, timings)), flush=True)
    _keep(done)
    missed = [timing.name for timing in done if not timing.kept]
    print(f"{len(done) - len(missed)} of {len(done)} bars kept; figures in {RESULTS}")
    return 1 if missed else 0


def _row(timing: Timing) -> str:
    verdict = "kept" if timing.kept else "MISSED"
    return ROW.format(
        timing.name,
        f"{timing.ours * 1e3:,.2f} ms",
        timing.peer_name,
        f"{timing.peer * 1e3:,.2f} ms",
        f"{timing.ratio:,.2f}",
        f"{timing.bar:,.2f}",
        verdict if timing.same_answer else f"{verdict}: answers differ",
    )


def _keep(timings: list[Timing]) -> None:
    rows = [
        {
            "name": timing.name,
            "peer": timing.peer_name,
            "ours_seconds": timing.ours,
            "peer_seconds": timing.peer,
            "larger": timing.larger,
            "ratio": timing.ratio,
            "bar": timing.bar,
            "same_answer": timing.same_answer,
            "kept": timing.kept,
        }
        for timing in timings
    ]
    where = {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "machine": platform.machine(),
        "system": platform.system(),
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"where": where, "timings": rows}, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
