"""Paths counted in the serving tables, from touches to counts of steps.

The touches of the journeys asked about get the numbers of their cleaned names, repeats are
folded where asked, and each anchor looks ahead (or back) along its line as many steps as there
are columns. What comes back is small: how often each name follows each name at each step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import polars as pl

from journey.analysis.paths.asking import Asked
from journey.analysis.paths.lines import FRAMED, lines
from journey.analysis.paths.tally import Pairs, pairs, tally
from journey.errors import MetricError
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

NAMES = 20_000
"""The most different names a path can be made of."""


@dataclass(frozen=True)
class Walked:
    """The counts behind a step table."""

    names: tuple[str, ...]
    """A name for each number in the tally."""
    tally: pl.DataFrame
    """`side` (0, or 1 for the second group), `step` (1 is the anchor), `node` and `next` as
    numbers (`next` is null where the path ends), `count`, `back` (how many of them return to a
    name already passed), `median_seconds` and `p95_seconds` from the one to the other."""
    anchored: int
    """How many there were at the first anchor: with two anchors more than got to the second."""


_VOCABULARIES = {
    "touchpoint": ("touchpoint_number", "select touchpoint_number, touchpoint from touchpoints"),
    "stage": ("stage_number", "select distinct stage_number, stage from touchpoints"),
    "channel": ("trait_number", "select trait_number, channel from traits"),
}
"""What paths run over, as its number in `sequence` and the query for the names behind it."""


def vocabulary(engine: Engine, filters: Filters, over: str) -> dict[int, str]:
    """All touchpoints, channels or stages of the store by their numbers, whatever the filters.

    Raises MetricError where there are too many different ones.
    """
    rows = engine.table(f"{_VOCABULARIES[over][1]} order by all", replace(filters, where={}))
    named = dict(rows.iter_rows())
    if (different := len(set(named.values()))) > NAMES:
        raise MetricError(
            f"There are {different:,} different {over}s, too many for paths. Give them fewer "
            "names where they are taken in, or ask for paths over stages."
        )
    return named


@dataclass(frozen=True)
class Numbered:
    """The names of a question, cleaned and checked, with what they are numbers of."""

    raw: Mapping[str, str]
    """Each name as it came with the name it gets."""
    names: tuple[str, ...]
    """In order; a name's place is its number in the answer."""
    nodes: dict[int, int]
    """Numbers in `sequence` to the places of their names."""

    @property
    def parameters(self) -> dict[str, object]:
        """What a query binds: the numbers in `sequence`, and the places of their names."""
        return {"keys": list(self.nodes), "nodes": list(self.nodes.values())}


def numbered(engine: Engine, asked: Asked, filters: Filters) -> Numbered:
    """The names a question is about. Raises MetricError for one that is not there."""
    known = vocabulary(engine, filters, asked.over)
    cleaned = asked.cleaning.names(sorted(set(known.values())))
    asked.check_names(cleaned.values())
    names = tuple(sorted(set(cleaned.values()) - set(asked.cleaning.hide)))
    place = {name: number for number, name in enumerate(names)}
    kept = {key: place[cleaned[raw]] for key, raw in known.items() if cleaned[raw] in place}
    return Numbered(cleaned, names, kept)


def stages_of(engine: Engine, asked: Asked, filters: Filters) -> dict[str, str]:
    """The stage of each name that stands for touchpoints of one stage only."""
    if asked.over == "stage":
        return {name: raw for raw, name in numbered(engine, asked, filters).raw.items()}
    if asked.over != "touchpoint":
        return {}
    rows = engine.table("select touchpoint, stage from touchpoints", replace(filters, where={}))
    found: dict[str, set[str]] = {}
    cleaned = asked.cleaning.names(rows["touchpoint"].to_list())
    for touchpoint, stage in rows.iter_rows():
        found.setdefault(cleaned[touchpoint], set()).add(stage)
    return {name: stages.pop() for name, stages in found.items() if len(stages) == 1}


def walk(engine: Engine, asked: Asked, filters: Filters) -> Walked:
    """Count the paths. Raises MetricError for a name that is not there."""
    return walks(engine, [asked], filters)[0]


def walks(engine: Engine, questions: Sequence[Asked], filters: Filters) -> list[Walked]:
    """Count the paths of several questions that differ in nothing but their ends and steps, with
    one look at the touches. Raises MetricError for a name that is not there."""
    asked = questions[0]
    words = numbered(engine, asked, filters)
    place = {name: number for number, name in enumerate(words.names)}
    for other in questions[1:]:
        other.check_names(words.raw.values())
    key, frame = _VOCABULARIES[asked.over][0], frame_parameters(engine, filters)
    found: list[list[Pairs]] = [[] for _ in questions]
    for part in lines(engine, asked, filters, key, words.nodes, frame):
        for one, so_far in zip(questions, found, strict=True):
            so_far.append(pairs(one, part, place.get(one.start or ""), place.get(one.end or "")))
    return [
        Walked(words.names, tally(parts), sum(part.anchored for part in parts)) for parts in found
    ]


def frame_parameters(engine: Engine, filters: Filters) -> dict[str, object]:
    """The period's first moments in UTC."""
    zone = engine.snapshot.time_zone
    return {
        "begun_from": _first_moment(filters.since, zone),
        "begun_before": _first_moment(filters.until, zone),
    }


def _first_moment(day: date, zone: str) -> datetime:
    """When a day of the reporting time zone begins, in UTC."""
    local = datetime.combine(day, time(), ZoneInfo(zone))
    return local.astimezone(UTC).replace(tzinfo=None)


def unit_of(asked: Asked) -> str:
    """The columns that tell one line of touches from another."""
    return "person_number" if asked.count == "people" else "person_number, journey_number"


def cleaned_steps(asked: Asked) -> str:
    """The steps of a query, ending in `folded`: touches with the numbers of their names, those
    folded that repeat the one before where that is asked."""
    folded = "named"
    if asked.cleaning.collapse:
        folded = f"""(
        select *, lag(node) over (
            partition by {unit_of(asked)} order by touch_number
        ) as before
        from named
    ) where before is distinct from node"""
    key = _VOCABULARIES[asked.over][0]
    return f"""
    numbers as (select unnest($keys) as key, unnest($nodes) as node),
    named as (
        select
            sequence.person_number, sequence.journey_number, sequence.touch_number, numbers.node
        from sequence
        inner join numbers on sequence.{key} = numbers.key
        where {FRAMED}
    ),
    folded as (select * from {folded})"""
