"""A number that stands at a stage, against its target."""

from dataclasses import dataclass

from journey.metrics.answer import Answer
from journey.metrics.goals import judge
from journey.present.kpi import owned_target
from journey.present.numbers import NOTHING, THIN, counted, interval, show, unbroken
from journey.present.spreads import spread
from journey.present.words import label
from journey.targets import Target


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
    """`on`, `within`, `off`, `close` or `few`; empty without a target."""
    reached: str = ""
    """What has come of the target, in words."""
    aim: str = ""
    """The target alone."""
    target: str = ""
    """The target as it was set, and whose it is."""


def kpi(answer: Answer, target: Target | None, minimum_n: int) -> Kpi:
    """An answer as it stands on the map; without a value below the minimum."""
    metric, whole = answer.metric, answer.total
    if (middle := spread(answer)) is not None and middle.cases >= minimum_n:
        value = show(middle.middle, metric.unit)
        return Kpi(metric.full_name, metric.title, value, middle.words, middle.cases)
    cases = int(whole.whole) if whole else middle.cases if middle else 0
    noun = label(answer.rows.columns[-1]).lower() if answer.rows.width else "cases"
    if whole is None or whole.value is None or cases < minimum_n:
        few = f"{counted(cases, noun)}, shown from {minimum_n}"
        return Kpi(metric.full_name, metric.title, NOTHING, few, cases)
    value = show(whole.value, metric.unit)
    doubt = f"{interval(whole.low, whole.high, metric.unit)} · {counted(cases, noun)}"
    if target is None:
        return Kpi(metric.full_name, metric.title, value, doubt, cases)
    goal = judge(metric, whole, target, minimum_n)
    return Kpi(
        metric.full_name,
        metric.title,
        value,
        doubt,
        cases,
        goal.status.name.lower(),
        str(goal.status),
        unbroken(f"{target.value:,.10g}{f'{THIN}%' if metric.unit == 'percent' else ''}"),
        owned_target(goal, metric),
    )
