"""Funnels worked out by hand: plain loops over each one's touches, written from definitions.md.

It shares nothing with the product but the definitions and the settings it is given.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise, product

from tests.oracle import Oracle, Question, Touch

SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class HandStep:
    """Touchpoints and what they must carry; ends of the gap to the step before."""

    names: frozenset[str]
    carries: dict[str, tuple[frozenset[str], bool]] = field(default_factory=dict)
    """Attribute to values and whether it must have one of them, or must not."""
    revenue: tuple[float | None, float | None] | None = None
    optional: bool = False
    least: timedelta | None = None
    most: timedelta | None = None

    def takes(self, touch: Touch) -> bool:
        """Whether the touch counts as this step."""
        if touch.touchpoint not in self.names:
            return False
        for name, (values, wanted) in self.carries.items():
            if (getattr(touch, name) in values) != wanted:
                return False
        if self.revenue is not None:
            low, high = self.revenue
            if touch.revenue is None:
                return False
            if (low is not None and touch.revenue < low) or (
                high is not None and touch.revenue > high
            ):
                return False
        return True


@dataclass(frozen=True)
class HandFunnel:
    """The settings, in plain values."""

    steps: list[HandStep]
    mode: str
    window: timedelta | str | None
    count: str
    entry: str
    hold: list[str]
    exclusions: list[tuple[HandStep, int, int]]
    """What, after which step, before which step, from 0."""
    drops: bool
    grace: timedelta
    ignore: frozenset[str]

    @property
    def required(self) -> list[int]:
        """The steps that must happen."""
        last = len(self.steps) - 1
        if self.mode == "flexible":
            return [0, last]
        return [n for n, step in enumerate(self.steps) if not step.optional]


Try = list[Touch | None]


def tries(oracle: Oracle, funnel: HandFunnel, asked: Question, entered_by: datetime) -> list[Try]:
    """The try of each that is counted."""
    kept: list[Try] = []
    for touches in _units(oracle, funnel, asked):
        found: list[tuple[Try, bool]] = []
        for opening in touches:
            day = oracle.day(opening.at)
            if not funnel.steps[0].takes(opening) or not asked.since <= day < asked.until:
                continue
            if opening.at > entered_by or not all(getattr(opening, name) for name in _ids(funnel)):
                continue
            found.append(_follow(oracle, funnel, touches, opening, asked.as_of))
            if funnel.entry == "first":
                break
        kept += _chosen(funnel, found)
    return kept


def joined(
    oracle: Oracle, funnel: HandFunnel, asked: Question, entered_by: datetime
) -> tuple[list[int], list[int]]:
    """With open entry: how many come in at each step, and how many come on to it. Each comes in
    at the earliest touch of any step and goes on as in the funnel that begins there."""
    entered, came = [0] * len(funnel.steps), [0] * len(funnel.steps)
    for touches in _units(oracle, funnel, asked):
        for opening in touches:
            places = [n for n, step in enumerate(funnel.steps) if step.takes(opening)]
            if not places or not asked.since <= oracle.day(opening.at) < asked.until:
                continue
            if opening.at > entered_by or not all(getattr(opening, name) for name in _ids(funnel)):
                continue
            first, *later = funnel.steps[places[0] :]
            rest = replace(funnel, steps=[replace(first, least=None, most=None), *later])
            found, _ = _follow(oracle, rest, touches, opening, asked.as_of)
            entered[places[0]] += 1
            for n, touch in enumerate(found[1:], places[0] + 1):
                came[n] += touch is not None
            break
    return entered, came


def _chosen(funnel: HandFunnel, found: list[tuple[Try, bool]]) -> list[Try]:
    """The first, the best or every try, without those that are out."""
    if not found:
        return []
    if funnel.entry == "best":
        if any(out for _, out in found):
            return []
        reach = [sum(one[n] is not None for n in funnel.required) for one, _ in found]
        return [one for (one, _), far in zip(found, reach, strict=True) if far == max(reach)][-1:]
    return [one for one, out in found if not out]


def _ids(funnel: HandFunnel) -> list[str]:
    """The attributes that all steps share; a session everything has."""
    return [f"{name}_id" for name in funnel.hold if name != "session"]


def _units(oracle: Oracle, funnel: HandFunnel, asked: Question) -> Iterator[list[Touch]]:
    """The touches of each person, journey or session, in order."""
    units: dict[object, list[Touch]] = defaultdict(list)
    for touch in oracle.touches:
        journey = oracle.journey_of[touch.event_id]
        if touch.at > asked.as_of or not asked.chosen(journey):
            continue
        if funnel.count == "journeys":
            if not journey.is_orphan:
                units[id(journey)].append(touch)
        elif funnel.count == "sessions":
            units[touch.person, oracle.session_of[touch.event_id]].append(touch)
        else:
            units[touch.person].append(touch)
    for touches in units.values():
        yield sorted(touches, key=lambda touch: touch.place)


def _follow(
    oracle: Oracle, funnel: HandFunnel, unit: list[Touch], opening: Touch, as_of: datetime
) -> tuple[Try, bool]:
    """The try that begins with a touch, and whether an excluded touch puts it out."""
    session = oracle.session_of[opening.event_id]
    in_session = funnel.window == "session"
    scope = [
        touch for touch in unit if not in_session or oracle.session_of[touch.event_id] == session
    ]

    def together(touch: Touch) -> bool:
        held = all(getattr(touch, name) == getattr(opening, name) for name in _ids(funnel))
        same = "session" not in funnel.hold or oracle.session_of[touch.event_id] == session
        return held and same

    group = [touch for touch in scope if together(touch)]
    if funnel.mode == "any":
        return _any(funnel, group, opening), False
    found: Try = [None] * len(funnel.steps)
    found[0] = opening
    if funnel.mode == "strict":
        sequence = [touch for touch in unit if touch.touchpoint not in funnel.ignore
                    or any(step.takes(touch) for step in funnel.steps)]  # fmt: skip
        place = sequence.index(opening)
        for n in range(1, len(funnel.steps)):
            place += 1
            if place >= len(sequence):
                break
            touch = sequence[place]
            if touch not in group or not _fits(funnel, n, touch, found[n - 1], opening):
                break
            found[n] = touch
    else:
        _ordered(funnel, group, found)
    return _excluded(funnel, scope, found)


def _ordered(funnel: HandFunnel, group: list[Touch], found: Try) -> None:
    """Fill in the steps in order; what is optional lies between the two around it."""
    required = funnel.required
    latest = found[0].at  # type: ignore[union-attr]
    for before, after in pairwise(required):
        if found[before] is None:
            break
        between = {
            n: _next(funnel, group, found, n, before, latest) for n in range(before + 1, after)
        }
        next_ = _next(funnel, group, found, after, before, latest)
        for n, touch in between.items():
            if touch is not None and next_ is not None:
                if funnel.grace:
                    late = touch is next_ or touch.at > next_.at + funnel.grace
                else:
                    late = touch.place >= next_.place
                found[n] = None if late else touch
            else:
                found[n] = touch
        found[after] = next_
        latest = max(latest, next_.at) if next_ else latest


def _next(
    funnel: HandFunnel, group: list[Touch], found: Try, n: int, before: int, latest: datetime
) -> Touch | None:
    """The earliest touch of a step after the step before; None where it comes too late."""
    step, previous, opening = funnel.steps[n], found[before], found[0]
    assert previous is not None
    assert opening is not None
    used = [found[m] for m in funnel.required if m <= before]
    for touch in group:
        if not step.takes(touch) or touch in used:
            continue
        if funnel.grace:
            if touch.at < latest - funnel.grace:
                continue
        elif touch.place <= previous.place:
            continue
        if step.least is not None and touch.at < previous.at + step.least:
            continue
        return touch if _in_time(funnel, n, touch, previous, opening) else None
    return None


def _fits(funnel: HandFunnel, n: int, touch: Touch, previous: Touch | None, opening: Touch) -> bool:
    """Whether the very next touch is the step."""
    assert previous is not None
    step = funnel.steps[n]
    if not step.takes(touch):
        return False
    if step.least is not None and touch.at < previous.at + step.least:
        return False
    return _in_time(funnel, n, touch, previous, opening)


def _in_time(funnel: HandFunnel, n: int, touch: Touch, previous: Touch, opening: Touch) -> bool:
    """Within the window and the longest gap."""
    most = funnel.steps[n].most
    if most is not None and touch.at > previous.at + most:
        return False
    return not isinstance(funnel.window, timedelta) or touch.at <= opening.at + funnel.window


def _excluded(funnel: HandFunnel, scope: list[Touch], found: Try) -> tuple[Try, bool]:
    """Put the try out, or cut it, at an excluded touch."""
    opening = found[0]
    assert opening is not None
    cuts = []
    for step, after, before in funnel.exclusions:
        start, end = found[after], found[before]
        if start is None:
            continue
        for touch in scope:
            in_window = (
                not isinstance(funnel.window, timedelta)
                or touch.at <= opening.at + funnel.window
            )  # fmt: skip
            if (
                step.takes(touch)
                and touch.place > start.place
                and (end is None or touch.place < end.place)
                and in_window
            ):
                cuts.append(touch.place)
                break
    if not cuts:
        return found, False
    if funnel.drops:
        return found, True
    cut = min(cuts)
    return [touch if touch is not None and touch.place <= cut else None for touch in found], False


def _any(funnel: HandFunnel, group: list[Touch], opening: Touch) -> Try:
    """Which steps fit into one window that holds the opening, each with its own touch."""
    found: Try = [None] * len(funnel.steps)
    found[0] = opening
    windows = []
    if isinstance(funnel.window, timedelta):
        for start in group:
            if start.at <= opening.at <= start.at + funnel.window:
                windows.append([t for t in group if start.at <= t.at <= start.at + funnel.window])
    else:
        windows.append(group)
    for n in range(1, len(funnel.steps)):
        needed = [m for m in funnel.required if m < n] + [n]
        for touches in windows:
            choices = [[t for t in touches if funnel.steps[m].takes(t)] for m in needed]
            if any(len({id(t) for t in pick}) == len(pick) for pick in product(*choices)):
                found[n] = touches[0]
                break
    return found
