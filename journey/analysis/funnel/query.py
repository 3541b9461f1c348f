"""The SQL that narrows the touches to what a funnel needs.

Touches are read from `sequence`, the narrow table in the person's order, unless the funnel asks
for something only the wide table `touches` holds, such as a cart or an amount. Where nothing is
filtered they are read as they are stored, since a join would lose the order: words are read as
their numbers. Which step a touch is follows from its touchpoint's number; only steps with
conditions are told in SQL.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from journey.analysis.funnel.carried import NUMBERED, Carried
from journey.analysis.funnel.names import Names
from journey.analysis.funnel.spec import HELD, Count, Funnel, Mode
from journey.analysis.funnel.steps import ANSWERS, NUMBERS, WORDS, Condition, Step
from journey.metrics.filters import Filters

PASSED_OVER = 1 << 31
"""The bit of a touchpoint that may stand between two steps in strict order, where it is none."""

QUERIED = ("person", "touch", "occurred_at", "code", "conditional")
"""What every query gives; other columns were asked for."""

_BITS = 63
"""How many touchpoints one whole number can tell apart."""

_OWN = {"is_identified", "session_number", "touch_number"}
"""What `sequence` holds as it is."""


@dataclass(frozen=True)
class Query:
    """A SELECT with its parameters, and how to read its rows: `person`, `occurred_at`, `code` (the
    touchpoint's number), what belongs together, what else was asked for, `conditional` (the bits
    of the steps that have conditions), where there are such steps, and `touch` (its place among
    the person's), where the rows may come in any order."""

    sql: str
    parameters: Mapping[str, object]
    marks: Mapping[int, int]
    """A touchpoint's number to its bits: one for each step without conditions, then one for each
    exclusion, and `PASSED_OVER`."""
    opens: tuple[int, int]
    """A touch of the first step opens the funnel from the first of these instants on and before
    the second, in microseconds."""
    numbered: Sequence[str]
    """The columns that were asked for and are read as their numbers."""
    words: Mapping[str, Carried] = field(default_factory=dict)
    """What these numbers stand for, by the name that was asked for."""


def query(
    funnel: Funnel,
    names: Names,
    filters: Filters,
    time_zone: str,
    also: Sequence[str] = (),
    entered_by: datetime | None = None,
    *,
    everything: bool = False,
    people: tuple[int, int] | None = None,
) -> Query:
    """The query for a funnel's touches.

    `also` names further columns of `touches`. With `entered_by`, only touches up to then open
    the funnel; with `everything`, touches that are no step are there too; `people` are the first
    and the last person's number. Raises MetricError for a step that names nothing known.
    """
    made = _Making(names, _wide(funnel, also), bool(filters.where or filters.outside))
    conditional = made.steps(funnel)
    opens = start_of(filters.since, time_zone), start_of(filters.until, time_zone)
    if entered_by is not None:
        opens = opens[0], min(opens[1], entered_by + timedelta(microseconds=1))
    where = ["occurred_at <= $as_of"]
    if funnel.mode is not Mode.STRICT and not everything:
        where.append(_among(made.key, sorted(made.asked)))
        where += made.within(funnel, opens)
    if funnel.count is Count.JOURNEYS:
        where.append("journey_number > 0")
    if people is not None:
        made.parameters |= {"first_person": people[0], "last_person": people[1]}
        where.append("person_number between $first_person and $last_person")
    columns = ["person_number as person", "occurred_at", f"{made.key} as code"]
    keys = _keys(funnel)
    also = [name for name in dict.fromkeys(also) if name not in keys]
    numbered = [] if made.wide else [name for name in also if name in NUMBERED]
    plain = [*keys, *(name for name in also if name not in numbered)]
    columns += [f"{made.column(name)} as {name}" for name in plain]
    numbers = dict.fromkeys(NUMBERED[name][1] for name in numbered)
    columns += [f"sequence.{number}" for number in numbers]
    columns += [f"({conditional})::uinteger as conditional"] if conditional else []
    columns += [] if made.is_stored_order else ["touch_number as touch"]
    sql = f"select {', '.join(columns)} from {made.source} where {' and '.join(where)}"
    for number in names.numbers(funnel.ignore):
        made.marks[number] = made.marks.get(number, 0) | PASSED_OVER
    instants = _micros(opens[0]), _micros(opens[1])
    return Query(sql, made.parameters, made.marks, instants, numbered)


def _keys(funnel: Funnel) -> list[str]:
    """The columns that say what belongs together."""
    keys = ["journey_number"] if funnel.count is Count.JOURNEYS else []
    if funnel.in_session or funnel.count is Count.SESSIONS:
        keys.append("session_number")
    return list(dict.fromkeys([*keys, *(HELD[name] for name in funnel.hold)]))


def _wide(funnel: Funnel, also: Sequence[str]) -> bool:
    """Whether the wide table is needed."""
    asked = [*funnel.steps, *(one.step for one in funnel.exclusions)]
    known = WORDS | NUMBERS | ANSWERS
    columns = {known[one.name] for step in asked for one in step.conditions}
    columns |= {HELD[name] for name in funnel.hold} | set(also)
    return not columns <= {*NUMBERED, *_OWN}


@dataclass
class _Making:
    """A query in the making."""

    names: Names
    wide: bool
    filtered: bool
    parameters: dict[str, object] = field(default_factory=dict)
    marks: dict[int, int] = field(default_factory=dict)
    asked: set[int] = field(default_factory=set)
    """The numbers of all touchpoints that are a step or excluded."""
    _joined: set[str] = field(default_factory=set)

    @property
    def key(self) -> str:
        """The touchpoint's number."""
        return "touchpoints.touchpoint_number" if self.wide else "touchpoint_number"

    @property
    def is_stored_order(self) -> bool:
        """Whether the rows come as `sequence` is stored: DuckDB keeps the order of a table that is
        neither joined nor a filtered view."""
        return not (self.wide or self.filtered or self._joined)

    @property
    def source(self) -> str:
        """The tables to read."""
        if self.wide:
            return "touches inner join touchpoints using (touchpoint)"
        joins = [f" inner join {name} using ({name[:-1]}_number)" for name in sorted(self._joined)]
        filtered = self.filtered or "segments" in self._joined
        joins = [one for one in joins if " segments " not in one]
        return ("sequence" if filtered else "every_touch as sequence") + "".join(joins)

    def column(self, name: str) -> str:
        """Where a column of `touches` stands."""
        if self.wide:
            return name
        if name not in NUMBERED:
            return f"sequence.{name}"
        table, _, column = NUMBERED[name]
        self._joined.add(table)
        # The view `sequence` has the columns of segments itself.
        return f"{'sequence' if table == 'segments' else table}.{column}"

    def steps(self, funnel: Funnel) -> str:
        """The bits of the steps and exclusions with conditions that a touch is, in SQL; those
        without are noted by touchpoint."""
        terms: list[str] = []
        for bit, step in enumerate([*funnel.steps, *(one.step for one in funnel.exclusions)]):
            numbers = self.names.numbers_of(step)
            self.asked |= set(numbers)
            if step.conditions:
                terms.append(self._conditional(step, bit, numbers))
                continue
            for number in numbers:
                self.marks[number] = self.marks.get(number, 0) | 1 << bit
        return " + ".join(terms)

    def within(self, funnel: Funnel, opens: tuple[datetime, datetime]) -> list[str]:
        """The time in which any step must lie, where the order of the steps tells it."""
        if not funnel.in_order or funnel.exclusions:
            return []
        self.parameters["earliest"] = opens[0] - funnel.grace
        if funnel.span is None or funnel.span > datetime.max - opens[1]:
            return ["occurred_at >= $earliest"]
        self.parameters["latest"] = opens[1] + funnel.span
        return ["occurred_at >= $earliest", "occurred_at < $latest"]

    def _conditional(self, step: Step, bit: int, numbers: Sequence[int]) -> str:
        """One step of a touch by its touchpoint and what it carries."""
        tests = [_among(self.key, numbers)]
        tests += [self._test(one, f"{bit}_{n}") for n, one in enumerate(step.conditions)]
        return f"case when {' and '.join(tests)} then {1 << bit} else 0 end"

    def _test(self, one: Condition, name: str) -> str:
        """A condition in SQL. What a touch does not carry equals nothing."""
        if one.name in NUMBERS:
            column = self.column(NUMBERS[one.name])
            ends: list[tuple[str, str, Any]] = [("low", ">=", one.low), ("high", "<=", one.high)]
            known = [
                (f"{end}_{name}", sign, value) for end, sign, value in ends if value is not None
            ]
            self.parameters |= {end: value for end, _, value in known}
            return " and ".join(f"{column} {sign} ${end}" for end, sign, _ in known)
        answers = one.name in ANSWERS
        values: list[Any] = [value == "yes" for value in one.values] if answers else [*one.values]
        self.parameters[f"values_{name}"] = values
        column = self.column((WORDS | ANSWERS)[one.name])
        test = f"coalesce(list_contains($values_{name}, {column}), false)"
        return f"not {test}" if one.negated else test


def start_of(day: date, time_zone: str) -> datetime:
    """The first moment of a day in a time zone, as UTC without a zone."""
    return datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC).replace(tzinfo=None)


def _among(key: str, numbers: Sequence[int]) -> str:
    """Whether a touchpoint's number is one of these. Asked of the bits of one whole number, which
    takes half as long as a list where most rows are read anyway."""
    if not numbers or numbers[-1] >= _BITS:
        return f"{key} in ({', '.join(map(str, numbers)) or 'null'})"
    mask = sum(1 << number for number in numbers)
    return f"({mask}::bigint >> {key}::bigint) & 1 = 1"


def _micros(instant: datetime) -> int:
    """The instant as it is stored: microseconds since 1970."""
    return (instant - datetime(1970, 1, 1)) // timedelta(microseconds=1)
