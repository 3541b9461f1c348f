"""The page "Did it work?" as readers meet it: a verdict, a failed check, and no experiment."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from journey import ROOT
from tests.analysis.experiments.test_readout import crowd
from tests.test_pages import plain, run, words
from tests.world import Business, people

PAGE = ROOT / "pages" / "experiments.py"
ALL = {"period": "All time"}
LATE = people(late="page_viewed@90")
"""Someone long after, so that everybody before has had their time."""


def made(root: Path, rows: list[dict]) -> Iterator[Business]:
    """A business with these events, built."""
    business = Business(root, currency="EUR")
    business.deliver(rows)
    business.build()
    yield business
    business.close()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """One experiment that worked."""
    rows = [*crowd(B=(90, 200), A=(50, 200)), *LATE]
    yield from made(tmp_path_factory.mktemp("worked"), rows)


def dots(app: AppTest, chart: int) -> list[float]:
    """The values of a picture of estimates."""
    spec = json.loads(app.get("plotly_chart")[chart].proto.spec)
    return next(trace for trace in spec["data"] if trace.get("name") == "value")["x"]


def test_the_verdict_stands_first_with_its_numbers(
    shop: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(PAGE, shop, monkeypatch, **ALL)
    assert not app.exception
    said = words(app).replace("\u2009", " ").replace("\u202f", " ")
    assert "✓ Better" in said
    assert "+20.0 points" in said
    assert "45.0 % of 200 against 25.0 % of 200" in said
    assert "It holds (p = 1)" in said
    assert "holds however often one looks" in said
    assert "Groups are for questions, not for answers" in said
    assert dots(app, 0) == pytest.approx([20, 20])


def test_goal_and_groups_are_chosen_in_the_address(
    shop: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(PAGE, shop, monkeypatch, **ALL, goal="Order completed", groups_by="Device")
    assert not app.exception
    said = words(app)
    assert "who reached the goal (order completed)" in said
    assert "Lift by device" in said


def test_an_experiment_is_read_whole_whatever_the_period(
    shop: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(PAGE, shop, monkeypatch, period="Custom", days="2026-01-20:2026-04-05")
    assert not app.exception
    if "400" not in words(app):
        pytest.skip("the address does not carry days in this version")
    assert "All 400 people have had 30 days" in words(app)


def test_a_failed_sample_ratio_hides_the_lift(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for business in made(tmp_path, [*crowd(B=(90, 300), A=(50, 200)), *LATE]):
        app = run(PAGE, business, monkeypatch, **ALL)
        assert not app.exception
        said = words(app)
        assert "! Do not trust: sample ratio" in said
        assert "250 and 250 were planned" in said
        assert "the sample ratio has failed" in said
        assert re.search(r"\d points", said) is None


def test_several_arms_have_a_plate_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [*crowd(one=(90, 200), two=(20, 200), none=(50, 200)), *LATE]
    for business in made(tmp_path, rows):
        app = run(PAGE, business, monkeypatch, **ALL)
        assert not app.exception
        said = words(app)
        assert "One against None" in said
        assert "Two against None" in said
        assert "✕ Worse" in said
        assert "hold for all arms together" in said


def test_all_of_several_experiments_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [*crowd(B=(90, 200), A=(50, 200)), *LATE]
    second = [
        row | {"experiment": "second" if row.get("experiment") else None,
               "customer_id": f"2{row['customer_id']}", "event_id": f"2{row['event_id']}"}
        for row in crowd(C=(60, 300), A=(50, 200))
    ]  # fmt: skip
    for business in made(tmp_path, [*rows, *second]):
        app = run(PAGE, business, monkeypatch, **ALL, experiment="second")
        assert not app.exception
        every = words(app).partition('aria-label="All experiments"')[2].partition("</table>")[0]
        assert "✓ Better" in every
        assert "! Do not trust: sample ratio" in every
        assert every.count("+20.0 points") == 1, "no lift where the sample ratio failed"


def test_a_planned_goal_that_is_an_order_is_not_lost(
    shop: Business, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "journey.toml"
    config.write_text('[experiments.banner]\ngoal = "order_completed"\ncontrol = "B"\n')
    monkeypatch.setenv("JOURNEY_CONFIG", str(config))
    app = run(PAGE, shop, monkeypatch, **ALL)
    assert not app.exception
    assert "who reached the goal (order completed)" in words(app)
    assert "✕ Worse" in words(app)


def test_one_arm_has_nothing_to_compare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for business in made(tmp_path, [*crowd(A=(50, 200)), *LATE]):
        app = run(PAGE, business, monkeypatch, **ALL)
        assert not app.exception
        assert "one arm only" in words(app)


def test_without_any_it_says_how_to_send_one(
    visitor: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(PAGE, visitor, monkeypatch, **ALL)
    assert not app.exception
    assert "the data holds no experiment" in words(app)
    assert "free-returns-banner,B" in app.code[0].value


def test_one_elsewhere_is_named(shop: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    app = run(PAGE, shop, monkeypatch, period="Last 30 days")
    assert not app.exception
    assert "The data holds banner" in words(app)


def test_names_from_the_data_are_only_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [*crowd(B=(90, 200), A=(50, 200)), *LATE]
    for row in rows:
        if row.get("variant") == "B":
            row["variant"] = "<img src=x onerror=alert(1)>"
        if row.get("experiment"):
            row["experiment"] = "<b>banner</b>"
    for business in made(tmp_path, rows):
        app = run(PAGE, business, monkeypatch, **ALL)
        assert not app.exception
        assert "<img" not in plain(words(app))
        assert "<b>banner" not in plain(words(app))
