"""Scores in words, and as rows of estimates; whether they hang on the way of summing up."""

from collections.abc import Mapping, Sequence
from datetime import date

from journey.analysis.experience.flips import Flip, Steadiness
from journey.analysis.experience.scores import Score, Scores
from journey.metrics.filters import Filters
from journey.present.captions.apart import Sized, differ
from journey.present.captions.compared import compared
from journey.present.experience.estimates import Estimate
from journey.present.numbers import NOTHING, THIN, counted, show
from journey.present.numbers import interval as ends
from journey.present.versus import is_group, name
from journey.present.words import escape_plotly, label, listed, period

METHODS = {
    "top_boxes": "Top two boxes",
    "mean": "Mean",
    "sum_of_maximum": "Sum ÷ maximum",
    "net": "Net score",
    "promoters": "Share of promoters",
    "agree": "Share who agree",
}
"""Way of summing up to its name."""


def method(name: str) -> str:
    """A way of summing up as a reader knows it."""
    return METHODS[name]


def scale(unit: str) -> float:
    """What a value is multiplied by where it is drawn."""
    return 100.0 if unit == "percent" else 1.0


def suffix(unit: str) -> str:
    """What stands after numbers on an axis."""
    return f"{THIN}%" if unit == "percent" else ""


def value(number: float | None, unit: str) -> str:
    """A score in words: means with two decimals, since tenths hide what matters."""
    if number is None:
        return NOTHING
    return f"{number:.2f}" if unit == "score" else show(number, unit)


def interval(low: float, high: float, unit: str) -> str:
    """An interval in words."""
    return f"{low:.2f} to {high:.2f}" if unit == "score" else ends(low, high, unit)


def scores_answer(scores: Scores, minimum_n: int) -> str:
    """Which group scores highest and which lowest, in a sentence."""
    known = {
        label(str(row.group)): (row.measured, row.sample.count)
        for row in scores.rows
        if row.measured is not None
    }
    told_of = {
        name: f"{value(one.value, scores.unit)} from {count:,} "
        f"({interval(one.low, one.high, scores.unit)})"
        for name, (one, count) in known.items()
    }
    values = [
        Sized(name, one.value, one.low, one.high, count) for name, (one, count) in known.items()
    ]
    return compared(values, told_of, f"No group has {minimum_n} answers yet.")


def course_answer(course: Scores, minimum_n: int) -> str:
    """The first month that has answers enough against the last, in a sentence; nothing where
    there is no answer."""
    known = [row for row in course.rows if row.measured is not None]
    known.sort(key=lambda row: str(row.group))
    if not known:
        count = course.total.sample.count
        return f"{counted(count, 'answers')}, in no month {minimum_n} of them." if count else ""
    ends = []
    for row in (known[0], known[-1]):
        if (one := row.measured) is not None:
            when = date.fromisoformat(str(row.group))
            said = f"{value(one.value, course.unit)} in {when:%B} {when.year}"
            sized = Sized(said, one.value, one.low, one.high, row.sample.count)
            ends.append((f"{said} ({counted(row.sample.count, 'answers')})", sized))
    (before, first), (after, last) = ends[0], ends[-1]
    if len(known) == 1:
        return f"{before}; a course takes two months."
    if differ(first, last):
        verb = "Rose" if last.value > first.value else "Fell"
        return f"{verb} from {before} to {after}, more than chance would explain."
    return f"No change beyond chance from the first month to the last: {before}, {after}."


def score_rows(scores: Scores) -> list[Estimate]:
    """The groups of a score, the best first and those with too few answers last; an arrow where
    one moved by more than chance would explain."""
    sign = -1 if scores.is_better_up else 1
    rows = sorted(
        scores.rows,
        key=lambda row: (
            row.measured is None,
            sign * row.measured.value if row.measured else 0.0,
            str(row.group),
        ),
    )
    return [_score_row(row, scores) for row in rows]


def _score_row(row: Score, scores: Scores) -> Estimate:
    """One group as an estimate."""
    known = row.measured
    times = scale(scores.unit)
    moved = row.verdict in ("rose", "fell")
    good = (row.verdict == "rose") == scores.is_better_up
    return Estimate(
        label(str(row.group)),
        times * known.value if known else None,
        times * known.low if known else 0.0,
        times * known.high if known else 0.0,
        value(known.value, scores.unit) if known else "",
        row.sample.count,
        f"<b>{escape_plotly(label(str(row.group)))}</b><br>{hover(row, scores)}",
        {"rose": "↑", "fell": "↓"}.get(row.verdict, ""),
        ("good" if good else "bad") if moved else "none",
    )


