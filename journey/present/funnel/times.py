"""The picture of how long it takes from one step to another."""

from journey.analysis.funnel.duration import Duration, told
from journey.present import frames
from journey.present.palette import Palette, fade
from journey.present.sheet import Sheet

_HEIGHT = 285
_NAMES = {25: "a quarter", 50: "half", 75: "three quarters", 90: "nine in ten"}


def spread(found: Duration, palette: Palette, minimum_n: int) -> Sheet:
    """How many took how long, in bars of one width; percentiles as thin lines with a word."""
    rows = found.bars.to_dicts()
    if not rows or found.tries < minimum_n:
        return frames.nothing(palette, _HEIGHT)
    width = rows[0]["to_seconds"] or 1.0
    unit, length = _unit(width * len(rows))
    starts = [row["from_seconds"] / length for row in rows]
    step = width / length
    sheet = frames.canvas(palette, _HEIGHT, top=73)
    highest = max(row["tries"] for row in rows)
    sheet.update_xaxes(
        range=[0, starts[-1] + step],
        nticks=7,
        ticks="outside",
        tickcolor=palette.line,
        ticksuffix=f" {unit}",
        showticksuffix="first",
    )
    sheet.update_yaxes(
        range=[0, highest * 1.04], nticks=4, showgrid=True, gridcolor=palette.line,
        separatethousands=True,
    )  # fmt: skip
    sheet.add_bar(
        x=[start + step / 2 for start in starts],
        y=[row["tries"] for row in rows],
        width=step * 0.9,
        marker={
            "color": [
                fade(palette.accent, 0.35) if row["to_seconds"] is None else palette.accent
                for row in rows
            ],
            "line": {"width": 0},
        },
        text=[_hover(row) for row in rows],
        textposition="none",
        hoverinfo="text",
        name="tries",
    )
    _percentiles(sheet, palette, found, length, starts[-1] + step)
    return sheet


def in_words(found: Duration, first: str, last: str, minimum_n: int) -> str:
    """The picture in sentences."""
    if not found.tries:
        return f"Nobody got from {first} to {last} in this period."
    if found.tries < minimum_n:
        return f"{found.tries:,} got from {first} to {last}; we show times from {minimum_n}."
    parts = [
        f"{_NAMES[percent]} within {told(took)}" for percent, took in found.percentiles.items()
    ]
    waiting = (
        f" Half of all at {first}, those still on their way among them, within "
        f"{told(found.waiting_median)}."
        if found.waiting_median is not None
        else f" Fewer than half of all at {first} ever got there."
    )
    return f"Of {found.tries:,} that got from {first} to {last}, {', '.join(parts)}.{waiting}"


def _percentiles(
    sheet: Sheet, palette: Palette, found: Duration, length: float, end: float
) -> None:
    """The percentiles as lines; words at heights of their own, so that none touch."""
    for number, percent in enumerate((25, 50, 75, 90)):
        at = found.percentiles[percent] / length
        if at > end:
            continue
        sheet.add_vline(at, {"color": palette.text, "width": 1, "dash": "dot"})
        right = at > end * 0.72
        frames.note(
            sheet,
            palette,
            f"{_NAMES[percent]} {told(found.percentiles[percent])}",
            x=at,
            xref="x",
            y=1,
            yanchor="bottom",
            yshift=2 + 17 * number,
            xanchor="right" if right else "left",
            xshift=3 if right else -3,
            colour=palette.text,
        )


def _hover(row: dict[str, float | None]) -> str:
    """A bar in full."""
    start, end = row["from_seconds"] or 0.0, row["to_seconds"]
    ends = f"{told(start)} to {told(end)}" if end is not None else f"{told(start)} or more"
    return f"<b>{row['tries']:,.0f}</b><br>{ends}"


def _unit(seconds: float) -> tuple[str, float]:
    """The unit to draw an axis of that length in."""
    for unit, length in (("days", 86_400.0), ("hours", 3_600.0), ("minutes", 60.0)):
        if seconds >= 2 * length:
            return unit, length
    return "seconds", 1.0
