"""What the journey map shows, asked in a frame: each lane by itself."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import streamlit as st

from journey.analysis.experience.curve import Curve
from journey.analysis.map.voices import Voice, voices
from journey.config import STAGES
from journey.errors import JourneyError
from journey.metrics.answer import Answer
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.present import versus, words
from journey.present.map import kpis
from journey.present.map.beside import Beside, to_be
from journey.present.map.parts import Feeling, MapParts, Story
from journey.present.ui.asking import Frame
from journey.present.ui.feelinganswers import curves_of
from journey.present.ui.hurting import pains

Found = TypeVar("Found")


class Asked:
    """The map's parts, each asked by itself: one that fails leaves its lane empty."""

    def __init__(self, page: Frame, funnel: Answer) -> None:
        """`funnel` is the answer of `overview/stage_funnel` in the frame."""
        self.page = page
        self.stages = tuple((str(stage), int(count)) for stage, count in funnel.rows.iter_rows())
        self.failed: dict[str, JourneyError] = {}

    def parts(self, *, before: bool = False, planned: bool = False) -> MapParts:
        """All that the map shows, set against the frame before or against what is planned."""
        page, config = self.page, self.page.config
        snapshot = page.engine.snapshot
        counts: tuple[tuple[str, str, int], ...] = ()
        found = MapParts(
            stages=self.stages,
            loyalty=self._lane("journeys", lambda: loyalty(page, page.filters), None),
            feelings=self._lane("experience", lambda: _feelings(page, page.filters), {}),
            touchpoints=self._lane("touchpoints", lambda: _counts(page, "touchpoints"), counts),
            channels=self._lane("channels", lambda: _counts(page, "channels"), counts),
            revenue=self._lane("kpis", lambda: _revenue(page), ()),
            kpis=self._lane("kpis", lambda: _kpis(page), {}),
            voices=self._lane("voices", lambda: _voices(page), ()),
            pains=self._lane("pains", lambda: pains(page), ()),
            story=_story(page),
            owners=config.map.owners,
            currency=snapshot.currency,
            minimum_n=config.minimum_n,
            repeat_days=snapshot.repeat_window_days,
        )
        beside = None
        if before:
            beside = self._lane("journeys", lambda: _before(page), None)
        elif planned:
            beside = to_be(config)
        failed = {lane: str(error) for lane, error in self.failed.items()}
        return replace(found, beside=beside, failed=failed)

    def _lane(self, lane: str, ask: Callable[[], Found], empty: Found) -> Found:
        """What a lane holds, or nothing and why."""
        try:
            return ask()
        except JourneyError as error:
            self.failed.setdefault(lane, error)
            return empty


def loyalty(page: Frame, filters: Filters) -> tuple[int, int] | None:
    """Buyers who came back, and all whose time for it has passed."""
    rows = page.ask("overview/loyalty_reach", filters).rows
    return (int(rows[0, 1]), int(rows[0, 2])) if rows.height else None


def _counts(page: Frame, what: str) -> tuple[tuple[str, str, int], ...]:
    """Stage, touchpoint or channel, touches."""
    rows = page.ask(f"overview/{what}_by_stage").rows
    return tuple((stage, name, int(count)) for stage, name, count in rows.iter_rows())


def _revenue(page: Frame) -> tuple[tuple[str, int, float], ...]:
    """Stage, journeys that got there, what they brought."""
    rows = page.ask("overview/stage_value").rows
    return tuple((stage, int(count), float(revenue)) for stage, count, revenue in rows.iter_rows())


def _kpis(page: Frame) -> dict[str, tuple[kpis.Kpi, ...]]:
    """The numbers of each stage."""
    return {
        stage: tuple(
            kpis.kpi(answer, page.config.targets.get(answer.metric.name), page.config.minimum_n)
            for answer in map(page.ask, names)
        )
        for stage, names in page.config.map.kpis.items()
    }


def _feelings(page: Frame, filters: Filters) -> dict[str, Feeling]:
    """Stage to how it feels."""
    return felt(curves_of(page, filters)[0])


def felt(curve: Curve) -> dict[str, Feeling]:
    """The stages of a curve."""
    return {
        point.stage: Feeling(point.value, point.low or 0.0, point.high or 0.0, point.answers)
        for point in curve.stages
    }


def _before(page: Frame) -> Beside | None:
    """The same stages in the frame to compare with, as shares; nothing where it is too small."""
    if page.before is None:
        return None
    rows = page.ask("overview/stage_funnel", page.before).rows
    stages = [(str(name), int(count)) for name, count in rows.iter_rows()]
    whole = stages[0][1] if stages else 0
    if whole < max(1, page.config.minimum_n):
        return Beside("before", f"{_span(page)}, too few journeys to compare")
    reached = {name: count / whole for name, count in stages}
    came_back = loyalty(page, page.before)
    if came_back and came_back[1] >= page.config.minimum_n:
        reached["loyalty"] = came_back[0] / came_back[1]
    feelings = {
        stage: felt.value
        for stage, felt in _feelings(page, page.before).items()
        if felt.value is not None
    }
    return Beside("before", _span(page), reached, whole, feelings)


def _span(page: Frame) -> str:
    """The days or the group compared with."""
    if page.before is None:
        return ""
    if versus.is_group(page.filters, page.before):
        return versus.name(page.filters, page.before)
    return words.period(page.before.since, page.before.until)


def _story(page: Frame) -> Story | None:
    """The story of the persona that is chosen, else of the commonest that has one."""
    told = {one.name: one.stages for one in page.config.personas if one.stages}
    chosen = page.filters.where.get("persona", ())
    names = chosen if len(chosen) == 1 else page.engine.segments()["persona"]
    for name in names:
        if name in told:
            return Story(name, {stage: told[name].get(stage, "") for stage in STAGES})
    return None


def _voices(page: Frame) -> tuple[Voice, ...]:
    """What is said at each stage."""
    return _asked_voices(page.filters.key(), page.engine.snapshot.name, page.engine, page.filters)


@st.cache_data(max_entries=200, show_spinner=False)
def _asked_voices(
    key: tuple[object, ...], snapshot: str, _engine: Engine, _filters: Filters
) -> tuple[Voice, ...]:
    """The voices; everything they depend on is in the first two arguments."""
    return voices(_engine, _filters)
