"""Paths counted in the serving tables: one query, from touches to counts of steps.

The touches of the journeys asked about get the numbers of their cleaned names, repeats are
folded where asked, and each anchor looks ahead (or back) along its line as many steps as there
are columns. What comes back is small: how often each name follows each name at each step.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import polars as pl

from journey.analysis.paths.asking import Asked
from journey.errors import MetricError
from journey.metrics.engine import Engine
from journey.metrics.filters import SEGMENTS, Filters

NAMES = 20_000
"""The most different names a path can be made of."""


@dataclass(frozen=True)
class Walked:
    """The counts behind a step table."""

    names: tuple[str, ...]
    """A name for each number in the tally."""
    tally: pl.DataFrame
    """`side` (0, or 1 for the second group), `step` (1 is the anchor), `node` and `next` as
    numbers (`next` is null where the path ends), `count`, `back` (how many of them return to a
    name already passed), `median_seconds` and `p95_seconds` from the one to the other."""
    anchored: int
    """How many there were at the first anchor: with two anchors more than got to the second."""


def names_of(engine: Engine, filters: Filters, over: str) -> list[str]:
    """All touchpoints, channels or stages of the store, in order of name, whatever the filters."""
    everything = replace(filters, where={})
    rows = engine.table(
        f"select {over} as name from daily where {over} is not null group by {over} order by name",
        everything,
    )
    if rows.height > NAMES:
        raise MetricError(
            f"There are {rows.height:,} different {over}s, too many for paths. Give them fewer "
            "names where they are taken in, or ask for paths over stages."
        )
    return rows["name"].to_list()


def walk(engine: Engine, asked: Asked, filters: Filters) -> Walked:
    """Count the paths. Raises MetricError for a name that is not there."""
    cleaned = asked.cleaning.names(names_of(engine, filters, asked.over))
    asked.check_names(cleaned.values())
    names = tuple(sorted(set(cleaned.values()) - set(asked.cleaning.hide)))
    number = {name: place for place, name in enumerate(names)}
    kept = {raw: number[name] for raw, name in cleaned.items() if name in number}
    parameters: dict[str, object] = {
        "raws": list(kept),
        "numbers": list(kept.values()),
        "start": number.get(asked.start or ""),
        "end": number.get(asked.end or ""),
        **frame_parameters(engine, filters),
    }
    if asked.versus is not None:
        parameters |= {"first": asked.versus.first, "second": asked.versus.second}
    rows = engine.table(_sql(asked), filters, parameters)
    starts = rows.filter(pl.col("step") == 0)
    return Walked(names, rows.filter(pl.col("step") > 0), int(starts["count"].sum()))


def frame_parameters(engine: Engine, filters: Filters) -> dict[str, object]:
    """The period's first moments in UTC, and the conversion window."""
    snapshot = engine.snapshot
    return {
        "begun_from": _first_moment(filters.since, snapshot.time_zone),
        "begun_before": _first_moment(filters.until, snapshot.time_zone),
        "window_days": snapshot.conversion_window_days,
    }


def _first_moment(day: date, zone: str) -> datetime:
    """When a day of the reporting time zone begins, in UTC."""
    local = datetime.combine(day, time(), ZoneInfo(zone))
    return local.astimezone(UTC).replace(tzinfo=None)


FRAMED = """touches.journey_number > 0
        and touches.journey_started_at >= $begun_from
        and touches.journey_started_at < $begun_before
        and touches.occurred_at <= $as_of"""
"""The touches of journeys that began in the period, as far as they were known."""


def unit_of(asked: Asked) -> str:
    """The columns that tell one line of touches from another."""
    return "person_id" if asked.count == "people" else "person_id, journey_number"


def cleaned_steps(asked: Asked) -> str:
    """The steps of a query, ending in `folded`: touches with the numbers of their names, those
    folded that repeat the one before where that is asked."""
    conversion = asked.versus is not None and asked.versus.is_conversion
    segment = ""
    if asked.versus is not None and not conversion:
        column = SEGMENTS[asked.versus.by]
        segment = f", case touches.{column} when $first then 0 when $second then 1 end as side"
    limits = _OUTCOMES.format(unit=unit_of(asked), framed=FRAMED) if conversion else ""
    join = ""
    if conversion:
        keys = [key.strip() for key in unit_of(asked).split(",")]
        same = " and ".join(f"touches.{key} = outcomes.{key}" for key in keys)
        join = f"""inner join outcomes
        on {same}
        and touches.touch_number < outcomes.ends_before
        and touches.occurred_at <= outcomes.window_ends_at"""
        segment = ", outcomes.side"
    folded = "named"
    if asked.cleaning.collapse:
        folded = f"""(
        select *, lag(node) over (
            partition by {unit_of(asked)} order by touch_number
        ) as before
        from named
    ) where before is distinct from node"""
    return f"""{limits}
    numbers as (select unnest($raws) as raw, unnest($numbers) as node),
    named as (
        select
            touches.person_id, touches.journey_number, touches.touch_number,
            touches.occurred_at as moment, numbers.node{segment or ", 0 as side"}
        from touches
        inner join numbers on touches.{asked.over} = numbers.raw
        {join}
        where {FRAMED}
    ),
    folded as (select * from {folded})"""


