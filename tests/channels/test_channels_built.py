"""Channels told at the build: whatever the store holds, and whatever journey.toml says today."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from journey import checking
from journey.__main__ import main
from journey.channels.classify import Classifier
from journey.channels.settings import ChannelSettings, settings
from journey.channels.traffic import Traffic
from journey.config import STAGES
from journey.demo.story import CHANNELS
from journey.metrics.measures import measures
from journey.personas import read_personas
from journey.warehouse.build import build
from tests.world import Business, Rows, day, people


def touch(number: float, person: str = "ana", **fields: Any) -> dict[str, Any]:
    """A touch at a moment in minutes, which says nothing of where it came from."""
    return {
        "event_id": f"{person}-{number}",
        "customer_id": person,
        "touchpoint": "page_viewed",
        "occurred_at": day(number / 1440),
    } | fields


def channels(business: Business, rows: Rows | None = None) -> list[str]:
    """The channel of each touch, in time order."""
    if rows is not None:
        business.deliver(rows)
    business.build()
    return [row["channel"] for row in business.table("touches", order="occurred_at, event_id")]


MAIL = {"source": "news", "medium": "email"}
ADS = {"source": "google", "medium": "cpc"}


def test_a_given_channel_stays_as_given(business: Business) -> None:
    given = [touch(0, channel="in_store", **ADS), touch(50, channel="social"), touch(99, **ADS)]
    assert channels(business, given) == ["in_store", "social", "Paid Search"]


def test_a_touch_that_says_nothing_takes_its_sessions_channel(business: Business) -> None:
    session = [touch(0), touch(5, **MAIL), touch(9), touch(12, **ADS), touch(20)]
    later = [touch(100), touch(110)]
    assert channels(business, session + later) == [
        *("Email", "Email", "Email", "Paid Search", "Paid Search"),
        *("Unassigned", "Unassigned"),
    ]


def test_the_session_is_the_one_the_source_gave(business: Business) -> None:
    rows = [
        touch(0, session_id="a", **MAIL),
        touch(1, session_id="b"),
        touch(2, session_id="b", **ADS),
        touch(3, session_id="a"),
        touch(500, session_id="a"),
        touch(501),
    ]
    assert channels(business, rows) == [
        *("Email", "Paid Search", "Paid Search", "Email", "Email", "Unassigned"),
    ]


def test_sessions_end_at_the_timeout(business: Business) -> None:
    assert channels(business, [touch(0, **MAIL), touch(30), touch(61)]) == [
        *("Email", "Email", "Unassigned"),
    ]


def test_people_do_not_lend_each_other_channels(business: Business) -> None:
    rows = [touch(0, **MAIL), touch(1, person="ben"), touch(2)]
    assert channels(business, rows) == ["Email", "Unassigned", "Email"]


def test_data_without_traffic_fields_does_not_become_direct(business: Business) -> None:
    assert channels(business, [touch(0), touch(5)]) == ["Unassigned", "Unassigned"]
    assert business.table("journeys")[0]["entry_channel"] == "Unassigned"


def test_tagged_but_known_to_no_rule_is_not_silent(business: Business) -> None:
    """It is Unassigned, and its session's channel is not laid over it."""
    rows = [touch(0, **MAIL), touch(1, source="flyer", medium="qr"), touch(2)]
    assert channels(business, rows) == ["Email", "Unassigned", "Unassigned"]


def test_a_store_of_an_earlier_version_says_unassigned(business: Business) -> None:
    rows = [touch(0, channel="Unassigned", **MAIL), touch(1, channel="Unassigned")]
    assert channels(business, rows) == ["Email", "Email"]


def test_an_edited_configuration_leaves_nothing_stale(business: Business, tmp_path: Path) -> None:
    first = channels(business, [touch(0, source="flyer", medium="qr"), touch(9), touch(99, **MAIL)])
    assert first == ["Unassigned", "Unassigned", "Email"]
    rule = {"channel": "Print", "medium": "qr"}
    own = settings({"rules": [rule], "offline": ["Print"]}, "here", tmp_path)
    business.config = replace(business.config, channels=own, offline_channels=frozenset({"Print"}))
    assert channels(business) == ["Print", "Print", "Email"]
    assert [row["is_online"] for row in business.table("touches", order="occurred_at")] == [
        *(False, False, True),
    ]
    assert "one rule of our own" in business.engine.snapshot.channels


def test_what_an_ad_platform_says_comes_from_the_properties(business: Business) -> None:
    rows = [
        touch(0, **ADS, properties={"google_ads_network_type": "YouTube Videos"}),
        touch(100, properties={"dv360_creative_format": "Audio"}),
        touch(200, properties={"sa360_engine_account_type": "facebook"}),
        touch(300, **ADS, properties={"google_ads_network_type": "Maps"}),
    ]
    assert channels(business, rows) == ["Paid Video", "Audio", "Paid Social", "Paid Search"]


def test_own_hosts_bring_nobody(business: Business) -> None:
    business.config = replace(
        business.config, channels=ChannelSettings(own_hosts=frozenset({"shop.example"}))
    )
    rows = [touch(0, **MAIL), touch(1, referrer_host="www.shop.example"), touch(2)]
    assert channels(business, rows) == ["Email", "Email", "Email"]


def test_segments_are_those_of_the_told_channel(business: Business) -> None:
    business.deliver([touch(0), touch(1, **MAIL), touch(2, touchpoint="order_completed")])
    rows = business.ask("channel_sources")
    assert rows["channel"].to_list() == ["Email"]
    assert business.ask("channel_sources", channel=["Email"])["orders"].to_list() == [1]
    assert business.ask("channel_sources", channel=["Unassigned"]).is_empty()


