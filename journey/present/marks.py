"""Annotations on pictures in time: a thin line with a number, the words beneath and on hover."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from journey.annotations.annotation import Annotation
from journey.present.palette import Palette, fade
from journey.present.sheet import Sheet
from journey.present.words import day, escape_plotly, label, period

MOST = 9
"""The most annotations a picture shows, the latest: more could not be told apart on a phone."""

_APART = 0.075
"""The share of the picture's width that a number needs; nearer ones share one mark."""
_OPEN = 4
"""Up to so many stand beneath a picture without a click."""


@dataclass(frozen=True)
class Mark:
    """One place on the axis: its number, or its numbers where several are near each other."""

    first: int
    notes: tuple[Annotation, ...]

    @property
    def number(self) -> str:
        """`2`, or `2–4`."""
        last = self.first + len(self.notes) - 1
        return str(self.first) if last == self.first else f"{self.first}–{last}"

    @property
    def at(self) -> date:
        """Where it stands."""
        return self.notes[0].day


def within(notes: Sequence[Annotation], since: date, until: date) -> list[Annotation]:
    """Those with a day from `since` up to, not including, `until`, by day; the latest of many."""
    inside = [note for note in notes if note.day < until and note.last >= since]
    return sorted(inside, key=lambda note: (note.day, note.last, note.text))[-MOST:]


def marks(notes: Sequence[Annotation], since: date, until: date) -> list[Mark]:
    """The places of the annotations within a picture's days, numbered from the left. What began
    before the picture stands at its left edge."""
    room = (until - since) * _APART
    found: list[Mark] = []
    for number, note in enumerate(within(notes, since, until), 1):
        if found and max(note.day, since) - max(found[-1].at, since) < room:
            found[-1] = Mark(found[-1].first, (*found[-1].notes, note))
        else:
            found.append(Mark(number, (note,)))
    return found


def draw(
    sheet: Sheet, palette: Palette, notes: Sequence[Annotation], since: date, until: date
) -> None:
    """A thin line at each day, a tint over each span, the numbers on the axis."""
    for mark in marks(notes, since, until):
        for note in mark.notes:
            if note.last >= note.day + timedelta(days=1):
                sheet.add_shape(
                    type="rect",
                    yref="paper",
                    x0=max(note.day, since),
                    x1=min(note.last + timedelta(days=1), until),
                    y0=0,
                    y1=1,
                    fillcolor=fade(palette.muted, 0.1),
                    line={"width": 0},
                    layer="below",
                )
            if note.day >= since:
                sheet.add_vline(note.day, line={"color": fade(palette.muted, 0.65), "width": 1})
        sheet.add_annotation(
            x=max(mark.at, since),
            y=0,
            yref="paper",
            yanchor="bottom",
            yshift=1,
            text=mark.number,
            hovertext="<br>".join(_hover(note) for note in mark.notes),
            showarrow=False,
            bgcolor=palette.surface,
            bordercolor=palette.muted,
            borderwidth=1,
            borderpad=2,
            font={"size": 11, "color": palette.text},
        )


def css(colours: Palette) -> str:
    """How the list beneath a picture looks."""
    return f"""
    ol.marks {{ list-style: none; margin: .1rem 0 0; padding: 0; }}
    ol.marks li {{ display: flex; gap: .5rem; margin: 0 0 .15rem; padding: 0; line-height: 1.4;
        font-size: .8rem; color: {colours.muted}; overflow-wrap: anywhere; }}
    ol.marks b {{ flex: none; align-self: flex-start; min-width: 1.15rem; text-align: center;
        font-size: .72rem; font-weight: 500; line-height: 1.05rem; margin-top: .1rem;
        color: {colours.text}; border: 1px solid {colours.muted}; border-radius: 3px; }}
    details.marks summary {{ font-size: .8rem; color: {colours.muted}; cursor: pointer; }}
    """


def listing(notes: Sequence[Annotation], since: date, until: date) -> str:
    """The annotations of a picture in words, numbered as its marks are, as HTML; empty without
    any. Every text is escaped."""
    shown = within(notes, since, until)
    if not shown:
        return ""
    items = [
        f"<li><b>{number}</b><span>{escape(dated(note))} · {escape(told(note))}</span></li>"
        for number, note in enumerate(shown, 1)
    ]
    if len(items) <= _OPEN:
        return f'<ol class="marks">{"".join(items)}</ol>'
    return (
        f'<details class="marks"><summary>{len(items)} annotations</summary>'
        f'<ol class="marks">{"".join(items)}</ol></details>'
    )


def in_words(notes: Sequence[Annotation], since: date, until: date) -> str:
    """The annotations in a sentence of plain text, for those who do not see the picture."""
    shown = within(notes, since, until)
    return " ".join(
        f"Annotation {number}, {dated(note)}: {told(note)}." for number, note in enumerate(shown, 1)
    )


def dated(note: Annotation) -> str:
    """The days of an annotation: `6 Apr to 26 Apr 2026`."""
    return period(note.day, note.last + timedelta(days=1))


def told(note: Annotation) -> str:
    """What it says, with its kind in front and what it is about behind."""
    kind = f"{label(note.kind)}: " if note.kind else ""
    about = ", ".join(label(value) for _, value in note.where)
    return f"{kind}{note.text}" + (f" ({about} only)" if about else "")


def _hover(note: Annotation) -> str:
    """An annotation under the pointer, in lines short enough for a phone."""
    text, lines = told(note), [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) > 44:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join([f"<b>{day(note.day)}</b>", *map(escape_plotly, lines)])
