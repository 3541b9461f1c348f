"""One try for each that is counted: the first, the best, or every one."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from journey.analysis.funnel.chains import follow, worth_following
from journey.analysis.funnel.exclusions import apply
from journey.analysis.funnel.rows import Flags, Integers, Rows
from journey.analysis.funnel.spec import Entry, Funnel, OnExclusion


@dataclass(frozen=True)
class Tries:
    """What became of each that entered: its steps' touches, as rows; -1 where not reached."""

    rows: Rows
    funnel: Funnel
    steps: Integers
    """An array of steps × tries, in the order of people and their touches."""

    @cached_property
    def counts(self) -> list[int]:
        """How many reached each step."""
        return [int(np.count_nonzero(step >= 0)) for step in self.steps]

    def table(self) -> pl.DataFrame:
        """One row for each try: `person` (its number), `at_1` ... `at_k` (when each step came,
        UTC), and for each other column of the rows, like `channel`, `channel_1` ... `channel_k`
        (what the touch of that step carried).
        """
        frame = self.rows.frame
        columns: dict[str, pl.Series] = {"person": frame["person"].gather(self.steps[0])}
        for number, rows in enumerate(self.steps, 1):
            reached, there = pl.Series(rows >= 0), np.maximum(rows, 0)
            at = pl.Series(self.rows.at[there]).cast(pl.Datetime("us"))
            columns[f"at_{number}"] = _where(reached, at)
            for name in self.rows.others:
                carried = self.rows.carried(name, there)
                columns[f"{name}_{number}"] = _where(reached, _as_words(carried))
        return pl.DataFrame(columns)


def _as_words(values: pl.Series) -> pl.Series:
    """Words of a fixed list as words like any other."""
    return values.cast(pl.String) if isinstance(values.dtype, pl.Enum) else values


def _where(there: pl.Series, values: pl.Series) -> pl.Series:
    """The values, None where they are not there."""
    return values.zip_with(there, values.clear(len(values)))


def tries(rows: Rows, funnel: Funnel) -> Tries:
    """Follow what must be followed and keep one try for each that is counted."""
    openings = worth_following(rows, funnel)
    found = follow(rows, funnel, openings)
    out = apply(rows, funnel, found) if funnel.exclusions else np.zeros(len(openings), np.bool_)
    if funnel.chosen is Entry.BEST:
        kept = _best(rows, funnel, openings, found, out)
    else:
        kept = np.flatnonzero(~out)
    if rows.group is not rows.unit:
        kept = kept[np.argsort(rows.place[openings[kept]])]
    return Tries(rows, funnel, found[:, kept])


def _best(rows: Rows, funnel: Funnel, openings: Integers, found: Integers, out: Flags) -> Integers:
    """The try of each unit that gets furthest, of several the latest; in the order of the units,
    which is that of people where a unit is one group."""
    units = rows.unit[openings]
    if out.any() and funnel.on_exclusion is OnExclusion.DROP:
        out = np.isin(units, units[out])
    reach = np.zeros(len(openings), dtype=np.int64)
    for place in funnel.required:
        reach += found[place] >= 0
    if rows.group is rows.unit:
        # In order already: the latest of those that reach the most, without sorting.
        first = np.flatnonzero(np.concatenate(([True], units[1:] != units[:-1])))
        if not len(openings):
            return first[:0]
        latest = reach * len(openings) + np.arange(len(openings))
        kept: Integers = np.maximum.reduceat(latest, first) % len(openings)
        return kept[~out[kept]]
    order = np.lexsort((rows.place[openings], reach, units))
    is_last = np.ones(len(order), dtype=np.bool_)
    is_last[:-1] = units[order[1:]] != units[order[:-1]]
    return order[is_last & ~out[order]]
