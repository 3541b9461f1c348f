"""Annotations as readers meet them: on charts, on Data health, and at the prompt."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from journey import ROOT
from journey.annotations.file import read
from journey.checking import problems
from tests.present.examples import EVIL
from tests.test_pages import plain, run, words
from tests.world import Business

ALL = {"period": "All time"}


@pytest.fixture
def noted(town: Business) -> Iterator[Path]:
    """The town's file of annotations, taken away again."""
    path = town.folder.annotations
    path.write_text(
        f'day,text,stage,device\n2026-01-07,"{EVIL.replace(chr(34), chr(34) * 2)}",,\n'
        "2026-01-08,Only for loyalty,loyalty,\nnever,Broken,,\n"
    )
    yield path
    path.unlink()


def test_charts_mark_and_list_what_belongs_there(
    town: Business, noted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(ROOT / "pages" / "decision.py", town, monkeypatch, **ALL)
    assert not app.exception
    said = words(app)
    assert said.count('<ol class="marks">') >= 4
    assert "&lt;a href=&quot;https://evil.example&quot;" in said
    assert '<a href="https://evil' not in said
    assert "Only for loyalty" not in said
    assert "Only for loyalty" in words(run(ROOT / "pages" / "loyalty.py", town, monkeypatch, **ALL))


def test_a_bad_line_is_told_on_data_health_and_by_check(
    town: Business, noted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(ROOT / "pages" / "health.py", town, monkeypatch, **ALL)
    assert not app.exception
    (warning,) = app.warning
    assert "line 4" in warning.value.replace("\\", "")
    assert "2 annotations" in words(app)
    assert any("annotations.csv, line 4: day is 'never'" in one for one in
               problems(town.folder, town.config))  # fmt: skip


def test_without_a_file_data_health_says_how_to_make_one(
    town: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = words(run(ROOT / "pages" / "health.py", town, monkeypatch, **ALL))
    assert "put a file annotations.csv into the data folder" in said


@pytest.fixture
def unnoted(town: Business) -> Iterator[Path]:
    """The town without a file of annotations, before and after."""
    path = town.folder.annotations
    path.unlink(missing_ok=True)
    yield path
    path.unlink(missing_ok=True)


def field(app, kind: str, label: str):  # type: ignore[no-untyped-def]
    """The widget of that label."""
    (found,) = (one for one in getattr(app, kind) if one.label == label)
    return found


def opened(page: str, town: Business, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """A page with the form open."""
    app = run(ROOT / "pages" / page, town, monkeypatch, **ALL)
    app.session_state["fold_annotation"] = True
    return app.run()


def press(app):  # type: ignore[no-untyped-def]
    (button,) = (one for one in app.button if one.label == "Add")
    return button.click().run()


def test_a_reader_adds_an_annotation_and_sees_it_on_charts(
    town: Business, unnoted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened("changes.py", town, monkeypatch)
    assert not app.exception
    app = press(app)
    assert "day is ''" in plain(app.warning[0].value)
    field(app, "text_input", "What happened").set_value(f"=1+1 {EVIL}")
    field(app, "date_input", "Day").set_value(date(2026, 1, 7))
    field(app, "selectbox", "Stage").set_value("decision")
    app = press(app)
    assert not app.exception
    assert plain(app.success[0].value).startswith("Added: =1+1 ")
    assert field(app, "text_input", "What happened").value == "", "what is written is out of it"
    (one,) = read(unnoted, frozenset()).annotations
    assert (one.day, one.stage, one.text) == (date(2026, 1, 7), "decision", f"=1+1 {EVIL}")
    said = words(run(ROOT / "pages" / "decision.py", town, monkeypatch, **ALL))
    assert "&lt;a href=&quot;https://evil.example&quot;" in said
    assert '<a href="https://evil' not in said


def test_a_file_that_changed_underneath_is_told_and_nothing_lost(
    town: Business, unnoted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened("health.py", town, monkeypatch)
    field(app, "text_input", "What happened").set_value("Mine")
    field(app, "date_input", "Day").set_value(date(2026, 1, 7))
    unnoted.write_text("day,text\n2026-01-06,Theirs\n")
    app = press(app)
    assert "was changed while you were writing" in app.warning[0].value
    assert field(app, "text_input", "What happened").value == "Mine"
    assert "Mine" not in unnoted.read_text()
    app = press(app)
    assert unnoted.read_text() == "day,text\n2026-01-06,Theirs\n2026-01-07,Mine\n"
