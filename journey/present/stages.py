"""Pictures of how far and how long: the funnel of stages and the strip of percentiles."""

import re

from journey.config import STAGES
from journey.metrics import statistics
from journey.present import frames, gaps
from journey.present.frames import BODY, SMALL, Drawing
from journey.present.palette import Palette, fade
from journey.present.sheet import Sheet
from journey.present.words import escape_plotly, label, show

_STEP = 46
_SHARES = {25: "a quarter", 50: "half", 75: "three quarters", 90: "nine in ten"}


def funnel(d: Drawing) -> Sheet:
    """How many get as far as each stage: linear bars from zero on a track as long as the first,
    with the share of all and of the stage before in words above each."""
    stages = [(name or "Unknown", float(count or 0)) for name, count in d.rows.iter_rows()]
    if not stages or not stages[0][1]:
        return frames.nothing(d.palette, d.height)
    first = stages[0][1]
    sheet = frames.canvas(d.palette, max(d.height or 0, _STEP * len(stages) + 16), left=0, right=0)
    # A stage larger than the first cannot be in a funnel of stages, but must not be cut off.
    sheet.update_xaxes(visible=False, range=[0, max(count for _, count in stages)])
    sheet.update_yaxes(visible=False, range=[len(stages) - 0.5, -0.62])
    places = list(range(len(stages)))
    colours = [_stage_colour(d.palette, name, place) for place, (name, _) in enumerate(stages)]
    sheet.add_bar(
        x=[first] * len(stages),
        y=places,
        orientation="h",
        width=0.34,
        marker={"color": fade(d.palette.muted, 0.1), "line": {"width": 0}},
        hoverinfo="skip",
        name="all",
    )
    texts = [step_words(stages, place) for place in places]
    sheet.add_bar(
        x=[count for _, count in stages],
        y=places,
        orientation="h",
        width=0.34,
        marker={"color": colours, "line": {"width": 0}},
        text=[
            f"<b>{escape_plotly(label(name))}</b><br>{count:,.0f}<br>{text.replace(' · ', '<br>')}"
            for (name, count), text in zip(stages, texts, strict=True)
        ],
        textposition="none",
        hoverinfo="text",
        name=escape_plotly(d.metric.title),
    )
    sheet.update_layout(barmode="overlay")
    _other_funnel(sheet, d, stages)
    for place, (name, count) in enumerate(stages):
        above = {"y": place - 0.2, "yref": "y", "yanchor": "bottom"}
        text = f"<b>{frames.shortened(label(name), 18)}</b>"
        frames.note(
            sheet, d.palette, text, x=0, xanchor="left", colour=d.palette.text, size=BODY, **above
        )
        text = f"<b>{count:,.0f}</b>" + (f"  {texts[place]}" if texts[place] else "")
        frames.note(sheet, d.palette, text, x=1, xanchor="right", **above)
    return sheet


def _other_funnel(sheet: Sheet, d: Drawing, stages: list[tuple[str, float]]) -> None:
    """How far the other group gets, on the same track: a tick at its share of all, with the
    difference in hover."""
    if d.against is None or d.compare is None or d.compare.is_empty():
        return
    others = {name or "Unknown": float(count or 0) for name, count in d.compare.iter_rows()}
    first, theirs = stages[0][1], others.get(stages[0][0], 0.0)
    if min(first, theirs) < d.minimum_n:
        return
    known = [
        (place, name, count, others[name])
        for place, (name, count) in enumerate(stages)
        if place and 0 <= count <= first and 0 <= others.get(name, -1) <= theirs
    ]
    called = escape_plotly(d.against)
    sheet.add_scatter(
        x=[first * other / theirs for _, _, _, other in known],
        y=[place for place, _, _, _ in known],
        mode="markers",
        marker={
            "symbol": "line-ns-open",
            "size": 24,
            "color": d.palette.text,
            "line": {"width": 2},
        },
        text=[
            f"<b>{called}</b><br>{escape_plotly(label(name))} {show(other / theirs, 'percent')} "
            f"of {theirs:,.0f}<br>the choice: {_stage_gap(count, first, other, theirs)}"
            for _, name, count, other in known
        ],
        hoverinfo="text",
        name=called,
    )
    text = f"| {frames.shortened(d.against, 30)}, of its own all"
    frames.note(
        sheet, d.palette, text, x=1, y=0, xanchor="right", yanchor="top", yref="y", yshift=-12
    )


def _stage_gap(count: float, whole: float, other: float, theirs: float) -> str:
    """The difference of two shares of their funnels."""
    ends = statistics.difference(count, whole, other, theirs)
    return gaps.said(gaps.Gap(*(100 * end for end in ends)), "percent")


