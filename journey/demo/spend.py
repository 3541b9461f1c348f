"""What the demo's channels cost, day by day, as a business would keep it in `spend.csv`."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date, timedelta

import polars as pl

from .story import Story

SPEND = "spend.csv"

Arrivals = Counter[tuple[date, str]]
"""Day and channel to how many visits it opened."""


def arrivals(story: Story, rows: pl.DataFrame) -> Arrivals:
    """The visits that channels with a price opened, by the touch that opens one through each."""
    opens = [
        (pl.col("channel") == channel.name) & (pl.col("touchpoint") == channel.entry)
        for channel in story.channels
        if channel.name in dict(story.cost_per_visit)
    ]
    counts = (
        rows.filter(pl.any_horizontal(opens))
        .group_by(pl.col("occurred_at").dt.date().alias("day"), "channel")
        .len()
    )
    return Counter({(day, channel): n for day, channel, n in counts.iter_rows()})


def spend_csv(story: Story, visits: Arrivals) -> str:
    """Day, channel, cost and currency of every day on which something was spent."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(("day", "channel", "cost", "currency"))
    for (day, channel), n in sorted(visits.items()):
        lines.writerow((day.isoformat(), channel, f"{n * price(story, channel, day):.2f}", "EUR"))
    return text.getvalue()


def price(story: Story, channel: str, day: date) -> float:
    """What a visit through the channel cost that day: more while the campaign ran."""
    usual = dict(story.cost_per_visit)[channel]
    end = story.campaign_since + timedelta(days=story.campaign_days)
    running = channel == story.campaign_channel and story.campaign_since <= day < end
    return round(usual * (story.campaign_cost_factor if running else 1.0), 4)
