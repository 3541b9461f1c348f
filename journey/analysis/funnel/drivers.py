"""What those who went on did between two steps that those who left did not.

An association, never a cause: who means to buy also looks at more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Any

import numpy as np
import polars as pl

from journey.analysis.funnel.maturity import is_mature
from journey.analysis.funnel.names import known
from journey.analysis.funnel.report import follow
from journey.analysis.funnel.rows import Flags, Integers
from journey.analysis.funnel.rule import closes_after
from journey.analysis.funnel.spans import micros
from journey.analysis.funnel.spec import Funnel, Mode
from journey.analysis.funnel.tries import Tries
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
    touches, after = np.zeros((2, most), dtype=np.int64)
    went_on = left = 0
    did, was = np.zeros((2, most), dtype=np.int64), pl.DataFrame(schema=_TRAITS)
    for part in follow(engine, funnel, filters, also=[*TRAITS], everything=True):
        judged = _judged(part, funnel, filters, first)
        going = judged[last - 1] >= 0
        went_on, left = went_on + int(going.sum()), left + int((~going).sum())
        for those, counts in ((going, did[0]), (~going, did[1])):
            counts += _did(part, funnel, judged[:, those], first, last, most)
        was = pl.concat([was, _was(part, judged[first - 1], going)])
        touches, after = (
            so_far + more
            for so_far, more in zip((touches, after), _follow_goal(part, goal, most), strict=True)
        )
    late = {n for n in names.known.values() if after[n] >= AFTER_GOAL * max(1, touches[n])} - own
    compared = [
        (name, "did", int(did[0, number]), int(did[1, number]))
        for name, number in names.known.items()
        if number not in own | late
    ]
    summed = was.group_by("what").agg(pl.col("went_on", "left").sum()).sort("what")
    compared += [(what, "was", on, gone) for what, on, gone in summed.iter_rows()]
    rows = _compared(compared, went_on, left, minimum_n)
    out = tuple(name for name, number in names.known.items() if number in late)
    return Drivers(first, last, went_on, left, rows, out)


_TRAITS = {"what": pl.String, "went_on": pl.Int64, "left": pl.Int64}


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


def _judged(tries: Tries, funnel: Funnel, filters: Filters, first: int) -> Integers:
    """The tries that reached the earlier step and have had their time."""
    opened = pl.DataFrame({"at_1": tries.rows.at[tries.steps[0]]}).with_columns(
        pl.col("at_1").cast(pl.Datetime("us"))
    )
    over = opened.select(over=is_mature(funnel, filters.as_of)).to_series().to_numpy()
    return tries.steps[:, over & (tries.steps[first - 1] >= 0)]


def _was(part: Tries, rows: Integers, going: Flags) -> pl.DataFrame:
    """How many of each trait went on, and how many left."""
    counted = []
    for column, word in TRAITS.items():
        carried = pl.DataFrame(
            {"value": part.rows.frame[column][rows].fill_null("Unknown"), "going": going}
        )
        counted.append(
            carried.group_by("value").agg(
                pl.col("going").sum().cast(pl.Int64).alias("went_on"),
                (~pl.col("going")).sum().cast(pl.Int64).alias("left"),
            ).select(pl.concat_str(pl.lit(f"{word}: "), "value").alias("what"), "went_on", "left")
        )  # fmt: skip
    return pl.concat(counted)


def _follow_goal(part: Tries, goal: set[int], most: int) -> tuple[Integers, Integers]:
    """For each touchpoint, how often it came, and how often after a goal of the same person."""
    order = np.argsort(part.rows.place)
    person = part.rows.frame["person"].to_numpy()[order]
    code = part.rows.frame["code"].to_numpy()[order]
    is_goal = np.isin(code, sorted(goal))
    so_far: Integers = np.cumsum(is_goal) - is_goal
    after: Flags = so_far > so_far[np.searchsorted(person, person)]
    return np.bincount(code, minlength=most), np.bincount(code[after], minlength=most)


def _did(
    part: Tries, funnel: Funnel, judged: Integers, first: int, last: int, most: int
) -> Integers:
    """For each touchpoint, how many of the tries have it between the step and what ended the
    watch."""
    rows = part.rows
    order = np.lexsort((rows.place, rows.scope))
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    scope, at = rows.scope[order], rows.at[order]
    code = rows.frame["code"].to_numpy()[order]
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
