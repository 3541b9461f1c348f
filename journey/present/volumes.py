"""Pictures of counts and amounts in time: lines and stacked bars, from zero."""

from datetime import date

from journey.present import ahead, frames, timeaxis, timelines, turns
from journey.present.categories import colour_of, lumped
from journey.present.endlabels import EndLabel, end_labels
from journey.present.frames import Drawing
from journey.present.palette import MOST_COLOURS, fade
from journey.present.readings import numbers
from journey.present.sheet import Sheet
from journey.present.words import escape_plotly, exact, label, show


def line(d: Drawing) -> Sheet:
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
    shown += ahead.ends(d)
    sheet = frames.canvas(d.palette, height, top=26)
    low, high = min(0.0, *shown), max(0.0, *shown)
    frames.value_axis(sheet, d, low * 1.06, (high or 1) * 1.06)
    timeaxis.axis(sheet, d.palette, [*dates, *ahead.dates(d)], grain, d.notes)
    frames.still_maturing(sheet, d, dates, grain)
    timelines.unit(sheet, d, grain)
    turns.beneath(sheet, d, dates)
    labels = timelines.target(sheet, d)
    if before is not None:
        ends = [scale * value for value in numbers(before[first])]
        timelines.dotted(sheet, d, before[before.columns[0]].to_list(), ends)
        labels.append(EndLabel(ends[-1], timelines.compared_name(d), d.palette.muted))
    for place, name in enumerate(columns):
        values = numbers(rows[name])
        colour = d.palette.accent if place == 0 else colour_of(d.palette, "", name)
        _course(sheet, d, name, list(zip(dates, values, strict=True)), colour, place == 0)
        whole = [v for when, v in zip(dates, values, strict=True) if not d.is_cut(when, grain)]
        last = (whole or values)[-1]
        several = len(columns) > 1
        text = label(name) if several else show(last, d.metric.unit, d.currency)
        ink, swatch = (d.palette.text, colour) if several else (colour, None)
        text = frames.shortened(text, 24)
        labels.append(EndLabel(scale * last, text, ink, bold=place == 0, swatch=swatch))
    turns.above(sheet, d, dates)
    labels += ahead.fan(sheet, d)
    end_labels(sheet, labels, height)
    sheet.update_layout(hovermode="x")
    return sheet


def _course(
    sheet: Sheet,
    d: Drawing,
    name: str,
    points: list[tuple[date, float]],
    colour: str,
    leads: bool,
) -> None:
    """One line; a week or month that the period cuts hangs on by dots, since it would read as a
    fall."""
    grain, scale = frames.grain(d.rows), 100 if d.percent else 1
    cut = [d.is_cut(when, grain) for when, _ in points]
    noun = escape_plotly(label(name).lower())
    texts = [
        f"<b>{escape_plotly(exact(value, d.metric.unit, d.currency))}</b> {noun}"
        f"<br>{frames.moment(when, grain)}{', not complete' if part else ''}"
        for (when, value), part in zip(points, cut, strict=True)
    ]
    common = {"hoverinfo": "text", "name": escape_plotly(label(name))}
    sheet.add_scatter(
        x=[when for when, _ in points],
        y=[None if part else scale * v for (_, v), part in zip(points, cut, strict=True)],
        mode="lines",
        line={"color": colour, "width": 2.5 if leads else 1.8},
        fill="tozeroy" if d.rows.width == 2 else None,
        fillcolor=fade(colour, 0.08),
        text=texts,
        **common,
    )
    for place, part in enumerate(cut):
        if part:
            beside = place - 1 if place else min(1, len(points) - 1)
            sheet.add_scatter(
                x=[points[beside][0], points[place][0]],
                y=[scale * points[beside][1], scale * points[place][1]],
                mode="lines+markers",
                line={"color": colour, "width": 1.2, "dash": "dot"},
                marker={
                    "symbol": "circle-open",
                    "size": [0, 7],
                    "opacity": [0, 1],
                },
                text=["", texts[place]],
                **common,
            )


def stacked(d: Drawing) -> Sheet:
    """Parts of a whole in time: bars from zero, the largest part at the bottom, Other on top, and
    over them the levels their total ran at."""
    dates = sorted(set(timelines.dates(d.rows)))
    if not dates:
        return frames.nothing(d.palette, d.height)
    height, grain = d.height or timelines.HEIGHT + 40, frames.grain(d.rows)
    column = d.rows.columns[1]
    parts = lumped(d.rows)
    sheet = frames.canvas(d.palette, height, top=26)
    up = [sum(max(0.0, values.get(when, 0.0)) for values in parts.values()) for when in dates]
    down = [sum(min(0.0, values.get(when, 0.0)) for values in parts.values()) for when in dates]
    frames.value_axis(sheet, d, min(down) * 1.05, (max(up) or 1) * 1.05)
    timeaxis.axis(sheet, d.palette, dates, grain, d.notes)
    timelines.unit(sheet, d, grain)
    labels, base = [], 0.0
    for name, values in parts.items():
        colour = colour_of(d.palette, column, name)
        sheet.add_bar(
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
        text = frames.shortened(label(name), 24)
        labels.append(EndLabel(base + last / 2, text, d.palette.text, swatch=colour))
        base += last
    turns.above(sheet, d, dates)
    end_labels(sheet, labels, height)
    sheet.update_layout(barmode="relative", hovermode="x unified")
    return sheet
