"""One person's journey as a picture: touches from the top down, a column a stage.

Every touch has a line of its own, evenly spaced: what happened stands in words beside its dot, and
the time that passed is written where it is long. A scale of time would crowd the minutes of a
visit into one dot and leave months empty.
"""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from journey.analysis.person import Life, told
from journey.config import STAGES
from journey.present import frames
from journey.present.frames import BODY, SMALL
from journey.present.numbers import exact, show
from journey.present.palette import Palette, fade
from journey.present.sheet import Sheet
from journey.present.words import day, escape_plotly, label, listed

MOST_LINES = 120
"""The most touches a picture shows, the latest; the rows behind it have all."""


def columns(life: Life) -> tuple[str, ...]:
    """The stages a touch may have, left to right; loyalty is no touch's stage, and what is in no
    stage has a column only where there is some."""
    unmapped = ("unmapped",) if "unmapped" in set(life.touches["stage"]) else ()
    return (*unmapped, *STAGES[:-1])


_LINE, _HEAD = 38, 34
_BANDS = 0.24
"""The share of the picture's width that the stages have."""
_QUIET = timedelta(days=1)
"""A pause worth a word."""
_TEXT = 26
"""The most characters of a comment in the picture."""


@dataclass
class Line:
    """One line of the picture: a touch, or several of the same kind in one visit."""

    touch: dict[str, Any]
    times: int = 1
    pause: timedelta = timedelta()
    """Since the touch before, in the same journey."""
    last_at: datetime = field(default_factory=datetime.now)

    @property
    def kind(self) -> tuple[Any, ...]:
        """Touches of one kind in one visit share a line, unless they say something."""
        names = ("journey_number", "session_id", "touchpoint", "channel", "device")
        return (*(self.touch[name] for name in names), self.touch["is_order"] or told(self.touch))


def lines(life: Life) -> list[Line]:
    """The person's touches as lines, in order."""
    found: list[Line] = []
    for touch in life.touches.iter_rows(named=True):
        fresh = Line(touch, last_at=touch["occurred_at"])
        before = found[-1] if found else None
        if before and before.touch["journey_number"] == touch["journey_number"]:
            fresh.pause = touch["occurred_at"] - before.last_at
            if before.kind == fresh.kind and not fresh.kind[-1]:
                before.times += 1
                before.last_at = touch["occurred_at"]
                continue
        found.append(fresh)
    return found


def lifeline(life: Life, palette: Palette, currency: str | None, time_zone: str) -> Sheet:
    """The picture: a band a stage, a head a journey, a line a touch."""
    drawn = lines(life)[-MOST_LINES:]
    sheet = frames.canvas(palette, 0, left=0, right=0, top=0)
    heads = {row["journey_number"]: row for row in life.journeys.iter_rows(named=True)}
    place, at, dots = 0.0, [], []
    starts: list[tuple[float, int]] = []
    for line in drawn:
        number = line.touch["journey_number"]
        if not starts or starts[-1][1] != number:
            starts.append((place, number))
            place += _HEAD
        at.append(place + _LINE / 2)
        dots.append(line)
        place += _LINE
    height = max(round(place) + 8, 120)
    sheet.layout["height"] = height
    sheet.margin.update({"t": 0, "b": 0})
    sheet.update_yaxes(visible=False, range=[height, 0])
    sheet.update_xaxes(visible=False, range=[0, 1])
    _bands(sheet, palette, columns(life), height)
    for top, number in starts:
        _head(sheet, palette, life, heads.get(number), number, top, currency, time_zone)
    _thread(sheet, palette, dots, at, _middles(columns(life)))
    for line, before, y in zip(dots, [None, *dots], at, strict=False):
        _words(sheet, palette, line, before, y, currency, time_zone)
    return sheet


def key(palette: Palette, life: Life) -> str:
    """The stages' columns in words, left to right, as HTML."""
    marks = [
        f'<span class="stagekey"><i style="background:{_colour(palette, name)}"></i>'
        f"{escape(label(name))}</span>"
        for name in columns(life)
    ]
    return f'<div class="stagekeys">{"".join(marks)}</div>'


def in_words(life: Life, currency: str | None, time_zone: str) -> Iterator[str]:
    """The journeys in sentences, for those who do not see the picture."""
    drawn = lines(life)
    for row in life.journeys.iter_rows(named=True):
        own = [line for line in drawn if line.touch["journey_number"] == row["journey_number"]]
        steps = [label(line.touch["touchpoint"]).lower() for line in own]
        more = f" and {len(steps) - 12} more" if len(steps) > 12 else ""
        yield f"{_told_head(life, row, row['journey_number'], currency, time_zone)}: " + (
            f"{listed(steps[:12]) if not more else ', '.join(steps[:12])}{more}."
        )


def _middles(there: tuple[str, ...]) -> dict[str, float]:
    """The middle of each stage's column."""
    return {name: _BANDS * (place + 0.5) / len(there) for place, name in enumerate(there)}


def _colour(palette: Palette, stage: str) -> str:
    """A stage's colour; grey for a touchpoint in none."""
    return palette.stage(stage) if stage in STAGES else palette.other


def _bands(sheet: Sheet, palette: Palette, there: tuple[str, ...], height: int) -> None:
    """A faint band for each stage, as long as the picture."""
    width = _BANDS / len(there)
    for place, name in enumerate(there):
        sheet.add_shape(
            type="rect", x0=place * width, x1=(place + 1) * width, y0=0, y1=height,
            fillcolor=fade(_colour(palette, name), 0.1), line={"width": 0}, layer="below",
        )  # fmt: skip


