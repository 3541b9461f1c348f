"""What the journey map is made of, and the same in sentences."""

from collections.abc import Iterable
from dataclasses import dataclass

from journey.metrics import statistics
from journey.present.numbers import MINUS, THIN, show
from journey.present.words import label, listed

TOP = 3
"""The most touchpoints a stage names."""


@dataclass(frozen=True)
class MapParts:
    """The counts behind the map."""

    stages: tuple[tuple[str, int], ...]
    """Stage and the mature journeys that got at least that far, in order, loyalty left out."""
    loyalty: tuple[int, int] | None = None
    """Buyers who ordered again in time, of the buyers whose time for it has passed."""
    experience: tuple[tuple[str, int, float, float], ...] = ()
    """Stage, responses, sum and sum of squares of their scores from -1 to 1."""
    touchpoints: tuple[tuple[str, str, int], ...] = ()
    """Stage, touchpoint, touches; all touchpoints, so that shares are of all touches."""
    revenue: tuple[tuple[str, int, float], ...] = ()
    """Stage, journeys that got there, and what they brought."""
    currency: str | None = None
    minimum_n: int = 30
    repeat_days: int = 90
    voices: tuple[tuple[str, str], ...] = ()
    """Stage and one thing customers said there, masked."""
    pains: tuple[tuple[str, str], ...] = ()
    """Stage and one pain with what it costs, in words."""


@dataclass(frozen=True)
class Feeling:
    """How a stage feels, from -2 to +2, with its 95 % interval."""

    value: float
    low: float
    high: float
    responses: int
    enough: bool
    """Whether the answers are enough to be believed."""

    @property
    def words(self) -> str:
        """`+0.6`, with a true minus."""
        return f"{self.value:+.1f}".replace("-", MINUS).replace(f"{MINUS}0.0", "0.0")


@dataclass(frozen=True)
class StageFacts:
    """One stage of the map."""

    name: str
    title: str
    journeys: int
    of_all: float | None
    """The share of the journeys of the first stage."""
    goes_on: float | None = None
    """The share that reaches the next stage; None for the last one."""
    leaves: int | None = None
    buyers: int | None = None
    """Of loyalty alone: the buyers it is a share of, on their own clock."""
    feeling: Feeling | None = None
    touchpoints: tuple[tuple[str, float], ...] = ()
    """Label and share of the stage's touches, the largest first."""
    worth: float | None = None
    """Revenue for each journey that got here."""
    voice: str = ""
    pain: str = ""


@dataclass(frozen=True)
class StageCard:
    """One stage for a narrow screen, in words ready to be set; empty where nothing is known."""

    title: str
    count: str
    reached: str
    onward: str
    feeling: str
    touchpoints: tuple[tuple[str, float], ...]
    """Label and share, for bars from zero."""
    worth: str
    voice: str
    pain: str


def facts(parts: MapParts) -> list[StageFacts]:
    """The stages in order with all that is known of each, loyalty last."""
    first = parts.stages[0][1] if parts.stages else 0
    result = []
    for place, (name, journeys) in enumerate(parts.stages):
        onward = parts.stages[place + 1][1] if place + 1 < len(parts.stages) else None
        result.append(
            StageFacts(
                name=name,
                title=label(name),
                journeys=journeys,
                of_all=journeys / first if first >= max(1, parts.minimum_n) else None,
                goes_on=onward / journeys
                if onward is not None and journeys >= max(1, parts.minimum_n)
                else None,
                leaves=max(0, journeys - onward) if onward is not None else None,
                feeling=_feeling(parts, name),
                touchpoints=_touchpoints(parts, name),
                worth=_worth(parts, name),
                voice=dict(parts.voices).get(name, ""),
                pain=dict(parts.pains).get(name, ""),
            )
        )
    if parts.loyalty is not None:
        again, buyers = parts.loyalty
        result.append(
            StageFacts(
                name="loyalty",
                title=label("loyalty"),
                journeys=again,
                of_all=again / buyers if buyers >= max(1, parts.minimum_n) else None,
                buyers=buyers,
                feeling=_feeling(parts, "loyalty"),
                touchpoints=_touchpoints(parts, "loyalty"),
                worth=_worth(parts, "loyalty"),
                voice=dict(parts.voices).get("loyalty", ""),
                pain=dict(parts.pains).get("loyalty", ""),
            )
        )
    return result


def map_in_words(parts: MapParts) -> list[str]:
    """The map as sentences, a paragraph a stage, in plain text.

    >>> map_in_words(MapParts(stages=(("awareness", 200), ("consideration", 130))))
    ['Awareness: 200 journeys. 65\u2009% go on to consideration, 70 leave.', \
'Consideration: 130 journeys, 65\u2009% of all.']
    """
    known = facts(parts)
    after = [fact.title.lower() for fact in known[1:]] + [""]
    return [
        " ".join(_sentences(fact, following, parts)) or fact.title
        for fact, following in zip(known, after, strict=False)
    ]


