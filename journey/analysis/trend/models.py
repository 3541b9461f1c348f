"""What a series may be: a level that wanders, values tied to each other, or a slope.

Each is a Gaussian state-space model with two states and the noise of sampling as its unit; the
Kalman filter is statsmodels'. Instead of one best model with parameters taken for known, all of a
grid are kept, weighted by how well they foretold the series, with the scale of the noise integrated
out: the forecast is a mixture of Student t, which covers what it says from 16 points on.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from journey.analysis.trend.series import Numbers

_UNKNOWN = 1e5
"""The variance of a state nothing is known of, in multiples of the noise."""


@dataclass(frozen=True)
class Shape:
    """One model of the grid: its states go from one point to the next by `passing`, are moved by
    shocks of the variances `moved`, and begin around 0 with the variances `first`; a point is the
    states' sum by `seen`, with the noise of sampling."""

    name: str
    prior: float
    passing: Numbers
    moved: Numbers
    first: Numbers
    seen: Numbers


@dataclass(frozen=True)
class Fitted:
    """All models of the grid after the last point, in step with each other along the first axis."""

    names: tuple[str, ...]
    weights: Numbers
    """How likely each is; they add up to one."""
    scales: Numbers
    """The variance of the noise by each."""
    states: Numbers
    spreads: Numbers
    """The states expected at the next point, and their covariances in multiples of the noise."""
    freedom: int
    """The degrees of freedom of the scale."""
    surprises: Numbers
    """How far each point was from what the likeliest model foretold, in standard deviations."""


def grid(n: int) -> tuple[Shape, ...]:
    """The models for `n` points: half of the belief in a wandering level (a constant one among
    them), a quarter each in ties around a mean and in a slope."""
    found = []
    level = np.array([[1.0, 0.0], [0.0, 0.0]])
    wandering = (0.0, 0.002, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 40.0)
    for moved in wandering:
        found.append(
            Shape(
                "level", 0.5 / len(wandering), level, np.diag([moved, 0.0]),
                np.diag([_UNKNOWN, 0.0]), np.array([1.0, 0.0]),
            )
        )  # fmt: skip
    ties = [(tie, share) for tie in (0.4, 0.6, 0.8) for share in (0.5, 2.0, 8.0)]
    for tie, share in ties:
        found.append(
            Shape(
                "ties", 0.25 / len(ties), np.diag([1.0, tie]),
                np.diag([0.0, share * (1 - tie**2)]), np.diag([_UNKNOWN, share]),
                np.array([1.0, 1.0]),
            )
        )  # fmt: skip
    slopes = [(moved, rise) for moved in (0.0, 0.01, 0.1, 1.0) for rise in (2.0, 8.0)]
    for moved, rise in slopes:
        found.append(
            Shape(
                "slope", 0.25 / len(slopes), np.array([[1.0, 1.0], [0.0, 1.0]]),
                np.diag([moved, 0.0]), np.diag([_UNKNOWN, (rise / n) ** 2]),
                np.array([1.0, 0.0]),
            )
        )  # fmt: skip
    return tuple(found)


def fitted(values: Numbers, noise: Numbers) -> Fitted:
    """The grid on a series: `values` in order, and the variance of the noise of each point against
    the usual one."""
    # Asked for here, since it takes a second that no page without a forecast should wait for.
    from statsmodels.tsa.statespace.kalman_filter import KalmanFilter

    n = len(values)
    shapes = grid(n)
    evidence, scales, states, spreads, surprises = [], [], [], [], []
    for shape in shapes:
        filtering = KalmanFilter(k_endog=1, k_states=2)
        filtering.bind(np.array(values, dtype=np.float64))
        filtering["design"] = shape.seen[np.newaxis, :]
        filtering["transition"] = shape.passing
        filtering["selection"] = np.eye(2)
        filtering["state_cov"] = shape.moved
        filtering.obs_cov = noise.reshape(1, 1, n)
        filtering.initialize_known(np.zeros(2), shape.first)
        found = filtering.filter()
        # The first point says where the level is, and nothing of how well the model foretells.
        missed = found.forecasts_error[0, 1:]
        variance = found.forecasts_error_cov[0, 0, 1:]
        squares = max(float((missed**2 / variance).sum()), 1e-12)
        scale = squares / (n - 1)
        evidence.append(
            np.log(shape.prior) - np.log(variance).sum() / 2 - (n - 1) / 2 * np.log(squares)
        )
        scales.append(scale)
        states.append(found.predicted_state[:, n])
        spreads.append(found.predicted_state_cov[:, :, n])
        surprises.append(missed / np.sqrt(variance * scale))
    weights = np.exp(np.array(evidence) - max(evidence))
    weights /= weights.sum()
    return Fitted(
        tuple(shape.name for shape in shapes),
        weights,
        np.array(scales),
        np.array(states),
        np.array(spreads),
        n - 1,
        np.asarray(surprises[int(np.argmax(weights))]),
    )


def ahead(
    found: Fitted, n: int, known: Numbers, steps: int, noise: float
) -> tuple[Numbers, Numbers]:
    """The mean and the standard deviation, by each model, of the mean of as many points as `known`
    has, up to each of the next `steps`: measured points, the noise of sampling among them.

    `known` are the last points before, which count while they are among the last so many. Both
    come back with a row a step and a column a model.
    """
    shapes = grid(n)
    lags = len(known)
    size = 2 + lags
    # Two states, then the last points measured, the latest first.
    moving = np.zeros((len(shapes), size, size))
    shocks = np.zeros((len(shapes), size, size))
    for place, shape in enumerate(shapes):
        moving[place, :2, :2] = shape.passing
        shocks[place, :2, :2] = shape.moved
    measuring = np.zeros((len(shapes), size, size))
    measuring[:, :2, :2] = np.eye(2)
    measuring[:, 2, :2] = np.array([shape.seen for shape in shapes])
    measuring[:, np.arange(3, size), np.arange(2, size - 1)] = 1.0
    keeping = np.zeros((size, size))
    keeping[np.arange(2, size), np.arange(2, size)] = 1.0
    moving += keeping
    middle = np.zeros((len(shapes), size))
    middle[:, :2], middle[:, 2:] = found.states, known[::-1]
    spread = np.zeros((len(shapes), size, size))
    spread[:, :2, :2] = found.spreads
    means: list[NDArray[np.float64]] = []
    deviations: list[NDArray[np.float64]] = []
    for _ in range(steps):
        middle = np.einsum("mij,mj->mi", measuring, middle)
        spread = measuring @ spread @ measuring.transpose(0, 2, 1)
        spread[:, 2, 2] += noise
        means.append(middle[:, 2:].mean(axis=1))
        variance = spread[:, 2:, 2:].sum(axis=(1, 2)) / lags**2
        deviations.append(np.sqrt(variance * found.scales))
        middle = np.einsum("mij,mj->mi", moving, middle)
        spread = moving @ spread @ moving.transpose(0, 2, 1) + shocks
    return np.array(means), np.array(deviations)
