"""A page's other periods, worked out before they are asked for.

A reader who opens a page most likely changes its period next. In a running server what a page
asked is asked for every other period too, under the same filters, on a thread beside, so that what
is drawn then comes from the cache. One page is worked on at a time, the latest opened; and none
while a page is being drawn, so that nobody who waits waits longer.
"""

import logging
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Event, Lock, Thread
from time import monotonic, sleep

import duckdb
import streamlit as st

from journey.errors import JourneyError
from journey.metrics.filters import Filters
from journey.metrics.patience import before_each_question
from journey.present import choices
from journey.present.ui.asking import Ask, Frame

log = logging.getLogger("journey")

DRAWING = 1.0
"""So many seconds after a page was begun it is taken to be drawn, where it has not said so."""

PAINTING = 0.5
"""So many seconds more has the browser, which may be on this machine, to put it on the screen."""

LOOKING = 0.02
"""So many seconds pass between looks whether the page is drawn by now."""


@dataclass
class _Ahead:
    """Whether anything is worked out ahead, what is, and what was."""

    on: bool = False
    rests_until: float = 0.0
    wanted: object = None
    work: "_Work | None" = None
    given_up: Event = field(default_factory=Event)
    done: "deque[_Work]" = field(default_factory=lambda: deque(maxlen=500))
    lock: Lock = field(default_factory=Lock)


@dataclass(frozen=True)
class _Work:
    """A page's questions under one choice of the reader's, in all periods."""

    choice: tuple[object, ...]
    asked: frozenset[object]

    def is_part_of(self, other: "_Work | None") -> bool:
        """Whether other work asks all of this, under the same choice."""
        return other is not None and self.choice == other.choice and self.asked <= other.asked


_state = _Ahead()


def allow() -> None:
    """Work ahead from now on: a server does, a test or a single run of a page does not."""
    _state.on = True


def rest(wanted: Filters | None = None) -> None:
    """A page begins to be drawn, of what is `wanted` where that is known: the work ahead rests."""
    _state.rests_until = monotonic() + DRAWING + PAINTING
    _state.wanted = wanted.key() if wanted else None


def work_ahead(page: Frame, name: str, questions: Mapping[object, Ask]) -> None:
    """Begin to put a page's questions to all other periods, once for each snapshot, configuration
    and choice of the reader's; what is told of a question tells it from others of the same page.
    The page is drawn by now, so that the work need not rest for it much longer."""
    if not _state.on:
        return
    _state.rests_until = monotonic() + PAINTING
    comparison = str(st.session_state.get("compare") or next(iter(choices.COMPARISONS)))
    against = st.session_state.get("against")
    where = repr(sorted(page.filters.where.items()))
    choice = (
        *(name, page.engine.snapshot.name, repr(page.config), where),
        *(comparison, against, page.filters.as_of),
    )
    work = _Work(choice, frozenset(questions))
    with _state.lock:
        if any(work.is_part_of(other) for other in (_state.work, *_state.done)):
            return
        _state.given_up.set()
        _state.work, _state.given_up = work, Event()
        asked = list(questions.values())
        given = frames(page, comparison, against), asked, _state.given_up, work
        Thread(target=_work, args=given, daemon=True).start()


def frames(page: Frame, comparison: str, against: str | None = None) -> Iterator[Frame]:
    """The page's frame in every period of the choice that is not the reader's own days: the
    shortest first, since they take the least, so that the most are ready soonest."""
    engine = page.engine
    spans = {choices.span(one, engine.snapshot) for one in choices.PERIODS if one != "custom"}
    for since, until in sorted(spans, key=lambda span: (span[1] - span[0], span)):
        filters = engine.filters(since, until, where=dict(page.filters.where))
        compared = choices.compared(comparison, filters, against)
        yield Frame(engine, page.config, filters, compared)


def _work(
    given: Iterator[Frame],
    questions: Sequence[Ask],
    given_up: Event,
    work: _Work | None = None,
) -> None:
    """All periods. What fails here fails again, in words, for the reader who asks for it. An
    analysis asks several questions and rests before each, unless a page in this very frame is being
    drawn, whose reader may wait for it."""
    try:
        for frame in given:
            for ask in questions:
                if not _rested(given_up):
                    return
                rests = partial(_rest_within, frame.filters.key(), monotonic() + DRAWING + PAINTING)
                before_each_question.set(rests)
                try:
                    ask(frame)
                except JourneyError:
                    continue
    except JourneyError as error:
        log.info("not worked out ahead: %s", error)
    except duckdb.Error as error:  # a newer snapshot has taken this one's place
        log.info("not worked out ahead: %s", error)
        return
    finally:
        before_each_question.set(None)
    if work is not None:
        with _state.lock:
            _state.done.append(work)


def _rested(given_up: Event) -> bool:
    """Wait until no page is being drawn; whether there is still something to do."""
    while _state.rests_until > monotonic():
        if given_up.wait(LOOKING):
            return False
    return not given_up.is_set()


def _rest_within(frame_key: object, at_most_until: float) -> None:
    """Wait until no page is being drawn, or one of this very frame, or so long: somebody may want
    what is being worked out."""
    while frame_key != _state.wanted and min(_state.rests_until, at_most_until) > monotonic():
        sleep(LOOKING)
