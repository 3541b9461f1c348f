"""Two periods of a metric, group by group, and the words for what came of it."""

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from journey.analysis.changes.split import Count, Split, split
from journey.errors import MetricError, suggest
from journey.metrics import metric as registry
from journey.metrics.engine import Engine
from journey.metrics.filters import SEGMENTS, Filters
from journey.metrics.metric import Metric

MOST_GROUPS = 12
"""Groups that are told apart, the largest; the others are one, `Other`."""

OTHER = "Other"


def rates() -> list[Metric]:
    """The metrics whose change can be split: those with a part and a whole, by title."""
    found = []
    for path in registry.files():
        try:
            metric = registry.read(path)
        except MetricError:
            continue  # its own card says what is wrong with it
        if metric.chart == "rate":
            found.append(metric)
    return sorted(found, key=lambda metric: (metric.title, metric.full_name))


def ask(
    engine: Engine,
    name: str,
    by: str,
    filters: Filters,
    before: Filters,
    minimum_n: int = 30,
) -> tuple[Metric, Split]:
    """How the metric's rate moved from `before` to `filters`, over the values of a filter.

    Raises MetricError for a metric that is no rate and for a filter that is none.
    """
    metric = registry.find(name)
    if metric.chart != "rate":
        names = [rate.name for rate in rates()]
        raise MetricError(
            f"{metric.full_name} is no rate, so its change has no mix to split."
            f"{suggest(name, names)} Choose one of {', '.join(names)}."
        )
    if by not in SEGMENTS:
        raise MetricError(
            f"There is no way to split by {by!r}.{suggest(by, SEGMENTS)} "
            f"Split by {', '.join(SEGMENTS)}."
        )
    values = filters.where.get(by) or tuple(engine.segments()[by])
    apart, rest = values[:MOST_GROUPS], values[MOST_GROUPS:]
    groups = {value: (value,) for value in apart} | ({OTHER: tuple(rest)} if rest else {})

    def counts(frame: Filters) -> dict[str, Count]:
        asked = {
            group: engine.run(metric, replace(frame, where={**frame.where, by: chosen})).total
            for group, chosen in groups.items()
        }
        return {g: (total.part, total.whole) for g, total in asked.items() if total and total.whole}

    return metric, split(counts(before), counts(filters), minimum_n)


def table(found: Split) -> pl.DataFrame:
    """A row for each group: its counts, its two rates, and its contributions in points."""
    return pl.DataFrame(
        [
            {
                "group": one.group,
                "part_before": one.before[0],
                "whole_before": one.before[1],
                "part_now": one.now[0],
                "whole_now": one.now[1],
                "mix_points": 100 * one.mix,
                "rate_points": 100 * one.rate,
                "rate_low": None if one.low is None else 100 * one.low,
                "rate_high": None if one.high is None else 100 * one.high,
                "total_points": 100 * one.total,
                "is_real": one.is_real,
            }
            for one in found.contributions
        ],
        schema={
            "group": pl.String,
            **dict.fromkeys(("part_before", "whole_before", "part_now", "whole_now"), pl.Float64),
            **dict.fromkeys(("mix_points", "rate_points", "rate_low", "rate_high"), pl.Float64),
            "total_points": pl.Float64,
            "is_real": pl.Boolean,
        },
    )


def sentences(
    title: str,
    by: str,
    found: Split,
    group: str | None = None,
    naming: Callable[[str], str] = str,
) -> list[str]:
    """What happened, in plain words, numbers first and doubt said plainly. Where `group` names
    another group in place of an earlier period, nothing rose or fell: one is higher or lower.
    `naming` is how a group is called.

    >>> before = {"mobile": (150.0, 1000.0), "desktop": (200.0, 1000.0)}
    >>> now = {"mobile": (80.0, 1000.0), "desktop": (200.0, 1000.0)}
    >>> for line in sentences("Conversion", "device", split(before, now)):
    ...     print(line)
    Conversion fell 3.5 points (17.5 to 14.0 %; 95 %: −5.8 to −1.2), more than chance would explain.
    Mix explains 0.0 points of it and rates explain −3.5 points.
    mobile: −3.5 points, since its own rate fell from 15.0 to 8.0 %.
    """
    if found.change is None:
        two = "groups" if group else "periods"
        return [f"{title}: one of the two {two} has no case, so there is nothing to compare."]
    before, now = (100 * part / whole for part, whole in (found.before, found.now))
    verb = "rose" if found.change > 0 else "fell" if found.change < 0 else "stayed"
    doubt = (
        "too few cases to judge"
        if found.low is None
        else f"{'more' if found.is_real else 'no more'} than chance would explain"
    )
    span = (
        ""
        if found.low is None or found.high is None
        else f"; 95 %: {points(found.low)} to {points(found.high)}"
    )
    size = f"{abs(100 * found.change):.1f} points"
    moved = f"{title} {verb} {size} ({before:.1f} to {now:.1f} %{span}), {doubt}."
    if group:
        apart = "higher" if found.change > 0 else "lower"
        moved = (
            f"{title} is {size} {apart} than that of {group} "
            f"({now:.1f} against {before:.1f} %{span}), {doubt}."
        )
    lines = [
        moved,
        f"Mix explains {points(found.mix)} points of it and rates explain "
        f"{points(found.rate)} points.",
    ]
    for one in found.contributions:
        if not one.is_real:
            continue
        was, is_now = (100 * part / whole for part, whole in (one.before, one.now))
        lines.append(
            f"{naming(one.group)}: {points(one.rate)} points, since its own rate "
            + (
                f"is {is_now:.1f} against {was:.1f} %."
                if group
                else f"{'rose' if is_now > was else 'fell'} from {was:.1f} to {is_now:.1f} %."
            )
        )
    if len(lines) == 2:
        lines.append(f"No single {by} changed by more than chance would explain.")
    return lines


def points(share: float) -> str:
    """A share in points with its sign, never minus nothing.

    >>> points(-0.0312), points(-0.0001), points(0.02)
    ('−3.1', '0.0', '2.0')
    """
    return f"{round(100 * share, 1) + 0.0:.1f}".replace("-", "−")
