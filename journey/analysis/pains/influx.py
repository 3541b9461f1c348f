"""Weeks in which a channel brought people of another kind.

When a channel suddenly brings far more of all visitors than it used to (a campaign), those are
other people than before, and are compared with nobody.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from journey.analysis.pains.cases import Cases, Flags, Ints

INFLUX = 1.6
"""A channel that brings so many times its usual share of visitors brings other people."""


@dataclass(frozen=True)
class Influx:
    """The weeks of the channels that brought other people, and the week after each."""

    weeks: Flags
    """A row a week of the period, a column a channel."""
    channels: list[str]

    def without(self, places: list[Cases]) -> list[Cases]:
        """The cases without those that came in such a week."""
        return list(self._left(places))

    def _left(self, places: list[Cases]) -> Iterator[Cases]:
        for cases in places:
            # Of journeys that came back, the day they first came.
            came = cases.counts.get("awareness_day")
            day: Ints = cases.day if came is None else came.astype(np.int64)
            week = np.clip(day // 7, 0, len(self.weeks) - 1)
            place = [self.channels.index(name) if name in self.channels else -1
                     for name in cases.values["channel"]]  # fmt: skip
            channel = np.array(place, dtype=np.int64)[cases.segment["channel"]]
            yield cases.at(~(self.weeks[week, channel] & (channel >= 0) & (day >= 0)))


def influx(places: list[Cases], days: int) -> Influx:
    """The weeks in which a channel brought far more of the visitors than it usually does, and the
    one after each; visitors are those at the first of the places."""
    if not places:
        return Influx(np.zeros((1, 1), dtype=np.bool_), [])
    first = places[0]
    weeks = days // 7 + 1
    channels = len(first.values["channel"])
    code = first.day // 7 * channels + first.segment["channel"]
    came = np.bincount(code, first.people, weeks * channels).reshape(weeks, channels)
    all_came = came.sum(axis=1, keepdims=True)
    share = came / np.maximum(all_came, 1)
    # Weeks without a visitor, before the data begins or after it ends, are not usual.
    usual = np.median(share[all_came[:, 0] > 0], axis=0)
    more = (share > INFLUX * usual) & (came - usual * all_came > 4 * np.sqrt(usual * all_came + 1))
    more[1:] |= more[:-1].copy()
    return Influx(more, first.values["channel"])
