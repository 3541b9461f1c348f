"""What the incident did besides lost orders: checkouts that were harder, and calls for help."""

from datetime import date, timedelta

import polars as pl

from journey.analysis.experience import answers, scores
from journey.analysis.truth import wording
from journey.analysis.truth.scored import Part, Scored
from journey.analysis.truth.truthfile import Asked
from journey.metrics import metric as registry
from journey.metrics import statistics
from journey.metrics.filters import Filters


def incident(asked: Asked) -> list[Scored]:
    """The ease of the checkout and the share that calls for help there, on the device in the days
    of the incident less before it."""
    since = date.fromisoformat(asked.effects["incident"]["since"])
    until = since + timedelta(days=asked.effects["incident"]["days"])
    device = str(asked.effects["incident"]["device"])
    earlier = since - timedelta(days=asked.effects["incident"]["before_days"])
    where = f"{device}, {wording.span(since, until)}"
    during, before = (
        asked.engine.filters(*days, where={"device": (device,)})
        for days in ((since, until), (earlier, since))
    )
    return [_ease(asked, where, during, before), _calls(asked, where, during, before)]


def _ease(asked: Asked, where: str, during: Filters, before: Filters) -> Scored:
    """The customer effort score of the checkout."""
    planted = _apart(asked.effects["incident"]["effort_expected"], "score_sum", "answers")
    part = Part(
        "incident", "ease of the checkout (CES)", where, "score", planted, None,
        "experience scores --survey ces",
    )  # fmt: skip
    chosen = answers.choose(asked.engine, asked.config.surveys, during, "ces", method="mean")
    found = scores.every_method(asked.engine, asked.config, during, before, chosen)["mean"]
    own = next((row for row in found.rows if row.group == "checkout_started"), None)
    if own is None or own.test is None:
        count, least = own.sample.count if own else 0, asked.config.minimum_n
        return part.judged(None, note=f"{count} answers; a score is told from {least}.")
    return part.judged((own.test.difference, own.test.low, own.test.high), 0.0)


def _calls(asked: Asked, where: str, during: Filters, before: Filters) -> Scored:
    """The share of checkouts that end in a call."""
    planted = _apart(asked.effects["incident"]["calls_expected"], "calls", "checkouts")
    part = Part(
        "incident", "calls for help at the checkout", where, "points", planted, None,
        "pains/needed_help",
    )  # fmt: skip
    counts = []
    for frame in (during, before):
        rows = asked.engine.run(registry.find("needed_help"), frame).rows
        own = rows.filter(pl.col("place") == "checkout")
        counts.append((float(own["needed_help"].sum()), float(own["stood"].sum())))
    enough = min(whole for _, whole in counts) >= asked.config.minimum_n
    return part.judged(statistics.difference(*counts[0], *counts[1]) if enough else None, 0.0)


def _apart(planted: dict[str, dict[str, float]], total: str, count: str) -> float:
    """A mean in the days of the incident less that before them."""
    during, before = (
        one[total] / one[count] if one[count] else 0.0
        for one in (planted["during"], planted["before"])
    )
    return during - before
