"""The journey map for a narrow screen: one stage a card, swiped sideways, as HTML."""

from html import escape

from journey.present.mapparts import MapParts, facts, phone_stage
from journey.present.palette import Palette


def strip(parts: MapParts, colours: Palette) -> str:
    """The cards of all stages side by side; every text is escaped."""
    cards = [
        _card(parts, colours, place, fact.name, len(facts(parts)))
        for place, fact in enumerate(facts(parts), 1)
    ]
    return f'<div class="strip" tabindex="0" role="list">{"".join(cards)}</div>'


def _card(parts: MapParts, colours: Palette, place: int, stage: str, of: int) -> str:
    """One stage: its band, its numbers, what people do there."""
    card = phone_stage(parts, stage)
    first = max((journeys for _, journeys in parts.stages), default=0)
    known = {fact.name: fact for fact in facts(parts)}[stage]
    share = known.journeys / first if first else 0.0
    lines = [card.reached, card.onward, card.feeling, card.worth, card.voice, card.pain]
    told = "".join(f'<div class="told">{escape(line)}</div>' for line in lines if line)
    touchpoints = "".join(
        f'<div class="did"><span>{escape(name)}</span><span>{part:.0%}</span></div>'
        f'<div class="bar"><div style="width:{part:.1%};background:{colours.stage(stage)}"></div>'
        "</div>"
        for name, part in card.touchpoints
    )
    return (
        f'<div class="stage" role="listitem"><div class="place">{place} of {of}</div>'
        f'<div class="name">{escape(card.title)}</div>'
        f'<div class="count">{escape(card.count)}</div>'
        f'<div class="bar tall"><div style="width:{share:.1%};background:{colours.stage(stage)}">'
        f"</div></div>{told}{touchpoints}</div>"
    )
