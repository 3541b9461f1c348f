"""The map in sentences: what is drawn, said."""

from collections.abc import Iterable

from journey.analysis.pains.pain import Pain
from journey.present.map.beside import Beside
from journey.present.map.parts import LANES, MapParts, Piece, StageFacts, facts, signed
from journey.present.numbers import THIN, counted, interval, show
from journey.present.words import label, listed

NOUNS = {
    "journeys": "journeys",
    "pains": "people affected",
    "experience": "answers",
    "voices": "comments alike",
    "touchpoints": "touches",
    "channels": "touches",
    "kpis": "cases",
    "story": "",
}
"""Lane to what its cases are."""


def map_in_words(parts: MapParts) -> list[str]:
    """The map as sentences, a paragraph a stage, in plain text.

    >>> map_in_words(MapParts(stages=(("awareness", 200), ("consideration", 130))))
    ['Awareness: 200 journeys. 65\u2009% go on to consideration (58 to 71\u2009%), 70 leave.', \
'Consideration: 130 journeys, 65\u2009% of all.']
    """
    known = facts(parts)
    after = [fact.title.lower() for fact in known[1:]] + [""]
    said = [
        " ".join(_sentences(fact, following, parts))
        for fact, following in zip(known, after, strict=False)
    ]
    for lane, why in parts.failed.items():
        said.append(f"{LANES[lane]}: not shown. {why}")
    return said


def personas_in_words(groups: Iterable[tuple[str, MapParts]]) -> list[str]:
    """Personas beside each other, a sentence or two each."""
    said = []
    for name, parts in groups:
        known = facts(parts)
        whole = known[0].journeys if known else 0
        if whole < max(1, parts.minimum_n):
            said.append(f"{label(name)}: {counted(whole, 'journeys')}, too few to compare.")
            continue
        reached = listed(
            f"{show(fact.of_all.value, 'percent')} {fact.title.lower()}"
            for fact in known[1:]
            if fact.of_all is not None
        )
        text = f"{label(name)}: of {counted(whole, 'journeys')}, {reached}."
        felt = [
            f"{fact.title.lower()} {fact.feeling.words} ({fact.feeling.answers:,})"
            for fact in known
            if fact.feeling is not None and fact.feeling.value is not None
        ]
        said.append(text + (f" It feels: {listed(felt)}." if felt else ""))
    return said


def costliest(parts: MapParts) -> str:
    """What hurts most, in one sentence; empty where nothing is known to."""
    return parts.pains[0].sentence if parts.pains else ""


def pain_money(pain: Pain, currency: str | None) -> str:
    """What a pain costs a month, as in the ledger: its sign says that it is lost. Orders where none
    carries an amount."""
    if pain.a_month is None:
        lost = pain.lost_a_month
        return f"\u2212{counted(lost.value, 'orders')} a month" if lost else "cost not known"
    return f"\u2212{show(pain.a_month.value, 'money', currency)} a month"


def aim_words(fact: StageFacts, parts: MapParts) -> list[str]:
    """How the share stands against each of the other courses."""
    called = {"before": "then", "to_be": "to be"}
    return [
        f"{called.get(beside.kind, beside.title)} {there}"
        for beside, there, _ in _against(fact, parts)
        if there
    ]


def _against(fact: StageFacts, parts: MapParts) -> Iterable[tuple[Beside, str, float | None]]:
    """Each course it is set against, its share in words, and how it feels there."""
    if parts.beside is None:
        return
    values = [(fact.aim, fact.aim_feeling), *fact.also]
    for beside, (share, felt) in zip([parts.beside, *parts.also], values, strict=True):
        if share is None or fact.of_all is None or share == 1:
            yield beside, "", felt
            continue
        there = show(share, "percent")
        if beside.kind == "to_be":
            missing = round(fact.of_all.whole * share) - fact.journeys
            there += f": {missing:,} more" if missing > 0 else ": reached"
        yield beside, there, felt


def feeling_words(fact: StageFacts) -> str:
    """How it feels, and on how many answers that rests."""
    feeling = fact.feeling
    if feeling is None:
        return ""
    if feeling.value is None:
        return f"{counted(feeling.answers, 'answers')}, too few to say how it feels"
    ends = f"{signed(feeling.low)} to {signed(feeling.high)}"
    return (
        f"it feels {feeling.words} from \u22122 to +2 ({ends}, "
        f"{counted(feeling.answers, 'answers')})"
    )


def whole_percent(share: float) -> str:
    """A share among shares, none more exact than its neighbours.

    >>> whole_percent(0.171), whole_percent(0.002)
    ('17\u2009%', 'under 1\u2009%')
    """
    return f"{100 * share:.0f}{THIN}%" if share >= 0.005 else f"under 1{THIN}%"


