"""The channel of a touch: the business's rules, the ad platform's word, then Google's rules."""

from collections.abc import Iterable
from functools import lru_cache

from journey.channels import platforms, standard
from journey.channels.settings import ChannelSettings, OwnRule
from journey.channels.standard import Tags
from journey.channels.traffic import UNASSIGNED, Traffic, host, is_value, is_within


class Classifier:
    """Gives each touch its channel, by one business's settings."""

    def __init__(self, settings: ChannelSettings) -> None:
        self._settings = settings
        self._rules = standard.WITH_AI if settings.ai_assistants else standard.RULES
        self._category = lru_cache(maxsize=100_000)(settings.sites.category)
        self._nobody = settings.own_hosts | settings.ignored_referrers

    def channel(self, traffic: Traffic) -> str | None:
        """The channel; None where the touch says nothing of where it came from, which is not
        the same as Unassigned, what no rule fits.

        Where neither source nor medium say anything, the referrer stands in: a search engine as
        organic, any other site as a referral, our own sites and ignored ones not at all.
        """
        seen = self._seen(traffic)
        if seen is None:
            return None
        for rule in self._settings.rules:
            if _holds(rule, seen):
                return rule.channel
        if named := platforms.channel_of(seen.placement):
            return named
        tags = Tags(
            source=(seen.source or "").lower(),
            medium=(seen.medium or "").lower(),
            campaign=(seen.campaign or "").lower(),
            category=self._category(seen.source or ""),
        )
        for standard_rule in self._rules:
            if standard_rule.holds(tags):
                return standard_rule.channel
        return UNASSIGNED

    def channels(self, rows: Iterable[Traffic]) -> list[str | None]:
        """The channel of each."""
        return [self.channel(row) for row in rows]

    def _seen(self, traffic: Traffic) -> Traffic | None:
        """The fields with the referrer in place of what is missing; None where nothing is said."""
        if traffic.is_tagged:
            return traffic
        site = host(traffic.referrer_host)
        if site and not is_within(site, self._nobody):
            medium = "organic" if self._category(site) == "search" else "referral"
            return Traffic(site, medium, traffic.campaign, traffic.referrer_host, traffic.placement)
        if is_value(traffic.campaign) or is_value(traffic.placement):
            return traffic
        return None


def _holds(rule: OwnRule, traffic: Traffic) -> bool:
    """Whether a rule of the business fits; a field without a value fits no pattern but the
    empty one."""
    return all(
        any(pattern.fullmatch(getattr(traffic, name) or "") for pattern in patterns)
        for name, patterns in rule.conditions.items()
    )
