"""Cards with one number: value, change, trail, and how sure it is, as HTML."""

from collections.abc import Sequence
from html import escape

from journey.metrics.answer import Answer
from journey.metrics.goals import Goal
from journey.metrics.metric import Metric
from journey.present import feet, gaps, numbers, spreads, trails, versus, words
from journey.present.palette import Palette


def empty(answer: Answer, *, measured: bool = True) -> str:
    """What stands in an empty card, as HTML; where faults are counted, that there is none."""
    metric = answer.metric
    if metric.better == "lower" and metric.chart in ("bar", "measures"):
        return '<div class="status on"><i></i><b>Nothing to mend</b>: none in this period.</div>'
    return foot(feet.nothing(answer, measured=measured))


def without_cards(titles: Sequence[str]) -> str:
    """The line beneath a row of cards that names what has none, as HTML."""
    return foot(f"Not measured, for want of data: {words.listed(titles)}.")


def head(title: str, question: str, says: str = "") -> str:
    """A card's title, its question and what its picture says, as HTML."""
    said = f'<div class="says">{escape(_whole(says))}</div>' if says else ""
    return (
        f'<div class="head"><div class="title">{escape(title)}</div>'
        f'<div class="question">{escape(question)}</div>{said}</div>'
    )


def says(lines: Sequence[str]) -> str:
    """What a card found, in sentences, as HTML."""
    return f'<div class="says">{"<br>".join(escape(_whole(line)) for line in lines)}</div>'


def foot(text: str) -> str:
    """The line at the bottom of a card, as HTML."""
    return f'<div class="under">{escape(_whole(text))}</div>'


def _whole(text: str) -> str:
    """The text with its percent signs kept to their numbers at the end of a line."""
    return text.replace(f"{words.THIN}%", "\u202f%").replace(" %", "\u202f%")


def left_out(amounts: int) -> str:
    """What a card of money says where amounts came in other currencies."""
    return f"{numbers.counted(amounts, 'amounts')} of all data, in other currencies, left out."


def card(
    answer: Answer,
    compared: Sequence[Answer],
    colours: Palette,
    *,
    goal: Goal | None,
    minimum_n: int,
) -> str:
    """The card's HTML. Every text that comes from a file or from data is escaped.

    Of the answers it is `compared` with the first gets the plate and the sentence; the others a
    quiet line each.
    """
    metric, whole = answer.metric, answer.total
    title = f'<div class="title">{escape(metric.title)}</div>'
    if (spread := spreads.spread(answer)) is not None:
        return _spread(title, spread, answer, compared, colours, minimum_n)
    if whole is None or not whole.whole or whole.value is None:
        return _without(title, feet.nothing(answer))
    if whole.whole < minimum_n:
        cases = numbers.counted(whole.whole, feet.cases(answer))
        return _without(title, f"{cases}; we show {feet.kind(metric)} from {minimum_n}.")
    foot = [
        numbers.interval(whole.low, whole.high, metric.unit),
        numbers.counted(whole.whole, feet.cases(answer)),
    ]
    scale = 100 if metric.unit == "percent" else 1
    reached = goal.target.value / scale if goal else None
    trail = trails.trail(metric.chart, answer.rows, minimum_n)
    picture = '<div class="note">Too few periods for a trail.</div>'
    if len(trail) >= 3:
        alt = escape(f"Trail of {metric.title} over {len(trail)} periods")
        picture = trails.sparkline(trail, reached, colours, alt)
    leading = compared[0] if compared else None
    others = [line for one in compared[1:] if (line := _beside(answer, one, minimum_n))]
    return (
        f'<div class="kpi">{title}'
        f'<div class="value">{escape(numbers.show(whole.value, metric.unit))}</div>'
        f"{_change(answer, leading, minimum_n)}"
        f"{''.join(others)}"
        f"{picture}"
        f'<div class="foot">{escape(" · ".join(foot))}</div>{_status(goal, metric)}</div>'
    )


def _spread(
    title: str,
    spread: spreads.Spread,
    answer: Answer,
    compared: Sequence[Answer],
    colours: Palette,
    minimum_n: int,
) -> str:
    """A card whose number is a median: the middle half is drawn, and a change of the median, for
    which there is no test, is described and not judged."""
    unit = spread.unit
    if spread.cases < minimum_n:
        few = numbers.counted(spread.cases, spread.noun)
        return _without(title, f"{few}; we show a median from {minimum_n}.")
    lines: list[str] = []
    for one in compared:
        other = spreads.spread(one)
        value = other.middle if other is not None and other.cases >= minimum_n else None
        if value is None and lines:
            continue
        moved = numbers.change(spread.middle, value, unit, answer.metric.better)
        called = versus.group_name(answer, one) or versus.span_name(answer.filters, one.filters)
        lines.append(
            f'<div class="change{" more" * bool(lines)}">'
            f'<span class="{"quiet" if lines else "pill"}">'
            f"{escape(f'{moved.arrow} {moved.short}'.strip())}</span>"
            f'<span class="versus">vs {escape(called)}</span></div>'
        )
    ends = spread.low, spread.middle, spread.high, spread.far
    return (
        f'<div class="kpi">{title}'
        f'<div class="value">{escape(numbers.show(spread.middle, unit))}</div>'
        f"{''.join(lines)}"
        f"{trails.strip(*ends, colours, escape(f'Spread of {answer.metric.title}'))}"
        f'<div class="foot">{escape(f"Median; {spread.words}")}</div></div>'
    )


