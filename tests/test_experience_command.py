"""`python -m journey experience`: what each part prints, in each form."""

import csv
import io
import json
import os
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from journey import ROOT
from tests.prompt import journey
from tests.world import Business, day

PARTS = ("curve", "scores", "drivers", "silence", "money")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Business:
    """A shop of a hundred buyers who answer by turns."""
    business = Business(tmp_path_factory.mktemp("shop"), currency="EUR")
    rows = []
    for n in range(100):
        base = {"customer_id": f"p{n}", "channel": "Email", "persona": "=Hunter" if n % 2 else "B"}
        for place, (touchpoint, at) in enumerate(
            [("ad_clicked", 0), ("order_completed", 1), ("order_delivered", 3)]
        ):
            rows.append(
                base
                | {"event_id": f"p{n}-{place}", "touchpoint": touchpoint, "occurred_at": day(at)}
                | ({"revenue": 10 + n % 3, "order_id": f"o{n}"} if place else {})
            )
        if n % 3:
            rows.append(
                base
                | {"event_id": f"p{n}-3", "touchpoint": "survey_answered", "occurred_at": day(4)}
                | {"survey": "csat", "score": 1 + n % 5, "about": "order_delivered"}
            )
            rows.append(
                base
                | {"event_id": f"p{n}-5", "touchpoint": "survey_answered", "occurred_at": day(9)}
                | {"survey": "nps", "score": 2 * (n % 5), "about": "relationship"}
            )
        if n % 4 == 0:
            rows.append(
                base
                | {"event_id": f"p{n}-4", "touchpoint": "order_completed", "occurred_at": day(40)}
                | {"revenue": 20, "order_id": f"r{n}"}
            )
    business.deliver(rows)
    business.build()
    business.close()
    return business


def run(business: Business, *words: str) -> CompletedProcess[str]:
    """The command as a reader would call it."""
    return journey("--data", business.folder.root, "experience", *words)


PERIOD = ("--since", "2026-01-01", "--until", "2026-06-01", "--as-of", "2027-01-01")


@pytest.mark.parametrize("part", PARTS)
def test_each_part_in_each_form(shop: Business, part: str) -> None:
    told = json.loads(run(shop, part, *PERIOD, "--format", "json").stdout)
    assert (told["part"], told["since"], told["as_of"]) == (part, "2026-01-01", "2027-01-01")
    assert told["rows"]
    rows = list(csv.DictReader(io.StringIO(run(shop, part, *PERIOD, "--format", "csv").stdout)))
    assert len(rows) == len(told["rows"])
    assert list(rows[0]) == list(told["rows"][0])
    table = run(shop, part, *PERIOD)
    assert table.returncode == 0
    assert "order_delivered" in table.stdout


def test_the_curve_is_the_default_and_all_time_the_period(shop: Business) -> None:
    told = json.loads(run(shop, "--format", "json").stdout)
    assert told["part"] == "curve"
    stage = told["rows"][0]
    assert (stage["stage"], stage["touchpoint"], stage["answers"]) == ("post_purchase", None, 66)
    scores = [1 + n % 5 for n in range(100) if n % 3]
    assert stage["index"] == pytest.approx(sum(score - 3 for score in scores) / len(scores))
    assert stage["low"] < stage["index"] < stage["high"]


def test_what_was_settled_is_told(shop: Business) -> None:
    told = json.loads(run(shop, "scores", *PERIOD, "--method", "mean", "--format", "json").stdout)
    assert (told["survey"], told["method"], told["unit"]) == ("csat", "mean", "score")
    assert (told["scale"], told["weighted"], told["left_out"]) == ([1, 5], False, 0)
    assert told["compared_with"] == ["2025-08-03", "2026-01-01"]


def test_personas_beside_each_other(shop: Business) -> None:
    done = run(shop, "curve", "--persona", "=Hunter", "B", "--format", "csv")
    personas = {row["persona"] for row in csv.DictReader(io.StringIO(done.stdout))}
    assert personas == {"'=Hunter", "B"}, "a text that a spreadsheet would run is made safe"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("curve", "--persona", "Bee"), "There is no persona 'Bee'"),
        (("scores", "--survey", "cast"), "Did you mean 'csat'?"),
        (("scores", "--method", "median"), "Choose one of top_boxes, mean, sum_of_maximum"),
        (("money", "--where", "channel=Emial"), "Did you mean 'Email'?"),
    ],
)
def test_what_there_is_not(shop: Business, words: tuple[str, ...], says: str) -> None:
    done = run(shop, *words)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_period_without_answers(shop: Business) -> None:
    for part in PARTS:
        done = run(shop, part, "--since", "2020-01-01", "--until", "2020-02-01", "--format", "json")
        assert done.returncode == 0, done.stderr
        rows = json.loads(done.stdout)["rows"]
        assert [row for row in rows if row.get("answers")] == []


def test_weighted_answers_of_a_real_survey(tmp_path: Path) -> None:
    data = Path(os.environ.get("JOURNEY_SHARED_DATA") or ROOT.parent / "shared" / "data")
    file = data / "sfo_customer_survey_2017" / "2017_SFO_Customer_Survey.csv"
    if not file.exists():
        pytest.skip(f"{file} is not here (set JOURNEY_SHARED_DATA)")
    business = Business(tmp_path)
    for words in (["ingest", str(file), "--as", "sfo_customer_survey"], ["build"]):
        done = journey("--data", business.folder.root, *words)
        assert done.returncode == 0, done.stderr

    def whole(survey: str, method: str) -> dict[str, float]:
        words = ("scores", "--by", "month", "--survey", survey, "--method", method)
        told = json.loads(run(business, *words, "--format", "json").stdout)
        assert told["weighted"]
        return told["rows"][-1]

    nps = whole("nps", "net")
    assert nps["answers"] == 2_746
    assert (round(nps["value"], 2), round(nps["unweighted"], 2)) == (40.40, 39.84)
    assert 2_200 < nps["effective_answers"] < 2_300
    mean, boxes = whole("csat", "mean"), whole("csat", "top_boxes")
    assert mean["answers"] == 2_688
    assert round(mean["unweighted"], 3) == 4.064
    assert round(100 * boxes["unweighted"], 2) == 82.07
    # Weighted by hand: 6.15, 32.44, 438.76, 1502.50 and 713.89 for 1 to 5.
    assert round(mean["value"], 4) == 4.0712
