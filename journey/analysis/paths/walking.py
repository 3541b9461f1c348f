"""Paths counted in the serving tables: one query, from touches to counts of steps.

The touches of the journeys asked about get the numbers of their cleaned names, repeats are
folded where asked, and each anchor looks ahead (or back) along its line as many steps as there
are columns. What comes back is small: how often each name follows each name at each step.
"""

from collections.abc import Mapping
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


_VOCABULARIES = {
    "touchpoint": ("touchpoint_number", "select touchpoint_number, touchpoint from touchpoints"),
    "stage": ("stage_number", "select distinct stage_number, stage from touchpoints"),
    "channel": ("trait_number", "select trait_number, channel from traits"),
}
"""What paths run over, as its number in `sequence` and the query for the names behind it."""


def vocabulary(engine: Engine, filters: Filters, over: str) -> dict[int, str]:
    """All touchpoints, channels or stages of the store by their numbers, whatever the filters.

    Raises MetricError where there are too many different ones.
    """
    rows = engine.table(f"{_VOCABULARIES[over][1]} order by all", replace(filters, where={}))
    named = dict(rows.iter_rows())
    if (different := len(set(named.values()))) > NAMES:
        raise MetricError(
            f"There are {different:,} different {over}s, too many for paths. Give them fewer "
            "names where they are taken in, or ask for paths over stages."
        )
    return named


@dataclass(frozen=True)
class Numbered:
    """The names of a question, cleaned and checked, with what they are numbers of."""

    raw: Mapping[str, str]
    """Each name as it came with the name it gets."""
    names: tuple[str, ...]
    """In order; a name's place is its number in the answer."""
    parameters: dict[str, object]
    """What the query binds: numbers in `sequence`, and the places of their names."""


def numbered(engine: Engine, asked: Asked, filters: Filters) -> Numbered:
    """The names a question is about. Raises MetricError for one that is not there."""
    known = vocabulary(engine, filters, asked.over)
    cleaned = asked.cleaning.names(sorted(set(known.values())))
    asked.check_names(cleaned.values())
    names = tuple(sorted(set(cleaned.values()) - set(asked.cleaning.hide)))
    place = {name: number for number, name in enumerate(names)}
    kept = {key: place[cleaned[raw]] for key, raw in known.items() if cleaned[raw] in place}
    return Numbered(cleaned, names, {"keys": list(kept), "nodes": list(kept.values())})


def stages_of(engine: Engine, asked: Asked, filters: Filters) -> dict[str, str]:
    """The stage of each name that stands for touchpoints of one stage only."""
    if asked.over == "stage":
        return {name: raw for raw, name in numbered(engine, asked, filters).raw.items()}
    if asked.over != "touchpoint":
        return {}
    rows = engine.table("select touchpoint, stage from touchpoints", replace(filters, where={}))
    found: dict[str, set[str]] = {}
    cleaned = asked.cleaning.names(rows["touchpoint"].to_list())
    for touchpoint, stage in rows.iter_rows():
        found.setdefault(cleaned[touchpoint], set()).add(stage)
    return {name: stages.pop() for name, stages in found.items() if len(stages) == 1}


def walk(engine: Engine, asked: Asked, filters: Filters) -> Walked:
    """Count the paths. Raises MetricError for a name that is not there."""
    words = numbered(engine, asked, filters)
    place = {name: number for number, name in enumerate(words.names)}
    parameters = {
        **words.parameters,
        **frame_parameters(engine, filters),
        "start": place.get(asked.start or ""),
        "end": place.get(asked.end or ""),
    }
    if asked.versus is not None:
        parameters |= {"first": asked.versus.first, "second": asked.versus.second}
    rows = engine.table(_sql(asked), filters, parameters)
    starts = rows.filter(pl.col("step") == 0)
    return Walked(words.names, rows.filter(pl.col("step") > 0), int(starts["count"].sum()))


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


FRAMED = """sequence.journey_number > 0
        and sequence.journey_started_at >= $begun_from
        and sequence.journey_started_at < $begun_before
        and sequence.occurred_at <= $as_of"""
"""The touches of journeys that began in the period, as far as they were known."""


def unit_of(asked: Asked) -> str:
    """The columns that tell one line of touches from another."""
    return "person_number" if asked.count == "people" else "person_number, journey_number"


def cleaned_steps(asked: Asked) -> str:
    """The steps of a query, ending in `folded`: touches with the numbers of their names, those
    folded that repeat the one before where that is asked."""
    conversion = asked.versus is not None and asked.versus.is_conversion
    segment = ""
    if asked.versus is not None and not conversion:
        column = SEGMENTS[asked.versus.by]
        segment = f", case sequence.{column} when $first then 0 when $second then 1 end as side"
    limits = _OUTCOMES.format(unit=unit_of(asked), framed=FRAMED) if conversion else ""
    join = ""
    if conversion:
        keys = [key.strip() for key in unit_of(asked).split(",")]
        same = " and ".join(f"sequence.{key} = outcomes.{key}" for key in keys)
        join = f"""inner join outcomes
        on {same}
        and sequence.touch_number < outcomes.ends_before
        and sequence.occurred_at <= outcomes.window_ends_at"""
        segment = ", outcomes.side"
    folded = "named"
    if asked.cleaning.collapse:
        folded = f"""(
        select *, lag(node) over (
            partition by {unit_of(asked)} order by touch_number
        ) as before
        from named
    ) where before is distinct from node"""
    key = _VOCABULARIES[asked.over][0]
    return f"""{limits}
    numbers as (select unnest($keys) as key, unnest($nodes) as node),
    named as (
        select
            sequence.person_number, sequence.journey_number, sequence.touch_number,
            sequence.occurred_at as moment, numbers.node{segment or ", 0 as side"}
        from sequence
        inner join numbers on sequence.{key} = numbers.key
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
        from sequence
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
