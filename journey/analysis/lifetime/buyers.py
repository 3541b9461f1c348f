"""Buyers' histories from the serving tables, in the form the published CDNOW summary has.

x counts days with a purchase after the first, t_x and T are weeks (days over 7) from the first
purchase to the last and to the end of the observation, which is the last full day before the end.
The filter chooses people by the journey of their first order; what they bought later counts
whatever its channel. Money is net of the refunds known by the end.
"""

from dataclasses import dataclass
from datetime import UTC, date
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from journey.analysis.lifetime.bgnbd import History
from journey.analysis.lifetime.fitting import Numbers
from journey.analysis.lifetime.settings import IDENTIFIED
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

HISTORIES = """
with

    cohort as (
        select person_id, entry_channel as channel, ordered_on as first_on
        from orders
        where
            order_number = 1
            and ordered_on >= $since
            and ordered_on < least($until, $ends_on)
            and (is_identified or not $identified)
    ),

    amounts as (
        select person_id, journey_number, sum(amount) as amount
        from all_payments
        where is_reporting_currency and occurred_on < $ends_on
        group by person_id, journey_number
    ),

    days as (
        select
            cohort.person_id,
            cohort.channel,
            cohort.first_on,
            all_orders.ordered_on,
            sum(coalesce(amounts.amount, 0)) as amount
        from cohort
        inner join all_orders on cohort.person_id = all_orders.person_id
        left join
            amounts
            on all_orders.person_id = amounts.person_id
            and all_orders.journey_number = amounts.journey_number
        where all_orders.ordered_on < $ends_on
        group by all
    )

select
    person_id,
    channel,
    first_on,
    count(*)::integer - 1 as repeats,
    (max(ordered_on) - first_on)::integer as recency_days,
    ($ends_on::date - first_on)::integer - 1 as age_days,
    -- Exact sums, divided once: the same to the last digit in whatever order rows come.
    coalesce(
        sum(amount) filter (where ordered_on > first_on)::double / nullif(count(*) - 1, 0), 0
    ) as mean_value,
    sum(amount)::double as spent
from days
group by person_id, channel, first_on
order by first_on, person_id
"""

REPEATS = """
with

    cohort as (
        select person_id, ordered_on as first_on
        from orders
        where
            order_number = 1
            and ordered_on >= $since
            and ordered_on < least($until, $known_on)
            and (is_identified or not $identified)
    )

select distinct cohort.person_id, all_orders.ordered_on as bought_on
from cohort
inner join all_orders on cohort.person_id = all_orders.person_id
where all_orders.ordered_on > cohort.first_on and all_orders.ordered_on < $ends_on
"""


@dataclass(frozen=True)
class Buyers:
    """The histories of a set of buyers at the end of an observation."""

    rows: pl.DataFrame
    """One row a person: `person_id`, `channel` and `first_on` of the first order, `repeats`,
    `recency_days`, `age_days`, `mean_value` of the repeats, `spent` in all."""
    ends_on: date
    """The day after the last that was observed."""

    @property
    def people(self) -> int:
        """How many there are."""
        return self.rows.height

    @property
    def repeaters(self) -> int:
        """How many came back on another day."""
        return int((self.rows["repeats"] > 0).sum())

    def history(self) -> History:
        """The histories for the model, equal ones as one."""
        alike = ["repeats", "recency_days", "age_days"]
        grouped = self.rows.group_by(alike).len("people").sort(alike)
        x, late, age, people = (_numbers(grouped, name) for name in grouped.columns)
        return History(x, late / 7, age / 7, people)

    def values(self) -> tuple[Numbers, Numbers]:
        """The repeats of each person who came back and spent anything then, and their mean."""
        known = self.rows.filter((pl.col("repeats") > 0) & (pl.col("mean_value") > 0))
        return _numbers(known, "repeats"), _numbers(known, "mean_value")

    def columns(self) -> tuple[Numbers, Numbers, Numbers]:
        """x, t_x and T of each person, in the rows' order."""
        x, late, age = (_numbers(self.rows, n) for n in ("repeats", "recency_days", "age_days"))
        return x, late / 7, age / 7


def buyers(engine: Engine, filters: Filters, ends_on: date, who: str = IDENTIFIED) -> Buyers:
    """The buyers whose first order lies in the filters' period and before `ends_on`, as they
    stood then."""
    given = {"ends_on": ends_on, "identified": who == IDENTIFIED}
    return Buyers(engine.table(HISTORIES, filters, given), ends_on)


def repeats_until(
    engine: Engine, filters: Filters, known_on: date, ends_on: date, who: str = IDENTIFIED
) -> pl.DataFrame:
    """Days with a repeat purchase before `ends_on` of the buyers who first bought before
    `known_on`: `person_id`, `bought_on`."""
    given = {"known_on": known_on, "ends_on": ends_on, "identified": who == IDENTIFIED}
    return engine.table(REPEATS, filters, given)


def last_full_day(filters: Filters, time_zone: str) -> date:
    """The day that the as-of lies in, where an observation of full days ends."""
    return filters.as_of.replace(tzinfo=UTC).astimezone(ZoneInfo(time_zone)).date()


def _numbers(rows: pl.DataFrame, name: str) -> Numbers:
    """A column as numbers."""
    return rows[name].to_numpy().astype(np.float64)
