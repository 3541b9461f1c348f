"""What the journey map is made of: counts and answers in, the facts of each stage out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from journey.analysis.map.voices import Voice
from journey.analysis.pains.pain import Pain
from journey.metrics import statistics
from journey.metrics.evidence import grade
from journey.present.map.beside import Beside
from journey.present.map.kpis import Kpi
from journey.present.numbers import MINUS
from journey.present.words import label

TOP = 3
"""The most touchpoints, and the most channels, that a stage names."""

LANES = {
    "journeys": "Journeys",
    "pains": "Pains",
    "experience": "Experience",
    "voices": "In their words",
    "touchpoints": "Touchpoints",
    "channels": "Channels",
    "kpis": "Numbers",
    "story": "Story",
}
"""Lane to its name, in the order they stand."""


@dataclass(frozen=True)
class Feeling:
    """How a stage feels, from -2 to +2, with its 95 % interval."""

    value: float | None
    """None where the answers are too few."""
    low: float
    high: float
    answers: int

    @property
    def words(self) -> str:
        """`+0.6`, with a true minus."""
        return signed(self.value or 0.0)


@dataclass(frozen=True)
class Story:
    """What a persona wants and thinks, stage by stage: told, not counted."""

    persona: str
    stages: Mapping[str, str]
    """Stage to Markdown."""


@dataclass(frozen=True)
class MapParts:
    """What the map shows, lane by lane. A lane that could not be asked is empty and named in
    `failed`."""

    stages: tuple[tuple[str, int], ...]
    """Stage and the mature journeys that got at least that far, in order, loyalty left out."""
    loyalty: tuple[int, int] | None = None
    """Buyers who ordered again in time, of the buyers whose time for it has passed."""
    feelings: Mapping[str, Feeling] = field(default_factory=dict)
    touchpoints: tuple[tuple[str, str, int], ...] = ()
    """Stage, touchpoint, touches; all touchpoints, so that shares are of all touches."""
    channels: tuple[tuple[str, str, int], ...] = ()
    """Stage, channel of the touch, touches; all of them."""
    revenue: tuple[tuple[str, int, float], ...] = ()
    """Stage, journeys that got there, and what they brought."""
    kpis: Mapping[str, tuple[Kpi, ...]] = field(default_factory=dict)
    voices: tuple[Voice, ...] = ()
    pains: tuple[Pain, ...] = ()
    """The costliest first."""
    story: Story | None = None
    owners: Mapping[str, str] = field(default_factory=dict)
    """A touchpoint or a stage to who answers for it."""
    beside: Beside | None = None
    """What the gap is shaded to."""
    also: tuple[Beside, ...] = ()
    """What else it is set against at once."""
    currency: str | None = None
    minimum_n: int = 30
    repeat_days: int = 90
    failed: Mapping[str, str] = field(default_factory=dict)
    """Lane to why it has nothing to show."""


@dataclass(frozen=True)
class Rate:
    """A share with its interval."""

    value: float
    low: float
    high: float
    whole: int


@dataclass(frozen=True)
class Piece:
    """One touchpoint or channel of a stage."""

    name: str
    share: float
    touches: int
    owner: str = ""
    """Who answers for it, where that is not who answers for the stage."""


@dataclass(frozen=True)
class StageFacts:
    """One stage of the map."""

    name: str
    title: str
    journeys: int
    of_all: Rate | None
    """The share of the journeys of the first stage; of loyalty, of the buyers."""
    goes_on: Rate | None = None
    """The share that reaches the next stage; None for the last one."""
    leaves: int | None = None
    buyers: int | None = None
    """Of loyalty alone: the buyers it is a share of, on their own clock."""
    feeling: Feeling | None = None
    touchpoints: tuple[Piece, ...] = ()
    channels: tuple[Piece, ...] = ()
    """All of them, the commonest first."""
    touches: int = 0
    worth: float | None = None
    """Revenue for each journey that got here; None below the minimum."""
    kpis: tuple[Kpi, ...] = ()
    voice: Voice | None = None
    pains: tuple[Pain, ...] = ()
    story: str = ""
    owner: str = ""
    aim: float | None = None
    """The share of all that `beside` says."""
    aim_feeling: float | None = None
    also: tuple[tuple[float | None, float | None], ...] = ()
    """The same two of each of `MapParts.also`."""

    def grade(self, lane: str) -> str:
        """How much a cell rests on, as a letter of `journey.metrics.evidence`."""
        return grade(self.cases(lane))

    def cases(self, lane: str) -> int:
        """How many cases a cell rests on; 0 where it is empty or rests on none, as a story."""
        if lane == "journeys":
            return self.buyers if self.buyers is not None else self.journeys
        if lane == "experience":
            return self.feeling.answers if self.feeling else 0
        if lane in ("touchpoints", "channels"):
            return self.touches if getattr(self, lane) else 0
        if lane == "voices":
            return self.voice.alike if self.voice else 0
        if lane == "pains":
            return self.pains[0].affected if self.pains else 0
        if lane == "kpis":
            return min((kpi.cases for kpi in self.kpis), default=0)
        return 0


def facts(parts: MapParts) -> list[StageFacts]:
    """The stages in order with all that is known of each, loyalty last."""
    first = parts.stages[0][1] if parts.stages else 0
    found = []
    for place, (name, journeys) in enumerate(parts.stages):
        onward = parts.stages[place + 1][1] if place + 1 < len(parts.stages) else None
        leaves = max(0, journeys - onward) if onward is not None else None
        goes_on = _rate(onward, journeys, parts) if onward is not None else None
        found.append(_stage(parts, name, journeys, first, goes_on, leaves))
    if parts.loyalty is not None:
        again, buyers = parts.loyalty
        found.append(_stage(parts, "loyalty", again, buyers, buyers=buyers))
    return found


def signed(value: float) -> str:
    """An index with its sign.

    >>> signed(0.61), signed(-0.02), signed(-1)
    ('+0.6', '0.0', '\u22121.0')
    """
    text = f"{value:+.1f}"
    return "0.0" if text in ("+0.0", "-0.0") else text.replace("-", MINUS)


def _stage(
    parts: MapParts,
    name: str,
    journeys: int,
    whole: int,
    goes_on: Rate | None = None,
    leaves: int | None = None,
    buyers: int | None = None,
) -> StageFacts:
    """A stage with all that is known of it."""
    touches = sum(count for stage, _, count in parts.touchpoints if stage == name)
    touches = touches or sum(count for stage, _, count in parts.channels if stage == name)
    beside = parts.beside
    return StageFacts(
        name=name,
        title=label(name),
        journeys=journeys,
        of_all=_rate(journeys, whole, parts),
        goes_on=goes_on,
        leaves=leaves,
        buyers=buyers,
        feeling=parts.feelings.get(name),
        touchpoints=_pieces(parts.touchpoints, name, parts.owners)[:TOP],
        channels=_pieces(parts.channels, name),
        touches=touches,
        worth=_worth(parts, name),
        kpis=parts.kpis.get(name, ()),
        voice=next((voice for voice in parts.voices if voice.stage == name), None),
        pains=tuple(pain for pain in parts.pains if pain.stage == name),
        story=parts.story.stages.get(name, "") if parts.story else "",
        owner=parts.owners.get(name, ""),
        aim=beside.reached.get(name) if beside else None,
        aim_feeling=beside.feelings.get(name) if beside else None,
        also=tuple((one.reached.get(name), one.feelings.get(name)) for one in parts.also),
    )


def _rate(part: int, whole: int, parts: MapParts) -> Rate | None:
    """A share, where its whole is large enough."""
    if whole < max(1, parts.minimum_n) or part > whole:
        return None
    return Rate(part / whole, *statistics.wilson(part, whole), whole)


def _pieces(
    counts: tuple[tuple[str, str, int], ...], stage: str, owners: Mapping[str, str] | None = None
) -> tuple[Piece, ...]:
    """The touchpoints or channels of a stage with their shares, the commonest first."""
    own = [(name, touches) for place, name, touches in counts if place == stage and touches > 0]
    whole = sum(touches for _, touches in own)
    own.sort(key=lambda pair: (-pair[1], pair[0] or ""))
    known = owners or {}
    return tuple(
        Piece(name or "", touches / whole, touches, known.get(name, "")) for name, touches in own
    )


def _worth(parts: MapParts, stage: str) -> float | None:
    """Revenue for each journey that got to a stage."""
    for name, journeys, revenue in parts.revenue:
        if name == stage and journeys >= max(1, parts.minimum_n):
            return revenue / journeys
    return None