def quantiles(d: Drawing) -> Sheet:
    """One strip from zero: the middle half as a band, the line on to the highest percentile, the
    median as a mark. Each percentile has a line of text of its own, so none can touch."""
    first = d.rows.row(0) if not d.rows.is_empty() else ()
    named = [
        (name, float(value))
        for name, value in zip(d.rows.columns[:-1], first[:-1], strict=False)
        if value is not None
    ]
    if not named:
        return frames.nothing(d.palette, d.height)
    values = [value for _, value in named]
    low, high = min(0.0, *values, 0.0), (max(values) or 1.0) * 1.04
    sheet = frames.canvas(d.palette, max(d.height or 0, 190), left=22, right=4)
    sheet.update_xaxes(
        range=[low, high],
        nticks=6,
        ticks="outside",
        tickcolor=d.palette.line,
        ticksuffix=f" {d.metric.unit}" if d.metric.unit in ("days", "hours") else "",
        showticksuffix="first",
    )
    sheet.update_yaxes(visible=False, range=[-3, 3])
    sheet.add_scatter(
        x=[low, values[-1]],
        y=[0, 0],
        mode="lines",
        line={"color": fade(d.palette.accent, 0.4), "width": 3},
        hoverinfo="skip",
    )
    if len(values) > 2:
        sheet.add_shape(
            type="rect", x0=values[0], x1=values[-2] if len(values) > 3 else values[-1],
            y0=-0.42, y1=0.42, fillcolor=fade(d.palette.accent, 0.35), line={"width": 0},
        )  # fmt: skip
    middle = next((n for n, (name, _) in enumerate(named) if _percentile(name) == 50), None)
    sheet.add_scatter(
        x=values,
        y=[0] * len(values),
        mode="markers",
        marker={
            "symbol": "line-ns-open",
            "size": [30 if place == middle else 18 for place in range(len(values))],
            "line": {"width": [4 if place == middle else 2 for place in range(len(values))]},
            "color": d.palette.accent,
            "opacity": 1,
        },
        text=[
            escape_plotly(percentile_words(name, value, d.metric.unit, d.currency))
            for name, value in named
        ],
        hoverinfo="text",
        name=escape_plotly(d.metric.title),
    )
    heights = (-1.35, 1.35, -2.35, 2.35)
    for place, (name, value) in enumerate(named[: len(heights)]):
        _percentile_label(sheet, d, _share(name), value, heights[place], place == middle)
    return sheet


def _percentile_label(
    sheet: Sheet, d: Drawing, share: str, value: float, height: float, leads: bool
) -> None:
    """The words of one percentile at their own height, tied to its mark by a thin line."""
    low, high = sheet.x_range
    text = show(value, d.metric.unit, d.currency)
    right_half = value - low > (high - low) / 2
    sheet.add_shape(
        type="line", x0=value, x1=value, y0=0.5 if height > 0 else -0.5,
        y1=height + (0.3 if height > 0 else -0.3), line={"color": d.palette.line, "width": 1},
    )  # fmt: skip
    sheet.add_annotation(
        x=value,
        y=height,
        xanchor="right" if right_half else "left",
        xshift=-5 if right_half else 5,
        text=f"{escape_plotly(share)} within <b>{escape_plotly(text)}</b>",
        showarrow=False,
        font={
            "size": BODY if leads else SMALL,
            "color": d.palette.text if leads else d.palette.muted,
        },
    )


def step_words(stages: list[tuple[str, float]], place: int) -> str:
    """The share of all and of the stage before; nothing for the first."""
    if not place:
        return ""
    count, before = stages[place][1], stages[place - 1][1]
    words = f"{show(count / stages[0][1], 'percent')} of all"
    if place > 1 and before:
        words += f" · step {show(count / before, 'percent')}"
    return words


def _stage_colour(palette: Palette, name: str, place: int) -> str:
    """A stage's own colour; steps with other names take the six in order."""
    return palette.stage(name) if name in STAGES else palette.stages[min(place, 5)]


def _percentile(column: str) -> int | None:
    """The percentile a column's name says: 25 for `p25_days`, 50 for `median`."""
    if "median" in column:
        return 50
    match = re.match(r"p(\d{1,2})(_|$)", column)
    return int(match.group(1)) if match else None


def _share(column: str) -> str:
    """The percentile in words: `three quarters`."""
    percentile = _percentile(column)
    if percentile is None:
        return label(column)
    return _SHARES.get(percentile, f"{percentile} %")


def percentile_words(column: str, value: float, unit: str, currency: str | None = None) -> str:
    """One percentile in words.

    >>> percentile_words("p75_days", 14.2, "days")
    'three quarters within 14.2 days'
    """
    return f"{_share(column)} within {show(value, unit, currency)}"
