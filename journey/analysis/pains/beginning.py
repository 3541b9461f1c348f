"""When an incident began, whatever period is shown.

What a period shows of an incident may be its end alone, and where it begins among few days is a
matter of those few. So its first day is looked for again among all days that the data has, and it
is by that day that an incident is known from build to build and from period to period.
"""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from journey.analysis.pains import scanning
from journey.analysis.pains.loss import Loss
from journey.analysis.pains.standard import expected_rates
from journey.metrics.engine import Engine
from journey.metrics.filters import SEGMENTS, Filters


def began(engine: Engine, filters: Filters, loss: Loss) -> date:
    """The first day of an incident. Raises MetricError where the question takes too long."""
    first_day = engine.snapshot.first_day
    shown = (filters.since - first_day).days
    after = filters.days if loss.after is None else loss.after
    span = (shown + (loss.first or 0), shown + after)
    whole = replace(filters, since=first_day, until=filters.as_of.date() + timedelta(days=1))
    rows = engine.table(
        _SQL,
        whole,
        {"place": loss.place.number, **{name: loss.who.get(name) for name in SEGMENTS}},
    )
    channel, persona = (
        rows[name].rank("dense").to_numpy().astype(np.int64)
        for name in ("entry_channel", "persona")
    )
    n, x = (rows[name].to_numpy().astype(np.float64) for name in ("people", "went_on"))
    rates = expected_rates(n, x, channel, channel * (int(persona.max()) + 1) + persona)
    day = rows["day"].to_numpy()
    n, x, e, v = (
        np.bincount(day, values, max(int(day.max()) + 1, span[1])).astype(np.float64)[None, :]
        for values in (n, x, n * rates, n * rates * (1 - rates))
    )
    (found,) = scanning.worst(n, x, e * (x.sum() / e.sum()), v, meeting=span)
    return first_day + timedelta(days=found.first if found else span[0])


_SQL = """
select
    stood_on - cast($since as date) as day,
    entry_channel,
    persona,
    count(*) as people,
    count(went_on_at) as went_on,
from standings
where
    place_number = $place
    and stood_on >= $since
    and stood_on < $until
    and matures_at <= $as_of
    and ($channel is null or entry_channel = $channel)
    and ($persona is null or persona = $persona)
    and ($device is null or shown_device = $device)
    and ($country is null or country = $country)
group by all
order by all
"""
