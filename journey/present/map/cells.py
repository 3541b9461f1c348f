"""The cells of the map, one a stage and lane, as HTML; every text is escaped."""

from collections.abc import Callable
from html import escape

from markdown_it import MarkdownIt

from journey.analysis.pains.pain import Pain
from journey.metrics.evidence import GRADES
from journey.present.map.parts import LANES, MapParts, Piece, StageFacts
from journey.present.map.told import (
    NOUNS,
    aim_words,
    feeling_words,
    pain_money,
    whole_percent,
)
from journey.present.numbers import counted, interval, rough, show
from journey.present.palette import Palette
from journey.present.words import day, label

MOST_PAINS = 2
"""The most plates a stage shows; the ledger has all."""

MOST_KPIS = 2
_LONGEST = 110
"""Characters of a customer's words that are shown."""

Link = Callable[..., str]
"""A page's address from its name and what it should open, keeping the reader's filters."""

_STORIES = MarkdownIt("commonmark", {"html": False}).disable(["image", "link", "autolink"])


def cell(lane: str, fact: StageFacts, inner: str, parts: MapParts) -> str:
    """A cell: the lane's name for those who do not see the column of names, what it holds, and
    how much that rests on."""
    # The river's letter stands beside its count, in the head.
    letter = "" if lane in (*parts.failed, "journeys") else grade(lane, fact)
    # The line of the curve alone tells nothing of a stage.
    holds = inner and (lane != "experience" or fact.feeling is not None)
    empty = "" if holds else " empty"
    name = LANES[lane]
    if lane == "story" and parts.story is not None:
        name = f"{name}: {escape(label(parts.story.persona))}; told, not data"
    return f'<div class="cell {lane}{empty}"><span class="lane">{name}</span>{letter}{inner}</div>'


def grade(lane: str, fact: StageFacts) -> str:
    """How much a cell rests on, as a small letter; nothing where it is empty."""
    letter = fact.grade(lane)
    if not letter:
        return ""
    cases = counted(fact.cases(lane), NOUNS[lane])
    return (
        f'<span class="grade g{letter}" title="Evidence {letter}: {escape(cases)} '
        f'({escape(GRADES[letter])})"><span class="unseen">Evidence </span>{letter}</span>'
    )


def head(fact: StageFacts, parts: MapParts) -> str:
    """A stage's count, its share with how it stands against the other course, and its owner."""
    told = []
    if fact.buyers is not None:
        share = show(fact.of_all.value, "percent") if fact.of_all else ""
        told.append(
            f"{share} of {counted(fact.buyers, 'buyers')}"
            if share
            else f"of {counted(fact.buyers, 'buyers')}"
        )
    elif fact.of_all is not None and fact.of_all.value != 1:
        told.append(f"{show(fact.of_all.value, 'percent')} of all")
    else:
        told.append("journeys")
    if fact.worth is not None:
        told.append(f"{show(fact.worth, 'money', parts.currency)} each")
    aims = "".join(f'<div class="aim">{escape(aim)}</div>' for aim in aim_words(fact, parts))
    return (
        f'{grade("journeys", fact)}<div class="count" title="{escape(_reached(fact))}">'
        f"{fact.journeys:,}</div>"
        f'<div class="share">{escape(" · ".join(told))}</div>'
        + aims
        + (f'<div class="owner">{escape(fact.owner)}</div>' if fact.owner else "")
    )


def voice(fact: StageFacts) -> str:
    """One thing customers said there, and how many say the like."""
    said = fact.voice
    if said is None:
        return ""
    words = " ".join(said.comment.split())
    short = words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()}…"
    about = f"{label(said.theme)}, {said.alike:,} of {said.comments:,}"
    full = f"{words} ({day(said.answered_on)} {said.answered_on.year})"
    # A script of its own direction keeps it; the quotes are the page's.
    return (
        f'<q dir="auto" title="{escape(full)}">{escape(short)}</q>'
        f'<div class="fine">{escape(about)}</div>'
    )


def touchpoints(fact: StageFacts, palette: Palette, minimum_n: int) -> str:
    """What happens most: name, share, a thin bar from zero, and the owner who is not the
    stage's."""
    if fact.touches < minimum_n:
        return _few(fact.touchpoints)
    return "".join(_touchpoint(piece, fact, palette) for piece in fact.touchpoints)


