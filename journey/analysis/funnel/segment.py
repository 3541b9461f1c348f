"""Who left at a step, saved as a segment: SQL where the rule can be said in it, else the ids."""

import os
import re
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from textwrap import wrap

import polars as pl

from journey.analysis.funnel.leavers import Leavers, step_before
from journey.analysis.funnel.names import Names
from journey.analysis.funnel.rule import closes_after, rule
from journey.analysis.funnel.spans import micros
from journey.analysis.funnel.spec import HELD, Count, Entry, Funnel
from journey.analysis.funnel.steps import ANSWERS, NUMBERS, WORDS, Condition, Step
from journey.errors import MetricError
from journey.intake.sources import queries_folder
from journey.metrics import segments
from journey.metrics.engine import Engine
from journey.metrics.filters import SEGMENTS, Filters

MOST_IDS = 100_000
"""The most people a segment may list by their ids."""


@dataclass(frozen=True)
class SegmentFile:
    """A segment in the making."""

    text: str
    """The whole file."""
    is_rule: bool
    """Whether its SQL says the rule, so that it follows new data; else it lists ids."""


def segment_file(
    engine: Engine, funnel: Funnel, filters: Filters, names: Names, found: Leavers
) -> SegmentFile:
    """The file of those who left at a step. Raises MetricError for more ids than a file takes."""
    header = _header(funnel, filters, found.step)
    if can_be_said(funnel, filters):
        return SegmentFile(header + _sql(funnel, filters, names, found.step), True)
    ids = identified(engine, filters, found.people)["person_id"].sort().to_list()
    if len(ids) > MOST_IDS:
        raise MetricError(
            f"This funnel's rule cannot be said in SQL, and {len(ids):,} people are too many to "
            f"list (the most is {MOST_IDS:,}). Choose a shorter period, or count people by their "
            "first entry in order."
        )
    note = "-- Those who were there when this was saved: the rule cannot be said in SQL.\n"
    if not ids:
        return SegmentFile(f"{header}{note}select person_id\nfrom people\nwhere false\n", False)
    listed = ",\n        ".join(_quoted(name) for name in ids)
    body = f"select person_id\nfrom people\nwhere\n    person_id in (\n        {listed}\n    )\n"
    return SegmentFile(header + note + body, False)


