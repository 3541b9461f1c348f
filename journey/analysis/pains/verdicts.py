"""A judgement in plain words: what moved, against whom, how sure it is, what speaks against it."""

from collections.abc import Mapping

import polars as pl

from journey.analysis.pains.judged import Judgement, Span
from journey.metrics.answer import Total
from journey.metrics.metric import Metric

_THIN = "\u2009"

METHOD = (
    "Difference in differences: what the affected changed by from before to after the fix, less "
    "what all others changed by over the same days. Before is the time it hurt, after the time "
    "since the fix, each up to twelve weeks and only as far as cases have had their time; all "
    "journeys count, whatever filters are set. It stands on the two moving alike but for the fix; "
    "the weeks before show whether they did. Intervals are 95 %. This is an association: a pain is "
    "noticed when it is at its worst, so some of it would have mended by itself."
)
"""How it is judged, for whoever asks."""


def sentences(found: Judgement) -> list[str]:
    """What came of the fix; the verdict first."""
    lines = [f"{found.verdict[0].upper()}{found.verdict[1:]}. {_verdict(found)}".strip()]
    if found.sides is not None and found.metric is not None:
        lines.append(_moved(found, found.metric))
    if found.metric is not None and found.spans:
        lines.append(_before(found, found.metric))
    return lines


def affected(who: Mapping[str, str]) -> str:
    """The segment in a few words.

    >>> affected({"device": "mobile", "country": "DE"}), affected({})
    ('mobile, DE', 'everyone')
    """
    return ", ".join(who.values()) or "everyone"


def table(found: Judgement) -> pl.DataFrame:
    """A row for each span: where the two groups stood, with counts."""
    return pl.DataFrame(
        [_row(span) for span in found.spans],
        schema={
            **dict.fromkeys(("since", "until"), pl.Date),
            "stretch": pl.String,
            **{
                f"{group}_{name}": pl.Float64
                for group in ("affected", "others")
                for name in ("part", "whole", "value", "low", "high")
            },
        },
    )


def number(value: float, metric: Metric) -> str:
    """A value of the metric: a share in percent, else a score.

    >>> from journey.metrics import metric as registry
    >>> number(0.4567, registry.find("decision/conversion_rate"))
    '45.7\\u2009%'
    """
    if metric.unit == "percent":
        return f"{100 * value:.1f}{_THIN}%"
    return f"{value:.{2 if metric.unit == 'score' else 1}f}".replace("-", "−")


def points(value: float, metric: Metric) -> str:
    """A difference of two values without its unit, never minus nothing."""
    places = 2 if metric.unit == "score" else 1
    scaled = 100 * value if metric.unit == "percent" else value
    return f"{round(scaled, places) + 0.0:.{places}f}".replace("-", "−")


def _verdict(found: Judgement) -> str:
    """The effect with its interval, or why there is none to speak of."""
    if found.why:
        return found.why
    assert found.metric is not None
    assert found.gain is not None
    value, low, high = found.gain
    ends = f"95{_THIN}%: {points(low, found.metric)} to {points(high, found.metric)}"
    doubt = "no more" if found.verdict == "no change" else "more"
    return (
        f"{found.metric.title} of {affected(found.who)} is {points(abs(value), found.metric)} "
        f"points {'better' if value >= 0 else 'worse'} than had it moved as that of all others "
        f"({ends}), {doubt} than chance would explain."
    )


def _moved(found: Judgement, metric: Metric) -> str:
    """Where both groups came from and went to."""
    assert found.sides is not None
    sides = found.sides

    def went(name: str, before: Total, after: Total) -> str:
        assert before.value is not None
        assert after.value is not None
        values = f"{number(before.value, metric)} to {number(after.value, metric)}"
        return f"{name} from {values} (n = {before.whole:,.0f} and {after.whole:,.0f})"

    who = affected(found.who)
    return (
        f"{went(who[0].upper() + who[1:], sides.affected_before, sides.affected_after)}; "
        f"{went('all others', sides.others_before, sides.others_after)}."
    )


def _before(found: Judgement, metric: Metric) -> str:
    """Whether the two moved alike before the fix."""
    if found.trend is None:
        return (
            "Too few weeks before the fix have cases enough to see whether the two moved alike, "
            "so this rests on trust that they did."
        )
    trend = found.trend
    moved = (
        f"{points(trend.slope, metric)} points a week (95{_THIN}%: {points(trend.low, metric)} to "
        f"{points(trend.high, metric)})"
    )
    if trend.is_parallel:
        told = f"Before the fix the two moved alike: their gap changed by {moved}, within chance."
    elif trend.is_parted:
        told = f"Before the fix their gap already changed by {moved}."
    else:
        told = f"Before the fix their gap changed by {moved}, a little more than chance explains."
    if trend.swing > 1.05:
        told += (
            f" Weeks swing {trend.swing:.1f} times as much as chance would explain; the intervals "
            "allow for that."
        )
    return told


def _row(span: Span) -> dict[str, object]:
    """A span as a row."""
    row: dict[str, object] = {
        "since": span.since,
        "until": span.until,
        "stretch": span.stretch,
    }
    for group, side in (("affected", span.affected), ("others", span.others)):
        for name in ("part", "whole", "value", "low", "high"):
            row[f"{group}_{name}"] = getattr(side, name)
    return row
