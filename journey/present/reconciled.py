"""Why two numbers differ, in words: what each counts, and what every step does."""

from collections.abc import Iterable
from fractions import Fraction
from math import isclose

from journey.analysis.reconcile import walking
from journey.analysis.reconcile.counting import Count, hours
from journey.analysis.reconcile.walking import REST, UNDECLARED, Side, Step, Walk
from journey.metrics import statistics
from journey.metrics.counts import CLOCKS, EVENTS, MEASURES, UNITS, WINDOWS, Counts
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.present import words
from journey.present.numbers import MINUS, counted, exact, interval

SAID = {
    "period": "Period",
    "as-of": "As of",
    "filter": "Filter",
    "events": "Events",
    "unit": "Unit",
    "window": "Window",
    "maturity": "Maturity",
    "clock": "Clock",
    "identity": "Identity",
    REST: "Not explained",
    UNDECLARED: "Definition",
}
"""Property to its name on a card."""


def property_of(side: Side, name: str, engine: Engine) -> str:
    """What one of the two numbers says of a property, in words; empty where it does not say."""
    if name in walking.FRAME:
        return _frame(side.filters, name)
    if name == UNDECLARED:
        return side.number.title
    return _declared(side.counts, name, engine) if side.counts and name in SAID else ""


def _frame(filters: Filters, name: str) -> str:
    """A property of the frame."""
    if name == "period":
        return words.period(filters.since, filters.until)
    if name == "as-of":
        return words.moment(filters.as_of)
    chosen = [
        f"{key} {words.listed(map(words.label, values), 'or')}"
        for key, values in filters.where.items()
    ]
    left_out = [
        f"{key} {words.listed(map(words.label, values), 'or')}"
        for key, values in filters.outside.items()
    ]
    told = ", ".join(chosen) or "everyone"
    return f"{told} but {', '.join(left_out)}" if left_out else told


def _declared(counts: Counts, name: str, engine: Engine) -> str:
    """A property that a metric declares."""
    if name == "events":
        event = EVENTS[counts.event]
        goal = event.goals[counts.goal] if counts.goal else ""
        if not goal:
            return event.phrase
        if not counts.reached:
            goal = f"are not {goal[4:]}" if goal.startswith("are ") else f"do not {goal}"
        joint = ", how many " if counts.measure == "share" else " that "
        return f"{event.phrase}{joint}{goal}"
    if name == "unit":
        return UNITS.get(counts.unit, f"each {counts.unit}").replace(
            UNITS["journey"], "each journey" if counts.event == "journey" else UNITS["journey"]
        )
    if name == "window":
        length = hours(engine, counts.window)
        if counts.window not in WINDOWS:
            return f"within {counts.window}"
        return WINDOWS[counts.window] + (f" ({_span(length)})" if length else "")
    if name == "maturity":
        if counts.closed is None:
            return "young cases too"
        return f"only cases that have had their {_span(hours(engine, counts.closed) or 0)}"
    if name == "clock":
        return CLOCKS[counts.clock]
    return "identified people" if counts.identified else "everyone"


def sentences(found: Walk, engine: Engine) -> list[str]:
    """What the two numbers are, what every step does, and what they agree in."""
    first, last = found.first, found.last
    if found.obstacle == "kind":
        return [
            f"These measure different things: {first.number.title} is {_measured(first)}, "
            f"{last.number.title} is {_measured(last)}. There is no way from one to the other that "
            "adds up.",
            *_properties(found, engine),
        ]
    if found.obstacle:
        few = first if found.obstacle == "first" else last
        n = counted(few.count.n or 0, "cases") if few.count.n else "no case"
        return [
            f"{few.number.title} has {n} in this period, too few to compare. Widen the "
            "period or the filter."
        ]
    steps = [_step(found, step, engine) for step in found.steps if step.amount]
    told = [_opening(found, engine), *steps, *closing(found)]
    if found.differing and UNDECLARED not in found.differing:
        told.append(f"They agree in {_named(found.alike).lower()}.")
    return told


