"""Paths at the prompt: what is promised in JSON, CSV and tables, and what is said of nonsense."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from journey.__main__ import main
from journey.cleaning import Cleaning, Rule
from journey.errors import MetricError
from tests.world import Business, people

Prompt = Callable[..., dict[str, Any]]


@pytest.fixture
def prompt(
    town: Business, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Prompt:
    """`python -m journey paths ...` in the town, as JSON."""
    monkeypatch.setenv("JOURNEY_DATA", str(town.folder.root))

    def ask(*words: str) -> dict[str, Any]:
        assert main(["paths", *words, "--format", "json"]) == 0
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return answer

    return ask


@pytest.fixture
def refused(
    town: Business, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """What the command says where it cannot answer."""
    monkeypatch.setenv("JOURNEY_DATA", str(town.folder.root))

    def ask(*words: str) -> str:
        assert main(["paths", *words]) == 1
        return capsys.readouterr().err

    return ask


def column(answer: dict[str, Any], step: int) -> dict[str, int]:
    """The counts of a step that are not 0."""
    (found,) = (one for one in answer["columns"] if one["step"] == step)
    assert found["count"] == answer["start"] == sum(node["count"] for node in found["nodes"])
    return {node["node"]: node["count"] for node in found["nodes"] if node["count"]}


def test_the_promised_keys(prompt: Prompt) -> None:
    answer = prompt("--from", "product_viewed", "--steps", "2")
    # Ana's two journeys, Cleo's second and Gil's first hold one.
    assert answer["start"] == 4
    assert answer["title"] == "Journeys from their first product_viewed"
    assert column(answer, 1) == {"product_viewed": 4}
    assert column(answer, 2) == {"order_completed": 2, "product_added": 1, "Left": 1}
    edges = {(edge["step"], edge["from"], edge["to"]): edge for edge in answer["edges"]}
    assert set(edges) == {
        (1, "product_viewed", "order_completed"),
        (1, "product_viewed", "product_added"),
        (1, "product_viewed", "Left"),
    }
    edge = edges[1, "product_viewed", "order_completed"]
    assert (edge["count"], edge["overall"], edge["previous"]) == (2, 0.5, 0.5)
    assert edge["median_seconds"] == 86_400
    assert "each journey counts once, from its first product_viewed on" in answer["rule"]


def test_to_an_end_the_steps_count_back(prompt: Prompt) -> None:
    answer = prompt("--to", "order_completed", "--steps", "3")
    assert column(answer, 1) == {"order_completed": 5}
    # Gil's second order is a journey of its own, with nothing before it.
    assert column(answer, 2) == {
        "product_viewed": 2,
        "checkout_started": 1,
        "product_added": 1,
        "Began": 1,
    }


def test_between_two_anchors_only_those_who_arrive_count(prompt: Prompt) -> None:
    answer = prompt("--from", "product_viewed", "--to", "order_completed", "--steps", "4")
    assert (answer["anchored"], answer["start"]) == (4, 3)
    assert column(answer, 2) == {"order_completed": 2, "product_added": 1}
    assert column(answer, 3) == {"Arrived": 2, "checkout_started": 1}
    assert column(answer, 4) == {"Arrived": 2, "order_completed": 1}


def test_each_count_counts_its_own(prompt: Prompt) -> None:
    orders = ("--from", "order_completed", "--steps", "2")
    assert prompt(*orders)["start"] == 5
    assert prompt(*orders, "--count", "people")["start"] == 3
    assert prompt(*orders, "--count", "occurrences")["start"] == 5
    surveys = ("--from", "survey_answered", "--steps", "2", "--count")
    assert prompt(*surveys, "journeys")["start"] == 3
    assert prompt(*surveys, "occurrences")["start"] == 5


def test_names_are_cleaned_in_order(prompt: Prompt) -> None:
    answer = prompt("--rule", "product_* -> Products", "--rule", "product_added -> Cart")
    assert "product_added" not in json.dumps(answer["columns"])
    assert "Cart" not in json.dumps(answer["columns"])
    folded = prompt("--rule", "product_* -> Products", "--from", "Products", "--collapse")
    assert "Products" not in column(folded, 2)
    hidden = prompt("--hide", "survey_answered", "order_shipped")
    assert "survey_answered" not in json.dumps(hidden["columns"])
    assert "Hidden: survey_answered, order_shipped." in hidden["rule"]


def test_over_stages_and_channels(prompt: Prompt) -> None:
    stages = prompt("--over", "stage", "--from", "decision", "--collapse", "--steps", "2")
    assert column(stages, 2) == {"purchase": 2, "post_purchase": 1}
    channels = prompt("--over", "channel", "--collapse", "--where", "channel=Direct")
    assert column(channels, 1)["Direct"] == channels["start"]


def test_the_frame_holds(prompt: Prompt) -> None:
    assert prompt("--where", "channel=Email")["start"] == 2
    assert prompt("--since", "2026-03-01")["start"] == 2
    early = prompt("--from", "product_viewed", "--as-of", "2026-01-05T12:10")
    assert column(early, 2) == {"Left": 1}
    nobody = prompt("--since", "2019-01-01", "--until", "2019-02-01")
    assert nobody["start"] == 0
    assert column(nobody, 5) == {}


def test_two_groups_are_set_against_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    business = Business(tmp_path, currency="EUR")
    mobile = {f"m{n}": "ad_clicked@0 product_viewed@0.1 device=mobile" for n in range(40)}
    seconds = ["product_added"] * 30 + ["product_viewed"] * 10
    desktop = {
        f"d{n}": f"ad_clicked@0 {second}@0.1 device=desktop" for n, second in enumerate(seconds)
    }
    business.deliver(people(**mobile, **desktop))
    business.build()
    monkeypatch.setenv("JOURNEY_DATA", str(business.folder.root))
    assert main(["paths", "--versus", "device=mobile,desktop", "--format", "json"]) == 0
    versus = json.loads(capsys.readouterr().out)["versus"]
    assert (versus["first_paths"], versus["second_paths"]) == (40, 40)
    found = {(one["step"], one["node"]): one for one in versus["differences"]}
    view = found[2, "product_viewed"]
    assert (view["first"], view["second"], view["change"]) == (40, 10, 0.75)
    # Newcombe's method 10 of 40/40 against 10/40.
    assert (round(view["low"], 4), round(view["high"], 4)) == (0.5746, 0.8581)
    assert view["more_than_chance"]
    assert found[1, "ad_clicked"]["change"] == 0
    assert not found[1, "ad_clicked"]["more_than_chance"]
    (turn, *_) = versus["turns"]
    assert (turn["from"], abs(turn["change"])) == ("ad_clicked", 0.75)
    business.close()


def test_rows_as_csv(
    town: Business, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JOURNEY_DATA", str(town.folder.root))
    heads = {
        "columns": "step,node,kind,count,overall",
        "edges": "step,from,from_kind,to,to_kind,count,overall,previous,again,back,"
        "median_seconds,p95_seconds",
        "returns": "from,to,kind,count,leaving",
        "differences": "step,from,node,kind,first,first_paths,second,second_paths,change,low,"
        "high,more_than_chance",
    }
    for kind, head in heads.items():
        assert main(["paths", "--rows", kind, "--format", "csv"]) == 0
        rows = capsys.readouterr().out
        assert rows.splitlines()[0] == head
    assert main(["paths", "--whole", "--collapse", "--most", "3", "--format", "csv"]) == 0
    ways = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(ways) == 3
    assert ways[0]["all_ways"]


def test_the_table_says_its_rule(
    town: Business, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JOURNEY_DATA", str(town.folder.root))
    assert main(["paths", "--count", "people"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith("People from their first touch: ")
    assert "Every column adds up to all paths." in said
    assert "Other" in said
    assert "Left" in said


def test_the_configuration_names_touchpoints_for_good(
    town: Business,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("JOURNEY_DATA", str(town.folder.root))
    config = tmp_path / "journey.toml"
    config.write_text(
        '[paths]\nrules = ["ad_* -> Ads"]\nhide = ["never_seen", "page_viewed"]\ncollapse = true\n'
    )
    monkeypatch.setenv("JOURNEY_CONFIG", str(config))
    assert main(["paths", "--format", "json"]) == 0
    rule = json.loads(capsys.readouterr().out)["rule"]
    assert "ad_* -> Ads" in rule
    assert "Hidden: page_viewed." in rule
    assert "counts as one" in rule
    assert main(["paths", "--over", "stage", "--no-collapse", "--format", "json"]) == 0
    rule = json.loads(capsys.readouterr().out)["rule"]
    assert "Ads" not in rule
    assert "Repeats count as they are." in rule


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--from", "product_view"), "Did you mean 'product_viewed'?"),
        (("--steps", "11"), "Ask for 2 to 10"),
        (("--steps", "1"), "Ask for 2 to 10"),
        (("--top", "21"), "Ask for 1 to 20"),
        (("--hide", "nothing_like_it"), "There is no touchpoint 'nothing_like_it'"),
        (("--from", "ad_clicked", "--hide", "ad_clicked"), "hidden and an end of the paths"),
        (("--rule", "ads"), "'ads' is not a rule"),
        (("--rule", "regex:( -> x"), "is not a regular expression"),
        (("--versus", "devise=mobile,desktop"), "Did you mean 'device'?"),
        (("--versus", "device=mobile"), "names no two groups"),
        (("--versus", "device=mobile,mobile"), "compared with itself"),
        (("--versus", "device=mobile,toaster"), "There is no device 'toaster'"),
    ],
)
def test_nonsense_is_refused_with_the_remedy(
    refused: Callable[..., str], words: tuple[str, ...], says: str
) -> None:
    message = refused(*words)
    assert message.startswith("journey: ")
    assert says in message


def test_a_rule_cannot_run_away() -> None:
    """An expression that would take a backtracking matcher ages."""
    rule = Rule.read("regex:^(a+)+$ -> x")
    assert Cleaning((rule,)).names(["a" * 5_000 + "b"]) == {"a" * 5_000 + "b": "a" * 5_000 + "b"}
    with pytest.raises(MetricError):
        Rule.read("regex:(?=a) -> lookahead")


def test_rules_say_how_far_they_reach() -> None:
    rules = tuple(map(Rule.read, ["ad_* -> Ads", "ad_clicked -> Clicks", "regex:viewed -> Views"]))
    names = ["ad_clicked", "ad_viewed", "page_viewed", "order_completed"]
    assert Cleaning(rules).reach(names) == [2, 0, 1]
