"""The touches that a funnel needs, narrowed by DuckDB and laid out as sorted arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from journey.analysis.funnel.names import touchpoints
from journey.analysis.funnel.spec import HELD, Count, Funnel, Mode
from journey.analysis.funnel.steps import ANSWERS, NUMBERS, WORDS, Condition, Step

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

OPENS = 1 << 30
"""The bit of a touch of the first step that lies in the period."""


@dataclass(frozen=True)
class Rows:
    """Touches sorted by group, and in the person's order within it. A group holds the touches
    among which all steps of a try must lie; it belongs to one unit, which is what is counted.
    """

    frame: pl.DataFrame
    """The columns that were asked for besides, and `person`, in the same order."""
    unit: Integers
    scope: Integers
    """The unit, or its session where that is the window: what an exclusion looks through."""
    group: Integers
    place: Integers
    """The place in the order of people and their touches."""
    at: Integers
    """Microseconds."""
    bits: NDArray[np.uint32]
    """One bit for each step, then one for each exclusion, and `OPENS`."""
    _touches: dict[int, Integers] = field(default_factory=dict)

    def of(self, bit: int) -> Integers:
        """The rows whose bit of this number is set, in order."""
        if bit not in self._touches:
            self._touches[bit] = np.flatnonzero(self.bits & np.uint32(1 << bit))
        return self._touches[bit]

    @property
    def openings(self) -> Integers:
        """The rows that may open the funnel."""
        return np.flatnonzero(self.bits & np.uint32(OPENS))

    def first_at(self, groups: Integers, instants: Integers) -> Integers:
        """For each group, the first of its rows at or after an instant; the row after the
        group's last where there is none. A binary search in all groups at once.
        """
        low = np.searchsorted(self.group, groups, side="left")
        high = np.searchsorted(self.group, groups, side="right")
        while (open_ := low < high).any():
            middle = (low + high) // 2
            early = open_ & (self.at[np.minimum(middle, len(self.at) - 1)] < instants)
            low = np.where(early, middle + 1, low)
            high = np.where(open_ & ~early, middle, high)
        return low


@dataclass(frozen=True)
class Query:
    """The SQL that narrows the touches, and its parameters."""

    sql: str
    parameters: Mapping[str, object]


def query(
    funnel: Funnel,
    stages: Mapping[str, str],
    also: Sequence[str] = (),
    entered_by: datetime | None = None,
) -> Query:
    """The query for a funnel's touches: who, when, which steps, and the columns in `also`.

    With `entered_by`, only touches up to then open the funnel. Raises MetricError for a step
    that names nothing known.
    """
    parameters: dict[str, object] = {}
    plain: dict[str, int] = {}
    terms: list[str] = []
    names: dict[str, None] = {}
    asked = [*funnel.steps, *(one.step for one in funnel.exclusions)]
    for bit, step in enumerate(asked):
        points = touchpoints(step, stages)
        names |= dict.fromkeys(points)
        if step.conditions:
            terms.append(_conditional(step, bit, points, parameters))
            continue
        for name in points:
            plain[name] = plain.get(name, 0) | 1 << bit
    if plain:
        terms.append(_plain(plain, parameters))
    parameters["names"] = list(names)
    bits = " + ".join(terms) if terms else "0"
    opens = ["occurred_on >= $since", "occurred_on < $until"]
    if entered_by is not None:
        opens.append("occurred_at <= $entered_by")
        parameters["entered_by"] = entered_by
    where = ["occurred_at <= $as_of"]
    if funnel.mode is Mode.STRICT:
        parameters["ignored"] = list(funnel.ignore)
        where.append("(list_contains($names, touchpoint) or "
                     "not list_contains($ignored, touchpoint))")  # fmt: skip
    else:
        where.append("list_contains($names, touchpoint)")
    if funnel.count is Count.JOURNEYS:
        where.append("journey_number > 0")
    columns = dict.fromkeys((*_keys(funnel), *also))
    sql = f"""
        with narrowed as (
            select
                person_id, touch_number, occurred_at,
                {"".join(f"{column}, " for column in columns)}
                {bits} as steps,
                {" and ".join(opens)} as in_period
            from touches
            where {" and ".join(where)}
        )
        select
            * exclude (steps, in_period),
            (steps + case when in_period and steps % 2 = 1 then {OPENS} else 0 end)::uinteger
                as bits
        from narrowed
        order by person_id, touch_number
    """
    return Query(sql, parameters)


def rows(funnel: Funnel, found: pl.DataFrame) -> Rows:
    """The answer to `query` as sorted arrays."""
    person = _integers(found["person_id"].rle_id())
    unit, held = person, []
    if funnel.count is Count.JOURNEYS:
        unit = _joined(person, _integers(found["journey_number"]))
    if funnel.count is Count.SESSIONS:
        unit = _joined(person, _codes(found["session_id"]))
    scope = unit
    if funnel.in_session and funnel.count is not Count.SESSIONS:
        scope = _joined(unit, _codes(found["session_id"]))
    group, bits = scope, found["bits"].to_numpy().astype(np.uint32)
    for name in funnel.hold:
        column = found[HELD[name]]
        group = _joined(group, _codes(column))
        held.append(column.is_null().to_numpy())
    if held:
        # What has no cart shares none: such a touch is no step, though it may be excluded.
        steps = np.uint32(OPENS | (1 << len(funnel.steps)) - 1)
        bits = np.where(np.logical_or.reduce(held), bits & ~steps, bits)
    place = np.arange(len(bits), dtype=np.int64)
    at = found["occurred_at"].to_physical().to_numpy().astype(np.int64)
    frame = found.drop("bits", "occurred_at")
    made = Rows(frame, unit, scope, group, place, at, bits)
    return made if (np.diff(group) >= 0).all() else _sorted(made)


def _sorted(made: Rows) -> Rows:
    """The rows in the order of their groups."""
    order = np.argsort(made.group, kind="stable")
    return Rows(
        made.frame[order],
        made.unit[order],
        made.scope[order],
        made.group[order],
        made.place[order],
        made.at[order],
        made.bits[order],
    )


def _keys(funnel: Funnel) -> list[str]:
    """The columns that say what belongs together."""
    keys = ["journey_number"] if funnel.count is Count.JOURNEYS else []
    if funnel.in_session or funnel.count is Count.SESSIONS:
        keys.append("session_id")
    return [*keys, *(HELD[name] for name in funnel.hold)]


def _plain(plain: Mapping[str, int], parameters: dict[str, object]) -> str:
    """The steps of a touch by its touchpoint alone."""
    cases = []
    for number, (name, bits) in enumerate(plain.items()):
        parameters[f"name_{number}"] = name
        cases.append(f"when $name_{number} then {bits}")
    return f"case touchpoint {' '.join(cases)} else 0 end"


def _conditional(
    step: Step, bit: int, points: tuple[str, ...], parameters: dict[str, object]
) -> str:
    """One step of a touch by its touchpoint and what it carries."""
    parameters[f"names_{bit}"] = list(points)
    tests = [f"list_contains($names_{bit}, touchpoint)"]
    for number, one in enumerate(step.conditions):
        tests.append(_test(one, f"{bit}_{number}", parameters))
    return f"case when {' and '.join(tests)} then {1 << bit} else 0 end"


def _test(one: Condition, name: str, parameters: dict[str, object]) -> str:
    """A condition in SQL. What a touch does not carry equals nothing."""
    if one.name in NUMBERS:
        ends = [("low", ">=", one.low), ("high", "<=", one.high)]
        for end, _, value in ends:
            parameters[f"{end}_{name}"] = value
        tests = [f"{NUMBERS[one.name]} {sign} ${end}_{name}" for end, sign, value in ends
                 if value is not None]  # fmt: skip
        return " and ".join(tests)
    if one.name in ANSWERS:
        parameters[f"values_{name}"] = [value == "yes" for value in one.values]
    else:
        parameters[f"values_{name}"] = list(one.values)
    column = (WORDS | ANSWERS)[one.name]
    test = f"coalesce(list_contains($values_{name}, {column}), false)"
    return f"not {test}" if one.negated else test


def _codes(column: pl.Series) -> Integers:
    """A number for each value, the same for the same value; 0 where there is none."""
    return _integers(column.rank("dense").fill_null(0))


def _integers(column: pl.Series) -> Integers:
    """The column as an array."""
    found: Integers = column.to_numpy().astype(np.int64)
    return found


def _joined(one: Integers, other: Integers) -> Integers:
    """A number for each pair of values, in the order of the pairs."""
    pairs = one * (int(other.max(initial=0)) + 1) + other
    numbers: Integers = np.unique(pairs, return_inverse=True)[1]
    return numbers
