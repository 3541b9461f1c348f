"""Pictures of categories beside each other: dots with intervals, and bars from zero."""

from journey.metrics import statistics
from journey.present import frames, gaps, timelines
from journey.present.categories import colour_of
from journey.present.frames import SMALL, Drawing
from journey.present.palette import fade
from journey.present.readings import (
    Reading,
    counted,
    overall,
    readings,
    told,
    told_interval,
)
from journey.present.sheet import Sheet
from journey.present.words import THIN, escape_plotly, exact, label, show

MOST_ROWS = 14
"""The most categories a picture shows; the table has them all."""

_ROW, _TWO_LINES, _WIDEST = 30, 38, 64
"""The least height of a row, that of one whose name takes two lines, and the most, in pixels."""

_VALUE_COLUMN, _COUNT_COLUMN = 48, 96
"""Where the columns of text right of the plot end, in pixels."""


def dots(d: Drawing) -> Sheet:
    """A rate or score for each category, best first: a dot on its interval, the number and n in
    columns of their own, and all together as a thin dotted line."""
    points = readings(d.metric, d.rows)
    if not points:
        return frames.nothing(d.palette, d.height)
    _order(points, d)
    hidden, points = len(points) - MOST_ROWS, points[:MOST_ROWS]
    enough = [point for point in points if point.whole >= d.minimum_n]
    sheet = _rows(d, [point.at for point in points], hidden, right=_COUNT_COLUMN + 6, top=26)
    others = _others(d)
    ends = [end for point in enough or points for end in (point.low, point.high)]
    ends += [others[point.at].value for point in enough if point.at in others]
    if d.target is not None:
        ends.append(d.target)
    low, high = frames.span(ends, floor=1 if d.metric.chart == "score" else None)
    suffix = f"{THIN}%" if d.percent else ""
    sheet.update_xaxes(
        range=[low, high], nticks=5, showgrid=True, gridcolor=d.palette.line, ticksuffix=suffix
    )
    _average(sheet, d)
    column = d.rows.columns[0]
    places = {id(point): place for place, point in enumerate(points)}
    sheet.add_scatter(
        x=[end for point in enough for end in (point.low, point.high, None)],
        y=[y for point in enough for y in (places[id(point)], places[id(point)], None)],
        mode="lines",
        line={"color": fade(d.palette.muted, 0.38), "width": 6},
        hoverinfo="skip",
        name="95 % interval",
    )
    sheet.add_scatter(
        x=[point.value for point in enough],
        y=[places[id(point)] for point in enough],
        mode="markers",
        marker={"size": 9, "color": [_dot_colour(d, column, point) for point in enough]},
        cliponaxis=False,
        text=[_hover(point, d, others.get(point.at)) for point in enough],
        hoverinfo="text",
        name=escape_plotly(d.metric.title),
    )
    _hollow(sheet, d, [(places[id(p)], others[p.at].value) for p in enough if p.at in others])
    _columns(sheet, d, points)
    return sheet


def bar(d: Drawing) -> Sheet:
    """An amount for each category, in the order of the rows: bars from zero, the value at the
    end of each."""
    column, number = d.rows.columns[:2]
    rows = d.rows.drop_nulls(number)
    if rows.is_empty():
        return frames.nothing(d.palette, d.height)
    hidden, rows = rows.height - MOST_ROWS, rows.head(MOST_ROWS)
    names = [name or "Unknown" for name in rows[column]]
    values = [float(value) for value in rows[number]]
    scale = 100 if d.percent else 1
    # Cents say nothing beside hundreds.
    money = d.metric.unit == "money" and max(map(abs, values)) >= 100
    said = [round(value) if money else value for value in values]
    texts = [
        escape_plotly(exact(value, d.metric.unit, d.currency).removesuffix(".00")) for value in said
    ]
    right = round(12 + max(frames.text_width(text) for text in texts))
    sheet = _rows(d, names, hidden, right=right, top=8, longest=24)
    sheet.update_xaxes(
        range=[scale * min(0.0, *values, 0.0), scale * max(0.0, *values) or 1.0],
        showticklabels=False,
        zeroline=True,
        zerolinecolor=d.palette.line,
    )
    sheet.add_bar(
        x=[scale * value for value in values],
        y=list(range(len(names))),
        orientation="h",
        width=0.62,
        marker={"color": [_bar_colour(d, column, name) for name in names], "line": {"width": 0}},
        text=[
            f"<b>{text}</b> {escape_plotly(label(n))}" for text, n in zip(texts, names, strict=True)
        ],
        textposition="none",
        hoverinfo="text",
    )
    others = _mix(d, sum(float(value) for value in d.rows[number].drop_nulls()))
    _ticks(sheet, d, {place: others[n] for place, n in enumerate(names) if n in others})
    for place, (value, text) in enumerate(zip(values, texts, strict=True)):
        if others:
            # A column of its own: beside a tick the value would seem to be the tick's.
            at = {"y": place, "yref": "y", "xshift": right, "colour": d.palette.text}
            frames.note(sheet, d.palette, text, x=1, xanchor="right", **at)
            continue
        sheet.add_annotation(
            x=scale * max(value, 0.0),
            y=place,
            xanchor="left",
            xshift=5,
            text=text,
            showarrow=False,
            font={"size": SMALL, "color": d.palette.text},
        )
    return sheet


