"""One person's journey: whole, in order, and under a mask unless the operator says otherwise."""

import json
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from journey import ROOT
from journey.analysis import person
from journey.metrics import masks
from journey.metrics.filters import Filters
from journey.present import lifeline
from journey.present.palette import palette
from tests.random_worlds import built, case
from tests.test_pages import run, words
from tests.world import TOWN, Business, Rows, day, people

ALL = Filters(day(-300).date(), day(700).date(), day(900))
SECRET = "customer-77@example.org"


def life(business: Business, who: str = "ana", as_of: datetime | None = None) -> person.Life:
    """One person of a business, under the mask `m`."""
    filters = Filters(ALL.since, ALL.until, as_of or ALL.as_of)
    found = person.life(business.engine, filters, who, "m")
    assert found is not None
    return found


# ---- what is told ---------------------------------------------------------------------------


@pytest.mark.parametrize("who", sorted({row["customer_id"] for row in TOWN}))
def test_a_life_is_all_of_a_persons_touches_in_order(town: Business, who: str) -> None:
    theirs = [row for row in TOWN if row["customer_id"] == who]
    theirs.sort(key=lambda row: row["occurred_at"])
    found = life(town, who)
    touches = found.touches.unique("touch_number").sort("touch_number")
    assert touches["touchpoint"].to_list() == [row["touchpoint"] for row in theirs]
    assert touches["occurred_at"].to_list() == [row["occurred_at"] for row in theirs]
    assert found.orders == sum(row["touchpoint"] == "order_completed" for row in theirs)
    scores = [float(row["score"]) for row in theirs if row.get("score")]
    assert found.touches["score"].drop_nulls().to_list() == scores


def test_money_is_net_of_refunds(town: Business) -> None:
    assert life(town).revenue("EUR") == 40 - 15 + 60


def test_filters_do_not_cut_a_life(town: Business) -> None:
    filters = Filters(day(19).date(), day(22).date(), ALL.as_of, {"channel": ("Direct",)})
    narrow = person.life(town.engine, filters, "ana", "m")
    assert narrow is not None
    assert narrow.touches.equals(life(town).touches)


def test_what_was_not_known_by_then_is_not_told(town: Business) -> None:
    early = life(town, as_of=day(1))
    assert early.touches["occurred_at"].max() <= day(1)
    assert early.journeys["journey_number"].to_list() == [1]
    assert person.life(town.engine, Filters(ALL.since, ALL.until, day(-1)), "ana", "m") is None
    assert person.life(town.engine, ALL, "nobody", "m") is None


def test_touches_of_one_kind_in_one_visit_share_a_line(business: Business) -> None:
    business.deliver(
        people(
            ana="""page_viewed@0 page_viewed@0.001 page_viewed@0.002,channel=Email
            page_viewed@1 order_completed@1.001 order_completed@1.002"""
        )
    )
    drawn = lifeline.lines(life(business))
    assert [line.times for line in drawn] == [2, 1, 1, 1, 1]
    assert drawn[2].pause == timedelta(days=1) - timedelta(days=0.002)
    assert drawn[0].pause == drawn[4].pause == timedelta()


# ---- whom to look at ------------------------------------------------------------------------


def test_a_mask_finds_its_person_and_an_id_only_where_it_may(town: Business) -> None:
    mask = masks.mask("ana", "k")
    assert person.find(town.engine, ALL, f" {mask.upper()} ", "k", shown=False) == "ana"
    assert person.find(town.engine, ALL, mask, "another key", shown=False) is None
    assert person.find(town.engine, ALL, "ana", "k", shown=False) is None
    assert person.find(town.engine, ALL, "ana", "k", shown=True) == "ana"
    assert person.find(town.engine, ALL, "' or true --", "k", shown=True) is None


def test_a_mask_finds_its_person_whatever_is_filtered(town: Business) -> None:
    filters = Filters(ALL.since, ALL.until, ALL.as_of, {"channel": ("Display",)})
    assert person.find(town.engine, filters, masks.mask("ana", "k"), "k", shown=False) == "ana"


def test_another_goes_round_everyone_once(town: Business) -> None:
    seen: list[str] = []
    mask: str | None = None
    for _ in range(6):
        mask = person.another(town.engine, ALL, "k", mask)
        assert mask is not None
        seen.append(mask)
    journeyed = ["ana", "ben", "cleo", "dan", "fay", "gil"]  # Eve has no journey
    assert seen == sorted(masks.mask(name, "k") for name in journeyed)
    assert person.another(town.engine, ALL, "k", mask) == seen[0]


