"""A stage of the map, opened: each lane in full, with what stands behind it and where it is
explained."""

from dataclasses import replace
from html import escape

import polars as pl
import streamlit as st

from journey.analysis.experience import curve
from journey.analysis.map import voices
from journey.errors import JourneyError
from journey.metrics import statistics
from journey.metrics.answer import Answer
from journey.present import kpi, words
from journey.present.map.parts import LANES, MapParts, StageFacts, facts
from journey.present.map.told import lane_words
from journey.present.numbers import interval, show
from journey.present.ui.card import Behind, menu, trouble
from journey.present.ui.feelinganswers import curves_of
from journey.present.ui.links import link
from journey.present.ui.page import Page

_EXPLAINED = {
    "journeys": ("funnel", "Funnel"),
    "pains": ("pains", "What hurts"),
    "experience": ("satisfaction", "Satisfaction"),
    "voices": ("feedback", "Feedback"),
    "channels": ("channels", "Channels"),
    "story": ("personas", "Personas"),
}
"""Lane to the page that explains it, and its name; other lanes lead to the stage's own page."""

_PAGES = {
    "awareness": "awareness",
    "consideration": "consideration",
    "decision": "decision",
    "purchase": "decision",
    "post_purchase": "post_purchase",
    "loyalty": "loyalty",
}
"""Stage to its page."""


_METRICS = {
    "journeys": ("overview/stage_funnel",),
    "touchpoints": ("overview/touchpoints_by_stage",),
    "channels": ("overview/channels_by_stage",),
}
"""Lane to the metrics whose rows stand behind it."""

MOST_LEAVERS = 5


def opened_stage(page: Page, stage: str, parts: MapParts) -> None:
    """The lanes of a stage, one a line: in words, what stands behind it, the page about it."""
    fact = next((one for one in facts(parts) if one.name == stage), None)
    if fact is None:
        return
    with st.container(key="map_opened", border=True, gap="xsmall"):
        st.html(kpi.head(fact.title, "Lane by lane; each menu holds definition, SQL and rows"))
        for lane in LANES:
            if said := lane_words(lane, fact, parts):
                _line(page, lane, fact, said)
            if lane == "journeys" and fact.leaves:
                _leavers(page, fact)


def _line(page: Page, lane: str, fact: StageFacts, said: str) -> None:
    """A lane in words, with its menus at the right."""
    where, name = _EXPLAINED.get(lane, (_PAGES[fact.name], words.label(_PAGES[fact.name])))
    with st.container(horizontal=True, key=f"map_line_{lane}", gap="xxsmall"):
        st.html(
            f'<div class="lane-line"><b>{escape(LANES[lane])}</b> {escape(said)} '
            f'<a href="{escape(link(where))}" target="_self">{escape(name)}</a></div>'
        )
        try:
            found = _behind(page, lane, fact)
        except JourneyError as error:
            trouble(error)
            return
        for place, behind in enumerate(found):
            menu(page.engine.snapshot.name, behind, f"map_{lane}_{place}")


def _leavers(page: Page, fact: StageFacts) -> None:
    """Who goes no further, by the channel they came through: counts and shares with intervals."""
    try:
        answer = page.ask("overview/left_by_stage")
    except JourneyError as error:
        trouble(error)
        return
    rows = answer.rows.filter(stage=fact.name)
    lines = []
    for _, channel, left, journeys in rows.head(MOST_LEAVERS).iter_rows():
        told = f"{left:,} of {journeys:,}"
        if journeys >= page.config.minimum_n:
            ends = interval(*statistics.wilson(left, journeys), "percent")
            told += f", {show(left / journeys, 'percent')} ({ends})"
        lines.append(f"{words.label(channel)} {told}")
    with st.container(horizontal=True, key="map_line_left", gap="xxsmall"):
        st.html(
            f'<div class="lane-line"><b>Who leaves</b> {escape("; ".join(lines))}. '
            f'<a href="{escape(link("funnel"))}" target="_self">Funnel</a></div>'
        )
        menu(page.engine.snapshot.name, _of_stage(answer, fact.name), "map_left")


def _behind(page: Page, lane: str, fact: StageFacts) -> list[Behind]:
    """What stands behind a lane of a stage; nothing for a story."""
    if lane == "voices":
        return [_voice(page, fact)]
    if lane == "experience":
        return [_curve(page, fact)]
    names = _METRICS.get(lane, ())
    if lane == "journeys" and fact.buyers is not None:
        names = ("overview/loyalty_reach",)
    if lane == "kpis":
        worth = ("overview/stage_value",) if fact.worth is not None else ()
        names = (*worth, *(one.metric for one in fact.kpis))
    return [_of_stage(page.ask(name), fact.name) for name in names]


def _of_stage(answer: Answer, stage: str) -> Behind:
    """What stands behind an answer, with the rows of the stage alone where it has stages."""
    rows = answer.rows
    if "stage" in rows.columns:
        answer = replace(answer, rows=rows.filter(stage=stage))
    return Behind.metric(answer)


def _voice(page: Page, fact: StageFacts) -> Behind:
    """The rule by which the words were chosen."""
    rows = pl.DataFrame([fact.voice] if fact.voice else [])
    return Behind(
        "voices",
        "What do customers say here?",
        voices.RULE,
        "one row: the comment shown, and how many are alike",
        page.filters.as_of,
        rows,
    )


def _curve(page: Page, fact: StageFacts) -> Behind:
    """The index of the stage and of its touchpoints."""
    rows = curve.table(curves_of(page, page.filters)).filter(stage=fact.name)
    return Behind(
        "experience",
        "How does it feel here?",
        " ".join((curve.__doc__ or "").split("\n\n", 1)[-1].split()),
        "one row per stage or touchpoint with answers",
        page.filters.as_of,
        rows,
    )
