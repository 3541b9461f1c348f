"""The lifecycle of those who are active: new, returning, resurrected, and dormant.

In each interval the active are new (their first of all), returning (active in the interval before
too) or resurrected (active earlier, but not then); dormant are those of the interval before who are
not active now. So active = new + returning + resurrected, and dormant = active before - returning.
"""

from datetime import date
from typing import Any

import polars as pl

from journey.analysis.retention import events
from journey.analysis.retention.calendar import first_of, today
from journey.analysis.retention.settings import ORDER, UNITS
from journey.errors import MetricError, suggest
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

STATES = ("new", "returning", "resurrected", "dormant")

COLUMNS = {
    "interval": pl.Date,
    **dict.fromkeys(STATES, pl.Int64),
    "active": pl.Int64,
    "is_complete": pl.Boolean,
}


def lifecycle(
    engine: Engine, filters: Filters, unit: str = "month", event: str = ORDER
) -> pl.DataFrame:
    """A row for each calendar interval of the period: columns COLUMNS.

    The filter chooses people by the journey of their first event of this kind; whatever they do
    later counts. An interval that is not over yet is not complete: many of its dormant will still
    come. Raises MetricError for a unit or an event that there is not.
    """
    if unit not in UNITS:
        raise MetricError(
            f"There is no unit {unit!r}.{suggest(unit, UNITS)} Choose one of {', '.join(UNITS)}."
        )
    events.check(engine, filters, event)
    rows = engine.table(_sql(unit, event), filters, {"event": event})
    now = today(filters.as_of, engine.snapshot.time_zone)
    counts: dict[date, dict[str, int]] = {}
    for interval, state, people in rows.iter_rows():
        counts.setdefault(interval, {})[state] = people
    lines: list[dict[str, Any]] = []
    if counts:
        interval, last = min(counts), min(now, max(counts))
        while interval <= last:
            own = {state: counts.get(interval, {}).get(state, 0) for state in STATES}
            following = first_of(interval, unit, 1)
            if filters.since < following and interval < filters.until:
                active = own["new"] + own["returning"] + own["resurrected"]
                complete = following <= now
                lines.append(
                    {"interval": interval, **own, "active": active, "is_complete": complete}
                )
            interval = following
    return pl.DataFrame(lines, schema=COLUMNS)


def _sql(unit: str, event: str) -> str:
    """People by interval and state."""
    table = events.source(event)
    own = events.condition(table, event, "event")
    return f"""
        with
            everyone as ({table.events("", own, everyone=True)}),
            chosen as (
                select person_id
                from ({table.events("", own, everyone=False)})
                where (person_id, place) in (
                    select (person_id, min(place)) from everyone group by person_id
                )
            ),
            active as (
                select distinct person_id, date_trunc('{unit}', happened_on)::date as interval
                from everyone
                where person_id in (select person_id from chosen)
            ),
            beside as (
                select
                    *,
                    lag(interval) over person as before,
                    lead(interval) over person as after,
                    (interval - interval '1' {unit})::date as one_before,
                    (interval + interval '1' {unit})::date as one_after,
                from active
                window person as (partition by person_id order by interval)
            )
        select
            interval,
            case
                when before is null then 'new'
                when before = one_before then 'returning'
                else 'resurrected'
            end as state,
            count(*) as people,
        from beside
        group by all
        union all
        select one_after, 'dormant', count(*)
        from beside
        where after is distinct from one_after
        group by all
        order by 1, 2
    """
