"""Personas: who is one by which rule, and the facts that are told of each."""

import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from journey import ROOT
from journey.analysis.personas import Portrait, as_rows, portraits
from journey.config import STAGES, load
from journey.errors import ConfigError
from journey.metrics.engine import Engine
from journey.metrics.statistics import difference, wilson
from journey.personas import Persona, read_personas
from journey.present.portraits import apart, facts, in_words, planned
from tests.oracle import STAGE
from tests.random_worlds import case
from tests.test_commands import Prompt, shop
from tests.test_pages import run, words
from tests.world import Business, Rows, people

__all__ = ["shop"]


def personas(*given: dict[str, Any]) -> tuple[Persona, ...]:
    """Personas as journey.toml declares them."""
    return read_personas(given, "journey.toml", Path(), STAGES)


def of(business: Business) -> dict[str, str]:
    """Each person's persona, which all tables agree on."""
    found = {row["person_id"]: row["persona"] for row in business.table("people")}
    for table in ("journeys", "touches", "orders", "responses", "carts", "payments"):
        for row in business.table(table):
            assert row["persona"] == found[row["person_id"]], table
    touched: dict[str, int] = defaultdict(int)
    days: dict[str, int] = defaultdict(int)
    for row in business.table("daily"):
        days[row["persona"]] += row["touches"]
    for row in business.table("touches"):
        touched[row["persona"]] += 1
    assert days == touched
    return found


def built(business: Business, rows: Rows, *given: dict[str, Any]) -> dict[str, str]:
    """Who is which persona in a business with these rules."""
    business.config = replace(business.config, personas=personas(*given))
    business.deliver(rows)
    business.build()
    return of(business)


# ---- rules ----------------------------------------------------------------------------------


def test_the_first_rule_that_fits_has_the_person(business: Business) -> None:
    found = built(
        business,
        people(
            ana="order_completed@0,revenue=600 order_completed@40 persona=Said",
            ben="order_completed@0,revenue=50 persona=Said",
            cleo="ad_clicked@0 persona=Said",
            dan="ad_clicked@0",
        ),
        {"name": "Loyal", "rule": "orders >= 2"},
        {"name": "Big", "rule": "revenue > 20"},
        {"name": "Told"},
    )
    assert found == {"ana": "Loyal", "ben": "Big", "cleo": "Said", "dan": "Unknown"}


def test_keys_match_without_sql(business: Business) -> None:
    found = built(
        business,
        people(
            ana="ad_clicked@0,channel=Email ad_clicked@1,channel=Direct device=mobile",
            ben="ad_clicked@0,channel=Direct ad_clicked@1,channel=Email device=mobile",
            cleo="ad_clicked@0,channel=Email device=desktop",
            dan="store_visited@3 product_viewed@4,category=Shoes",
        ),
        {"name": "Mailed", "channel": ["Email", "SMS"], "device": ["mobile"]},
        {"name": "Walker", "touchpoint": ["store_visited", "never"], "category": ["Shoes"]},
    )
    assert found == {"ana": "Mailed", "ben": "Unknown", "cleo": "Unknown", "dan": "Walker"}


def test_a_rule_may_count_touchpoints_and_speak_of_refunds(business: Business) -> None:
    refund = "order_completed@0,order_id=o,revenue=50 order_refunded@1,order_id=o,revenue=-40"
    found = built(
        business,
        people(ana="page_viewed@0 page_viewed@1", ben="page_viewed@0", cleo=refund),
        {"name": "Back", "rule": "times['page_viewed'] >= 2"},
        {"name": "Ten", "rule": "revenue = 10 -- after the refund"},
    )
    assert found == {"ana": "Back", "ben": "Unknown", "cleo": "Ten"}


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("ordes >= 2", "orders"),
        ("orders >= 2; drop table events", "cannot be used"),
        ("orders >= $least", "is not one condition"),
        ("orders >=", "cannot be used"),
        ("1) from person_facts; select (1", "cannot be used"),
        ("channel::int > 1", "Could not convert"),
    ],
)
def test_a_rule_that_cannot_be_used_keeps_the_snapshot(
    business: Business, rule: str, says: str
) -> None:
    business.deliver(people(ana="ad_clicked@0"))
    before = business.build().snapshot.name
    business.config = replace(business.config, personas=personas({"name": "Odd", "rule": rule}))
    with pytest.raises(ConfigError) as refused:
        business.build()
    assert "'Odd'" in str(refused.value)
    assert says in str(refused.value)
    assert Engine(business.folder).snapshot.name == before


