"""The drawing of the map: a grid of lanes and stages on a wide screen and on paper, and on a phone
one stage a screen, swiped. It is the same drawing: only its rules differ (`look`)."""

from html import escape

from journey.metrics.evidence import GRADES
from journey.present.map import cells, shapes
from journey.present.map.cells import Link
from journey.present.map.parts import LANES, MapParts, StageFacts, facts
from journey.present.map.told import costliest
from journey.present.numbers import counted, show
from journey.present.palette import Palette
from journey.present.words import MINUS, label

RIVER = 100
"""The height of the tallest block of the river, in pixels."""

CURVE = 72
"""The height of the curve from +2 to -2, in pixels."""

_UNDER = 20
"""Room under the river for the words of those who leave, in pixels."""


def drawing(parts: MapParts, palette: Palette, link: Link, stage: str | None = None) -> str:
    """The map as HTML, its pictures inside; `stage` is the one the reader has opened."""
    known = facts(parts)
    lanes = _lanes(known, parts)
    stages = "".join(
        _stage(known, place, parts, palette, link, lanes, stage) for place in range(len(known))
    )
    return (
        f'<div class="jmap" style="--stages:{len(known)};--lanes:{len(lanes) + 1}" tabindex="0" '
        f'role="list" aria-label="The journey map, stage by stage">'
        f"{_names(lanes, parts)}{stages}</div>{foot(parts, lanes)}"
    )


def foot(parts: MapParts, lanes: list[str]) -> str:
    """How to read it, in one line, and what is told rather than counted."""
    grades = "; ".join(f"<b>{letter}</b> {text}" for letter, text in GRADES.items() if letter)
    told = [f"Evidence: {grades}."]
    if "experience" in lanes:
        told.append("Curve: our experience index, ribbon 95 %, dot by number of answers.")
    if parts.beside is not None:
        lines = [escape(one.title) for one in (parts.beside, *parts.also)]
        named = [f"{dash}: {one}" for dash, one in zip(shapes.DASHES, lines, strict=False)]
        said = "; ".join(
            [*named, "shaded: the gap to the dashed" if parts.also else "shaded: the gap"]
        )
        told.append(f"{said[0].upper()}{said[1:]}.")
    text = " ".join(told).replace(" %", "\u202f%")
    return f'<div class="under map-foot">{text}</div>'


def lead(parts: MapParts) -> str:
    """The question the map answers, or what hurts most."""
    return costliest(parts) or "How many get through each stage, how it feels, and what hurts"


def _lanes(known: list[StageFacts], parts: MapParts) -> list[str]:
    """The lanes with anything in them, or with something that failed."""
    has = {
        "journeys": lambda fact: True,
        "pains": lambda fact: fact.pains,
        "experience": lambda fact: fact.feeling,
        "voices": lambda fact: fact.voice,
        "touchpoints": lambda fact: fact.touchpoints,
        "channels": lambda fact: fact.channels,
        "kpis": lambda fact: fact.kpis,
        "story": lambda fact: fact.story,
    }
    return [lane for lane in LANES if lane in parts.failed or any(map(has[lane], known))]


def _names(lanes: list[str], parts: MapParts) -> str:
    """The names of the lanes, at the left of a wide map; each cell has its own for the others."""
    found = ['<div class="cell head"></div>']
    for lane in lanes:
        name, under = LANES[lane], ""
        if lane == "experience":
            under = (
                f'<span class="end good">good +2</span><span class="end bad">bad {MINUS}2</span>'
            )
        elif lane == "story" and parts.story is not None:
            under = (
                f'<span class="fine">{escape(label(parts.story.persona))}; told, not data</span>'
            )
        if lane in parts.failed:
            under = '<span class="fine">not shown, see below</span>'
        found.append(f'<div class="cell {lane}">{name}{under}</div>')
    return f'<div class="names" aria-hidden="true">{"".join(found)}</div>'


def _stage(
    known: list[StageFacts],
    place: int,
    parts: MapParts,
    palette: Palette,
    link: Link,
    lanes: list[str],
    opened: str | None,
) -> str:
    """One column."""
    fact = known[place]
    drawn = {
        "journeys": lambda: _river(known, place, palette),
        "pains": lambda: cells.pains(fact, parts, link),
        "experience": lambda: _curve(known, place, palette),
        "voices": lambda: cells.voice(fact),
        "touchpoints": lambda: cells.touchpoints(fact, palette, parts.minimum_n),
        "channels": lambda: cells.channels(fact, palette, parts.minimum_n),
        "kpis": lambda: cells.kpis(fact),
        "story": lambda: cells.story(fact),
    }
    inner = "".join(cells.cell(lane, fact, drawn[lane](), parts) for lane in lanes)
    own_clock = " own-clock" if fact.buyers is not None else ""
    chosen = " opened" if fact.name == opened else ""
    return (
        f'<section class="stage{own_clock}{chosen}" role="listitem" id="map-{escape(fact.name)}">'
        f'<div class="cell head"><span class="place">{place + 1} of {len(known)}</span>'
        f"<h3>{escape(fact.title)}</h3>{cells.head(fact, parts)}</div>{inner}</section>"
    )


def _river(known: list[StageFacts], place: int, palette: Palette) -> str:
    """The stage's slice of the river, with who goes on above and who leaves below."""
    fact = known[place]
    after = known[place + 1] if place + 1 < len(known) else None
    pixels = RIVER / max(max(one.journeys, one.buyers or 0, 1) for one in known)
    tall = RIVER + shapes.FALL
    told, alt = "", counted(fact.journeys, "journeys")
    if fact.goes_on is not None and fact.leaves is not None:
        share = show(fact.goes_on.value, "percent")
        deep = pixels * fact.journeys + shapes.FALL + 1
        told = (
            f'<div class="on"><b>{share}</b> go on →</div>'
            f'<div class="off" style="top:{deep:.0f}px">{fact.leaves:,} leave</div>'
        )
        alt += f", {share} go on, {fact.leaves:,} leave"
    elif fact.leaves:
        told = f'<div class="off" style="top:{RIVER + 4}px">{fact.leaves:,} leave</div>'
    elif fact.buyers is not None:
        deep = max(pixels * fact.buyers, 4) + 5
        told = f'<div class="clock" style="top:{deep:.0f}px">on its own clock</div>'
    image = shapes.river(palette, fact, after if fact.buyers is None else None, pixels, tall)
    return (
        f'<div class="flow" style="height:{tall + _UNDER}px" title="{escape(alt)}">'
        f'<img src="{image}" alt="{escape(alt)}" style="height:{tall}px">{told}</div>'
    )


def _curve(known: list[StageFacts], place: int, palette: Palette) -> str:
    """The stage's slice of the curve with its dot and words."""
    fact = known[place]
    image = shapes.curve(palette, known, place, CURVE)
    mark = alt = ""
    if (feeling := fact.feeling) is not None:
        most = max(one.feeling.answers for one in known if one.feeling is not None)
        alt = cells.feeling_title(fact)
        few = feeling.value is None
        said = "too few" if few else f"<b>{feeling.words}</b>"
        mark = (
            f"{shapes.dot(palette, feeling, most, CURVE)}"
            f'<div class="felt" style="top:{shapes.label_top(feeling, CURVE):.0f}px">{said} '
            f'<span class="fine">n {feeling.answers:,}</span></div>'
        )
    return (
        f'<div class="flow" style="height:{CURVE}px" title="{escape(alt)}">'
        f'<img src="{image}" alt="{escape(alt)}" style="height:{CURVE}px">{mark}</div>'
    )