_OUTCOMES = """
    lines as (
        select
            {unit},
            min(journey_started_at) + $window_days * interval 1 day as window_ends_at,
            min(occurred_at) filter (where is_order) as ordered_at,
            min(touch_number) filter (where is_order) as order_number
        from touches
        where {framed}
        group by {unit}
    ),
    outcomes as (
        select
            *,
            case when ordered_at <= window_ends_at then 0 else 1 end as side,
            coalesce(order_number, 9223372036854775807) as ends_before
        from lines
        where window_ends_at <= $as_of
    ),"""
"""Whether a line bought within the conversion window, of those whose window has closed."""


def _sql(asked: Asked) -> str:
    """The query. It holds words of the question's own kinds only; all else is bound."""
    steps = range(1, asked.steps + 1)
    ahead = "desc" if asked.is_backward else "asc"
    seen = ["node", "moment", "touch_number"] if asked.is_between else ["node", "moment"]
    looks = ",\n            ".join(
        f"lead({column}, {step - 1}) over line as {column}_{step}"
        for step in steps
        for column in seen
        if step > 1
    )
    anchor = "end" if asked.is_backward else "start"
    begins = _begins(asked, anchor)
    arrives = ""
    if asked.is_between:
        arrives = f""",
            min(touch_number) filter (where node = $end) over (
                partition by {unit_of(asked)} order by touch_number
                rows between 1 following and unbounded following
            ) as arrives"""
    kept = "true" if not asked.is_between else "arrives is not null"
    node = [
        f"case when touch_number_{step} <= arrives then node_{step} end"
        if asked.is_between and step > 1
        else f"node_{step}"
        for step in steps
    ]
    columns = ", ".join(f"{node[step - 1]} as node_{step}, moment_{step}" for step in steps)
    pairs = [
        f"""select side, {step} as step, node_{step} as node, {_next(asked, step)} as next,
            {_back(asked, step)} as back, {_seconds(asked, step)} as seconds
        from paths where node_{step} is not null"""
        for step in steps
    ]
    return f"""
    with
    {cleaned_steps(asked)},
    lined as (
        select
            side, node as node_1, moment as moment_1, {looks},
            {begins} as begins{arrives}
        from folded
        window line as (partition by {unit_of(asked)} order by touch_number {ahead})
    ),
    begun as (select * from lined where begins and side is not null),
    paths as (select side, {columns} from begun where {kept}),
    pairs as (
        {" union all ".join(pairs)}
    )
    select
        side::tinyint as side, step::integer as step, node::integer as node,
        next::integer as next, count(*) as count, count(*) filter (where back) as back,
        quantile_cont(seconds, 0.5) as median_seconds, quantile_cont(seconds, 0.95) as p95_seconds
    from pairs
    group by all
    union all
    select side::tinyint, 0, null, null, count(*), 0, null, null
    from begun
    group by all
    """


def _begins(asked: Asked, anchor: str) -> str:
    """Whether a path begins at a row: the first of its line, every anchor, or the first one."""
    if asked.start is None and asked.end is None:
        return "row_number() over line = 1"
    if asked.count == "occurrences":
        return f"node = ${anchor}"
    return f"""node = ${anchor} and count(*) filter (where node = ${anchor}) over (
                partition by {unit_of(asked)} order by touch_number
                rows between unbounded preceding and current row
            ) = 1"""


def _next(asked: Asked, step: int) -> str:
    """The name after a step; the last column has none."""
    return f"node_{step + 1}" if step < asked.steps else "null"


def _back(asked: Asked, step: int) -> str:
    """Whether the next step returns to a name passed before, with another one between."""
    if step in (1, asked.steps):
        return "false"
    passed = ", ".join(f"node_{earlier}" for earlier in range(1, step))
    return f"coalesce(node_{step + 1} in ({passed}) and node_{step + 1} <> node_{step}, false)"


def _seconds(asked: Asked, step: int) -> str:
    """The seconds from a step to the next, whichever way the path is read."""
    if step == asked.steps:
        return "null::double"
    return f"abs(epoch(moment_{step + 1}) - epoch(moment_{step}))"
