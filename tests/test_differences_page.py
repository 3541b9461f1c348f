"""The page that tells two numbers apart: from a card's menu, in the address, in words and drawn."""

import json
from datetime import timedelta

import pytest

from journey import ROOT
from journey.analysis.reconcile import numbers
from journey.analysis.reconcile.walking import walk
from journey.metrics.filters import Filters
from journey.metrics.metric import find
from journey.present import walks
from journey.present.palette import palette
from tests.test_pages import run, words
from tests.world import FIRST_DAY, TWO_YEARS_LATER, YEAR_LATER, Business

PAGE = ROOT / "pages" / "differences.py"
ALL = Filters(FIRST_DAY, YEAR_LATER, TWO_YEARS_LATER)


def test_the_bars_lead_from_one_number_to_the_other(town: Business) -> None:
    engine = town.engine
    late = Filters(FIRST_DAY, FIRST_DAY + timedelta(days=10), TWO_YEARS_LATER)
    found = walk(engine, engine.run, ("new_people", late), ("sessions_by_channel", ALL))
    figure = walks.picture(found, engine, palette("light")).figure()
    bars = [bar for bar in figure.data if bar.type == "bar"]
    ends = next(trace for trace in figure.data if trace.type == "scatter")
    assert list(ends.x) == [float(side.count.value or 0) for side in (found.first, found.last)]
    assert sum(sum(bar.x) for bar in bars) == ends.x[1] - ends.x[0]
    shown = [note.text for note in figure.layout.annotations]
    assert len(shown) == len(found.steps) + 2


def test_a_copied_address_shows_the_same_pair(
    town: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"period": "All time", "number": "New people", "other": "Journeys by entry channel"}
    app = run(PAGE, town, monkeypatch, **asked)
    assert not app.exception
    told = words(app)
    assert "New people is 7" in told.replace("\\", "")
    assert "each person's first of all" in told.replace("&#x27;", "'")
    assert "The same in both: period" in told
    assert len(app.get("plotly_chart")) == 1


def test_numbers_of_two_kinds_are_not_drawn(
    town: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"period": "All time", "number": "Conversion", "other": "Net promoter score"}
    app = run(PAGE, town, monkeypatch, **asked)
    assert not app.exception
    assert "These measure different things" in words(app)
    assert not app.get("plotly_chart")


def test_the_span_before_is_a_frame_to_compare_with(
    town: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"period": "Last 30 days", "number": "New people", "other": "New people"}
    app = run(PAGE, town, monkeypatch, seen="the period or group compared with", **asked)
    assert not app.exception
    assert "Period" in words(app)
    assert "The same in both: as of" in words(app)


def test_each_card_that_declares_its_number_leads_here() -> None:
    offered = {numbers.find(name).title for name in numbers.offered()}
    assert numbers.leading(find("conversion_rate")) == "Conversion"
    assert numbers.leading(find("stage_funnel")) == "Stage funnel: purchase"
    assert {numbers.leading(find(name)) for name in ("conversion_rate", "nps")} <= offered
    assert numbers.leading(find("utm_hygiene")) == ""


def test_hostile_values_of_a_filter_are_text(town: Business) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    engine = town.engine
    there = Filters(FIRST_DAY, YEAR_LATER, TWO_YEARS_LATER, {"channel": (hostile, "Email")})
    found = walk(engine, engine.run, ("new_people", ALL), ("new_people", there))
    assert "<img" not in walks.properties(found, engine)
    drawn = walks.picture(found, engine, palette("light")).figure().to_dict()
    assert "<img" not in json.dumps(drawn, default=str)
