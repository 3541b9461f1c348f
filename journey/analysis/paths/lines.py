"""The lines that paths run along: the touches of a journey, or of a person, under their names.

Touches are read in the order of people and their touches, which is how they are stored, and all
that follows looks at neighbours only. So nothing is sorted, and a question costs few passes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from journey.analysis import inparts
from journey.analysis.paths.asking import Asked
from journey.metrics.engine import Engine
from journey.metrics.filters import SEGMENTS, Filters

Numbers = NDArray[np.signedinteger]
Flags = NDArray[np.bool_]

TOUCHES = 12_000_000
"""How many events of the store are worked through in one part."""

FRAMED = """sequence.journey_number > 0
        and sequence.journey_started_at >= $begun_from
        and sequence.journey_started_at < $begun_before
        and sequence.occurred_at <= $as_of"""
"""The touches of journeys that began in the period, as far as they were known."""

NO_SIDE = -1
"""Of neither group."""


@dataclass(frozen=True)
class Lines:
    """Cleaned touches in order, a line's side by side."""

    line: Numbers
    """The number of the line each belongs to; it never falls."""
    moment: Numbers
    """Microseconds."""
    node: Numbers
    """The place of its name."""
    side: Numbers
    """0, 1 for the second group, `NO_SIDE` for a touch of neither."""

    def only(self, kept: Flags) -> "Lines":
        """Those that are kept."""
        return Lines(self.line[kept], self.moment[kept], self.node[kept], self.side[kept])


def lines(
    engine: Engine,
    asked: Asked,
    filters: Filters,
    key: str,
    nodes: Mapping[int, int],
    frame: Mapping[str, object],
) -> Iterator[Lines]:
    """The lines of a question, of so many people at a time that memory stays bounded. `nodes` are
    the places of names by the numbers in the column `key`; `frame` is bound in `FRAMED`."""
    sql = _sql(asked, filters, key)
    versus = asked.versus
    bound = {**frame, **({"first": versus.first, "second": versus.second} if versus else {})}
    window = timedelta(days=engine.snapshot.conversion_window_days)
    place = np.full(max(nodes, default=0) + 2, -1, dtype=np.int32)
    place[list(nodes)] = list(nodes.values())
    for first, last in inparts.people(engine, filters, TOUCHES):
        rows = engine.table(sql, filters, bound | {"first_person": first, "last_person": last})
        yield _cleaned(asked, _in_order(rows), place, filters, window)


def _sql(asked: Asked, filters: Filters, key: str) -> str:
    """The query of the touches. It holds words of the question's own kinds only; all else is
    bound."""
    conversion = asked.versus is not None and asked.versus.is_conversion
    more = ", journey_started_at, is_order" if conversion else ""
    by = ""
    if asked.versus is not None and not conversion:
        by = f"sequence.{SEGMENTS[asked.versus.by]}"
        more = f", case {by} when $first then 0 when $second then 1 else {NO_SIDE} end as side"
    narrowed = filters.where or filters.outside or by
    return f"""
    select person_number, journey_number, touch_number, occurred_at, {key} as key{more}
    from {"sequence" if narrowed else "every_touch as sequence"}
    where {FRAMED} and person_number between $first_person and $last_person"""


def _in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """The touches in the order of people and their touches; a filter's join may have lost it."""
    person, touch = rows["person_number"].to_numpy(), rows["touch_number"].to_numpy()
    later = (person[1:] > person[:-1]) | ((person[1:] == person[:-1]) & (touch[1:] > touch[:-1]))
    return rows if later.all() else rows.sort("person_number", "touch_number")


def _cleaned(
    asked: Asked, rows: pl.DataFrame, place: Numbers, filters: Filters, window: timedelta
) -> Lines:
    """The touches with a name that is not hidden, those folded that repeat the one before where
    that is asked."""
    person, journey = rows["person_number"].to_numpy(), rows["journey_number"].to_numpy()
    other = person[1:] != person[:-1]
    if asked.count != "people":
        other |= journey[1:] != journey[:-1]
    line = np.zeros(len(person), dtype=np.int32)
    np.cumsum(other, out=line[1:])
    key = np.clip(rows["key"].to_numpy(), -1, len(place) - 1)
    node = place[key]
    kept = node >= 0
    side = np.zeros(len(line), dtype=np.int8)
    if "side" in rows.columns:
        side = rows["side"].to_numpy().astype(np.int8)
    if asked.versus is not None and asked.versus.is_conversion:
        outcome = _outcomes(rows.with_columns(pl.Series("line", line)), filters, window)
        side = outcome["side"].to_numpy()
        kept &= outcome["kept"].to_numpy()
    moment = rows["occurred_at"].to_physical().to_numpy()
    found = Lines(line, moment, node, side).only(kept)
    if asked.cleaning.collapse:
        again = (found.node[1:] == found.node[:-1]) & (found.line[1:] == found.line[:-1])
        found = found.only(np.concatenate(([True], ~again))[: len(found.line)])
    return found


def _outcomes(rows: pl.DataFrame, filters: Filters, window: timedelta) -> pl.DataFrame:
    """For each touch the `side` of its line, which is 0 where that bought within the conversion
    window, and whether it is `kept`: touches before the order and within the window, of lines
    whose window has closed."""
    order = pl.col("is_order")
    told = rows.group_by("line", maintain_order=True).agg(
        (pl.col("journey_started_at").min() + window).alias("ends"),
        pl.col("occurred_at").filter(order).min().alias("ordered"),
        pl.col("touch_number").filter(order).min().alias("order"),
    )
    each = told[rows["line"]]
    touch, moment = rows["touch_number"], rows["occurred_at"]
    bought = (each["ordered"] <= each["ends"]).fill_null(value=False)
    before = (touch < each["order"]).fill_null(value=True)
    closed = each["ends"] <= filters.as_of
    return pl.DataFrame(
        {
            "side": (~bought).cast(pl.Int8),
            "kept": before & (moment <= each["ends"]) & closed,
        }
    )
