"""`python -m journey attribution`: what it promises, on paths with known answers."""

import csv
import io
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from journey import ROOT
from tests.prompt import journey
from tests.world import Business, people

WAYS = {"Search Email": (3, 1), "Search": (2, 4), "Social Search Email": (1, 0), "Social": (0, 5),
        "Email": (1, 1)}  # fmt: skip
"""Definitions §9: the way, its orders and its paths to none."""


def golden() -> list[dict]:
    """The ways of definitions §9 as people: a visit a day, the order an hour after the last."""
    lines = {}
    for way, (orders, nulls) in WAYS.items():
        channels = way.split()
        for number in range(orders + nulls):
            visits = [f"page_viewed@{day},channel={name}" for day, name in enumerate(channels)]
            if number < orders:
                money = f"order_id={way[:3]}{len(channels)}{number},revenue=10,currency=EUR"
                visits.append(f"order_completed@{len(channels) - 0.96},channel=Unassigned,{money}")
            lines[f"{way.replace(' ', '')}{number}"] = " ".join(visits)
    return people(**lines)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """The golden ways, built."""
    business = Business(tmp_path_factory.mktemp("shop"), currency="EUR")
    business.deliver(golden())
    business.build()
    yield business
    business.close()


def run(business: Business, *words: str) -> CompletedProcess[str]:
    """The command at a prompt."""
    return journey("attribution", *words, JOURNEY_DATA=str(business.folder.root))


