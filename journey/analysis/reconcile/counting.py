"""One query for all that metrics count, parameterised by what they declare."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from fractions import Fraction
from zoneinfo import ZoneInfo

from journey.analysis.reconcile.cases import SOURCES
from journey.metrics.counts import Counts
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

_WITH_WHOLE = ("share", "nps", "mean")
"""Measures that are something of all cases, and so rest on all of them."""


@dataclass(frozen=True)
class Count:
    """A number as counted: its exact value and on how many cases it rests."""

    value: Fraction | None
    """Shares as 0 to 1, points from -100 to 100, money, days; None without a case."""
    n: int | None
    """None where the card does not say, as for money."""
    part: int | None = None
    """Of a share: how many of the n."""


def count(engine: Engine, counts: Counts, filters: Filters) -> Count:
    """What a declaration comes to in a frame. Raises MetricError where it takes too long."""
    is_filtered = bool(filters.where or filters.outside)
    row = engine.table(
        query(counts, is_filtered=is_filtered), filters, _parameters(engine, counts, filters)
    ).row(0, named=True)
    part, whole = int(row["part"]), int(row["whole"])
    if counts.measure == "count":
        return Count(Fraction(part), part)
    if counts.measure == "money":
        return Count(Fraction(row["total"] or 0), None)
    if counts.measure == "median":
        days = row["median_days"]
        return Count(None if days is None else Fraction(days), part)
    if not whole:
        return Count(None, 0)
    if counts.measure == "share":
        return Count(Fraction(part, whole), whole, part)
    scale = 100 if counts.measure == "nps" else 1
    return Count(scale * Fraction(row["total"] or 0) / whole, whole)


def rests_on_whole(measure: str) -> bool:
    """Whether a number of this kind is worth nothing on a few cases."""
    return measure in (*_WITH_WHOLE, "median")


def hours(engine: Engine, window: str) -> int | None:
    """The length of a window; None for one that is a moment and not a length."""
    snapshot = engine.snapshot
    known = {
        "conversion": 24 * snapshot.conversion_window_days,
        "repeat": 24 * snapshot.repeat_window_days,
        "cart": snapshot.cart_window_hours,
        "known": None,
        "period": None,
    }
    return known[window] if window in known else 24 * int(window.split()[0])


def _parameters(engine: Engine, counts: Counts, filters: Filters) -> dict[str, object]:
    """What the query takes besides the frame."""
    midnight = datetime.combine(filters.until, time(), ZoneInfo(engine.snapshot.time_zone))
    return {
        "window_hours": hours(engine, counts.window),
        "closed_hours": hours(engine, counts.closed) if counts.closed else None,
        "ends_at": midnight.astimezone(UTC).replace(tzinfo=None),
    }


def query(counts: Counts, *, is_filtered: bool) -> str:
    """The SELECT that counts: one row with `part`, `whole`, `total` and `median_days`.

    `part` are the cases that count, `whole` all of them, `total` the amounts of those that count,
    `median_days` the middle of the days they took. It takes `$since`, `$until` and `$as_of` and,
    where it needs them, `$window_hours`, `$closed_hours` and `$ends_at`.
    """
    source = SOURCES[counts.event]
    goal = source.goals[counts.goal] if counts.goal else "null::timestamp"
    days = source.days.get(counts.goal or "", f"epoch({goal} - {source.at}) / 86400.0")
    by_start = counts.clock == "start"
    joins_journey = by_start or (counts.identified and source.identified is None)
    journey = _JOURNEY.format(person=source.person, journey=source.journey)
    return f"""
with

    cases as (
        select
            found.{source.person} as person_id,
            found.{source.journey} as journey_number,
            found.{source.key} as place,
            {source.at} as happened_at,
            {"begun_at" if by_start else source.at} as clock_at,
            {"begun_on" if by_start else source.on} as clock_on,
            {source.identified or ("is_known" if joins_journey else "true")} as is_known,
            {goal} as goal_at,
            {days} as days,
            {source.amount} as amount,
        from {source.rows} as found
        {journey if joins_journey else ""}
    ),

    placed as (select *, {_first_of_all(counts)} as is_first, from cases),

    counted as (
        select * replace ({_goal_at(counts)} as goal_at), {_first_here(counts)} as is_first_here,
        from placed
        where {_scope(counts, is_filtered)}
    ),

    told as (
        select amount, days, {_reached(counts)} as counts,
        from counted
        where {_chosen(counts)}
    )

select
    count(*) filter (where counts) as part,
    count(*) as whole,
    sum(amount) filter (where counts) as total,
    quantile_cont(days, 0.5) filter (where counts) as median_days,
from told
"""


_JOURNEY = """inner join
            (
                select
                    person_id as begun_person, journey_number as begun_journey,
                    started_at as begun_at, started_on as begun_on, is_identified as is_known,
                from all_journeys
            ) as begun
            on found.{person} = begun_person and found.{journey} = begun_journey"""


def _first_of_all(counts: Counts) -> str:
    """Whether a case is the first of its person or journey, whatever is filtered and asked."""
    keys = {"person": "person_id", "journey": "person_id, journey_number"}.get(counts.unit)
    if keys is None or counts.unit == counts.event:
        return "true"
    return f"row_number() over (partition by {keys} order by happened_at, place) = 1"


def _first_here(counts: Counts) -> str:
    """Whether a case is the first of its unit among those that the frame chose."""
    keys = {
        "person_in_period": "person_id",
        "person_month": "person_id, date_trunc('month', clock_on)",
    }.get(counts.unit)
    if keys is None:
        return "true"
    return f"row_number() over (partition by {keys} order by happened_at, place) = 1"


def _goal_at(counts: Counts) -> str:
    """When the goal was reached; another order that counts is one that the frame chose too."""
    if counts.goal != "another_order":
        return "goal_at"
    return "lead(happened_at) over (partition by person_id order by happened_at, place)"


def _scope(counts: Counts, is_filtered: bool) -> str:
    """The cases of the period, known by the as-of, that the filter and the identity keep."""
    conditions = [
        "clock_on >= $since",
        "clock_on < $until",
        "happened_at <= $as_of",
        "clock_at <= $as_of",
    ]
    if counts.identified:
        conditions.append("is_known")
    if is_filtered:
        conditions.append(
            "exists (from journeys where journeys.person_id = placed.person_id "
            "and journeys.journey_number = placed.journey_number)"
        )
    return " and ".join(conditions)


def _chosen(counts: Counts) -> str:
    """One case of each unit, and of those whose time must have passed only such."""
    conditions = "is_first and is_first_here"
    if counts.closed:
        conditions += " and happened_at + $closed_hours * interval '1' hour <= $as_of"
    return conditions


def _reached(counts: Counts) -> str:
    """Whether a case counts: it reached its goal in time, or, where that is asked, did not."""
    if counts.goal is None:
        return "true"
    limits = ["goal_at <= $as_of"]
    if counts.window == "period":
        limits.append("goal_at < $ends_at")
    elif counts.window != "known":
        limits.append("goal_at <= happened_at + $window_hours * interval '1' hour")
    reached = f"coalesce({' and '.join(limits)}, false)"
    return reached if counts.reached else f"not {reached}"
