"""A funnel of a million prospects against polars, and ways among ten thousand people."""

from __future__ import annotations

import math
from functools import cache

import networkx as nx
import numpy as np
import polars as pl

from benchmarks.harness import Case
from salescore.prospects import (
    CHANNELS,
    PROSPECT_STAGES,
    InfluenceMap,
    Links,
    StepRows,
    funnel,
    furthest,
    influence_map,
    paths,
    review_deals,
)

PROSPECTS = 1_000_000
PEOPLE, LINKS = 10_000, 50_000
STEPS = 1_000_000
STAGES = len(PROSPECT_STAGES)


def cases() -> list[Case]:
    """Make the comparisons of this module."""
    return [
        Case(
            name="funnel of 1e6 prospects, 6 channels",
            peer_name="polars group_by len",
            ours=lambda: funnel(_stage(), by=_channel()),
            peer=lambda: _counted(_frame()),
            bar=1,
            rounds=9,
            check=_same_funnel,
        ),
        _of_texts("categories", pl.Categorical, bar=0.25),
        _of_texts("texts", pl.String, bar=0.1),
        Case(
            name="furthest stage of 1e6 x 6 days, checked",
            peer_name="polars coalesce, order checked",
            ours=lambda: furthest(_days()),
            peer=_peer_furthest,
            bar=0.3,
            check=lambda: np.array_equal(furthest(_days()), _peer_furthest()),
        ),
        Case(
            name="strongest ways among 1e4 people, exact",
            peer_name="networkx dijkstra on logs",
            ours=lambda: paths(_map(), 0),
            peer=lambda: nx.single_source_dijkstra(_graph(), 0),
            bar=1,
            rounds=3,
            check=_same_ways,
        ),
        Case(
            name="who cuts the way, 1e4 people",
            peer_name="networkx dominators",
            ours=lambda: paths(_map(), 0).gatekeepers(77),
            peer=lambda: nx.immediate_dominators(_graph(), 0),
            bar=1,
            rounds=3,
        ),
        Case(
            name="2e5 deals of 1e6 steps, stale and next due",
            peer_name="polars group_by agg",
            ours=lambda: review_deals(_steps(), "2026-07-31"),
            peer=_peer_deals,
            bar=0.1,
            rounds=3,
            check=lambda: review_deals(_steps(), "2026-07-31").idle.tolist() == _peer_deals(),
        ),
    ]


@cache
def _channel() -> np.ndarray:
    return np.random.default_rng(20_260_701).integers(0, len(CHANNELS), PROSPECTS)


@cache
def _stage() -> np.ndarray:
    return np.random.default_rng(20_260_702).integers(0, STAGES, PROSPECTS)


@cache
def _frame() -> pl.DataFrame:
    return pl.DataFrame({"channel": _channel(), "stage": _stage()})


