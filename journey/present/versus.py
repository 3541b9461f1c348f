"""One group against another in the same days: the difference, its interval, and in words.

A difference between groups that chose themselves is an association. What is said here says how
sure the difference is, never what makes it.
"""

from journey.metrics import segments, statistics
from journey.metrics.answer import Answer, Total
from journey.metrics.filters import PEOPLE, Filters
from journey.present.gaps import Gap, gap_of_totals, said, short
from journey.present.numbers import counted, interval, show
from journey.present.stages import percentile_words
from journey.present.words import label, listed, period


def is_group(filters: Filters, before: Filters | None) -> bool:
    """Whether the frame to compare with is another group, not another span."""
    return before is not None and (
        dict(before.where) != dict(filters.where) or dict(before.outside) != dict(filters.outside)
    )


def name(filters: Filters, other: Filters) -> str:
    """The other group in a word or two: what tells it from the group of the page."""
    if other.outside:
        return "Everyone else"
    if not other.where:
        return "Everyone"
    parts = []
    for key, values in other.where.items():
        if filters.where.get(key) != values:
            named = map(segments.title_of if key == PEOPLE else label, values)
            parts.append(listed(named, "or"))
    return ", ".join(parts)


def group_name(answer: Answer, other: Answer | None) -> str | None:
    """The name of the other answer's group; None where it is an earlier span, or nothing."""
    if other is None or not is_group(answer.filters, other.filters):
        return None
    return name(answer.filters, other.filters)


def span_name(filters: Filters, other: Filters) -> str:
    """The other span in a word or two where it is a usual one, else its days."""
    if (other.since, other.until) == (filters.before().since, filters.since):
        return "the span before"
    if (other.since, other.until) == (filters.year_before().since, filters.year_before().until):
        return "52 weeks earlier"
    return period(other.since, other.until)


def in_words(filters: Filters, other: Filters) -> str:
    """What a page says of its comparison with another span, or with another group."""
    if not is_group(filters, other):
        return f"Compared with {period(other.since, other.until)}."
    called = name(filters, other).replace("Everyone", "everyone")
    told = f"Compared with {called} in the same days; a difference is an association."
    if may_overlap(filters, other):
        told += " The two may share people, so the intervals are rather too wide than too narrow."
    return told


def may_overlap(filters: Filters, other: Filters) -> bool:
    """Whether one journey may belong to both groups."""
    if other.outside and dict(other.outside) == dict(filters.where):
        return False
    return not any(
        key != PEOPLE and not set(values) & set(other.where.get(key, values))
        for key, values in filters.where.items()
    )


def pill(one: Total, other: Total, unit: str, minimum_n: int) -> tuple[str, Gap | None]:
    """What the plate on a card says, and the difference behind it."""
    found = gap_of_totals(one, other, unit)
    if found is None:
        return "nothing to compare with", None
    if min(one.whole, other.whole) < minimum_n:
        return "too few to judge", None
    return short(found, unit) + ("" if found.is_clear else ", within chance"), found


def foot(answer: Answer, other: Answer, minimum_n: int, currency: str | None) -> str:
    """The other group under a chart: its value and the difference with interval, or its count."""
    called = name(answer.filters, other.filters)
    unit, rows = answer.metric.unit, other.rows
    one, two = answer.total, other.total
    if rows.is_empty() or (two is not None and not two.whole):
        return f"{called}: nothing in these days."
    if one is not None and two is not None:
        noun = label(rows.columns[-1]).lower()
        plate, found = pill(one, two, unit, minimum_n)
        count = counted(two.whole, noun)
        if found is None:
            return f"{called}: {count}; {plate}."
        told = f"{called}: {show(two.value, unit, currency)}"
        told += f" ({interval(two.low, two.high, unit)}) · {count}. "
        verdict = "more than" if found.is_clear else "no more than"
        return f"{told}The choice is {said(found, unit)}, {verdict} chance would explain."
    return _counted(called, answer, other, minimum_n, currency)


def _counted(
    called: str, answer: Answer, other: Answer, minimum_n: int, currency: str | None
) -> str:
    """The other group where there is no part of a whole to compare."""
    metric, rows = answer.metric, other.rows
    first, last = rows.columns[1] if rows.width > 1 else rows.columns[0], rows.columns[-1]
    if metric.chart == "funnel":
        return _funnel(called, answer, other, minimum_n)
    if metric.chart == "quantiles":
        middle = next((name for name in rows.columns if "median" in name), rows.columns[0])
        value, cases = rows[middle][0], rows[last][0] or 0
        if value is None or cases < minimum_n:
            return f"{called}: {counted(cases, label(last).lower())}, too few to compare."
        words = percentile_words(middle, float(value), metric.unit, currency)
        return f"{called}: {words}, of {counted(cases, label(last).lower())}."
    if metric.chart in ("line", "bar", "stacked"):
        column = last if metric.chart == "stacked" else first
        amount = float(rows[column].sum() or 0)
        if metric.unit == "money":
            return f"{called}: {show(amount, 'money', currency)}."
        if metric.unit in ("percent", "days", "hours", "points", "score"):
            return ""
        return f"{called}: {counted(amount, metric.unit)}."
    return f"Shown for the choice alone, not for {called}."


def _funnel(called: str, answer: Answer, other: Answer, minimum_n: int) -> str:
    """How many of the other group come to the end, and the difference."""
    stage = answer.rows[answer.rows.columns[0]][-1]
    ours, theirs = (
        [float(one.rows[one.rows.columns[1]][place] or 0) for place in (-1, 0)]
        for one in (answer, other)
    )
    if min(ours[1], theirs[1]) < minimum_n:
        return f"{called}: {counted(theirs[1], answer.metric.unit)}, too few to compare."
    found = Gap(*(100 * end for end in statistics.difference(*ours, *theirs)))
    share = show(theirs[0] / theirs[1], "percent")
    return (
        f"{called}: {share} of {theirs[1]:,.0f} get to {label(stage)}. "
        f"The choice is {said(found, 'percent')}."
    )
