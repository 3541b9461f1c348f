"""The metrics of the page Channels against the same numbers worked out by hand, over random
worlds, and against each other."""

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journey.analysis.attribution.finding import attribute
from journey.analysis.attribution.settings import Settings
from journey.metrics import metric as registry
from tests.channels import channels_by_hand as by_hand
from tests.oracle import Oracle, Question
from tests.random_worlds import built, case
from tests.world import FIRST_DAY, TWO_YEARS_LATER, YEAR_LATER, Business, people


@settings(
    max_examples=5,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.randoms(use_true_random=False))
def test_small_worlds(random: Random) -> None:
    _check(random, most_people=15, most_touches=25)


@pytest.mark.parametrize("seed", range(4))
def test_crowds(seed: int) -> None:
    _check(Random(seed), most_people=200, most_touches=25)


def _check(random: Random, most_people: int, most_touches: int) -> None:
    """Whatever the product says of the world, the plain loops find too."""
    world = case(random, most_people, most_touches)
    with built(world) as business:
        oracle = business.oracle([row for part in world.deliveries for row in part])
        _scopes(business, oracle)
        for question in world.questions:
            _pairs(business, oracle, question)
            _lines(business, oracle, question)


def _scopes(business: Business, oracle: Oracle) -> None:
    columns = ("first_channel", "session_channel", "last_non_direct_channel")
    found = {
        row["event_id"]: tuple(row[name] for name in columns)
        for row in business.table("order_channels")
    }
    assert found == by_hand.order_channels(oracle)


def _pairs(business: Business, oracle: Oracle, question: Question) -> None:
    for name, work_out in by_hand.BY_PAIR.items():
        expected = {cell: row for cell, row in work_out(oracle, question).items() if any(row)}
        found = {row[:2]: list(row[2:]) for row in _ask(business, name, question) if any(row[2:])}
        assert found == expected, (name, question)
    sessions = {row[:2]: row[2] for row in _ask(business, "sessions_by_channel", question)}
    assert sessions == by_hand.sessions_by_channel(oracle, question)
    assists = {row[0]: row[1:] for row in _ask(business, "channel_assists", question)}
    assert assists == by_hand.channel_assists(oracle, question)
    stages = {row[:2]: row[2:] for row in _ask(business, "channel_stages", question)}
    _near(stages, by_hand.channel_stages(oracle, question))


def _lines(business: Business, oracle: Oracle, question: Question) -> None:
    quality = {row[0]: row[1:] for row in _ask(business, "channel_quality", question)}
    _near(quality, by_hand.channel_quality(oracle, question))
    scopes = _ask(business, "channel_scopes", question)
    expected = by_hand.channel_scopes(oracle, question)
    assert {row[0]: [row[1], row[3], row[5]] for row in scopes} == expected
    whole = sum(counts[0] for counts in expected.values())
    for row in scopes:
        assert {row[2], row[4], row[6]} == {whole}


def _near(found: dict[Any, Any], expected: dict[Any, Any]) -> None:
    """The same; fractions up to their last digits."""
    assert found.keys() == expected.keys()
    for key, row in expected.items():
        assert found[key] == pytest.approx(row, abs=1e-6, nan_ok=False), key


def _ask(business: Business, name: str, question: Question) -> list[tuple[Any, ...]]:
    return business.ask(
        registry.find(name), question.since, question.until, question.as_of, **question.where
    ).rows()


# ---- by example -----------------------------------------------------------------------------


def rows(
    business: Business, metric: str, **journeys: str
) -> dict[tuple[str, ...], tuple[int, ...]]:
    """The metric's numbers by its words, over these people."""
    business.deliver(people(**journeys))
    return {
        tuple(x for x in row if isinstance(x, str)): tuple(x for x in row if not isinstance(x, str))
        for row in business.ask(metric).rows()
    }


def test_a_switch_there_and_back(business: Business) -> None:
    found = rows(
        business,
        "channel_switches",
        ana="""ad_clicked@0,channel=Email page_viewed@1,channel=in_store page_viewed@2,channel=Email
            page_viewed@3,channel=in_store order_completed@4,channel=in_store""",
        ben="ad_clicked@0,channel=Email page_viewed@1,channel=Email",
        cleo="ad_clicked@0,channel=Email page_viewed@29,channel=Direct",
    )
    assert found == {
        ("Email", "in_store"): (2, 1, 1),
        ("in_store", "Email"): (1, 1, 1),
        ("Email", "Direct"): (1, 0, 1),
        ("Email", "Email"): (0, 0, 1),
    }


