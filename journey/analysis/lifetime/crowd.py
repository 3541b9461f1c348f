"""Many people's forecasts at once: what depends on a history is worked out once for each."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from journey.analysis.lifetime import bgnbd
from journey.analysis.lifetime.fitting import Numbers

Places = NDArray[np.intp]

NODES = 33
"""Points a curve is known by. Ours bend so little that between them the polynomial through them
is the curve to about the eleventh digit; where it is not, the curve itself is worked out."""

_EXACT = 1e-11
"""What the last terms of a polynomial may add, as a share of its largest."""


@dataclass(frozen=True)
class Crowd:
    """People by their history: x, t_x and T in weeks, each that occurs once."""

    x: Numbers
    late: Numbers
    age: Numbers
    place: Places
    """The history of each person."""

    @classmethod
    def of(cls, rows: pl.DataFrame) -> "Crowd":
        """The people of rows with `repeats`, `recency_days` and `age_days`."""
        x, late, age = (
            rows[name].to_numpy().astype(np.int64)
            for name in ("repeats", "recency_days", "age_days")
        )
        own, place = _distinct(x, late, age)
        return cls(x[own].astype(np.float64), late[own] / 7, age[own] / 7, place)

    @cached_property
    def _pairs(self) -> tuple[Places, Places]:
        """The histories that differ in x or T, and which of them each history is like."""
        days = np.rint(7 * self.age).astype(np.int64)
        return _distinct(self.x.astype(np.int64), days)

    def alive(self, model: bgnbd.Model) -> Numbers:
        """The chance to be a customer still, history by history."""
        return bgnbd.alive(model, self.x, self.late, self.age)

    def purchases(self, model: bgnbd.Model, weeks: float) -> Numbers:
        """Purchases to come in the next weeks, history by history."""
        return self.weighed(model, np.array([weeks]), np.ones(1))

    def weighed(self, model: bgnbd.Model, ends: Numbers, weights: Numbers) -> Numbers:
        """Purchases to come up to the last of the ends, in weeks, history by history; those
        between two ends count as often as the later one's weight says."""
        own, place = self._pairs
        until = ahead(model, ends, self.x[own], self.age[own])
        # Sum of w_k (E_k - E_{k-1}), gathered by E_k.
        falls = weights - np.append(weights[1:], 0.0)
        return np.asarray(self.alive(model) * (until @ falls)[place])


def ahead(model: bgnbd.Model, ends: Numbers, x: Numbers, age: Numbers) -> Numbers:
    """The purchases to expect by each of the ends, in weeks, of people who are customers still:
    a row for each of x and T, a column for each end.

    For one x they are a curve in u = log((alpha + T) / (alpha + T + weeks)) alone, and a smooth
    one, so with many T and ends the costly function is worked out at some points of it only, and
    the others lie on the Chebyshev polynomial through these.
    """
    alpha = bgnbd.values_of(model)[1]
    since = alpha + age[:, None]
    u = np.log(since) - np.log(since + ends)
    distinct, place = np.unique(x, return_inverse=True)
    if NODES * len(distinct) < u.size:
        lowest = float(u.min())
        angles = np.pi * (np.arange(NODES) + 0.5) / NODES
        nodes = lowest * (1 + np.cos(angles)) / 2
        seen = bgnbd.expected_by_share(model, -np.expm1(nodes)[:, None], distinct)
        terms = np.cos(np.outer(np.arange(NODES), angles)) @ seen * (2 / NODES)
        terms[0] /= 2
        largest = np.abs(terms).max(axis=0)
        if (np.abs(terms[-2:]).max(axis=0) <= _EXACT * largest).all():
            return _polynomial(terms[:, place], 2 * u / lowest - 1)
    return bgnbd.expected_by_share(model, -np.expm1(u), x[:, None])


def _polynomial(terms: Numbers, at: Numbers) -> Numbers:
    """Chebyshev polynomials, one a row of `at`, by Clenshaw's recurrence."""
    later = np.zeros_like(at)
    last = np.zeros_like(at)
    for term in terms[:0:-1]:
        later, last = 2 * at * later - last + term[:, None], later
    return np.asarray(at * later - last + terms[0][:, None])


def _distinct(*columns: NDArray[np.int64]) -> tuple[Places, Places]:
    """Where each distinct row of whole, not negative numbers comes first, and which of them each
    row is."""
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        key = key * (int(column.max(initial=0)) + 1) + column
    _, own, place = np.unique(key, return_index=True, return_inverse=True)
    return own, place
