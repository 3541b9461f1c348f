"""What the paths page asks, each answer kept for as long as its snapshot is the current one.

Everything an answer depends on is in its key and its question; what begins with an underscore
only fetches it.
"""

from dataclasses import dataclass

import polars as pl
import streamlit as st

from journey.analysis.paths import finding
from journey.analysis.paths.around import Around, look_around
from journey.analysis.paths.asking import Asked
from journey.analysis.paths.comparing import Compared
from journey.analysis.paths.finding import Found
from journey.analysis.paths.walking import stages_of
from journey.analysis.paths.whole import Outcome, whole_journeys
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters


@dataclass(frozen=True)
class Frame:
    """What every card of the page asks under."""

    engine: Engine
    filters: Filters


@st.cache_data(max_entries=500, show_spinner=False)
def find(key: tuple[object, ...], _frame: Frame, asked: Asked) -> Found:
    """The paths of a frame."""
    return finding.find(_frame.engine, asked, _frame.filters)


@st.cache_data(max_entries=500, show_spinner=False)
def stages(key: tuple[object, ...], _frame: Frame, asked: Asked) -> dict[str, str]:
    """The stage of each name."""
    return stages_of(_frame.engine, asked, _frame.filters)


@st.cache_data(max_entries=500, show_spinner=False)
def around(key: tuple[object, ...], _frame: Frame, asked: Asked, name: str) -> Around:
    """Before and after a name."""
    return look_around(_frame.engine, name, asked, _frame.filters)


@st.cache_data(max_entries=200, show_spinner=False)
def apart(key: tuple[object, ...], _frame: Frame, asked: Asked) -> Compared:
    """The two groups of a question."""
    return finding.set_apart(_frame.engine, asked, _frame.filters)


@st.cache_data(max_entries=200, show_spinner=False)
def against(key: tuple[object, ...], _frame: Frame, asked: Asked, _other: Filters) -> Compared:
    """The paths of a frame against those of another, which the key names."""
    return finding.set_against(_frame.engine, asked, _frame.filters, _other)


@st.cache_data(max_entries=200, show_spinner=False)
def whole(key: tuple[object, ...], _frame: Frame, asked: Asked, outcome: Outcome) -> pl.DataFrame:
    """The commonest whole journeys."""
    return whole_journeys(_frame.engine, asked, _frame.filters, outcome=outcome)
