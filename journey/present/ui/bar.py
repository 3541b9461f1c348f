"""The filter bar: the one place for choices, each bound to the address."""

from datetime import date

import streamlit as st

from journey.metrics import segments
from journey.metrics.engine import Engine
from journey.metrics.filters import PEOPLE, SEGMENTS, Filters
from journey.present import choices, words

_WIDTH = 142
"""Eight of them fit beside each other on a screen, six on a small laptop, two on a phone. A field
whose choice needs more room takes it: see the look of `.st-key-filters`."""

_AGAINST = 240
"""The names of groups begin with what they are of."""


def filter_bar(engine: Engine) -> tuple[Filters, Filters | None]:
    """The frame the reader chose and the one to compare with. A copied address shows the same."""
    first, last = engine.snapshot.first_day, engine.snapshot.last_day
    with st.container(horizontal=True, key="filters", vertical_alignment="bottom", gap="small"):
        period = st.selectbox(
            "Period",
            list(choices.PERIODS),
            index=list(choices.PERIODS).index(choices.usual(engine.snapshot)),
            format_func=lambda name: choices.PERIODS[name],
            key="period",
            bind="query-params",
            width=_WIDTH,
        )
        chosen: tuple[date, ...] = ()
        if period == "custom":
            since, until = choices.span("90d", engine.snapshot)
            picked = st.date_input(
                "Days",
                (max(since, first), last),
                min_value=first,
                max_value=last,
                key="days",
                bind="query-params",
                format="YYYY-MM-DD",
                width=220,
            )
            chosen = picked if isinstance(picked, tuple) else (picked,)
        comparison = st.selectbox(
            "Compared with",
            list(choices.COMPARISONS),
            format_func=lambda name: choices.COMPARISONS[name],
            key="compare",
            bind="query-params",
            width=_WIDTH,
        )
        # What stands here depends on the filters after it.
        beside = st.container(width=_AGAINST) if comparison == "group" else None
        where: dict[str, tuple[str, ...]] = {}
        for name in SEGMENTS:
            values = st.multiselect(
                words.label(name),
                engine.segments()[name],
                key=name,
                format_func=words.labels(engine.segments()[name]).__getitem__,
                placeholder="All",
                bind="query-params",
                width=_WIDTH,
            )
            if values:
                where[name] = tuple(values)
        if there := choices.titles(segments.names()):
            chosen_people = st.multiselect(
                "Segment",
                list(there),
                key=PEOPLE,
                format_func=there.__getitem__,
                placeholder="Everyone",
                bind="query-params",
                width=_WIDTH,
                help="People chosen by a file in queries/segments: all of their journeys.",
            )
            if chosen_people:
                where[PEOPLE] = tuple(chosen_people)
        since, until = choices.span(str(period), engine.snapshot, chosen)
        filters = engine.filters(since, until, where=where)
        against = None
        if beside is not None:
            with beside:
                against = _against(engine, filters, there)
    before = choices.compared(str(comparison), filters, against)
    if before is not None and before.people != filters.people:
        engine.filters(since, until, where=dict(before.where))
    return filters, before


def _against(engine: Engine, filters: Filters, people: dict[str, str]) -> str | None:
    """The group to compare with; None where there is none but everyone."""
    offered = choices.groups(filters, engine.segments(), people)
    if not offered:
        return None
    chosen = st.selectbox(
        "Against",
        list(offered),
        format_func=offered.__getitem__,
        key="against",
        bind="query-params",
        width=_AGAINST,
        help="The other group, in the same days. It keeps the filters it does not name.",
    )
    return str(chosen)
