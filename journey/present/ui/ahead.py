"""A page's other periods, worked out before they are asked for.

A reader who opens a page most likely changes its period next. In a running server what a page
asked is asked for every other period too, under the same filters, on a thread beside, so that what
is drawn then comes from the cache. One page is worked on at a time, the latest opened; and none
while a page is being drawn, so that nobody who waits waits longer.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from time import monotonic

import duckdb
import streamlit as st

from journey.errors import JourneyError
from journey.present import choices
from journey.present.ui.asking import Frame

log = logging.getLogger("journey")

Ask = Callable[[Frame], object]
"""A question, put to a frame; its answer is kept where it is asked."""

DRAWING = 1.0
"""So many seconds after a page was begun it is taken to be drawn, where it has not said so."""


@dataclass
class _Ahead:
    """Whether anything is worked out ahead, what is, and what was."""

    on: bool = False
    begun_at: float = 0.0
    work: object = None
    given_up: Event = field(default_factory=Event)
    done: deque[object] = field(default_factory=lambda: deque(maxlen=500))
    lock: Lock = field(default_factory=Lock)


_state = _Ahead()


def allow() -> None:
    """Work ahead from now on: a server does, a test or a single run of a page does not."""
    _state.on = True


def rest() -> None:
    """A page begins to be drawn: the work ahead rests."""
    _state.begun_at = monotonic()


def work_ahead(page: Frame, name: str, questions: Sequence[Ask], said: object) -> None:
    """Begin to put a page's questions to all other periods, once for each snapshot, configuration
    and choice of the reader's; `said` tells the questions from others of the same page. The page is
    drawn by now, so that the work need not rest for it."""
    if not _state.on:
        return
    _state.begun_at = 0.0
    comparison = str(st.session_state.get("compare") or next(iter(choices.COMPARISONS)))
    against = st.session_state.get("against")
    where = repr(sorted(page.filters.where.items()))
    work = (
        *(name, page.engine.snapshot.name, repr(page.config), where),
        *(comparison, against, page.filters.as_of, said),
    )
    with _state.lock:
        if work == _state.work or work in _state.done:
            return
        _state.given_up.set()
        _state.work, _state.given_up = work, Event()
        given = frames(page, comparison, against), questions, _state.given_up, work
        Thread(target=_work, args=given, daemon=True).start()


def frames(page: Frame, comparison: str, against: str | None = None) -> Iterator[Frame]:
    """The page's frame in every period of the choice that is not the reader's own days."""
    engine = page.engine
    for period in choices.PERIODS:
        if period == "custom":
            continue
        since, until = choices.span(period, engine.snapshot)
        filters = engine.filters(since, until, where=dict(page.filters.where))
        compared = choices.compared(comparison, filters, against)
        yield Frame(engine, page.config, filters, compared)


def _work(
    given: Iterator[Frame], questions: Sequence[Ask], given_up: Event, work: object = None
) -> None:
    """All periods, in the order of the choice. What fails here fails again, in words, for the
    reader who asks for it."""
    try:
        for frame in given:
            for ask in questions:
                if not _rested(given_up):
                    return
                try:
                    ask(frame)
                except JourneyError:
                    continue
    except JourneyError as error:
        log.info("not worked out ahead: %s", error)
    except duckdb.Error as error:  # a newer snapshot has taken this one's place
        log.info("not worked out ahead: %s", error)
        return
    with _state.lock:
        _state.done.append(work)


def _rested(given_up: Event) -> bool:
    """Wait until no page is being drawn; whether there is still something to do."""
    while (left := _state.begun_at + DRAWING - monotonic()) > 0:
        if given_up.wait(left):
            return False
    return not given_up.is_set()
