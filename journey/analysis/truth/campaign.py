"""The campaign, what it cost, and the experiment: things a business did and wants to read back."""

from datetime import date, timedelta
from math import exp, inf, log, sqrt

import polars as pl

from journey.analysis.attribution.spend import read_spend
from journey.analysis.changes import asking
from journey.analysis.experiments import arms, readout
from journey.analysis.truth import wording
from journey.analysis.truth.scored import Ends, Part, Scored
from journey.analysis.truth.truthfile import Asked
from journey.metrics import metric as registry
from journey.metrics import statistics
from journey.metrics.filters import Filters

BEFORE = 56
"""Days before the campaign that it is held against."""


def campaign(asked: Asked) -> list[Scored]:
    """More journeys from one channel, of lower intent."""
    effect = asked.effects["campaign"]
    channel = effect["channel"]
    where = f"{channel}, {_when(asked)}"
    during, before = _frames(asked)
    first, later, others = (effect["journeys"][name] for name in ("first", "later", "others"))
    usual = first / effect["reach_factor"]
    shares = [came / (came + others) for came in (first + later, usual + later)]
    rates = []
    for name, size in (("with", first), ("without", usual)):
        likely = {part: one[name] for part, one in effect["orders_expected"].items()}
        rate = size / first * likely["first"] + likely["later"] if first else 0.0
        rates.append(rate / (size + later) if size + later else 0.0)
    _, split = asking.ask(
        asked.engine, "conversion_rate", "channel", during, before, asked.config.minimum_n
    )
    own = next((one for one in split.contributions if one.group == channel), None)
    now, was = (_shares(asked, channel, frame) for frame in (during, before))
    enough = min(now[1], was[1]) >= asked.config.minimum_n
    reach = Part(
        "campaign", "share of journeys that began through it", where, "points",
        shares[0] - shares[1], None, "awareness/journeys_by_channel",
    )  # fmt: skip
    intent = Part(
        "campaign", "conversion of these journeys", where, "points",
        rates[0] - rates[1], None, "changes conversion_rate --by channel",
    )  # fmt: skip
    moved = None
    if own is not None and own.low is not None:
        moved = statistics.difference(*own.now, *own.before)
    return [
        reach.judged(statistics.difference(*now, *was) if enough else None, nothing=0.0),
        intent.judged(moved, nothing=0.0),
    ]


def spend(asked: Asked) -> list[Scored]:
    """What each paid channel cost, and how much more a visit cost while the campaign ran."""
    effect, folder = asked.effects["spend"], asked.engine.folder
    named = "attribution --spend"
    whole = read_spend(folder.spend, asked.frame(), "EUR")
    lines = []
    for channel, cost in effect["costs"].items():
        part = Part("spend", f"cost of {channel}", "", "money", cost, cost, named)
        seen = whole.costs.get(channel) if whole else None
        # A file of costs is no sample: it is right to the cent or wrong.
        ends = None if seen is None else (seen, seen - 0.005, seen + 0.005)
        lines.append(part.judged(ends, note="" if whole else f"There is no {folder.spend}."))
    factor = Part(
        "spend", "cost of a session through the campaign's channel, times before",
        _when(asked), "ratio",
        effect["campaign_factor"], None, "channels/sessions_by_channel",
    )  # fmt: skip
    return [*lines, factor.judged(_dearer(asked), nothing=1.0)]


def experiment(asked: Asked) -> list[Scored]:
    """The lift of variant B, as its read-out has it."""
    effect = asked.effects["experiment"]
    counts = [effect["arms"][arm] for arm in "AB"]
    rates = [one["ordered"] / one["decided"] if one["decided"] else 0.0 for one in counts]
    part = Part(
        "experiment", "orders of B against A, less 1", effect["name"], "ratio",
        effect["uplift_factor"] - 1, rates[1] / rates[0] - 1 if rates[0] else None, "experiments",
    )  # fmt: skip
    if effect["name"] not in arms.names(asked.engine, asked.frame()):
        return [part.judged(None)]
    found = readout.read(asked.engine, asked.config, asked.frame(), effect["name"])
    one = next(iter(found.comparisons), None)
    if one is None or one.relative is None:
        return [part.judged(None)]
    value, low, high = one.relative
    note = one.verdict
    if one.smallest is not None:
        note += f"; {found.people:,} people show a rise from {100 * one.smallest:.0f} points on"
    return [part.judged((value, low, inf if high is None else high), 0.0, note=note)]


def _when(asked: Asked) -> str:
    """The campaign's days."""
    during = _frames(asked)[0]
    return wording.span(during.since, during.until)


def _frames(asked: Asked) -> tuple[Filters, Filters]:
    """The campaign's days, and those before it."""
    effect = asked.effects["campaign"]
    since = date.fromisoformat(effect["since"])
    return (
        asked.frame(since, since + timedelta(days=effect["days"])),
        asked.frame(since - timedelta(days=BEFORE), since),
    )


def _shares(asked: Asked, channel: str, frame: Filters) -> tuple[float, float]:
    """How many journeys began through a channel, of how many."""
    rows = asked.engine.run(registry.find("journeys_by_channel"), frame).rows
    own = rows.filter(pl.col("channel") == channel)["journeys"].sum()
    return float(own), float(rows["journeys"].sum())


def _dearer(asked: Asked) -> Ends | None:
    """Cost per session through the campaign's channel over that before. Sessions arrive one by
    one: the logarithm of the ratio has the variance 1/n + 1/m."""
    channel = asked.effects["campaign"]["channel"]
    metric = registry.find("sessions_by_channel")
    each, spread = [], 0.0
    for frame in _frames(asked):
        costs = read_spend(asked.engine.folder.spend, frame, "EUR")
        rows = asked.engine.run(metric, frame).rows
        sessions = float(rows.filter(pl.col("channel") == channel)["sessions"].sum())
        cost = costs.costs.get(channel, 0.0) if costs else 0.0
        if not cost or not sessions:
            return None
        each.append(cost / sessions)
        spread += 1 / sessions
    middle, half = log(each[0] / each[1]), statistics.Z95 * sqrt(spread)
    return exp(middle), exp(middle - half), exp(middle + half)
