"""From one number to another, one property at a time, in a fixed order.

The frame goes first (period, as-of, filter), asked of the first card's own SQL. Then come the
properties that the two cards declare (events, unit, window, maturity, clock, identity), each
asked of one query that counts whatever is declared. So every step is measured and all of them add
up to the difference without a rest; where that query does not come to a card's own number, the
rest is a step too and says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from journey.analysis.reconcile import numbers
from journey.analysis.reconcile.counting import Count, count, rests_on_whole
from journey.analysis.reconcile.numbers import Ask, Number
from journey.metrics.counts import EVENTS, Counts
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

PROPERTIES: dict[str, tuple[str, ...]] = {
    "events": ("event", "goal", "reached"),
    "unit": ("unit",),
    "window": ("window",),
    "maturity": ("closed",),
    "clock": ("clock",),
    "identity": ("identified",),
}
"""What is declared, in the order it is walked: the property to its fields of `Counts`."""

FRAME: dict[str, tuple[str, ...]] = {
    "period": ("since", "until"),
    "as-of": ("as_of",),
    "filter": ("where", "outside"),
}
"""What is asked: the property to its fields of `Filters`."""

REST, UNDECLARED = "rest", "definition"
"""Steps that are no property: what a declaration leaves unexplained, and all of two definitions
that are not both declared."""


@dataclass(frozen=True)
class Step:
    """What changing some properties does to the number; mostly one property."""

    properties: tuple[str, ...]
    before: Count
    after: Count

    @property
    def amount(self) -> Fraction:
        """How much the number changes, in its own unit."""
        return (self.after.value or Fraction(0)) - (self.before.value or Fraction(0))


@dataclass(frozen=True)
class Side:
    """One of the two numbers: what it counts, in which frame, and what its card says."""

    number: Number
    counts: Counts | None
    filters: Filters
    count: Count


@dataclass(frozen=True)
class Walk:
    """From the first number to the last."""

    first: Side
    last: Side
    steps: tuple[Step, ...]
    """Empty where the numbers do not differ in anything, or cannot be walked."""
    differing: tuple[str, ...]
    """The properties that differ, in the order walked."""
    alike: tuple[str, ...]
    """Those that do not."""
    obstacle: str
    """Why there is no walk: `kind`, `first` or `last` (which has too few cases); empty where
    there is one."""

    @property
    def difference(self) -> Fraction | None:
        """The last number less the first; None where there is no walk."""
        first, last = self.first.count.value, self.last.count.value
        return None if self.obstacle or first is None or last is None else last - first


def walk(
    engine: Engine,
    ask: Ask,
    first: tuple[str, Filters],
    last: tuple[str, Filters],
    minimum_n: int = 30,
) -> Walk:
    """From one number in its frame to another in its own; names are `metric` or `metric:pick`.

    `ask` answers a metric in a frame. A number below `minimum_n` cases is not shown where it is a
    rate or a mean: a step that would lead over one is taken together with the next. Raises
    MetricError for names that are none.
    """
    start, end = (_side(ask, *side) for side in (first, last))
    differing, alike = _compared(start, end)
    kinds = start.number.kind, end.number.kind
    obstacle = ""
    if _is_of_another_kind(start, end):
        obstacle = "kind"
    elif not _is_enough(start.count, kinds[0], minimum_n):
        obstacle = "first"
    elif not _is_enough(end.count, kinds[1], minimum_n):
        obstacle = "last"
    if obstacle:
        return Walk(start, end, (), differing, alike, obstacle)
    steps = tuple(_steps(engine, ask, start, end, minimum_n))
    return Walk(start, end, steps, differing, alike, "")


def _side(ask: Ask, name: str, filters: Filters) -> Side:
    """A number with what its card says in the frame."""
    number = numbers.find(name)
    answer = ask(number.metric, filters)
    value = numbers.own(lambda *_: answer, number, filters)
    return Side(number, numbers.declared(number, answer.rows), filters, value)


def _is_of_another_kind(start: Side, end: Side) -> bool:
    """Whether two numbers measure different things: a rate and a score, or what people say and
    what they do."""
    if start.number.kind != end.number.kind:
        return True
    if start.counts is not None and end.counts is not None:
        is_said = [
            EVENTS[side.counts.event].unit == "answer" for side in (start, end) if side.counts
        ]
        return is_said[0] != is_said[1]
    return start.number.kind != "count" and start.number.unit != end.number.unit


def _compared(start: Side, end: Side) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The properties in which two numbers differ, and those in which they do not."""
    differs = {
        name: any(getattr(start.filters, part) != getattr(end.filters, part) for part in parts)
        for name, parts in FRAME.items()
    }
    if start.counts is not None and end.counts is not None:
        differs |= {
            name: any(getattr(start.counts, part) != getattr(end.counts, part) for part in parts)
            for name, parts in PROPERTIES.items()
        }
    elif start.number != end.number:
        differs[UNDECLARED] = True
    return (
        tuple(name for name, is_other in differs.items() if is_other),
        tuple(name for name, is_other in differs.items() if not is_other),
    )


def _steps(engine: Engine, ask: Ask, start: Side, end: Side, minimum_n: int) -> Iterator[Step]:
    """All steps, each from where the one before it ends."""
    at, passed = start.count, list[str]()
    for name, found in _waypoints(engine, ask, start, end):
        if name == REST and not passed and found.value == at.value:
            continue
        passed.append(name)
        if _is_enough(found, start.number.kind, minimum_n):
            yield Step(tuple(passed), at, found)
            at, passed = found, []


def _waypoints(engine: Engine, ask: Ask, start: Side, end: Side) -> Iterator[tuple[str, Count]]:
    """What changes next, and what the number is then; the last is the last card's own."""
    filters = start.filters
    for name, parts in FRAME.items():
        changed = replace(filters, **{part: getattr(end.filters, part) for part in parts})
        if changed != filters:
            filters = changed
            yield name, numbers.own(ask, start.number, filters)
    if start.number == end.number:
        return
    counts = start.counts
    if counts is None or end.counts is None:
        yield UNDECLARED, end.count
        return
    yield REST, count(engine, counts, filters)
    for name, parts in PROPERTIES.items():
        changed_counts = replace(counts, **{part: getattr(end.counts, part) for part in parts})
        if changed_counts != counts:
            counts = changed_counts
            yield name, count(engine, counts, filters)
    yield REST, end.count


def _is_enough(found: Count, kind: str, minimum_n: int) -> bool:
    """Whether a number rests on enough cases to be shown."""
    if found.value is None:
        return False
    return not rests_on_whole(kind) or found.n is None or found.n >= minimum_n
