"""Journeys at the places where they stood, counted by what came next."""

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

OVER = ("touchpoint", "channel")
"""What a next step may be: the next touch, or the channel of a visit that begins with it."""

MOST = 0.5
"""The share of those who go on from a stage that makes what they do there a step on the way."""


@dataclass(frozen=True)
class Counted:
    """Journeys that came to a place in a period and whose window since then has closed."""

    over: str
    cells: pl.DataFrame
    """Their counts, as `finding.judge` reads them."""
    usual: Collection[tuple[object, ...]]
    """Stages with the steps on the way there."""


def count(engine: Engine, filters: Filters, over: str = "touchpoint") -> Counted:
    """Ask for the journeys of a frame. Raises MetricError where the question takes too long."""
    cells = engine.table(_CELLS.replace("{next}", _NEXT[over]), filters)
    on_the_way = engine.table(_PASSAGES, filters, {"most": MOST})
    usual = set(on_the_way.rows()) if over == "touchpoint" else set()
    return Counted(over, cells, usual)


_NEXT = {"touchpoint": "next_touchpoint", "channel": "next_channel"}

_PASSAGES = "select stage, touchpoint from passages where passed >= $most * went_on"

_CELLS = """
with
    told as (
        select
            *,
            case
                when next_at is null
                then 'none'
                when is_next_further
                then 'further'
                when {next} is null or (next_stage_number = 5 and stage_number < 4)
                then 'other'
                else 'candidate'
            end as kind,
        from crossroads
        where stood_on >= $since and stood_on < $until and matures_at <= $as_of
    )
select
    stage,
    persona,
    entry_channel,
    device,
    case
        when touches < 3 then touches when touches < 5 then 3 when touches < 9 then 5 else 9
    end as band,
    date_trunc('month', stood_on)::date as month,
    kind,
    case when kind = 'candidate' then {next} end as next,
    next_channel is not null as is_return,
    count(*) as stood,
    count(went_on_at) as went_on,
    min(stood_on) as first_on,
    max(stood_on) as last_on,
from told
group by all
order by all
"""
