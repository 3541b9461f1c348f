"""Up to five personas beside each other: a small river and a small curve each, stage by stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from journey.present.map import shapes
from journey.present.map.cells import feeling_title
from journey.present.map.parts import MapParts, StageFacts, facts
from journey.present.numbers import counted, interval, show
from journey.present.palette import Palette
from journey.present.words import label

MOST = 5
"""The most personas that are drawn beside each other."""

RIVER, CURVE = 40, 46
"""Heights in pixels; every river is as tall as its own first stage, so shares compare."""


@dataclass(frozen=True)
class Apart:
    """One persona of the comparison."""

    name: str
    parts: MapParts


def apart(groups: Sequence[Apart], palette: Palette) -> str:
    """The comparison as HTML. A persona with fewer journeys than the minimum has no picture."""
    known = {group.name: facts(group.parts) for group in groups}
    titles = next((found for found in known.values() if found), [])
    if not titles:
        return ""
    names = ['<div class="cell head"></div>']
    for group in groups:
        whole = known[group.name][0].journeys if known[group.name] else 0
        few = "" if whole >= max(1, group.parts.minimum_n) else ", too few to compare"
        names.append(
            f'<div class="cell small"><b>{escape(label(group.name))}</b>'
            f'<span class="fine">{counted(whole, "journeys")}{few}</span></div>'
        )
    stages = "".join(_stage(titles, place, groups, known, palette) for place in range(len(titles)))
    return (
        f'<div class="jmap apart" style="--stages:{len(titles)};--lanes:{len(groups) + 1}" '
        'tabindex="0" role="list" aria-label="The journey map of personas, stage by stage">'
        f'<div class="names" aria-hidden="true">{"".join(names)}</div>{stages}</div>'
        '<div class="under map-foot">Each river as a share of its own first stage; the curve is '
        "our experience index without friction, which is everyone's, with its 95\u202f% ribbon. "
        "A difference between personas is an association.</div>"
    )


def _stage(
    titles: Sequence[StageFacts],
    place: int,
    groups: Sequence[Apart],
    known: dict[str, list[StageFacts]],
    palette: Palette,
) -> str:
    """One column: a cell for each persona."""
    title = titles[place]
    cells = "".join(
        f'<div class="cell small"><span class="lane">{escape(label(group.name))}</span>'
        f"{_cell(known[group.name], place, group.parts, palette)}</div>"
        for group in groups
    )
    own_clock = " own-clock" if title.buyers is not None else ""
    return (
        f'<section class="stage{own_clock}" role="listitem">'
        f'<div class="cell head"><span class="place">{place + 1} of {len(titles)}</span>'
        f"<h3>{escape(title.title)}</h3></div>{cells}</section>"
    )


def _cell(known: list[StageFacts], place: int, parts: MapParts, palette: Palette) -> str:
    """A persona at a stage: the share that gets there, its slice of the river and of the curve."""
    if place >= len(known) or not known[0].journeys or known[0].journeys < parts.minimum_n:
        return ""
    fact = known[place]
    after = known[place + 1] if place + 1 < len(known) else None
    if fact.of_all is None:
        of = f" of {fact.buyers:,}" if fact.buyers is not None else ""
        return f'<div class="share">{fact.journeys:,}{of}, too few</div>'
    pixels = RIVER / (fact.buyers or known[0].journeys)
    image = shapes.river(
        palette, fact, after if fact.buyers is None else None, pixels, RIVER + shapes.FALL
    )
    share = f"<b>{show(fact.of_all.value, 'percent')}</b>"
    ends = interval(fact.of_all.low, fact.of_all.high, "percent")
    title = f"{fact.journeys:,} of {fact.of_all.whole:,} (95 %: {ends})"
    felt = ""
    if fact.feeling is not None:
        said = "too few" if fact.feeling.value is None else fact.feeling.words
        most = max(one.feeling.answers for one in known if one.feeling is not None)
        curve = shapes.curve(palette, known, place, CURVE)
        alt = escape(feeling_title(fact))
        felt = (
            f'<div class="flow" style="height:{CURVE}px" title="{alt}">'
            f'<img src="{curve}" alt="{alt}" style="height:{CURVE}px">'
            f"{shapes.dot(palette, fact.feeling, most, CURVE)}"
            f'<div class="felt beside" style="top:{CURVE / 2 + 4:.0f}px">{said} '
            f'<span class="fine">n {fact.feeling.answers:,}</span></div></div>'
        )
    return (
        f'<div class="share" title="{escape(title)}">{share} '
        f'<span class="fine">{fact.journeys:,}</span></div>'
        f'<div class="flow" style="height:{RIVER + shapes.FALL}px" title="{escape(title)}">'
        f'<img src="{image}" alt="{escape(title)}" style="height:{RIVER + shapes.FALL}px"></div>'
        f"{felt}"
    )
