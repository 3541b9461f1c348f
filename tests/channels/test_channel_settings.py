"""[channels] in journey.toml: the business's own rules, sites and lists; and what is refused."""

from pathlib import Path

import pytest

from journey.channels import lists
from journey.channels.classify import Classifier
from journey.channels.traffic import Traffic
from journey.config import Config, load
from journey.errors import ConfigError


def business(tmp_path: Path, text: str) -> Config:
    """The configuration of this text."""
    path = tmp_path / "journey.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


OWN = """
[channels]
own_hosts = ["www.shop.example"]

[[channels.rules]]
channel = "Influencers"
source = ["insta_.*", "yt_.*"]
medium = "social"

[[channels.rules]]
channel = "Magazine"
medium = "qr|print"

[[channels.rules]]
channel = "Brand search"
source = "google"
campaign = "brand.*"

[[channels.rules]]
channel = "Press"
referrer_host = '(.*\\.)?news\\.example'
"""


@pytest.mark.parametrize(
    ("traffic", "expected"),
    [
        (Traffic("insta_anna", "social"), "Influencers"),
        (Traffic("YT_Ben", "Social"), "Influencers"),
        (Traffic("insta_anna", "email"), "Email"),
        (Traffic("flyer", "qr"), "Magazine"),
        (Traffic("flyer", "qrs"), "Unassigned"),
        (Traffic("google", "cpc", "brand-de"), "Brand search"),
        (Traffic("google", "cpc", "my brand"), "Paid Search"),
        (Traffic(referrer_host="www.news.example"), "Press"),
        (Traffic(referrer_host="fakenews.example"), "Referral"),
        (Traffic(referrer_host="shop.example"), None),
        (Traffic(), None),
    ],
)
def test_own_rules_stand_above_the_standard(
    tmp_path: Path, traffic: Traffic, expected: str | None
) -> None:
    assert Classifier(business(tmp_path, OWN).channels).channel(traffic) == expected


def test_the_first_own_rule_decides(tmp_path: Path) -> None:
    rules = """
    [[channels.rules]]
    channel = "First"
    medium = "email"
    [[channels.rules]]
    channel = "Second"
    medium = ".*"
    """
    classifier = Classifier(business(tmp_path, rules).channels)
    assert classifier.channel(Traffic("x", "email")) == "First"
    assert classifier.channel(Traffic("x", "y")) == "Second"


def test_own_rules_see_the_referrer_in_place_of_missing_tags(tmp_path: Path) -> None:
    rules = '[[channels.rules]]\nchannel = "Blogs"\nsource = ".*blog.*"\nmedium = "referral"\n'
    classifier = Classifier(business(tmp_path, rules).channels)
    assert classifier.channel(Traffic(referrer_host="www.styleblog.example")) == "Blogs"


def test_what_is_not_said_is_the_templates(tmp_path: Path) -> None:
    config = business(tmp_path, "[channels]\nai_assistants = true\n")
    assert config.channels.ai_assistants
    assert "in_store" in config.offline_channels
    assert not config.channels.rules
    assert load(None).channels.ai_assistants is False


def test_googles_own_list_takes_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "google.csv").write_text(
        "source,source category\nspecial.example,SOURCE_CATEGORY_SEARCH\n"
    )
    config = business(tmp_path, '[channels]\nsources = "google.csv"\n')
    classifier = Classifier(config.channels)
    assert classifier.channel(Traffic("special.example", "cpc")) == "Paid Search"
    assert classifier.channel(Traffic("facebook", "cpc")) == "Paid Other"
    assert "list google" in config.channels.words


def test_the_rules_in_force_are_said_in_words(tmp_path: Path) -> None:
    assert "4 rules of our own" in business(tmp_path, OWN).channels.words
    newest = lists.versions()[-1]
    assert load(None).channels.words == (
        "Channels are as the source gave them; where it gave none, Google Analytics 4's default "
        f"channel group, sites by the list {newest}, AI assistants only as Google marks them."
    )


REFUSED = {
    "[channels]\noffine = []": "Did you mean 'offline'?",
    '[channels]\noffline = "in_store"': 'must be a list like ["a", "b"]',
    "[channels]\nown_hosts = [1]": "must be a list",
    '[channels]\nai_assistants = "yes"': "give true or false",
    "[channels]\nsources = 2026": "give a version",
    "[channels]\ndirect_lookback_days = 0": "give a whole number from 1 to 3,650",
    "[channels]\ndirect_lookback_days = true": "give a whole number",
    '[channels]\nsources = "2026-10"': "nor a file",
    '[channels]\nsources = "bad.csv"': "bad.csv, line 2",
    '[channels.rules]\nchannel = "x"': "with two brackets",
    '[[channels.rules]]\nmedium = "x"': "rule 1 of [[channels.rules]] names no channel",
    '[[channels.rules]]\nchannel = "x"': "has no condition",
    '[[channels.rules]]\nchannel = "x"\nmedum = "y"': "Did you mean 'medium'?",
    '[[channels.rules]]\nchannel = "x"\nmedium = "("': "not a regular expression",
    '[[channels.rules]]\nchannel = "x"\nmedium = []': "a pattern, or a list of patterns",
    '[[channels.rules]]\nchannel = "x"\nmedium = 3': "a pattern, or a list of patterns",
}


@pytest.mark.parametrize("text", REFUSED)
def test_it_is_refused_with_the_remedy(text: str, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("source,category\ngoogle,serch\n")
    with pytest.raises(ConfigError) as refused:
        business(tmp_path, text)
    assert REFUSED[text] in str(refused.value)
    assert str(tmp_path / "journey.toml") in str(refused.value)


@pytest.mark.parametrize("version", lists.versions())
def test_a_list_names_each_site_once(version: str) -> None:
    sites = lists.read(version)
    folder = Path(lists.__file__).parent
    lines = (folder / f"sources_{version}.csv").read_text().splitlines()[1:]
    assert len(sites.exact) + len(sites.below) + len(sites.anywhere) == len(lines)
    assert set(sites.exact.values()) == set(lists.CATEGORIES)
