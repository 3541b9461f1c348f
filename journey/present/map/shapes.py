"""The pictures of the map: for each stage a slice of the river and a slice of the curve, as SVG.

A slice is as wide as its column, whatever that is, and slices side by side make one drawing. They
are images, so that they scale, print, and stand under a strict policy; their words are beside them
and in their `alt`.
"""

import base64
from collections.abc import Sequence

from journey.present.map.parts import Feeling, StageFacts
from journey.present.palette import Palette

BLOCK = 52
"""How much of a column's width its block takes, in percent; the rest is the way to the next."""

FALL = 22
"""How far those who leave fall, in pixels."""

HEART = BLOCK / 2
"""Where in its column a stage's dot stands, in percent."""

SHOWN = 2.0
"""The curve runs from -2 to +2."""

DASHES = {"dashed": "4 3", "dotted": "1.2 2.4", "dashed and dotted": "8 3 1.2 3"}
"""How the other courses are drawn, in their order."""

_WAY = "fill='none' vector-effect='non-scaling-stroke'"


def river(
    palette: Palette, fact: StageFacts, after: StageFacts | None, pixels: float, tall: int
) -> str:
    """One stage of the river: its block, the band that goes on, the branch that leaves, and, where
    another course is known, its edge; `pixels` is the height of one journey.

    The upper edge is straight, so that what is lost shows at one side only.
    """
    colour, high = palette.stage(fact.name), pixels * fact.journeys
    parts = []
    if fact.leaves is not None and after is not None:
        onward = pixels * min(after.journeys, fact.journeys)
        parts += [
            _fading("go", (colour, 0.42), (palette.stage(after.name), 0.42)),
            f"<rect x='{BLOCK}' y='0' width='{100 - BLOCK}' height='{onward:.2f}' "
            "fill='url(#go)'/>",
            _fading("off", (colour, 0.34), (colour, 0.0)),
            _branch(onward, high),
        ]
    if fact.buyers is not None:
        whole = pixels * fact.buyers
        parts.append(
            f"<rect x='0' y='0' width='{BLOCK}' height='{whole:.2f}' {_WAY} "
            f"style='fill:{palette.muted};fill-opacity:.1' stroke='{palette.muted}' "
            "stroke-dasharray='3 3'/>"
        )
    parts.append(f"<rect x='0' y='0' width='{BLOCK}' height='{high:.2f}' fill='{colour}'/>")
    return _image(palette, "".join(parts) + _aim(palette, fact, pixels, high), tall)


def curve(
    palette: Palette,
    known: Sequence[StageFacts],
    place: int,
    tall: int,
) -> str:
    """One stage of the experience curve: ribbon, line and zero line, joined to the neighbours'
    slices at the column's edges; a neighbour without a value breaks the line."""
    own = known[place].feeling
    before = known[place - 1].feeling if place else None
    after = known[place + 1].feeling if place + 1 < len(known) else None
    parts = [
        f"<path d='M0 {_y(0, tall):.2f}H100' {_WAY} stroke='{palette.muted}' "
        "stroke-dasharray='1 3'/>"
    ]
    course = _course(own, before, after)
    parts.append(_gap(palette, known, place, tall, course))
    if len(course) > 1:
        upper = " ".join(f"{x:.2f},{_y(high, tall):.2f}" for x, _, _, high in course)
        lower = " ".join(f"{x:.2f},{_y(low, tall):.2f}" for x, _, low, _ in reversed(course))
        line = " ".join(f"{x:.2f},{_y(value, tall):.2f}" for x, value, _, _ in course)
        parts += [
            f"<polygon points='{upper} {lower}' fill='{palette.accent}' fill-opacity='.2'/>",
            f"<polyline points='{line}' {_WAY} stroke='{palette.accent}' stroke-width='2.2' "
            "stroke-linejoin='round'/>",
        ]
    for number, dash in enumerate(DASHES.values()):
        parts.append(_aimed(palette, known, place, tall, number, dash))
    return _image(palette, "".join(parts), tall)


def dot(palette: Palette, feeling: Feeling, most: int, tall: int) -> str:
    """The mark of a stage's index: its area is the number of answers; hollow where too few."""
    size = 7 + 9 * (feeling.answers / most) ** 0.5 if most else 7
    top = _y(feeling.value or 0.0, tall)
    full = feeling.value is not None
    return (
        f'<i class="dot{"" if full else " hollow"}" style="left:{HEART:g}%;top:{top:.1f}px;'
        f"width:{size:.1f}px;height:{size:.1f}px;border-color:"
        f'{palette.accent if full else palette.muted}"></i>'
    )


def label_top(feeling: Feeling, tall: int) -> float:
    """Where the words of a dot stand: on its outer side, clear of the ribbon."""
    if feeling.value is None:
        return _y(0, tall) - 26
    if feeling.value >= 0:
        return max(-6.0, _y(feeling.high, tall) - 25)
    return min(tall - 12.0, _y(feeling.low, tall) + 8)


def _y(value: float, tall: int) -> float:
    """The height of an index in a slice; the ends keep clear of the edges."""
    return tall / 2 - max(-SHOWN, min(SHOWN, value)) / SHOWN * (tall / 2 - 5)


Corner = tuple[float, float, float, float]
"""A corner of the curve in a slice: place, value, low, high."""


