"""What became of a row, asked once for all who look at it."""

from dataclasses import replace
from datetime import date

import streamlit as st

from journey.analysis.pains import judged as judgements
from journey.analysis.pains.judged import Judgement, Span
from journey.ledger.rows import Row
from journey.metrics.engine import Engine
from journey.metrics.metric import Metric
from journey.present.ui.page import Page


@st.cache_data(max_entries=500, show_spinner=False)
def judged(key: tuple[object, ...], _engine: Engine, _row: Row, _page: Page) -> Judgement:
    """The judgement; everything it depends on is in the key."""
    assert _row.note is not None
    assert _row.note.fixed_on is not None
    return judgements.judge(
        _engine, _row.place.metric, _row.place.who, _row.note.fixed_on, since=_row.place.since,
        as_of=_page.filters.as_of, minimum_n=_page.config.minimum_n,
    )  # fmt: skip


@st.cache_data(max_entries=500, show_spinner=False)
def course(
    key: tuple[object, ...],
    _engine: Engine,
    _metric: Metric,
    _row: Row,
    _page: Page,
    _span: tuple[date | None, date | None],
) -> list[Span]:
    """The course; everything it depends on is in the key. The filters that name the affected give
    way to them, so that there are others beside them."""
    where = {n: v for n, v in _page.filters.where.items() if n not in _row.place.who}
    filters = replace(_page.filters, where=where)
    return judgements.course(
        _engine, _metric, _row.place.who, filters, _span, _page.config.minimum_n
    )
