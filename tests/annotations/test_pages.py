"""Annotations as readers meet them: on charts, on Data health, and at the prompt."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from journey import ROOT
from journey.checking import problems
from tests.present.examples import EVIL
from tests.test_pages import run, words
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
    assert "Put a file annotations.csv into the data folder" in said
