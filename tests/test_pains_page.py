"""The page of what hurts: what it shows, how it is kept in place, and its other states."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from journey import ROOT
from journey.analysis.pains import finding
from journey.errors import MetricError
from journey.ledger import file, keeping
from journey.ledger.note import Edit, Place
from tests.ledger.conftest import built, hostile, shop  # noqa: F401
from tests.ledger.shop import FIXED
from tests.test_pages import plain, run, words
from tests.world import Business

PAGE = ROOT / "pages" / "pains.py"


def key_of(business: Business) -> str:
    """The key of the shop's one pain."""
    engine = business.engine
    filters = engine.filters(engine.snapshot.first_day, engine.snapshot.last_day)
    (pain,) = finding.find(engine, business.config, filters)
    return pain.key


def button(app: AppTest, name: str) -> AppTest:
    """Press the button of that name, and run."""
    (found,) = (one for one in app.button if one.label == name)
    return found.click().run()


def field(app: AppTest, kind: str, label: str):  # type: ignore[no-untyped-def]
    """The widget of that label."""
    (found,) = (one for one in getattr(app, kind) if one.label == label)
    return found


def test_the_ledger_shows_the_pain_its_money_and_its_course(
    shop: Business,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = run(PAGE, shop, monkeypatch, period="All time")
    assert not app.exception
    text = words(app)
    assert "1 pain costs about EUR\u00a0" in text
    assert "It is over by now. It has no owner." in text
    assert "Mobile checkout lost" in text
    assert "nobody yet" in text
    assert "of comparable people" in text, "the dearest row is open"
    (chart,) = app.get("plotly_chart")
    assert "Mobile" in chart.proto.spec
    assert "all others" in chart.proto.spec
    assert "Nobody signs in here" in text


def test_a_reader_takes_a_pain_on_closes_it_and_sees_the_verdict(
    shop: Business,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = run(PAGE, shop, monkeypatch, period="All time")
    app = button(app, "Save")
    assert "Nobody is named as the writer" in plain(app.warning[0].value)
    field(app, "text_input", "Your name").set_value("Ana")
    field(app, "text_input", "Owned by").set_value("Ben")
    field(app, "text_area", "Comment").set_value("Asked the payment team")
    app = button(app, "Save")
    assert not app.warning
    assert "owner Ben" in plain(app.success[0].value)
    assert "Asked the payment team" in words(app)
    assert field(app, "text_area", "Comment").value == "", "what is written is out of the form"
    field(app, "date_input", "Fixed on").set_value(FIXED)
    app = button(app, "Close as fixed")
    assert not app.exception
    text = words(app)
    assert "Closed, and did it help?" in text
    assert "✓ Worked" in text
    assert "more than chance would explain" in text
    assert "1 pain costs" not in text, "a closed pain is in no total"
    note = keeping.read(shop.folder).notes[key_of(shop)]
    assert (note.owner, note.fixed_on) == ("Ben", FIXED)
    assert [entry.by for entry in note.history] == ["Ana", "Ana"]
    app = button(app, "Open again")
    assert "1 pain costs about EUR\u00a0" in words(app)


def test_the_second_of_two_readers_is_told_and_loses_nothing(
    shop: Business,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = run(PAGE, shop, monkeypatch, period="All time")
    second = run(PAGE, shop, monkeypatch, period="All time")
    field(first, "text_input", "Your name").set_value("Ana")
    field(first, "text_input", "Owned by").set_value("Ana Lima")
    button(first, "Save")
    field(second, "text_input", "Your name").set_value("Ben")
    field(second, "text_area", "Comment").set_value("I know the cause")
    field(second, "date_input", "Due").set_value(FIXED)
    second = button(second, "Save")
    told = plain(second.warning[0].value)
    assert "Ana changed this row just now, while you were writing: owner Ana Lima." in told
    assert "Yours is not written yet: due 20 Mar 2026" in told
    assert field(second, "text_area", "Comment").value == "I know the cause"
    assert keeping.read(shop.folder).notes[key_of(shop)].due is None
    second = button(second, "Save")
    note = keeping.read(shop.folder).notes[key_of(shop)]
    assert note.due == FIXED
    assert note.owner == "Ana Lima", "what the second did not touch is as the first left it"
    assert note.history[-1].comment == "I know the cause"


def test_a_link_opens_its_pain(shop: Business, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    key = key_of(shop)
    app = run(PAGE, shop, monkeypatch, period="All time", pain=key)
    assert "of comparable people" in words(app)
    other = run(PAGE, shop, monkeypatch, period="All time", pain="something/else")
    assert "The pain in this address is not found in this period" in words(other)


def test_filters_of_the_ledger(shop: Business, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    app = run(PAGE, shop, monkeypatch, period="All time", pain_stage="Loyalty")
    assert "No row is like that. Take a choice away." in words(app)
    app = run(PAGE, shop, monkeypatch, period="All time", pain_stage="Decision")
    assert "1 pain costs" in words(app)


def test_a_row_of_ones_own_is_added(shop: Business, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    app = run(PAGE, shop, monkeypatch, period="All time")
    app.session_state["fold_by_hand"] = True
    app.run()
    field(app, "text_input", "Your name").set_value("Ana")
    field(app, "text_input", "Where it hurts").set_value("Size tables mislead")
    app = button(app, "Add the row")
    assert not app.exception
    assert "Size tables mislead" in words(app)
    assert "written in by hand" in words(app)
    app = button(app, "Add the row")
    assert "The row has no title" in plain(app.warning[0].value)


def test_hostile_notes_are_text_and_a_damaged_file_costs_its_row(
    shop: Business,  # noqa: F811
    hostile: str,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = Place(hostile[:80], "decision", "decision/conversion_rate", {"device": hostile})
    edit = Edit({"owner": hostile[:80], "fixed_on": FIXED}, hostile)
    keeping.edit(shop.folder, "hostile", place, edit, hostile[:80])
    keeping.edit(shop.folder, "open", place, Edit({"owner": hostile[:80]}), "Ana")
    (shop.folder.ledger / "bad.toml").write_text("key = <img>")
    app = run(PAGE, shop, monkeypatch, period="All time", pain="hostile")
    assert not app.exception
    (warning,) = app.warning
    assert "bad.toml" in plain(warning.value)
    assert "Mobile checkout" in words(app)
    for part in [*app.caption, *app.markdown, *app.warning]:
        assert "<img" not in part.value.replace("\\<", "")
    for html in app.get("html"):
        assert "<img" not in html.value
    for chart in app.get("plotly_chart"):
        assert "<img" not in chart.proto.spec


def test_nothing_that_hurts_is_said(town: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    app = run(PAGE, town, monkeypatch, period="All time")
    assert not app.exception
    assert "journeys in this period; pains are looked for from 30" in words(app)
    app = run(PAGE, town, monkeypatch, channel="Print", period="Last 30 days")
    assert "No journeys in this period." in words(app)


def test_a_search_that_fails_leaves_what_was_kept(
    shop: Business,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = Place("Kept", "decision", "decision/conversion_rate", {"device": "mobile"})
    keeping.edit(shop.folder, "kept", place, Edit({"owner": "Ben"}), "Ana")

    def fail(*_: object) -> None:
        raise MetricError("This took longer than 15 s and was stopped. Ask for a shorter period.")

    monkeypatch.setattr("journey.present.ui.hurting.find", fail)
    app = run(PAGE, shop, monkeypatch, period="All time")
    assert not app.exception
    assert "Ask for a shorter period" in plain(app.warning[0].value)
    assert "Kept" in words(app)


def test_a_ledger_that_cannot_be_written_is_told(
    shop: Business,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    app = run(PAGE, shop, monkeypatch, period="All time")
    field(app, "text_input", "Your name").set_value("Ana")
    field(app, "text_input", "Owned by").set_value("Ben")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(file.os, "fsync", full)
    app = button(app, "Save")
    assert not app.exception
    assert "No space left on device" in plain(app.warning[0].value)
    assert field(app, "text_input", "Owned by").value == "Ben"
