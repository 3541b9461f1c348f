"""Paths from the serving tables: the visits before each order, and those that led to none."""

import numpy as np
import polars as pl

from journey.analysis.attribution.paths import UNASSIGNED, Ints, Paths, without
from journey.analysis.attribution.settings import Settings
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

ENDS = """
with

    orders_of_period as (
        select
            journeys.person_number,
            journeys.person_id,
            journeys.journey_number,
            orders.ordered_at as ended_at,
            orders.order_channel as own_channel,
            true as is_mature,
        from orders
        inner join
            journeys
            on orders.person_id = journeys.person_id
            and orders.journey_number = journeys.journey_number
        where
            orders.ordered_on >= $since
            and orders.ordered_on < $until
            and orders.ordered_at <= $as_of
    ),

    without_order as (
        select
            visits.person_number,
            visits.journey_number,
            max(visits.arrived_at) as ended_at,
            any_value(journeys.person_id) as person_id,
            any_value(journeys.matures_at) <= $as_of as is_mature,
        from visits
        inner join
            journeys
            on visits.person_number = journeys.person_number
            and visits.journey_number = journeys.journey_number
        where
            visits.arrived_at <= $as_of
            and (journeys.purchase_at is null or journeys.purchase_at > $as_of)
        group by all
        having max(visits.arrived_on) >= $since and max(visits.arrived_on) < $until
    ),

    -- Visits that a later order looks back on are part of that order's path.
    to_nothing as (
        select *,
        from without_order
        where
            not exists (
                from all_orders
                where
                    all_orders.person_id = without_order.person_id
                    and all_orders.ordered_at > without_order.ended_at
                    and all_orders.ordered_at <= $as_of
                    and (
                        $days is null
                        or all_orders.ordered_at
                        <= without_order.ended_at + $days * interval 1 day
                    )
            )
    ),

    ends as (
        select *, true as is_order,
        from orders_of_period
        union all by name
        select *, false as is_order,
        from to_nothing
    ),

    -- An order closes its journey, so every visit before it has no higher journey number.
    numbered as (
        select
            ends.*,
            row_number() over (order by person_number, journey_number) as path,
            /* reset */ -1 as previous_order,
        from ends
    )
"""

STEPS = (
    ENDS
    + """,

    income as (
        select person_id, journey_number, sum(amount)::double as value,
        from payments
        where is_reporting_currency and occurred_at <= $as_of
        group by all
    )

select
    numbered.path,
    numbered.person_number,
    numbered.is_order,
    case when numbered.is_order then coalesce(income.value, 0) else 0 end as value,
    case when numbered.own_channel <> 'Unassigned' then numbered.own_channel end as own_channel,
    numbered.is_mature,
    all_visits.channel,
    date_diff('microsecond', all_visits.arrived_at, numbered.ended_at) / 86400000000 as days,
from numbered
left join
    income
    on numbered.person_id = income.person_id
    and numbered.journey_number = income.journey_number
left join
    all_visits
    on numbered.person_number = all_visits.person_number
    and all_visits.journey_number <= numbered.journey_number
    and all_visits.arrived_at <= numbered.ended_at
    and (
        $days is null or all_visits.arrived_at >= numbered.ended_at - $days * interval 1 day
    )
    and all_visits.journey_number > numbered.previous_order
/* sessions */
order by numbered.path, all_visits.touch_number
"""
)

_NO_RESET = "/* reset */ -1 as previous_order"

_RESET = """(
                select coalesce(max(journey_number), 0)
                from all_orders
                where
                    all_orders.person_id = ends.person_id
                    and all_orders.journey_number < ends.journey_number
            ) as previous_order"""

LAST_SESSIONS = """
qualify
    dense_rank() over (partition by numbered.path order by all_visits.session_touch desc)
    <= $sessions
"""


def read(engine: Engine, filters: Filters, settings: Settings) -> Paths:
    """The paths of the period.

    A path to an order: the person's visits up to the order and within the look-back, for each
    order of the period that is known by the as-of. A path to none: the same up to the last visit
    of a journey that has no order by the as-of, where that visit lies in the period and no order
    of the person follows within the look-back (by days; otherwise: at all). The filters choose
    the journeys that end a path; its visits are all of the person's, whatever the filters.

    Visits that name no channel say nothing and are left out; a path with no other is Unassigned,
    and so is an order without a visit in the look-back, so that credits sum to all orders.
    Raises MetricError where this takes too long.
    """
    lookback = settings.lookback
    asked = {"days": lookback.days, "sessions": lookback.sessions}
    sql = STEPS.replace("/* sessions */", LAST_SESSIONS if lookback.sessions else "")
    if settings.reset_after_conversion:
        sql = sql.replace(_NO_RESET, _RESET)
    rows = engine.table(sql, filters, asked)
    path = rows["path"]
    begins = path != path.shift(1, fill_value=0)
    steps = rows.filter(pl.col("channel").is_not_null()).select("path", "channel", "days")
    found = from_rows(rows.filter(begins), steps)
    paths = without(found, UNASSIGNED)
    return paths.select(paths.is_mature) if settings.mature_only else paths


def from_rows(paths: pl.DataFrame, steps: pl.DataFrame) -> Paths:
    """Paths and their steps as flat arrays; a path without a step is Unassigned.

    `paths` has `person_number`, `is_order`, `value`, `own_channel` and `is_mature`, one row a path
    in order; `steps` has `path` (from 1), `channel` and `days`, in order of path and time.
    """
    path = steps["path"].cast(pl.Int64).to_numpy() - 1
    lengths = np.bincount(path, minlength=paths.height)
    if len(bare := np.flatnonzero(lengths == 0)):
        nothing = pl.DataFrame({"path": bare + 1, "channel": UNASSIGNED, "days": 0.0})
        filled = pl.concat([steps.select(nothing.columns), nothing], how="vertical_relaxed")
        steps = filled.sort("path", maintain_order=True)
        lengths = np.maximum(lengths, 1)
    channels, own = steps["channel"], paths["own_channel"].cast(pl.String)
    names = pl.concat([channels.unique(), own.unique()]).drop_nulls().unique().sort()
    return Paths(
        channels=tuple(names),
        steps=_numbers(channels, names),
        days=steps["days"].cast(pl.Float64).to_numpy(),
        lengths=lengths,
        persons=paths["person_number"].rank("dense").cast(pl.Int64).to_numpy() - 1,
        is_order=paths["is_order"].cast(pl.Boolean).to_numpy(),
        values=paths["value"].cast(pl.Float64).to_numpy(),
        own=_numbers(own, names),
        is_mature=paths["is_mature"].cast(pl.Boolean).to_numpy(),
    )


def _numbers(words: pl.Series, names: pl.Series) -> Ints:
    """Each word's place among the names; -1 for none."""
    places = words.cast(pl.Enum(names)).to_physical().cast(pl.Int64)
    numbers: Ints = places.fill_null(-1).to_numpy()
    return numbers
