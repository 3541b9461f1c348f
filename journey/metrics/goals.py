"""Whether a target is met, judged with the interval: a value that chance may have put on either
side of it is called neither met nor missed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from journey.metrics.answer import Total
from journey.metrics.metric import Metric
from journey.targets import Target


class Status(StrEnum):
    """What is said of a target."""

    ON = "on target"
    WITHIN = "within tolerance"
    OFF = "off target"
    CLOSE = "too close to tell"
    FEW = "too few to say"


@dataclass(frozen=True)
class Goal:
    """A metric's target, and what has come of it."""

    target: Target
    status: Status
    wants_lower: bool
    """Whether less is better."""

    def is_missed(self, day: date) -> bool:
        """Whether it is off target on a day by which it was due."""
        return self.status is Status.OFF and (self.target.by is None or self.target.by <= day)


def wants_lower(metric: Metric, target: Target) -> bool:
    """Whether the target is a ceiling: the target's own direction, else what the metric calls
    better; a metric for which neither is better takes its target as a floor."""
    return (target.direction or metric.better) == "lower"


def judge(metric: Metric, total: Total | None, target: Target, minimum_n: int) -> Goal:
    """The target against the answer as a whole.

    The limit is the value with the tolerance allowed for. The interval wholly beyond it: off
    target. The interval on both sides of it: too close to tell. Fewer than `minimum_n` cases: too
    few to say. Else the value decides between on target and within tolerance.
    """
    lower = wants_lower(metric, target)
    status = Status.FEW
    if total is not None and None not in (total.value, total.low, total.high):
        scale = 100 if metric.unit == "percent" else 1
        value, low, high = (scale * float(end or 0) for end in (total.value, total.low, total.high))
        if total.whole >= minimum_n:
            # A ceiling is a floor upside down.
            sign = -1 if lower else 1
            worst, best = sorted((sign * low, sign * high))
            floor = sign * target.value - target.tolerance
            if best < floor:
                status = Status.OFF
            elif worst < floor:
                status = Status.CLOSE
            else:
                status = Status.ON if sign * value >= sign * target.value else Status.WITHIN
    return Goal(target, status, lower)