def test_rules_against_plain_loops_in_a_random_crowd(business: Business) -> None:
    rows = [row for part in case(Random(3), 120, 12).deliveries for row in part]
    rows = list({row["event_id"]: row for row in reversed(rows)}.values())
    found = built(
        business,
        rows,
        {"name": "Twice", "rule": "orders >= 2 and channels > 1"},
        {"name": "Pager", "touchpoint": ["page_viewed"], "device": ["mobile"]},
        {"name": "Deep", "rule": "decision_touches > 2 or offline_touches > 3"},
    )
    theirs: dict[str, Rows] = defaultdict(list)
    for row in rows:
        theirs[row["customer_id"]].append(row)
    for person, touches in theirs.items():
        touches.sort(
            key=lambda row: (
                row["occurred_at"],
                row["event_index"] is None,
                row["event_index"] or 0,
                row["event_id"],
            )
        )
        stages = [STAGE.get(row["touchpoint"]) for row in touches]
        offline = [row for row in touches if row["channel"] == "in_store"]
        said = [row["persona"] for row in touches if row["persona"]]
        persona = said[-1] if said else "Unknown"
        if stages.count("purchase") >= 2 and len({row["channel"] for row in touches}) > 1:
            persona = "Twice"
        elif touches[0]["device"] == "mobile" and any(
            row["touchpoint"] == "page_viewed" for row in touches
        ):
            persona = "Pager"
        elif stages.count("decision") > 2 or len(offline) > 3:
            persona = "Deep"
        assert found[person] == persona, (person, touches)


def test_a_story_may_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "ana.md").write_text("She *reads*.")
    (tmp_path / "journey.toml").write_text('[[personas]]\nname = "Ana"\nnarrative = "ana.md"\n')
    (persona,) = load(tmp_path / "journey.toml").personas
    assert persona.narrative == "She *reads*."
    assert not persona.is_ruled


def test_the_shipped_stories_are_of_the_demo_world() -> None:
    from journey.demo.story import PERSONAS

    told = load(ROOT / "journey.toml").personas
    assert [persona.name for persona in told] == [persona.name for persona in PERSONAS]
    assert all(persona.narrative and persona.touchpoints for persona in told)


# ---- facts ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """240 people of three kinds; the Hunters meet coupons, the Walkers the store."""
    random, lines = Random(5), {}
    for number in range(240):
        kind = ("Hunter", "Walker", "Sitter")[number % 3]
        words = ["ad_clicked@0"]
        if random.random() < {"Hunter": 0.7, "Walker": 0.2, "Sitter": 0.2}[kind]:
            words.append("coupon_entered@0.5")
        if random.random() < {"Hunter": 0.1, "Walker": 0.8, "Sitter": 0.1}[kind]:
            words.append("store_visited@0.6,channel=in_store")
        if random.random() < 0.4:
            words.append("order_completed@1,revenue=20")
        if random.random() < 0.3:
            words.append("page_viewed@60")
        lines[f"p{number}"] = " ".join([*words, f"persona={kind}"])
    business = Business(tmp_path_factory.mktemp("personas"), currency="EUR")
    rows = people(**lines)
    business.deliver(rows)
    business.build()
    yield business, rows
    business.close()


def drawn(business: Business, **where: list[str]) -> list[Portrait]:
    """The portraits of all time."""
    return portraits(lambda name: business.ask(name, **where), business.config)


def test_the_facts_are_those_of_the_metrics(crowd: tuple[Business, Rows]) -> None:
    business, _ = crowd
    found = {portrait.name: portrait for portrait in drawn(business)}
    assert {name: one.people for name, one in found.items()} == dict.fromkeys(found, 80)
    conversion = business.ask("conversion_by_persona")
    for name, part, whole in conversion.select(
        conversion.columns[0], *conversion.columns[-2:]
    ).iter_rows():
        value = found[name].facts["conversion"]
        assert value is not None
        assert (value.value, value.n) == (part / whole, whole)
        assert (value.low, value.high) == wilson(part, whole)
    revenue = sum(
        one.facts["value_per_journey"].value * one.facts["value_per_journey"].n
        for one in found.values()
    )
    assert revenue == pytest.approx(business.ask("channel_sources")["revenue"].sum())


def test_what_sets_them_apart_is_found_and_nothing_else(crowd: tuple[Business, Rows]) -> None:
    business, rows = crowd
    found = {portrait.name: portrait for portrait in drawn(business)}
    assert [one.touchpoint for one in found["Hunter"].apart(more=True)] == ["coupon_entered"]
    assert [one.touchpoint for one in found["Walker"].apart(more=True)] == ["store_visited"]
    met: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        met[row["persona"], row["touchpoint"]].add(row["customer_id"])
    for name, portrait in found.items():
        for one in portrait.touched:
            own = len(met[name, one.touchpoint])
            others = sum(len(ids) for (who, what), ids in met.items() if what == one.touchpoint)
            assert (one.met, one.people, one.others_met, one.others) == (
                *(own, 80),
                *(others - own, 160),
            )
            assert one.gap == difference(own, 80, others - own, 160)