def hover(row: Score, scores: Scores) -> str:
    """A score in full: value, interval, answers and change, escaped."""
    known = row.measured
    if known is None:
        return f"{counted(row.sample.count, 'answers')}, too few"
    lines = [
        f"<b>{value(known.value, scores.unit)}</b> "
        f"({interval(known.low, known.high, scores.unit)})",
        counted(row.sample.count, "answers")
        + (f", worth {row.sample.size:,.0f}" if scores.is_weighted else ""),
    ]
    if change := changed(row, scores):
        lines.append(escape_plotly(change))
    return "<br>".join(lines)


def changed(row: Score, scores: Scores) -> str:
    """How a score moved since the span before; nothing where nothing is compared."""
    if row.before is None:
        return ""
    if row.test is None:
        return f"{counted(row.before.count, 'answers')} before, too few to judge a change"
    return _moved(row, scores)


def _moved(row: Score, scores: Scores, verbs: tuple[str, str] = ("rose", "fell")) -> str:
    """A tested change in words."""
    if row.test is None:
        return ""
    size = abs(row.test.difference) * scale(scores.unit)
    places = 2 if scores.unit == "score" else 1
    verb = verbs[0] if row.test.difference > 0 else verbs[1]
    if round(size, places) == 0:
        return "did not move"
    why = "no more" if row.verdict == "within chance" else "more"
    return f"{verb} {size:.{places}f} points, {why} than chance would explain"


def score_foot(scores: Scores, filters: Filters, before: Filters | None) -> str:
    """Which answers are summed up, how, and what is left out."""
    chosen, total = scores.chosen, scores.total
    kind = f"{chosen.kind} " if chosen.kind else ""
    on = (
        f"on a scale of {chosen.scale[0]:g} to {chosen.scale[1]:g}"
        if chosen.scale
        else "all scales put on one from 0 to 100"
    )
    better = "" if scores.is_better_up else ", where lower is better"
    parts = [
        f"{kind}{chosen.survey.upper()}, {method(scores.method).lower()}, {on}{better}",
        f"{counted(total.sample.count, 'answers')} of {period(filters.since, filters.until)}",
    ]
    known = total.measured
    if known is not None:
        between = interval(known.low, known.high, scores.unit)
        parts.append(f"{value(known.value, scores.unit)} overall (95{THIN}%: {between})")
    if scores.is_weighted:
        parts.append(f"weighted, worth {counted(total.sample.size, 'answers')}")
    text = " · ".join(parts) + "."
    if before is not None and total.before is not None:
        span = period(before.since, before.until)
        if is_group(filters, before):
            called = name(filters, before)
            apart = _moved(total, scores, ("is higher by", "is lower by"))
            text += f" Against {called} it {apart}." if apart else f" {called}: too few answers."
        elif total.test is not None:
            text += f" Against {span} it {_moved(total, scores)}."
        else:
            text += f" {span} has too few answers to compare with."
    if scores.left_out:
        left = counted(scores.left_out, "answers")
        verb = "is" if scores.left_out == 1 else "are"
        text += f" {left} on another scale {verb} left out, not averaged in."
    return text[0].upper() + text[1:]


def steadiness(found: Mapping[str, Scores], steady: Steadiness) -> str:
    """Whether the conclusion hangs on the way of summing up, in sentences; nothing where there is
    no conclusion: no change that was tested, and no two groups with answers enough."""
    chosen = next(iter(found.values()))
    if not steady.pairs and chosen.total.test is None:
        return ""
    ways = listed([method(name).lower() for name in steady.methods], "and")
    if not steady.flips:
        return f"The conclusion holds whichever way answers are summed up ({ways} agree)."
    own = method(chosen.method).lower()
    said = []
    turned = [flip for flip in steady.flips if flip.what in ("direction", "chance")]
    for what in ("direction", "chance"):
        names = [method(flip.method).lower() for flip in turned if flip.what == what]
        if not names:
            continue
        by = listed(names, "and")
        if what == "direction":
            said.append(f"The change points the other way by {by} than by {own}.")
        else:
            said.append(f"The change is beyond chance by only some ways: {own} and {by} disagree.")
    said += _swaps(steady.flips, own)
    return " ".join(said)


def _swaps(flips: Sequence[Flip], own: str) -> list[str]:
    """The groups that change places, each pair once with all the ways that swap it."""
    pairs: dict[tuple[str, str], list[Flip]] = {}
    for flip in flips:
        if flip.what == "ranking":
            pairs.setdefault((flip.first or "", flip.second or ""), []).append(flip)
    said = []
    for (first, second), swapped in list(pairs.items())[:2]:
        by = listed([method(flip.method).lower() for flip in swapped], "and")
        sure = any(flip.sure for flip in swapped)
        why = "each more than chance would explain" if sure else "but both within chance"
        said.append(
            f"The ranking flips: {label(first)} is ahead of {label(second)} by {own}, "
            f"behind it by {by}, {why}."
        )
    if len(pairs) > 2:
        said.append(f"{len(pairs) - 2} more pairs change places.")
    return said
