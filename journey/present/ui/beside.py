"""A page's questions asked from its end, on a thread beside, while it is drawn from its beginning.

A database answers small questions on one core each, and drawing takes the other. What a page asks
is what it asked when it was last drawn, for whoever: nothing has to be declared, and where that
has changed a question or two are asked for nothing.
"""

from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from threading import Event, Thread

import duckdb
import streamlit as st

from journey.errors import JourneyError
from journey.metrics.filters import Filters
from journey.present.ui.asking import Frame

Question = tuple[str, int]
"""A metric's name, and the place in `Frame.frames` of the filters it was asked under."""

_last: dict[str, Sequence[Question]] = {}
"""Page to what it asked when it was last drawn."""

_drawn: deque[tuple[str, str, list[Filters]]] = deque(maxlen=500)
"""Page, snapshot and frames for which this was done: their answers are known."""


def begin(page: Frame, name: str) -> None:
    """Begin to ask. Whatever the reader's run before this one was still asking is given up."""
    earlier = st.session_state.get("asking_beside")
    if isinstance(earlier, Event):
        earlier.set()
    given_up = st.session_state["asking_beside"] = Event()
    questions = tuple(_last.get(name, ()))
    _last[name] = page.asked
    drawn = name, page.engine.snapshot.name, page.frames
    if questions and drawn not in _drawn:
        _drawn.append(drawn)
        Thread(target=_ask, args=(page, questions, given_up), daemon=True).start()


def _ask(page: Frame, questions: Sequence[Question], given_up: Event) -> None:
    """Ask, the last first. What fails here fails again, in words, where it is shown."""
    beside = Frame(page.engine, page.config, page.filters, page.before)
    for name, place in reversed(questions):
        if given_up.is_set():
            return
        with suppress(JourneyError, duckdb.Error):
            if place < len(beside.frames):
                beside.ask(name, beside.frames[place])
