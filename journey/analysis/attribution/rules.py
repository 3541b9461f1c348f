"""Models that share an order by rule: who came first, last, in between, how long ago."""

from collections.abc import Callable

import numpy as np
from scipy import sparse

from journey.analysis.attribution.paths import Floats, Paths
from journey.analysis.attribution.ways import Ways


def first(ways: Ways) -> Floats:
    """All to the first visit."""
    shares = np.zeros(len(ways.steps))
    shares[ways.starts] = 1
    return shares


def last(ways: Ways) -> Floats:
    """All to the last visit."""
    shares = np.zeros(len(ways.steps))
    shares[ways.ends] = 1
    return shares


def last_non_direct(ways: Ways, direct: int) -> Floats:
    """All to the last visit that is not Direct; to the last one where all are."""
    others = np.flatnonzero(ways.steps != direct)
    place = ways.ends.copy()
    # Assigned in order, so that the last of a way's other visits remains.
    place[ways.way_of[others]] = others
    shares = np.zeros(len(ways.steps))
    shares[place] = 1
    return shares


def linear(ways: Ways) -> Floats:
    """The same to each visit."""
    return np.asarray((1 / ways.lengths)[ways.way_of])


def participation(ways: Ways) -> Floats:
    """All to each channel of the way, once: more is given than there is."""
    pairs = ways.way_of * ways.channels + ways.steps
    shares = np.zeros(len(pairs))
    shares[np.unique(pairs, return_index=True)[1]] = 1
    return shares


def each_channel_once(ways: Ways) -> Floats:
    """The same to each channel of the way, however often it came."""
    once = participation(ways)
    different = np.bincount(ways.way_of, once, minlength=ways.count)
    return np.asarray(once / different[ways.way_of])


def position(ways: Ways, front: float, middle: float, back: float) -> Floats:
    """By place: `front` to the first visit, `back` to the last, `middle` shared by those between.

    With two visits the middle falls away and the other two are scaled up (two halves where both
    are 0); a single visit has all.
    """
    n = ways.lengths
    ends = front + back
    whole = np.where(n > 2, ends + middle, ends)
    is_middle_only = (n == 2) & (ends == 0)
    to_front = np.where(is_middle_only, 0.5, front / np.where(whole > 0, whole, 1))
    to_back = np.where(is_middle_only, 0.5, back / np.where(whole > 0, whole, 1))
    between = (middle / np.where(whole > 0, whole, 1)) / np.maximum(n - 2, 1)
    shares = np.asarray(between[ways.way_of])
    shares[ways.starts] = to_front
    shares[ways.ends] = to_back
    shares[ways.starts[n == 1]] = 1
    return shares


def time_decay(paths: Paths, half_life_days: float) -> Floats:
    """Half as much for each half-life that a visit lies further back, scaled to sum to 1 in each
    path (Adobe Analytics: 2^(-t/half-life))."""
    if not len(paths.steps):
        return np.empty(0)
    # Counted from the path's latest visit, which changes nothing and keeps 2^-x above 0.
    latest = np.minimum.reduceat(paths.days, paths.starts)
    weights = np.exp2(-(paths.days - latest[paths.path_of]) / half_life_days)
    whole = np.add.reduceat(weights, paths.starts)
    return np.asarray(weights / whole[paths.path_of])


def by_rule(
    ways: Ways, direct: int, weights: tuple[float, float, float]
) -> dict[str, Callable[[], sparse.csr_matrix]]:
    """Model to the table of what each channel gets of each way."""
    shares: dict[str, Callable[[], Floats]] = {
        "first": lambda: first(ways),
        "last": lambda: last(ways),
        "last_non_direct": lambda: last_non_direct(ways, direct),
        "linear": lambda: linear(ways),
        "participation": lambda: participation(ways),
        "u_shaped": lambda: position(ways, 0.4, 0.2, 0.4),
        "j_shaped": lambda: position(ways, 0.2, 0.2, 0.6),
        "inverse_j": lambda: position(ways, 0.6, 0.2, 0.2),
        "custom": lambda: position(ways, *weights),
        "shapley": lambda: each_channel_once(ways),
    }

    def tabled(share: Callable[[], Floats]) -> Callable[[], sparse.csr_matrix]:
        return lambda: ways.table(share())

    return {name: tabled(share) for name, share in shares.items()}
