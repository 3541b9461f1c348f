"""`python -m journey trend`: what it gives, and how it refuses."""

import csv
import io
import json

import pytest

from journey.__main__ import main
from tests.world import Business


@pytest.fixture
def trend(town: Business, capsys):
    """What the command prints, in this process."""

    def run(*asked: str, code: int = 0) -> str:
        assert main(["--data", str(town.folder.root), "trend", *asked]) == code
        printed = capsys.readouterr()
        return printed.err if code else printed.out

    return run


def test_as_json(trend) -> None:
    found = json.loads(trend("new_people", "--format", "json"))
    assert (found["metric"], found["unit"], found["grain"]) == ("new_people", "people", "week")
    assert len(found["levels"]) == len(found["changes"]) + 1
    assert all(point["side"] in (-1, 0, 1) for point in found["points"])
    assert sum(point["cases"] for point in found["points"]) == sum(
        level["cases"] for level in found["levels"]
    )
    assert found["told"]


def test_as_rows(trend) -> None:
    rows = list(csv.DictReader(io.StringIO(trend("new_people", "--format", "csv"))))
    assert list(rows[0]) == ["at", "value", "low", "middle", "high", "side", "cases"]
    assert "since" in trend("new_people")


def test_what_is_no_course_is_refused_with_a_remedy(trend) -> None:
    said = trend("time_to_purchase", code=1)
    assert "decision/time_to_purchase has no course" in said
    assert "Choose a metric in time" in said


@pytest.fixture
def forecast(town: Business, capsys):
    """What the command prints, in this process."""

    def run(*asked: str, code: int = 0) -> str:
        assert main(["--data", str(town.folder.root), "forecast", *asked]) == code
        printed = capsys.readouterr()
        return printed.err if code else printed.out

    return run


def test_a_forecast_of_few_weeks_or_without_a_day_is_refused(forecast) -> None:
    assert "needs 16" in forecast("new_people", "--by", "2030-01-01", code=1)
    assert "Say it with --by" in forecast("new_people", code=1)
    assert "has no course" in forecast("time_to_purchase", "--by", "2030-01-01", code=1)
