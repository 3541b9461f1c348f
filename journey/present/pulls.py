"""The picture of how far themes pull a score: a dot on its interval, left or right of zero."""

from collections.abc import Sequence
from dataclasses import dataclass

from journey.present import frames
from journey.present.frames import SMALL
from journey.present.numbers import MINUS, counted
from journey.present.palette import Palette, fade
from journey.present.sheet import Sheet
from journey.present.words import escape_plotly, label, listed

MOST_ROWS = 12
"""The most themes the picture shows; the table has them all."""

_ROW, _TOP, _FOOT = 30, 26, 38
_VALUE_COLUMN, _COUNT_COLUMN = 44, 92
"""Where the columns of text right of the plot end, in pixels."""


_LEAST_SIDE = 0.4
"""How far either side of zero reaches at least, as a share of the longer one."""


@dataclass(frozen=True)
class Pull:
    """One theme: what it goes with, None where too few answers speak of it."""

    theme: str
    answers: int
    impact: float | None
    low: float | None
    high: float | None

    @property
    def is_told(self) -> bool:
        """Whether there are answers enough."""
        return self.impact is not None


def pulls(themes: Sequence[Pull], palette: Palette, score: str, unit: str) -> Sheet:
    """Themes with what they pull, the heaviest down first; too few to tell at the bottom."""
    shown = ordered(themes)[:MOST_ROWS]
    if not shown:
        return frames.nothing(palette)
    sheet = frames.canvas(
        palette, _ROW * len(shown) + _TOP + _FOOT, right=_COUNT_COLUMN + 6, top=_TOP
    )
    told = [pull for pull in shown if pull.is_told]
    ends = [end for pull in told for end in (pull.low or 0.0, pull.high or 0.0)] or [-1.0, 1.0]
    reach = max(abs(end) for end in ends) or 1.0
    sheet.update_xaxes(
        range=[
            1.08 * min(*ends, -_LEAST_SIDE * reach),
            1.08 * max(*ends, _LEAST_SIDE * reach),
        ],
        nticks=5,
        showgrid=True,
        gridcolor=palette.line,
        zeroline=True,
        zerolinecolor=palette.muted,
        zerolinewidth=1,
    )
    sheet.update_yaxes(
        range=[len(shown) - 0.4, -0.6],
        tickvals=list(range(len(shown))),
        ticktext=[frames.shortened(label(pull.theme), 16) for pull in shown],
        tickfont={"color": palette.text},
        ticklabelstandoff=8,
    )
    places = {pull.theme: place for place, pull in enumerate(shown)}
    sheet.add_scatter(
        x=[end for pull in told for end in (pull.low, pull.high, None)],
        y=[y for pull in told for y in (places[pull.theme], places[pull.theme], None)],
        mode="lines",
        line={"color": fade(palette.muted, 0.38), "width": 6},
        hoverinfo="skip",
        name="95 % interval",
    )
    sheet.add_scatter(
        x=[pull.impact for pull in told],
        y=[places[pull.theme] for pull in told],
        mode="markers",
        marker={
            "size": 9,
            "color": [palette.accent if is_clear(pull) else palette.muted for pull in told],
        },
        cliponaxis=False,
        text=[_hover(pull, score, unit) for pull in told],
        hoverinfo="text",
        name="impact",
    )
    _columns(sheet, palette, shown, score)
    return sheet


def ordered(themes: Sequence[Pull]) -> list[Pull]:
    """The heaviest pull down first, the heaviest up last, too few to tell after them."""
    return sorted(
        themes, key=lambda pull: (not pull.is_told, pull.impact or 0.0, -pull.answers, pull.theme)
    )


def is_clear(pull: Pull) -> bool:
    """Whether the pull is more than chance would explain."""
    return pull.low is not None and pull.high is not None and not pull.low <= 0 <= pull.high


def in_words(themes: Sequence[Pull], score: str) -> str:
    """The picture in sentences: what is more than chance would explain."""
    told = [pull for pull in ordered(themes) if is_clear(pull)]
    if not told:
        return f"No theme goes with a {score} that differs by more than chance would explain."
    ways = {
        "down": [pull for pull in told if (pull.impact or 0) < 0],
        "up": [pull for pull in reversed(told) if (pull.impact or 0) > 0],
    }
    parts = []
    for way, pulling in ways.items():
        names = listed(f"{label(pull.theme)} {signed(pull.impact)}" for pull in pulling)
        if pulling:
            parts.append(f"{names} {'pulls' if len(pulling) == 1 else 'pull'} {score} {way}")
    return f"{'; '.join(parts)}: more than chance would explain, and an association."


def signed(value: float | None) -> str:
    """A difference with its sign, in two significant digits.

    >>> signed(-1.8554), signed(0.0399), signed(12.3)
    ('\u22121.9', '+0.04', '+12')
    """
    if value is None:
        return ""
    size = abs(value)
    places = 0 if size >= 10 else 1 if size >= 1 else 2
    text = f"{size:.{places}f}"
    if not text.strip("0."):
        return "0"
    return f"{MINUS if value < 0 else '+'}{text}"


def _columns(sheet: Sheet, palette: Palette, shown: Sequence[Pull], score: str) -> None:
    """The value and n of each row, aligned right, and what left and right mean."""
    place = {"x": 1, "xanchor": "right"}
    frames.note(sheet, palette, "n", y=1, yanchor="bottom", xshift=_COUNT_COLUMN, **place)
    frames.note(
        sheet, palette, f"← pulls {escape_plotly(score)} down", x=0, xref="x", xanchor="right",
        xshift=-4, y=1, yanchor="bottom",
    )  # fmt: skip
    frames.note(
        sheet, palette, "up →", x=0, xref="x", xanchor="left", xshift=4, y=1, yanchor="bottom"
    )
    for row, pull in enumerate(shown):
        text = f"<b>{signed(pull.impact)}</b>" if pull.is_told else "too few"
        colour = palette.text if pull.is_told else palette.muted
        at = {"y": row, "yref": "y", **place}
        frames.note(sheet, palette, text, colour=colour, xshift=_VALUE_COLUMN, size=SMALL, **at)
        frames.note(sheet, palette, f"{pull.answers:,}", xshift=_COUNT_COLUMN, **at)


def _hover(pull: Pull, score: str, unit: str) -> str:
    """A theme in full."""
    low, high = signed(pull.low), signed(pull.high)
    return (
        f"<b>{escape_plotly(label(pull.theme))}</b><br>"
        f"<b>{signed(pull.impact)}</b> {escape_plotly(unit)} of {escape_plotly(score)} "
        f"({low} to {high})<br>{counted(pull.answers, 'answers')} speak of it"
    )
