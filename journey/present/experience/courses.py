"""A score over the months: its line, its ribbon, and the months with too few answers."""

from collections.abc import Sequence
from datetime import date

import plotly.graph_objects as go

from journey.analysis.experience.scores import Score, Scores
from journey.annotations.annotation import Annotation
from journey.present import frames, timeaxis
from journey.present.endlabels import EndLabel, end_labels
from journey.present.experience import scoring
from journey.present.numbers import counted
from journey.present.palette import Palette, fade
from journey.present.sheet import Sheet
from journey.present.words import escape_plotly

HEIGHT = 300
"""In pixels."""


def picture(
    scores: Scores, palette: Palette, minimum_n: int, notes: Sequence[Annotation] = ()
) -> go.Figure:
    """The scores of a grouping by month, in order; months with too few answers as hollow marks on
    the ground."""
    rows = [row for row in scores.rows if isinstance(row.group, date)]
    known = [row for row in rows if row.measured]
    if not known:
        return frames.nothing(palette, HEIGHT).figure()
    scale = scoring.scale(scores.unit)
    sheet = frames.canvas(palette, HEIGHT)
    low, high = frames.span([scale * end for row in known for end in _ends(row)])
    sheet.update_yaxes(
        range=[low, high],
        nticks=5,
        showgrid=True,
        gridcolor=palette.line,
        ticksuffix=scoring.suffix(scores.unit),
        ticklabelstandoff=6,
    )
    if low < 0 < high:
        sheet.add_hline(y=0, line={"color": palette.muted, "width": 1})
    at = months(scores)
    timeaxis.axis(sheet, palette, at, "month", notes)
    sheet.add_scatter(
        x=[row.group for row in known] + [row.group for row in reversed(known)],
        y=[scale * _ends(row)[1] for row in known]
        + [scale * _ends(row)[0] for row in reversed(known)],
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=fade(palette.accent, 0.16),
        hoverinfo="skip",
        name="95 % interval",
    )
    sheet.add_scatter(
        x=at,
        y=[scale * row.measured.value if row.measured else None for row in rows],
        mode="lines+markers",
        line={"color": palette.accent, "width": 2.5},
        marker={"size": 6},
        text=[
            f"<b>{frames.moment(month, 'month')}</b><br>{scoring.hover(row, scores)}"
            for month, row in zip(at, rows, strict=True)
        ],
        hoverinfo="text",
        name=escape_plotly(scoring.method(scores.method)),
    )
    _too_few(sheet, [row for row in rows if not row.measured], palette, low, minimum_n)
    last = known[-1].measured
    if last is not None:
        text = escape_plotly(scoring.value(last.value, scores.unit))
        end_labels(sheet, [EndLabel(scale * last.value, text, palette.accent, bold=True)], HEIGHT)
    return sheet.figure()


def months(scores: Scores) -> list[date]:
    """The months of the picture, in order."""
    return [row.group for row in scores.rows if isinstance(row.group, date)]


def _ends(row: Score) -> tuple[float, float]:
    """The ends of a known score's interval."""
    assert row.measured is not None
    return row.measured.low, row.measured.high


def _too_few(
    sheet: Sheet, few: list[Score], palette: Palette, ground: float, minimum_n: int
) -> None:
    """Hollow marks on the ground."""
    if not few:
        return
    sheet.add_scatter(
        x=[row.group for row in few],
        y=[ground] * len(few),
        mode="markers",
        marker={"symbol": "circle-open", "size": 7, "color": palette.muted, "opacity": 0.7},
        cliponaxis=False,
        text=[
            f"{counted(row.sample.count, 'answers')}<br>too few: from {minimum_n} on" for row in few
        ],
        hoverinfo="text",
        name="too few",
    )
