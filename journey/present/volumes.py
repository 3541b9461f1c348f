"""Pictures of counts and amounts in time: lines and stacked bars, from zero."""

import plotly.graph_objects as go

from journey.present import frames, timelines
from journey.present.categories import colour_of, lumped
from journey.present.endlabels import EndLabel, end_labels
from journey.present.frames import Drawing
from journey.present.palette import MOST_COLOURS, fade
from journey.present.readings import numbers
from journey.present.words import escape_plotly, exact, label, show


def line(d: Drawing) -> go.Figure:
    """Counts or amounts in time, from zero; the first column leads."""
    dates, first = timelines.dates(d.rows), d.rows.columns[1]
    if not dates:
        return frames.nothing(d.palette, d.height)
    rows = d.rows.drop_nulls(d.rows.columns[0])
    scale = 100 if d.percent else 1
    height, grain = d.height or timelines.HEIGHT, frames.grain(d.rows)
    columns = rows.columns[1 : 1 + MOST_COLOURS]
    before = timelines.moved(d, dates)
    shown = [scale * value for name in columns for value in numbers(rows[name])]
    shown += [scale * value for value in numbers(before[first])] if before is not None else []
    shown += [d.target] if d.target is not None else []
    figure = frames.canvas(d.palette, height, top=26)
    low, high = min(0.0, *shown), max(0.0, *shown)
    frames.value_axis(figure, d, low * 1.06, (high or 1) * 1.06)
    frames.time_axis(figure, d.palette, dates, grain)
    frames.still_maturing(figure, d, dates, grain)
    timelines.unit(figure, d, grain)
    labels = timelines.target(figure, d)
    if before is not None:
        ends = [scale * value for value in numbers(before[first])]
        timelines.dotted(figure, d, before[before.columns[0]].to_list(), ends)
        labels.append(EndLabel(ends[-1], "before", d.palette.muted))
    cut = [d.is_cut(when, grain) for when in dates]
    for place, name in enumerate(columns):
        colour = d.palette.accent if place == 0 else colour_of(d.palette, "", name)
        values, noun = numbers(rows[name]), escape_plotly(label(name).lower())
        figure.add_scatter(
            x=dates,
            y=[scale * value for value in values],
            mode="lines+markers",
            line={"color": colour, "width": 2.5 if place == 0 else 1.8},
            marker={
                "size": [7 if part else 0 for part in cut],
                "color": d.palette.surface,
                "line": {"color": colour, "width": 1.5},
                "opacity": [1 if part else 0 for part in cut],
            },
            fill="tozeroy" if len(columns) == 1 else None,
            fillcolor=fade(colour, 0.08),
            name=escape_plotly(label(name)),
            text=[
                f"<b>{escape_plotly(exact(value, d.metric.unit, d.currency))}</b> {noun}"
                f"<br>{frames.moment(when, grain)}{', not complete' if part else ''}"
                for when, value, part in zip(dates, values, cut, strict=True)
            ],
            hoverinfo="text",
        )
        end = label(name) if len(columns) > 1 else show(values[-1], d.metric.unit, d.currency)
        text, several = frames.shortened(end, 18), len(columns) > 1
        ink, swatch = (d.palette.text, colour) if several else (colour, None)
        labels.append(EndLabel(scale * values[-1], text, ink, bold=place == 0, swatch=swatch))
    end_labels(figure, labels, height)
    figure.update_layout(hovermode="x")
    return figure


def stacked(d: Drawing) -> go.Figure:
    """Parts of a whole in time: bars from zero, the largest part at the bottom, Other on top."""
    dates = sorted(set(timelines.dates(d.rows)))
    if not dates:
        return frames.nothing(d.palette, d.height)
    height, grain = d.height or timelines.HEIGHT + 40, frames.grain(d.rows)
    column = d.rows.columns[1]
    parts = lumped(d.rows)
    figure = frames.canvas(d.palette, height, top=26)
    tallest = max(sum(values.get(when, 0.0) for values in parts.values()) for when in dates)
    frames.value_axis(figure, d, 0, (tallest or 1) * 1.05)
    frames.time_axis(figure, d.palette, dates, grain)
    timelines.unit(figure, d, grain)
    labels, base = [], 0.0
    for name, values in parts.items():
        colour = colour_of(d.palette, column, name)
        figure.add_bar(
            x=dates,
            y=[values.get(when, 0.0) for when in dates],
            name=escape_plotly(label(name)),
            marker={
                "color": colour,
                "line": {"color": d.palette.surface, "width": 0.5},
                "opacity": [0.45 if d.is_cut(when, grain) else 1 for when in dates],
            },
            hovertemplate=f"<b>%{{y:,}}</b> {escape_plotly(label(name))}<extra></extra>",
        )
        last = values.get(dates[-1], 0.0)
        text = frames.shortened(label(name), 18)
        labels.append(EndLabel(base + last / 2, text, d.palette.text, swatch=colour))
        base += last
    end_labels(figure, labels, height)
    figure.update_layout(barmode="stack", hovermode="x unified")
    return figure
