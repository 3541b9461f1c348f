"""When an incident began, whatever period is shown.

What a period shows of an incident may be its end alone, and where it begins among few days is a
matter of those few. So its first day is looked for again among all days that the data has, and it
is by that day that an incident is known from build to build and from period to period.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from journey.analysis.pains import scanning
from journey.analysis.pains.cases import Cases
from journey.analysis.pains.loss import Loss
from journey.analysis.pains.standard import expected_rates
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

Ask = Callable[[Engine, Filters, Loss], Cases]
"""The cases of a loss's place and segment in a frame."""


def began(engine: Engine, filters: Filters, loss: Loss, ask: Ask) -> date:
    """The first day of an incident. Raises MetricError where the question takes too long."""
    first_day = engine.snapshot.first_day
    shown = (filters.since - first_day).days
    after = filters.days if loss.after is None else loss.after
    span = (shown + (loss.first or 0), shown + after)
    whole = replace(filters, since=first_day, until=filters.as_of.date() + timedelta(days=1))
    cases = ask(engine, whole, loss)
    rates = expected_rates(
        cases.people, cases.went_on, cases.segment["channel"], cases.codes(("channel", "persona"))
    )
    expected = cases.people * rates
    days = max(int(cases.day.max()) + 1, span[1])
    n, x, e, v = (
        np.bincount(cases.day, values, days).astype(np.float64)[None, :]
        for values in (cases.people, cases.went_on, expected, expected * (1 - rates))
    )
    (found,) = scanning.worst(n, x, scanning.matched(n, x, e), v, meeting=span)
    return first_day + timedelta(days=found.first if found else span[0])
