"""When people come: the planted seasons, growth and weekdays."""

from datetime import date, timedelta

from journey.analysis.truth.scored import Part, Scored
from journey.analysis.truth.truthfile import Asked
from journey.metrics import metric as registry
from journey.metrics import statistics


def demand(asked: Asked) -> list[Scored]:
    """The people met in each month of all, held against months that are all alike; and weekdays."""
    effect = asked.effects["demand"]
    likely = effect["new_people_expected"]
    everyone = sum(likely.values())
    metric = registry.find("new_people")
    days = (asked.last_day - asked.first_day).days + 1
    lines = []
    for month, expected in likely.items():
        since = max(asked.first_day, date.fromisoformat(f"{month}-01"))
        until = (since.replace(day=1) + timedelta(days=32)).replace(day=1)
        until = min(until, asked.last_day + timedelta(days=1))
        met = float(asked.engine.run(metric, asked.frame(since, until)).rows["people"].sum())
        part = Part(
            "demand", "share of people met", month, "share", expected / everyone, None,
            "awareness/new_people",
        )  # fmt: skip
        ends = (met / everyone, *statistics.wilson(met, everyone))
        lines.append(part.judged(ends, nothing=(until - since).days / days))
    weekdays = effect["weekdays"]
    part = Part(
        "demand", "busiest weekday over the quietest", "", "ratio",
        max(weekdays) / min(weekdays), None, "",
    )  # fmt: skip
    return [*lines, part.judged(None, note="No number of the product is told by weekday.")]
