"""What the journey map shows, asked in a frame: each lane by itself."""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal, TypeVar

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
        """All that the map shows, set against the frame to compare with, against what is planned,
        or against both; where the frame is another group, both include the span before."""
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
        frames = _frames(page, before, before and planned)
        none: list[Beside] = []
        courses = self._lane("journeys", lambda: [_before(page, one) for one in frames], none)
        aims = to_be(config) if planned else None
        known = [*courses, aims] if aims is not None else courses
        beside = known[0] if known else None
        failed = {lane: str(error) for lane, error in self.failed.items()}
        return replace(found, beside=beside, also=tuple(known[1:]), failed=failed)

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
    """Stage, journeys that got there, what they brought; nothing where no amount is known."""
    if page.engine.snapshot.currency is None:
        return ()
    rows = page.ask("overview/stage_value").rows
    return tuple((stage, int(count), float(revenue)) for stage, count, revenue in rows.iter_rows())


def _kpis(page: Frame) -> dict[str, tuple[kpis.Kpi, ...]]:
    """The numbers of each stage."""
    return {
        stage: tuple(
            kpis.kpi(answer, page.config.targets.get(answer.metric.name), page.config.minimum_n)
            for answer in map(page.ask, filter(page.is_measured, names))
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


def several(page: Frame) -> bool:
    """Whether the map can be set against more than one thing at once."""
    return len(_frames(page, True, True)) + (to_be(page.config) is not None) > 1


def _frames(page: Frame, before: bool, more: bool) -> list[Filters]:
    """The frames to compare with: the reader's choice, and beside a group the span before."""
    if page.before is None or not before:
        return []
    earlier = page.filters.before()
    there = earlier.since >= page.engine.snapshot.first_day
    if more and there and versus.is_group(page.filters, page.before):
        return [page.before, earlier]
    return [page.before]


def _before(page: Frame, other: Filters) -> Beside:
    """The same stages in another frame, as shares; none where it is too small."""
    kind: Literal["group", "before"] = "group" if versus.is_group(page.filters, other) else "before"
    title = _span(page.filters, other)
    rows = page.ask("overview/stage_funnel", other).rows
    stages = [(str(name), int(count)) for name, count in rows.iter_rows()]
    whole = stages[0][1] if stages else 0
    if whole < max(1, page.config.minimum_n):
        return Beside(kind, f"{title}, too few journeys to compare")
    reached = {name: count / whole for name, count in stages}
    came_back = loyalty(page, other)
    if came_back and came_back[1] >= page.config.minimum_n:
        reached["loyalty"] = came_back[0] / came_back[1]
    feelings = {
        stage: felt.value
        for stage, felt in _feelings(page, other).items()
        if felt.value is not None
    }
    return Beside(kind, title, reached, whole, feelings)


def _span(filters: Filters, other: Filters) -> str:
    """The days or the group compared with."""
    if versus.is_group(filters, other):
        return versus.name(filters, other)
    return words.period(other.since, other.until)


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
