"""What those who went on did between two steps that those who left did not.

An association, never a cause: who means to buy also looks at more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from math import exp, log, sqrt
from typing import Any

import numpy as np
import polars as pl

from journey.analysis.funnel.maturity import is_mature
from journey.analysis.funnel.names import known
from journey.analysis.funnel.query import Query
from journey.analysis.funnel.report import each
from journey.analysis.funnel.rows import Flags, Integers, Rows, counted_before
from journey.analysis.funnel.rows import rows as laid_out
from journey.analysis.funnel.rule import closes_after
from journey.analysis.funnel.spans import micros
from journey.analysis.funnel.spec import Funnel, Mode
from journey.analysis.funnel.tries import Tries, tries
from journey.errors import MetricError
from journey.metrics import statistics
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.metrics.statistics import Z95

TRAITS = {
    "entry_channel": "entry channel",
    "persona": "persona",
    "country": "country",
    "channel": "channel",
    "touch_device": "device",
}
"""What the touch of the earlier step carried, and its journey's segments."""

AFTER_GOAL = 0.9
"""A touchpoint of which so large a share comes after a goal by the same person is taken to be
possible only after it, and left out."""

_CELLS = 20_000_000
"""How many tries × touchpoints are looked at in one go."""


@dataclass(frozen=True)
class Drivers:
    """What goes with going on from one step to the next, the surest first."""

    first: int
    """The steps, from 1."""
    last: int
    went_on: int
    left: int
    rows: pl.DataFrame
    """`what` (a touchpoint, or `channel: Email`), `kind` (`did` or `was`), `went_on_did` and
    `left_did` (shares of those who went on and who left), `n` (all who did), `odds_ratio`, `low`,
    `high` (95 %), `phi`, `chance`, `verdict` (`for`, `against`, `within chance`, `no call`)."""
    left_out: tuple[str, ...]
    """Touchpoints that are possible only after the goal."""


def drivers(
    engine: Engine,
    funnel: Funnel,
    filters: Filters,
    first: int,
    last: int,
    minimum_n: int = 30,
) -> Drivers:
    """Compare who went on from step `first` to step `last`, from 1, with who did not.

    Only tries whose window has closed are compared. Who went on is watched from the one step to
    the other, who left from the one step for as long as the window is, or to the as-of where
    there is none. The funnel's own touchpoints are left out, and those that nearly always come
    after the goal. Odds ratios carry Haldane's and Anscombe's half in each cell and Woolf's
    interval; a verdict is given from `minimum_n` on both sides of each comparison, for what
    stands by Benjamini and Hochberg at 10 % among all. Raises MetricError where the steps are
    not two that must happen, in order.
    """
    _check(funnel, first, last)
    names = known(engine, filters)
    goal = set(names.numbers_of(funnel.steps[last - 1]))
    own = {number for step in funnel.steps for number in names.numbers_of(step)}
    most = max(names.known.values(), default=0) + 1
    look = partial(_look, as_of=filters.as_of, first=first, last=last, goal=goal, most=most)
    parts = [*each(engine, funnel, filters, look, also=[*TRAITS], everything=True)]
    did = sum((part.did for part in parts), start=np.zeros((2, most), dtype=np.int64))
    touches, after = sum(
        (part.after_goal for part in parts), start=np.zeros((2, most), dtype=np.int64)
    )
    carried = pl.concat([part.carried for part in parts])
    went_on = int(carried["going"].sum())
    left = len(carried) - went_on
    late = {n for n in names.known.values() if after[n] >= AFTER_GOAL * max(1, touches[n])} - own
    compared = [
        (name, "did", int(did[0, number]), int(did[1, number]))
        for name, number in names.known.items()
        if number not in own | late
    ]
    compared += [(what, "was", on, gone) for what, on, gone in _was(carried).iter_rows()]
    rows = _compared(compared, went_on, left, minimum_n)
    out = tuple(name for name, number in names.known.items() if number in late)
    return Drivers(first, last, went_on, left, rows, out)


@dataclass(frozen=True)
class _Part:
    """What some people's tries were and did."""

    carried: pl.DataFrame
    """One row a try that is compared: `going`, and the traits of its touch of the earlier step."""
    did: Integers
    """For each touchpoint, how many of those who went on did it, and how many of those who left."""
    after_goal: Integers
    """For each touchpoint, how often it came, and how often after a goal of the same person."""


