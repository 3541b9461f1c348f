"""`python -m journey next`: what it gives, and how it refuses."""

import json

import pytest

from journey.__main__ import main
from tests.analysis.nextsteps.test_next_steps import wandering
from tests.world import Business

PERIOD = ("--since", "2026-01-01", "--until", "2026-03-01", "--as-of", "2026-06-01")


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """People whom reviews bring on."""
    business = Business(tmp_path_factory.mktemp("wanderers"))
    rows = wandering(4, extra=0.6, crowd=1500)
    for row in rows:
        row["persona"] = "Reader" if row["device"] == "desktop" else "Skimmer"
    business.deliver(rows, "parquet")
    business.build()
    yield business
    business.close()


@pytest.fixture
def ask(shop, capsys):
    """What the command prints, in this process."""

    def run(*asked):
        assert main(["--data", str(shop.folder.root), "next", *asked, *PERIOD]) == 0
        return capsys.readouterr().out

    return run


def test_one_persona_at_one_stage_as_json(ask):
    asked = ("--persona", "Reader", "--stage", "consideration", "--format", "json")
    found = json.loads(ask(*asked))
    assert found["over"] == "touchpoint"
    best = found["rows"][0]
    assert (best["persona"], best["next"], best["verdict"]) == (
        "Reader", "reviews_read", "more often",
    )  # fmt: skip
    assert best["points_low"] > 0
    assert best["experiment_people"] > 0
    assert found["told"][0].startswith("Reader, consideration: after Reviews read, more went on")
    assert "not an effect" in found["caveat"]
    assert {row["persona"] for row in found["rows"]} == {"Reader"}


def test_each_persona_and_everyone(ask):
    each = json.loads(ask("--persona", "each", "--format", "json"))
    assert {row["persona"] for row in each["rows"]} == {"Reader", "Skimmer"}
    everyone = ask("--format", "csv").splitlines()
    assert everyone[0].startswith("persona,stage,next,verdict,journeys,matched")
    assert everyone[1].startswith("Everyone,consideration,reviews_read,more often")
    assert len(ask("--most", "1", "--format", "csv").splitlines()) == 2


def test_in_words(ask):
    said = ask()
    assert "steps looked at" in said
    assert "An association among comparable journeys" in said


def test_where_nothing_can_be_told(ask):
    assert "No journey of this period" in ask("--stage", "post_purchase")


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("--stage", "decison"), "Did you mean 'decision'?"),
        (("--persona", "Readr"), "Did you mean 'Reader'?"),
    ],
)
def test_it_refuses_in_words(shop, capsys, asked, says):
    assert main(["--data", str(shop.folder.root), "next", *asked, *PERIOD]) == 1
    assert says in capsys.readouterr().err
