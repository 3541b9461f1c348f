"""Gamma-Gamma: what a purchase of a person is worth on average (Fader and Hardie 2013).

A person's purchases vary around a mean of their own by Gamma(p, nu), and nu between people by
Gamma(q, gamma). It asks that how much people spend has nothing to do with how often they buy.
"""

from math import atanh, isfinite, sqrt, tanh

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import digamma, gammaln, polygamma

from journey.analysis.lifetime.fitting import (
    EdgeError,
    Fit,
    Numbers,
    dot,
    maximise,
    thinned,
    weighed,
)
from journey.errors import MetricError
from journey.metrics.statistics import Z95

NAMES = ("p", "q", "gamma")

MOST_CORRELATION = 0.2
"""From here on, either side of zero, value and frequency count as related. The published example
has 0.11; nobody has drawn a line, so this one is ours."""


class Likelihood:
    """The log-likelihood of people with x repeats of mean value, with its first and second
    derivatives in the logs of the parameters.

    What depends on x alone is worked out once for each x; all a person adds is the logarithm of
    gamma + x times their mean.
    """

    def __init__(self, repeats: Numbers, mean: Numbers) -> None:
        self.x, place = np.unique(repeats, return_inverse=True)
        self._of_x = weighed(place, np.ones(len(place)))
        self._repeats, self._spent = repeats, repeats * mean
        self._logs = float(np.log(mean).sum())
        self._weighed_logs = dot(repeats, np.log(mean) + np.log(repeats))

    def __call__(self, logs: Numbers) -> tuple[float, Numbers]:
        """The log-likelihood and its gradient."""
        p, q, gamma = np.exp(logs)
        px, of_x, people = p * self.x, self._of_x, len(self._repeats)
        totals = gamma + self._spent
        total = np.log(totals)
        all_totals, bought_totals = float(total.sum()), dot(self._repeats, total)
        turned, bought_turned = self._turned(1 / totals)
        value = dot(of_x, gammaln(px + q) - gammaln(px)) + people * (q * np.log(gamma) - gammaln(q))
        value += p * self._weighed_logs - self._logs - p * bought_totals - q * all_totals
        by_p = dot(of_x, self.x * (digamma(px + q) - digamma(px)))
        by_p += self._weighed_logs - bought_totals
        by_q = dot(of_x, digamma(px + q)) + people * (np.log(gamma) - digamma(q)) - all_totals
        by_gamma = people * q / gamma - p * bought_turned - q * turned
        return float(value), np.array([p * by_p, q * by_q, gamma * by_gamma])

    def curvature(self, logs: Numbers) -> Numbers:
        """The matrix of second derivatives."""
        p, q, gamma = values = np.exp(logs)
        px, of_x, people = p * self.x, self._of_x, len(self._repeats)
        inverse = 1 / (gamma + self._spent)
        turned, bought_turned = self._turned(inverse)
        squares, bought_squares = self._turned(inverse * inverse)
        bent = polygamma(1, px + q)
        by_p = dot(of_x, self.x**2 * (bent - polygamma(1, px)))
        by_q = dot(of_x, bent) - people * polygamma(1, q)
        by_gamma = p * bought_squares + q * squares - people * q / gamma**2
        p_q, p_gamma, q_gamma = dot(of_x, self.x * bent), -bought_turned, people / gamma - turned
        second = np.array(
            [[by_p, p_q, p_gamma], [p_q, by_q, q_gamma], [p_gamma, q_gamma, by_gamma]]
        )
        return np.asarray(second * np.outer(values, values) + np.diag(self(logs)[1]))

    def _turned(self, inverse: Numbers) -> tuple[float, float]:
        """The sums over people, plain and times their repeats."""
        return float(inverse.sum()), dot(self._repeats, inverse)


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
        likelihood, some = Likelihood(repeats, scaled), thinned(len(repeats))
        rough = Likelihood(repeats[some], scaled[some]), len(repeats[some])
        found = maximise(NAMES, likelihood, starts, len(repeats), rough, likelihood.curvature)
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