def _course(own: Feeling | None, before: Feeling | None, after: Feeling | None) -> list[Corner]:
    """The corners of a slice of the curve. Where a slice meets its neighbour the value lies on the
    straight line between both dots."""
    if own is None or own.value is None:
        return []
    share = HEART / 100
    corners = (
        _meeting(0.0, own, before, share),
        (HEART, own.value, own.low, own.high),
        _meeting(100.0, own, after, 1 - share),
    )
    return [corner for corner in corners if corner is not None]


def _meeting(at: float, own: Feeling, other: Feeling | None, share: float) -> Corner | None:
    """Where a slice meets its neighbour's, a share of the way from dot to dot."""
    if own.value is None or other is None or other.value is None:
        return None
    return (
        at,
        own.value + share * (other.value - own.value),
        own.low + share * (other.low - own.low),
        own.high + share * (other.high - own.high),
    )


def _aims(known: Sequence[StageFacts], place: int, number: int = 0) -> list[tuple[float, float]]:
    """The corners of another curve in a slice; 0 is the one the gap is shaded to."""
    felt = [
        [fact.aim_feeling, *(there for _, there in fact.also)][number : number + 1]
        for fact in known
    ]
    lone = [
        Feeling(one[0], one[0], one[0], 0) if one and one[0] is not None else None for one in felt
    ]
    before = lone[place - 1] if place else None
    after = lone[place + 1] if place + 1 < len(lone) else None
    return [(x, value) for x, value, _, _ in _course(lone[place], before, after)]


def _aimed(
    palette: Palette, known: Sequence[StageFacts], place: int, tall: int, number: int, dash: str
) -> str:
    """Another curve in its dashes; a lone aim is a short bar."""
    corners = _aims(known, place, number)
    if len(corners) == 1:
        x, value = corners[0]
        corners = [(x - 12, value), (x + 12, value)]
    points = " ".join(f"{x:.2f},{_y(value, tall):.2f}" for x, value in corners)
    look = f"{_WAY} stroke='{palette.text}' stroke-width='1.4' stroke-dasharray='{dash}'"
    return f"<polyline points='{points}' {look}/>" if corners else ""


def _gap(
    palette: Palette,
    known: Sequence[StageFacts],
    place: int,
    tall: int,
    course: Sequence[Corner],
) -> str:
    """The shaded gap between the curve and the other one, where both cross the slice."""
    other = dict(_aims(known, place))
    shared = [(x, value) for x, value, _, _ in course if x in other]
    if len(shared) < 2:
        # An aim that stands alone is set against the dot alone.
        shared = [(x + side, value) for x, value in shared for side in (-12, 12)]
        other = {x + side: value for x, value in other.items() for side in (-12, 12)}
    if not shared:
        return ""
    there = " ".join(f"{x:.2f},{_y(value, tall):.2f}" for x, value in shared)
    back = " ".join(f"{x:.2f},{_y(other[x], tall):.2f}" for x, _ in reversed(shared))
    return f"<polygon points='{there} {back}' fill='{palette.text}' fill-opacity='.09'/>"


def _aim(palette: Palette, fact: StageFacts, pixels: float, high: float) -> str:
    """The edges the block would have at the other shares, and the gap to the first, shaded."""
    if fact.of_all is None:
        return ""
    whole = fact.of_all.whole if fact.buyers is None else fact.buyers
    drawn = ""
    if fact.aim is not None:
        there = pixels * whole * fact.aim
        top, deep = min(high, there), abs(high - there)
        drawn = (
            f"<rect x='0' y='{top:.2f}' width='{BLOCK}' height='{deep:.2f}' "
            f"fill='{palette.text}' fill-opacity='{0.14 if there > high else 0.28}'/>"
        )
    shares = [fact.aim, *(share for share, _ in fact.also)]
    for dash, share in zip(DASHES.values(), shares, strict=False):
        if share is not None:
            drawn += (
                f"<path d='M0 {pixels * whole * share:.2f}H{BLOCK}' {_WAY} "
                f"stroke='{palette.text}' stroke-width='1.6' stroke-dasharray='{dash}'/>"
            )
    return drawn


def _branch(top: float, bottom: float) -> str:
    """Those who leave: as thick as they are many, bending down and fading out."""
    end = BLOCK + (100 - BLOCK) * 0.9
    middle = (BLOCK + end) / 2
    return (
        f"<path d='M{BLOCK} {top:.2f}C{middle} {top:.2f} {middle} {top + FALL:.2f} {end} "
        f"{top + FALL:.2f}V{bottom + FALL:.2f}C{middle} {bottom + FALL:.2f} {middle} {bottom:.2f} "
        f"{BLOCK} {bottom:.2f}Z' fill='url(#off)'/>"
    )


def _fading(name: str, first: tuple[str, float], last: tuple[str, float]) -> str:
    """A gradient from left to right."""
    stops = "".join(
        f"<stop offset='{at}' stop-color='{colour}' stop-opacity='{share}'/>"
        for at, (colour, share) in ((0, first), (1, last))
    )
    return f"<linearGradient id='{name}'>{stops}</linearGradient>"


def _image(palette: Palette, shapes: str, tall: int) -> str:
    """The SVG as an address an image may have. No data but numbers ever enters it."""
    text = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 {tall}' "
        f"preserveAspectRatio='none' color='{palette.text}'>{shapes}</svg>"
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(text.encode()).decode()}"
