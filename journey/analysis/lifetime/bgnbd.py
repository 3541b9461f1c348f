"""BG/NBD: how often people buy, and when they stop (Fader, Hardie and Lee 2005).

While a customer, a person buys at a rate of their own; after each purchase they stop for good with
a chance of their own. Rates differ between people by Gamma(r, alpha), chances by Beta(a, b). Time
is in weeks. One trap comes with it: someone who never came back has had no chance to stop since, so
their chance of being a customer still is 1 in this model.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import digamma, expit, gammaln, hyp2f1, polygamma

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

NAMES = ("r", "alpha", "a", "b")

Model = Fit | tuple[float, ...]
"""A fit, or the four parameters alone."""


@dataclass(frozen=True)
class History:
    """What the model needs to know of people; those with equal histories are one entry."""

    repeats: Numbers
    """x: days with a purchase after the first."""
    recency: Numbers
    """t_x: weeks from the first purchase to the last; 0 without repeats."""
    age: Numbers
    """T: weeks from the first purchase to the end of the observation."""
    people: Numbers
    """How many people have this history."""

    def thinned(self) -> "History":
        """Some of the histories, spread over all of them."""
        some = thinned(len(self.people))
        return History(self.repeats[some], self.recency[some], self.age[some], self.people[some])


class Likelihood:
    """The log-likelihood of a set of histories, with its first and second derivatives in the logs
    of the parameters.

    Everything that depends on one of x, t_x and T alone is worked out once for each of its values,
    and what is linear in x once for each T; only people who came back need a term of their own.
    """

    def __init__(self, history: History) -> None:
        self.x, own_x = np.unique(history.repeats, return_inverse=True)
        self.age, own_age = np.unique(history.age, return_inverse=True)
        self._of_x = weighed(own_x, history.people)
        self._of_age = weighed(own_age, history.people)
        self._bought = weighed(own_age, history.people * history.repeats)
        again = history.repeats > 0
        self._people, self._repeats = history.people[again], history.repeats[again]
        self.late, self._late = np.unique(history.recency[again], return_inverse=True)
        self._x, self._age = own_x[again], own_age[again]

    def __call__(self, logs: Numbers) -> tuple[float, Numbers]:
        """The log-likelihood and its gradient."""
        value, gradient, _ = self._told(logs, curved=False)
        return value, gradient

    def curvature(self, logs: Numbers) -> Numbers:
        """The matrix of second derivatives."""
        return self._told(logs, curved=True)[2]

    def _told(self, logs: Numbers, curved: bool) -> tuple[float, Numbers, Numbers]:
        """The log-likelihood, its gradient and, where it is asked for, its second derivatives."""
        r, alpha, a, b = np.exp(logs)
        x, of_x, n = self.x, self._of_x, self._people
        older, later = alpha + self.age, alpha + self.late
        gap = np.log(older)[self._age] - np.log(later)[self._late]
        power = r + self._repeats
        # With no repeat the divisor may be anything: the term is not used there.
        stopped = np.where(x > 0, b + x - 1, 1.0)
        odds = (np.log(a) - np.log(stopped))[self._x] + power * gap
        small = np.exp(-np.abs(odds))
        gone = np.where(odds > 0, 1.0, small) / (1 + small)
        steady = gammaln(r + x) - gammaln(r) + gammaln(a + b) + gammaln(b + x)
        steady += r * np.log(alpha) - gammaln(b) - gammaln(a + b + x)
        powers = r * self._of_age + self._bought
        value = dot(of_x, steady) - dot(powers, np.log(older))
        value += dot(n, np.maximum(odds, 0.0) + np.log1p(small))

        weight = n * gone
        turned = (1 / older)[self._age] - (1 / later)[self._late]
        weighed_x = weighed(self._x, weight, len(x))
        both = digamma(a + b) - digamma(a + b + x)
        by = np.array([
            dot(of_x, digamma(r + x) - digamma(r) + np.log(alpha))
            - dot(self._of_age, np.log(older)) + dot(weight, gap),
            of_x.sum() * r / alpha - dot(powers, 1 / older) + dot(weight, power * turned),
            dot(of_x, both) + weight.sum() / a,
            dot(of_x, both + digamma(b + x) - digamma(b)) - dot(weighed_x, 1 / stopped),
        ])  # fmt: skip
        values = np.array([r, alpha, a, b])
        gradient = by * values
        if not curved:
            return float(value), gradient, np.empty((0, 0))

        # How the odds bend, by each pair of parameters, and how they are spread.
        unsure = weight * (1 - gone)
        slopes = (gap, power * turned, np.full(len(n), 1 / a), -(1 / stopped)[self._x])
        second = np.array([[dot(unsure * i, j) for j in slopes] for i in slopes])
        second[0, 1] += dot(weight, turned) + of_x.sum() / alpha - dot(self._of_age, 1 / older)
        second[1, 0] = second[0, 1]
        bent = (1 / later**2)[self._late] - (1 / older**2)[self._age]
        second[1, 1] += dot(weight, power * bent) - of_x.sum() * r / alpha**2
        second[1, 1] += dot(powers, 1 / older**2)
        shared = dot(of_x, polygamma(1, a + b) - polygamma(1, a + b + x))
        second[2:, 2:] += shared
        second[0, 0] += dot(of_x, polygamma(1, r + x) - polygamma(1, r))
        second[2, 2] -= weight.sum() / a**2
        second[3, 3] += dot(of_x, polygamma(1, b + x) - polygamma(1, b))
        second[3, 3] += dot(weighed_x, 1 / stopped**2)
        return float(value), gradient, second * np.outer(values, values) + np.diag(gradient)


ALIKE = 100.0
"""What a + b is set to where the buyers' chances to stop cannot be told apart: then nine in ten
chances lie within 8 points of their mean, and more would change no forecast."""


def fit(history: History) -> Fit:
    """The model of these histories. Raises MetricError, in words, where they have no such model."""
    people = round(float(history.people.sum()))
    pace = float(history.people @ history.age) / people
    starts = [
        np.log([r, r * pace * stretch, a, b])
        for r, stretch, a, b in (
            (0.5, 1.0, 0.8, 2.5), (0.2, 0.3, 0.3, 1.0), (2.0, 2.0, 1.0, 5.0), (0.1, 0.1, 1.0, 1.0),
        )
    ]  # fmt: skip
    likelihood, few = Likelihood(history), history.thinned()
    rough = Likelihood(few), round(float(few.people.sum()))
    try:
        try:
            return maximise(NAMES, likelihood, starts, people, rough, likelihood.curvature)
        except EdgeError as edge:
            if edge.parameter not in "ab" or not edge.upwards:
                raise
            return _fit_alike(likelihood, [start[:2] for start in starts], people)
    except EdgeError as edge:
        raise MetricError(f"{_EDGES[edge.parameter]} {_REMEDY}") from None


def _fit_alike(likelihood: Likelihood, starts: list[Numbers], people: int) -> Fit:
    """The model of buyers who are alike in their chance to stop: a + b given, a to b fitted."""

    def objective(logs: Numbers) -> tuple[float, Numbers]:
        share = float(expit(logs[2]))
        value, by = likelihood(np.append(logs[:2], np.log([ALIKE * share, ALIKE * (1 - share)])))
        return value, np.append(by[:2], by[2] * (1 - share) - by[3] * share)

    apart = [np.append(start, odds) for start in starts for odds in (-1.0, 1.0)]
    found = maximise(("r", "alpha", "a"), objective, apart, people)
    share = found["a"] / (1 + found["a"])
    turn = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1 - share], [0, 0, -share]])
    return Fit(
        NAMES,
        (*found.values[:2], ALIKE * share, ALIKE * (1 - share)),
        turn @ found.covariance @ turn.T,
        found.log_likelihood,
        people,
        f"Buyers hardly differ in their chance to stop, so a + b is set to {ALIKE:.0f}: "
        f"each stops after a purchase with a chance of about {share:.0%}.",
    )


_EDGES = {
    "r": "Buyers do not differ enough in how often they buy to tell their rates apart.",
    "alpha": "Buyers do not differ enough in how often they buy to tell their rates apart.",
    "a": "These buyers show no stopping that could be told from buying seldom (a runs to 0).",
    "b": "Nearly all of these buyers stop at once, or nobody can be told to (b runs to 0).",
}
_REMEDY = (
    "So the model (BG/NBD) has no best fit, and nothing is predicted. Take in a longer history, "
    "or more buyers."
)


def alive(model: Model, x: ArrayLike, late: ArrayLike, age: ArrayLike) -> Numbers:
    """The chance that a person with this history is a customer still: 1 without any repeat."""
    r, alpha, a, b = values_of(model)
    x, late, age = (np.asarray(values, dtype=np.float64) for values in (x, late, age))
    odds = np.log(a) - np.log(np.maximum(b + x - 1, 1e-300))
    odds = odds + (r + x) * (np.log(alpha + age) - np.log(alpha + late))
    return np.where(x > 0, expit(-odds), 1.0)


def expected(model: Model, weeks: float, x: ArrayLike, late: ArrayLike, age: ArrayLike) -> Numbers:
    """How many purchases a person with this history makes in the next weeks, on average."""
    return np.asarray(alive(model, x, late, age) * expected_if_alive(model, weeks, x, age))


def expected_anew(model: Model, weeks: ArrayLike) -> Numbers:
    """How many repeat purchases a new customer makes in the first weeks, on average."""
    return expected_if_alive(model, weeks, 0.0, 0.0)


def expected_if_alive(model: Model, weeks: ArrayLike, x: ArrayLike, age: ArrayLike) -> Numbers:
    """The purchases to expect in the next weeks of a customer who is one still.

    This is the paper's equation 10 after Euler's transformation of its hypergeometric function,
    (1-z)^(r+x) F(r+x, b+x; c; z) = (1-z)^(a-1) F(a+b-1-r, a-1; c; z) with c = a+b+x-1: the
    parameters stay small however often someone bought, so that nothing overflows.
    """
    alpha = values_of(model)[1]
    weeks, age = (np.asarray(values, dtype=np.float64) for values in (weeks, age))
    return expected_by_share(model, weeks / (alpha + age + weeks), x)


def expected_by_share(model: Model, share: ArrayLike, x: ArrayLike) -> Numbers:
    """The same by the weeks' share of alpha, T and the weeks together: apart from x, all that the
    number of weeks and T do is in it."""
    r, _, a, b = values_of(model)
    share, x = (np.asarray(values, dtype=np.float64) for values in (share, x))
    # The formula has a gap that closes, 0/0, where a is 1 and where a person has c = 0.
    a += 1e-7 if abs(a - 1) < 1e-7 else 0.0
    b += 1e-7 if abs(a + b - 1) < 1e-7 else 0.0
    c = a + b + x - 1
    kept = np.exp((a - 1) * np.log1p(-share))
    return np.asarray(c / (a - 1) * (1 - kept * hyp2f1(a + b - 1 - r, a - 1, c, share)))


def values_of(model: Model) -> tuple[float, ...]:
    """The four parameters."""
    return model.values if isinstance(model, Fit) else tuple(map(float, model))