def lane_words(lane: str, fact: StageFacts, parts: MapParts, following: str = "") -> str:
    """What a cell says, in sentences; empty where it holds nothing. `following` is the stage that
    comes next, in small letters."""
    return " ".join(_SAYINGS[lane](fact, parts, following))


def _sentences(fact: StageFacts, following: str, parts: MapParts) -> Iterable[str]:
    """What there is to say about a stage, lane by lane."""
    for lane in LANES:
        if said := lane_words(lane, fact, parts, following):
            yield said
    if fact.owner:
        yield f"Owner: {fact.owner}."


def _journeys(fact: StageFacts, parts: MapParts, following: str) -> Iterable[str]:
    """How many get here, go on and leave."""
    yield _reached(fact, parts)
    if fact.goes_on is not None:
        share, ends = show(fact.goes_on.value, "percent"), fact.goes_on
        to = f" to {following}" if following else ""
        between = interval(ends.low, ends.high, "percent")
        yield f"{share} go on{to} ({between}), {fact.leaves:,} leave."
    for beside, there, _ in _against(fact, parts):
        if there:
            yield f"{beside.title}: {there}."


def _hurts(fact: StageFacts, parts: MapParts, following: str) -> Iterable[str]:
    """What is lost here."""
    return (pain.sentence for pain in fact.pains)


def _feels(fact: StageFacts, parts: MapParts, following: str) -> Iterable[str]:
    """How it feels."""
    if felt := feeling_words(fact):
        yield f"{felt[0].upper()}{felt[1:]}."
        for beside, _, there in _against(fact, parts):
            if there is not None:
                yield f"{beside.title}: {signed(there)}."


def _speaks(fact: StageFacts, parts: MapParts, following: str) -> Iterable[str]:
    """One voice of so many."""
    if (voice := fact.voice) is not None:
        words = " ".join(voice.comment.split())
        yield (
            f"{voice.alike:,} of {counted(voice.comments, 'comments')} speak of "
            f"{label(voice.theme).lower()} like this: “{words}”."
        )


def _touches(fact: StageFacts, parts: MapParts, following: str) -> Iterable[str]:
    """What happens most, and who answers for it."""
    if fact.touchpoints:
        named = listed(
            f"{label(one.name)} {_share(one, fact, parts)}"
            + (f" ({one.owner})" if one.owner and one.owner != fact.owner else "")
            for one in fact.touchpoints
        )
        yield f"Most touches: {named}, of {fact.touches:,}."


def _comes(fact: StageFacts, parts: MapParts, following: str) -> Iterable[str]:
    """The channels that carry it."""
    if fact.channels:
        named = listed(f"{label(one.name)} {_share(one, fact, parts)}" for one in fact.channels[:3])
        yield f"Touches come through {named}."


def _share(piece: Piece, fact: StageFacts, parts: MapParts) -> str:
    """A piece's share of the stage's touches; its count where those are too few."""
    if fact.touches < parts.minimum_n:
        return counted(piece.touches, "touches")
    return whole_percent(piece.share)


def _measured(fact: StageFacts, parts: MapParts, following: str) -> Iterable[str]:
    """Its numbers against their targets."""
    if fact.worth is not None:
        yield f"A journey that got here brings {show(fact.worth, 'money', parts.currency)}."
    for one in fact.kpis:
        against = f"; {one.reached} ({one.target})" if one.reached else ""
        yield f"{one.title} {one.value} ({one.doubt}){against}."


def _tells(fact: StageFacts, parts: MapParts, following: str) -> Iterable[str]:
    """The story, marked as one."""
    if fact.story and parts.story is not None:
        yield f"Told of {label(parts.story.persona)}, not counted: {' '.join(fact.story.split())}"


_SAYINGS = {
    "journeys": _journeys,
    "pains": _hurts,
    "experience": _feels,
    "voices": _speaks,
    "touchpoints": _touches,
    "channels": _comes,
    "kpis": _measured,
    "story": _tells,
}
"""Lane to what it says."""


def _reached(fact: StageFacts, parts: MapParts) -> str:
    """How many get here, and of what that is a share."""
    share = show(fact.of_all.value, "percent") if fact.of_all else ""
    if fact.buyers is not None:
        of = (
            f"{share} of {counted(fact.buyers, 'buyers')}"
            if share
            else f"of {counted(fact.buyers, 'buyers')}"
        )
        days = f"whose {parts.repeat_days} days have passed"
        return f"{fact.title}, on its own clock: {fact.journeys:,} come back, {of} {days}."
    if not share or (fact.of_all and fact.of_all.value == 1):
        return f"{fact.title}: {counted(fact.journeys, 'journeys')}."
    return f"{fact.title}: {counted(fact.journeys, 'journeys')}, {share} of all."
