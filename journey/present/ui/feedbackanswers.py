"""What the cards of the feedback page ask, from the cache where the same was asked before."""

import streamlit as st

from journey.analysis.feedback.accuracy import Measured, accuracy
from journey.analysis.feedback.comments import Comments, comments
from journey.analysis.feedback.found import found
from journey.analysis.feedback.selection import Selection, choices
from journey.analysis.feedback.themes import Themes, themes
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

PAGE = 8
"""Comments on a page of them."""


@st.cache_data(max_entries=200, show_spinner=False)
def known(
    key: tuple[object, ...], snapshot: str, _engine: Engine, _filters: Filters
) -> dict[str, list[str]]:
    """What may be selected."""
    return choices(_engine, _filters)


@st.cache_data(max_entries=200, show_spinner=False)
def themes_of(
    key: tuple[object, ...],
    snapshot: str,
    _engine: Engine,
    _filters: Filters,
    survey: str,
    selection: Selection,
) -> Themes:
    """The themes of a frame."""
    return themes(_engine, _filters, survey, selection)


@st.cache_data(max_entries=200, show_spinner=False)
def found_of(
    key: tuple[object, ...], snapshot: str, _engine: Engine, _filters: Filters, survey: str
) -> Themes:
    """The found themes of a frame."""
    return found(_engine, _filters, survey)


@st.cache_data(max_entries=500, show_spinner=False)
def comments_of(
    key: tuple[object, ...],
    snapshot: str,
    _engine: Engine,
    _filters: Filters,
    selection: Selection,
    number: int,
) -> Comments:
    """A page of comments."""
    return comments(_engine, _filters, selection, PAGE, (number - 1) * PAGE)


@st.cache_data(max_entries=200, show_spinner=False)
def accuracy_of(
    key: tuple[object, ...], snapshot: str, _engine: Engine, _filters: Filters
) -> Measured:
    """The agreement of moods and scores."""
    return accuracy(_engine, _filters)
