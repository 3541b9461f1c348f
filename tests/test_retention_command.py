"""`python -m journey retention`: what it gives, and how it refuses."""

import json

import pytest

from journey.__main__ import main
from tests.test_commands import HEADER, Prompt

BUYS = {"ana": (1, 20, 50), "ben": (5, 40), "cleo": (9,), "dan": (33, 36)}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Four buyers, their orders by day of 2026."""
    prompt = Prompt(tmp_path_factory.mktemp("returns"))
    rows = HEADER
    for person, days in BUYS.items():
        for day in days:
            at = f"2026-{1 + (day - 1) // 31:02}-{1 + (day - 1) % 31:02}"
            channel = "Email" if day == days[0] else "Direct"
            rows += f"{person}{day},order_completed,{at},{person},{channel},,9,EUR\n"
    assert prompt("ingest", prompt.file(rows), "--as", "events").returncode == 0
    assert prompt("build").returncode == 0
    return prompt


@pytest.fixture
def retention(shop, capsys):
    """What the command prints, in this process."""

    def run(*asked):
        given = "--data", str(shop.data), "--config", str(shop.config)
        assert main([*given, "retention", "--as-of", "2026-06-01", *asked]) == 0
        return capsys.readouterr().out

    return run


def test_as_json(retention):
    found = json.loads(retention("--length", "2", "--format", "json"))
    assert list(found) == ["as_of", "rule", "cells", "means"]
    assert [(cell["cohort"], cell["came_back"], cell["of"]) for cell in found["cells"]] == [
        *(("2026-01-01", 1, 3), ("2026-01-01", 2, 3)),
        *(("2026-02-01", 1, 1), ("2026-02-01", 0, 1)),
    ]
    assert [(mean["came_back"], mean["of"]) for mean in found["means"]] == [(2, 4), (2, 4)]
    assert all(cell["is_complete"] for cell in found["cells"])


def test_the_other_tables(retention):
    assert retention("--rows", "means", "--format", "csv").startswith("bucket,from_unit,to_unit")
    by = retention("--rows", "by", "--by", "channel", "--format", "csv").splitlines()
    assert by[0].startswith("channel,bucket")
    assert {line.split(",")[0] for line in by[1:]} == {"Email"}
    assert "An order" not in retention("--rows", "lifecycle")
    lifecycle = json.loads(retention("--rows", "lifecycle", "--format", "json"))["lifecycle"]
    assert [(row["new"], row["returning"]) for row in lifecycle] == [(3, 0), (1, 2)]


def test_the_rule_is_said(retention):
    said = retention("--mode", "before", "--brackets", "7,30,90", "--unit", "day")
    assert "in that time or before" in said
    assert "days 7 to 29" in said


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("--start", "order_complete"), "Did you mean 'order_completed'?"),
        (("--brackets", "3,2"), "do not rise"),
        (("--rows", "by"), "Say by which segment"),
    ],
)
def test_it_refuses_in_words(shop, asked, says):
    assert says in shop.error("retention", *asked)
