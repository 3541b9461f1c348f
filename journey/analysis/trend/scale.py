"""The scale on which sampling spreads the same at every level: the arc sine of the root of a share,
the root of a count, a mean as it is (Anscombe 1948). Its variance there is one over the whole."""

from math import pi
from typing import Any

import numpy as np

from journey.analysis.trend.series import Kind


def even(kind: Kind, values: Any) -> Any:
    """Values on the even scale."""
    if kind == "rate":
        return 2 * np.arcsin(np.sqrt(values))
    return 2 * np.sqrt(values) if kind == "count" else values


def back(kind: Kind, at: Any) -> Any:
    """Places on the even scale as values; one beyond what a value can be is that value."""
    if kind == "rate":
        return np.sin(np.clip(at, 0.0, pi) / 2) ** 2
    return np.maximum(at, 0.0) ** 2 / 4 if kind == "count" else at