def channels(fact: StageFacts, palette: Palette, minimum_n: int) -> str:
    """The stage's touches by channel: one bar, and the two commonest by name."""
    if fact.touches < minimum_n or not fact.channels:
        return _few(fact.channels[:2])
    parts = "".join(
        f'<i style="width:{piece.share:.2%};background:{palette.channels(piece.name)}" '
        f'title="{escape(label(piece.name))}: {whole_percent(piece.share)} of touches"></i>'
        for piece in fact.channels
    )
    named = "".join(
        f'<div class="named"><i style="background:{palette.channels(piece.name)}"></i>'
        f"<span>{escape(label(piece.name))}</span><b>{whole_percent(piece.share)}</b></div>"
        for piece in fact.channels[:2]
    )
    return f'<div class="mix">{parts}</div>{named}'


def kpis(fact: StageFacts) -> str:
    """The numbers that stand at the stage, against their targets."""
    lines = []
    for one in fact.kpis[:MOST_KPIS]:
        against = (
            f'<div class="fine status {one.status}" title="{escape(one.target)}"><i></i>'
            f"<b>{escape(one.reached)}</b> ({escape(one.aim)})</div>"
            if one.reached
            else f'<div class="fine">{escape(one.doubt)}</div>'
        )
        lines.append(
            f'<div class="kpi-line" title="{escape(one.doubt)}"><span>{escape(one.title)}</span> '
            f"<b>{escape(one.value)}</b>{against}</div>"
        )
    return "".join(lines)


def pains(fact: StageFacts, parts: MapParts, link: Link) -> str:
    """What hurts, where it hurts, as warm plates in money that lead to the ledger."""
    plates = "".join(
        f'<a class="plate{"" if pain.a_month else " unpriced"}" '
        f'href="{escape(link("pains", pain=pain.key))}" target="_self" '
        f'title="{escape(pain.sentence)}"><b>{escape(pain.title)}</b> '
        f"<span>{escape(pain_money(pain, parts.currency))}</span>"
        f'<span class="ends">{_ends(pain)}</span></a>'
        for pain in fact.pains[:MOST_PAINS]
    )
    more = len(fact.pains) - MOST_PAINS
    if more > 0:
        plates += (
            f'<a class="fine" href="{escape(link("pains"))}" target="_self">and {more} more</a>'
        )
    return plates


def _ends(pain: Pain) -> str:
    """The ends of what a pain costs a month."""
    return rough(pain.a_month.low, pain.a_month.high, "money") if pain.a_month else ""


def story(fact: StageFacts) -> str:
    """What the persona wants and thinks there, as it was written."""
    # HTML is off and links are plain text, so nothing but emphasis and lists comes out.
    return f'<div class="told-story">{_STORIES.render(fact.story)}</div>' if fact.story else ""


def feeling_title(fact: StageFacts) -> str:
    """What the pointer reads over a dot."""
    return f"{fact.title}: {feeling_words(fact)}"


def _reached(fact: StageFacts) -> str:
    """What the pointer reads over a count."""
    if fact.of_all is None:
        return counted(fact.journeys, "journeys")
    ends = interval(fact.of_all.low, fact.of_all.high, "percent")
    of = "buyers whose time to come back has passed" if fact.buyers is not None else "journeys"
    return f"{fact.journeys:,} of {counted(fact.of_all.whole, of)} (95 %: {ends})"


def _few(pieces: tuple[Piece, ...]) -> str:
    """Pieces of too few touches for shares: how many of each."""
    return "".join(
        f'<div class="named"><span>{escape(label(piece.name))}</span>'
        f"<b>{counted(piece.touches, 'touches')}</b></div>"
        for piece in pieces
    )


def _touchpoint(piece: Piece, fact: StageFacts, palette: Palette) -> str:
    """One line of touchpoints."""
    owner = piece.owner if piece.owner != fact.owner else ""
    told = f"{label(piece.name)}: {counted(piece.touches, 'touches')}, {whole_percent(piece.share)}"
    if piece.owner or fact.owner:
        told += f"; owner {piece.owner or fact.owner}"
    return (
        f'<div class="did" title="{escape(told)}"><span>{escape(label(piece.name))}</span>'
        f"<b>{whole_percent(piece.share)}</b>"
        f'<div class="bar"><i style="width:{piece.share:.1%};background:'
        f'{palette.stage(fact.name)}"></i></div>'
        + (f'<div class="fine">{escape(owner)}</div>' if owner else "")
        + "</div>"
    )
