"""Those who stood somewhere and went on or did not: counts by day and segment.

Everything that compares people on their way reads such counts, whatever going on means: getting
further, or getting on without an error, without help, without a low score.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from journey.metrics.filters import SEGMENTS

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Sign:
    """Something that may befall people."""

    name: str
    detector: str
    """The detector that looks for it, and its metric in `queries/pains/`."""
    title: str
    """Two to four words for the map, before the place."""
    befell: str
    """What befell people, in words: they ..."""
    things: str = "people"
    """What is counted."""


@dataclass(frozen=True)
class Place:
    """Where people stand, and what going on from there means."""

    number: int
    """Its number in the serving table of places; 0 for what is no step of the way."""
    name: str
    stage: str
    touchpoint: str | None
    onward: str
    """What those who went on did, in words."""
    metric: str
    """The metric that shows whether it got better."""
    sign: Sign | None = None
    """What people there got on without, where that is the question."""
    detector: str = ""
    """The detector that looks there, and its metric in `queries/pains/`, where that is another
    than the one for each step of the way."""
    things: str = ""
    """What is counted there, where that is not people."""
    called: str = ""
    """What it is called in words, where its name alone would not do."""
    named: str = ""
    """The filter whose value its name tells already."""
    others: str = ""
    """Whom it is held against, in words, where that is no other segment."""
    caution: str = ""
    """What must be said beside what is lost there."""


@dataclass(frozen=True)
class Cases:
    """Those who stood at one place: counts by day and segment, a row for each that occurs."""

    place: Place
    day: Ints
    """Days since the first day of the period."""
    segment: dict[str, Ints]
    """Filter to a code for each row; `values` spells them out."""
    values: dict[str, list[str]]
    people: Floats
    went_on: Floats
    ordered: Floats
    """Of those who went on, how many ordered in the end."""
    number: Ints
    """Each row's number among all of its place."""
    counts: Mapping[str, Floats] = field(default_factory=dict)
    """What else is counted of the people of each row."""

    def __len__(self) -> int:
        return len(self.day)

    def at(self, which: Flags) -> "Cases":
        """Some of the rows."""
        return replace(
            self,
            day=self.day[which],
            segment={name: codes[which] for name, codes in self.segment.items()},
            people=self.people[which],
            went_on=self.went_on[which],
            ordered=self.ordered[which],
            number=self.number[which],
            counts={name: values[which] for name, values in self.counts.items()},
        )

    def codes(self, names: Sequence[str]) -> Ints:
        """A number for each combination of the values of these filters."""
        code = np.zeros(len(self), dtype=np.int64)
        for name in names:
            code = code * len(self.values[name]) + self.segment[name]
        return code

    def onward(self, group: Flags) -> tuple[float, float]:
        """Of those of a group who go on from here, the share that orders in the end, with its
        standard error."""
        n, x = float(self.went_on[group].sum()), float(self.ordered[group].sum())
        share = x / n if n else 0.0
        return share, float(np.sqrt(share * (1 - share) / n)) if n else 0.0

    def of(self, who: Mapping[str, str]) -> Flags:
        """The rows of a segment (filter to value); all of them where nobody is named."""
        chosen = np.ones(len(self), dtype=np.bool_)
        for name, value in who.items():
            if value not in self.values[name]:
                return np.zeros(len(self), dtype=np.bool_)
            chosen &= self.segment[name] == self.values[name].index(value)
        return chosen


@dataclass(frozen=True)
class Part:
    """The rows of one kind: their days, their segments and what is counted of them."""

    kind: tuple[Any, ...]
    day: Ints
    segment: dict[str, Ints]
    values: dict[str, list[str]]
    counts: dict[str, Floats]

    def cases(self, place: Place, people: Floats, went_on: Floats, ordered: Floats) -> Cases:
        """The rows as cases at a place."""
        number = np.arange(len(self.day))
        return Cases(
            place,
            self.day,
            self.segment,
            self.values,
            people,
            went_on,
            ordered,
            number,
            self.counts,
        )


def with_codes(rows: pl.DataFrame, name: str, filter_name: str) -> pl.DataFrame:
    """The answer to a question, where a column holds values of a filter as codes in place of
    words, those that `parts` gives; −1 for a value that the filter's own column never has."""
    values = sorted(rows[SEGMENTS[filter_name]].unique())
    codes = {value: code for code, value in enumerate(values)}
    coded = pl.col(name).replace_strict(codes, default=-1, return_dtype=pl.Int64)
    return rows.with_columns(coded)


def parts(rows: pl.DataFrame, kinds: Sequence[str]) -> Iterator[Part]:
    """The answer to a question, kind by kind: its columns are `kinds`, `day` (a number), those of
    the segments, and counts. The rows of an answer come in any order; a fixed one makes the same
    question give the same digits."""
    if rows.is_empty():
        return
    names = [name for name in rows.columns if name not in (*kinds, "day", *SEGMENTS.values())]
    kind = np.zeros(rows.height, dtype=np.int64)
    for name in kinds:
        code, _ = _coded(rows[name])
        kind = kind * (int(code.max()) + 1) + code
    day = rows["day"].to_numpy()
    key = kind * (int(day.max()) + 1) + day
    values, codes = {}, {}
    for name, column in SEGMENTS.items():
        codes[name], values[name] = _coded(rows[column])
        key = key * len(values[name]) + codes[name]
    order = np.argsort(key)
    counts = {name: rows[name].to_numpy().astype(np.float64)[order] for name in names}
    ranked = kind[order]
    starts = [0, *(np.flatnonzero(np.diff(ranked)) + 1).tolist(), len(order)]
    for first, after in pairwise(starts):
        own = order[first:after]
        yield Part(
            tuple(rows[name][int(own[0])] for name in kinds),
            day[own],
            {name: code[own] for name, code in codes.items()},
            values,
            {name: values[first:after] for name, values in counts.items()},
        )


def _coded(column: pl.Series) -> tuple[Ints, list[Any]]:
    """A number for each value, in their order, and the values. Words are looked up among their few
    values, which takes a fifth of the time that ranking them does."""
    values = sorted(column.unique())
    if column.dtype == pl.String:
        codes = column.cast(pl.Enum(values)).to_physical().to_numpy()
    else:
        codes = np.searchsorted(values, column.to_numpy())
    return codes.astype(np.int64), values
