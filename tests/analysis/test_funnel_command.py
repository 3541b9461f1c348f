"""The funnel at the prompt: what it promises in JSON, its agreement with the metrics, and what
it says when a question makes no sense."""

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from journey.__main__ import main
from journey.analysis.funnel import report
from journey.analysis.funnel.spec import Count, Funnel
from journey.analysis.funnel.steps import parse_step
from journey.config import STAGES
from journey.intake.sources import queries_folder
from tests.world import FIRST_DAY, TWO_YEARS_LATER, YEAR_LATER, Business

Prompt = Callable[..., dict[str, Any]]

VIEW_TO_ORDER = ("--steps", "product_viewed", "product_added", "order_completed")


@pytest.fixture
def prompt(
    town: Business, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Prompt:
    """`python -m journey funnel ...` in the town, as JSON."""
    monkeypatch.setenv("JOURNEY_DATA", str(town.folder.root))

    def ask(*words: str) -> dict[str, Any]:
        assert main(["funnel", *words, "--format", "json"]) == 0
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return answer

    return ask


def counts(answer: dict[str, Any]) -> list[int]:
    return [step["count"] for step in answer["steps"]]


def test_the_promised_keys(prompt: Prompt) -> None:
    answer = prompt(*VIEW_TO_ORDER)
    assert list(answer)[:2] == ["steps", "rule"]
    assert [step["step"] for step in answer["steps"]] == [*VIEW_TO_ORDER[1:]]
    # Ana viewed twice and added once; Gil viewed and ordered without a cart; Cleo viewed once.
    assert counts(answer) == [3, 1, 1]
    assert [step["overall"] for step in answer["steps"]] == [1.0, 1 / 3, 1 / 3]
    assert [step["previous"] for step in answer["steps"]] == [None, 1 / 3, 1.0]
    assert answer["rule"].startswith("People with product_viewed, then product_added, then order")


def test_each_mode_counts_its_own_way(prompt: Prompt) -> None:
    steps = ("--steps", "product_viewed", "product_added", "order_completed")
    assert counts(prompt(*steps, "--mode", "flexible")) == [3, 1, 2]
    assert counts(prompt(*steps, "--mode", "any")) == [3, 2, 2], "Cleo looked after she had bought"
    assert counts(prompt(*steps, "--mode", "strict")) == [3, 1, 0], "Ana went to the checkout first"
    ignoring = ("--mode", "strict", "--ignore", "checkout_started")
    assert counts(prompt(*steps, *ignoring)) == [3, 1, 1]


def test_each_count_counts_its_own(prompt: Prompt) -> None:
    steps = ("--steps", "product_viewed", "order_completed")
    assert counts(prompt(*steps)) == [3, 2]
    assert counts(prompt(*steps, "--count", "journeys")) == [4, 3]
    assert counts(prompt(*steps, "--count", "entries")) == [4, 3]
    assert counts(prompt(*steps, "--count", "sessions")) == [4, 1]


def test_the_frame_holds(prompt: Prompt) -> None:
    assert counts(prompt(*VIEW_TO_ORDER, "--where", "channel=Social")) == [1, 0, 0]
    assert counts(prompt(*VIEW_TO_ORDER, "--since", "2026-03-01")) == [1, 0, 0]
    assert counts(prompt(*VIEW_TO_ORDER, "--as-of", "2026-01-05T12:14")) == [1, 0, 0]
    answer = prompt(*VIEW_TO_ORDER, "--window", "30d", "--mature-only", "--as-of", "2026-02-10")
    assert counts(answer) == [1, 1, 1], "only Ana has had her 30 days"
    assert "only where the 30 days were over" in answer["rule"]


def test_nobody(prompt: Prompt) -> None:
    answer = prompt(*VIEW_TO_ORDER, "--until", "2020-01-01", "--since", "2019-01-01")
    assert counts(answer) == [0, 0, 0]
    assert [step["overall"] for step in answer["steps"]] == [None] * 3


def test_as_csv_and_as_a_table(prompt: Prompt, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["funnel", *VIEW_TO_ORDER, "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("step,count,overall,previous")
    assert lines[1].startswith("product_viewed,3,1.0,,")
    assert main(["funnel", *VIEW_TO_ORDER]) == 0
    assert "People with product_viewed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--steps", "product_viewed"], "2 to 10 steps"),
        (["--steps", "product_veiwed", "order_completed"], "Did you mean 'product_viewed'"),
        (["--steps", "product_viewed", "loyalty"], "ordering again"),
        (["--steps", "product_viewed", "order_completed", "--mature-only"], "Give a --window"),
        (["--steps", "product_viewed", "order_completed", "--window", "soon"], "span of time"),
        ([*VIEW_TO_ORDER, "--times", "1-9"], "two of the steps 1 to 3, the earlier first"),
        ([*VIEW_TO_ORDER, "--times", "2-1"], "not from 2 to 1. Give them as in 1-3."),
        ([*VIEW_TO_ORDER, "--estimates"], "Give a --window"),
    ],
)
def test_a_question_that_makes_no_sense(
    words: list[str], said: str, prompt: Prompt, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["funnel", *words]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert error.startswith("journey: ")
    assert error.count("\n") == 1


def test_the_stage_funnel_ends_where_this_one_does(town: Business) -> None:
    """Mature journeys with an order: those that had a touch before it, which is what a funnel of
    two steps sees, and those that began with it."""
    before = [stage for stage in STAGES if stage not in ("purchase", "loyalty")]
    funnel = Funnel(
        (parse_step(",".join([*before, "unmapped"])), parse_step("purchase")),
        window=timedelta(days=30),
        count=Count.JOURNEYS,
    )
    filters = town.engine.filters(FIRST_DAY, YEAR_LATER, TWO_YEARS_LATER)
    found = report.ask(town.engine, funnel, filters, mature_only=True).steps[1].count
    began = sum(
        row["order_touch_number"] == 1 or row["started_at"] == row["purchase_at"]
        for row in town.table("journeys")
        if not row["is_orphan"] and row["order_event_id"] and row["touches"] >= 1
    )
    stages = dict(town.ask("stage_funnel").rows())
    assert found + began == stages["purchase"]
    assert found > 0


VIEWS = {
    "by": ("--by", "device"),
    "course": ("--course", "month"),
    "times": ("--times", "1-2"),
    "open": ("--open",),
    "before": ("--before", "--since", "2026-02-01"),
    "against": ("--where", "device=mobile", "--against", "else"),
    "estimates": ("--estimates",),
    "money": ("--money",),
    "drivers": ("--drivers", "1-2"),
    "left": ("--left", "2"),
}


@pytest.mark.parametrize("name", VIEWS)
def test_each_view_has_rows_in_every_format(
    name: str, prompt: Prompt, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["funnel", *VIEW_TO_ORDER, "--window", "30d", *VIEWS[name]]
    rows = prompt(*words[1:])[name]
    assert main([*words, "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(rows) + 1
    assert main(words) == 0
    assert "People with product_viewed" in capsys.readouterr().out


def test_another_group_is_what_its_own_filter_finds(prompt: Prompt) -> None:
    mobile = counts(prompt(*VIEW_TO_ORDER, "--where", "device=mobile"))
    others = [all_ - own for all_, own in zip(counts(prompt(*VIEW_TO_ORDER)), mobile, strict=True)]
    assert mobile[0]
    assert others[0], "a town in which the two groups differ"
    for words in (("else",), ("device=desktop", "device=Unknown")):
        rows = prompt(*VIEW_TO_ORDER, "--where", "device=mobile", "--against", *words)["against"]
        overall = [row for row in rows if row["of"] == "overall"]
        assert [(row["part"], row["whole"]) for row in overall] == [
            (n, mobile[0]) for n in mobile[1:]
        ]
        assert [row["part_before"] for row in overall] == others[1:]
        assert {row["verdict"] for row in rows} == {"no call"}, "far too few"


def test_open_entry_counts_those_who_came_in_later(
    prompt: Prompt, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = prompt(*VIEW_TO_ORDER, "--open")
    came_in = [row["entered"] for row in answer["open"]]
    assert answer["open"][0]["count"] == came_in[0]
    for before, row in pairwise(answer["open"]):
        assert row["count"] == row["entered"] + row["came"]
        assert row["previous"] == row["came"] / before["count"]
    assert "coming in at whichever of these steps comes first" in answer["open_rule"]
    assert "each person once by the first product_viewed" in answer["rule"], "that of the steps"
    assert main(["funnel", *VIEW_TO_ORDER, "--open"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == answer["open_rule"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--mode", "flexible"), "no step has to come before the next"),
        (("--mode", "any"), "Choose the mode ordered or strict."),
        (("--exclude", "support_contacted"), "Take the exclusion away."),
        (("--count", "entries"), "count people, journeys or sessions."),
        (("--entry", "best"), "Leave the entry out"),
    ],
)
def test_open_entry_where_it_has_no_meaning(
    words: tuple[str, ...], said: str, town: Business, prompt: Prompt,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert main(["funnel", *VIEW_TO_ORDER, "--open", *words]) == 1
    assert said in capsys.readouterr().err


def test_a_comparison_with_nobody_says_so(
    prompt: Prompt, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["funnel", *VIEW_TO_ORDER, "--before"]) == 0
    said = capsys.readouterr().out
    assert "No people entered on the side of the span before" in said
    assert main(["funnel", *VIEW_TO_ORDER, "--against", "else"]) == 1
    assert "Everyone else than whom? Say it with --where" in capsys.readouterr().err


def test_who_left_is_masked_unless_ids_are_shown(
    prompt: Prompt, town: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = (*VIEW_TO_ORDER, "--left", "2")
    assert {row["person"] for row in prompt(*words)["left"]}.isdisjoint({"cleo", "gil"})
    monkeypatch.setenv("JOURNEY_SHOW_PERSON_IDS", "1")
    assert {row["person"] for row in prompt(*words)["left"]} == {"cleo", "gil"}


def test_who_left_is_saved_as_a_segment_that_filters(
    prompt: Prompt,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    queries = tmp_path / "queries"
    shutil.copytree(queries_folder(), queries)
    monkeypatch.setenv("JOURNEY_QUERIES", str(queries))
    assert main(["funnel", *VIEW_TO_ORDER, "--left", "2", "--save", "never_added"]) == 0
    assert "follows the rule. --where segment=never_added filters." in capsys.readouterr().out
    assert counts(prompt(*VIEW_TO_ORDER, "--where", "segment=never_added")) == [2, 0, 0]
    assert main(["funnel", *VIEW_TO_ORDER, "--left", "2", "--save", "never_added"]) == 1
    assert main(["funnel", *VIEW_TO_ORDER, "--save", "lost"]) == 1
    assert "--left 2 --save NAME" in capsys.readouterr().err
