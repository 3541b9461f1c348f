"""The demo world: deterministic, complete in its own counts, its planted truths found again.

Effects are recomputed here in plain polars from the raw files alone.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from journey.demo.rows import CONTRACT
from journey.demo.world import LAST_FILE, generate

POST_PURCHASE = [
    "order_shipped", "order_delivered", "thank_you_email_opened", "survey_answered",
    "support_contacted", "order_returned", "order_refunded", "review_written", "referral_sent",
    "loyalty_joined",
]  # fmt: skip
DECISION = [
    "product_added", "cart_viewed", "checkout_started", "payment_info_entered", "coupon_entered",
    "quote_requested",
]  # fmt: skip
CONSIDERATION = [
    "products_searched", "product_list_viewed", "product_viewed", "reviews_read",
    "products_compared", "store_visited", "newsletter_subscribed", "sales_called",
]  # fmt: skip
AWARENESS = [
    "ad_viewed", "ad_clicked", "social_post_viewed", "search_clicked", "email_opened",
    "landing_page_viewed", "page_viewed", "referral_received",
]  # fmt: skip
END = datetime(2026, 11, 1)


class World:
    """One generated delivery, read back."""

    def __init__(self, directory: Path, **arguments: Any) -> None:
        self.files = generate(directory, **arguments)
        self.truth = json.loads((directory / "truth.json").read_text(encoding="utf-8"))
        self.counts = self.truth["counts"]
        self.effects = self.truth["effects"]
        self.parquet = pl.concat(pl.read_parquet(f) for f in self.files[:-1])
        self.csv = pl.read_csv(self.files[-1], infer_schema=False)
        readable = self.csv.filter(~pl.col("event_id").str.starts_with("x")).select(
            pl.col(name).str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us")
            if name == "occurred_at"
            else pl.col(name).cast(kind)
            for name, kind in CONTRACT.items()
        )
        self.events = (
            pl.concat([self.parquet, readable])
            .unique("event_id", keep="first", maintain_order=True)
            .with_columns(
                person=pl.coalesce("customer_id", "anonymous_id"),
                about=pl.col("properties").str.json_path_match("$.about"),
            )
            .sort("person", "occurred_at", "event_index", "event_id")
        )

    def journeys(self) -> pl.DataFrame:
        """Journeys by the definition: after an order or more than 30 days of silence."""
        post = pl.col("touchpoint").is_in(POST_PURCHASE)
        acts = pl.when(~post).then(pl.col("touchpoint"))
        before = acts.shift(1).over("person").forward_fill().over("person")
        silence = pl.col("occurred_at") - pl.col("occurred_at").shift(1).over("person")
        starts = ~post & (
            before.is_null() | (before == "order_completed") | (silence > timedelta(days=30))
        )

        def first(touchpoints: list[str]) -> pl.Expr:
            return pl.col("occurred_at").filter(pl.col("touchpoint").is_in(touchpoints)).min()

        return (
            self.events.with_columns(number=starts.cum_sum().over("person"))
            .filter(pl.col("number") > 0)
            .group_by("person", "number", maintain_order=True)
            .agg(
                start=pl.col("occurred_at").first(),
                channel=pl.col("channel").first().fill_null("Unassigned"),
                variant=pl.col("variant").drop_nulls().first(),
                considered=first(CONSIDERATION),
                decided=first(DECISION),
                ordered=first(["order_completed"]),
                orders=(pl.col("touchpoint") == "order_completed").sum(),
            )
        )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def journeys(world: World) -> pl.DataFrame:
    return world.journeys()


@pytest.fixture
def small(tmp_path: Path) -> World:
    return World(tmp_path / "small", people=1_500, batch=500)


def share(condition: pl.Expr, frame: pl.DataFrame) -> float:
    value = frame.select(condition.fill_null(value=False).mean()).item()
    assert isinstance(value, float)
    return value


# The files


def test_the_same_arguments_give_the_same_world(small: World, tmp_path: Path) -> None:
    again = World(tmp_path / "again", people=1_500, batch=500)
    assert again.parquet.equals(small.parquet)
    assert again.truth == small.truth
    assert again.files[-1].read_bytes() == small.files[-1].read_bytes()
    other = World(tmp_path / "other", people=1_500, batch=500, seed=8)
    assert not other.parquet.equals(small.parquet)


def test_the_first_batch_does_not_depend_on_those_after_it(small: World, tmp_path: Path) -> None:
    alone = World(tmp_path / "alone", people=500, batch=500)
    assert pl.read_parquet(alone.files[0]).equals(pl.read_parquet(small.files[0]))
    assert alone.csv.equals(small.csv)


def test_files_come_in_order_and_replace_an_earlier_world(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    generate(tmp_path, people=300, batch=100)
    files = generate(tmp_path, people=250, batch=125, progress=lambda a, b: seen.append((a, b)))
    assert [f.name for f in files] == ["events-0001.parquet", "events-0002.parquet", LAST_FILE]
    assert sorted(f.name for f in tmp_path.iterdir()) == sorted(
        [*(f.name for f in files), "annotations.csv", "spend.csv", "truth.json"]
    )
    assert seen == [(125, 250), (250, 250)]


def test_spend_is_the_planted_price_of_each_visit(small: World) -> None:
    planted = small.effects["spend"]
    entries = {channel["name"]: channel["entry"] for channel in small.truth["story"]["channels"]}
    since = date.fromisoformat(small.effects["campaign"]["since"])
    until = since + timedelta(days=small.effects["campaign"]["days"])
    costs: Counter[tuple[str, str]] = Counter()
    for day, channel, touchpoint in small.events.select(
        pl.col("occurred_at").dt.date(), "channel", "touchpoint"
    ).iter_rows():
        if channel in planted["cost_per_visit"] and touchpoint == entries[channel]:
            price = planted["cost_per_visit"][channel]
            if channel == small.effects["campaign"]["channel"] and since <= day < until:
                price *= planted["campaign_factor"]
            costs[day.isoformat(), channel] += price
    written = pl.read_csv(small.files[0].parent / "spend.csv")
    assert written.columns == ["day", "channel", "cost", "currency"]
    assert set(written["currency"]) == {"EUR"}
    found = {(day, channel): cost for day, channel, cost, _ in written.iter_rows()}
    assert found == pytest.approx(dict(costs), abs=0.006)


def test_every_column_has_its_contract_type(small: World) -> None:
    assert dict(small.parquet.schema) == CONTRACT
    assert small.csv.columns == list(CONTRACT)


@pytest.mark.parametrize("last_day", [date(2026, 10, 31), date(2024, 2, 28), date(2025, 8, 30)])
def test_the_world_ends_with_its_last_day(tmp_path: Path, last_day: date) -> None:
    w = World(tmp_path, people=400, last_day=last_day)
    first_day = date.fromisoformat(w.truth["first_day"])
    assert 545 <= (last_day - first_day).days + 1 <= 550
    times = w.events["occurred_at"]
    assert first_day <= times.dt.date().min() <= first_day + timedelta(days=5)  # type: ignore[operator]
    assert last_day - timedelta(days=1) <= times.dt.date().max() <= last_day  # type: ignore[operator]
    for effect in ("incident", "campaign", "experiment"):
        assert first_day < date.fromisoformat(w.effects[effect]["since"]) < last_day


# The counts


def test_read_is_unique_and_duplicates_and_rejected(world: World) -> None:
    c = world.counts
    assert c["read"] == len(world.parquet) + len(world.csv)
    assert [f["rows"] for f in world.truth["files"]] == [len(world.parquet), len(world.csv)]
    assert c["read"] == c["unique"] + c["duplicates"] + c["rejected"]
    assert c["unique"] == len(world.events)
    assert c["duplicates"] == c["duplicates_in_parquet"] + c["duplicates_in_csv"]
    ids = world.parquet["event_id"]
    assert c["duplicates_in_parquet"] == len(ids) - ids.n_unique()
    assert c["duplicates_in_csv"] == world.csv["event_id"].is_in(ids.to_list()).sum()
    assert c["late"] == len(world.csv) - c["duplicates_in_csv"] - c["rejected"] > 300
    assert 0.004 < c["duplicates_in_parquet"] / len(ids) < 0.006


def test_duplicates_are_exact(world: World) -> None:
    assert len(world.parquet.unique()) == world.parquet["event_id"].n_unique()


def test_counts_of_a_world_of_several_batches(small: World) -> None:
    c = small.counts
    assert len(small.files) == 4
    assert c["unique"] == len(small.events)
    assert c["read"] == c["unique"] + c["duplicates"] + c["rejected"]
    assert c["journeys"] == len(small.journeys())


def test_contents_are_counted(world: World) -> None:
    c, events = world.counts, world.events
    assert c["people"] == events["person"].n_unique() == 20_000
    assert c["customers"] == events["customer_id"].drop_nulls().n_unique()
    assert c["comments"] == events["comment"].drop_nulls().len()
    assert c["without_channel"] == events["channel"].null_count()
    assert c["revenue_cents"] == int(events["revenue"].sum() * 100)
    assert c["touchpoints"] == dict(events["touchpoint"].value_counts().iter_rows())
    assert c["surveys"] == dict(events["survey"].drop_nulls().value_counts().iter_rows())
    mapped = [*AWARENESS, *CONSIDERATION, *DECISION, "order_completed", *POST_PURCHASE]
    assert c["unmapped"] == (~events["touchpoint"].is_in(mapped)).sum() > 0


def test_each_rejected_row_has_one_fault(world: World) -> None:
    bad = world.csv.filter(pl.col("event_id").str.starts_with("x"))
    score, low, high = (pl.col(c).cast(pl.Float64) for c in ("score", "scale_min", "scale_max"))
    time = pl.col("occurred_at").str.to_datetime("%Y-%m-%d %H:%M:%S%.f", strict=False)
    numbers = [
        pl.col(c).is_not_null() & pl.col(c).cast(pl.Float64, strict=False).is_null()
        for c in ("revenue", "quantity")
    ]
    faults = bad.select(
        unreadable_time=time.is_null(),
        unreadable_number=pl.any_horizontal(numbers),
        no_touchpoint=pl.col("touchpoint").is_null(),
        no_person=pl.coalesce("customer_id", "anonymous_id").is_null(),
        score_outside_scale=(~score.is_between(low, high)).fill_null(value=False),
    )
    assert faults.sum().row(0, named=True) == world.counts["rejected_by_reason"]
    assert faults.sum_horizontal().to_list() == [1] * len(bad)


def test_journeys_are_those_planted(world: World, journeys: pl.DataFrame) -> None:
    planted = world.effects["channel_conversion"]["all"]
    found = journeys.group_by("channel").agg(n=pl.len(), orders=pl.col("orders").sum())
    assert {c: {"journeys": n, "orders": o} for c, n, o in found.iter_rows()} == planted
    assert journeys["orders"].max() == 1
    assert world.counts["journeys"] == len(journeys)


def test_orphans_are_counted(world: World) -> None:
    first_act = pl.col("occurred_at").filter(~pl.col("touchpoint").is_in(POST_PURCHASE)).min()
    early = pl.col("occurred_at") < first_act.over("person")
    assert world.counts["orphans"] == world.events.select(early.sum()).item() > 0


# What a row looks like


def test_a_person_has_one_identity(world: World) -> None:
    per_cookie = world.events.drop_nulls("anonymous_id").group_by("anonymous_id")
    assert per_cookie.agg(pl.col("customer_id").n_unique())["customer_id"].max() == 1
    assert 0.7 < world.counts["customers"] / world.counts["people"] < 0.85


def test_orders_and_refunds_carry_their_money(world: World) -> None:
    orders = world.events.filter(pl.col("touchpoint") == "order_completed")
    for column in ("order_id", "revenue", "currency", "quantity", "category", "product_id"):
        assert orders[column].null_count() == 0
    assert orders["order_id"].is_unique().all()
    assert orders.select((pl.col("revenue") > 0).all()).item()
    refunds = world.events.filter(pl.col("touchpoint") == "order_refunded")
    both = refunds.join(orders, on="order_id", suffix="_paid")
    assert len(both) == len(refunds)
    assert both.select(
        ((pl.col("revenue") < 0) & (-pl.col("revenue") <= pl.col("revenue_paid"))).all()
    ).item()
    others = world.events.filter(~pl.col("touchpoint").is_in(["order_completed", "order_refunded"]))
    assert others["revenue"].null_count() == len(others)


def test_most_carts_have_an_id(world: World) -> None:
    carts = world.events.filter(pl.col("touchpoint") == "product_added")
    assert 0.8 < share(pl.col("cart_id").is_not_null(), carts) < 0.95


def test_answers_follow_what_they_are_about(world: World) -> None:
    before = pl.col("touchpoint").shift(1).over("person")
    soon = pl.col("occurred_at") - pl.col("occurred_at").shift(1).over("person")
    answers = world.events.with_columns(before=before, soon=soon).filter(
        pl.col("survey").is_not_null() & (pl.col("about") != "relationship")
    )
    # Now and then something else happens in between, or the touch itself is late.
    assert share(pl.col("before") == pl.col("about"), answers) > 0.97
    assert share(pl.col("soon") <= timedelta(days=1), answers) > 0.99
    assert answers["about"].n_unique() == 7


def test_there_are_enough_answers(world: World) -> None:
    answers = world.counts["surveys"]
    assert answers["csat"] > 3_000
    assert answers["nps"] > 1_400
    assert answers["ces"] > 1_400


def test_some_text_is_hostile_and_some_is_personal(world: World) -> None:
    text = world.events.drop_nulls("comment")["comment"]
    assert text.str.contains(r"^<|^=|^!\[|tweet|drop table").sum() >= 3
    assert text.str.contains(r"@example\.com|\+49 170|4111|O-\d{7}").sum() >= 10
    assert world.events["language"].drop_nulls().n_unique() == 5
    assert text.null_count() == 0


# The planted truths, found again


def test_the_funnel_looks_like_a_shop(journeys: pl.DataFrame) -> None:
    window = timedelta(days=30)
    mature = journeys.filter(pl.col("start") + window <= END)
    considered, decided, ordered = (
        pl.min_horizontal(*columns) <= pl.col("start") + window
        for columns in (
            ("considered", "decided", "ordered"),
            ("decided", "ordered"),
            ("ordered", "ordered"),
        )
    )
    assert 0.60 < share(considered, mature) < 0.67
    assert 0.27 < share(decided, mature) < 0.32
    assert 0.12 < share(ordered, mature) < 0.16
    assert 1.5 < len(journeys) / 20_000 < 1.8
    days = mature.select((pl.col("ordered") - pl.col("start")).median()).item() / timedelta(days=1)
    assert 3 < days < 5


def test_channels_convert_in_the_planted_order(world: World, journeys: pl.DataFrame) -> None:
    found = journeys.group_by("channel").agg(
        n=pl.len(), rate=pl.col("ordered").is_not_null().mean()
    )
    rate = {c: r for c, n, r in found.iter_rows() if c != "Unassigned" and n > 1_000}
    order = [c for c in world.effects["channel_conversion"]["order"] if c in rate]
    assert len(order) >= 8
    assert order[0] == max(rate, key=lambda c: rate[c])
    assert order[-1] == min(rate, key=lambda c: rate[c])
    # Channels two places apart never swap.
    assert all(rate[a] > rate[b] for a, b in zip(order, order[2:], strict=False))


def test_value_differs_by_channel(world: World, journeys: pl.DataFrame) -> None:
    orders = world.events.filter(pl.col("touchpoint") == "order_completed")
    value = orders.join(
        journeys, left_on=["person", "occurred_at"], right_on=["person", "ordered"], suffix="_entry"
    )
    mean = dict(
        value.group_by("channel_entry").agg(pl.col("revenue").cast(pl.Float64).mean()).iter_rows()
    )
    assert mean["in_store"] > mean["Direct"] > mean["Affiliates"]


def test_checkout_breaks_on_mobile_for_eleven_days(world: World) -> None:
    incident = world.effects["incident"]
    since = datetime.fromisoformat(incident["since"])
    assert (since, incident["days"]) == (datetime(2026, 7, 3), 11)
    mobile = world.events.filter(pl.col("device") == "mobile")
    at = pl.col("occurred_at")
    broken = at.is_between(since, since + timedelta(days=11), closed="left")
    rates = {}
    for name, group in (("incident", mobile.filter(broken)), ("else", mobile.filter(~broken))):
        count = dict(group["touchpoint"].value_counts().iter_rows())
        rates[name] = count["order_completed"] / count["checkout_started"]
    assert 0.04 < rates["incident"] / rates["else"] < 0.32
    desktop = world.events.filter((pl.col("device") == "desktop") & broken)
    count = dict(desktop["touchpoint"].value_counts().iter_rows())
    assert count["order_completed"] / count["checkout_started"] > 0.5


def test_the_campaign_brings_more_people_of_lower_intent(journeys: pl.DataFrame) -> None:
    social = journeys.filter(pl.col("channel") == "Paid Social")
    since = datetime(2026, 4, 6)
    running = pl.col("start").is_between(since, since + timedelta(days=21), closed="left")
    around = pl.col("start").is_between(since - timedelta(days=42), since + timedelta(days=63))
    during, usual = social.filter(running), social.filter(around & ~running)
    assert len(during) / 3 > 1.7 * len(usual) / 12
    bought = pl.col("ordered").is_not_null()
    assert share(bought, during) < share(bought, usual)


def test_slow_delivery_lowers_satisfaction(world: World) -> None:
    delivered = world.events.filter(pl.col("touchpoint") == "order_delivered").select(
        "order_id",
        slow=pl.col("properties").str.json_path_match("$.delivery_days").cast(pl.Float64) > 5,
    )
    planted = world.effects["slow_delivery"]["satisfied"]
    with_order = delivered.drop_nulls("order_id")
    assert with_order["slow"].sum() == planted["slow"]["orders"]
    assert (~with_order["slow"]).sum() == planted["fast"]["orders"]
    answers = world.events.filter(
        (pl.col("survey") == "csat") & (pl.col("about") == "order_delivered")
    ).join(delivered, on="order_id")
    fast, slow = (
        share(pl.col("score") >= 4, answers.filter(pl.col("slow") == is_slow))
        for is_slow in (False, True)
    )
    assert fast > 0.75
    assert slow < 0.5
    # Answers lean to the extremes, so they show the true difference only roughly.
    true = [planted[k]["satisfied"] / planted[k]["orders"] for k in ("fast", "slow")]
    assert abs((fast - slow) - (true[0] - true[1])) < 0.12


def test_satisfaction_raises_repeat_purchase(world: World) -> None:
    orders = (
        world.events.filter(pl.col("touchpoint") == "order_completed")
        .with_columns(next=pl.col("occurred_at").shift(-1).over("person"))
        .filter(pl.col("occurred_at") + timedelta(days=90) < END)
        .with_columns(
            repeats=((pl.col("next") - pl.col("occurred_at")) <= timedelta(days=90)).fill_null(
                value=False
            )
        )
    )
    planted = world.effects["repeat_purchase"]
    counts = planted["orders"].values()
    assert len(orders) == sum(c["orders"] for c in counts)
    # A repeat can fail only by meeting the incident.
    assert 0 <= sum(c["repeated"] for c in counts) - orders["repeats"].sum() < 15
    answers = world.events.filter(
        (pl.col("survey") == "csat") & (pl.col("about") == "order_delivered")
    ).select("order_id", satisfied=pl.col("score") >= 4)
    asked = orders.join(answers, on="order_id")
    odds = []
    for group in (asked.filter("satisfied"), asked.filter(~pl.col("satisfied"))):
        p = share(pl.col("repeats"), group)
        odds.append(p / (1 - p))
    assert planted["odds_ratio"] == 2.5
    assert 1.6 < odds[0] / odds[1] < 4.0


def test_the_unhappy_and_the_delighted_answer_more(world: World) -> None:
    """The satisfied share among answers lies below that among all orders: 4s keep silent."""
    answers = world.events.filter(
        (pl.col("survey") == "csat") & (pl.col("about") == "order_delivered")
    )
    delivered = world.counts["touchpoints"]["order_delivered"]
    assert 0.35 < len(answers) / delivered < 0.5
    planted = world.effects["slow_delivery"]["satisfied"].values()
    true = sum(p["satisfied"] for p in planted) / sum(p["orders"] for p in planted)
    assert abs(share(pl.col("score") >= 4, answers) - true) < 0.06
    weights = world.effects["survey_non_response"]["weights"]
    assert min(weights) == weights[2]


def test_the_experiment_is_counted_by_arm(world: World, journeys: pl.DataFrame) -> None:
    arms = journeys.drop_nulls("variant").group_by("variant")
    found = arms.agg(decided=pl.len(), ordered=pl.col("ordered").is_not_null().sum())
    planted = world.effects["experiment"]["arms"]
    assert {v: {"decided": d, "ordered": o} for v, d, o in found.iter_rows()} == planted
    rows = world.events.drop_nulls("variant")
    assert rows["occurred_at"].min() >= datetime(2026, 8, 1)  # type: ignore[operator]


def test_demand_has_a_season_and_a_rhythm(journeys: pl.DataFrame) -> None:
    month = dict(journeys.group_by(pl.col("start").dt.strftime("%Y-%m")).len().iter_rows())
    assert month["2025-12"] > 1.5 * month["2025-08"]
    assert month["2026-07"] < month["2026-04"]
    weekday = dict(journeys.group_by(pl.col("start").dt.weekday()).len().iter_rows())
    assert weekday[7] > weekday[6]
    hour = dict(journeys.group_by(pl.col("start").dt.hour()).len().iter_rows())
    assert hour[20] > 4 * hour[3]
