"""Google Analytics 4's default channel group: its rules for tagged and referred traffic, in order.

Source: support.google.com/analytics/answer/9756891. Letters' case does not matter, patterns match
the whole text, and the first rule that holds decides.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

PAID = r"(.*cp.*|ppc|retargeting|paid.*)"
"""A medium that was paid for. `paid_social` is, `social_paid` is not."""

SHOP = r"(.*(([^a-df-z]|^)shop|shopping).*)"
"""A shopping campaign. Before `shop` may stand the start, an e or no letter: `eshop`, `may-shop`
and `shop-now` are, `workshop-may` is not."""

_VIDEO = r"(.*video.*)"
_NOT_SET = ("(none)", "(not set)", "")
_DISPLAY = ("display", "banner", "expandable", "interstitial", "cpm")
_SOCIAL = ("social", "social-network", "social-media", "sm", "social network", "social media")
_EMAIL = ("email", "e-mail", "e_mail", "e mail")


@dataclass(frozen=True)
class Tags:
    """Source, medium and campaign in small letters, empty where there is none."""

    source: str
    medium: str
    campaign: str
    category: str | None
    """What kind of site the source is."""

    @property
    def is_paid(self) -> bool:
        """Whether the medium was paid for."""
        return _matches(PAID, self.medium)

    @property
    def is_shop(self) -> bool:
        """Whether a shop sent it, or a shopping campaign."""
        return self.category == "shopping" or _matches(SHOP, self.campaign)


@dataclass(frozen=True)
class Rule:
    """One channel and what makes a touch belong to it."""

    number: int
    """Its place in Google's list; ours have the number of the rule they stand before."""
    channel: str
    condition: str
    """In words."""
    holds: Callable[[Tags], bool]


@lru_cache(maxsize=100_000)
def _matches(pattern: str, text: str) -> bool:
    """Whether the pattern matches the whole text."""
    return re.fullmatch(pattern, text) is not None


RULES = (
    Rule(
        1, "Direct", "source is (direct) and medium is (none) or (not set)",
        lambda t: t.source == "(direct)" and t.medium in _NOT_SET,
    ),
    Rule(
        2, "Cross-network", "campaign contains cross-network",
        lambda t: "cross-network" in t.campaign,
    ),
    Rule(
        3, "Paid Shopping", "a shop or a shopping campaign, and a paid medium",
        lambda t: t.is_shop and t.is_paid,
    ),
    Rule(
        4, "Paid Search", "a search engine, and a paid medium",
        lambda t: t.category == "search" and t.is_paid,
    ),
    Rule(
        5, "Paid Social", "a social network, and a paid medium",
        lambda t: t.category == "social" and t.is_paid,
    ),
    Rule(
        6, "Paid Video", "a video site, and a paid medium",
        lambda t: t.category == "video" and t.is_paid,
    ),
    Rule(
        7, "Display", "medium is display, banner, expandable, interstitial or cpm",
        lambda t: t.medium in _DISPLAY,
    ),
    Rule(8, "Paid Other", "any other paid medium", lambda t: t.is_paid),
    Rule(9, "Organic Shopping", "a shop or a shopping campaign", lambda t: t.is_shop),
    Rule(
        10, "Organic Social", "a social network, or medium is social or a word for it",
        lambda t: t.category == "social" or t.medium in _SOCIAL,
    ),
    Rule(
        11, "Organic Video", "a video site, or medium contains video",
        lambda t: t.category == "video" or _matches(_VIDEO, t.medium),
    ),
    Rule(
        12, "Organic Search", "a search engine, or medium is organic",
        lambda t: t.category == "search" or t.medium == "organic",
    ),
    Rule(
        13, "Referral", "medium is referral, app or link",
        lambda t: t.medium in ("referral", "app", "link"),
    ),
    Rule(
        14, "Email", "source or medium is email",
        lambda t: t.source in _EMAIL or t.medium in _EMAIL,
    ),
    Rule(15, "Affiliates", "medium is affiliate", lambda t: t.medium == "affiliate"),
    Rule(16, "Audio", "medium is audio", lambda t: t.medium == "audio"),
    Rule(17, "SMS", "source or medium is sms", lambda t: "sms" in (t.source, t.medium)),
    Rule(
        18, "Mobile Push Notifications",
        "medium ends in push or contains mobile or notification, or source is firebase",
        lambda t: t.medium.endswith("push")
        or "mobile" in t.medium
        or "notification" in t.medium
        or t.source == "firebase",
    ),
    Rule(
        19, "AI Assistant", "medium is ai-assistant, as Google writes it",
        lambda t: t.medium == "ai-assistant",
    ),
)  # fmt: skip
"""Google's rules 1 to 19; what none of them fits is 20, Unassigned. Google has not published
where 19 stands; as its medium fits no other rule, the place decides nothing but odd sources."""

_OURS = (
    Rule(
        8, "Paid AI", "an AI assistant, and a paid medium",
        lambda t: t.category == "ai" and t.is_paid,
    ),
    Rule(
        13, "AI Assistant", "an AI assistant, or medium is ai-assistant",
        lambda t: t.category == "ai" or t.medium == "ai-assistant",
    ),
)  # fmt: skip

WITH_AI = tuple(
    sorted(
        [*_OURS, *(rule for rule in RULES if rule.channel != "AI Assistant")],
        key=lambda rule: rule.number,
    )
)
"""The same with AI assistants told by their hosts: Paid AI above Paid Other, AI Assistant above
Referral, where rule 19 moves. Rules of one number stand in this order, ours first."""