def test_too_few_are_not_told_apart(crowd: tuple[Business, Rows]) -> None:
    business, _ = crowd
    business.config = replace(business.config, minimum_n=100)
    try:
        assert not any(one.stands for portrait in drawn(business) for one in portrait.touched)
    finally:
        business.config = replace(business.config, minimum_n=30)


def test_what_a_rule_names_does_not_set_its_people_apart(crowd: tuple[Business, Rows]) -> None:
    business, _ = crowd
    before = business.config
    rules = personas({"name": "Hunter", "touchpoint": ["coupon_entered"]})
    business.config = replace(before, personas=rules)
    try:
        hunter = next(one for one in drawn(business) if one.name == "Hunter")
        assert "coupon_entered" not in [one.touchpoint for one in hunter.touched]
    finally:
        business.config = before


def test_one_persona_alone_has_no_others(crowd: tuple[Business, Rows]) -> None:
    business, _ = crowd
    (hunter,) = drawn(business, persona=["Hunter"])
    assert hunter.people == hunter.everyone == 80
    assert hunter.touched == ()


def test_a_card_says_facts_with_interval_and_n(crowd: tuple[Business, Rows]) -> None:
    business, _ = crowd
    hunter = next(one for one in drawn(business) if one.name == "Hunter")
    told = facts(hunter, "EUR", 30)
    assert "80" in told
    assert "33" in told, "a third of all people"
    assert "journeys" in told
    few = facts(hunter, "EUR", 1000)
    assert "too few" in few
    story = personas({"name": "Hunter", "touchpoints": ["coupon_entered", "never_met"]})[0]
    plan = planned(hunter, story, 30)
    coupons = next(one for one in hunter.touched if one.touchpoint == "coupon_entered")
    assert f"<b>{coupons.met / coupons.people:.0%}</b>".replace("%", "\u2009%") in plan
    assert "Never met <b>0" in plan
    assert "Coupon entered <b>+" in apart(hunter)
    assert "More than others: coupon entered." in in_words(hunter, "EUR", 30)


def test_hostile_names_are_text() -> None:
    evil = "<img src=x onerror=alert(1)>"
    table = {
        "persona_facts": pl.DataFrame({"persona": [evil, "b"], "people": [50, 50]}),
        "persona_channels": pl.DataFrame(
            {"channel": [evil] * 2, "persona": [evil, "b"], "came": [50] * 2, "journeys": [50] * 2}
        ),
        "persona_touchpoints": pl.DataFrame(
            {
                "persona": [evil, "b"],
                "touchpoint": [evil] * 2,
                "met_it": [50, 1],
                "people": [50] * 2,
            }
        ),
    }
    config = load(None)
    found = portraits(lambda name: table[name.rpartition("/")[2]], config)
    story = Persona(evil, None, {}, "", "", "", (evil,), {})
    assert found[0].apart(more=True)
    for html in (facts(found[0], None, 30), apart(found[0]), planned(found[0], story, 30)):
        assert "<img" not in html


# ---- page and command -----------------------------------------------------------------------


def test_the_page_shows_a_card_each_with_its_story(
    crowd: tuple[Business, Rows], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    business, _ = crowd
    config = tmp_path / "journey.toml"
    config.write_text('[[personas]]\nname = "Hunter"\nnarrative = "Loves a *bargain*."\n')
    monkeypatch.setenv("JOURNEY_CONFIG", str(config))
    app = run(ROOT / "pages" / "personas.py", business, monkeypatch, period="All time")
    assert not app.exception
    assert not app.warning
    told = words(app)
    assert "Story, not data" in told
    assert "Loves a *bargain*." in told
    assert told.count("Who is one: as the data says.") == 3
    assert "Coupon entered <b>+" in told


def test_the_command_tells_the_same(shop: Prompt) -> None:
    done = shop("personas", "--as-of", "2026-06-01", "--format", "json")
    answer = json.loads(done.stdout)
    assert [one["persona"] for one in answer["personas"]] == ["Unknown"]
    assert answer["personas"][0]["people"] == 20
    assert answer["personas"][0]["facts"]["conversion"]["n"] > 0
    assert shop("personas").stdout.startswith("Unknown: 20 people")
    assert shop("personas", "--format", "csv").stdout.startswith("persona,touchpoint,met,people")


def test_as_rows_of_nobody() -> None:
    assert as_rows([]).is_empty()
