"""BG/NBD: how often people buy, and when they stop (Fader, Hardie and Lee 2005).

While a customer, a person buys at a rate of their own; after each purchase they stop for good with
a chance of their own. Rates differ between people by Gamma(r, alpha), chances by Beta(a, b). Time
is in weeks. One trap comes with it: someone who never came back has had no chance to stop since, so
their chance of being a customer still is 1 in this model.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import digamma, expit, gammaln, hyp2f1

from journey.analysis.lifetime.fitting import EdgeError, Fit, Numbers, maximise, thinned
from journey.errors import MetricError

NAMES = ("r", "alpha", "a", "b")


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
    """The log-likelihood of a set of histories, and its gradient in the logs of the parameters.

    Everything that depends on one of x, t_x and T alone is worked out once for each of its values.
    """

    def __init__(self, history: History) -> None:
        self.people = history.people
        self.x, self._x = np.unique(history.repeats, return_inverse=True)
        self.late, self._late = np.unique(history.recency, return_inverse=True)
        self.age, self._age = np.unique(history.age, return_inverse=True)
        self._repeated = history.repeats > 0
        self._of_x = np.bincount(self._x, history.people)
        self._repeats = history.repeats

    def __call__(self, logs: Numbers) -> tuple[float, Numbers]:
        """The log-likelihood and its gradient."""
        r, alpha, a, b = np.exp(logs)
        x, n = self.x, self.people
        ended, lasted = np.log(alpha + self.late)[self._late], np.log(alpha + self.age)[self._age]
        gap = lasted - ended
        power = r + self._repeats
        # With no repeat the divisor may be anything: the term is not used there.
        odds = np.log(a) - np.log(np.maximum(b + x - 1, 1e-300))[self._x] + power * gap
        gone = np.where(self._repeated, expit(odds), 0.0)
        either = np.where(self._repeated, np.logaddexp(0.0, odds), 0.0)
        steady = gammaln(r + x) - gammaln(r) + gammaln(a + b) + gammaln(b + x)
        steady += r * np.log(alpha) - gammaln(b) - gammaln(a + b + x)
        value = self._of_x @ steady + n @ (either - power * lasted)

        weight = n * gone
        by_r = self._of_x @ (digamma(r + x) - digamma(r) + np.log(alpha))
        by_r += weight @ gap - n @ lasted
        by_alpha = n.sum() * r / alpha - n @ (power / (alpha + self.age)[self._age])
        inverse = 1 / (alpha + self.age)[self._age] - 1 / (alpha + self.late)[self._late]
        by_alpha += weight @ (power * inverse)
        both = digamma(a + b) - digamma(a + b + x)
        by_a = self._of_x @ both + weight.sum() / a
        by_b = self._of_x @ (both + digamma(b + x) - digamma(b))
        by_b -= weight[self._repeated] @ (1 / (b + self._repeats[self._repeated] - 1))
        return float(value), np.array([by_r * r, by_alpha * alpha, by_a * a, by_b * b])


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
            return maximise(NAMES, likelihood, starts, people, rough)
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


def alive(model: Fit | tuple[float, ...], x: ArrayLike, late: ArrayLike, age: ArrayLike) -> Numbers:
    """The chance that a person with this history is a customer still: 1 without any repeat."""
    r, alpha, a, b = _values(model)
    x, late, age = (np.asarray(values, dtype=np.float64) for values in (x, late, age))
    odds = np.log(a) - np.log(np.maximum(b + x - 1, 1e-300))
    odds = odds + (r + x) * (np.log(alpha + age) - np.log(alpha + late))
    return np.where(x > 0, expit(-odds), 1.0)


def expected(
    model: Fit | tuple[float, ...], weeks: float, x: ArrayLike, late: ArrayLike, age: ArrayLike
) -> Numbers:
    """How many purchases a person with this history makes in the next weeks, on average."""
    return np.asarray(alive(model, x, late, age) * expected_if_alive(model, weeks, x, age))


def expected_anew(model: Fit | tuple[float, ...], weeks: ArrayLike) -> Numbers:
    """How many repeat purchases a new customer makes in the first weeks, on average."""
    return expected_if_alive(model, weeks, 0.0, 0.0)


def expected_if_alive(
    model: Fit | tuple[float, ...], weeks: ArrayLike, x: ArrayLike, age: ArrayLike
) -> Numbers:
    """The purchases to expect in the next weeks of a customer who is one still.

    This is the paper's equation 10 after Euler's transformation of its hypergeometric function,
    (1-z)^(r+x) F(r+x, b+x; c; z) = (1-z)^(a-1) F(a+b-1-r, a-1; c; z) with c = a+b+x-1: the
    parameters stay small however often someone bought, so that nothing overflows.
    """
    r, alpha, a, b = _values(model)
    weeks, x, age = (np.asarray(values, dtype=np.float64) for values in (weeks, x, age))
    # The formula has a gap that closes, 0/0, where a is 1 and where a person has c = 0.
    a += 1e-7 if abs(a - 1) < 1e-7 else 0.0
    b += 1e-7 if abs(a + b - 1) < 1e-7 else 0.0
    share = weeks / (alpha + age + weeks)
    c = a + b + x - 1
    kept = np.exp((a - 1) * np.log1p(-share))
    return np.asarray(c / (a - 1) * (1 - kept * hyp2f1(a + b - 1 - r, a - 1, c, share)))


def _values(model: Fit | tuple[float, ...]) -> tuple[float, ...]:
    """The four parameters."""
    return model.values if isinstance(model, Fit) else tuple(map(float, model))
