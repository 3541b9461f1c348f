"""Google's default channel group: a fixture for each rule, its traps, and what is ours."""

import random

import pytest

from journey.channels import platforms
from journey.channels.classify import Classifier
from journey.channels.settings import ChannelSettings
from journey.channels.standard import RULES, WITH_AI
from journey.channels.traffic import Traffic

STRICT = Classifier(ChannelSettings())
WITH_ASSISTANTS = Classifier(ChannelSettings(ai_assistants=True))


def channel(
    source: str | None = None,
    medium: str | None = None,
    campaign: str | None = None,
    referrer: str | None = None,
    placement: str | None = None,
    classifier: Classifier = STRICT,
) -> str | None:
    """The channel of a touch with these fields."""
    return classifier.channel(Traffic(source, medium, campaign, referrer, placement))


A_FIXTURE_FOR_EACH_RULE = [
    (1, "Direct", "(direct)", "(none)", None),
    (2, "Cross-network", "google", "cpc", "2026 cross-network autumn"),
    (3, "Paid Shopping", "ebay.com", "ppc", None),
    (4, "Paid Search", "bing", "cpc", "brand"),
    (5, "Paid Social", "facebook", "paid_social", None),
    (6, "Paid Video", "youtube.com", "cpv-cp", None),
    (7, "Display", "adnetwork", "banner", None),
    (8, "Paid Other", "partner", "retargeting", None),
    (9, "Organic Shopping", "shopping.google.com", "feed", None),
    (10, "Organic Social", "newsroom", "social-media", None),
    (11, "Organic Video", "studio", "in-app-video-end", None),
    (12, "Organic Search", "some-engine", "organic", None),
    (13, "Referral", "styleblog.example", "link", None),
    (14, "Email", "newsletter", "e-mail", None),
    (15, "Affiliates", "dealhunt.example", "affiliate", None),
    (16, "Audio", "podcast", "audio", None),
    (17, "SMS", "sms", "text", None),
    (18, "Mobile Push Notifications", "app", "webpush", None),
    (19, "AI Assistant", "chatgpt.com", "ai-assistant", "(ai-assistant)"),
    (20, "Unassigned", "poster", "qr", "summer"),
]


@pytest.mark.parametrize(
    ("number", "name", "source", "medium", "campaign"),
    A_FIXTURE_FOR_EACH_RULE,
    ids=[name for _, name, *_ in A_FIXTURE_FOR_EACH_RULE],
)
def test_each_rule(number: int, name: str, source: str, medium: str, campaign: str | None) -> None:
    assert channel(source, medium, campaign) == name
    for shape in (str.upper, str.title, str.lower):
        assert channel(shape(source), shape(medium), campaign and shape(campaign)) == name


def test_the_rules_are_all_there_in_order() -> None:
    assert [(rule.number, rule.channel) for rule in RULES] == [
        (number, name) for number, name, *_ in A_FIXTURE_FOR_EACH_RULE[:-1]
    ]


EVERY_WAY = {
    "Direct": [("(direct)", "(not set)"), ("(direct)", None)],
    "Cross-network": [("x", "y", "cross-network"), ("google", "organic", "a cross-network b")],
    "Paid Shopping": [("x", "cpc", "eshop"), ("x", "paid", "may-shop"), ("Amazon", "cpc")],
    "Paid Search": [("google", "cpm"), ("duckduckgo.com", "tcpx"), ("google.co.uk", "paid-x")],
    "Paid Social": [("l.instagram.com", "cpc"), ("t.co", "retargeting")],
    "Paid Video": [("youtu.be", "cpc"), ("twitch", "paidview")],
    "Display": [("x", word) for word in ("display", "banner", "expandable", "interstitial", "cpm")],
    "Paid Other": [("x", "cpc"), ("x", "paid"), ("x", "PPC"), ("x", "cp")],
    "Organic Shopping": [("x", "y", "shop-now"), ("x", "y", "shopping"), ("www.etsy.com", "z")],
    "Organic Social": [
        *[("x", word) for word in ("social", "social-network", "social-media", "sm")],
        *[("x", word) for word in ("social network", "social media")],
        ("reddit", "referral"),
        ("m.facebook.com", "referral"),
    ],
    "Organic Video": [("x", "video"), ("vimeo", "referral")],
    "Organic Search": [("google", None), ("www.google.de", "referral"), ("x", "organic")],
    "Referral": [("x", "referral"), ("x", "app"), ("x", "link")],
    "Email": [
        *[("x", word) for word in ("email", "e-mail", "e_mail", "e mail")],
        *[(word, "x") for word in ("email", "e-mail", "e_mail", "e mail")],
    ],
    "Affiliates": [("x", "affiliate")],
    "Audio": [("x", "audio")],
    "SMS": [("x", "sms"), ("sms", None)],
    "Mobile Push Notifications": [
        *[("x", word) for word in ("push", "a-push", "mobile", "automobile", "notification-x")],
        ("firebase", "z"),
    ],
    "AI Assistant": [("gemini.google.com", "ai-assistant")],
}


