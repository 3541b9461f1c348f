"""Shapley values of channels, where what a coalition of channels is worth is its conversion rate.

With the orders of all paths inside a coalition as its worth, the values have a closed form that
shares each order evenly between the channels of its path (`rules.each_channel_once`): linear over
different channels, no more (ianchute/shapley-attribution#1). Here a coalition is worth the share
of orders among the paths that held exactly its channels, as in DP6's MAM, so that channels which
do better together gain by it.
"""

from dataclasses import dataclass
from math import factorial

import numpy as np
from scipy import sparse

from journey.analysis.attribution.paths import Floats, Ints
from journey.analysis.attribution.ways import Tally, Ways

MOST_CHANNELS = 12
"""Every coalition counts, and with each channel there are twice as many."""


@dataclass(frozen=True)
class Coalitions:
    """Which channels each way brings together, as bits of a number."""

    channels: int
    of_way: sparse.csr_matrix
    """Coalition (rows) by way."""
    gains: Floats
    """Channel by coalition: how the worth of the coalition counts towards the channel's value."""


def coalitions(ways: Ways) -> Coalitions:
    """The coalitions of at most `MOST_CHANNELS` channels."""
    mask = np.zeros(ways.count, dtype=np.int64)
    np.bitwise_or.at(mask, ways.way_of, np.int64(1) << ways.steps)
    shape = (1 << ways.channels, ways.count)
    entries = (np.ones(ways.count), (mask, np.arange(ways.count)))
    return Coalitions(ways.channels, sparse.csr_matrix(entries, shape=shape), gains(ways.channels))


def gains(channels: int) -> Floats:
    """The Shapley weights as one table: values = gains @ worths.

    A coalition with the channel counts (s-1)!(n-s)!/n! for it, one without it -s!(n-s-1)!/n!.
    """
    every = np.arange(1 << channels)
    size = np.bitwise_count(every).astype(np.int64)
    whole = factorial(channels)
    joins = [factorial(s - 1) * factorial(channels - s) / whole for s in range(1, channels + 1)]
    with_it, without_it = np.array([0.0, *joins]), np.array([*joins, 0.0])
    table = np.empty((channels, len(every)))
    for channel in range(channels):
        has = (every >> channel) & 1 == 1
        table[channel] = np.where(has, with_it[size], -without_it[size])
    return table


def values(found: Coalitions, tally: Tally) -> Floats:
    """The Shapley value of each channel (rows) in each draw, as it is: some may be negative."""
    return np.asarray(found.gains @ worths(found, tally))


def worths(found: Coalitions, tally: Tally) -> Floats:
    """The share of orders among the paths of exactly each coalition; 0 where nobody took one."""
    orders = found.of_way @ tally.orders
    paths = orders + found.of_way @ tally.nulls
    return np.asarray(orders / np.where(paths > 0, paths, 1))


def shares(found: Coalitions, tally: Tally) -> Floats:
    """The values with negative ones at 0, scaled to sum to 1 (0 where none is above 0)."""
    kept = np.clip(values(found, tally), 0, None)
    whole = kept.sum(axis=0)
    return np.asarray(kept / np.where(whole > 0, whole, 1))


def seen(found: Coalitions, tally: Tally) -> Ints:
    """How many paths held exactly each coalition, the empty one left out."""
    paths = (found.of_way @ (tally.orders + tally.nulls))[1:, 0]
    return np.asarray(np.rint(paths), dtype=np.int64)
