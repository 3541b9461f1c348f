"""Every planted effect of a demo, scored with the product's own analyses."""

import polars as pl

from journey.analysis.truth import campaign, channels, demand, incident, moods, satisfaction
from journey.analysis.truth.pains import pains
from journey.analysis.truth.scored import Score
from journey.analysis.truth.truthfile import read
from journey.config import Config
from journey.metrics.engine import Engine


def score(engine: Engine, config: Config) -> Score:
    """Score the demo of the engine's data folder, effect by effect as `truth.json` names them, the
    pains first.

    Raises WarehouseError where the data is no demo, MetricError where a question takes too long.
    """
    asked = read(engine, config)
    hurts, others = pains(asked)
    parts = [
        *hurts,
        *incident.incident(asked),
        *moods.moods(asked),
        *satisfaction.deliveries(asked),
        *satisfaction.repeats(asked),
        *satisfaction.answering(asked),
        *channels.conversion(asked),
        *channels.value(asked),
        *campaign.campaign(asked),
        *campaign.spend(asked),
        *campaign.experiment(asked),
        *demand.demand(asked),
    ]
    order = list(asked.effects)
    first = {part.effect for part in hurts}
    parts.sort(key=lambda part: (part.effect not in first, order.index(part.effect)))
    return Score(tuple(parts), tuple(others))


def table(found: Score) -> pl.DataFrame:
    """The parts as rows, shares as shares."""
    names = ("planted", "realised", "estimate", "low", "high")
    return pl.DataFrame(
        [vars(part) for part in found.parts],
        schema={
            **dict.fromkeys(("effect", "what", "where", "unit"), pl.String),
            **dict.fromkeys(names, pl.Float64),
            **dict.fromkeys(("verdict", "asked"), pl.String),
            "nothing": pl.Float64,
            "rank": pl.Int64,
            "note": pl.String,
        },
    )