def _look(
    funnel: Funnel,
    asked: Query,
    found: pl.DataFrame,
    *,
    as_of: datetime,
    first: int,
    last: int,
    goal: set[int],
    most: int,
) -> _Part:
    """What is to be counted of some people's touches."""
    rows = laid_out(funnel, asked, found)
    judged = _judged(tries(rows, funnel), funnel, as_of, first)
    going = judged[last - 1] >= 0
    traits = {name: rows.carried(name, judged[first - 1]) for name in TRAITS}
    sides = judged[:, going], judged[:, ~going]
    return _Part(
        pl.DataFrame({"going": going, **traits}),
        np.stack([_did(rows, funnel, side, first, last, most) for side in sides]),
        np.stack(_follow_goal(rows, goal, most)),
    )


def _check(funnel: Funnel, first: int, last: int) -> None:
    """Two steps that must happen, in order."""
    if funnel.mode is Mode.ANY:
        raise MetricError(
            "In any order nothing lies between two steps. Choose the mode ordered to see drivers."
        )
    if not (first < last and first - 1 in funnel.required and last - 1 in funnel.required):
        steps = ", ".join(str(place + 1) for place in funnel.required)
        raise MetricError(
            f"Drivers lie between two steps that must happen, the earlier first, not between "
            f"{first} and {last}. Choose two of {steps}."
        )


def _judged(tries: Tries, funnel: Funnel, as_of: datetime, first: int) -> Integers:
    """The tries that reached the earlier step and have had their time."""
    opened = pl.DataFrame({"at_1": tries.rows.at[tries.steps[0]]}).with_columns(
        pl.col("at_1").cast(pl.Datetime("us"))
    )
    over = opened.select(over=is_mature(funnel, as_of)).to_series().to_numpy()
    return tries.steps[:, over & (tries.steps[first - 1] >= 0)]


def _was(carried: pl.DataFrame) -> pl.DataFrame:
    """How many of each trait went on, and how many left: `what`, `went_on`, `left`, in order."""
    counted = []
    for column, word in TRAITS.items():
        found = carried.group_by(column).agg(
            pl.col("going").sum().cast(pl.Int64).alias("went_on"),
            (~pl.col("going")).sum().cast(pl.Int64).alias("left"),
        )
        value = pl.col(column).cast(pl.String).fill_null("Unknown")
        what = pl.concat_str(pl.lit(f"{word}: "), value)
        counted.append(found.select(what.alias("what"), "went_on", "left"))
    return pl.concat(counted).group_by("what").agg(pl.col("went_on", "left").sum()).sort("what")


def _follow_goal(rows: Rows, goal: set[int], most: int) -> tuple[Integers, Integers]:
    """For each touchpoint, how often it came, and how often after a goal of the same person."""
    person, code = rows.frame["person"].to_numpy(), rows.frame["code"].to_numpy()
    if (rows.place[1:] < rows.place[:-1]).any():
        order = np.argsort(rows.place)
        person, code = person[order], code[order]
    is_goal = np.zeros(most, dtype=np.bool_)
    is_goal[sorted(goal)] = True
    so_far = counted_before(is_goal[code])[:-1]
    begins = np.flatnonzero(np.concatenate(([True], person[1:] != person[:-1])))[: len(person)]
    lengths = np.diff(begins, append=len(person))
    after: Flags = so_far > np.repeat(so_far[begins], lengths)
    return np.bincount(code, minlength=most), np.bincount(code[after], minlength=most)


