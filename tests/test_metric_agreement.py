"""Metrics that speak of the same thing say the same; and what the definitions say, by example.

    answer("conversion_rate", ana="ad_clicked@0 order_completed@3")

is a business with one customer, Ana, who clicked on an ad on day 0 and ordered on day 3.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pytest

from journey.metrics import metric as registry
from tests.random_worlds import case
from tests.world import TOWN, Ask, Business, day

ALL = {"since": date(2020, 1, 1), "until": date(2040, 1, 1)}


@pytest.fixture(scope="module", params=["town", "crowd in Berlin"])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Business]:
    """The town, and a crowd of random people."""
    business = Business(
        tmp_path_factory.mktemp("agreement"), currency="EUR", time_zone="Europe/Berlin"
    )
    if request.param == "town":
        business.deliver(TOWN)
    else:
        for rows in case(Random(5), 400, 25).deliveries:
            business.deliver(rows)
    business.build()
    yield business
    business.close()


AS_OF = [day(30), day(75), day(110), day(900)]


@pytest.fixture(params=AS_OF, ids=lambda as_of: f"as of {as_of:%Y-%m-%d}")
def frame(request: pytest.FixtureRequest) -> dict[str, object]:
    """All time, as of four moments."""
    return {**ALL, "as_of": request.param}


def test_the_funnel_ends_where_conversion_begins(place: Business, frame: dict) -> None:
    funnel = dict(place.ask("stage_funnel", **frame).rows())
    assert funnel["purchase"] == place.ask("conversion_rate", **frame)["converted"].sum()
    assert funnel["consideration"] == place.ask("consideration_rate", **frame)["reached"].sum()


def test_the_funnel_only_narrows(place: Business, frame: dict) -> None:
    counts = place.ask("stage_funnel", **frame)["journeys"].to_list()
    assert len(counts) == 5
    assert counts == sorted(counts, reverse=True)


def test_a_journey_counts_in_the_funnel_unless_all_its_touches_are_unmapped(
    place: Business, frame: dict
) -> None:
    funnel = dict(place.ask("stage_funnel", **frame).rows())
    nowhere = [
        journey
        for journey in place.table("journeys")
        if journey["deepest_in_window"] == 0
        and not journey["is_orphan"]
        and journey["matures_at"] <= frame["as_of"]
    ]
    whole = place.ask("conversion_rate", **frame)["journeys"].sum()
    assert funnel["awareness"] + len(nowhere) == whole


def test_conversion_and_consideration_speak_of_the_same_journeys(
    place: Business, frame: dict
) -> None:
    converted = place.ask("conversion_rate", **frame)
    considered = place.ask("consideration_rate", **frame)
    assert converted["week", "journeys"].equals(considered["week", "journeys"])
    assert (converted["converted"] <= considered["reached"]).all()


def test_channels_add_up_to_the_conversion_rate(place: Business, frame: dict) -> None:
    channels = place.ask("channel_sources", **frame).sum()
    conversion = place.ask("conversion_rate", **frame).sum()
    assert channels["converted"].item() == conversion["converted"].item()
    assert channels["mature_journeys"].item() == conversion["journeys"].item()


def test_weeks_of_a_channel_add_up_to_the_channel(place: Business, frame: dict) -> None:
    weeks = place.ask("journeys_by_channel", **frame).group_by("channel").sum()
    channels = place.ask("channel_sources", **frame)
    assert dict(weeks.select("channel", "journeys").rows()) == dict(
        channels.select("channel", "journeys").rows()
    )


def test_time_to_purchase_speaks_of_the_converted(place: Business, frame: dict) -> None:
    times = place.ask("time_to_purchase", **frame)
    assert times["journeys"].item() == place.ask("conversion_rate", **frame)["converted"].sum()
    if times["journeys"].item():
        quantiles = times.row(0)[:4]
        assert list(quantiles) == sorted(quantiles)
        assert all(0 <= days <= 30 for days in quantiles)


def test_everyone_was_new_once(place: Business) -> None:
    people = place.ask("new_people", **ALL, as_of=day(4000))["people"].sum()
    assert people == len(place.table("people"))


def test_all_orders_and_money_are_in_channel_sources_but_for_the_orphans(place: Business) -> None:
    channels = place.ask("channel_sources", **ALL, as_of=day(4000)).sum()
    assert channels["orders"].item() == len(place.table("orders"))
    orphaned = sum(row["revenue"] for row in place.table("journeys") if row["is_orphan"])
    income = sum(row["amount"] for row in place.table("payments where is_reporting_currency"))
    assert channels["revenue"].item() == pytest.approx(float(income - orphaned))


def test_answers_are_responses(place: Business, frame: dict) -> None:
    answers = {name: place.ask(name, **frame)["responses"].sum() for name in ("csat", "nps", "ces")}
    known = [
        row["survey"] for row in place.table("responses") if row["answered_at"] <= frame["as_of"]
    ]
    assert answers["csat"] == known.count("csat")
    # Answers on another scale than 0 to 10 and 1 to 7 are left out of these two.
    assert answers["nps"] <= known.count("nps")
    assert answers["ces"] <= known.count("ces")
    nps = place.ask("nps", **frame).sum()
    groups = ("promoters", "passives", "detractors")
    assert sum(nps[group].item() for group in groups) == nps["responses"].item()


def test_repeat_buyers_are_first_time_buyers_who_came_back(place: Business) -> None:
    rates = place.ask("repeat_purchase_rate", **ALL, as_of=day(4000)).sum()
    buyers = [row for row in place.table("people") if row["orders"]]
    assert rates["first_time_buyers"].item() == len(buyers)
    firsts = [row for row in place.table("orders") if row["order_number"] == 1]
    loyal = {
        (row["person_id"], row["journey_number"])
        for row in place.table("journeys")
        if row["loyalty_at"]
    }
    again = [row for row in firsts if (row["person_id"], row["journey_number"]) in loyal]
    assert rates["repeat_buyers"].item() == len(again)


COUNTS = {
    "stage_funnel": "journeys",
    "new_people": "people",
    "journeys_by_channel": "journeys",
    "consideration_rate": "reached",
    "conversion_rate": "converted",
    "cart_abandonment": "carts",
    "time_to_purchase": "journeys",
    "csat": "responses",
    "nps": "responses",
    "ces": "responses",
    "repeat_purchase_rate": "first_time_buyers",
    "channel_sources": "orders",
}


@pytest.mark.parametrize("segment", ["channel", "persona", "device", "country"])
@pytest.mark.parametrize("name", COUNTS)
def test_the_parts_of_a_segment_add_up_to_the_whole(
    place: Business, name: str, segment: str
) -> None:
    metric, frame = registry.find(name), {**ALL, "as_of": day(110)}
    values = place.engine.segments()[segment]
    whole = place.ask(metric, **frame)[COUNTS[name]].sum()
    parts = [
        place.ask(metric, **frame, **{segment: [value]})[COUNTS[name]].sum() for value in values
    ]
    assert sum(parts) == whole
    assert place.ask(metric, **frame, **{segment: values})[COUNTS[name]].sum() == whole


@pytest.mark.parametrize("name", [name for name in COUNTS if name != "time_to_purchase"])
def test_the_halves_of_a_period_add_up_to_the_whole(place: Business, name: str) -> None:
    metric, cut = registry.find(name), day(85).date() + timedelta(days=3)
    whole, early, late = (
        place.ask(metric, **(ALL | span))[COUNTS[name]].sum()
        for span in ({}, {"until": cut}, {"since": cut})
    )
    assert early + late == whole


# ---- the definitions by example -------------------------------------------------------------


def test_a_journey_converts_within_thirty_days_of_its_start(answer: Ask) -> None:
    rows = answer(
        "conversion_rate",
        ana="ad_clicked@0 order_completed@3",
        ben="ad_clicked@0 product_viewed@15 order_completed@31",  # too late
        cleo="ad_clicked@0 product_viewed@15 order_completed@30",  # just in time
        dan="ad_clicked@0",
    )
    assert rows.rows() == [(day(0).date(), 2, 4)]


def test_after_more_than_thirty_quiet_days_a_new_journey_begins(answer: Ask) -> None:
    rows = answer(
        "channel_sources", ana="ad_clicked@0 page_viewed@30", ben="page_viewed@0 page_viewed@30.1"
    )
    assert rows["journeys"].to_list() == [3]


def test_after_an_order_a_new_journey_begins(answer: Ask) -> None:
    rows = answer("conversion_rate", ana="ad_clicked@0 order_completed@1 product_viewed@1.1")
    assert rows.rows() == [(day(0).date(), 1, 2)]


def test_a_post_purchase_touch_stays_in_its_journey_however_late(answer: Ask) -> None:
    rows = answer("channel_sources", ana="ad_clicked@0 order_completed@1 review_written@200")
    assert rows["journeys"].to_list() == [1]


def test_a_support_call_before_any_order_does_not_reach_post_purchase(answer: Ask) -> None:
    rows = answer(
        "stage_funnel",
        ana="ad_clicked@0 support_contacted@1",
        ben="ad_clicked@0 order_completed@1 support_contacted@2",
    )
    assert rows["journeys"].to_list() == [2, 1, 1, 1, 1]


def test_someone_who_only_complains_is_met_but_starts_no_journey(answer: Ask) -> None:
    eve = "support_contacted@0"
    assert answer("new_people", eve=eve)["people"].to_list() == [1]
    assert answer("conversion_rate", eve=eve).is_empty()


def test_a_journey_counts_once_its_window_has_closed(answer: Ask) -> None:
    for as_of, journeys in ((29.99, 0), (30, 1)):
        asked = {"as_of": day(as_of)}
        rows = answer("conversion_rate", asked=asked, ana="ad_clicked@0 order_completed@1")
        assert rows["journeys"].sum() == journeys


def test_the_channel_filter_takes_the_first_touch_and_the_whole_journey(answer: Ask) -> None:
    ana = (
        "ad_clicked@0,channel=Display email_opened@1,channel=Email order_completed@2,channel=Direct"
    )
    for channel, converted in (("Display", 1), ("Email", 0), ("Direct", 0)):
        rows = answer("conversion_rate", asked={"channel": [channel]}, ana=ana)
        assert rows["converted"].sum() == converted


def test_a_refund_counts_from_the_day_it_is_known(answer: Ask) -> None:
    ana = "order_completed@1,order_id=o1,revenue=50 order_refunded@9,order_id=o1,revenue=-20"
    for as_of, revenue in ((8, 50.0), (9, 30.0)):
        rows = answer("channel_sources", asked={"as_of": day(as_of)}, ana=ana)
        assert rows["revenue"].to_list() == [revenue]


def test_a_refund_finds_its_order_across_journeys(answer: Ask) -> None:
    rows = answer(
        "channel_sources",
        ana="""order_completed@1,order_id=o1,revenue=50,channel=Email
            order_completed@3,order_id=o2,revenue=70,channel=Direct
            order_refunded@9,order_id=o1,revenue=-20,channel=call_center""",
    )
    assert dict(rows.select("channel", "revenue").rows()) == {"Email": 30.0, "Direct": 70.0}


def test_a_cart_is_abandoned_unless_bought_within_a_day(answer: Ask) -> None:
    rows = answer(
        "cart_abandonment",
        ana="product_added@0,cart_id=a order_completed@1,cart_id=a",  # just in time
        ben="product_added@0,cart_id=b order_completed@1.01,cart_id=b",  # too late
        cleo="product_added@0 order_completed@0.01",  # the same session
        dan="product_added@0 order_completed@0.5",  # another session, and no cart to tell
        eve="product_viewed@0",  # no cart
    )
    assert rows.rows() == [(day(0).date(), 2, 4)]


def test_a_buyer_comes_back_within_ninety_days_of_the_first_order(answer: Ask) -> None:
    buyers = {
        "ana": "order_completed@0 order_completed@90",  # just in time
        "ben": "order_completed@0 order_completed@90.1 order_completed@91",  # too late
        "cleo": "order_completed@30",
    }
    january, february = date(2026, 1, 1), date(2026, 2, 1)
    assert answer("repeat_purchase_rate", **buyers).rows() == [(january, 1, 2), (february, 0, 1)]
    asked = {"as_of": day(100)}
    assert answer("repeat_purchase_rate", asked=asked, **buyers).rows() == [(january, 1, 2)]


def test_scores_fall_into_the_groups_the_definitions_name(answer: Ask) -> None:
    def scores(survey: str, low: int, high: int) -> str:
        scale = f"survey={survey},scale_min={low},scale_max={high}"
        return " ".join(f"survey_answered@{n},{scale},score={n}" for n in range(low, high + 1))

    month = date(2026, 1, 1)
    assert answer("csat", ana=scores("csat", 1, 5)).rows() == [(month, 2, 5)]
    assert answer("csat", ana=scores("csat", 1, 7)).rows() == [(month, 2, 7)]
    assert answer("nps", ana=scores("nps", 0, 10)).rows() == [(month, 2, 2, 7, 11)]
    assert answer("ces", ana=scores("ces", 1, 7)).rows() == [(month, 28.0, 3, 7)]
    assert answer("ces", ana=scores("ces", 1, 5)).is_empty(), "another scale"


def test_time_to_purchase_is_interpolated_over_buyers(answer: Ask) -> None:
    rows = answer(
        "time_to_purchase",
        **{f"buyer{days}": f"ad_clicked@0 order_completed@{days}" for days in (1, 2, 3, 4, 11)},
        ben="ad_clicked@0",
    )
    assert rows.row(0) == pytest.approx((2, 3, 4, 8.2, 5))
