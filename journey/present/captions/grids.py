"""Tables in a sentence: where a matrix or a list of measures is widest apart."""

from collections.abc import Iterable, Sequence

import polars as pl

from journey.metrics.measures import Measure, Value, measures
from journey.metrics.metric import Metric
from journey.present import comparisons, matrices
from journey.present.captions.apart import Sized, of_value, widest
from journey.present.captions.measured import ends_of, highest_and_lowest
from journey.present.numbers import counted, interval, show
from journey.present.words import label


def matrix(metric: Metric, rows: pl.DataFrame, currency: str | None, minimum_n: int) -> str:
    """Within which column two rows are furthest apart in the leading measure; over the whole table
    where rows and columns are of one kind, the diagonal left out."""
    measure = matrices.chosen(rows.columns, None)
    down, across = rows.columns[:2]
    square = matrices.is_square(rows)
    groups: dict[str, dict[str, Value]] = {}
    any_case = False
    for row in rows.iter_rows(named=True):
        value = measure.value(row)
        any_case = any_case or bool(value and value.n)
        one, other = label(row[down]), label(row[across])
        if value is None or value.n < minimum_n or (square and row[down] == row[across]):
            continue
        group, name = ("", f"{one} to {other}") if square else (other, one)
        groups.setdefault(group, {})[name] = value
    if not any_case:
        return "Nothing in this period."
    pairs = sum(len(group) * (len(group) - 1) // 2 for group in groups.values())
    if not pairs:
        return "Too few cases in each cell to compare any two."
    found = [
        (pair.high.value - pair.low.value, name, pair)
        for name, group in groups.items()
        if (pair := widest(_sized(group), pairs))
    ]
    what = label(measure.name)
    if not found:
        within = f"within no {label(across).lower()} do two cells"
        if square:
            stayed = (rows[down] == rows[across]).any()
            within = f"{'those that stayed aside, ' if stayed else ''}no two cells"
        return f"{what}: {within} differ by more than chance would explain."
    _, group_name, pair = max(found, key=lambda one: one[0])
    told_of = _told(groups[group_name], measure, currency)
    extremes = ends_of(_sized(groups[group_name]))
    said = highest_and_lowest(pair, told_of, extremes)
    if square:
        return f"{what}: {said}."
    return f"{what} is widest apart at {group_name}: {said}."


def lines(metric: Metric, rows: pl.DataFrame, currency: str | None, minimum_n: int) -> str:
    """The first column in which two lines can be told apart, or a line from all others; the line
    with most of the first column where none is a measure of cases."""
    known = [one for one in measures(rows.columns[1:]) if rows.schema[one.columns[0]].is_numeric()]
    if not known or not _any(rows):
        return "Nothing in this period."
    named = [label(word) for word in rows[rows.columns[0]]]
    judged = {
        measure: [measure.value(row) for row in rows.iter_rows(named=True)]
        for measure in known
        if measure.kind in ("share", "mean", "middle")
    }
    enough = {
        measure: {
            name: value
            for name, value in zip(named, values, strict=True)
            if value is not None and value.n >= minimum_n
        }
        for measure, values in judged.items()
    }
    pairs = sum(len(values) * (len(values) - 1) // 2 for values in enough.values())
    for measure, values in enough.items():
        if pair := widest(_sized(values), pairs):
            told_of = _told(values, measure, currency)
            said = highest_and_lowest(pair, told_of, ends_of(_sized(values)))
            return f"{label(measure.name)}: {said}."
    for measure in judged:
        for place, verdict in comparisons.verdicts(judged[measure], minimum_n).items():
            told_of = _told(enough[measure], measure, currency)
            side = "above" if verdict == comparisons.ABOVE else "below"
            return (
                f"{label(measure.name)}: {named[place]} is {side} the rest, "
                f"{told_of[named[place]]}, more than chance would explain."
            )
    if pairs:
        return "No two lines differ in any column by more than chance would explain."
    return _most(known[0], rows, currency, minimum_n)


def _most(measure: Measure, rows: pl.DataFrame, currency: str | None, minimum_n: int) -> str:
    """The line with the largest count, or the largest share or portion of cases enough."""
    sizes = {
        label(row[rows.columns[0]]): value
        for row in rows.iter_rows(named=True)
        if (value := measure.value(row)) is not None
        and (measure.kind == "count" or value.n >= minimum_n)
    }
    if not sizes:
        return "Too few cases in each line to compare any two."
    most = max(sizes, key=lambda name: sizes[name].value)
    said = show(sizes[most].value, measure.unit, currency)
    if measure.kind == "count":
        said = counted(sizes[most].value, label(measure.name).lower())
    else:
        said += f" of {sizes[most].n:,.0f}"
    if rows.height == 1 and measure.kind == "count":
        return f"{most}: {said}."
    ties = [name for name in sizes if sizes[name].value == sizes[most].value]
    if len(ties) > 1:
        return f"{label(measure.name)}: {len(ties)} lines share the most, {said}."
    return f"{label(measure.name)}: most at {most}, {said}."


def _told(values: dict[str, Value], measure: Measure, currency: str | None) -> dict[str, str]:
    """Each value in full."""
    joint = "of" if measure.kind == "share" else "from"
    return {
        name: f"{show(one.value, measure.unit, currency)} {joint} {one.n:,.0f} "
        f"({interval(one.low, one.high, measure.unit, beside=one.value)})"
        for name, one in values.items()
    }


def _sized(values: dict[str, Value]) -> list[Sized]:
    """The values under their names."""
    return [of_value(value, name) for name, value in values.items()]


def _any(rows: pl.DataFrame) -> bool:
    """Whether any number of the rows is not zero."""
    summed: Iterable[Sequence[float | None]] = (
        rows.select(pl.selectors.numeric()).fill_null(0).sum().iter_rows()
    )
    return any(number for row in summed for number in row)
