"""A funnel's rule in one sentence, made from its settings so that it cannot disagree."""

from collections.abc import Callable
from datetime import date, timedelta

from journey.analysis.funnel.spans import span_words
from journey.analysis.funnel.spec import Count, Entry, Exclusion, Funnel, Mode, OnExclusion
from journey.analysis.funnel.steps import NUMBERS, Condition, Gap, Step
from journey.metrics.filters import PEOPLE, Filters

_COUNTED = {
    Count.PEOPLE: ("person", "people"),
    Count.JOURNEYS: ("journey", "journeys"),
    Count.SESSIONS: ("session", "sessions"),
    Count.ENTRIES: ("entry", "entries"),
}
_WITHIN = {Count.JOURNEYS: "one journey", Count.SESSIONS: "one session"}


def counted(funnel: Funnel) -> str:
    """What the counts count: people, journeys, sessions or entries."""
    if funnel.chosen is Entry.EVERY:
        return _COUNTED[Count.ENTRIES][1]
    return _COUNTED[funnel.count][1]


Naming = Callable[[str], str]
"""How a touchpoint or stage is called in a sentence."""


def rule(
    funnel: Funnel,
    filters: Filters,
    *,
    mature_only: bool = False,
    naming: Naming = str,
    is_open: bool = False,
) -> str:
    """The whole rule in one sentence: who is counted, when, and what counts as going on; with
    `is_open`, where they may come in at any step."""
    parts = [
        f"{counted(funnel).capitalize()} with {_steps(funnel, naming)}",
        _window(funnel, "the step they come in at" if is_open else "the first"),
        *(["all within " + _WITHIN[funnel.count]] if funnel.count in _WITHIN else []),
        *(["all with the same " + _and(funnel.hold)] if funnel.hold else []),
        *(_gap(number, step.gap) for number, step in enumerate(funnel.steps, 1) if step.gap),
        *(_exclusion(funnel, one, naming) for one in funnel.exclusions),
        *_simultaneous(funnel),
        _open_entry(funnel) if is_open else _entry(funnel, naming),
        *_chosen(filters, naming),
        f"from {_day(filters.since)} to {_day(filters.until - timedelta(days=1))}",
        *(_maturity(funnel) if mature_only else []),
        f"as known at {_day(filters.as_of)}, {filters.as_of:%H:%M} UTC",
    ]
    return ", ".join(parts) + "."


def _day(when: date) -> str:
    """A day as people write it."""
    return f"{when.day} {when:%b %Y}"


def step_words(step: Step, naming: Naming = str) -> str:
    """A step in words: `product_viewed or reviews_read with device mobile`."""
    words = _or([naming(name) for name in step.names])
    if step.conditions:
        words += " with " + _and([_condition(one) for one in step.conditions])
    return words


def _steps(funnel: Funnel, naming: Naming) -> str:
    """The steps and their order."""
    names = [step_words(step, naming) for step in funnel.steps]
    if funnel.mode is Mode.FLEXIBLE:
        middle = f", and possibly {_and(names[1:-1])} in between" if names[1:-1] else ""
        return f"{names[0]} and later {names[-1]}{middle}"
    if funnel.mode is Mode.STRICT:
        between = f" but {_or([naming(name) for name in funnel.ignore])}" if funnel.ignore else ""
        return f"{', right after it '.join(names)} (nothing{between} in between)"
    said = [
        f"possibly {name}" if step.optional else name
        for name, step in zip(names, funnel.steps, strict=True)
    ]
    if funnel.mode is Mode.ANY:
        return f"{_and(said)} in any order, each with a touch of its own"
    return f"{', then '.join(said)} (anything may come in between)"


def _window(funnel: Funnel, beginning: str) -> str:
    """How long a try may take."""
    if funnel.in_session:
        return f"in the session of {beginning}"
    if funnel.span is None:
        return "without a time limit"
    if funnel.mode is Mode.ANY:
        return f"all inside {span_words(funnel.span)}"
    return f"within {span_words(funnel.span)} of {beginning}"


def _entry(funnel: Funnel, naming: Naming) -> str:
    """Which first step opens the funnel, and by which date it counts."""
    first = step_words(funnel.steps[0], naming)
    if funnel.chosen is Entry.EVERY:
        return f"every {first} counted on its own (a later touch may complete several)"
    one = _COUNTED[funnel.count][0]
    if funnel.chosen is Entry.BEST:
        return f"each {one} once by the {first} that gets furthest (of several, the latest)"
    return f"each {one} once by the first {first}"


def _open_entry(funnel: Funnel) -> str:
    """That everyone comes in at whichever step comes first."""
    one = _COUNTED[funnel.count][0]
    return f"each {one} once, coming in at whichever of these steps comes first and going on there"


def _gap(number: int, gap: Gap | None) -> str:
    """A step's gap."""
    least, most = (gap.least, gap.most) if gap else (None, None)
    ends = [f"{word} {span_words(end)}" for word, end in (("at least", least), ("at most", most))
            if end is not None]  # fmt: skip
    return f"step {number} {_and(ends)} after the step before it"


def _exclusion(funnel: Funnel, one: Exclusion, naming: Naming) -> str:
    """What an excluded touch does."""
    between = f"between step {one.after or 1} and step {one.before or len(funnel.steps)}"
    what = step_words(one.step, naming)
    if funnel.on_exclusion is OnExclusion.STOP:
        return f"stopping at any {what} {between}"
    who = "the entry" if funnel.chosen is Entry.EVERY else f"the {_COUNTED[funnel.count][0]}"
    return f"leaving out {who} with any {what} {between}"


def _simultaneous(funnel: Funnel) -> list[str]:
    """The grace."""
    if not funnel.grace:
        return []
    return [f"in whatever order within {span_words(funnel.grace)} of each other"]


def _chosen(filters: Filters, naming: Naming) -> list[str]:
    """Whose journeys the filters leave: those of a choice, and none of another."""
    said = []
    for word, choice in (("only", filters.where), ("not", filters.outside)):
        named = {name: _or([naming(one) for one in values]) for name, values in choice.items()}
        people = named.pop(PEOPLE, "")
        which = [f"{name} {values}" for name, values in named.items()]
        journeys = f"journeys with {_and(which)}" if which else "journeys" if people else ""
        if people:
            journeys += f" of people in segment {people}"
        if journeys:
            said.append(f"{word} {journeys}")
    return said


def _maturity(funnel: Funnel) -> list[str]:
    """Who has had their time."""
    time = span_words(closes_after(funnel) or timedelta(0))
    return [f"only where the {time} {'was' if time.startswith('1 ') else 'were'} over"]


def closes_after(funnel: Funnel) -> timedelta | None:
    """After how long a try has had its time; None where it has no end. A session is taken to be
    over a day after the first step."""
    return timedelta(days=1) if funnel.in_session else funnel.span


def _condition(one: Condition) -> str:
    """A condition in words."""
    if one.name in NUMBERS:
        ends = (("of at least", one.low), ("of at most", one.high))
        return f"{one.name} " + _and([f"{word} {end:,g}" for word, end in ends if end is not None])
    return f"{one.name} {'not ' if one.negated else ''}{_or(one.values)}"


def _and(words: tuple[str, ...] | list[str]) -> str:
    """`a, b and c`."""
    return _listed(words, "and")


def _or(words: tuple[str, ...] | list[str]) -> str:
    """`a, b or c`."""
    return _listed(words, "or")


def _listed(words: tuple[str, ...] | list[str], joint: str) -> str:
    """Words in a row."""
    head, last = ", ".join(words[:-1]), words[-1]
    return f"{head} {joint} {last}" if head else last