def _counted(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.group_by("channel", "stage").len()


def _same_funnel() -> bool:
    ours = funnel(_stage(), by=_channel()).furthest
    rows = _counted(_frame()).sort("channel", "stage")
    return bool(ours.ravel().tolist() == rows["len"].to_list())


def _of_texts(kind: str, dtype: type[pl.DataType], bar: float) -> Case:
    return Case(
        name=f"funnel of 1e6 prospects, polars {kind}",
        peer_name="polars group_by len",
        ours=lambda: funnel(_texts(dtype)["stage"], by=_texts(dtype)["channel"]),
        peer=lambda: _counted(_texts(dtype)),
        bar=bar,
        rounds=9,
        check=lambda: _same_texts(dtype),
    )


@cache
def _texts(dtype: type[pl.DataType]) -> pl.DataFrame:
    names = {"channel": list(CHANNELS), "stage": list(PROSPECT_STAGES.keys)}
    texts = {name: pl.Series(names[name])[_frame()[name]] for name in names}
    return pl.DataFrame(texts).cast(dtype)


def _same_texts(dtype: type[pl.DataType]) -> bool:
    found = funnel(_texts(dtype)["stage"], by=_texts(dtype)["channel"])
    rows = {row[:2]: row[2] for row in _counted(_texts(dtype)).iter_rows()}
    counts = [[rows[name, stage] for stage in PROSPECT_STAGES.keys] for name in found.channels]
    return bool(found.furthest.tolist() == counts)


@cache
def _days() -> list[np.ndarray]:
    draw = np.random.default_rng(20_260_703)
    steps = np.sort(draw.integers(0, 365, (PROSPECTS, STAGES)), axis=1)
    days = np.datetime64("2025-01-01") + steps
    days[np.arange(STAGES)[None, :] > _stage()[:, None]] = np.datetime64("NaT")
    return [np.ascontiguousarray(column) for column in days.T]


@cache
def _days_frame() -> pl.DataFrame:
    return pl.DataFrame({str(place): column for place, column in enumerate(_days())})


def _peer_furthest() -> np.ndarray:
    places = [
        pl.when(pl.col(str(place)).is_not_null()).then(pl.lit(place))
        for place in reversed(range(STAGES))
    ]
    early = pl.any_horizontal(
        pl.col(str(place)) < pl.max_horizontal([str(at) for at in range(place)])
        for place in range(1, STAGES)
    )
    told = _days_frame().lazy().select(furthest=pl.coalesce(places), wrong=early.any()).collect()
    assert not told["wrong"][0]
    found: np.ndarray = told["furthest"].to_numpy()
    return found


@cache
def _links() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(20_260_704)
    tail, head = draw.integers(0, PEOPLE, LINKS), draw.integers(0, PEOPLE, LINKS)
    kept = tail != head
    return tail[kept], head[kept], draw.integers(1, 100, int(kept.sum()))


@cache
def _map() -> InfluenceMap:
    return influence_map(Links(*_links()), scale=100)


@cache
def _graph() -> nx.DiGraph:
    graph = nx.DiGraph()
    for tail, head, strength in zip(*(column.tolist() for column in _links()), strict=True):
        far = -math.log(strength / 100)
        if not graph.has_edge(tail, head) or graph[tail][head]["weight"] > far:
            graph.add_edge(tail, head, weight=far)
    return graph


def _same_ways() -> bool:
    far, _ = nx.single_source_dijkstra(_graph(), 0)
    told = paths(_map(), 0).to_columns()
    reached = {
        person: strength
        for person, strength in zip(told["person"].tolist(), told["strength"].tolist(), strict=True)
        if strength
    }
    return len(reached) == len(far) - 1 and all(
        math.isclose(strength, math.exp(-far[person]), rel_tol=1e-9)
        for person, strength in reached.items()
    )


@cache
def _steps() -> StepRows:
    draw = np.random.default_rng(20_260_705)
    deal = draw.integers(0, STEPS // 5, STEPS)
    stage = np.array(["before", "during", "after"], dtype=object)[draw.integers(0, 3, STEPS)]
    due, done = (np.datetime64("2026-03-01") + draw.integers(0, 150, STEPS) for _ in range(2))
    done[draw.random(STEPS) < 0.5] = np.datetime64("NaT")
    return StepRows(deal, stage, due, done, np.full(STEPS, np.datetime64("2026-02-01")))


@cache
def _steps_frame() -> pl.DataFrame:
    return pl.DataFrame(_steps()._asdict())


def _peer_deals() -> list[int]:
    until = pl.lit("2026-07-31").str.to_date()
    open_ = pl.col("done").is_null()
    told = (
        _steps_frame()
        .lazy()
        .group_by("deal")
        .agg(
            pl.col("started").min(),
            pl.col("done").max(),
            next_due=pl.col("due").filter(open_).min(),
            before=(open_ & (pl.col("stage") == "before")).sum(),
            during=(open_ & (pl.col("stage") == "during")).sum(),
            after=(open_ & (pl.col("stage") == "after")).sum(),
            overdue=(open_ & (pl.col("due") < until)).sum(),
        )
        .with_columns(idle=(until - pl.max_horizontal("started", "done")).dt.total_days())
        .sort("deal")
        .collect()
    )
    idle: list[int] = told["idle"].to_list()
    return idle
