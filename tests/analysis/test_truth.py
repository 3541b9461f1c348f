"""Planted effects are scored right: verdicts, the ledger against the truth, refusals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from journey import ROOT
from journey.analysis.pains.pain import Estimate, Pain
from journey.analysis.truth import wording
from journey.analysis.truth.pains import Planted, against, planted
from journey.analysis.truth.scored import FOUND, MISSED, OUTSIDE, Other, Part, Score
from journey.analysis.truth.scoring import score, table
from journey.demo.world import generate
from journey.errors import WarehouseError
from journey.intake.ingest import ingest
from tests.test_pages import run, words
from tests.world import Business, people

PAGE = ROOT / "pages" / "health.py"

PART = Part("incident", "orders lost", "", "orders", 40.0, 43.0, "ledger")


@pytest.mark.parametrize(
    ("found", "nothing", "verdict"),
    [
        (None, 0.0, MISSED),
        ((41.0, 35.0, 47.0), 0.0, FOUND),
        ((41.0, 35.0, 47.0), None, FOUND),
        ((41.0, 40.0, 47.0), 0.0, FOUND),
        ((30.0, 20.0, 39.0), 0.0, OUTSIDE),
        ((30.0, -5.0, 39.0), 0.0, OUTSIDE),
        ((30.0, -5.0, 65.0), 0.0, MISSED),
        ((30.0, -5.0, 65.0), None, FOUND),
    ],
)
def test_the_verdict_follows_from_the_interval(
    found: tuple[float, float, float] | None, nothing: float | None, verdict: str
) -> None:
    assert PART.judged(found, nothing).verdict == verdict


def test_an_effect_is_small_where_four_of_five_worlds_would_not_show_it() -> None:
    # An interval of one standard error a side of 1.96: told in four of five from 2.8 errors on.
    assert not PART.judged((40.0, 40 - 1.96 * 14.2, 40 + 1.96 * 14.2), 0.0).is_small
    assert PART.judged((40.0, 40 - 1.96 * 14.4, 40 + 1.96 * 14.4), 0.0).is_small
    assert not PART.judged(None, 0.0).is_small


def pain(kind: str, touchpoint: str | None, euros: float, **more: Any) -> Pain:
    """A row of a ledger."""
    given: dict[str, Any] = {
        "key": f"{touchpoint}/{kind}/{euros:g}", "kind": kind, "stage": "decision",
        "touchpoint": touchpoint, "who": {}, "since": None, "until": None, "affected": 100,
        "observed": 0.2, "comparable": 0.5, "lost": Estimate(30.0, 20.0, 40.0),
        "money": Estimate(euros, euros / 2, 2 * euros), "metric": "decision/conversion_rate",
        "title": kind, "sentence": f"{kind} costs.",
    }  # fmt: skip
    return Pain(**(given | more))


@pytest.fixture(scope="module")
def truths() -> tuple[Planted, ...]:
    """Two planted pains."""
    lost = {"orders_expected": 30.0, "orders": 33, "value_expected": 3000.0, "value": 3300.0}
    return planted(
        {
            "incident": {"since": "2026-07-03", "days": 11, "device": "mobile", "lost": lost},
            "slow_delivery": {
                "slow_period": {"since": "2025-12-01", "days": 31},
                "countries": {
                    "US": {"orders": 100, "slow": 26},
                    "DE": {"orders": 200, "slow": 12},
                },
                "lost": lost,
            },
            "moods": {
                "unhappy_expected": {
                    "csat about support_contacted": {"answers": 50.0, "unhappy": 15.0},
                    "csat about store_visited": {"answers": 200.0, "unhappy": 10.0},
                    "ces about support_contacted": {"answers": 50.0, "unhappy": 1.0},
                    "ces about checkout_started": {"answers": 50.0, "unhappy": 5.0},
                },
                "themes": {
                    "support": {"comments": 20, "complaints": 10},
                    "product": {"comments": 200, "complaints": 40},
                },
            },
        }
    )


JULY = {"since": date(2026, 7, 3), "until": date(2026, 7, 14)}
MOBILE = {"device": "mobile"}
BROKEN = pain("incident", "checkout_started", 3000.0, who=MOBILE, **JULY)
LATE = pain("slow_delivery", "order_delivered", 2500.0, stage="post_purchase")


def test_the_planted_pains_are_told_from_the_others(truths: tuple[Planted, ...]) -> None:
    carts = pain("carts", None, 900.0, who=MOBILE, **JULY)
    strange = pain("incident", None, 800.0, who={"country": "DE"}, stage="consideration", **JULY)
    parts, others = against(truths, [BROKEN, LATE, carts, strange])
    assert [(part.effect, part.what, part.rank, part.verdict) for part in parts] == [
        ("incident", "orders lost", 1, FOUND),
        ("incident", "money lost", 1, FOUND),
        ("slow_delivery", "orders lost", 2, FOUND),
        ("slow_delivery", "money lost", 2, FOUND),
    ]
    assert [(row.rank, row.because, row.is_false) for row in others] == [
        (3, "incident", True),
        (4, None, True),
    ], "a second price on the incident is as wrong as one on nothing"


SAID = {"lost": None, "money": None, "stage": "post_purchase"}
SUPPORT = pain("low_score", "support_contacted", 1.0, key="support_contacted/low_csat", **SAID)


@pytest.mark.parametrize(
    ("row", "because"),
    [
        (SUPPORT, "moods"),
        (replace(SUPPORT, key="support_contacted/low_ces"), None),
        (replace(SUPPORT, who={"country": "DE"}), None),
        (replace(SUPPORT, who={"country": "US"}), "slow_delivery"),
        (replace(SUPPORT, since=date(2026, 2, 20), until=date(2026, 3, 1)), "slow_delivery"),
        (replace(SUPPORT, since=date(2026, 5, 2), until=date(2026, 5, 9)), None),
        (replace(SUPPORT, since=date(2026, 7, 2), until=date(2026, 7, 9)), "incident"),
        (pain("low_score", "relationship", 1.0, since=date(2025, 12, 5), **SAID), "slow_delivery"),
        (pain("low_score", "relationship", 1.0, since=date(2026, 4, 5), **SAID), None),
        (pain("negative_theme", None, 1.0, key="delivery/complaints", **SAID), "slow_delivery"),
        (pain("negative_theme", None, 1.0, key="support/complaints", **SAID), "moods"),
        (pain("negative_theme", None, 1.0, key="product/complaints", **SAID), None),
        (pain("needed_help", None, 1.0, **JULY, **(SAID | {"stage": "decision"})), "incident"),
        (pain("needed_help", None, 1.0, **(SAID | {"stage": "decision"})), None),
    ],
)
def test_a_row_without_a_price_is_true_where_something_planted_shows_so(
    truths: tuple[Planted, ...], row: Pain, because: str | None
) -> None:
    _, others = against(truths, [row])
    assert [(one.because, one.is_false) for one in others] == [(because, because is None)]


@pytest.mark.parametrize(
    "other",
    [
        pain("incident", "checkout_started", 9.0, who={"device": "desktop"}, **JULY),
        pain("incident", "checkout_started", 9.0, who=MOBILE, since=date(2026, 2, 1),
             until=date(2026, 2, 9)),
        pain("drop_off", "checkout_started", 9.0, who=MOBILE),
        pain("incident", None, 9.0, who=MOBILE, stage="awareness", **JULY),
    ],
)  # fmt: skip
def test_what_is_elsewhere_or_at_another_time_is_a_false_alarm(
    truths: tuple[Planted, ...], other: Pain
) -> None:
    parts, others = against(truths, [other])
    assert {part.verdict for part in parts} == {MISSED}
    assert [row.because for row in others] == [None]


def test_a_row_without_a_price_is_found_without_its_size(truths: tuple[Planted, ...]) -> None:
    unpriced = replace(LATE, lost=None, money=None)
    strange = replace(pain("themes", "review_written", 1.0), lost=None, money=None)
    parts, others = against(truths, [unpriced, strange])
    late = [part for part in parts if part.effect == "slow_delivery"]
    assert [(part.rank, part.estimate, part.verdict) for part in late] == [(1, None, MISSED)] * 2
    assert [(row.rank, row.money, row.is_false) for row in others] == [(2, None, True)]


def test_an_empty_ledger_misses_everything(truths: tuple[Planted, ...]) -> None:
    parts, others = against(truths, [])
    assert [part.verdict for part in parts] == [MISSED] * 4
    assert not others


def test_it_is_told_in_words() -> None:
    parts = (PART.judged((41.0, 35.0, 47.0), 0.0, rank=1), PART.judged(None, 0.0))
    others = (
        Other(2, "key", "Cart", "Carts cost 900.", (900.0, 450.0, 1800.0), None),
        Other(3, "key", "Late", "Some wait.", None, "slow_delivery"),
        Other(4, "key", "Late", "Some wait again.", (9.0, 4.0, 18.0), "slow_delivery"),
    )
    told = " ".join(wording.summary(Score(parts, others)))
    assert "2 planted parts: 1 found, 1 missed, 0 outside" in told
    assert "incident at rank 1" in told
    assert "Rank 2, a false alarm: Carts cost 900." in told
    assert "Rank 3, comes of slow delivery: Some wait." in told
    assert "Rank 4, prices the slow delivery once more: Some wait again." in told
    assert "No false alarm" not in told
    assert "No false alarm" in " ".join(wording.summary(Score(parts, ())))
    assert wording.cells(parts[0])[2:] == ("40.0", "43.0", "41.0", "35.0 to 47.0", FOUND, "1")


@pytest.fixture(scope="module")
def hamlet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """A demo of a few people: nothing can be told from chance in it."""
    business = Business(tmp_path_factory.mktemp("hamlet"))
    files = generate(business.folder.demo, people=80)
    ingest(business.folder, business.config, "events", [str(file) for file in files])
    business.build()
    yield business
    business.close()


def test_a_tiny_demo_is_scored_with_nearly_all_of_it_missed(hamlet: Business) -> None:
    found = score(hamlet.engine, hamlet.config)
    truth = json.loads((hamlet.folder.demo / "truth.json").read_text())
    assert {part.effect for part in found.parts} == set(truth["effects"])
    assert not found.others
    assert all(part.verdict == MISSED for part in found.parts if part.unit == "orders")
    assert table(found).height == len(found.parts)


def test_data_that_is_no_demo_is_refused(visitor: Business) -> None:
    with pytest.raises(WarehouseError, match=r"truth\.json: there is no such file.*no demo"):
        score(visitor.engine, visitor.config)


def test_a_demo_that_was_added_to_is_refused(hamlet: Business, tmp_path: Path) -> None:
    business = Business(tmp_path)
    business.deliver(people(ana="ad_clicked@0"))
    business.folder.demo.mkdir()
    text = (hamlet.folder.demo / "truth.json").read_text()
    (business.folder.demo / "truth.json").write_text(text)
    with pytest.raises(WarehouseError, match="the snapshot in use holds 1: other events"):
        score(business.engine, business.config)
    (business.folder.demo / "truth.json").write_text(text.replace('"calls_expected"', '"calls"'))
    with pytest.raises(WarehouseError, match=r"another version .* Make the demo anew"):
        score(business.engine, business.config)
    business.close()


def test_only_a_demo_s_page_has_the_card(
    hamlet: Business, visitor: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It asks nothing before it is opened, and a store that was added to is told of."""
    question = "Does it find what was planted?"
    assert question not in words(run(PAGE, visitor, monkeypatch, period="All time"))
    app = run(PAGE, hamlet, monkeypatch, period="All time")
    assert question in words(app)
    assert "planted parts" not in words(app)
    app.session_state["fold_truth"] = True
    app.run()
    assert not app.exception
    assert "planted parts" in words(app)
    assert "Survey non response" in words(app)
    path = hamlet.folder.demo / "truth.json"
    text = path.read_text()
    try:
        path.write_text(text.replace('"unique": ', '"unique": 1'))
        app = run(PAGE, hamlet, monkeypatch, period="All time")
        app.session_state["fold_truth"] = True
        app.run()
        assert not app.exception
        assert "other events were taken in too" in words(app)
    finally:
        path.write_text(text)
