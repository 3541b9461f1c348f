"""The card of a persona, as HTML: its facts, and what its people do more or less than others."""

from collections.abc import Sequence
from html import escape

from journey.analysis.personas import Portrait, Touched
from journey.metrics.measures import Value
from journey.personas import Persona
from journey.present.numbers import counted, interval, show, unbroken
from journey.present.words import MINUS, NOTHING, THIN, label, listed

_FACTS = {
    "conversion": ("Conversion", "percent", "journeys"),
    "value_per_journey": ("Value per journey", "money", "journeys"),
    "satisfied": ("Satisfied (CSAT)", "percent", "answers"),
    "repeat": ("Repeat in time", "percent", "first-time buyers"),
}
"""Measure to its name, unit and what it counts."""

MOST_APART = 4
"""The most touchpoints that a card names on either side."""

MOST_CHANNELS = 3


def story(persona: Persona | None) -> list[tuple[str, str]]:
    """What is told of a persona, as pairs of a heading and Markdown; empty where nothing is."""
    if persona is None:
        return []
    parts = [("", persona.narrative), ("Wants", persona.wants), ("Thinks", persona.thinks)]
    return [(heading, text) for heading, text in parts if text]


def facts(portrait: Portrait, currency: str | None, minimum_n: int) -> str:
    """The facts as a list: each value with its interval and its count."""
    size = _line(
        "People",
        f"{portrait.people:,}",
        f"{show(portrait.size.value, 'percent')} of all "
        f"({interval(portrait.size.low, portrait.size.high, 'percent')})",
    )
    lines = [size]
    for name, (title, unit, noun) in _FACTS.items():
        if unit == "money" and currency is None:
            continue
        lines.append(_fact(title, portrait.facts.get(name), unit, noun, currency, minimum_n))
    lines.append(_line("Comes by", _channels(portrait, minimum_n), ""))
    return f'<dl class="facts">{"".join(lines)}</dl>'


def apart(portrait: Portrait) -> str:
    """What its people do more, and less, than everyone else, where that stands."""
    more, less = portrait.apart(more=True), portrait.apart(more=False)
    if not more and not less:
        return '<p class="doubt">Nothing sets them apart more than chance would explain.</p>'
    blocks = [
        f"<div><h4>{title}</h4><ul>{''.join(map(_apart, found[:MOST_APART]))}</ul></div>"
        for title, found in (("More than others", more), ("Less than others", less))
        if found
    ]
    return f'<div class="apart">{"".join(blocks)}</div>'


def planned(portrait: Portrait, persona: Persona | None, minimum_n: int) -> str:
    """The touchpoints planned for them, with how many really meet each."""
    if persona is None or not persona.touchpoints:
        return ""
    said = []
    for name in persona.touchpoints:
        met, people = portrait.met(name) or (0, portrait.people)
        share = show(met / people, "percent") if people >= minimum_n else "too few"
        said.append(f"<li>{escape(label(name))} <b>{escape(share)}</b></li>")
    return (
        '<div class="planned"><h4>Planned touchpoints, and how many meet them</h4>'
        f"<ol>{''.join(said)}</ol></div>"
    )


def answer(portrait: Portrait) -> str:
    """What sets its people apart most, in a sentence."""
    said = []
    for title, more in (("more", True), ("less", False)):
        names = [label(one.touchpoint).lower() for one in portrait.apart(more)[:2]]
        if names:
            said.append(f"{title} often than others: {listed(names, 'and')}")
    if not said:
        return "Nothing they do sets them apart more than chance would explain."
    both = "; ".join(said)
    return f"{both[0].upper()}{both[1:]}; further apart than chance would explain."


def in_words(portrait: Portrait, currency: str | None, minimum_n: int) -> str:
    """The portrait in a sentence or two of plain text."""
    parts = [
        f"{label(portrait.name)}: {counted(portrait.people, 'people')}, "
        f"{show(portrait.size.value, 'percent')} of all."
    ]
    for name, (title, unit, _) in _FACTS.items():
        value = portrait.facts.get(name)
        if value is not None and value.n >= minimum_n:
            parts.append(f"{title} {show(value.value, unit, currency)}.")
    for title, more in (("More", True), ("Less", False)):
        names = [label(one.touchpoint).lower() for one in portrait.apart(more)[:MOST_APART]]
        if names:
            parts.append(f"{title} than others: {listed(names)}.")
    return " ".join(parts)


def _fact(
    title: str, value: Value | None, unit: str, noun: str, currency: str | None, minimum_n: int
) -> str:
    """One measure: its value with interval and n, or why there is none."""
    if value is None or not value.n:
        return _line(title, NOTHING, f"no {noun}")
    if value.n < minimum_n:
        return _line(title, "too few", f"{counted(value.n, noun)}; shown from {minimum_n}")
    ends = interval(value.low, value.high, unit, currency)
    return _line(title, show(value.value, unit, currency), f"{ends} · {counted(value.n, noun)}")


def _line(title: str, value: str, doubt: str) -> str:
    """A line of the list; all texts are escaped."""
    beside = f'<span class="doubt">{escape(doubt)}</span>' if doubt else ""
    return unbroken(f"<dt>{escape(title)}</dt><dd><b>{escape(value)}</b>{beside}</dd>")


def _channels(portrait: Portrait, minimum_n: int) -> str:
    """The commonest entry channels with their shares of journeys."""
    named: Sequence[tuple[str, int, int]] = portrait.channels[:MOST_CHANNELS]
    if not named:
        return NOTHING
    if named[0][2] < minimum_n:
        return listed([label(name) for name, _, _ in named])
    return ", ".join(f"{label(name)} {show(came / all_, 'percent')}" for name, came, all_ in named)


def _apart(one: Touched) -> str:
    """A touchpoint: the difference with its interval, and both shares with their counts."""
    value, low, high = (100 * end for end in one.gap)
    places = 1 if abs(value) < 10 else 0
    said = f"{'+' if value > 0 else MINUS}{abs(value):.{places}f} points"
    ends = f"{low:.{places}f} to {high:.{places}f}".replace("-", MINUS)
    shares = (
        f"{one.met / one.people:.0%} of {one.people:,} against "
        f"{one.others_met / one.others:.0%} of {one.others:,}"
    ).replace("%", f"{THIN}%")
    return unbroken(
        f"<li>{escape(label(one.touchpoint))} <b>{said}</b>"
        f'<span class="doubt">95{THIN}%: {ends} · {shares}</span></li>'
    )
