"""Where the ways of two groups part: differences of shares, each a dot on its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

from journey.analysis.paths.asking import Asked
from journey.analysis.paths.comparing import Compared, Difference
from journey.present import frames
from journey.present.numbers import MINUS
from journey.present.palette import Palette, fade
from journey.present.paths.drawn import called, heads
from journey.present.sheet import Sheet
from journey.present.words import escape_plotly, listed, show

MOST_ROWS = 12
"""The most differences the picture shows; the table has them all."""

_ROW, _TOP, _FOOT = 34, 28, 30
_COLUMNS = (38, 82, 126)
"""Where the columns of text right of the plot end, in pixels: the difference and both shares."""


@dataclass(frozen=True)
class Groups:
    """The two groups by name."""

    first: str
    second: str


def groups_of(palette: Palette) -> tuple[str, str]:
    """The colours of the first and the second group."""
    return palette.accent, palette.spare[2]


def colour_of(difference: Difference | None, palette: Palette) -> str | None:
    """The colour of the group that goes there more often; None where chance would do."""
    if difference is None or not difference.is_more_than_chance:
        return None
    first, second = groups_of(palette)
    return first if difference.change > 0 else second


def picture(found: Compared, asked: Asked, groups: Groups, palette: Palette) -> Sheet:
    """The largest differences in points, the first group's share and the second's beside them;
    grey is no more than chance would explain."""
    shown = found.differences[:MOST_ROWS]
    if not shown:
        return frames.nothing(palette)
    sheet = frames.canvas(
        palette, _ROW * len(shown) + _TOP + _FOOT, right=_COLUMNS[-1] + 6, top=_TOP
    )
    ends = [100 * end for one in shown for end in (one.low, one.high)]
    reach = max(abs(end) for end in ends) or 1.0
    sheet.update_xaxes(
        range=[1.06 * min(*ends, -0.3 * reach), 1.06 * max(*ends, 0.3 * reach)],
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
        ticktext=[_two_lines(one, asked) for one in shown],
        tickfont={"color": palette.text},
        ticklabelstandoff=8,
    )
    sheet.add_scatter(
        x=[end for one in shown for end in (100 * one.low, 100 * one.high, None)],
        y=[y for place in range(len(shown)) for y in (place, place, None)],
        mode="lines",
        line={"color": fade(palette.muted, 0.38), "width": 6},
        hoverinfo="skip",
        name="95 % interval",
    )
    sheet.add_scatter(
        x=[100 * one.change for one in shown],
        y=list(range(len(shown))),
        mode="markers",
        marker={
            "size": 9,
            "color": [colour_of(one, palette) or palette.muted for one in shown],
        },
        cliponaxis=False,
        text=[_hover(one, asked, groups) for one in shown],
        hoverinfo="text",
        name="difference",
    )
    _columns(sheet, palette, shown, groups)
    return sheet


def in_words(found: Compared, asked: Asked, groups: Groups) -> str:
    """The clearest differences in a sentence, or why there is none."""
    one, two = found.first.paths, found.second.paths
    if not one and not two:
        return (
            "Nobody to compare: in both groups there is no such path. Choose other ends (before "
            "an order there is no order), or widen the period or the filters."
        )
    if not found.differences:
        return (
            f"{groups.first} {one:,}, {groups.second} {two:,}: too few in one of them to compare."
        )
    clear = [difference for difference in found.differences if difference.is_more_than_chance]
    if not clear:
        return f"{groups.first} and {groups.second} take no ways that differ by more than chance."
    parts = [
        f"{_name(one, asked)} {show(one.first_share, 'percent')} against "
        f"{show(one.second_share, 'percent')}"
        for one in clear[:3]
    ]
    return (
        f"{groups.first} ({one:,}) against {groups.second} ({two:,}): {listed(parts)}; "
        f"{len(clear)} of {len(found.differences)} differences are more than chance would "
        "explain. An association."
    )


def points(change: float) -> str:
    """A difference of shares in points, with its sign.

    >>> points(-0.0761), points(0.204), points(0.0001)
    ('\u22127.6', '+20', '0')
    """
    size = abs(100 * change)
    text = f"{size:.0f}" if size >= 9.95 else f"{size:.1f}"
    if not float(text):
        return "0"
    return f"{MINUS if change < 0 else '+'}{text}"


def _columns(sheet: Sheet, palette: Palette, shown: Sequence[Difference], groups: Groups) -> None:
    """The difference and both shares of each row, and what left and right mean."""
    place = {"x": 1, "xanchor": "right"}
    titles = ("points", _short(groups.first), _short(groups.second))
    for text, shift in zip(titles, _COLUMNS, strict=True):
        frames.note(
            sheet, palette, escape_plotly(text), y=1, yanchor="bottom", xshift=shift, **place
        )
    for row, one in enumerate(shown):
        at = {"y": row, "yref": "y", **place}
        ink = palette.text if one.is_more_than_chance else palette.muted
        said = f"<b>{points(one.change)}</b>" if one.is_more_than_chance else points(one.change)
        frames.note(sheet, palette, said, colour=ink, xshift=_COLUMNS[0], **at)
        for share, shift in zip((one.first_share, one.second_share), _COLUMNS[1:], strict=True):
            frames.note(sheet, palette, show(share, "percent"), xshift=shift, **at)


def _short(name: str) -> str:
    """A group's name over a narrow column."""
    return name if len(name) <= 7 else f"{name[:6].rstrip()}…"


def _two_lines(one: Difference, asked: Asked) -> str:
    """A name over its column, so that both have room on a phone."""
    column, _, name = _name(one, asked).partition(": ")
    return f"{frames.shortened(name, 20)}<br>{frames.shortened(column, 20)}"


def _name(one: Difference, asked: Asked) -> str:
    """A share by its column and name: `Step 2: Product viewed`."""
    names = heads(asked)
    place = len(names) - one.step if asked.is_backward else one.step - 1
    return f"{names[place]}: {called(one.name, one.kind)}"


def _hover(one: Difference, asked: Asked, groups: Groups) -> str:
    """A difference in full."""
    verdict = "more" if one.is_more_than_chance else "no more"
    return (
        f"<b>{escape_plotly(_name(one, asked))}</b><br>"
        f"<b>{points(one.change)} points</b> ({points(one.low)} to {points(one.high)}), {verdict} "
        f"than chance would explain<br>"
        f"{escape_plotly(groups.first)}: {one.first:,} of {one.first_paths:,}<br>"
        f"{escape_plotly(groups.second)}: {one.second:,} of {one.second_paths:,}"
    )
