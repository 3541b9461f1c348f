"""The filter bar: the one place for choices, each bound to the address."""

from collections.abc import Collection
from datetime import date

import streamlit as st

from journey.metrics import segments
from journey.metrics.engine import Engine
from journey.metrics.filters import PEOPLE, SEGMENTS, Filters
from journey.present import choices, unmet, words
from journey.present.ui.links import KEPT

_WIDTH = 142
"""Eight of them fit beside each other on a screen, six on a small laptop, two on a phone. A field
whose choice needs more room takes it: see the look of `.st-key-filters`."""

_AGAINST = 240
"""The names of groups begin with what they are of."""


def filter_bar(engine: Engine) -> tuple[Filters, Filters | None, str]:
    """The frame the reader chose, the one to compare with, and what the address asks for that is
    not there, in plain text. A copied address shows the same."""
    # Streamlit drops from the address what a choice does not have as soon as the choice is drawn.
    asked = {name: st.query_params.get_all(name) for name in KEPT}
    missed: dict[str, tuple[str, ...]] = {}

    def miss(name: str, offered: Collection[str]) -> None:
        if not_there := unmet.values(asked[name], offered):
            missed[name] = not_there

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
        miss("period", choices.PERIODS.values())
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
            if outside := unmet.days(asked["days"], first, last):
                missed["days"] = outside
        comparison = st.selectbox(
            "Compared with",
            list(choices.COMPARISONS),
            format_func=lambda name: choices.COMPARISONS[name],
            key="compare",
            bind="query-params",
            width=_WIDTH,
        )
        miss("compare", choices.COMPARISONS.values())
        # What stands here depends on the filters after it.
        beside = st.container(width=_AGAINST) if comparison == "group" else None
        where: dict[str, tuple[str, ...]] = {}
        for name in SEGMENTS:
            named = words.labels(engine.segments()[name])
            values = st.multiselect(
                words.label(name),
                list(named),
                key=name,
                format_func=named.__getitem__,
                placeholder="All",
                bind="query-params",
                width=_WIDTH,
            )
            miss(name, named.values())
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
        miss(PEOPLE, there.values())
        since, until = choices.span(str(period), engine.snapshot, chosen)
        filters = engine.filters(since, until, where=where)
        against = None
        if beside is not None:
            with beside:
                against, offered = _against(engine, filters, there)
                miss("against", offered)
    before = choices.compared(str(comparison), filters, against)
    if before is not None and before.people != filters.people:
        engine.filters(since, until, where=dict(before.where))
    compared = choices.COMPARISONS[str(comparison)]
    told = unmet.sentence(missed, filters, choices.PERIODS[str(period)], compared)
    return filters, before, _until_chosen(told, (period, comparison, filters, against))


def _until_chosen(told: str, chosen: tuple[object, ...]) -> str:
    """What the address missed, for as long as the reader has not chosen since: the address itself
    is put right at once."""
    first_told, chosen_then = st.session_state.get("unmet", ("", None))
    if told and told != first_told:
        first_told, chosen_then = told, chosen
    elif chosen != chosen_then:
        chosen_then = None
    st.session_state["unmet"] = first_told, chosen_then
    return str(first_told) if chosen_then else ""


def _against(
    engine: Engine, filters: Filters, people: dict[str, str]
) -> tuple[str | None, Collection[str]]:
    """The group to compare with, None where there is none but everyone, and all groups offered,
    as they are called."""
    offered = choices.groups(filters, engine.segments(), people)
    if not offered:
        return None, ()
    chosen = st.selectbox(
        "Against",
        list(offered),
        format_func=offered.__getitem__,
        key="against",
        bind="query-params",
        width=_AGAINST,
        help="The other group, in the same days. It keeps the filters it does not name.",
    )
    return str(chosen), offered.values()
