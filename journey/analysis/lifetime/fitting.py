"""Maximum likelihood for positive parameters: several starts, a polish, and how sure each is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from journey.errors import MetricError
from journey.metrics.statistics import Z95

Numbers = NDArray[np.float64]
Objective = Callable[[Numbers], tuple[float, Numbers]]
"""Logs of the parameters to the log-likelihood and its gradient."""
Bending = Callable[[Numbers], Numbers]
"""Logs of the parameters to the second derivatives of the log-likelihood."""

_FARTHEST = 10.0
"""The ends of the search, in logs either side of 1: beyond them a parameter has run away."""

ROUGH = 20_000
"""Cases that are enough to find the neighbourhood of the peak."""

_LEVEL = 1e-8
"""The steepest slope, per case, at which a peak still counts as reached."""

_FLATTEST = 1e-7
"""The least curvature, per case, at which a parameter still counts as found."""


class EdgeError(MetricError):
    """The likelihood has no peak: a parameter runs away to the edge."""

    def __init__(self, parameter: str, upwards: bool) -> None:
        super().__init__(
            f"The fit has no peak: {parameter} runs away {'upwards' if upwards else 'to zero'}. "
            "Give it more buyers or a longer time."
        )
        self.parameter = parameter
        self.upwards = upwards


@dataclass(frozen=True)
class Fit:
    """Parameters where the likelihood peaks. All are positive, so intervals are made in logs."""

    names: tuple[str, ...]
    values: tuple[float, ...]
    covariance: Numbers
    """Of the logs of the parameters, from the observed information."""
    log_likelihood: float
    cases: int
    note: str = ""
    """What a reader must know of how it was fitted."""

    def __getitem__(self, name: str) -> float:
        """A parameter by its name."""
        return self.values[self.names.index(name)]

    @property
    def intervals(self) -> dict[str, tuple[float, float]]:
        """The 95 % interval of each parameter."""
        errors = np.sqrt(np.diag(self.covariance))
        ends = {}
        for name, value, error in zip(self.names, self.values, errors, strict=True):
            ends[name] = value * exp(-Z95 * error), value * exp(Z95 * error)
        return ends

    def spread(self, derived: Callable[[tuple[float, ...]], Numbers]) -> Numbers:
        """The standard errors of numbers made from the parameters, by the delta method."""
        logs, step = np.log(self.values), 1e-4
        slopes = []
        for n in range(len(logs)):
            shift = np.zeros(len(logs))
            shift[n] = step
            up, down = (derived(tuple(np.exp(logs + sign * shift))) for sign in (1, -1))
            slopes.append((up - down) / (2 * step))
        slope = np.array(slopes)
        variance = np.einsum("ig,ij,jg->g", slope, self.covariance, slope)
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)))


def dot(one: Numbers, other: Numbers) -> float:
    """The sum of products. Not `@`: a linear algebra library gives long sums to all its threads,
    and where others work on the machine these wait for each other far longer than the sum takes."""
    return float(np.einsum("i,i->", one, other))


def weighed(places: NDArray[np.intp], weights: Numbers, count: int = 0) -> Numbers:
    """The sum of the weights at each place, over so many places at least."""
    return np.asarray(np.bincount(places, weights, count), dtype=np.float64)


def thinned(count: int) -> slice:
    """Every so manieth of so many cases, for a rough look: all of them where they are few."""
    return slice(None, None, max(1, count // ROUGH))


def maximise(
    names: tuple[str, ...],
    objective: Objective,
    starts: Iterable[Iterable[float]],
    cases: int,
    rough: tuple[Objective, int] | None = None,
    curvature: Bending | None = None,
) -> Fit:
    """The parameters of the highest peak reached from any of the starts (in logs).

    `objective` gives sums over all `cases`. `rough`, the same over fewer cases and how many they
    are, finds the peak that the search over all begins at; where `curvature` gives the second
    derivatives over all cases, a few of Newton's steps mostly lead from there to the top. Raises
    EdgeError where no start leads to a peak.
    """
    descend, bend = _mean(objective, cases), _bending(objective, curvature, cases)
    logs = None
    if rough is not None:
        begun = _highest(_mean(*rough), starts)
        starts = [begun]
        if curvature is not None:
            logs = _polished(descend, bend, begun)
            if np.abs(descend(logs)[1]).max() > _LEVEL:
                logs = None
    if logs is None:
        logs = _polished(descend, bend, _highest(descend, starts))
    bent = bend(logs)
    flattest, direction = (part[..., 0] for part in np.linalg.eigh(bent))
    if flattest < _FLATTEST or np.abs(logs).max() > _FARTHEST - 0.01:
        # The parameter that moves most along the flat direction is the one that runs away.
        edge = int(np.argmax(np.abs(direction) if flattest < _FLATTEST else np.abs(logs)))
        raise EdgeError(names[edge], upwards=bool(logs[edge] > 0))
    return Fit(
        names,
        tuple(float(value) for value in np.exp(logs)),
        np.linalg.inv(bent) / cases,
        -descend(logs)[0] * cases,
        cases,
    )


def _mean(objective: Objective, cases: int) -> Objective:
    """What is lost per case, to be made small."""

    def descend(logs: Numbers) -> tuple[float, Numbers]:
        value, gradient = objective(logs)
        return -value / cases, -gradient / cases

    return descend


def _highest(descend: Objective, starts: Iterable[Iterable[float]]) -> Numbers:
    """Where the best of the starts leads to."""
    found = []
    for start in starts:
        begun = np.asarray(list(start))
        found.append(
            minimize(
                descend,
                np.clip(begun, -_FARTHEST + 1, _FARTHEST - 1),
                jac=True,
                method="L-BFGS-B",
                bounds=[(-_FARTHEST, _FARTHEST)] * len(begun),
                options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-8},
            )
        )
    return np.asarray(min(found, key=lambda result: float(result.fun)).x)


def _polished(descend: Objective, bend: Bending, logs: Numbers) -> Numbers:
    """A few of Newton's steps to the very top, as long as they lead there."""
    for _ in range(6):
        value, gradient = descend(logs)
        if np.abs(gradient).max() < 1e-11:
            break
        try:
            step = np.linalg.solve(bend(logs), gradient)
        except np.linalg.LinAlgError:
            break
        if not np.abs(step).max() < 0.5 or descend(logs - step)[0] > value:
            break
        logs = logs - step
    return logs


def _bending(objective: Objective, curvature: Bending | None, cases: int) -> Bending:
    """The second derivatives per case of what is lost: as given, else from differences of the
    gradient."""
    if curvature is not None:
        return lambda logs: -curvature(logs) / cases
    descend, step = _mean(objective, cases), 1e-4

    def bend(logs: Numbers) -> Numbers:
        shifts = step * np.eye(len(logs))
        rows = [(descend(logs + s)[1] - descend(logs - s)[1]) / (2 * step) for s in shifts]
        matrix = np.array(rows)
        return np.asarray((matrix + matrix.T) / 2)

    return bend
