"""Which scores the reader wants: the survey, its groups, the way of summing up, kind and scale."""

from dataclasses import replace

import streamlit as st

from journey.analysis.experience import answers
from journey.analysis.experience.scores import Scores
from journey.present import words
from journey.present.experience import scoring
from journey.present.ui.feelinganswers import every_method, key_of, settled
from journey.present.ui.page import Page
from journey.surveys import METHODS

SURVEYS = {"csat": "Satisfaction (CSAT)", "nps": "Recommendation (NPS)", "ces": "Effort (CES)"}
"""Survey to its name."""

_GROUPS = ("touchpoint", "stage", "channel", "persona", "device", "country")
_WIDTH = 190


def chosen_scores(page: Page) -> tuple[answers.Chosen, dict[str, Scores], dict[str, Scores]]:
    """The choices of the reader, and the scores by group and by month under every way."""
    engine, config, filters, before = page.engine, page.config, page.filters, page.before
    key = key_of(page, filters)
    with st.container(
        horizontal=True, key="filters_scores", vertical_alignment="bottom", gap="small"
    ):
        survey = st.selectbox(
            "Survey",
            list(SURVEYS),
            format_func=SURVEYS.__getitem__,
            key="survey",
            bind="query-params",
            width=_WIDTH,
        )
        by = st.selectbox(
            "By",
            _GROUPS,
            format_func=words.label,
            key="scores_by",
            bind="query-params",
            width=_WIDTH,
        )
        ways = list(METHODS[survey])
        usual = config.surveys.by_name[survey].method
        method = st.segmented_control(
            "Summed up as",
            ways,
            default=usual,
            required=True,
            format_func=scoring.method,
            key=f"{survey}_way",
            bind="query-params",
        )
        found = settled(key, (survey, method, None, None), engine, config, filters)
        asked = (survey, method, _kind(found), _scale(found))
    chosen = settled(key, asked, engine, config, filters)
    groups, months = (
        every_method(
            (key, before.key() if before else None, asked, group),
            engine,
            config,
            filters,
            before,
            replace(chosen, by=group),
        )
        for group in (by, "month")
    )
    return replace(chosen, by=by), groups, months


def _kind(settled: answers.Chosen) -> str | None:
    """Relational or transactional, where NPS has another than the settled one: they never share a
    number."""
    others = (count for name, count in settled.kinds.items() if name != settled.kind)
    if not settled.kind or not any(others):
        return None
    return st.segmented_control(
        "Asked",
        list(answers.KINDS),
        default=settled.kind,
        required=True,
        format_func=words.label,
        key="kind",
        bind="query-params",
    )


def _scale(settled: answers.Chosen) -> str | None:
    """The scale, where answers are on several."""
    if settled.survey == "nps" or len(settled.answers) < 2 or settled.scale is None:
        return None
    names = [f"{low:g}-{high:g}" for low, high in settled.answers]
    low, high = settled.scale
    own = f"{low:g}-{high:g}"
    ordered = [own, *(name for name in names if name != own), "all"]
    return st.segmented_control(
        "Scale",
        ordered,
        default=own,
        required=True,
        format_func=lambda name: "All, on 0 to 100" if name == "all" else name,
        key=f"{settled.survey}_scale",
        bind="query-params",
    )