def test_what_comes_after_the_order_is_no_switch(business: Business) -> None:
    found = rows(
        business,
        "channel_switches",
        ana="""ad_clicked@0,channel=Email order_completed@1,channel=Email
            order_delivered@2,channel=Direct support_contacted@3,channel=call_center""",
    )
    assert found == {("Email", "Email"): (0, 1, 1)}


def test_not_knowing_is_no_place_to_go(business: Business) -> None:
    found = rows(
        business,
        "channel_switches",
        ana="page_viewed@0,channel=Email page_viewed@1,channel= page_viewed@2,channel=Email",
    )
    assert found == {("Email", "Email"): (0, 0, 1)}


def test_online_and_offline(business: Business) -> None:
    found = rows(
        business,
        "online_offline",
        ana="ad_clicked@0,channel=Email store_visited@1,channel=in_store order_completed@2",
        ben="store_visited@0,channel=in_store sales_called@1,channel=call_center",
        cleo="ad_clicked@0,channel=Email page_viewed@1,channel=Display",
    )
    assert found == {
        ("Online", "Offline"): (1, 1),
        ("Offline", "Online"): (1, 1),
        ("Offline", "Offline"): (0, 1),
        ("Online", "Online"): (0, 1),
    }


def test_the_three_scopes_of_an_order(business: Business) -> None:
    business.deliver(
        people(
            ana="""ad_clicked@0,channel=Display page_viewed@10,channel=Email
                order_completed@20,channel=Direct""",
            ben="ad_clicked@0,channel=Display order_completed@91,channel=Direct",
            cleo="ad_clicked@0,channel=Display order_completed@90,channel=Direct",
            dan="order_completed@0,channel=Paid_Search",
        )
    )
    found = {
        row["person_id"]: (
            *(row["first_channel"], row["session_channel"], row["last_non_direct_channel"]),
        )
        for row in business.table("order_channels")
    }
    assert found == {
        "ana": ("Display", "Direct", "Email"),
        "ben": ("Display", "Direct", "Direct"),
        "cleo": ("Display", "Direct", "Display"),
        "dan": ("Paid_Search",) * 3,
    }


def test_who_helps_and_who_closes(business: Business) -> None:
    """Ana's order was closed by Email, which helped itself once too: that is no assist. Ben's came
    out of nowhere, and what is more than 30 days ago helped nobody."""
    found = rows(
        business,
        "channel_assists",
        ana="""ad_clicked@0,channel=Display page_viewed@1,channel=Email page_viewed@2,channel=
            page_viewed@3,channel=Display order_completed@4,channel=Email""",
        ben="order_completed@0,channel=",
        cleo="ad_clicked@0,channel=Display order_completed@31,channel=Direct",
    )
    assert found == {
        ("Display",): (0, 1, 1, 1),
        ("Email",): (1, 0, 0, 1),
        ("Direct",): (1, 0, 0, 1),
        ("Unassigned",): (1, 0, 0, 1),
    }


def test_closing_and_helping_are_the_last_touch_and_participation(town: Business) -> None:
    frame = town.engine.filters(FIRST_DAY, YEAR_LATER, TWO_YEARS_LATER)
    found = attribute(town.engine, frame, Settings())
    closed, taken_part = (
        dict(zip(found.channels, found.orders.point[name], strict=True))
        for name in ("last", "participation")
    )
    rows = town.engine.run(registry.find("channel_assists"), frame).rows.to_dicts()
    assert rows
    assert sum(row["closed"] for row in rows) == found.total_orders
    for row in rows:
        assert row["closed"] == closed[row["channel"]]
        assert row["assists_whole"] == taken_part[row["channel"]]


def test_quality_agrees_with_the_metrics_of_one_number(town: Business) -> None:
    quality = {row["channel"]: row for row in town.ask("channel_quality").to_dicts()}
    for row in town.ask("channel_sources").to_dicts():
        line = quality[row["channel"]]
        assert line["journeys"] == row["journeys"]
        assert (line["conversion_part"], line["conversion_whole"]) == (
            *(row["converted"], row["mature_journeys"]),
        )
        assert line["value_per_journey_sum"] == pytest.approx(row["revenue"])
    days = town.ask("time_to_purchase").row(0)
    assert sum(line["days_to_purchase_n"] for line in quality.values()) == days[-1]


def test_stages_agree_with_the_stage_funnel(town: Business) -> None:
    cells = town.ask("channel_stages").to_dicts()
    for stage, journeys in town.ask("stage_funnel").rows():
        assert sum(cell["reached"] for cell in cells if cell["stage"] == stage) == journeys
