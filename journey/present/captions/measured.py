"""Rates and scores in a sentence: their course, or which category is above which."""

from collections.abc import Sequence

import polars as pl

from journey.analysis.trend.course import Turn
from journey.metrics.metric import Metric
from journey.present import frames
from journey.present.captions.apart import Pair, Sized, differ, of_reading, widest
from journey.present.numbers import counted
from journey.present.readings import (
    Reading,
    has_series,
    is_dated,
    overall,
    readings,
    told,
    told_interval,
)
from journey.present.words import label


def measured(metric: Metric, rows: pl.DataFrame, minimum_n: int, turns: Sequence[Turn] = ()) -> str:
    """A rate, NPS or score: rise or fall, or highest and lowest; too few is said. `turns` are the
    changes of level in the period."""
    whole = overall(metric, rows)
    if whole is None:
        return "Nothing in this period."
    noun = label(rows.columns[-1]).lower()
    if whole.whole < minimum_n:
        return f"{counted(whole.whole, noun)}, too few to show a value from."
    if is_dated(rows) and not has_series(metric, rows):
        return _course(metric, rows, whole, noun, minimum_n, turns)
    return _categories(metric, rows, whole, noun, minimum_n)


def short(metric: Metric, reading: Reading, noun: str) -> str:
    """A value with its count: `15.6 % of 9,254 journeys`, or without the noun."""
    joint = "of" if metric.chart == "rate" else "from"
    cases = counted(reading.whole, noun) if noun else f"{reading.whole:,.0f}"
    return f"{told(reading.value, metric)} {joint} {cases}"


def in_full(metric: Metric, reading: Reading, noun: str) -> str:
    """A value with its count and interval: `15.6 % of 9,254 journeys (14.9 to 16.4 %)`."""
    return f"{short(metric, reading, noun)} ({told_interval(reading, metric)})"


def highest_and_lowest(pair: Pair, told_of: dict[str, str], extremes: tuple[str, str]) -> str:
    """Two that differ, in full: as the highest and the lowest where they are, else as they are."""
    high, low = told_of[pair.high.name], told_of[pair.low.name]
    beyond = "further apart than chance would explain"
    if (pair.high.name, pair.low.name) == extremes:
        return (
            f"highest for {pair.high.name}, {high}, and lowest for {pair.low.name}, {low}, {beyond}"
        )
    return f"{pair.high.name} with {high} is above {pair.low.name} with {low}, {beyond}"


def ends_of(values: Sequence[Sized]) -> tuple[str, str]:
    """The names of the highest and the lowest."""
    high = max(values, key=lambda one: one.value)
    low = min(values, key=lambda one: one.value)
    return high.name, low.name


def in_between(turns: Sequence[Turn]) -> str:
    """What the halves of a period do not tell: that the level changed within them, and whether it
    came back; nothing where it did not change."""
    if not turns:
        return ""
    if all(turn.after is not None for turn in turns):
        return "with a change in between that has passed"
    return "with a change of level in between"


def _course(
    metric: Metric,
    rows: pl.DataFrame,
    whole: Reading,
    noun: str,
    minimum_n: int,
    turns: Sequence[Turn],
) -> str:
    """The first half of the periods against the last."""
    counts = rows.filter(pl.col(rows.columns[0]).is_not_null() & (pl.col(rows.columns[-1]) > 0))
    counts = counts.sort(counts.columns[0])
    middle = counts.height // 2
    first, last = overall(metric, counts[:middle]), overall(metric, counts[middle:])
    if first is None or last is None or min(first.whole, last.whole) < minimum_n:
        return f"{in_full(metric, whole, noun)}."
    grain = frames.grain(rows)
    before = f"{short(metric, first, noun)} in the first {counted(middle, f'{grain}s')}"
    after = f"{short(metric, last, '')} in the last {counts.height - middle}"
    if differ(of_reading(first, "first"), of_reading(last, "last")):
        verb = "Rose" if last.value > first.value else "Fell"
        return f"{verb} from {before} to {after}, more than chance would explain."
    if between := in_between(turns):
        return f"The last half is much as the first, {between}: {before}, {after}."
    return f"No change beyond chance from the first half to the last: {before}, {after}."


def _categories(
    metric: Metric, rows: pl.DataFrame, whole: Reading, noun: str, minimum_n: int
) -> str:
    """The highest and the lowest category, or that they may not differ."""
    shown = _by_word(metric, rows, minimum_n)
    if len(shown) < 2:
        few = "" if rows.height == 1 else "; too few to compare within it"
        return f"{in_full(metric, whole, noun)}{few}."
    told_of = {name: in_full(metric, one, "") for name, one in shown.items()}
    values = [of_reading(one, name) for name, one in shown.items()]
    if pair := widest(values):
        said = highest_and_lowest(pair, told_of, ends_of(values))
        return f"{said[0].upper()}{said[1:]}."
    high, low = ends_of(values)
    return (
        f"No two differ by more than chance would explain: from {short(metric, shown[low], noun)} "
        f"for {low} to {short(metric, shown[high], '')} for {high}."
    )


def _by_word(metric: Metric, rows: pl.DataFrame, minimum_n: int) -> dict[str, Reading]:
    """Word to its reading, over all dates where there are several, as far as there are enough."""
    if not is_dated(rows):
        found = {label(one.at): one for one in readings(metric, rows)}
    else:
        named = next(name for name, kind in rows.schema.items() if kind == pl.String)
        found = {
            label(word or "Unknown"): one
            for (word,), part in rows.group_by(named, maintain_order=True)
            if (one := overall(metric, part)) is not None
        }
    return {name: one for name, one in found.items() if one.whole >= minimum_n}