def _mix(d: Drawing, total: float) -> dict[str, tuple[float, str]]:
    """What each category would count with the other group's mix: its share of that group, on this
    group's total, so that groups of different size compare; and the two shares in words."""
    counts = d.metric.unit not in ("percent", "money", "days", "hours", "points", "score")
    if d.against is None or d.compare is None or d.compare.is_empty() or not counts:
        return {}
    column, number = d.rows.columns[:2]
    theirs = {
        name or "Unknown": float(n or 0) for name, n in d.compare.select(column, number).rows()
    }
    ours = {name or "Unknown": float(n or 0) for name, n in d.rows.select(column, number).rows()}
    whole = sum(theirs.values())
    if min(whole, total) < d.minimum_n or min(*theirs.values(), *ours.values(), 0) < 0:
        return {}
    found = {}
    for name, count in ours.items():
        other = theirs.get(name, 0.0)
        ends = statistics.difference(count, total, other, whole)
        said = gaps.said(gaps.Gap(*(100 * end for end in ends)), "percent")
        words = (
            f"<b>{escape_plotly(label(name))}</b><br>{show(count / total, 'percent')} of all here, "
            f"{show(other / whole, 'percent')} in {escape_plotly(d.against)}<br>{said}"
        )
        found[name] = (total * other / whole, words)
    return found


def _ticks(sheet: Sheet, d: Drawing, others: dict[int, tuple[float, str]]) -> None:
    """The other group's mix as a tick on each bar."""
    if d.against is None or not others:
        return
    low, high = sheet.x_range
    sheet.update_xaxes(range=[low, max(high, *(at for at, _ in others.values()))])
    sheet.add_scatter(
        x=[at for at, _ in others.values()],
        y=list(others),
        mode="markers",
        marker={
            "symbol": "line-ns-open",
            "size": 20,
            "color": d.palette.text,
            "line": {"width": 2},
        },
        text=[words for _, words in others.values()],
        hoverinfo="text",
        cliponaxis=False,
        name=escape_plotly(d.against),
    )
    sheet.margin["t"] = max(26, sheet.margin["t"])
    text = f"| with the mix of {frames.shortened(d.against, 30)}"
    frames.note(sheet, d.palette, text, x=1, y=1, xanchor="right", yanchor="bottom")


def _order(points: list[Reading], d: Drawing) -> None:
    """Sort the best to the top, too few to the bottom, there by how many they are. Words with a
    number in them, like `3 to 5 days`, have an order of their own, which the rows already have."""
    if any(sign.isdigit() for point in points for sign in str(point.at)):
        return
    sign = 1 if d.metric.better == "lower" else -1

    def rank(point: Reading) -> tuple[bool, float, str]:
        few = point.whole < d.minimum_n
        return few, -point.whole if few else sign * point.value, point.at

    points.sort(key=rank)


def _rows(
    d: Drawing, names: list[str], hidden: int, right: float, top: int, longest: int = 22
) -> Sheet:
    """A picture with a named line of its own for each category, the first on top."""
    foot = 18 if hidden > 0 else 0
    ticks = [frames.wrapped(label(name), longest) for name in names]
    least = _TWO_LINES if any("<br>" in tick for tick in ticks) else _ROW
    # A row or two do not fill the height of many.
    low, high = (row * len(names) + top + 38 + foot for row in (least, _WIDEST))
    height = min(max(d.height or 0, low), high)
    sheet = frames.canvas(d.palette, height, right=right, top=top)
    sheet.update_yaxes(
        range=[len(names) - 0.4, -0.6],
        tickvals=list(range(len(names))),
        ticktext=ticks,
        tickfont={"color": d.palette.text},
        ticklabelstandoff=8,
    )
    if hidden > 0:
        frames.note(
            sheet, d.palette, f"and {hidden} more in the table", x=1, y=0, yshift=-24,
            xanchor="right", yanchor="top",
        )  # fmt: skip
    return sheet


