"""When things happen: a clock that runs fast in busy hours and slowly in quiet ones.

Times are hours since the start of the world. A uniform draw on the busy clock, read back on the
ordinary one, follows the season, the weekday and the hour without any rejected draws.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import numpy.typing as npt

from .story import Story

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# Traffic by hour of the day: asleep at night, lunch, the evening peak.
DAY = (
    .35, .22, .16, .14, .16, .28, .50, .75, .92, 1.0, 1.05, 1.12,
    1.25, 1.18, 1.08, 1.05, 1.10, 1.22, 1.40, 1.62, 1.85, 1.80, 1.35, .75,
)  # fmt: skip
BEYOND_DAYS = 250  # plans may reach past the last day; their touches are not written
OPENS, OPEN_HOURS = 9.0, 11.0


class Clock:
    """An hourly weight, turned into a mapping of time."""

    def __init__(self, weights: Floats) -> None:
        """Take the weight of each hour of the world."""
        self.edges = np.arange(len(weights) + 1, dtype=np.float64)
        self.busy = np.concatenate(([0.0], np.cumsum(weights / weights.mean())))

    def between(self, low: Floats, high: Floats, share: Floats) -> Floats:
        """The time at which a share of the traffic between two times has passed."""
        start, end = np.interp(low, self.edges, self.busy), np.interp(high, self.edges, self.busy)
        return np.interp(start + share * (end - start), self.busy, self.edges)

    def after(self, start: Floats, hours: Floats) -> Floats:
        """The time that lies so many average hours of traffic after a start."""
        return np.interp(np.interp(start, self.edges, self.busy) + hours, self.busy, self.edges)


def demand_clock(story: Story, *, first: bool) -> Clock:
    """The clock of new journeys: growth, season, weekday and hour.

    That of first journeys also knows what brings extra people.
    """
    days = _season(story) * _week(story)
    if first:
        days *= _arrivals(story)
    return Clock((days[:, None] * np.array(DAY)).ravel())


def visit_clock(story: Story) -> Clock:
    """The clock of later visits: weekday and hour only, so that seasons do not bend durations."""
    return Clock((_week(story)[:, None] * np.array(DAY)).ravel())


def opening_hours(at: Floats) -> Floats:
    """The same day, squeezed into opening hours."""
    day = np.floor(at / 24.0) * 24.0
    return np.asarray(day + OPENS + (at - day) * (OPEN_HOURS / 24.0))


def in_span(at: Floats, low: float, days: int) -> Flags:
    """Which times lie in the days from a time on."""
    return np.asarray((at >= low) & (at < low + days * 24.0))


def _season(story: Story) -> Floats:
    weights = np.empty(story.days + BEYOND_DAYS)
    for i in range(len(weights)):
        day = story.first_day + timedelta(days=i)
        # Months blend into each other: the weight stands for the middle of its month.
        position = (day.month - 1) + (day.day - 15) / 30.0
        low = int(np.floor(position))
        share = position - low
        season = story.months[low % 12] * (1 - share) + story.months[(low + 1) % 12] * share
        weights[i] = season * (1 + story.growth_per_month) ** (i / 30.4)
    return weights


def _arrivals(story: Story) -> Floats:
    """The campaign's extra people, and those the business already had."""
    paid = next(c.first for c in story.channels if c.name == story.campaign_channel)
    day = np.arange(story.days + BEYOND_DAYS, dtype=np.float64)
    campaign = in_span(day * 24.0, story.hour_of(story.campaign_since), story.campaign_days)
    met = 1 + story.known_before * np.exp(-day / story.known_before_days)
    return np.asarray(met * np.where(campaign, 1 + paid * (story.campaign_reach - 1), 1.0))


def _week(story: Story) -> Floats:
    days = np.arange(story.days + BEYOND_DAYS) + story.first_day.weekday()
    return np.array(story.weekdays)[days % 7]