def _head(
    sheet: Sheet,
    palette: Palette,
    life: Life,
    row: dict[str, Any] | None,
    number: int,
    top: float,
    currency: str | None,
    time_zone: str,
) -> None:
    """The line above a journey: its number, its days, and what became of it."""
    sheet.add_shape(
        type="rect", x0=0, x1=1, y0=top + 4, y1=top + _HEAD - 4,
        fillcolor=fade(palette.muted, 0.12), line={"width": 0}, layer="below",
    )  # fmt: skip
    text = f"<b>{escape_plotly(_told_head(life, row, number, currency, time_zone))}</b>"
    frames.note(
        sheet, palette, text, x=0, xshift=8, y=top + _HEAD / 2, yref="y", xanchor="left",
        yanchor="middle", colour=palette.text, size=BODY,
    )  # fmt: skip


def _told_head(
    life: Life, row: dict[str, Any] | None, number: int, currency: str | None, time_zone: str
) -> str:
    """A journey in a few words."""
    own = life.touches.filter(journey_number=number)
    first, last = (local(when, time_zone) for when in own["occurred_at"].sort()[[0, -1]])
    days = f"{day(first)} {first.year}"
    if last.date() != first.date():
        start = day(first) if first.year == last.year else days
        days = f"{start} to {day(last)} {last.year}"
    if number == 0:
        return f"Before any journey · {days}"
    orders = own.filter("is_order")
    bought = ""
    if orders.height:
        amount, money = orders["revenue"][0], orders["currency"][0] or currency
        bought = " · order" + (f" {exact(amount, 'money', money)}" if amount is not None else "")
    return f"Journey {number} · {days}{bought}"


def _thread(
    sheet: Sheet, palette: Palette, dots: list[Line], at: list[float], middles: dict[str, float]
) -> None:
    """The dots and the thread between those of one journey."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for place, (line, y) in enumerate(zip(dots, at, strict=True)):
        number = line.touch["journey_number"]
        if place and dots[place - 1].touch["journey_number"] != number:
            xs.append(None)
            ys.append(None)
        xs.append(middles[line.touch["stage"]])
        ys.append(y)
    sheet.add_scatter(
        x=xs, y=ys, mode="lines", line={"color": palette.muted, "width": 1.2}, hoverinfo="skip"
    )
    sheet.add_scatter(
        x=[middles[line.touch["stage"]] for line in dots],
        y=at,
        mode="markers",
        marker={
            "size": [15 if line.touch["is_order"] else 10 for line in dots],
            "symbol": [
                "diamond" if line.touch["is_order"] else "square" if told(line.touch) else "circle"
                for line in dots
            ],
            "color": [_colour(palette, line.touch["stage"]) for line in dots],
            "opacity": 1,
            "line": {"width": 1.5, "color": palette.surface},
        },
        text=[
            "<br>".join(
                [
                    f"<b>{escape_plotly(label(line.touch['touchpoint']))}</b>",
                    escape_plotly(label(line.touch["stage"])),
                    *_wrapped(line.touch["comment"]),
                ]
            )
            for line in dots
        ],
        hoverinfo="text",
    )


def _words(
    sheet: Sheet,
    palette: Palette,
    line: Line,
    before: Line | None,
    y: float,
    currency: str | None,
    time_zone: str,
) -> None:
    """What happened, and when and how, in two small lines beside the dot; the device where it is
    another than that of the line before."""
    touch = line.touch
    first = f"<b>{escape_plotly(label(touch['touchpoint']))}</b>"
    if line.times > 1:
        first += f" ×{line.times}"
    for extra in _extras(touch, currency):
        first += f" · {escape_plotly(extra)}"
    when = local(touch["occurred_at"], time_zone)
    pause = f"{_passed(line.pause)} later · " if line.pause > _QUIET else ""
    is_same = before is not None and all(
        before.touch[name] == touch[name] for name in ("journey_number", "device")
    )
    device = "" if touch["device"] == "Unknown" or is_same else f" · {touch['device']}"
    second = f"{pause}{day(when)}, {when:%H:%M} · {label(touch['channel'])}{device}"
    place = {"x": _BANDS, "xshift": 12, "yref": "y", "xanchor": "left"}
    frames.note(
        sheet, palette, first, y=y - 8, yanchor="middle", colour=palette.text, size=BODY, **place
    )
    frames.note(
        sheet, palette, frames.shortened(second, 64), y=y + 9, yanchor="middle", size=SMALL, **place
    )


def _extras(touch: dict[str, Any], currency: str | None) -> list[str]:
    """The amount, the answer and the comment of a touch, where it has them."""
    found = []
    if touch["revenue"] is not None and touch["stage"] in ("purchase", "post_purchase"):
        found.append(exact(touch["revenue"], "money", touch["currency"] or currency))
    if touch["score"] is not None:
        top = f" of {touch['scale_max']:g}" if touch["scale_max"] is not None else ""
        survey = f"{label(touch['survey'])} " if touch["survey"] else ""
        found.append(f"{survey}{touch['score']:g}{top}")
    if touch["comment"]:
        text = " ".join(str(touch["comment"]).split())
        found.append(f"“{text if len(text) <= _TEXT else text[: _TEXT - 1].rstrip() + '…'}”")
    return found


def _wrapped(comment: str | None) -> list[str]:
    """A comment, masked where it was kept, in lines short enough for a hover text."""
    return [escape_plotly(part) for part in textwrap.wrap(comment or "", 48)[:8]]


def _passed(pause: timedelta) -> str:
    """A span of time in whole days."""
    days = max(1, round(pause / timedelta(days=1)))
    return "1 day" if days == 1 else f"{show(days, 'count')} days"


def local(when: datetime, time_zone: str) -> datetime:
    """A moment in UTC as the reporting time zone's clocks show it."""
    return when.replace(tzinfo=UTC).astimezone(ZoneInfo(time_zone))
