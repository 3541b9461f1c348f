"""The card of the journey map: what it is set against, the drawing, a stage opened, its words."""

from dataclasses import replace
from typing import TypeVar

import streamlit as st

from journey.errors import JourneyError
from journey.present import feet, kpi, versus, words
from journey.present.map import Apart, apart, drawing, map_in_words, personas_in_words
from journey.present.map.beside import to_be
from journey.present.map.drawing import lead
from journey.present.map.parts import LANES, MapParts, facts
from journey.present.map.personas import MOST
from journey.present.planned import plan_in_words
from journey.present.ui.card import problem
from journey.present.ui.feelinganswers import curves_of
from journey.present.ui.links import link
from journey.present.ui.mapparts import Asked, felt, loyalty, several
from journey.present.ui.page import Page
from journey.present.ui.personas import plan_of
from journey.present.ui.shell import colours
from journey.present.ui.stage import opened_stage

_AS_IS, _BEFORE, _TO_BE, _ALL, _PERSONAS = "is", "before", "to_be", "all", "personas"

Found = TypeVar("Found")


def journey_map(page: Page) -> None:
    """The journey map, all stages at once, or one a screen where the page is narrow."""
    with st.container(border=True, key="card_map", gap="xxsmall"):
        try:
            funnel = page.ask("overview/stage_funnel")
        except JourneyError as error:
            problem("The journey map", error)
            return
        asked = Asked(page, funnel)
        if not asked.stages or not asked.stages[0][1]:
            st.html(kpi.head("The journey map", "How many get through each stage"))
            st.html(kpi.foot(feet.nothing(funnel)))
            return
        heading, view = _heading(page)
        opened = None
        if view == _PERSONAS:
            heading.html(kpi.head("The journey map", "How personas differ, stage by stage"))
            _beside_each_other(page)
        else:
            page.later["map"] = lambda other: Asked(
                other, other.ask("overview/stage_funnel")
            ).parts()
            parts = asked.parts(before=view in (_BEFORE, _ALL), planned=view in (_TO_BE, _ALL))
            heading.html(kpi.head("The journey map", lead(parts)))
            opened = _stages(parts)
            st.html(drawing(parts, colours(), link, opened))
            for lane, failure in asked.failed.items():
                problem(LANES[lane], failure)
            _in_words([*map_in_words(parts), *_plan(page)])
    if opened:
        opened_stage(page, opened, parts)


def _heading(page: Page) -> tuple[st.delta_generator.DeltaGenerator, str]:
    """The place of title and question, and beside it what the map is set against."""
    choices = {_AS_IS: "As it is"}
    if page.before is not None:
        choices[_BEFORE] = _called(page)
    if to_be(page.config) is not None:
        choices[_TO_BE] = "To be"
    if several(page):
        choices[_ALL] = "All at once"
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
            loyalty=loyalty(page, own),
            feelings=felt(curve),
            minimum_n=page.config.minimum_n,
            repeat_days=page.engine.snapshot.repeat_window_days,
        )
        groups.append(Apart(name, parts))
    return groups


def _in_words(said: list[str]) -> None:
    """The map as text."""
    with st.expander("The map in words", key="map_words"):
        st.markdown("  \n".join(words.escape_markdown(line) for line in said))


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
