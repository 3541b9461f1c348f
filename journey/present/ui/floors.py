"""What a rate's card says where its whole holds more than was asked, so that it is a floor."""

from datetime import timedelta

import polars as pl
import streamlit as st

from journey.metrics.answer import Answer
from journey.metrics.engine import Engine
from journey.present import words

_LISTED = 3
"""How many touchpoints are named."""


def floor(engine: Engine, answer: Answer) -> str:
    """Of the response rate: which touchpoints no survey request is recorded about, so that each
    touch of them counts as asked; nothing where there is none, nor of any other metric. Plain
    text."""
    if answer.metric.full_name != "satisfaction/response_rate":
        return ""
    requested = _requested(engine.snapshot.name, engine)
    there = answer.rows.filter(pl.col("asked") > 0)["touchpoint"].to_list()
    by_touch = [name for name in there if name not in requested]
    if not by_touch:
        return ""
    counts = "so each touch counts as asked and"
    if len(by_touch) == len(there):
        return f"No survey requests are recorded, {counts} the rate is a floor."
    named = [words.label(name) for name in by_touch[:_LISTED]]
    if more := len(by_touch) - len(named):
        named.append(f"{more} more")
    return (
        f"No survey requests are recorded about {words.listed(named)}, {counts} theirs is a floor."
    )


@st.cache_data(max_entries=20, show_spinner=False)
def _requested(snapshot: str, _engine: Engine) -> frozenset[str]:
    """The touchpoints that anyone was ever sent a request about."""
    held = _engine.snapshot
    everyone = _engine.filters(held.first_day, held.last_day + timedelta(days=1))
    sql = "select distinct about_touchpoint from requests where about_touchpoint is not null"
    return frozenset(_engine.table(sql, everyone)["about_touchpoint"])
