"""Everything a question about paths finds, at once."""

from dataclasses import dataclass, replace

import polars as pl

from journey.analysis.paths.asking import Asked
from journey.analysis.paths.comparing import Compared, compare
from journey.analysis.paths.returning import Return, returns
from journey.analysis.paths.steps import StepTable, table
from journey.analysis.paths.walking import Walked, vocabulary, walk
from journey.cleaning import Cleaning
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters


@dataclass(frozen=True)
class Found:
    """What the paths of a question show."""

    asked: Asked
    filters: Filters
    table: StepTable
    anchored: int
    """How many paths began at the first anchor, those that never got to the second included."""
    returns: tuple[Return, ...]
    compared: Compared | None
    """Two groups against each other, where that was asked."""


def find(engine: Engine, asked: Asked, filters: Filters) -> Found:
    """Count the paths, and the two groups' where they are to be compared. Raises MetricError for
    a name or a group that is not there."""
    everyone = replace(asked, versus=None)
    walked = walk(engine, everyone, filters)
    return Found(
        asked,
        filters,
        table(walked, everyone),
        walked.anchored,
        returns(walked, everyone),
        set_apart(engine, asked, filters) if asked.versus is not None else None,
    )


def set_apart(engine: Engine, asked: Asked, filters: Filters) -> Compared:
    """The two groups of a question that names them. Raises MetricError for a group that is not
    there."""
    if asked.versus is not None and not asked.versus.is_conversion:
        asked.versus.check_values(engine.segments()[asked.versus.by])
    return compare(walk(engine, asked, filters), asked, engine.snapshot.minimum_n)


def set_against(engine: Engine, asked: Asked, filters: Filters, other: Filters) -> Compared:
    """The paths of one frame against those of another: another span, or another group.

    Raises MetricError for a name that is not there.
    """
    everyone = replace(asked, versus=None)
    ours, theirs = (walk(engine, everyone, frame) for frame in (filters, other))
    tally = pl.concat([ours.tally, theirs.tally.with_columns(pl.lit(1, pl.Int8).alias("side"))])
    both = Walked(ours.names, tally, ours.anchored + theirs.anchored)
    return compare(both, everyone, engine.snapshot.minimum_n)


def usual_cleaning(engine: Engine, cleaning: Cleaning, filters: Filters, over: str) -> Cleaning:
    """What the configuration says of names, as far as it can be asked of this store: it speaks
    of touchpoints, and may hide some that were never seen."""
    if over != "touchpoint":
        return Cleaning(collapse=cleaning.collapse)
    if not cleaning.hide:
        return cleaning
    names = cleaning.names(sorted(set(vocabulary(engine, filters, over).values())))
    return replace(cleaning, hide=tuple(n for n in cleaning.hide if n in set(names.values())))
