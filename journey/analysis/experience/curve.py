"""The experience index: how customers feel along the stages, from -2 to +2.

It is our own index (definitions.md §6), and said to be. Every signal is put on -1 to +1: CSAT and
CES by their scale, NPS as promoter +1, passive 0, detractor -1, the sentiment of what was written
as -1, 0 or +1, friction as -1 to 0. The index of a touchpoint is the mean of its signals, each
counting as often as it was given, times the weight the configuration declares for it; the index
of a stage likewise over all its touchpoints. A signal that is missing is not made up. Friction is
no answer: it counts as often as the touchpoint was answered, times the share of its touches that
met it, and alone it makes no index. Relational answers speak of no touchpoint and have no place on
the curve.

The ribbon is the 95 % percentile interval of 200 bootstrap samples of the people who answered
(Efron 1979), all of a person's answers together; friction does not vary in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import Any

import polars as pl

from journey.analysis.experience.friction import Friction, friction
from journey.analysis.experience.points import Point, cells, points, rubs
from journey.analysis.experience.ribbon import ribbon
from journey.config import Config
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.surveys import SIGNALS

MOST_PERSONAS = 5
"""The most personas that are drawn beside each other."""


@dataclass(frozen=True)
class Curve:
    """The stages in order and the touchpoints of each, of everyone or of one persona."""

    persona: str | None
    stages: tuple[Point, ...]
    touchpoints: tuple[Point, ...]


def curves(
    engine: Engine, config: Config, filters: Filters, personas: tuple[str, ...] = ()
) -> tuple[Curve, ...]:
    """The curve of everyone, or one for each of up to five personas, in the order given.

    Raises MetricError where the question takes too long.
    """
    given = engine.table(_GIVEN, filters).filter(pl.col("signal").is_in(list(SIGNALS)))
    if personas:
        # Touches are everyone's, so friction is everyone's too, and has no part in a comparison.
        return tuple(
            _curve(name, given.filter(persona=name), {}, config)
            for name in personas[:MOST_PERSONAS]
        )
    slow = friction(engine, filters, config.minimum_n)
    return (_curve(None, given, slow, config),)


@dataclass(frozen=True)
class Turn:
    """The largest fall from one stage to the next that has a value."""

    before: Point
    after: Point
    fall: float
    is_sure: bool
    """Whether the fall is more than chance would explain, by both intervals."""


def turn(curve: Curve) -> Turn | None:
    """Where it turns for the worse; None where it falls nowhere."""
    known = [point for point in curve.stages if point.value is not None]
    falls = [
        Turn(one, two, one.value - two.value, _apart(one, two))  # type: ignore[operator]
        for one, two in pairwise(known)
    ]
    worst = max(falls, key=lambda step: step.fall, default=None)
    return worst if worst is not None and worst.fall > 0 else None


def _apart(one: Point, two: Point) -> bool:
    """Whether two indices differ by more than their intervals together, which takes them for
    independent; answers of the same people about both make the truth a little surer."""
    ends = (one.value, one.low, one.high, two.value, two.low, two.high)
    if any(end is None for end in ends):
        return False
    value, low, high, other, other_low, other_high = (float(end or 0.0) for end in ends)
    return abs(value - other) > hypot(high - low, other_high - other_low) / 2


def table(found: tuple[Curve, ...]) -> pl.DataFrame:
    """The curves as rows, stages first and then touchpoints, with each signal's mean and count."""
    rows = []
    for curve in found:
        for point in (*curve.stages, *curve.touchpoints):
            parts = {part.signal: part for part in point.parts}
            rows.append(
                {
                    "persona": curve.persona,
                    "stage": point.stage,
                    "touchpoint": point.touchpoint,
                    "answers": point.answers,
                    "people": point.people,
                    "index": point.value,
                    "low": point.low,
                    "high": point.high,
                }
                | {
                    f"{signal}{end}": getattr(parts[signal], what) if signal in parts else None
                    for signal in SIGNALS
                    for end, what in (("", "value"), ("_n", "count"))
                }
            )
    numbers: dict[str, Any] = {"answers": pl.Int64, "people": pl.Int64}
    numbers |= dict.fromkeys(("index", "low", "high"), pl.Float64)
    for signal in SIGNALS:
        numbers |= {signal: pl.Float64, f"{signal}_n": pl.Int64}
    words: dict[str, Any] = dict.fromkeys(("persona", "stage", "touchpoint"), pl.String)
    return pl.DataFrame(rows, schema={**words, **numbers})


_FRAME = """
    where
        kind = 'transactional'
        and stage in (select stage from stages)
        and answered_on >= $since
        and answered_on < $until
        and answered_at <= $as_of
"""

_GIVEN = f"""
select
    person_id,
    persona,
    stage,
    about_touchpoint as touchpoint,
    survey as signal,
    event_id,
    weight,
    normalised as value,
from responses
{_FRAME} and normalised is not null
union all
select
    person_id,
    persona,
    stage,
    about_touchpoint as touchpoint,
    'sentiment' as signal,
    event_id,
    weight,
    case sentiment when 'positive' then 1.0 when 'negative' then -1.0 else 0.0 end as value,
from responses
{_FRAME} and sentiment is not null
"""


def _curve(
    persona: str | None, given: pl.DataFrame, slow: Mapping[str, Friction], config: Config
) -> Curve:
    """One curve from its signals."""
    counts = pl.DataFrame(
        {"signal": list(config.surveys.weights), "counts": list(config.surveys.weights.values())}
    )
    given = (
        given.join(counts, on="signal")
        .with_columns(pl.col("weight") * pl.col("counts"))
        .sort("person_id", "event_id", "signal")
        .with_columns(pl.col("person_id").rank("dense").cast(pl.Int64) - 1)
    )
    if given.is_empty():
        return Curve(persona, (), ())
    weight = config.surveys.weights["friction"]
    asked = [["stage"], ["stage", "touchpoint"]]
    found = [cells(given, cell) for cell in asked]
    met = [rubs(given, one, cell, slow, weight) for one, cell in zip(found, asked, strict=True)]
    low, high = ribbon(given, found, asked, met)
    stages, touchpoints = (
        points(given, one, cell, rub, (low[some], high[some]), config.minimum_n)
        for one, cell, rub, some in zip(
            found,
            asked,
            met,
            (slice(None, found[0].height), slice(found[0].height, None)),
            strict=True,
        )
    )
    return Curve(persona, stages, touchpoints)