def test_another_is_of_the_frames_people(town: Business) -> None:
    filters = Filters(ALL.since, ALL.until, ALL.as_of, {"channel": ("Display",)})
    assert person.another(town.engine, filters, "k", None) == masks.mask("dan", "k")
    assert person.another(town.engine, filters, "k", masks.mask("dan", "k")) == masks.mask(
        "dan", "k"
    )


def test_the_typical_buyer_is_in_the_middle(business: Business) -> None:
    pages = {n: " ".join(f"page_viewed@{place / 100}" for place in range(n)) for n in (1, 4, 9)}
    business.deliver(
        people(
            ana=f"{pages[1]} order_completed@2",
            ben=f"{pages[4]} order_completed@2",
            cleo=f"{pages[9]} order_completed@2",
            dan=" ".join(f"page_viewed@{place / 100}" for place in range(4)),
        )
    )
    assert person.typical(business.engine, ALL) == "ben"


def test_without_a_buyer_it_is_who_is_typical_of_all(visitor: Business) -> None:
    assert person.typical(visitor.engine, ALL) == "ana"
    empty = Filters(day(-300).date(), day(-299).date(), ALL.as_of)
    assert person.typical(visitor.engine, empty) is None
    assert person.another(visitor.engine, empty, "k", None) is None


# ---- the picture ----------------------------------------------------------------------------


@pytest.mark.parametrize("side", ["light", "dark"])
def test_the_picture_says_every_touch_and_journey(town: Business, side: str) -> None:
    found = life(town)
    picture = lifeline.lifeline(found, palette(side), "EUR", "UTC").figure()
    texts = " | ".join(note.text for note in picture.layout.annotations)
    assert "Journey 1 · 5 Jan to 10 Jan 2026 · order EUR 40.00" in texts
    assert "Journey 2" in texts
    assert "CSAT 5 of 5" in texts
    assert "EUR −15.00" in texts
    assert texts.count("<br>") == 0
    dots = picture.data[1]
    assert len(dots.x) == len(lifeline.lines(found))
    assert dots.marker.symbol.count("diamond") == 2
    spoken = " ".join(lifeline.in_words(found, "EUR", "UTC"))
    assert "Journey 1" in spoken
    assert "order completed" in spoken


def test_pauses_are_written_and_times_are_local(business: Business) -> None:
    business.deliver(people(ana="ad_clicked@0 product_viewed@3.5"))
    picture = lifeline.lifeline(life(business), palette("light"), None, "Asia/Tokyo").figure()
    texts = [note.text for note in picture.layout.annotations]
    assert any("4 days later · 8 Jan, 21:00" in text for text in texts)
    assert any(text.startswith("5 Jan, 09:00 · Direct") for text in texts)


def test_a_stage_has_its_column_and_what_has_none_stands_first(business: Business) -> None:
    business.deliver(people(ana="ad_clicked@0 qr_code_scanned@0.1 order_completed@0.2"))
    found = life(business)
    assert lifeline.columns(found)[0] == "unmapped"
    dots = lifeline.lifeline(found, palette("light"), None, "UTC").figure().data[1]
    clicked, scanned, ordered = dots.x
    assert scanned < clicked < ordered
    assert "Unmapped" in lifeline.key(palette("light"), found)


def test_a_long_life_shows_its_end(business: Business) -> None:
    kinds = ("page_viewed", "product_viewed")
    line = " ".join(f"{kinds[place % 2]}@{place / 1000}" for place in range(300))
    business.deliver(people(ana=f"{line} order_completed@1"))
    found = life(business)
    dots = lifeline.lifeline(found, palette("light"), None, "UTC").figure().data[1]
    assert len(dots.x) == lifeline.MOST_LINES
    assert dots.marker.symbol[-1] == "diamond"


def test_hostile_text_is_text(business: Business) -> None:
    evil = "<img src=x onerror=alert(1)>"
    rows: Rows = people(ana="ad_clicked@0 survey_answered@1,survey=csat,score=5")
    for row in rows:
        row |= {"channel": evil, "device": evil, "touchpoint": evil, "comment": evil}
    business.deliver(rows)
    found = life(business)
    picture = lifeline.lifeline(found, palette("light"), evil, "UTC").figure()
    assert "<img" not in json.dumps(json.loads(picture.to_json()))
    assert "<img" not in lifeline.key(palette("light"), found)


