"""The card of the journey map: what it is set against, the drawing, a stage opened, its words."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import streamlit as st

from journey.analysis.experience.curve import Curve
from journey.analysis.map.voices import Voice, voices
from journey.config import STAGES
from journey.errors import JourneyError
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.present import kpi, versus, words
from journey.present.map import Apart, apart, drawing, kpis, map_in_words, personas_in_words
from journey.present.map.beside import Beside, to_be
from journey.present.map.drawing import lead
from journey.present.map.parts import LANES, Feeling, MapParts, Story, facts
from journey.present.map.personas import MOST
from journey.present.planned import plan_in_words
from journey.present.ui.card import problem
from journey.present.ui.experience import curves_of
from journey.present.ui.hurting import pains
from journey.present.ui.links import link
from journey.present.ui.page import Page
from journey.present.ui.personas import plan_of
from journey.present.ui.shell import colours
from journey.present.ui.stage import opened_stage

_AS_IS, _BEFORE, _TO_BE, _PERSONAS = "is", "before", "to_be", "personas"

Found = TypeVar("Found")


def journey_map(page: Page) -> None:
    """The journey map, all stages at once, or one a screen where the page is narrow."""
    with st.container(border=True, key="card_map", gap="xxsmall"):
        try:
            funnel = page.ask("overview/stage_funnel")
        except JourneyError as error:
            problem("The journey map", error)
            return
        stages = tuple((str(stage), int(count)) for stage, count in funnel.rows.iter_rows())
        if not stages or not stages[0][1]:
            st.html(kpi.head("The journey map", "How many get through each stage"))
            st.html(kpi.foot("No mature journeys in this period. Widen the period or filters."))
            return
        asked = _Asked(page, stages)
        heading, view = _heading(page)
        opened = None
        if view == _PERSONAS:
            heading.html(kpi.head("The journey map", "How personas differ, stage by stage"))
            _beside_each_other(page)
        else:
            parts = asked.parts(view)
            heading.html(kpi.head("The journey map", lead(parts)))
            opened = _stages(parts)
            st.html(drawing(parts, colours(), link, opened))
            for lane, failure in asked.failed.items():
                problem(LANES[lane], failure)
            _in_words([*map_in_words(parts), *_plan(page)])
    if opened:
        opened_stage(page, opened, parts)


class _Asked:
    """The map's parts, each asked by itself: one that fails leaves its lane empty."""

    def __init__(self, page: Page, stages: tuple[tuple[str, int], ...]) -> None:
        self.page, self.stages = page, stages
        self.failed: dict[str, JourneyError] = {}

    def parts(self, view: str) -> MapParts:
        """All that the map shows, with what it is set against."""
        page, config = self.page, self.page.config
        snapshot = page.engine.snapshot
        counts: tuple[tuple[str, str, int], ...] = ()
        found = MapParts(
            stages=self.stages,
            loyalty=self._lane("journeys", lambda: _loyalty(page, page.filters), None),
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
        if view == _BEFORE:
            beside = self._lane("journeys", lambda: _before(page), None)
        elif view == _TO_BE:
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


def _heading(page: Page) -> tuple[st.delta_generator.DeltaGenerator, str]:
    """The place of title and question, and beside it what the map is set against."""
    choices = {_AS_IS: "As it is"}
    if page.before is not None:
        choices[_BEFORE] = _called(page)
    if to_be(page.config) is not None:
        choices[_TO_BE] = "To be"
    if len(page.engine.segments()["persona"]) > 1:
        choices[_PERSONAS] = "Personas"
    with st.container(
        horizontal=True, horizontal_alignment="distribute", key="map_heading", gap="small"
    ):
        heading = st.container(key="map_title", width="content")
        if len(choices) == 1:
            return heading, _AS_IS
        view = st.segmented_control(
            "The map set against",
            list(choices),
            default=_AS_IS,
            required=True,
            format_func=choices.__getitem__,
            key="map",
            bind="query-params",
            label_visibility="collapsed",
        )
    return heading, str(view or _AS_IS)


def _called(page: Page) -> str:
    """What the page compares with, in a word or two."""
    if page.before is None:
        return ""
    if versus.is_group(page.filters, page.before):
        return f"Against {versus.name(page.filters, page.before)}"
    if page.before.until == page.filters.since:
        return "Against the span before"
    return "Against 52 weeks earlier"


def _stages(parts: MapParts) -> str | None:
    """The names of the stages above their columns; the one chosen is opened under the map."""
    titles = {fact.name: fact.title for fact in facts(parts)}
    chosen = st.segmented_control(
        "Open a stage",
        list(titles),
        format_func=titles.__getitem__,
        key="map_stage",
        bind="query-params",
        label_visibility="collapsed",
        width="stretch",
    )
    return str(chosen) if chosen else None


def _beside_each_other(page: Page) -> None:
    """Up to five personas, the commonest first unless the reader chose."""
    known = page.engine.segments()["persona"]
    only = page.filters.where.get("persona", ())
    offered = [name for name in known if not only or name in only]
    names = words.labels(offered)
    chosen = st.multiselect(
        "Personas",
        offered,
        default=offered[:MOST],
        format_func=names.__getitem__,
        key="map_personas",
        max_selections=MOST,
        bind="query-params",
        label_visibility="collapsed",
        placeholder="Choose up to five personas",
    )
    if not chosen:
        st.html(kpi.foot("Choose up to five personas."))
        return
    try:
        groups = _personas(page, tuple(chosen))
    except JourneyError as error:
        problem("Personas", error)
        return
    st.html(apart(groups, colours()))
    _in_words(personas_in_words((group.name, group.parts) for group in groups))


def _personas(page: Page, chosen: tuple[str, ...]) -> list[Apart]:
    """The river and the curve of each."""
    curves = curves_of(page, page.filters, chosen)
    groups = []
    for name, curve in zip(chosen, curves, strict=True):
        own = replace(page.filters, where={**page.filters.where, "persona": (name,)})
        stages = page.ask("overview/stage_funnel", own).rows.iter_rows()
        parts = MapParts(
            stages=tuple((str(stage), int(count)) for stage, count in stages),
            loyalty=_loyalty(page, own),
            feelings=_felt(curve),
            minimum_n=page.config.minimum_n,
            repeat_days=page.engine.snapshot.repeat_window_days,
        )
        groups.append(Apart(name, parts))
    return groups


def _in_words(said: list[str]) -> None:
    """The map as text."""
    with st.expander("The map in words", key="map_words"):
        st.markdown("  \n".join(words.escape_markdown(line) for line in said))


def _loyalty(page: Page, filters: Filters) -> tuple[int, int] | None:
    """Buyers who came back, and all whose time for it has passed."""
    rows = page.ask("overview/loyalty_reach", filters).rows
    return (int(rows[0, 1]), int(rows[0, 2])) if rows.height else None


def _counts(page: Page, what: str) -> tuple[tuple[str, str, int], ...]:
    """Stage, touchpoint or channel, touches."""
    rows = page.ask(f"overview/{what}_by_stage").rows
    return tuple((stage, name, int(count)) for stage, name, count in rows.iter_rows())


def _plan(page: Page) -> list[str]:
    """Of the one persona that is chosen, its plan against what is done; nothing else."""
    chosen = page.filters.where.get("persona", ())
    known = {one.name for one in page.config.personas if one.touchpoints}
    if len(chosen) != 1 or chosen[0] not in known:
        return []
    try:
        found = plan_of(page, chosen[0])
    except JourneyError as error:
        return [f"Planned against actual: not shown. {error}"]
    return [" ".join(plan_in_words(found, page.config.minimum_n))]


def _revenue(page: Page) -> tuple[tuple[str, int, float], ...]:
    """Stage, journeys that got there, what they brought."""
    rows = page.ask("overview/stage_value").rows
    return tuple((stage, int(count), float(revenue)) for stage, count, revenue in rows.iter_rows())


def _kpis(page: Page) -> dict[str, tuple[kpis.Kpi, ...]]:
    """The numbers of each stage."""
    return {
        stage: tuple(
            kpis.kpi(answer, page.config.targets.get(answer.metric.name), page.config.minimum_n)
            for answer in map(page.ask, names)
        )
        for stage, names in page.config.map.kpis.items()
    }


def _feelings(page: Page, filters: Filters) -> dict[str, Feeling]:
    """Stage to how it feels."""
    return _felt(curves_of(page, filters)[0])


def _felt(curve: Curve) -> dict[str, Feeling]:
    """The stages of a curve."""
    return {
        point.stage: Feeling(point.value, point.low or 0.0, point.high or 0.0, point.answers)
        for point in curve.stages
    }


def _before(page: Page) -> Beside | None:
    """The same stages in the frame to compare with, as shares; nothing where it is too small."""
    if page.before is None:
        return None
    rows = page.ask("overview/stage_funnel", page.before).rows
    stages = [(str(name), int(count)) for name, count in rows.iter_rows()]
    whole = stages[0][1] if stages else 0
    if whole < max(1, page.config.minimum_n):
        return Beside("before", f"{_span(page)}, too few journeys to compare")
    reached = {name: count / whole for name, count in stages}
    loyalty = _loyalty(page, page.before)
    if loyalty and loyalty[1] >= page.config.minimum_n:
        reached["loyalty"] = loyalty[0] / loyalty[1]
    feelings = {
        stage: felt.value
        for stage, felt in _feelings(page, page.before).items()
        if felt.value is not None
    }
    return Beside("before", _span(page), reached, whole, feelings)


def _span(page: Page) -> str:
    """The days or the group compared with."""
    if page.before is None:
        return ""
    if versus.is_group(page.filters, page.before):
        return versus.name(page.filters, page.before)
    return words.period(page.before.since, page.before.until)


def _story(page: Page) -> Story | None:
    """The story of the persona that is chosen, else of the commonest that has one."""
    told = {one.name: one.stages for one in page.config.personas if one.stages}
    chosen = page.filters.where.get("persona", ())
    names = chosen if len(chosen) == 1 else page.engine.segments()["persona"]
    for name in names:
        if name in told:
            return Story(name, {stage: told[name].get(stage, "") for stage in STAGES})
    return None


def _voices(page: Page) -> tuple[Voice, ...]:
    """What is said at each stage."""
    return _asked_voices(page.filters.key(), page.engine.snapshot.name, page.engine, page.filters)


@st.cache_data(max_entries=200, show_spinner=False)
def _asked_voices(
    key: tuple[object, ...], snapshot: str, _engine: Engine, _filters: Filters
) -> tuple[Voice, ...]:
    """The voices; everything they depend on is in the first two arguments."""
    return voices(_engine, _filters)