def _did(
    rows: Rows, funnel: Funnel, judged: Integers, first: int, last: int, most: int
) -> Integers:
    """For each touchpoint, how many of the tries have it between the step and what ended the
    watch."""
    place, scope, at, code = rows.place, rows.scope, rows.at, rows.frame["code"].to_numpy()
    if (place[1:] < place[:-1]).any() or (scope[1:] < scope[:-1]).any():
        order = np.lexsort((place, scope))
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        scope, at, code = scope[order], at[order], code[order]
    start, goal = judged[first - 1], judged[last - 1]
    begin = place[start] + 1
    end = np.searchsorted(scope, rows.scope[start], side="right")
    window = None if funnel.in_session else closes_after(funnel)
    if window is not None:
        end = _until(at, begin, end, rows.at[start] + micros(window))
    end = np.where(goal >= 0, place[goal], end)
    length = np.maximum(end - begin, 0)
    so_far = np.concatenate(([0], np.cumsum(length)))
    counts = np.zeros(most, dtype=np.int64)
    done = 0
    while done < len(length):
        stop = max(done + 1, int(np.searchsorted(so_far, so_far[done] + _CELLS, side="right")) - 1)
        stop = min(stop, done + max(1, _CELLS // most))
        size = length[done:stop]
        within = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size)
        which = np.repeat(np.arange(stop - done), size)
        seen = np.zeros((stop - done, most), dtype=np.bool_)
        seen[which, code[begin[done:stop][which] + within]] = True
        counts += seen.sum(axis=0)
        done = stop
    return counts


def _until(at: Integers, low: Integers, high: Integers, instants: Integers) -> Integers:
    """The first place from `low` up to `high` that comes after an instant."""
    low, high = low.copy(), high.copy()
    while (open_ := low < high).any():
        middle = (low + high) // 2
        early = open_ & (at[np.minimum(middle, len(at) - 1)] <= instants)
        low = np.where(early, middle + 1, low)
        high = np.where(open_ & ~early, middle, high)
    return low


def _compared(
    compared: Sequence[tuple[str, str, int, int]], went_on: int, left: int, minimum_n: int
) -> pl.DataFrame:
    """The table, the surest first."""
    rows = [
        _row(what, kind, on, gone, went_on, left, minimum_n) for what, kind, on, gone in compared
    ]
    rows = [row for row in rows if row["n"]]
    called = [row for row in rows if row["verdict"] != "no call"]
    standing = statistics.discoveries([row["chance"] for row in called])
    for row, stands in zip(called, standing, strict=True):
        if stands:
            row["verdict"] = "for" if row["odds_ratio"] > 1 else "against"
    rows.sort(key=lambda row: (row["verdict"] == "no call", -abs(row["phi"]), row["what"]))
    return pl.DataFrame(rows, schema=_SCHEMA)


_SCHEMA = {
    "what": pl.String,
    "kind": pl.String,
    "went_on_did": pl.Float64,
    "left_did": pl.Float64,
    "n": pl.Int64,
    "odds_ratio": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "phi": pl.Float64,
    "chance": pl.Float64,
    "verdict": pl.String,
}


def _row(
    what: str, kind: str, both: int, only_did: int, went: int, left: int, minimum_n: int
) -> dict[str, Any]:
    """One comparison: of those who went on and of those who left, how many did."""
    only_went, neither = went - both, left - only_did
    ratio, low, high = odds_ratio(both, only_did, only_went, neither)
    whole, rest = both + only_did, only_went + neither
    chance = statistics.two_shares(both, whole, only_went, rest) if whole and rest else 1.0
    return {
        "what": what,
        "kind": kind,
        "went_on_did": both / went if went else None,
        "left_did": only_did / left if left else None,
        "n": whole,
        "odds_ratio": ratio,
        "low": low,
        "high": high,
        "phi": phi(both, only_did, only_went, neither),
        "chance": chance,
        "verdict": "within chance" if min(whole, rest, went, left) >= minimum_n else "no call",
    }


def odds_ratio(
    both: int, only_did: int, only_went: int, neither: int
) -> tuple[float, float, float]:
    """The odds ratio with a half added to each cell (Haldane 1956, Anscombe 1956), and its 95 %
    interval on the log scale (Woolf 1955).

    >>> [round(value, 3) for value in odds_ratio(20, 10, 30, 60)]
    [3.873, 1.636, 9.168]
    """
    a, b, c, d = (cell + 0.5 for cell in (both, only_did, only_went, neither))
    ratio = a * d / (b * c)
    half = Z95 * sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    return ratio, exp(log(ratio) - half), exp(log(ratio) + half)


def phi(both: int, only_did: int, only_went: int, neither: int) -> float:
    """The correlation of doing and going on, from -1 to 1; 0 where either never varies.

    >>> round(phi(20, 10, 30, 60), 4)
    0.2928
    """
    rows = (both + only_did) * (only_went + neither)
    columns = (both + only_went) * (only_did + neither)
    spread = sqrt(float(rows) * columns)
    return (both * neither - only_did * only_went) / spread if spread else 0.0
