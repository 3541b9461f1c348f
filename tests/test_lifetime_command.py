"""`python -m journey lifetime`: what it gives, and how it refuses."""

import json
import random
from datetime import date, timedelta

import pytest

from journey.__main__ import main
from tests.test_commands import HEADER, Prompt


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """600 buyers over a year who live by a BG/NBD and spend by a Gamma-Gamma."""
    prompt = Prompt(tmp_path_factory.mktemp("lives"))
    chance, rows = random.Random(6), HEADER
    for person in range(600):
        rate, stop = chance.gammavariate(0.6, 1 / 5.0), chance.betavariate(1.0, 2.5)
        mean = 120 / chance.gammavariate(4, 1)
        day, number = float(chance.randrange(90)), 0
        while day < 364:
            at = date(2026, 1, 1) + timedelta(days=int(day))
            amount = round(mean * chance.gammavariate(5, 0.2), 2)
            channel = "Email" if person % 2 else "Social"
            rows += f"e{person}-{number},order_completed,{at},c{person},{channel},,{amount},EUR\n"
            number += 1
            if number > 1 and chance.random() < stop:
                break
            day += max(1.0, 7 * chance.expovariate(rate))
    assert prompt("ingest", prompt.file(rows), "--as", "events").returncode == 0
    assert prompt("build").returncode == 0
    return prompt


ASKED = ("--as-of", "2026-12-31")


@pytest.fixture
def lifetime(shop, capsys):
    """What the command prints, in this process: starting one takes longer than the command."""

    def run(*asked):
        given = "--data", str(shop.data), "--config", str(shop.config)
        assert main([*given, "lifetime", *asked]) == 0
        return capsys.readouterr().out

    return run


def test_everything_as_json(lifetime):
    found = json.loads(lifetime(*ASKED, "--calibrate-until", "2026-08-01", "--format", "json"))
    assert list(found)[:5] == ["r", "alpha", "a", "b", "log_likelihood"]
    holdout = found["holdout"]
    assert (holdout["calibrate_until"], holdout["until"]) == ("2026-08-01", "2026-12-31")
    assert holdout["weeks"] == pytest.approx(152 / 7)
    assert holdout["parameters"] == {name: found[name] for name in ("r", "alpha", "a", "b")}
    assert holdout["weekly"][-1]["actual"] == holdout["cumulative"]["actual"]
    assert sum(row["people"] for row in holdout["by_frequency"]) == holdout["buyers"]
    for name, (low, high) in found["intervals"].items():
        assert low < found[name] < high


def test_without_a_day_the_last_third_is_held_out(lifetime):
    found = json.loads(lifetime(*ASKED, "--format", "json"))
    assert found["holdout"]["weeks"] == 17
    assert found["holdout"]["calibrate_until"] == "2026-09-03"
    assert found["r"] == found["whole_time"]["r"] != found["holdout"]["parameters"]["r"]


def test_value_to_come_is_discounted_and_after_costs(lifetime):
    asked = (*ASKED, "--format", "json", "--weeks", "26")
    plain = json.loads(lifetime(*asked, "--discount", "0"))["to_come"]
    later = json.loads(lifetime(*asked, "--discount", "0.5", "--margin", "0.4"))["to_come"]
    assert plain["purchases"] == later["purchases"]
    assert 0.3 < later["value"]["total"] / plain["value"]["total"] < 0.4
    for told in (plain["purchases"], plain["value"]):
        assert told["low"] < told["total"] < told["high"]


@pytest.mark.parametrize(
    ("rows", "first"),
    [
        ("parameters", "model,fitted_until,parameter,value,low,high"),
        ("weekly", "ends_on,week,actual,forecast,is_held_out"),
        ("frequency", "repeats,people,actual,low,high,forecast"),
        ("channels", "channel,people,spent,alive,likely_gone,purchases"),
        ("repeats", "repeats_so_far,people,spent,alive,likely_gone,purchases"),
        ("tenths", "tenth,people,value,share"),
        ("people", "person,channel,first_on,repeats,recency_days,age_days,spent,alive"),
    ],
)
def test_every_table(lifetime, rows, first):
    told = lifetime(*ASKED, "--rows", rows, "--format", "csv")
    assert told.startswith(first)
    assert len(told.splitlines()) > 1
    assert lifetime(*ASKED, "--rows", rows).strip()


def test_the_parts_add_up_to_the_whole(lifetime):
    whole = json.loads(lifetime(*ASKED, "--format", "json"))["to_come"]

    def table(rows):
        header, *lines = lifetime(*ASKED, "--rows", rows, "--format", "csv").splitlines()
        return [dict(zip(header.split(","), line.split(","), strict=True)) for line in lines]

    for rows in ("channels", "repeats", "tenths"):
        parts = table(rows)
        assert sum(int(part["people"]) for part in parts) == 600
        value = sum(int(part["people"]) * float(part["value"]) for part in parts)
        assert value == pytest.approx(whole["value"]["total"])
    persons = table("people")
    assert sum(float(person["value"]) for person in persons) == pytest.approx(
        whole["value"]["total"]
    )


def test_ids_are_masked_unless_the_operator_allows_them(lifetime, monkeypatch):
    asked = *ASKED, "--rows", "people", "--format", "csv"
    masked = lifetime(*asked)
    assert ",c1," not in masked.replace("\n", ",")
    monkeypatch.setenv("JOURNEY_SHOW_PERSON_IDS", "1")
    shown = lifetime(*asked)
    assert shown.startswith("person_id,")
    assert {f"c{n}" for n in range(600)} == {line.split(",")[0] for line in shown.splitlines()[1:]}
    assert [line.split(",")[1:] for line in masked.splitlines()[1:]] == [
        line.split(",")[1:] for line in shown.splitlines()[1:]
    ]


def test_a_filter_takes_people_by_their_first_order(lifetime):
    found = json.loads(lifetime(*ASKED, "--where", "channel=Email", "--format", "json"))
    assert found["buyers"] == 300


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("--as-of", "2026-02-01"), "the model needs 50"),
        (("--as-of", "2025-02-01"), "No identified buyer placed a first order before 2025-02-01"),
        ((*ASKED, "--calibrate-until", "2027-02-01"), "leaves nothing to compare"),
        ((*ASKED, "--calibrate-until", "2026-01-20"), "the model needs 50"),
    ],
)
def test_it_refuses_in_words(shop, asked, says):
    assert says in shop.error("lifetime", *asked)


def test_a_share_that_is_none(shop):
    done = shop("lifetime", *ASKED, "--margin", "40")
    assert done.returncode == 2
    assert "'40' is not a share from 0 to 1" in done.stderr
