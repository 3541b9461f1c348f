"""The overview's other periods, worked out before they are asked for.

A reader who opens the overview most likely changes its period next. In a running server the
questions of all periods in the choice, without other filters, are asked once for each snapshot, on
a thread beside, so that what is drawn then comes from the cache.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock, Thread

import duckdb

from journey.errors import JourneyError
from journey.present import choices
from journey.present.ui.asking import Frame
from journey.present.ui.mapparts import Asked
from journey.present.ui.turning import course

log = logging.getLogger("journey")


@dataclass
class _Ahead:
    """Whether anything is worked out ahead, and what was."""

    on: bool = False
    key: tuple[str, str] = ("", "")
    lock: Lock = field(default_factory=Lock)


_state = _Ahead()


def allow() -> None:
    """Work ahead from now on: a server does, a test or a single run of a page does not."""
    _state.on = True


def work_ahead(page: Frame, kpis: Sequence[str], cards: Sequence[str]) -> None:
    """Begin with it, once for each snapshot and configuration: for every period the numbers of
    the `kpis`, the map, and the `cards`."""
    key = page.engine.snapshot.name, repr(page.config)
    with _state.lock:
        if not _state.on or _state.key == key:
            return
        _state.key = key
    Thread(target=_work, args=(page, kpis, cards), daemon=True).start()


def _work(page: Frame, kpis: Sequence[str], cards: Sequence[str]) -> None:
    """All periods, in the order of the choice. What fails here fails again, in words, for the
    reader who asks for it."""
    engine = page.engine
    for period in choices.PERIODS:
        if period == "custom":
            continue
        try:
            filters = engine.filters(*choices.span(period, engine.snapshot))
            compared = choices.compared(next(iter(choices.COMPARISONS)), filters)
            _ask(Frame(engine, page.config, filters, compared), kpis, cards)
        except JourneyError:
            continue
        except duckdb.Error as error:  # a newer snapshot has taken this one's place
            log.info("not worked out ahead: %s", error)
            return


def _ask(frame: Frame, kpis: Sequence[str], cards: Sequence[str]) -> None:
    """What the overview asks in a frame."""
    frame.ask("health/maturity")
    for name in kpis:
        for filters in [frame.filters, *frame.compared()]:
            frame.ask(name, filters)
    Asked(frame, frame.ask("overview/stage_funnel")).parts()
    for name in cards:
        answer = frame.ask(name)
        course(frame.engine, answer, frame.config.minimum_n)
        if frame.before is not None:
            frame.ask(name, frame.before)