def test_rules_of_personas_see_the_told_channel(business: Business) -> None:
    rules = read_personas([{"name": "Reader", "channel": ["Email"]}], "here", Path(), STAGES)
    business.config = replace(business.config, personas=rules)
    business.deliver([touch(0), touch(1, **MAIL), touch(0, person="ben")])
    found = {row["person_id"]: row["persona"] for row in business.table("journeys")}
    assert found == {"ana": "Reader", "ben": "Unknown"}


def test_a_build_needs_no_new_delivery_and_changes_no_event(business: Business) -> None:
    business.deliver([touch(0, **MAIL)])
    (file,) = business.folder.event_files()
    before = file.read_bytes()
    build(business.folder, business.config)
    build(business.folder, business.config)
    assert file.read_bytes() == before
    assert pl.read_parquet(file)["channel"].to_list() == [None]


def test_the_demo_names_its_channels_as_google_would() -> None:
    """But for one campaign, which Google would call shopping by its name."""
    classifier = Classifier(ChannelSettings())
    for channel in CHANNELS:
        if not channel.online:
            continue
        for campaign in [*channel.campaigns, None]:
            traffic = Traffic(channel.source, channel.medium, campaign, channel.referrer)
            expected = "Paid Shopping" if campaign == "shopping-feed" else channel.name
            assert classifier.channel(traffic) == expected, traffic


# ---- hygiene --------------------------------------------------------------------------------


TAGGED: list[tuple[int, dict[str, str]]] = [
    (5, {"source": "news", "medium": "email", "campaign": "spring"}),
    (2, {"source": "News", "medium": "email", "campaign": "spring"}),
    (1, {"source": "news", "medium": "email", "campaign": "spring sale"}),
    (3, {"source": "news", "medium": "email", "referrer_host": "www.shop.example"}),
    (1, {"source": "google"}),
    (2, {"medium": "email"}),
    (1, {"campaign": "autumn"}),
    (1, {"source": "direct", "medium": "none"}),
    (1, {"source": "news", "medium": "email", "campaign": "ana@example.org"}),
    (4, {"source": "flyer", "medium": "qr"}),
    (6, {"referrer_host": "blog.example"}),
]
FOUND = {
    # No rule fits the flyer, the lonely campaign and what says direct in its own words.
    "Capitals": 2,
    "Spaces": 1,
    "Our own pages": 3,
    "Source without medium": 1,
    "Medium without source": 2,
    "Campaign alone": 1,
    "Direct by another name": 1,
    "Personal data": 1,
    "No rule fits": 6,
}


@pytest.fixture
def untidy(business: Business) -> Business:
    """A business whose links are tagged by many hands; each touch is a session of its own."""
    business.config = replace(
        business.config, channels=ChannelSettings(own_hosts=frozenset({"shop.example"}))
    )
    ways = [fields for times, fields in TAGGED for _ in range(times)]
    silent = [touch(100_000), touch(101_000)]
    business.deliver([touch(100 * place, **fields) for place, fields in enumerate(ways)] + silent)
    return business


def test_hygiene_counts_each_problem(untidy: Business) -> None:
    rows = untidy.ask("utm_hygiene")
    told = sum(times for times, _ in TAGGED)
    found = {row["problem"]: row["touches_part"] for row in rows.to_dicts()}
    assert found == FOUND
    assert set(rows["touches_of"]) == {told}


def test_the_unassigned_are_what_no_rule_fits_and_what_says_nothing(untidy: Business) -> None:
    rows = untidy.ask("unassigned_share")
    told = sum(times for times, _ in TAGGED)
    assert rows["unassigned"].sum() == FOUND["No rule fits"] + 2
    assert rows["touches"].sum() == told + 2


def test_hygiene_shows_an_example_but_no_address(untidy: Business) -> None:
    rows = {row["problem"]: row for row in untidy.ask("utm_hygiene").to_dicts()}
    assert rows["Capitals"]["example"] == "News / email / spring"
    assert rows["No rule fits"]["example"] == "flyer / qr"
    assert not any("@" in str(row["example"]) for row in rows.values())
    assert all(row["remedy"].endswith(".") for row in rows.values())


def test_check_tells_of_untidy_tags_and_fails_over_them_only_when_asked(
    untidy: Business, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    untidy.build()
    monkeypatch.setattr(checking, "problems", lambda folder, config: [])
    words = ["--data", str(untidy.folder.root), "check"]
    assert main(words) == 0
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Tags ")]
    assert len(said) == len(FOUND)
    told = sum(times for times, _ in TAGGED)
    assert said[0].startswith(f"Tags Capitals: 2 of {told} touches that say where they came from")
    assert "as in News / email / spring" in said[0]
    assert all(line.endswith(".") for line in said)
    assert main([*words, "--tags"]) == 1


def test_hygiene_lines_share_a_whole_and_are_not_compared(untidy: Business) -> None:
    kinds = {m.name: m.kind for m in measures(untidy.ask("utm_hygiene").columns[1:])}
    assert kinds["touches"] == "portion"


def test_tidy_tags_have_nothing_to_say(business: Business) -> None:
    business.deliver(people(ana="ad_clicked@0,source=google,medium=cpc channel=Email"))
    assert business.ask("utm_hygiene").is_empty()
    assert checking.tags(business.folder) == []
