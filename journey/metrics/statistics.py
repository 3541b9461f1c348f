"""How sure a number is: pure functions over counts. Intervals are 95 % unless said otherwise."""

from collections.abc import Sequence
from math import erfc, exp, log, sqrt

Z95 = 1.959963984540054
"""The 97.5 % point of the normal distribution."""


def wilson(part: float, whole: float, z: float = Z95) -> tuple[float, float]:
    """The Wilson score interval of a share (Wilson 1927); 0 to 1 where there is no case.

    >>> [round(100 * end, 1) for end in wilson(30, 200)]
    [10.7, 20.6]
    >>> wilson(0, 3)[0], wilson(3, 3)[1]
    (0.0, 1.0)
    """
    if whole <= 0:
        return 0.0, 1.0
    share = part / whole
    middle = share + z * z / (2 * whole)
    half = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    scale = 1 + z * z / whole
    # Of none the lower end is 0, of all the upper one 1; worked out, they miss it by rounding.
    low = max(0.0, (middle - half) / scale) if part > 0 else 0.0
    high = min(1.0, (middle + half) / scale) if part < whole else 1.0
    return low, high


def difference(
    part: float, whole: float, part_before: float, whole_before: float
) -> tuple[float, float, float]:
    """A share less the share before, with Newcombe's interval from two Wilson intervals (1998,
    method 10). Gives the difference and its ends, as shares.

    >>> [round(end, 4) for end in difference(56, 70, 48, 80)]
    [0.2, 0.0524, 0.3339]
    """
    now = part / whole, *wilson(part, whole)
    return apart(now, (part_before / whole_before, *wilson(part_before, whole_before)))


def apart(
    one: tuple[float, float, float], other: tuple[float, float, float]
) -> tuple[float, float, float]:
    """One value less another, each given with the ends of its interval: the difference and its
    ends, recovered from the two intervals (MOVER: Zou and Donner 2008). With Wilson's intervals
    of two shares this is Newcombe's method 10. Where the two share cases it is too wide, never
    too narrow, since then they vary together.

    >>> [round(end, 4) for end in apart((0.8, *wilson(56, 70)), (0.6, *wilson(48, 80)))]
    [0.2, 0.0524, 0.3339]
    """
    value, low, high = one
    value_other, low_other, high_other = other
    change = value - value_other
    down = sqrt((value - low) ** 2 + (high_other - value_other) ** 2)
    up = sqrt((high - value) ** 2 + (value_other - low_other) ** 2)
    return change, change - down, change + up


def ratio(
    one: tuple[float, float, float], other: tuple[float, float, float]
) -> tuple[float, float, float | None] | None:
    """One value over another, each given with the ends of its interval and none below 0: the ratio
    and its ends, recovered from the two intervals (MOVER for ratios: Donner and Zou 2012). The
    upper end is None where the other value may be 0; all is None where it is.

    >>> found = ratio((0.2, *wilson(56, 280)), (0.12, *wilson(30, 250)))
    >>> [round(end, 2) for end in found]
    [1.67, 1.11, 2.5]
    """
    value, low, high = one
    base, low_base, high_base = other
    if base <= 0:
        return None
    product = value * base
    below = product**2 - low * high_base * (2 * value - low) * (2 * base - high_base)
    above = product**2 - high * low_base * (2 * value - high) * (2 * base - low_base)
    down = high_base * (2 * base - high_base)
    if down:
        bottom = (product - sqrt(max(0.0, below))) / down
    else:
        bottom = low * (2 * value - low) / (2 * product) if product else 0.0
    top = low_base * (2 * base - low_base)
    upper = (product + sqrt(max(0.0, above))) / top if top > 0 else None
    return value / base, max(0.0, bottom), upper


def two_shares(part: float, whole: float, part_before: float, whole_before: float) -> float:
    """The two-sided p-value of the two-proportion z test with a pooled share; 1 where both
    shares are 0 or both are 1."""
    pooled = (part + part_before) / (whole + whole_before)
    spread = pooled * (1 - pooled) * (1 / whole + 1 / whole_before)
    if spread <= 0:
        return 1.0
    z = (part / whole - part_before / whole_before) / sqrt(spread)
    return erfc(abs(z) / sqrt(2))


def nps(promoters: float, detractors: float, responses: float) -> tuple[float, float, float]:
    """The net promoter score from -100 to 100, with its interval from p + d - (p - d)².

    >>> [round(value, 1) for value in nps(100, 40, 200)]
    [30.0, 19.2, 40.8]
    """
    share, against = promoters / responses, detractors / responses
    net = share - against
    error = sqrt(max(0.0, share + against - net * net) / responses)
    return 100 * net, 100 * max(-1.0, net - Z95 * error), 100 * min(1.0, net + Z95 * error)


def mean_on_scale(
    total: float, count: float, low: float, high: float
) -> tuple[float, float, float]:
    """A mean of answers on a scale, with the widest interval its sum and count allow.

    The spread of answers between `low` and `high` with this mean is at most
    (mean - low)(high - mean) (Bhatia and Davis 2000), so the true interval is no wider.
    """
    mean = total / count
    error = sqrt(max(0.0, (mean - low) * (high - mean)) / count)
    return mean, max(low, mean - Z95 * error), min(high, mean + Z95 * error)


def mean_from_sums(total: float, squares: float, count: float) -> tuple[float, float, float]:
    """A mean with its interval, from the sum and the sum of squares; for 30 cases or more.

    With fewer than two cases the interval is the value itself.
    """
    mean = total / count
    if count < 2:
        return mean, mean, mean
    variance = max(0.0, (squares - total * mean) / (count - 1))
    half = Z95 * sqrt(variance / count)
    return mean, mean - half, mean + half


def discoveries(chances: Sequence[float], rate: float = 0.10) -> list[bool]:
    """Which of many p-values stand where at most this share of those that stand may be false
    (Benjamini and Hochberg 1995).

    >>> discoveries([0.01, 0.04, 0.03, 0.5])
    [True, True, True, False]
    """
    order = sorted(range(len(chances)), key=lambda place: chances[place])
    last = 0
    for rank, place in enumerate(order, 1):
        if chances[place] <= rate * rank / len(chances):
            last = rank
    standing = set(order[:last])
    return [place in standing for place in range(len(chances))]


def kaplan_meier(
    events: Sequence[float], at_risk: Sequence[float], z: float = Z95
) -> list[tuple[float, float, float]]:
    """The share to whom it has happened by each time, with its interval, from how many it happened
    to and how many it still could: 1 minus the estimate of Kaplan and Meier (1958), the interval
    from Greenwood's variance on the scale of log(-log), which stays between 0 and 1.

    Times are in order; those at which nothing happens may be left out.

    >>> [tuple(round(v, 3) for v in step) for step in kaplan_meier([3, 1], [21, 17])]
    [(0.143, 0.048, 0.38), (0.193, 0.077, 0.437)]
    """
    survival, spread = 1.0, 0.0
    steps = []
    for happened, could in zip(events, at_risk, strict=True):
        if could > 0 and happened > 0:
            survival *= 1 - happened / could
            spread += happened / (could * (could - happened)) if could > happened else 0.0
        if not 0 < survival < 1 or not spread:
            steps.append((1 - survival, 1 - survival, 1 - survival))
            continue
        half = z * sqrt(spread) / abs(log(survival))
        low, high = 1 - survival ** exp(-half), 1 - survival ** exp(half)
        steps.append((1 - survival, low, high))
    return steps
