"""How the data arrives: some of it twice, some of it late, some of it broken."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from .rows import CONTRACT
from .story import Story

REASONS = (
    "unreadable_time",
    "unreadable_number",
    "no_touchpoint",
    "no_person",
    "score_outside_scale",
)
_TIMES = ("yesterday", "2026-13-45 10:00:00", "not a time", "32.01.2026 25:61", "n/a")
_NUMBERS = ("twelve", "12.3.4", "1O,50", "#VALUE!", "--")
_SCALES = {"csat": (1.0, 5.0, 9.0), "nps": (0.0, 10.0, 11.0), "ces": (1.0, 7.0, 0.0)}


@dataclass(frozen=True)
class Delivery:
    """One batch as it is delivered on time, and what of it comes later."""

    on_time: pl.DataFrame
    duplicates: int
    late: pl.DataFrame


def deliver(
    rng: np.random.Generator, story: Story, rows: pl.DataFrame, hold_back: bool
) -> Delivery:
    """Deliver some rows twice; hold back half of the rows of some people if asked to.

    A device that was offline for long is the usual cause of late rows, and of journeys with holes
    until they come.
    """
    late = np.zeros(len(rows), dtype=np.bool_)
    if hold_back:
        who = pl.coalesce("customer_id", "anonymous_id")
        person = rows.select(who.rank("dense") - 1).to_series().to_numpy()
        offline = rng.random(int(person.max(initial=0)) + 1) < story.late_people
        late = offline[person] & (rng.random(len(rows)) < 0.5)
    on_time = rows.filter(~late)
    again = np.flatnonzero(rng.random(len(on_time)) < story.duplicate_share)
    return Delivery(
        on_time=pl.concat([on_time, on_time[again]]),
        duplicates=len(again),
        late=rows.filter(late),
    )


def broken(rng: np.random.Generator, story: Story, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with one fault each, made from good ones, as text."""
    each = story.rejected_each
    source = rows[rng.integers(0, len(rows), each * len(REASONS))].pipe(as_text)
    ids = pl.Series("event_id", [f"x{i}" for i in range(len(source))])
    source = source.with_columns(ids)
    time, number, touchpoint, person, score = (
        source.slice(i * each, each) for i in range(len(REASONS))
    )
    wrong = pl.Series([_NUMBERS[i % len(_NUMBERS)] for i in range(each)])
    surveys = [list(_SCALES)[i % len(_SCALES)] for i in range(each)]
    return pl.concat(
        [
            time.with_columns(
                occurred_at=pl.Series([_TIMES[i % len(_TIMES)] for i in range(each)])
            ),
            pl.concat(
                [
                    number.head(each // 2).with_columns(revenue=wrong.head(each // 2)),
                    number.tail(-(each // 2)).with_columns(quantity=wrong.tail(-(each // 2))),
                ]
            ),
            touchpoint.with_columns(touchpoint=pl.lit(None, dtype=pl.String)),
            person.with_columns(
                pl.lit(None, dtype=pl.String).alias(c) for c in ("customer_id", "anonymous_id")
            ),
            score.with_columns(
                touchpoint=pl.lit("survey_answered"),
                survey=pl.Series(surveys),
                scale_min=pl.Series([str(_SCALES[s][0]) for s in surveys]),
                scale_max=pl.Series([str(_SCALES[s][1]) for s in surveys]),
                score=pl.Series([str(_SCALES[s][2]) for s in surveys]),
            ),
        ]
    )


def as_text(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows as a CSV holds them."""
    return rows.select(
        pl.col("occurred_at").dt.strftime("%Y-%m-%d %H:%M:%S%.6f")
        if name == "occurred_at"
        else pl.col(name).cast(pl.String)
        for name in CONTRACT
    )


def late_and_broken(
    rng: np.random.Generator, story: Story, late: pl.DataFrame, on_time: pl.DataFrame
) -> tuple[pl.DataFrame, int]:
    """The last delivery, well mixed, and how many of its rows were delivered before."""
    again = min(story.repeated_in_csv, len(on_time) // 20)
    seen = on_time[rng.choice(len(on_time), again, replace=False)]
    everything = pl.concat([as_text(late), as_text(seen), broken(rng, story, on_time)])
    return everything[rng.permutation(len(everything))], again
