"""One try for each that is counted: the first, the best, or every one."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from journey.analysis.funnel.chains import follow, worth_following
from journey.analysis.funnel.exclusions import apply
from journey.analysis.funnel.rows import Integers, Rows
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
        return [int(reached) for reached in (self.steps >= 0).sum(axis=1)]

    def table(self) -> pl.DataFrame:
        """One row for each try: `person_id`, `at_1` ... `at_k` (when each step came, UTC), and
        for each other column of the rows, like `channel`, `channel_1` ... `channel_k` (what the
        touch of that step carried).
        """
        frame, columns = self.rows.frame, {}
        known = {"person_id": frame["person_id"].gather(self.steps[0])}
        for number, rows in enumerate(self.steps, 1):
            at = pl.Series(np.where(rows >= 0, self.rows.at[rows], 0))
            reached = pl.Series(rows >= 0)
            columns[f"at_{number}"] = (at, reached)
            for name in frame.columns:
                if name not in ("person_id", "touch_number"):
                    columns[f"{name}_{number}"] = (frame[name].gather(np.maximum(rows, 0)), reached)
        made = {name: values.zip_with(reached, values.clear(len(values)))
                for name, (values, reached) in columns.items()}  # fmt: skip
        return pl.DataFrame(known | made).with_columns(
            pl.col(f"at_{number}").cast(pl.Datetime("us"))
            for number in range(1, len(self.steps) + 1)
        )


def tries(rows: Rows, funnel: Funnel) -> Tries:
    """Follow what must be followed and keep one try for each that is counted."""
    openings = worth_following(rows, funnel)
    found = follow(rows, funnel, openings)
    out = apply(rows, funnel, found) if funnel.exclusions else np.zeros(len(openings), np.bool_)
    units = rows.unit[openings]
    if funnel.chosen is Entry.BEST:
        if out.any() and funnel.on_exclusion is OnExclusion.DROP:
            out = np.isin(units, units[out])
        reach = sum((found[place] >= 0).astype(np.int64) for place in funnel.required)
        order = np.lexsort((rows.place[openings], reach, units))
        is_last = np.ones(len(order), dtype=np.bool_)
        is_last[:-1] = units[order[1:]] != units[order[:-1]]
        kept = order[is_last & ~out[order]]
    else:
        kept = np.flatnonzero(~out)
    kept = kept[np.argsort(rows.place[openings[kept]])]
    return Tries(rows, funnel, found[:, kept])