def _average(sheet: Sheet, d: Drawing) -> None:
    """All categories together, and the target, as thin lines with a word."""
    whole = overall(d.metric, d.rows)
    if whole is not None and whole.whole < d.minimum_n:
        whole = None
    above = whole is not None and (d.target is None or whole.value > d.target)
    if whole is not None:
        sheet.add_vline(x=whole.value, line={"color": d.palette.muted, "width": 1, "dash": "dot"})
        text = f"all {told(whole.value, d.metric, d.currency)}"
        _over(sheet, d, text, whole.value, rightwards=above)
    if d.target is not None:
        sheet.add_vline(x=d.target, line={"color": d.palette.muted, "width": 1, "dash": "dash"})
        _over(sheet, d, timelines.target_words(d), d.target, rightwards=not above)


def _over(sheet: Sheet, d: Drawing, text: str, at: float, rightwards: bool) -> None:
    """A word over a line across the rows, to one side, so that two lines' words do not touch."""
    side = {"xanchor": "left", "xshift": 1} if rightwards else {"xanchor": "right", "xshift": -1}
    frames.note(sheet, d.palette, text, x=at, xref="x", y=1, yanchor="bottom", **side)


def _others(d: Drawing) -> dict[str, Reading]:
    """The other group's reading of each category that has enough cases."""
    if d.against is None or d.compare is None:
        return {}
    found = readings(d.metric, d.compare)
    return {point.at: point for point in found if point.whole >= d.minimum_n}


def _hollow(sheet: Sheet, d: Drawing, dots: list[tuple[int, float]]) -> None:
    """The other group's values as hollow dots, and what they are, under the rows."""
    if d.against is None or not dots:
        return
    sheet.add_scatter(
        x=[value for _, value in dots],
        y=[place for place, _ in dots],
        mode="markers",
        marker={"symbol": "circle-open", "size": 9, "color": d.palette.muted, "line": {"width": 2}},
        hoverinfo="skip",
        name=escape_plotly(d.against),
    )
    _key(sheet, d, f"○ {frames.shortened(d.against, 30)}")


def _key(sheet: Sheet, d: Drawing, text: str) -> None:
    """What the other group's marks are, in the line above the rows."""
    sheet.margin["t"] = max(26, sheet.margin["t"])
    frames.note(sheet, d.palette, text, x=0, y=1, xanchor="right", yanchor="bottom", xshift=-8)


def _columns(sheet: Sheet, d: Drawing, points: list[Reading]) -> None:
    """The value and n of each row, aligned right, where no interval reaches."""
    place = {"x": 1, "xanchor": "right"}
    frames.note(sheet, d.palette, "n", y=1, yanchor="bottom", xshift=_COUNT_COLUMN, **place)
    for row, point in enumerate(points):
        enough = point.whole >= d.minimum_n
        text = f"<b>{told(point.value, d.metric, d.currency)}</b>" if enough else "too few"
        colour = d.palette.text if enough else d.palette.muted
        at = {"y": row, "yref": "y", **place}
        frames.note(sheet, d.palette, text, colour=colour, xshift=_VALUE_COLUMN, **at)
        frames.note(sheet, d.palette, f"{point.whole:,.0f}", xshift=_COUNT_COLUMN, **at)


def _hover(point: Reading, d: Drawing, other: Reading | None) -> str:
    """A category in full, and how far it is from the other group's."""
    return (
        f"<b>{escape_plotly(label(point.at))}</b><br>"
        f"<b>{told(point.value, d.metric, d.currency)}</b> ({told_interval(point, d.metric)})<br>"
        + "<br>".join(
            [
                escape_plotly(counted(point, d.metric, d.rows)),
                *timelines.against(point, d, other),
            ]
        )
    )


def _dot_colour(d: Drawing, column: str, point: Reading) -> str:
    """The category's own colour where it has one everywhere, muted where there are too few."""
    return d.palette.muted if point.whole < d.minimum_n else _bar_colour(d, column, point.at)


def _bar_colour(d: Drawing, column: str, name: str) -> str:
    """Channels and stages have colours of their own; other words share the accent."""
    own = column == "stage" or column.endswith("channel")
    return colour_of(d.palette, column, name) if own else d.palette.accent
