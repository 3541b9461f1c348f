"""A number that stands at a stage, against its target."""

from dataclasses import dataclass

from journey.metrics.answer import Answer
from journey.metrics.goals import Status, judge
from journey.present.kpi import target_words
from journey.present.numbers import NOTHING, counted, interval, show
from journey.present.words import label
from journey.targets import Target

_MARKS = {Status.ON: "✓", Status.WITHIN: "✓", Status.OFF: "✕", Status.FEW: "≈"}
"""Status to the sign before its words: status is never told by colour alone."""


@dataclass(frozen=True)
class Kpi:
    """One number at a stage, ready to be read."""

    metric: str
    """`page/name`."""
    title: str
    value: str
    doubt: str
    """Interval and n."""
    cases: int
    status: str = ""
    """`on`, `within`, `off` or `few`; empty without a target."""
    mark: str = ""
    against: str = ""
    """What has come of the target, in words."""


def kpi(answer: Answer, target: Target | None, minimum_n: int) -> Kpi:
    """An answer as it stands on the map; without a value below the minimum."""
    metric, whole = answer.metric, answer.total
    cases = int(whole.whole) if whole else 0
    noun = label(answer.rows.columns[-1]).lower() if answer.rows.width else "cases"
    if whole is None or whole.value is None or cases < minimum_n:
        few = f"{counted(cases, noun)}, shown from {minimum_n}"
        return Kpi(metric.full_name, metric.title, NOTHING, few, cases)
    value = show(whole.value, metric.unit)
    doubt = f"{interval(whole.low, whole.high, metric.unit)} · {counted(cases, noun)}"
    if target is None:
        return Kpi(metric.full_name, metric.title, value, doubt, cases)
    goal = judge(metric, whole, target, minimum_n)
    # The interval lies on both sides of it: there is no lack of cases to be read out of that.
    said = "near target" if goal.status is Status.FEW else str(goal.status)
    against = f"{said} {target_words(goal, metric)}"
    if target.owner:
        against += f", {target.owner}"
    status = goal.status.name.lower()
    return Kpi(
        metric.full_name, metric.title, value, doubt, cases, status, _MARKS[goal.status], against
    )
