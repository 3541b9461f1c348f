"""Weeks in which a channel brought people of another kind.

When a channel suddenly brings far more of all visitors than it used to (a campaign), those are
other people than before, and are compared with nobody.
"""

import numpy as np

from journey.analysis.pains.cases import Cases

INFLUX = 1.6
"""A channel that brings so many times its usual share of visitors brings other people."""


def without_influx(places: list[Cases], days: int) -> list[Cases]:
    """The cases without the weeks, and the one after each, in which a channel brought far more of
    the visitors than it usually does."""
    if not places:
        return []
    first = places[0]
    weeks = days // 7 + 1
    channels = len(first.values["channel"])
    code = first.day // 7 * channels + first.segment["channel"]
    came = np.bincount(code, first.people, weeks * channels).reshape(weeks, channels)
    all_came = came.sum(axis=1, keepdims=True)
    share = came / np.maximum(all_came, 1)
    usual = np.median(share, axis=0)
    more = (share > INFLUX * usual) & (came - usual * all_came > 4 * np.sqrt(usual * all_came + 1))
    more[1:] |= more[:-1].copy()
    return [
        cases.at(~more[np.minimum(cases.day // 7, weeks - 1), cases.segment["channel"]])
        for cases in places
    ]
