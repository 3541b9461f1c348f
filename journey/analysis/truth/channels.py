"""The planted differences between entry channels: how often their journeys order, and for how
much. Each channel is held against all others together."""

from collections.abc import Callable
from datetime import date

import polars as pl

from journey.analysis.truth.scored import Ends, Part, Scored
from journey.analysis.truth.truthfile import Asked
from journey.metrics import metric as registry
from journey.metrics import statistics, weighed
from journey.metrics.weighed import Sample


def conversion(asked: Asked) -> list[Scored]:
    """By how many points each channel's journeys order more or less often than all others."""
    planted = asked.effects["channel_conversion"]["settled"]
    frame = asked.frame(until=date.fromisoformat(planted["until"]))
    rows = asked.engine.run(registry.find("channel_sources"), frame).rows
    found = {row["channel"]: (row["orders"], row["journeys"]) for row in rows.to_dicts()}
    likely = {
        name: (one["orders_expected"], one["journeys"]) for name, one in planted["channels"].items()
    }

    def seen(name: str) -> Ends | None:
        own, others = found.get(name, (0, 0)), _others(found, name)
        enough = min(own[1], others[1]) >= asked.config.minimum_n
        return statistics.difference(*own, *others) if enough else None

    return _lines("channel_conversion", "points", "channels/channel_sources", likely, seen)


def value(asked: Asked) -> list[Scored]:
    """By how much an order of each channel is worth more or less than one of all others."""
    effect = asked.effects["channel_value"]
    orders = asked.effects["channel_conversion"]["all"]
    likely = {
        name: (mean * orders[name]["orders"], orders[name]["orders"])
        for name, mean in effect["net_value_expected"].items()
    }
    rows = asked.engine.run(registry.find("channel_stages"), asked.frame()).rows
    found = {
        row["channel"]: Sample(
            row["value_n"], row["value_n"], row["value_n"], row["value_sum"], row["value_squares"]
        )
        for row in rows.filter(pl.col("stage") == "purchase").to_dicts()
    }

    def seen(name: str) -> Ends | None:
        return _dearer(found, name, asked.config.minimum_n)

    return _lines("channel_value", "money", "channels/channel_stages", likely, seen)


def _lines(
    effect: str,
    unit: str,
    metric: str,
    likely: dict[str, tuple[float, float]],
    seen: Callable[[str], Ends | None],
) -> list[Scored]:
    """Each channel against all others: what was planted, and what is seen."""
    return [
        Part(
            effect=effect,
            what=f"{name} against others",
            where="",
            unit=unit,
            planted=_apart(likely, name),
            realised=None,
            asked=metric,
        ).judged(seen(name), nothing=0.0)
        for name in likely
    ]


def _dearer(found: dict[str, Sample], name: str, minimum_n: int) -> Ends | None:
    """How an order of a channel differs from those of others; None where it has too few."""
    own = found.get(name)
    if own is None or own.count < minimum_n:
        return None
    rest = [sample for other, sample in found.items() if other != name]
    others = Sample(
        sum(sample.count for sample in rest),
        sum(sample.weight for sample in rest),
        sum(sample.squared_weight for sample in rest),
        sum(sample.total for sample in rest),
        sum(sample.squares for sample in rest),
    )
    if others.count < minimum_n:
        return None
    apart = weighed.means_differ(own, others)
    return apart.difference, apart.low, apart.high


def _apart(counts: dict[str, tuple[float, float]], name: str) -> float:
    """A channel's ratio less that of all others."""
    part, whole = counts[name]
    other, rest = _others(counts, name)
    return (part / whole if whole else 0.0) - (other / rest if rest else 0.0)


def _others(counts: dict[str, tuple[float, float]], name: str) -> tuple[float, float]:
    """The counts of all other channels together."""
    rest = [pair for other, pair in counts.items() if other != name]
    return sum(part for part, _ in rest), sum(whole for _, whole in rest)
