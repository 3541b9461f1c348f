"""What touches carry, by the numbers that `sequence` holds in place of words.

A join would lose the order in which touches are stored, and would look up the words of touches
that no try needs. So the numbers are read, and the words are found by them afterwards.
"""

from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import polars as pl

from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

NUMBERED = {
    "channel": ("traits", "trait_number", "channel"),
    "is_online": ("traits", "trait_number", "is_online"),
    "touch_device": ("traits", "trait_number", "device"),
    "touchpoint": ("touchpoints", "touchpoint_number", "touchpoint"),
    "entry_channel": ("segments", "segment_number", "entry_channel"),
    "persona": ("segments", "segment_number", "persona"),
    "device": ("segments", "segment_number", "device"),
    "country": ("segments", "segment_number", "country"),
}
"""A column of `touches` to the table that tells it by number, the number, and its name there."""


@dataclass(frozen=True)
class Carried:
    """A column that the answer to a query holds as a number."""

    number: str
    """The column of the numbers."""
    values: pl.Series
    """The value of each number, at its place; words as one of a fixed list."""

    def of(self, numbers: pl.Series) -> pl.Series:
        """The values of these numbers."""
        return self.values.gather(numbers)


_read: WeakKeyDictionary[Engine, dict[str, Carried]] = WeakKeyDictionary()


def carried(engine: Engine, filters: Filters, name: str) -> Carried:
    """A column of `NUMBERED` in a snapshot, read once."""
    known = _read.setdefault(engine, {})
    if name not in known:
        table, number, column = NUMBERED[name]
        sql = f"select {number}::bigint as number, {column} as value from {table}"
        rows = engine.table(sql, replace(filters, where={}, outside={}))
        found = dict(rows.iter_rows())
        places = range(max(found, default=0) + 1)
        words = pl.Series([found.get(place) for place in places], dtype=rows["value"].dtype)
        if words.dtype == pl.String:
            words = words.cast(pl.Enum(words.drop_nulls().unique().sort()))
        known[name] = Carried(number, words)
    return known[name]
