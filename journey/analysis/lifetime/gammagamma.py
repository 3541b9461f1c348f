"""Gamma-Gamma: what a purchase of a person is worth on average (Fader and Hardie 2013).

A person's purchases vary around a mean of their own by Gamma(p, nu), and nu between people by
Gamma(q, gamma). It asks that how much people spend has nothing to do with how often they buy.
"""

from functools import partial
from math import atanh, isfinite, sqrt, tanh

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import digamma, gammaln

from journey.analysis.lifetime.fitting import EdgeError, Fit, Numbers, maximise, thinned
from journey.errors import MetricError
from journey.metrics.statistics import Z95

NAMES = ("p", "q", "gamma")

MOST_CORRELATION = 0.2
"""From here on, either side of zero, value and frequency count as related. The published example
has 0.11; nobody has drawn a line, so this one is ours."""


def likelihood(repeats: Numbers, mean: Numbers, logs: Numbers) -> tuple[float, Numbers]:
    """The log-likelihood of people with x repeats of mean value, and its gradient in the logs."""
    p, q, gamma = np.exp(logs)
    px = p * repeats
    total = np.log(gamma + repeats * mean)
    value = gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(gamma)
    value += (px - 1) * np.log(mean) + px * np.log(repeats) - (px + q) * total
    by_p = repeats * (digamma(px + q) - digamma(px) + np.log(mean) + np.log(repeats) - total)
    by_q = digamma(px + q) - digamma(q) + np.log(gamma) - total
    by_gamma = q / gamma - (px + q) / (gamma + repeats * mean)
    gradient = np.array([p * by_p.sum(), q * by_q.sum(), gamma * by_gamma.sum()])
    return float(value.sum()), gradient


def fit(repeats: Numbers, mean: Numbers) -> Fit:
    """The model of people who came back; their mean values must be above zero.

    Raises MetricError, in words, where value and frequency are related or there is no such model.
    """
    related, low, high = correlation(repeats, mean)
    if abs(related) > MOST_CORRELATION and (low > 0 or high < 0):
        more = "more" if related > 0 else "less"
        raise MetricError(
            f"People who buy more often spend {more} on each purchase (correlation {related:.2f}, "
            f"95 %: {low:.2f} to {high:.2f}), and the model of value (Gamma-Gamma) takes the two "
            "for unrelated. So purchases are forecast, but not their value. Filter to a segment "
            "in which the two are unrelated."
        )
    # Around a mean value of 1 the search is well conditioned whatever the currency.
    scale = float(np.exp(np.log(mean).mean()))
    scaled = mean / scale
    starts = [np.log(start) for start in ((4.0, 4.0, 4.0), (1.0, 2.0, 1.0), (20.0, 10.0, 1.0))]
    try:
        some = thinned(len(repeats))
        found = maximise(
            NAMES,
            partial(likelihood, repeats, scaled),
            starts,
            len(repeats),
            rough=(partial(likelihood, repeats[some], scaled[some]), len(repeats[some])),
        )
    except EdgeError:
        raise MetricError(
            "The model of value (Gamma-Gamma) has no best fit here: the values of purchases do not "
            "differ enough, within or between people. So purchases are forecast, but not their "
            "value. Take in a longer history, or more buyers."
        ) from None
    p, q, gamma = found.values
    if q <= 1:
        raise MetricError(
            f"Values differ so much between people (q = {q:.2f}, at most 1) that the model of "
            "value (Gamma-Gamma) has no mean. So purchases are forecast, but not their value. "
            "Leave out wholesale buyers by a filter."
        )
    moved = found.log_likelihood - float(np.log(scale)) * len(repeats)
    return Fit(NAMES, (p, q, gamma * scale), found.covariance, moved, found.cases)


def expected_value(model: Fit | tuple[float, ...], repeats: ArrayLike, mean: ArrayLike) -> Numbers:
    """The mean value of a person's purchases to come: between their own mean so far and
    everyone's, which is all there is for someone who never came back."""
    p, q, gamma = model.values if isinstance(model, Fit) else model
    repeats = np.asarray(repeats, dtype=np.float64)
    spent = np.where(repeats > 0, np.asarray(mean, dtype=np.float64), 0.0)
    return np.asarray(p * (gamma + repeats * spent) / (p * repeats + q - 1))


def correlation(repeats: Numbers, mean: Numbers) -> tuple[float, float, float]:
    """Pearson's correlation of frequency and value with its interval by Fisher's transformation;
    0 where one of the two never varies."""
    if len(repeats) < 4 or np.ptp(repeats) == 0 or np.ptp(mean) == 0:
        return 0.0, -1.0, 1.0
    value = float(np.corrcoef(repeats, mean)[0, 1])
    if not isfinite(value):
        return 0.0, -1.0, 1.0
    middle = atanh(max(-1 + 1e-12, min(1 - 1e-12, value)))
    half = Z95 / sqrt(len(repeats) - 3)
    return value, tanh(middle - half), tanh(middle + half)
