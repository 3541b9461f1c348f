"""What a funnel asks, checked: steps, order, window, what is counted and by which entry."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from journey.analysis.funnel.spans import parse_span, span_text
from journey.analysis.funnel.steps import Step, parse_step
from journey.errors import MetricError, suggest

FEWEST, MOST = 2, 10
"""How many steps a funnel may have."""

HELD = {
    "order": "order_id",
    "cart": "cart_id",
    "product": "product_id",
    "session": "session_number",
}
"""What all steps of one try may have to share, and its column in `touches`."""


class Mode(StrEnum):
    """In which order the steps must come."""

    ORDERED = "ordered"
    """One after the other, with anything in between."""
    STRICT = "strict"
    """One right after the other, with nothing in between but what is ignored."""
    ANY = "any"
    """In any sequence, all inside one window."""
    FLEXIBLE = "flexible"
    """The first and then the last; those in the middle may be left out."""


class Count(StrEnum):
    """What is counted; all steps of a try lie within one of them."""

    PEOPLE = "people"
    JOURNEYS = "journeys"
    SESSIONS = "sessions"
    ENTRIES = "entries"


class Entry(StrEnum):
    """Which of several first steps opens the funnel."""

    FIRST = "first"
    BEST = "best"
    """The one that gets furthest; of several, the latest."""
    EVERY = "every"
    """Each counts on its own."""


class OnExclusion(StrEnum):
    """What an excluded touch between two steps does."""

    DROP = "drop_person"
    """Whoever has it is left out of the funnel altogether."""
    STOP = "stop_here"
    """The steps before it count, those after it do not."""


SESSION = "session"
"""As a window: the session of the first step."""

Window = timedelta | str | None
"""How long a try may take: a span, `SESSION`, or no limit."""


@dataclass(frozen=True)
class Exclusion:
    """A touch that must not come between two steps, by default the first and the last."""

    step: Step
    after: int | None = None
    """The step it must not follow, from 1."""
    before: int | None = None

    def __post_init__(self) -> None:
        if self.step.optional or self.step.gap:
            raise MetricError(f"{self.step.text}: an excluded touch has no ? and no gap.")

    @property
    def text(self) -> str:
        """The exclusion as it is written; `parse_exclusion` reads it back."""
        return self.step.text + (f":between={self.after}-{self.before}" if self.after else "")


@dataclass(frozen=True)
class Funnel:
    """One funnel's question, checked. Raises MetricError where the settings contradict."""

    steps: tuple[Step, ...]
    mode: Mode = Mode.ORDERED
    window: Window = None
    count: Count = Count.PEOPLE
    entry: Entry | None = None
    """None is the entry that suits the mode; see `chosen`."""
    hold: tuple[str, ...] = ()
    """What all steps of a try share, by the names in `HELD`."""
    exclusions: tuple[Exclusion, ...] = ()
    on_exclusion: OnExclusion = OnExclusion.DROP
    grace: timedelta = timedelta(0)
    """Touches no further apart than this count as simultaneous: their order does not matter."""
    ignore: tuple[str, ...] = ()
    """Touchpoints that may stand between two steps in strict order."""

    def __post_init__(self) -> None:
        if not FEWEST <= len(self.steps) <= MOST:
            raise MetricError(
                f"A funnel has {FEWEST} to {MOST} steps; this one has {len(self.steps)}. "
                "Add or leave out steps."
            )
        if isinstance(self.window, str) and self.window != SESSION:
            raise MetricError(f"There is no window {self.window!r}. Give a span or {SESSION!r}.")
        if isinstance(self.window, timedelta) and self.window <= timedelta(0):
            raise MetricError("A window of no length lets nobody through. Give a longer one.")
        if self.steps[0].gap:
            raise MetricError("The first step has no step before it. Take its gap away.")
        if self.steps[0].optional or self.steps[-1].optional:
            raise MetricError("The first and the last step cannot be optional. Take the ? away.")
        if self.grace < timedelta(0):
            raise MetricError("A grace cannot be negative. Give a span of 0s or more.")
        self._check_held()
        self._check_mode()
        self._check_exclusions()
        if self.count is Count.ENTRIES and self.entry not in (None, Entry.EVERY):
            raise MetricError(
                f"Entries are counted one by one, so the entry is not {str(self.entry)!r}. Leave "
                "the entry out, or count people."
            )

    @property
    def chosen(self) -> Entry:
        """The entry that counts. Where the first entry alone would say little, because what
        comes right after it is chance or because it fixes one cart or product of many, the best
        is taken unless another was asked for.
        """
        if self.count is Count.ENTRIES:
            return Entry.EVERY
        if self.entry is not None:
            return self.entry
        return Entry.BEST if self.mode in (Mode.STRICT, Mode.ANY) or self.hold else Entry.FIRST

    @property
    def required(self) -> tuple[int, ...]:
        """The places of the steps that must happen, from 0."""
        last = len(self.steps) - 1
        if self.mode is Mode.FLEXIBLE:
            return 0, last
        return tuple(place for place, step in enumerate(self.steps) if not step.optional)

    @property
    def span(self) -> timedelta | None:
        """The window, where it is a span of time."""
        return self.window if isinstance(self.window, timedelta) else None

    @property
    def in_order(self) -> bool:
        """Whether each step comes after the one before, whatever comes in between."""
        return self.mode in (Mode.ORDERED, Mode.FLEXIBLE)

    @property
    def takes_last_entry(self) -> bool:
        """Whether, of entries with no second step between them, the last gets as far as any."""
        plain = not (self.exclusions or self.grace or any(step.gap for step in self.steps))
        return self.in_order and self.chosen is Entry.BEST and plain

    @property
    def in_session(self) -> bool:
        """Whether a try ends with the session of its first step."""
        return self.window == SESSION

    def _check_held(self) -> None:
        """What is held constant is known and said once."""
        for name in self.hold:
            if name not in HELD:
                raise MetricError(
                    f"{name!r} cannot be held constant.{suggest(name, HELD)} "
                    f"Hold {', '.join(HELD)}."
                )
        if len(set(self.hold)) < len(self.hold):
            raise MetricError("Something is held constant twice. Name each once.")

    def _check_mode(self) -> None:
        """Settings that have no meaning in a mode are refused, not passed over."""
        if self.mode is Mode.ANY and any(step.gap for step in self.steps):
            raise MetricError(
                "In any order there is no step before, so a gap has no meaning. Take the gap away "
                "or choose the mode ordered."
            )
        if self.mode is Mode.STRICT and any(step.optional for step in self.steps):
            raise MetricError(
                "In strict order each step follows right after the one before, so none is "
                "optional. Take the ? away or choose the mode ordered."
            )
        if self.mode in (Mode.STRICT, Mode.ANY) and self.grace:
            raise MetricError(
                f"A grace forgives a wrong order, which the mode {self.mode} cannot. Take the "
                "grace away or choose the mode ordered."
            )
        if self.ignore and self.mode is not Mode.STRICT:
            raise MetricError(
                f"In the mode {self.mode} other touches may stand between the steps anyway. Take "
                "away what is ignored or choose the mode strict."
            )

    def _check_exclusions(self) -> None:
        """Exclusions lie between two steps that must happen, in an order."""
        if self.exclusions and self.mode is Mode.ANY:
            raise MetricError(
                "In any order no touch lies between two steps, so nothing can be excluded there. "
                "Take the exclusion away or choose the mode ordered."
            )
        for one in self.exclusions:
            ends = one.after or 1, one.before or len(self.steps)
            for end in ends:
                if end - 1 not in self.required:
                    raise MetricError(
                        f"{one.text}: there is no step {end} that must happen. Exclude between "
                        f"two of {', '.join(str(place + 1) for place in self.required)}."
                    )
            if ends[0] >= ends[1]:
                raise MetricError(
                    f"{one.text}: step {ends[0]} does not come before step {ends[1]}. Give the "
                    "earlier one first."
                )


def parse_window(text: str) -> Window:
    """`30d`, `session`, or nothing for no limit. Raises MetricError."""
    if text in ("", "none"):
        return None
    return SESSION if text == SESSION else parse_span(text)


def window_text(window: Window) -> str:
    """The window as `parse_window` reads it."""
    return span_text(window) if isinstance(window, timedelta) else window or ""


def parse_exclusion(text: str) -> Exclusion:
    """`support_contacted` or `support_contacted:between=1-2`. Raises MetricError."""
    body, found, ends = text.rpartition(":between=")
    if not found:
        return Exclusion(parse_step(text))
    first, dash, last = ends.partition("-")
    if not (dash and first.isdigit() and last.isdigit() and int(first) and int(last)):
        raise MetricError(f"{text!r}: between={ends} is not two steps. Write it as in between=1-2.")
    return Exclusion(parse_step(body), int(first), int(last))