@pytest.mark.parametrize("name", EVERY_WAY)
def test_every_way_into_a_channel(name: str) -> None:
    for fields in EVERY_WAY[name]:
        assert channel(*fields) == name, fields


TRAPS = {
    "social_paid is not paid": (("instagram", "social_paid"), "Organic Social"),
    "paid_social is": (("instagram", "paid_social"), "Paid Social"),
    "paid_social from nowhere known": (("x", "paid_social"), "Paid Other"),
    "cpm and a search engine: rule 4 before 7": (("google", "cpm"), "Paid Search"),
    "cpm and nobody known": (("adnetwork", "cpm"), "Display"),
    "tcpx holds cp": (("x", "tcpx"), "Paid Other"),
    "affiliates, plural": (("dealhunt.example", "affiliates"), "Unassigned"),
    "eshop": (("x", "y", "eshop"), "Organic Shopping"),
    "may-shop": (("x", "y", "may-shop"), "Organic Shopping"),
    "shop-now": (("x", "y", "shop-now"), "Organic Shopping"),
    "workshop-may": (("x", "y", "workshop-may"), "Unassigned"),
    "workshopping": (("x", "y", "workshopping"), "Organic Shopping"),
    "a QR code": (("flyer", "qr"), "Unassigned"),
    "print": (("magazine", "print"), "Unassigned"),
    "direct without brackets": (("direct", "none"), "Unassigned"),
    "a source of (direct) with another medium": (("(direct)", "email"), "Email"),
    "banners is not banner": (("x", "banners"), "Unassigned"),
    "ppc-x is no ppc, but": (("x", "ppcx"), "Unassigned"),
    "prepaid is not paid": (("x", "prepaid"), "Unassigned"),
    "a social network before the medium's word": (("facebook", "email"), "Organic Social"),
    "a shopping campaign before its search engine": (
        ("google", "cpc", "shopping-feed"),
        "Paid Shopping",
    ),
    "cross-network before direct's neighbours": (
        ("google", "cpm", "cross-network"),
        "Cross-network",
    ),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_traps(trap: str) -> None:
    fields, expected = TRAPS[trap]
    assert channel(*fields) == expected


def test_nothing_said_is_no_channel_rather_than_direct() -> None:
    assert channel() is None
    assert channel(source="(not set)", medium="(not set)", campaign="(not set)") is None
    assert channel(source="", medium="(none)") is None


def test_a_campaign_alone_is_said() -> None:
    assert channel(campaign="cross-network") == "Cross-network"
    assert channel(campaign="spring") == "Unassigned"


@pytest.mark.parametrize(
    ("referrer", "expected"),
    [
        ("www.google.com", "Organic Search"),
        ("www.google.com.br", "Organic Search"),
        ("uk.search.yahoo.com", "Organic Search"),
        ("lm.facebook.com", "Organic Social"),
        ("m.youtube.com", "Organic Video"),
        ("de.pinterest.com", "Organic Social"),
        ("checkout.stripe.com", "Organic Shopping"),
        ("docs.google.com", "Referral"),
        ("chatgpt.com", "Referral"),
        ("gemini.google.com", "Referral"),
        ("google.evil.example", "Referral"),
        ("notfacebook.com", "Referral"),
        ("styleblog.example", "Referral"),
    ],
)
def test_a_referrer_stands_in_for_missing_tags(referrer: str, expected: str) -> None:
    assert channel(referrer=referrer) == expected
    assert channel(source="(not set)", medium="(none)", referrer=referrer) == expected
    assert channel("news", "email", referrer=referrer) == "Email", "tags come before the referrer"


def test_our_own_sites_and_payment_pages_bring_nobody() -> None:
    ours = Classifier(
        ChannelSettings(
            own_hosts=frozenset({"shop.example"}), ignored_referrers=frozenset({"paypal.com"})
        )
    )
    for site in ("shop.example", "WWW.shop.example", "pay.shop.example", "www.paypal.com"):
        assert channel(referrer=site, classifier=ours) is None
    assert channel(referrer="myshop.example", classifier=ours) == "Referral"
    assert channel("news", "email", referrer="shop.example", classifier=ours) == "Email"


@pytest.mark.parametrize("assistant", ["chatgpt.com", "gemini.google.com", "www.perplexity.ai"])
def test_assistants_by_their_hosts_are_a_switch(assistant: str) -> None:
    assert channel(assistant, "referral") == "Referral"
    assert channel(assistant, "referral", classifier=WITH_ASSISTANTS) == "AI Assistant"
    assert channel(referrer=assistant, classifier=WITH_ASSISTANTS) == "AI Assistant"
    assert channel(assistant, None, classifier=WITH_ASSISTANTS) == "AI Assistant"
    assert channel(assistant, "cpc") == "Paid Other"
    assert channel(assistant, "cpc", classifier=WITH_ASSISTANTS) == "Paid AI"
    assert channel(assistant, "organic", classifier=WITH_ASSISTANTS) == "Organic Search"
    assert channel(assistant, "email", classifier=WITH_ASSISTANTS) == "AI Assistant"


def test_where_the_assistants_stand() -> None:
    names = [rule.channel for rule in WITH_AI]
    assert names[names.index("Paid AI") + 1] == "Paid Other"
    assert names[names.index("AI Assistant") + 1] == "Referral"
    assert names.count("AI Assistant") == 1
    rest = [name for name in names if name not in ("Paid AI", "AI Assistant")]
    assert rest == [rule.channel for rule in RULES if rule.channel != "AI Assistant"]


def test_the_switch_moves_nothing_but_assistants() -> None:
    for _, name, source, medium, campaign in A_FIXTURE_FOR_EACH_RULE:
        assert channel(source, medium, campaign, classifier=WITH_ASSISTANTS) == name


PLACEMENTS = [
    (platform, word, name)
    for platform, channels in platforms.CHANNELS.items()
    for name, words in channels.items()
    for word in words
]


@pytest.mark.parametrize(("platform", "word", "name"), PLACEMENTS)
def test_a_platforms_word_comes_before_the_tags(platform: str, word: str, name: str) -> None:
    assert channel("google", "organic", placement=f"{platform}:{word}") == name
    assert channel(placement=f"{platform}:{word.upper()}") == name


def test_a_platforms_unknown_word_decides_nothing() -> None:
    assert channel("google", "cpc", placement="google_ads:Maps") == "Paid Search"
    assert channel(placement="google_ads:Maps") == "Unassigned"


def test_every_rule_can_be_the_first_that_holds() -> None:
    """Over random tags: the answer is that of the first rule, and none is out of reach."""
    chance = random.Random(7)
    sources = ["(direct)", "google", "facebook", "vimeo", "ebay", "email", "sms", "firebase", "x"]
    mediums = [
        *("(none)", "cpc", "cpm", "paid_social", "banner", "organic", "referral", "email", "sms"),
        *("affiliate", "audio", "push", "video", "social", "ai-assistant", "qr"),
    ]
    campaigns = ["", "cross-network", "eshop", "spring"]
    found: set[str] = set()
    for _ in range(3_000):
        fields = chance.choice(sources), chance.choice(mediums), chance.choice(campaigns)
        assert channel(*fields) == _by_hand(*fields), fields
        found.add(_by_hand(*fields))
    assert found == {name for _, name, *_ in A_FIXTURE_FOR_EACH_RULE}


def _by_hand(source: str, medium: str, campaign: str) -> str:
    """The rules once more, as a plain ladder over the few words above."""
    kind = {"google": "search", "facebook": "social", "vimeo": "video", "ebay": "shopping"}
    site = kind.get(source)
    paid = "cp" in medium or medium in ("ppc", "retargeting") or medium.startswith("paid")
    shop = site == "shopping" or campaign == "eshop"
    if source == "(direct)" and medium == "(none)":
        return "Direct"
    if campaign == "cross-network":
        return "Cross-network"
    if paid:
        if shop or site in ("search", "social", "video"):
            return f"Paid {'Shopping' if shop else str(site).title()}"
        return "Display" if medium == "cpm" else "Paid Other"
    if medium == "banner":
        return "Display"
    if shop:
        return "Organic Shopping"
    for kind_of_site, words in (("social", "social"), ("video", "video"), ("search", "organic")):
        if site == kind_of_site or medium == words:
            return f"Organic {kind_of_site.title()}"
    ladder = [
        ("Referral", medium == "referral"),
        ("Email", "email" in (source, medium)),
        ("Affiliates", medium == "affiliate"),
        ("Audio", medium == "audio"),
        ("SMS", "sms" in (source, medium)),
        ("Mobile Push Notifications", medium == "push" or source == "firebase"),
        ("AI Assistant", medium == "ai-assistant"),
    ]
    return next((name for name, holds in ladder if holds), "Unassigned")
