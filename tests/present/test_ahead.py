"""What is worked out ahead is all that a page asks, in every period there is."""

from collections.abc import Iterator
from random import Random
from threading import Event
from time import monotonic
from typing import Any, ClassVar

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from journey import ROOT
from journey.metrics.engine import Engine
from journey.present import choices
from journey.present.ui import ahead
from journey.present.ui.asking import Frame
from journey.present.ui.funnel import asked as funnel_asked
from tests.test_feedback import answers
from tests.world import Business

OF_A_SNAPSHOT = "select touchpoint from daily"
"""What is asked once for all periods begins so."""

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


@pytest.mark.parametrize("name", ["overview", "channels", "funnel", "paths", "attribution"])
def test_every_question_of_a_page_was_asked_ahead(
    name: str, shop: Business, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    st.cache_resource.clear()
    monkeypatch.setenv("JOURNEY_DATA", str(shop.folder.root))
    given: list[tuple[Any, ...]] = []
    monkeypatch.setattr("journey.present.ui.page.work_ahead", lambda *these: given.append(these))
    monkeypatch.setattr("journey.present.ui.page.begin", lambda page, name: None)
    monkeypatch.setattr("journey.present.ui.funnel.groups.begin", lambda way: None)
    page = AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=60).run()
    assert not page.exception
    [(drawn, drawn_name, questions)] = given
    assert drawn_name == name
    forget(asked)
    monkeypatch.setattr(ahead, "DRAWING", 0.0)
    ahead._work(ahead.frames(drawn, "before"), [*questions.values()], Event())
    known = set(asked)
    for period in choices.PERIODS:
        if period == "custom":
            continue
        forget(asked)
        page.selectbox(key="period").set_value(period).run()
        assert not page.exception
        assert asked, period
        new = {sql for sql, _ in asked - known if not sql.startswith(OF_A_SNAPSHOT)}
        assert not new, (period, new)
    assert set(given[-1][2]) <= set(questions), "all time, with nothing before it, asks a part"


def forget(asked: Asked) -> None:
    """Keep no answer."""
    st.cache_data.clear()
    for kept in (funnel_asked._kept, funnel_asked._tries):
        kept.clear()
    asked.clear()


class Beside:
    """A thread that never starts."""

    began: ClassVar[list[tuple[Any, ...]]] = []

    def __init__(self, *, target: object, args: tuple[Any, ...], daemon: bool) -> None:
        self.args = args

    def start(self) -> None:
        self.began.append(self.args)


@pytest.fixture
def began(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What was begun on threads, none of which runs."""
    monkeypatch.setattr(ahead, "Thread", Beside)
    monkeypatch.setattr(ahead, "_state", ahead._Ahead())
    monkeypatch.setattr(Beside, "began", [])
    return Beside.began


def test_a_page_on_its_own_works_nothing_ahead(
    shop: Business, began: list[tuple[Any, ...]]
) -> None:
    """Only a server has a reader who may come back."""
    ahead.work_ahead(frame("6m", shop), "overview", {})
    assert not began


def test_the_latest_page_takes_the_place_of_the_one_before(
    shop: Business, began: list[tuple[Any, ...]]
) -> None:
    ahead.allow()
    for _ in range(2):
        ahead.work_ahead(frame("6m", shop), "overview", {})
        ahead.work_ahead(frame("90d", shop), "overview", {})
    assert len(began) == 1, "another period of the same page is worked on already"
    ahead.work_ahead(frame("6m", shop), "channels", {})
    assert [given_up.is_set() for _, _, given_up, _ in began] == [True, False]
    ahead._work(*began[1])
    ahead.work_ahead(frame("6m", shop), "overview", {})
    assert len(began) == 3, "what was given up is begun anew"
    ahead.work_ahead(frame("6m", shop), "channels", {})
    assert len(began) == 3, "what is done is not"


def test_work_goes_on_where_less_is_asked_and_begins_anew_where_more_is(
    shop: Business, began: list[tuple[Any, ...]]
) -> None:
    """A period with nothing before it to compare with asks a part of what the others ask."""
    ahead.allow()

    def asked(*names: str) -> int:
        ahead.work_ahead(frame("6m", shop), "overview", dict.fromkeys(names, repr))
        return len(began)

    assert asked("now", "before") == 1
    assert asked("now") == 1
    assert asked("now", "before", "map") == 2
    assert [given_up.is_set() for _, _, given_up, _ in began] == [True, False]
    ahead._work(*began[1])
    assert asked("now", "before") == asked("map") == 2
    assert asked("now", "curves") == 3


def test_the_shortest_periods_are_ready_first(shop: Business) -> None:
    frames = [one.filters for one in ahead.frames(frame("6m", shop), "before")]
    assert [one.days for one in frames] == sorted(one.days for one in frames)
    snapshot = shop.engine.snapshot
    spans = {choices.span(one, snapshot) for one in choices.PERIODS if one != "custom"}
    assert {(one.since, one.until) for one in frames} == spans


def test_work_ahead_rests_while_a_page_is_drawn(
    shop: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "_state", ahead._Ahead())
    monkeypatch.setattr(ahead, "DRAWING", 0.2)
    frames, asked = [frame("6m", shop), frame("90d", shop)], []
    ahead.rest()
    began = monotonic()
    ahead._work(iter(frames), [lambda one: asked.append((one, monotonic()))], Event())
    assert [one for one, _ in asked] == frames
    assert asked[0][1] - began >= 0.19
    given_up = Event()
    given_up.set()
    ahead._work(iter(frames), [lambda one: asked.append((one, monotonic()))], given_up)
    assert len(asked) == 2


def test_an_analysis_rests_before_each_question_but_for_what_a_reader_waits_for(
    shop: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that is drawn while it is at work need not share the machine with it."""
    monkeypatch.setattr(ahead, "_state", ahead._Ahead())
    monkeypatch.setattr(ahead, "DRAWING", 0.2)
    monkeypatch.setattr(ahead, "PAINTING", 0.0)
    frames, waited = [frame("6m", shop), frame("90d", shop)], []

    def ask(one: Frame) -> None:
        ahead.rest(frames[1].filters)
        began = monotonic()
        shop.engine.table("select 1 as one", one.filters)
        waited.append(monotonic() - began)

    ahead._work(iter(frames), [ask], Event())
    assert waited[0] >= 0.19 > waited[1]


def frame(period: str, shop: Business) -> Frame:
    """A frame of the page in a period."""
    filters = shop.engine.filters(*choices.span(period, shop.engine.snapshot))
    return Frame(shop.engine, shop.config, filters, None)


def test_no_period_is_compared_with_days_before_the_data(shop: Business) -> None:
    first_day = shop.engine.snapshot.first_day
    whole = shop.engine.filters(*choices.span("all", shop.engine.snapshot))
    page = Frame(shop.engine, shop.config, whole, None)
    frames = list(ahead.frames(page, "before"))
    assert any(frame.before is None for frame in frames)
    for frame in frames:
        reaches = frame.filters.since > first_day
        assert (frame.before is not None) == frame.reaches_back == reaches
