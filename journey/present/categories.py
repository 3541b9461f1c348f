"""Categories in pictures: which colour each has, and what is lumped as Other."""

from datetime import date, datetime

import polars as pl

from journey.config import STAGES
from journey.present.palette import MOST_COLOURS, OTHER, Palette


def colour_of(palette: Palette, column: str, name: str) -> str:
    """The colour of a category: a stage's own where the column holds stages, else the name's."""
    return palette.stage(name) if column == "stage" and name in STAGES else palette.channels(name)


def lumped(rows: pl.DataFrame) -> dict[str, dict[date, float]]:
    """Rows of date, word and number as word to its course, the largest first, at most seven and
    then Other, so that nothing is lost."""
    course: dict[str, dict[date, float]] = {}
    for when, word, number in rows.select(rows.columns[:3]).iter_rows():
        if when is None:
            continue
        day = when.date() if isinstance(when, datetime) else when
        own = course.setdefault(word or "Unknown", {})
        own[day] = own.get(day, 0.0) + float(number or 0)
    order = sorted(course, key=lambda word: (word == OTHER, -sum(course[word].values()), word))
    kept = {word: course[word] for word in order[:MOST_COLOURS]}
    for word in order[MOST_COLOURS:]:
        rest = kept.setdefault(OTHER, {})
        for day, number in course[word].items():
            rest[day] = rest.get(day, 0.0) + number
    if OTHER in kept:
        kept[OTHER] = kept.pop(OTHER)
    return kept