def phone_stage(parts: MapParts, stage: str) -> StageCard:
    """One stage in words, for a screen that shows one at a time. Raises KeyError for a stage the
    map does not have."""
    known = {fact.name: fact for fact in facts(parts)}
    fact = known[stage]
    return StageCard(
        title=fact.title,
        count=f"{fact.journeys:,} {'buyers' if fact.buyers is not None else 'journeys'}",
        reached=reached_words(fact, parts),
        onward=_onward(fact, ""),
        feeling=_feels(fact, parts),
        touchpoints=fact.touchpoints,
        worth=_worth_words(fact, parts),
        voice=fact.voice,
        pain=fact.pain,
    )


def reached_words(fact: StageFacts, parts: MapParts) -> str:
    """What share the stage's count is, and of what."""
    if fact.of_all is None:
        return ""
    if fact.buyers is not None:
        days = f"whose {parts.repeat_days} days have passed"
        return f"{show(fact.of_all, 'percent')} of {fact.buyers:,} buyers {days}"
    return "" if fact.of_all == 1 else f"{show(fact.of_all, 'percent')} of all"


def whole_percent(share: float) -> str:
    """A share among shares, none more exact than its neighbours.

    >>> whole_percent(0.171), whole_percent(0.002)
    ('17\u2009%', 'under 1\u2009%')
    """
    return f"{100 * share:.0f}{THIN}%" if share >= 0.005 else f"under 1{THIN}%"


def _sentences(fact: StageFacts, following: str, parts: MapParts) -> Iterable[str]:
    """What there is to say about a stage."""
    reached = reached_words(fact, parts)
    if fact.buyers is not None:
        yield f"{fact.title}, on its own clock: {fact.journeys:,} come back, {reached}."
    else:
        share = f", {reached}" if reached else ""
        yield f"{fact.title}: {fact.journeys:,} journeys{share}."
    for text in (_onward(fact, following), _feels(fact, parts)):
        if text:
            yield f"{text}."
    if fact.touchpoints:
        named = listed(f"{name} {whole_percent(share)}" for name, share in fact.touchpoints)
        yield f"Most touches: {named}."
    if fact.worth is not None:
        yield f"{_worth_words(fact, parts)}."
    if fact.voice:
        yield f"In their words: “{fact.voice}”."
    if fact.pain:
        yield f"Pain: {fact.pain}."


def _onward(fact: StageFacts, following: str) -> str:
    """How many go on and how many leave."""
    if fact.goes_on is None or fact.leaves is None:
        return ""
    to = f" to {following}" if following else ""
    return f"{show(fact.goes_on, 'percent')} go on{to}, {fact.leaves:,} leave"


def _feels(fact: StageFacts, parts: MapParts) -> str:
    """How it feels, and on how many answers that rests."""
    feeling = fact.feeling
    if feeling is None:
        return ""
    if not feeling.enough:
        return f"{feeling.responses:,} answers: a feeling is shown from {parts.minimum_n}"
    ends = f"{feeling.low:+.1f} to {feeling.high:+.1f}".replace("-", MINUS)
    scale = f"on a scale from {MINUS}2 to +2"
    return f"It feels {feeling.words} {scale} ({ends}, {feeling.responses:,} answers)"


def _worth_words(fact: StageFacts, parts: MapParts) -> str:
    """What a journey that got here brings."""
    if fact.worth is None:
        return ""
    return f"A journey that got here brings {show(fact.worth, 'money', parts.currency)}"


def _feeling(parts: MapParts, stage: str) -> Feeling | None:
    """The mean score of a stage, doubled to the scale that is shown."""
    for name, responses, total, squares in parts.experience:
        if name == stage and responses > 0:
            mean, low, high = statistics.mean_from_sums(total, squares, responses)
            low, high = max(-1.0, low), min(1.0, high)
            return Feeling(2 * mean, 2 * low, 2 * high, responses, responses >= parts.minimum_n)
    return None


def _touchpoints(parts: MapParts, stage: str) -> tuple[tuple[str, float], ...]:
    """The commonest touchpoints of a stage with their shares of its touches."""
    own = [(name, touches) for place, name, touches in parts.touchpoints if place == stage]
    whole = sum(touches for _, touches in own)
    own.sort(key=lambda pair: (-pair[1], pair[0]))
    return tuple((label(name), touches / whole) for name, touches in own[:TOP] if whole)


def _worth(parts: MapParts, stage: str) -> float | None:
    """Revenue for each journey that got to a stage."""
    for name, journeys, revenue in parts.revenue:
        if name == stage and journeys:
            return revenue / journeys
    return None
