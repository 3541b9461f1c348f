"""What the cards of the satisfaction page ask, from the cache where the same was asked before."""

import streamlit as st

from journey.analysis.experience import answers, curve, drivers, money, scores, silence
from journey.analysis.experience.curve import Curve
from journey.analysis.experience.drivers import Drivers
from journey.analysis.experience.money import Worth
from journey.analysis.experience.scores import Scores
from journey.analysis.experience.silence import Trait
from journey.config import Config
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.present.ui.asking import Frame


@st.cache_data(max_entries=300, max_size="64MB", show_spinner=False)
def settled(
    key: tuple[object, ...],
    asked: tuple[str, str | None, str | None, str | None],
    _engine: Engine,
    _config: Config,
    _filters: Filters,
) -> answers.Chosen:
    """What a choice of survey, way, kind and scale comes to; all it depends on is in the key."""
    survey, method, kind, scale = asked
    return answers.choose(
        _engine, _config.surveys, _filters, survey, method=method, kind=kind, scale=scale
    )


def curves_of(page: Frame, filters: Filters, personas: tuple[str, ...] = ()) -> tuple[Curve, ...]:
    """The experience curve of a frame, asked once whichever page shows it."""
    return _curves(key_of(page, filters), personas, page.engine, page.config, filters)


def key_of(page: Frame, filters: Filters) -> tuple[object, ...]:
    """All that an answer about how customers feel depends on."""
    config = page.config
    return filters.key(), page.engine.snapshot.name, config.minimum_n, repr(config.surveys)


@st.cache_data(max_entries=300, max_size="64MB", show_spinner=False)
def _curves(
    key: tuple[object, ...],
    personas: tuple[str, ...],
    _engine: Engine,
    _config: Config,
    _filters: Filters,
) -> tuple[Curve, ...]:
    """The curves; everything they depend on is in the first two arguments."""
    return curve.curves(_engine, _config, _filters, personas)


@st.cache_data(max_entries=300, max_size="64MB", show_spinner=False)
def every_method(
    key: tuple[object, ...],
    _engine: Engine,
    _config: Config,
    _filters: Filters,
    _before: Filters | None,
    _chosen: answers.Chosen,
) -> dict[str, Scores]:
    """The scores; everything they depend on is in the key."""
    return scores.every_method(_engine, _config, _filters, _before, _chosen)


@st.cache_data(max_entries=300, max_size="64MB", show_spinner=False)
def silent(
    key: tuple[object, ...], _engine: Engine, _config: Config, _filters: Filters
) -> tuple[Trait, ...]:
    """The differences; everything they depend on is in the key."""
    return silence.silence(_engine, _config, _filters)


@st.cache_data(max_entries=300, max_size="64MB", show_spinner=False)
def worths(
    key: tuple[object, ...], _engine: Engine, _config: Config, _filters: Filters
) -> tuple[Worth, ...]:
    """The slopes; everything they depend on is in the key."""
    return money.worth(_engine, _config, _filters)


@st.cache_data(max_entries=300, max_size="64MB", show_spinner=False)
def driving(
    key: tuple[object, ...], _engine: Engine, _config: Config, _filters: Filters
) -> Drivers:
    """The drivers; everything they depend on is in the key."""
    return drivers.drivers(_engine, _config, _filters)