def answer(business: Business, *words: str) -> dict:
    """What the command says in JSON."""
    done = run(business, *words, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def credit(found: dict, key: str = "credit") -> dict[str, float]:
    """Channel to its credit, or another column."""
    return {row["channel"]: row[key] for row in found["channels"]}


def test_markov_with_nulls_gives_the_golden_fractions(shop: Business) -> None:
    found = answer(shop, "--model", "markov", "--order", "1", "--with-nulls")
    assert credit(found) == pytest.approx(
        {"Search": 3003 / 853, "Email": 2695 / 853, "Social": 273 / 853}
    )
    assert credit(found, "removal_effect") == pytest.approx(
        {"Search": 39 / 49, "Email": 5 / 7, "Social": 39 / 539}
    )
    assert found["total"] == 7
    assert sum(credit(found, "value").values()) == pytest.approx(70)
    assert found["value"] == 70
    assert [row["channel"] for row in found["channels"]] == ["Search", "Email", "Social"]
    assert "with paths to no order" in found["rule"]
    assert "30 days up to it" in found["rule"]


def test_without_nulls_other_effects(shop: Business) -> None:
    found = answer(shop, "--model", "markov")
    assert sum(credit(found).values()) == pytest.approx(7)
    assert credit(found, "removal_effect")["Social"] != pytest.approx(39 / 539)
    assert "without paths to no order" in found["rule"]


def test_shapley_gives_the_golden_fractions(shop: Business) -> None:
    found = answer(shop, "--model", "shapley")
    assert credit(found) == pytest.approx({"Search": 23 / 6, "Email": 17 / 6, "Social": 1 / 3})
    assert set(credit(found, "removal_effect").values()) == {None}


def test_all_models_with_verdicts_and_what_is_the_same(shop: Business) -> None:
    found = answer(shop, "--model", "all", "--with-nulls")
    search = next(row for row in found["channels"] if row["channel"] == "Search")
    assert search["credits"]["first"] == 5
    assert search["credits"]["markov"] == pytest.approx(3003 / 853)
    assert search["verdict"] == "too few"
    assert search["lowest"] == 2
    assert "participation" not in found["compared"]
    assert any("no second witness" in sentence for sentence in found["same"])


def test_intervals_are_the_same_every_time(shop: Business) -> None:
    first = answer(shop, "--model", "linear", "--intervals")
    assert first == answer(shop, "--model", "linear", "--intervals")
    for row in first["channels"]:
        assert row["credit_low"] <= row["credit"] <= row["credit_high"]
        assert 0 <= row["top_1"] <= row["top_3"] <= 1


def test_csv_and_table(shop: Business) -> None:
    rows = list(csv.DictReader(io.StringIO(run(shop, "--model", "last", "--format", "csv").stdout)))
    assert {row["channel"]: float(row["credit"]) for row in rows} == {
        "Email": 5, "Search": 2, "Social": 0,
    }  # fmt: skip
    shown = run(shop, "--model", "last").stdout
    assert "Last touch: each order goes to the last visit of its path." in shown


def test_the_frame_narrows_it(shop: Business) -> None:
    found = answer(shop, "--model", "last", "--until", "2026-01-06")
    assert found["total"] == 3, "two through Search and one through Email ordered on the first day"
    chosen = answer(shop, "--model", "first", "--where", "channel=Social")
    assert credit(chosen) == {"Social": 1, "Search": 0, "Email": 0}


def test_spend_gives_cost_per_order_where_paths_are_enough(tmp_path: Path) -> None:
    business = Business(tmp_path, currency="EUR")
    lines = {
        f"p{number}": f"ad_clicked@0,channel=Display order_completed@0.01,order_id=o{number},"
        "revenue=20,currency=EUR,channel=Display"
        for number in range(40)
    }
    business.deliver(people(**lines))
    business.build()
    business.folder.spend.write_text(
        "day,channel,cost,currency\n2026-01-05,Display,100,EUR\n2026-01-05,Email,7,USD\n"
    )
    found = answer(business, "--model", "linear")
    assert credit(found, "cpa") == {"Display": 2.5}
    assert credit(found, "roas") == {"Display": 8.0}
    assert "USD 7.00 is left out" in found["spend"]
    (costs,) = answer(business, "--model", "all")["costs"]
    assert (costs["cpa Markov"], costs["roas Shapley"]) == (2.5, 8.0)
    business.folder.spend.write_text("day,channel,cost,currency\n2026-01-05,Display,1oo,EUR\n")
    failed = run(business, "--model", "linear")
    assert failed.returncode == 1
    assert "spend.csv, line 2: the cost is '1oo'" in failed.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--model", "markow"), "Did you mean 'markov'"),
        (("--lookback", "30"), "is not a look-back"),
        (("--transform", "frist"), "Did you mean 'first'"),
        (("--half-life", "0"), "half-life"),
        (("--weights", "0", "0", "0"), "weights"),
        (("--baseline", "lastt"), "Did you mean 'last'"),
        (("--where", "channel=Nowhere"), "There is no channel 'Nowhere'"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(
    shop: Business, words: tuple[str, ...], said: str
) -> None:
    done = run(shop, *words)
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert said in line


def test_the_commands_of_the_readme_work(shop: Business) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^python -m journey attribution (.*)$", readme, re.MULTILINE)
    assert len(commands) == 4
    for command in commands:
        done = run(shop, *shlex.split(command))
        assert done.returncode == 0, done.stderr


def test_the_demo_keeps_files_that_are_not_its_own(tmp_path: Path) -> None:
    def demo() -> str:
        done = journey("--data", tmp_path, "demo", "--people", "200")
        assert done.returncode == 0, done.stderr
        return done.stdout

    spend = tmp_path / "spend.csv"
    assert "spend.csv is your own" not in demo()
    assert spend.read_bytes() == (tmp_path / "demo" / "spend.csv").read_bytes()
    assert "spend.csv is your own" not in demo(), "the demo's own copy is made again"
    spend.write_text("day,channel,cost,currency\n")
    assert "spend.csv is your own and stays" in demo()
    assert spend.read_text() == "day,channel,cost,currency\n"
    copied = tmp_path / "annotations.csv"
    assert copied.read_bytes() == (tmp_path / "demo" / "annotations.csv").read_bytes()
