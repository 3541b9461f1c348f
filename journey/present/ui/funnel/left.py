"""Who left at a step: how many, a list, and a segment that lasts."""

from dataclasses import dataclass

import polars as pl
import streamlit as st

from journey.analysis.funnel import leavers, segment
from journey.errors import JourneyError
from journey.metrics import masks
from journey.metrics.filters import Filters
from journey.present import kpi, words
from journey.present.export import csv_text
from journey.present.numbers import counted
from journey.present.ui.card import choosing, told, trouble
from journey.present.ui.funnel.asked import Asked
from journey.present.ui.shell import engines

_LEFT = (
    "Those who reached the step before and have had their time. Ids are masked unless the "
    "business shows them; a saved segment filters every page by the people themselves."
)


def who_left(way: Asked) -> None:
    """Who left at a step: how many, a list, a segment."""
    with choosing("left", "Who left", "Who got to a step and did not go on to the next?"):
        _who_left(way)


def _who_left(way: Asked) -> None:
    """The choice, and what can be done with them."""
    needed = [place + 1 for place in way.funnel.required[1:]]
    with st.container(horizontal=True, key="filters_left", vertical_alignment="bottom"):
        step = st.selectbox(
            "Did not go on to",
            needed,
            format_func=lambda n: way.labels[n - 1],
            key="way_left",
            bind="query-params",
            width=260,
        )
    chosen = int(step or needed[0])
    try:
        found = way.kept("left", way.page.filters, _summed, chosen)
    except JourneyError as error:
        trouble(error)
        return
    before = way.labels[leavers.step_before(way.funnel, chosen) - 1]
    people = counted(found.people, "people")
    said = f"{people} left between {before} and {way.labels[chosen - 1]}"
    said += f"; {found.undecided:,} more still have time." if found.undecided else "."
    st.html(kpi.says([said if found.people else f"{said[:-1]} in this period."]))
    if found.people:
        _save(way, chosen)
    question = f"Who got to {before} and did not go on to {way.labels[chosen - 1]}?"
    told("left", way.behind("who_left", question, found.days), way.snapshot, _LEFT)


@dataclass(frozen=True)
class _Left:
    """How many left at a step."""

    people: int
    undecided: int
    """Tries that still have time."""
    days: pl.DataFrame


def _summed(way: Asked, filters: Filters, step: int) -> _Left:
    """How many left at a step. Raises MetricError."""
    found = _leavers(way, filters, step)
    return _Left(found.people.height, found.undecided, _days(found.people))


def _leavers(way: Asked, filters: Filters, step: int) -> leavers.Leavers:
    """Who left at a step. Raises MetricError."""
    return leavers.leavers(way.tries(filters), way.funnel, filters, step)


@st.fragment
def _save(way: Asked, step: int) -> None:
    """A list of who left, and a name to save them under."""
    engine, filters = way.page.engine, way.page.filters

    def listed() -> str:
        people = segment.identified(engine, filters, _leavers(way, filters, step).people)
        if masks.ids_shown(way.page.config):
            return csv_text(people)
        return csv_text(masks.masked(people, masks.key_of(engines().folder)))

    with st.container(horizontal=True, vertical_alignment="bottom", key="filters_save"):
        st.download_button(
            "List as CSV",
            listed,
            file_name="who_left.csv",
            mime="text/csv",
            on_click="ignore",
            key="way_csv",
            icon=":material/download:",
        )
        name = st.text_input(
            "Save as a segment", key="way_segment", placeholder="left_the_cart", width=230
        )
        saving = st.button("Save", key="way_save", icon=":material/save:")
    if not saving:
        return
    try:
        made = segment.segment_file(
            engine, way.funnel, filters, way.names, _leavers(way, filters, step)
        )
        path = segment.save(name, made)
    except JourneyError as error:
        trouble(error)
        return
    how = "It follows the rule" if made.is_rule else "It lists those there are now"
    said = f"Saved as {path.name}. {how}; it is in the filter Segment from the next load on."
    st.success(words.escape_markdown(said), icon=":material/check:")


def _days(people: pl.DataFrame) -> pl.DataFrame:
    """How many left by the day on which they were last seen at the step before: people are not
    listed behind a card."""
    return (
        people.group_by(pl.col("left_at").dt.date().alias("last_seen_at_the_step_before"))
        .agg(pl.len().cast(pl.Int64).alias("people"))
        .sort("last_seen_at_the_step_before")
    )
