"""The story the demo world tells: every planted effect, with its true size.

The generator and `truth.json` read the same object, so what is planted and what is claimed cannot
part.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

MONTHS = 18
BEFORE_INCIDENT = 90  # days before the incident that it is held against
CALLS_UNASKED = 0.008  # share of those who looked and did not buy who call support


@dataclass(frozen=True)
class Channel:
    """A way people arrive: how often, how willing to buy, how much they spend."""

    name: str
    entry: str  # the touch that opens a visit through this channel
    source: str | None
    medium: str | None
    referrer: str | None
    campaigns: tuple[str, ...]
    first: float  # share of people's first journeys
    later: float  # share of the journeys of people who come back
    again: float  # share of later visits within a journey, when the visitor switches
    intent: float  # added to the logit of every step of the funnel
    value: float  # multiplies the order value
    online: bool = True


@dataclass(frozen=True)
class Persona:
    """A kind of customer."""

    name: str
    share: float
    intent: float
    basket: float
    leniency: float  # added to every satisfaction, in standard deviations
    answers: float  # multiplies the chance to answer a survey
    repeat: float  # added to the logit of a repeat purchase
    patience: float  # multiplies the days between visits
    devices: tuple[float, float, float]  # mobile, desktop, tablet
    channels: tuple[tuple[str, float], ...] = ()  # multiplies the share of first journeys


@dataclass(frozen=True)
class Country:
    """A market: its size, its language, its usual delivery time."""

    code: str
    share: float
    language: str
    delivery_days: float  # median
    sends_cart_id: bool = True


CHANNELS = (
    Channel("Direct", "landing_page_viewed", "(direct)", "(none)", None, (),
            .15, .30, .34, .44, 1.00),
    Channel("Organic Search", "search_clicked", "google", "organic", "www.google.com", (),
            .22, .13, .18, -.17, 1.00),
    Channel("Paid Search", "ad_clicked", "google", "cpc", "www.google.com",
            ("brand", "generic", "shopping-feed"), .13, .07, .11, .13, 1.02),
    Channel("Paid Social", "ad_clicked", "instagram", "paid_social", "l.instagram.com",
            ("prospecting", "lookalike", "retargeting"), .14, .04, .07, -.62, .88),
    Channel("Organic Social", "social_post_viewed", "instagram", "social", "l.instagram.com", (),
            .07, .03, .03, -.40, .92),
    Channel("Email", "email_opened", "newsletter", "email", None,
            ("weekly-news", "win-back", "new-in"), .07, .26, .14, .78, 1.08),
    Channel("Referral", "referral_received", "styleblog.example", "referral",
            "styleblog.example", (), .04, .02, .01, .25, 1.05),
    Channel("Affiliates", "ad_clicked", "dealhunt.example", "affiliate", "dealhunt.example",
            ("cashback", "voucher"), .04, .02, .02, -.02, .80),
    Channel("Display", "ad_viewed", "adnetwork", "display", "news.example",
            ("reach", "remarketing"), .06, .02, .02, -1.10, .90),
    Channel("in_store", "store_visited", None, None, None, (),
            .06, .09, .06, .02, 1.25, online=False),
    Channel("call_center", "sales_called", None, None, None, (),
            .02, .02, .02, .90, 1.45, online=False),
)  # fmt: skip

PERSONAS = (
    Persona("Bargain hunter", .25, -.10, .70, -.12, .90, -.05, .9, (.62, .30, .08),
            (("Affiliates", 2.4), ("Paid Search", 1.2), ("Email", 1.1))),
    Persona("Loyal regular", .18, .22, 1.10, .18, 1.25, .15, .8, (.48, .44, .08),
            (("Direct", 1.7), ("Email", 1.9), ("in_store", 1.4))),
    Persona("Gift giver", .16, .05, 1.30, .00, .85, -.10, 1., (.55, .35, .10),
            (("Organic Social", 1.6), ("Referral", 1.5), ("Paid Social", 1.2))),
    Persona("Researcher", .22, -.15, 1.20, -.15, 1.15, .00, 1.6, (.30, .60, .10),
            (("Organic Search", 1.6), ("Display", .8), ("Paid Social", .6))),
    Persona("Busy parent", .19, .05, .95, .10, .80, .05, .8, (.74, .16, .10),
            (("Paid Social", 1.3), ("Organic Social", 1.2))),
)  # fmt: skip

COUNTRIES = (
    Country("GB", .34, "en", 2.5),
    Country("DE", .18, "de", 2.4),
    Country("US", .14, "en", 3.9),
    Country("FR", .12, "fr", 2.8),
    Country("ES", .10, "es", 3.0),
    Country("NL", .07, "en", 2.2, sends_cart_id=False),
    Country("PT", .05, "pt", 3.4, sends_cart_id=False),
)  # fmt: skip

CARRIERS = (("Northline", 1.0), ("ParcelGo", 0.88), ("Swiftpost", 1.06), ("Post One", 1.2))

CATEGORIES = (
    ("Shoes", 79.0), ("Jackets", 119.0), ("Shirts", 34.0), ("Trousers", 59.0), ("Bags", 69.0),
    ("Home", 42.0), ("Kids", 29.0), ("Beauty", 24.0),
)  # fmt: skip
CATEGORY_SHARES = (0.20, 0.10, 0.18, 0.14, 0.10, 0.10, 0.10, 0.08)


@dataclass(frozen=True)
class Story:
    """All parameters of one world; the dates follow from its last day."""

    first_day: date
    last_day: date

    # The funnel: logits of each step for a neutral person; channel and persona intent are added.
    consider: float = 0.33
    decide: float = -0.45
    check_out: float = 0.45
    order: float = 0.45

    # Demand.
    growth_per_month: float = 0.012
    # The first months also meet the customers the business already had, for the first time.
    known_before: float = 0.8
    known_before_days: float = 90.0
    months: tuple[float, ...] = (
        .92, .88, .95, 1.0, 1.0, .95, .82, .80, .98, 1.05, 1.38, 1.45,
    )  # fmt: skip
    weekdays: tuple[float, ...] = (1.05, 1.02, 1.0, 1.0, 0.95, 0.93, 1.1)  # Monday first

    # Incident: from checkout to order on mobile.
    incident_since: date = date.min
    incident_days: int = 11
    incident_device: str = "mobile"
    incident_factor: float = 0.15
    incident_ease: float = -1.8  # on the effort score, in standard deviations
    incident_support: float = 0.18

    # Campaign.
    campaign_since: date = date.min
    campaign_days: int = 21
    campaign_channel: str = "Paid Social"
    campaign_name: str = "spring-sale"
    campaign_reach: float = 2.8
    campaign_intent: float = -0.5

    # What channels cost, in euros a visit they open; the campaign's visits cost more.
    cost_per_visit: tuple[tuple[str, float], ...] = (
        ("Paid Search", 1.35), ("Paid Social", 0.95), ("Display", 0.75), ("Affiliates", 1.10),
        ("Email", 0.06),
    )  # fmt: skip
    campaign_cost_factor: float = 1.6

    # Delivery.
    delivery_spread: float = 0.38
    slow_since: date = date.min
    slow_days: int = 31
    slow_factor: float = 1.9
    slow_over_days: float = 5.0
    slow_satisfaction: float = -1.1  # in standard deviations

    # Satisfaction: latent standard normal cut into scores.
    csat_cuts: tuple[float, ...] = (-1.9, -1.35, -0.8, 0.35)
    nps_cuts: tuple[float, ...] = (-2.4, -2.2, -2.0, -1.8, -1.5, -1.1, -0.67, -0.3, 0.2, 0.75)
    ces_cuts: tuple[float, ...] = (-2.1, -1.7, -1.3, -0.8, -0.2, 0.6)
    # What a touch adds to satisfaction with it.
    moods: tuple[tuple[str, float], ...] = (
        ("landing_page_viewed", -0.1), ("product_viewed", 0.0), ("store_visited", 0.3),
        ("checkout_started", 0.1), ("order_completed", 0.25), ("order_delivered", 0.0),
        ("support_contacted", -0.35), ("relationship", 0.0),
    )  # fmt: skip
    # Who is asked and answers, for an average score and person.
    answer_rates: tuple[tuple[str, float], ...] = (
        ("landing_page_viewed", 0.012), ("product_viewed", 0.016), ("store_visited", 0.22),
        ("checkout_started", 0.21), ("order_completed", 0.10), ("order_delivered", 0.40),
        ("support_contacted", 0.55), ("relationship", 0.40),
    )  # fmt: skip
    answer_weights: tuple[float, ...] = (1.5, 1.15, 0.75, 0.85, 1.35)  # worst to best fifth
    comment_rates: tuple[float, ...] = (0.60, 0.50, 0.25, 0.15, 0.25)

    # Repeat purchase.
    repeat_days: int = 90
    repeat_base: float = -2.05
    repeat_odds_ratio: float = 2.5  # score of 4 or 5 on the delivery, against 1 to 3

    # Experiment: among people with no earlier order.
    experiment: str = "free-returns-banner"
    experiment_since: date = date.min
    experiment_uplift: float = 1.08  # of decision to order, variant B over A

    # Delivery of the data.
    identified: float = 0.78
    duplicate_share: float = 0.005
    unlabelled_share: float = 0.01
    orphan_share: float = 0.004
    late_people: float = 0.01
    rejected_each: int = 60
    repeated_in_csv: int = 150

    channels: tuple[Channel, ...] = field(default=CHANNELS)
    personas: tuple[Persona, ...] = field(default=PERSONAS)
    countries: tuple[Country, ...] = field(default=COUNTRIES)

    @property
    def days(self) -> int:
        """Days in the world."""
        return (self.last_day - self.first_day).days + 1

    @property
    def hours(self) -> float:
        """Hours from the start of the first day to the end of the last."""
        return self.days * 24.0

    def hour_of(self, day: date) -> float:
        """Hours from the start of the world to the start of a day."""
        return (day - self.first_day).days * 24.0

    def parameters(self) -> dict[str, Any]:
        """Every parameter as plain JSON values."""
        return {k: v.isoformat() if isinstance(v, date) else v for k, v in asdict(self).items()}


def story_until(last_day: date) -> Story:
    """The story of the 18 months that end on a day.

    The planted dates keep their distance from the last day, so that every world has them all.
    """
    end = last_day + timedelta(days=1)
    month = end.year * 12 + end.month - 1 - MONTHS
    year, month = divmod(month, 12)
    first = date(year, month + 1, min(end.day, monthrange(year, month + 1)[1]))
    return Story(
        first_day=first,
        last_day=last_day,
        incident_since=last_day - timedelta(days=120),  # 2026-07-03 in the default world
        campaign_since=last_day - timedelta(days=208),  # 2026-04-06
        slow_since=last_day - timedelta(days=334),  # 2025-12-01
        experiment_since=last_day - timedelta(days=91),  # 2026-08-01
    )