# ---- the page -------------------------------------------------------------------------------


@pytest.fixture
def shop(business: Business, monkeypatch: pytest.MonkeyPatch) -> Business:
    """Two buyers whose ids are their mail addresses."""
    monkeypatch.setenv("JOURNEY_MASK_KEY", "k")
    buyer = people(x="ad_clicked@0 order_completed@1,revenue=5 page_viewed@90")
    other = people(y="ad_clicked@0")
    rows = [row | {"customer_id": SECRET} for row in buyer]
    rows += [row | {"customer_id": "second@example.org"} for row in other]
    for number, row in enumerate(rows):
        row["event_id"] = f"e{number}"
    business.deliver(rows)
    business.build()
    return business


def page(shop: Business, monkeypatch: pytest.MonkeyPatch, **query: str) -> Any:
    """The page as a reader sees it."""
    return run(ROOT / "pages" / "person.py", shop, monkeypatch, period="All time", **query)


def everything(app: Any) -> str:
    """All that is sent to the browser."""
    return f"{words(app)} {app} " + " ".join(chart.proto.spec for chart in app.get("plotly_chart"))


def test_the_page_shows_a_typical_buyer_under_a_mask(
    shop: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = page(shop, monkeypatch)
    assert not app.exception
    assert not app.warning
    assert f"Person {masks.mask(SECRET, 'k')}" in words(app)
    assert "1 order · EUR 5.00" in words(app)
    assert SECRET not in everything(app)


def test_the_mask_in_the_address_is_the_person_shown(
    shop: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = masks.mask("second@example.org", "k")
    app = page(shop, monkeypatch, person=other)
    assert f"Person {other}" in words(app)
    assert "0 orders" in words(app)


def test_an_id_is_not_a_way_in(shop: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(shop, monkeypatch, person=SECRET)
    assert not app.exception
    assert "Nobody is called" in words(app)
    assert not app.get("plotly_chart") or "Journey 1" not in everything(app)


def test_ids_are_shown_where_the_operator_says_so(
    shop: Business, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "open.toml"
    config.write_text("show_person_ids = true\n")
    monkeypatch.setenv("JOURNEY_CONFIG", str(config))
    assert f"Person {SECRET}" in words(page(shop, monkeypatch, person=SECRET))
    mask = masks.mask(SECRET, "k")
    assert f"Person {SECRET}" in words(page(shop, monkeypatch, person=mask))


def test_another_turns_to_the_next_and_round(
    shop: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = page(shop, monkeypatch)
    order = sorted(masks.mask(name, "k") for name in (SECRET, "second@example.org"))
    for expected in (*order, order[0]):
        app.button(key="another").click().run()
        assert not app.exception
        assert app.text_input(key="person").value == expected
        assert f"Person {expected}" in words(app)


# ---- how long journeys are ----------------------------------------------------------------------


@pytest.mark.parametrize("seed", [5, 6])
def test_touches_per_journey_by_plain_loops(seed: int) -> None:
    """At several moments, so that some journeys go on after the as-of."""
    world = case(Random(seed), most_people=80, most_touches=25)
    with built(world) as business:
        oracle = business.oracle([row for part in world.deliveries for row in part])
        moments = sorted(touch.at for one in oracle.journeys for touch in one.touches)
        for as_of in (moments[len(moments) // 3], moments[-1]):
            sizes: Counter[str] = Counter()
            for one in oracle.journeys:
                known = [touch for touch in one.touches if touch.at <= as_of]
                if one.is_orphan or not known or known[0] is not one.touches[0]:
                    continue
                if oracle.day(known[0].at) < ALL.until:
                    sizes[_span(len(known))] += 1
            found = business.ask("touches_per_journey", ALL.since, ALL.until, as_of)
            assert dict(found.rows()) == sizes


def _span(touches: int) -> str:
    """The bar that so many touches are counted in."""
    names = {1: "1 touch", 3: "2 to 3", 7: "4 to 7", 15: "8 to 15"}
    return next((name for most, name in names.items() if touches <= most), "16 or more")