def save(name: str, made: SegmentFile) -> Path:
    """Write the segment as queries/segments/NAME.sql and check it. Raises MetricError for a name
    that is none, or that another segment has."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", name):
        raise MetricError(
            f"{name!r} is no name for a segment. Use small letters, digits and _, a letter first, "
            "64 at most."
        )
    path = queries_folder() / "segments" / f"{name}.sql"
    fresh = path.with_suffix(".saving")
    try:
        path.parent.mkdir(exist_ok=True)
        fresh.write_text(made.text, encoding="utf-8")
        # A link never replaces a file that is there.
        os.link(fresh, path)
    except FileExistsError:
        raise MetricError(
            f"There is a segment {name!r} already. Choose another name, or remove {path}."
        ) from None
    except OSError as error:
        raise MetricError(
            f"{path}: cannot be written ({error.strerror}). Make queries/segments writable."
        ) from None
    finally:
        fresh.unlink(missing_ok=True)
    segments.read(path)
    return path


def identified(engine: Engine, filters: Filters, people: pl.DataFrame) -> pl.DataFrame:
    """The people with their `person_id` in place of their number `person`."""
    everyone = replace(filters, where={}, outside={})
    ids = engine.table("select person_number::bigint as person, person_id from people", everyone)
    return people.join(ids, on="person", how="left", maintain_order="left").select(
        "person_id", pl.exclude("person", "person_id")
    )


def can_be_said(funnel: Funnel, filters: Filters) -> bool:
    """Whether the rule fits into a plain SELECT: the first entry of people, in order."""
    return (
        funnel.in_order
        and funnel.count is Count.PEOPLE
        and funnel.chosen is Entry.FIRST
        and not (funnel.exclusions or funnel.grace or filters.people or filters.outside)
    )


def _header(funnel: Funnel, filters: Filters, step: int) -> str:
    """Title, question and the rule, as comments."""
    before, after = (funnel.steps[n - 1].text for n in (step_before(funnel, step), step))
    told = " ".join(rule(funnel, filters).split())
    lines = wrap(f"{told} Those who got to {before} and have not gone on to {after}.", 90)
    return (
        f"-- title: Left between {_flat(before)} and {_flat(after)}\n"
        f"-- question: Who got to {_flat(before)} and did not go on to {_flat(after)}?\n--\n"
        + "".join(f"-- {line}\n" for line in lines)
    )


def _sql(funnel: Funnel, filters: Filters, names: Names, step: int) -> str:
    """The SELECT: a step of the query for each step that must happen, up to this one."""
    required = [place for place in funnel.required if place < step]
    held = [HELD[name] for name in funnel.hold] + (["session_number"] if funnel.in_session else [])
    held = list(dict.fromkeys(held))
    carried = "".join(f"{column}, " for column in held)
    chosen = "".join(
        f"\n            and {SEGMENTS[name]} in ({', '.join(map(_quoted, values))})"
        for name, values in filters.where.items()
    )
    present = "".join(f"\n            and {column} is not null" for column in held)
    parts = [
        f"""
    known as (
        select *
        from touches
        where
            occurred_at <= $as_of{chosen}
    )""",
        f"""
    step_1 as (
        select person_id, touch_number, occurred_at, {carried}occurred_at as entered_at
        from (
            select
                *,
                row_number() over (
                    partition by person_id order by touch_number nulls last
                ) as place
            from known
            where
                {_takes(funnel.steps[0], names)}
                and occurred_on >= date '{filters.since}'
                and occurred_on < date '{filters.until}'{present}
        )
        where place = 1
    )""",
    ]
    for before, place in pairwise(required):
        parts.append(_next(funnel, names, before + 1, place + 1, held))
    last, previous = required[-1] + 1, required[-2] + 1
    window = closes_after(funnel)
    over = f"\n    and entered_at + {_interval(micros(window))} <= $as_of" if window else ""
    return (
        f"with\n{','.join(parts)}\n\nselect person_id\nfrom step_{previous}\nwhere\n"
        f"    person_id not in (select person_id from step_{last}){over}\n"
    )


def _next(funnel: Funnel, names: Names, before: int, after: int, held: list[str]) -> str:
    """The step of the query for a step of the funnel: its earliest touch after the step before."""
    step = funnel.steps[after - 1]
    tests = [
        f"known.person_id = step_{before}.person_id",
        f"known.touch_number > step_{before}.touch_number",
        *(f"known.{column} = step_{before}.{column}" for column in held),
    ]
    if funnel.span is not None:
        span = _interval(micros(funnel.span))
        tests.append(f"known.occurred_at <= step_{before}.entered_at + {span}")
    if step.gap:
        for sign, end in ((">=", step.gap.least), ("<=", step.gap.most)):
            if end is not None:
                gap = _interval(micros(end))
                tests.append(f"known.occurred_at {sign} step_{before}.occurred_at + {gap}")
    carried = "".join(f"\n            step_{before}.{column}," for column in held)
    grouped = "".join(f", step_{before}.{column}" for column in held)
    on = "\n            and ".join(tests)
    return f"""
    step_{after} as (
        select
            step_{before}.person_id,
            min(known.touch_number) as touch_number,
            min(known.occurred_at) as occurred_at,{carried}
            step_{before}.entered_at
        from step_{before}
        inner join
            known
            on {on}
        where {_takes(step, names, "known.")}
        group by step_{before}.person_id, step_{before}.entered_at{grouped}
    )"""


def _takes(step: Step, names: Names, table: str = "") -> str:
    """Whether a touch counts as a step."""
    points = ", ".join(map(_quoted, names.touchpoints(step))) or "null"
    tests = [f"{table}touchpoint in ({points})"]
    tests += [_test(one, table) for one in step.conditions]
    return "\n                and ".join(tests)


def _test(one: Condition, table: str) -> str:
    """A condition."""
    if one.name in NUMBERS:
        column = table + NUMBERS[one.name]
        ends = [(">=", one.low), ("<=", one.high)]
        return " and ".join(f"{column} {sign} {end!r}" for sign, end in ends if end is not None)
    column = table + (WORDS | ANSWERS)[one.name]
    if one.name in ANSWERS:
        listed = ", ".join("true" if value == "yes" else "false" for value in one.values)
    else:
        listed = ", ".join(map(_quoted, one.values))
    return f"{'not ' if one.negated else ''}coalesce({column} in ({listed}), false)"


def _interval(microseconds: int) -> str:
    """A span of time in SQL; spans are whole seconds."""
    return f"{microseconds // 1_000_000} * interval '1' second"


def _quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _flat(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())