def closing(found: Walk) -> list[str]:
    """What is to be said besides the steps: what differs without effect, what is not declared."""
    if found.obstacle:
        return []
    told = []
    idle = [name for step in found.steps if not step.amount for name in step.properties]
    if idle:
        verbs = (
            ("differ", "change") if len(idle) > 1 or idle == ["events"] else ("differs", "changes")
        )
        told.append(f"{_named(idle)} {verbs[0]} too, but {verbs[1]} nothing here.")
    if UNDECLARED in found.differing:
        silent = dict.fromkeys(
            side.number.title for side in (found.first, found.last) if side.counts is None
        )
        told.append(
            f"{words.listed(silent)} {'does' if len(silent) == 1 else 'do'} not declare what is "
            "counted (`counts` in the header of the file), so only period, as-of and filter can "
            "be told apart."
        )
    return told


def _measured(side: Side) -> str:
    """What a number is a measure of."""
    is_said = side.counts is not None and EVENTS[side.counts.event].unit == "answer"
    return MEASURES[side.number.kind] + (" in what people say" if is_said else "")


def _named(properties: Iterable[str]) -> str:
    """Properties in a row, as a sentence begins."""
    named = words.listed(SAID[name].lower() for name in properties)
    return named[0].upper() + named[1:]


def _opening(found: Walk, engine: Engine) -> str:
    """The two numbers and how far apart they are."""
    one, two = (
        f"{side.number.title} is {value(side.count, found, engine)}{_cases(side)}"
        for side in (found.first, found.last)
    )
    difference = found.difference or Fraction(0)
    values = [found.first.count.value, *(step.after.value for step in found.steps)]
    if found.first.number.kind in ("count", "money") and not any(values):
        return f"{one}; {two}. Nothing in this period: widen it, or the filter."
    if not found.differing and not difference:
        return f"{one}; {two}. They count the same in the same frame."
    if not difference:
        return f"{one}; {two}. They come to the same, though they count differently."
    apart = amount(abs(difference), found, engine).lstrip("+")
    return f"{one}; {two}: {apart} {'more' if difference > 0 else 'less'}."


def _step(found: Walk, step: Step, engine: Engine) -> str:
    """What a step does."""
    moved = amount(step.amount, found, engine)
    if step.properties == (REST,):
        return f"Not explained by what the cards declare: {moved}."
    if UNDECLARED in step.properties:
        return f"All that the two definitions differ in: {moved}."
    name = step_name(step)
    before, after = (
        "; ".join(property_of(side, part, engine) for part in step.properties if part != REST)
        for side in (found.first, found.last)
    )
    return f"{name}: {moved}. From \u201c{before}\u201d to \u201c{after}\u201d."


def _properties(found: Walk, engine: Engine) -> list[str]:
    """What two numbers of different kinds differ in, a sentence each."""
    return [
        f"{SAID[name]}: {property_of(found.first, name, engine)}, against "
        f"{property_of(found.last, name, engine)}."
        for name in found.differing
        if name != UNDECLARED
    ]


def value(count: Count, found: Walk, engine: Engine) -> str:
    """A number of the walk as its card would say it exactly."""
    number = None if count.value is None else float(count.value)
    unit = found.first.number.unit
    return exact(number, unit, engine.snapshot.currency)


def amount(moved: Fraction, found: Walk, engine: Engine) -> str:
    """A difference with its sign: points for shares, else the number's own unit."""
    unit, size = found.first.number.unit, float(abs(moved))
    sign = MINUS if moved < 0 else "+" if moved else ""
    if unit == "percent":
        return f"{sign}{100 * size:.2f} points"
    if unit in ("points", "score"):
        return f"{sign}{size:.2f} points"
    noun = "" if unit in ("money", "days", "hours") else f" {unit}"
    same = found.first.number.unit == found.last.number.unit
    return f"{sign}{exact(size, unit, engine.snapshot.currency)}{noun if same else ''}"


def _cases(side: Side) -> str:
    """How sure a number is and on how many cases it rests, where that is not the number itself."""
    count, unit = side.count, side.number.unit
    if count.n is None or (count.value is not None and isclose(float(count.value), count.n)):
        return ""
    ends = ""
    if count.part is not None:
        low, high = statistics.wilson(count.part, count.n)
        ends = f"95 %: {interval(low, high, unit)}, "
    return f" ({ends}{counted(count.n, 'cases')})"


def _span(hours: int) -> str:
    """Hours as days where they are whole ones, from two days on."""
    return f"{hours // 24} days" if hours % 24 == 0 and hours > 24 else f"{hours} hours"


def step_name(step: Step) -> str:
    """The properties of a step, in a word or a few."""
    names = [SAID[name] for name in step.properties if name != REST or len(step.properties) == 1]
    return ", ".join([names[0], *(name.lower() for name in names[1:])])
