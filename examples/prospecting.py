"""Where customers come from: the stores that never ordered, and a made-up list by channel."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
from company import Company

from salescore import Text, prospects

STORE_STAGES = prospects.Stages(
    [
        prospects.FunnelStage("listed", Text("In the directory", "入名录")),
        prospects.FunnelStage("first", Text("First order", "首单")),
        prospects.FunnelStage("second", Text("Second order", "第二单")),
        prospects.FunnelStage("year", Text("Four orders", "四单")),
        prospects.FunnelStage("loyal", Text("Eight orders", "八单")),
    ]
)
"""How far a store has come by the number of its orders; stores order about once a quarter."""

ORDERS = (0, 1, 2, 4, 8)
"""Orders that each of these stages asks for."""

RULE = prospects.StopRule.within("0.3", "0.05", every=10, most=120)
"""A channel is given up when not even 30 % of its entries can be valid; a decision."""

WINS = 12
"""Customers to be won from the channels next year; a decision."""

_SEED = 20_260_301
# channel: entries, and the share that goes on to each next stage
_CHANNELS = {
    "association": (180, (0.62, 0.55, 0.45, 0.6, 0.5)),
    "yellow_pages": (420, (0.18, 0.35, 0.3, 0.5, 0.4)),
    "exhibition": (240, (0.71, 0.6, 0.5, 0.65, 0.45)),
    "web_search": (310, (0.36, 0.4, 0.35, 0.5, 0.4)),
    "relations": (60, (0.9, 0.85, 0.7, 0.75, 0.6)),
}
_FIRMS = 1_500  # the made-up market that entries are drawn from


@dataclass(frozen=True)
class Prospecting:
    """What the section tells."""

    stores: prospects.Funnel | None
    types: prospects.NewTypes | None
    channels: prospects.Funnel
    screening: prospects.Screening
    required: prospects.Required
    market: prospects.Market


def prospecting(company: Company) -> Prospecting:
    """Ask where customers come from."""
    known = company.directory
    stores = types = None
    if known is not None:
        places = np.searchsorted(ORDERS, known.orders, side="right") - 1
        stores = prospects.funnel(places, STORE_STAGES, by=known.country)
        types = prospects.new_types(known.buyers, known.listed)
    rows, firms = made_up()
    channels = prospects.funnel(rows)
    calls, valid = _calls(channels)
    return Prospecting(
        stores,
        types,
        channels,
        prospects.screen(calls, valid, RULE, channels=list(channels.channels)),
        prospects.required(channels, WINS, assurance="0.9"),
        prospects.market(firms, rows.channel or []),
    )


def made_up() -> tuple[prospects.ProspectRows, list[int]]:
    """Make a list of prospects by channel, the same at every run, and which firm each one is."""
    draw = random.Random(_SEED)  # noqa: S311  # a made-up list is no secret
    stages: list[int] = []
    channels: list[str] = []
    firms: list[int] = []
    lost: list[bool] = []
    for channel, (entries, shares) in _CHANNELS.items():
        firms += sorted(draw.sample(range(_FIRMS), entries))
        for _ in range(entries):
            place = 0
            while place < len(shares) and draw.random() < shares[place]:
                place += 1
            channels.append(channel)
            stages.append(place)
            lost.append(place < len(shares) and draw.random() < 0.6)
    return prospects.ProspectRows(stages, channels, np.array(lost)), firms


def _calls(channels: prospects.Funnel) -> tuple[list[int], list[int]]:
    """Screen the first entries of each channel by phone, as many as the rule looks at."""
    rows, _ = made_up()
    stage, channel = list(rows.stage), list(rows.channel or [])
    calls: list[int] = []
    valid: list[int] = []
    for label in channels.channels:
        theirs = [place > 0 for place, name in zip(stage, channel, strict=True) if name == label]
        first = RULE.first_stop(np.array(theirs[: RULE.most]))
        made = first or min(len(theirs), RULE.most) // RULE.every * RULE.every
        calls.append(made)
        valid.append(sum(theirs[:made]))
    return calls, valid
