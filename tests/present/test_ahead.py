"""What is worked out ahead is all that the overview asks, in every period there is."""

from collections.abc import Iterator
from random import Random
from runpy import run_path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from journey import ROOT
from journey.metrics.engine import Engine
from journey.present import choices
from journey.present.ui import ahead
from journey.present.ui.asking import Frame
from tests.test_feedback import answers
from tests.world import Business

OVERVIEW = ROOT / "pages" / "overview.py"

Asked = set[tuple[str, tuple[object, ...]]]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """A business with something to show on the map."""
    business = Business(tmp_path_factory.mktemp("ahead"))
    business.deliver(answers(Random(11), 300))
    business.build()
    yield business
    business.close()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """The questions put to any engine, as they come."""
    questions: Asked = set()
    run, table = Engine.run, Engine.table

    def noted_run(engine: Engine, metric: Any, filters: Any, *more: Any) -> Any:
        questions.add((metric.full_name, filters.key()))
        return run(engine, metric, filters, *more)

    def noted_table(engine: Engine, sql: str, filters: Any, *more: Any) -> Any:
        questions.add((sql, filters.key()))
        return table(engine, sql, filters, *more)

    monkeypatch.setattr(Engine, "run", noted_run)
    monkeypatch.setattr(Engine, "table", noted_table)
    return questions


def test_every_question_of_the_overview_was_asked_ahead(
    shop: Business, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    st.cache_resource.clear()
    monkeypatch.setenv("JOURNEY_DATA", str(shop.folder.root))
    page = AppTest.from_file(str(OVERVIEW), default_timeout=60).run()
    assert not page.exception
    st.cache_data.clear()
    asked.clear()
    frame = Frame(shop.engine, shop.config, shop.engine.filters(*span("6m", shop)), None)
    ahead._work(frame, *placed())
    known = set(asked)
    for period in choices.PERIODS:
        if period == "custom":
            continue
        st.cache_data.clear()
        asked.clear()
        page.selectbox(key="period").set_value(period).run()
        assert not page.exception
        assert asked, period
        assert asked <= known, (period, asked - known)


def span(period: str, shop: Business) -> Any:
    """The span of a period."""
    return choices.span(period, shop.engine.snapshot)


def placed() -> tuple[list[str], list[str]]:
    """The numbers and cards that the overview names."""
    said: list[tuple[list[str], list[str]]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("journey.present.ui.work_ahead", lambda page, *names: said.append(names))
        run_path(str(OVERVIEW))
    return said[0]


def test_a_page_on_its_own_works_nothing_ahead(
    shop: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a server has a reader who may come back."""
    began: list[object] = []
    monkeypatch.setattr(ahead, "Thread", lambda **given: began.append(given))
    frame = Frame(shop.engine, shop.config, shop.engine.filters(*span("6m", shop)), None)
    ahead.work_ahead(frame, [], [])
    assert not began
