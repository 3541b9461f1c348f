"""What all pages share: the menu, the look, the side, the data and the configuration."""

import os
from pathlib import Path

import polars as pl
import streamlit as st

from journey import ROOT, config
from journey.config import Config
from journey.datafolder import DataFolder
from journey.metrics.answer import Answer
from journey.metrics.engine import Engine, Engines
from journey.metrics.filters import Filters
from journey.metrics.metric import Metric
from journey.present import style, words
from journey.present.palette import Palette, palette

MENU = {
    "": {"overview": "Overview", "pains": "What hurts", "changes": "What changed"},
    "Stages": {
        "awareness": "Awareness",
        "consideration": "Consideration",
        "decision": "Decision",
        "post_purchase": "Post-purchase",
        "loyalty": "Loyalty",
    },
    "Channels": {"channels": "Channels", "attribution": "Attribution"},
    "Paths": {"funnel": "Funnel", "paths": "Paths"},
    "Experience": {"satisfaction": "Satisfaction", "feedback": "Feedback"},
    "Customers": {
        "personas": "Personas",
        "person": "One person",
        "retention": "Retention",
        "lifetime": "Lifetime",
    },
    "What to do": {"next_steps": "Next steps", "what_if": "What if", "experiments": "Experiments"},
    "Data": {"health": "Data health", "differences": "Two numbers"},
}
"""Part of the menu to its pages: page file to its name. Other files in pages/ stand at the end."""


def frame() -> None:
    """What every page has around it: the wide layout and the product's own look."""
    st.set_page_config(page_title="Journey", layout="wide", initial_sidebar_state="collapsed")
    st.html(f"<style>{style.css(colours())}</style>")


@st.fragment(run_every=3)
def follow_side(shown: str) -> None:
    """Draw the page anew when the reader has switched between light and dark. The browser tells
    of that only with its next message, so this asks every few seconds."""
    if colours().kind != shown:
        st.rerun()


def pages() -> dict[str, list[st.Page]]:
    """The pages for the menu, by its parts; a part without pages is left out."""
    there = {path.stem: path for path in sorted((ROOT / "pages").glob("*.py"))}
    placed = {name for part in MENU.values() for name in part}
    more = {name: words.label(name) for name in there if name not in placed}
    menu = {
        part: [
            st.Page(there[name], title=title, url_path=name, default=name == "overview")
            for name, title in names.items()
            if name in there
        ]
        for part, names in {**MENU, "More": more}.items()
    }
    return {part: listed for part, listed in menu.items() if listed}


@st.cache_resource(show_spinner=False)
def engines() -> Engines:
    """The engines of this process; they follow the current snapshot."""
    return Engines(DataFolder(Path(os.environ.get("JOURNEY_DATA") or ROOT / "data")))


def colours() -> Palette:
    """The palette of the side, light or dark, that the reader's browser shows."""
    return palette(st.context.theme.type or "light")


def business() -> Config:
    """The configuration, for targets and the smallest number worth a rate."""
    return config.load(Path(os.environ.get("JOURNEY_CONFIG") or ROOT / "journey.toml"))


def ask(engine: Engine, metric: Metric, filters: Filters) -> Answer:
    """The metric's answer, from the cache where the same was asked of the same snapshot."""
    key = metric.full_name, metric.sql, filters.key(), engine.snapshot.name
    rows = _rows(key, engine, metric, filters)
    return Answer(metric, filters, rows, engine.snapshot.name, filters.as_of)


@st.cache_data(max_entries=2_000, max_size="256MB", show_spinner=False)
def _rows(
    key: tuple[object, ...], _engine: Engine, _metric: Metric, _filters: Filters
) -> pl.DataFrame:
    """The rows; everything they depend on is in the key."""
    return _engine.run(_metric, _filters).rows
