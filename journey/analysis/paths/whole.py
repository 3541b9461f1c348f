"""The commonest whole journeys under any cleaning; without one, the metric that counts them."""

from dataclasses import replace
from typing import Literal, get_args

import polars as pl

from journey.analysis.paths.asking import Asked
from journey.analysis.paths.walking import cleaned_steps, frame_parameters, numbered, unit_of
from journey.metrics import metric as registry
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

METRIC = "paths/variants"
JOINT = " > "

Outcome = Literal["all", "bought", "left"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

_OUTCOMES = {"all": "true", "bought": "bool_or(is_bought)", "left": "not bool_or(is_bought)"}

_SQL = """
    with
    {steps},
    known as (
        select *
        from ways
        where started_on >= $since and started_on < $until and known_at <= $as_of
    ),
    outcomes_of as (
        select
            {unit},
            bool_or(is_bought) as is_bought,
            bool_or(is_converted) filter (where matures_at <= $as_of) as is_converted,
            bool_and(matures_at <= $as_of) as is_mature,
            sum(revenue) as revenue,
            sum(satisfied) as satisfied,
            sum(responses) as responses,
            epoch(max(ended_at)) - epoch(min(started_at)) as seconds
        from known
        group by {unit}
        having {outcome}
    ),
    walked as (
        select {unit}, string_agg(node::varchar, ',' order by touch_number) as way,
            count(*) as touches
        from folded
        group by {unit}
    ),
    counted as (
        select
            way,
            any_value(touches) as touches,
            count(*) as journeys,
            count(*) filter (where is_bought) as bought,
            count(*) filter (where is_converted and is_mature) as converted,
            count(*) filter (where is_mature) as mature_journeys,
            sum(revenue)::decimal(38, 4) as revenue,
            sum(satisfied)::bigint as satisfied,
            sum(responses)::bigint as responses,
            median(seconds) / 86400 as median_days
        from walked
        inner join outcomes_of using ({unit})
        group by way
    )
    select *, count(*) over () as all_ways, (sum(journeys) over ())::bigint as all_journeys
    from counted
    order by journeys desc, touches, way
    limit $most
"""


def whole_journeys(
    engine: Engine,
    asked: Asked,
    filters: Filters,
    most: int = 200,
    outcome: Outcome = "all",
) -> pl.DataFrame:
    """The commonest whole journeys, in the columns of the metric `paths/variants`; where people
    are counted, all journeys of a person in one line. `outcome` keeps those that hold an order, or
    those that hold none. Raises MetricError for a name that is not
    there."""
    asked = replace(asked, versus=None)
    plain = asked.cleaning.is_plain and asked.over == "touchpoint" and asked.count != "people"
    if plain and outcome == "all":
        return engine.run(registry.find(METRIC), filters).rows.head(most)
    words = numbered(engine, asked, filters)
    rows = engine.table(
        _SQL.format(steps=cleaned_steps(asked), unit=unit_of(asked), outcome=_OUTCOMES[outcome]),
        filters,
        {**words.parameters, **frame_parameters(engine, filters), "most": most},
    )
    told = [JOINT.join(words.names[int(node)] for node in way.split(",")) for way in rows["way"]]
    return rows.with_columns(pl.Series("way", told, dtype=pl.String))
