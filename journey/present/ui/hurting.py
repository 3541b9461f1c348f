"""The pains of a page's frame, looked for once for all who ask."""

import streamlit as st

from journey.analysis.pains.finding import find
from journey.analysis.pains.pain import Pain
from journey.config import Config
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.present.ui.asking import Frame


def pains(page: Frame) -> tuple[Pain, ...]:
    """What hurts, the dearest first. Raises MetricError where it takes too long."""
    key = (page.filters.key(), page.engine.snapshot.name, repr(page.config))
    return _asked(key, page.engine, page.config, page.filters)


@st.cache_data(max_entries=200, show_spinner=False)
def _asked(
    key: tuple[object, ...], _engine: Engine, _config: Config, _filters: Filters
) -> tuple[Pain, ...]:
    """The pains; everything they depend on is in the key."""
    return tuple(find(_engine, _config, _filters))
