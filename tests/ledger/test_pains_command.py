"""What hurts at the prompt: in sentences, as a table for a program, and where nothing hurts."""

import csv
import io
import json

import pytest

from journey.__main__ import main
from journey.analysis.pains.finding import find
from journey.metrics.engine import Engine
from tests.ledger.shop import FIXED
from tests.world import Business


def told(shop: Business, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What `pains` prints."""
    assert main(["--data", str(shop.folder.root), "pains", *words]) == 0
    return capsys.readouterr().out


def test_it_is_told_in_sentences(shop: Business, capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(shop, capsys).splitlines()
    assert lines[0] == "2026-01-05 to 2026-05-14:"
    assert lines[1].startswith("1. Mobile checkout lost ")
    assert "against its other days, about EUR" in lines[1]
    assert "6 to 19 March 2026." in lines[1]
    assert "stood there" in lines[2]
    assert lines[-1].startswith("Together about EUR ")
    assert "no loss is counted twice" in lines[-1]


def test_a_program_gets_all_of_it(shop: Business, capsys: pytest.CaptureFixture[str]) -> None:
    answer = json.loads(told(shop, capsys, "--format", "json"))
    engine = Engine(shop.folder)
    filters = engine.filters(engine.snapshot.first_day, FIXED.replace(month=5, day=15))
    (expected,) = find(engine, shop.config, filters)
    engine.close()
    (one,) = answer["pains"]
    assert (one["key"], one["sentence"]) == (expected.key, expected.sentence)
    assert one["who"] == {"device": "mobile"}
    assert (one["since"], one["until"]) == ("2026-03-06", FIXED.isoformat())
    assert one["lost"]["low"] < one["lost"]["value"] < one["lost"]["high"]
    assert answer["money_a_month"]["value"] == pytest.approx(one["money_a_month"]["value"])
    assert one["evidence"][0]["n"] == one["affected"]
    (row,) = csv.DictReader(io.StringIO(told(shop, capsys, "--format", "csv")))
    assert (row["rank"], row["key"]) == ("1", expected.key)
    assert float(row["money_a_month"]) == pytest.approx(one["money_a_month"]["value"])


def test_where_nothing_hurts_it_says_so(shop: Business, capsys: pytest.CaptureFixture[str]) -> None:
    quiet = ("--since", "2026-01-05", "--until", "2026-02-20")
    assert "Nothing hurts enough to tell from chance" in told(shop, capsys, *quiet)
    answer = json.loads(told(shop, capsys, *quiet, "--format", "json"))
    assert (answer["pains"], answer["money_a_month"]) == ([], None)
    assert told(shop, capsys, *quiet, "--format", "csv").count("\n") == 1
    assert "Nothing hurts" in told(shop, capsys, "--where", "device=desktop")


def test_a_segment_that_is_not_there_is_refused(
    shop: Business, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--data", str(shop.folder.root), "pains", "--where", "device=mobil"]
    assert main(words) == 1
    assert "Did you mean" in capsys.readouterr().err