def _beside(answer: Answer, other: Answer, minimum_n: int) -> str:
    """One more comparison as a quiet line; nothing where the other has no case."""
    if other.total is None or not other.total.whole:
        return ""
    metric = answer.metric
    if group := versus.group_name(answer, other):
        plate, _ = versus.pill(answer.total or other.total, other.total, metric.unit, minimum_n)
        return (
            f'<div class="change more"><span class="quiet">{escape(plate)}</span>'
            f'<span class="versus">vs {escape(group)}</span></div>'
        )
    moved = numbers.change(
        answer.total, other.total, metric.unit, metric.better, minimum_n=minimum_n
    )
    called = versus.span_name(answer.filters, other.filters)
    told = f"{moved.arrow} {moved.short}".strip()
    span = words.period(other.filters.since, other.filters.until)
    return (
        f'<div class="change more" title="{escape(f"{moved.words}, against {span}")}">'
        f'<span class="quiet {moved.judgement}">{escape(told)}</span>'
        f'<span class="versus">vs {escape(called)}</span></div>'
    )


def _status(goal: Goal | None, metric: Metric) -> str:
    """What has come of the target: a shape, the word, the target, its day and its owner."""
    if goal is None:
        return ""
    return (
        f'<div class="status {goal.status.name.lower()}"><i></i><b>{goal.status}</b> '
        f"<span>({escape(owned_target(goal, metric))})</span></div>"
    )


def target_words(goal: Goal, metric: Metric) -> str:
    """A target as it was set: `16 %, 15.5 allowed, by 30 Jun 2027`.

    What is allowed is the target with its tolerance, on the side on which that is granted.
    """
    target = goal.target
    sign = f"{words.THIN}%" if metric.unit == "percent" else ""
    said = [f"{target.value:,.10g}{sign}"]
    if target.tolerance:
        limit = target.value + (target.tolerance if goal.wants_lower else -target.tolerance)
        said.append(f"{limit:,.10g} allowed")
    if target.by:
        said.append(f"by {words.day(target.by)} {target.by.year}")
    return ", ".join(said)


def owned_target(goal: Goal, metric: Metric) -> str:
    """A target as it was set, and whose it is."""
    told, owner = target_words(goal, metric), goal.target.owner
    return f"{told}, {owner}" if owner else told


def _without(title: str, why: str) -> str:
    """A card that has no number to show, and says why."""
    return (
        f'<div class="kpi">{title}<div class="value">–</div>'
        f'<div class="note">{escape(why)}</div></div>'
    )


def figure(answer: Answer, before: Answer | None, minimum_n: int) -> str:
    """A single number with its change and how sure it is, as HTML, for a card with a title."""
    whole = answer.total
    shown = "–"
    if whole is not None and whole.whole >= minimum_n:
        shown = numbers.show(whole.value, answer.metric.unit)
    return (
        f'<div class="kpi"><div class="value">{escape(shown)}</div>'
        f"{_change(answer, before, minimum_n)}"
        f'<div class="foot">{escape(feet.footer(answer, minimum_n, None))}</div></div>'
    )


def _change(answer: Answer, before: Answer | None, minimum_n: int) -> str:
    """The change against the span compared with: an arrow, a word, and the span; or how far the
    other group is, with the interval. A group is not better or worse, so that is not judged."""
    if before is None:
        return ""
    metric = answer.metric
    if group := versus.group_name(answer, before):
        return _difference(answer, before, group, minimum_n)
    moved = numbers.change(
        answer.total, before.total, metric.unit, metric.better, minimum_n=minimum_n
    )
    called = versus.span_name(answer.filters, before.filters)
    plate = f"{moved.arrow} {moved.short}".strip()
    span = words.period(before.filters.since, before.filters.until)
    return (
        f'<div class="change" title="{escape(f"{moved.words}, against {span}")}">'
        f'<span class="pill {moved.judgement}">{escape(plate)}</span>'
        f'<span class="versus">vs {escape(called)}</span></div>'
    )


def _difference(answer: Answer, other: Answer, group: str, minimum_n: int) -> str:
    """How far the choice is from another group: the difference, its interval, and the group."""
    one, two = answer.total, other.total
    if one is None or two is None:
        return ""
    plate, found = versus.pill(one, two, answer.metric.unit, minimum_n)
    beside = f"vs {group}"
    if found is not None:
        beside += f" (95 %: {gaps.ends(found, answer.metric.unit)})"
    told = versus.foot(answer, other, minimum_n, None)
    return (
        f'<div class="change" title="{escape(told)}">'
        f'<span class="pill">{escape(plate)}</span>'
        f'<span class="versus">{escape(beside)}</span></div>'
    )
