"""Every core number worked out again, by hand: plain loops written from definitions.md.

It shares nothing with the product but the definitions: no SQL, no data frame, no configuration
file. Where it and a query disagree, one of them is wrong.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

Row = tuple[object, ...]

# definitions.md §2, the retail template.
TEMPLATE = {
    "awareness": """ad_viewed ad_clicked social_post_viewed search_clicked email_opened
        landing_page_viewed page_viewed referral_received""",
    "consideration": """products_searched product_list_viewed product_viewed reviews_read
        products_compared store_visited newsletter_subscribed brochure_downloaded
        contact_form_submitted sales_called webinar_attended""",
    "decision": """product_added cart_viewed checkout_started payment_info_entered coupon_entered
        quote_requested""",
    "purchase": "order_completed",
    "post_purchase": """order_shipped order_delivered thank_you_email_opened survey_sent
        survey_answered support_contacted order_returned order_refunded review_written referral_sent
        loyalty_joined""",
}
STAGE = {name: stage for stage, names in TEMPLATE.items() for name in names.split()}
DEPTH = {stage: depth for depth, stage in enumerate(TEMPLATE, 1)} | {"unmapped": 0}

GAP = timedelta(days=30)
WINDOW = timedelta(days=30)
REPEAT_WINDOW = timedelta(days=90)
CART_WINDOW = timedelta(hours=24)
SESSION_TIMEOUT = timedelta(minutes=30)

USUAL_SCALE = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}


@dataclass(frozen=True)
class Touch:
    """One event of the store."""

    event_id: str
    person: str
    at: datetime
    touchpoint: str
    index: int | None = None
    session_id: str | None = None
    channel: str = "Unassigned"
    source: str | None = None
    medium: str | None = None
    referrer_host: str | None = None
    device: str = "Unknown"
    country: str = "Unknown"
    persona: str | None = None
    product_id: str | None = None
    cart_id: str | None = None
    order_id: str | None = None
    revenue: Decimal | None = None
    currency: str | None = None
    survey: str | None = None
    score: float | None = None
    scale: tuple[float, float] | None = None

    @property
    def stage(self) -> str:
        """Where the template puts the touchpoint."""
        return STAGE.get(self.touchpoint, "unmapped")

    @property
    def is_order(self) -> bool:
        """Any touch of stage purchase is an order."""
        return self.stage == "purchase"

    @property
    def place(self) -> tuple[datetime, bool, int, str]:
        """In time order, ties by event_index (none comes last), then event_id."""
        return self.at, self.index is None, self.index or 0, self.event_id


@dataclass(eq=False)
class Journey:
    """One person's run of touches from first contact to purchase and what follows it."""

    person: str
    number: int
    touches: list[Touch] = field(default_factory=list)
    persona: str = "Unknown"
    revenue: Decimal = Decimal(0)

    @property
    def is_orphan(self) -> bool:
        """Post-purchase touches with nothing before them."""
        return self.number == 0

    @property
    def started_at(self) -> datetime:
        """Its first touch."""
        return self.touches[0].at

    @property
    def matures_at(self) -> datetime:
        """When its conversion window closes."""
        return self.started_at + WINDOW

    @cached_property
    def order(self) -> Touch | None:
        """The one order it may hold."""
        orders = [touch for touch in self.touches if touch.is_order]
        assert len(orders) <= 1
        return orders[0] if orders else None

    def depth(self, until: datetime = datetime.max) -> int:
        """The deepest stage reached by then; post-purchase counts after the order only."""
        deepest, ordered = 0, False
        for touch in self.touches:
            if touch.at > until:
                break
            if touch.stage != "post_purchase" or ordered:
                deepest = max(deepest, DEPTH[touch.stage])
            ordered = ordered or touch.is_order
        return deepest

    def segment(self, name: str) -> str:
        """The value at the journey's first touch; the persona is the person's."""
        return self.persona if name == "persona" else str(getattr(self.touches[0], name))


@dataclass(frozen=True)
class Cart:
    """A cart and when, if ever, an order bought it."""

    journey: Journey
    created_at: datetime
    bought_at: datetime | None


@dataclass(frozen=True)
class Question:
    """A period of days in the reporting time zone, what is known, and the segments chosen."""

    since: date
    until: date
    as_of: datetime
    where: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def chosen(self, journey: Journey) -> bool:
        """Whether the filter selects the journey, whole."""
        return all(journey.segment(name) in values for name, values in self.where.items())


class Oracle:
    """All journeys, orders, carts and numbers of a set of touches, folded on event_id already."""

    def __init__(self, touches: Iterable[Touch], time_zone: str, currency: str) -> None:
        self.zone = ZoneInfo(time_zone)
        self.currency = currency
        self.people: dict[str, list[Touch]] = defaultdict(list)
        for touch in sorted(touches, key=lambda touch: touch.place):
            self.people[touch.person].append(touch)
        self.journeys: list[Journey] = []
        self.journey_of: dict[str, Journey] = {}
        self.session_of: dict[str, str] = {}
        for person, theirs in self.people.items():
            self._sessions(person, theirs)
            self.people[person] = self._channels(theirs)
            self._walk(person, self.people[person])
        self._fold_money()

    # ---- journeys, sessions, money, carts -------------------------------------------------

    def _walk(self, person: str, touches: list[Touch]) -> None:
        """Cut one person's touches into journeys."""
        personas = [touch.persona for touch in touches if touch.persona]
        journey = Journey(person, 0)
        mine = [journey]
        before: Touch | None = None
        core_before: Touch | None = None
        for touch in touches:
            if touch.stage != "post_purchase":
                if (
                    core_before is None
                    or core_before.is_order
                    or (before is not None and touch.at - before.at > GAP)
                ):
                    journey = Journey(person, journey.number + 1)
                    mine.append(journey)
                core_before = touch
            journey.touches.append(touch)
            self.journey_of[touch.event_id] = journey
            before = touch
        for journey in mine:
            journey.persona = personas[-1] if personas else "Unknown"
        self.journeys += [journey for journey in mine if journey.touches]

    def _sessions(self, person: str, touches: list[Touch]) -> None:
        """The session of each touch: as given, else a new one after more than the timeout."""
        number = 0
        before: Touch | None = None
        for touch in touches:
            if before is None or touch.at - before.at > SESSION_TIMEOUT:
                number += 1
            self.session_of[touch.event_id] = touch.session_id or f"{person} {number}"
            before = touch

    def _channels(self, touches: list[Touch]) -> list[Touch]:
        """The touches with their channels: as given, else by what they say, else that of the
        session's latest touch before that says something, else of its first after."""
        own = [_own_channel(touch) for touch in touches]
        found = []
        for place, touch in enumerate(touches):
            session = self.session_of[touch.event_id]
            told = [
                (other, channel)
                for other, channel in enumerate(own)
                if channel and self.session_of[touches[other].event_id] == session
            ]
            before = [channel for other, channel in told if other <= place]
            after = [channel for other, channel in told if other > place]
            known = before[-1:] or after[:1] or ["Unassigned"]
            found.append(replace(touch, channel=known[0]))
        return found

    @cached_property
    def touches(self) -> list[Touch]:
        """Everyone's, in time order."""
        return [touch for touches in self.people.values() for touch in touches]

    @cached_property
    def orders(self) -> list[Touch]:
        """In time order; between people who tie, by person."""
        orders = [touch for touch in self.touches if touch.is_order]
        return sorted(orders, key=lambda order: (order.at, order.person, order.place))

    def _fold_money(self) -> None:
        """A refund belongs to the order whose id it carries, wherever it fell."""
        self.payments: list[tuple[Journey, Touch, Decimal]] = []
        self.net_revenue = {order.event_id: Decimal(0) for order in self.orders}
        by_id: dict[str, Touch] = {}
        for order in self.orders:
            if order.order_id:
                by_id.setdefault(order.order_id, order)
        for touch in self.touches:
            if touch.revenue is None or touch.stage not in ("purchase", "post_purchase"):
                continue
            if (touch.currency or self.currency) != self.currency:
                continue
            home = touch if touch.is_order else by_id.get(touch.order_id or "", touch)
            journey = self.journey_of[home.event_id]
            journey.revenue += touch.revenue
            self.payments.append((journey, touch, touch.revenue))
            if home.is_order:
                self.net_revenue[home.event_id] += touch.revenue

    @cached_property
    def carts(self) -> list[Cart]:
        """A cart begins at the first decision touch with its id, else at the first
        product_added without one of a person's session."""
        first: dict[tuple[str, ...], Touch] = {}
        for touch in sorted(self.touches, key=lambda t: (t.at, t.person, t.place)):
            if touch.stage == "decision" and touch.cart_id:
                first.setdefault((touch.cart_id,), touch)
            elif touch.touchpoint == "product_added" and not touch.cart_id:
                first.setdefault((touch.person, self.session_of[touch.event_id]), touch)
        return [
            Cart(self.journey_of[touch.event_id], touch.at, self._bought(touch))
            for touch in first.values()
        ]

    def _bought(self, begin: Touch) -> datetime | None:
        """The first order of the same cart, or of the same session where one of them has no
        cart id to go by."""
        for order in self.orders:
            same_session = (
                order.person == begin.person
                and self.session_of[order.event_id] == self.session_of[begin.event_id]
            )
            unnamed = not (begin.cart_id and order.cart_id)
            same = same_session if unnamed else order.cart_id == begin.cart_id
            if same and order.at >= begin.at:
                return order.at
        return None

    def loyal_at(self, journey: Journey) -> datetime | None:
        """When the same person ordered again, if within the repeat window of its order."""
        for order in (touch for touch in self.people[journey.person] if touch.is_order):
            if journey.order and journey.order.place < order.place:
                return order.at if order.at - journey.order.at <= REPEAT_WINDOW else None
        return None

    # ---- days -----------------------------------------------------------------------------

    def day(self, at: datetime) -> date:
        """The day in the reporting time zone."""
        return at.replace(tzinfo=UTC).astimezone(self.zone).date()

    def week(self, at: datetime) -> date:
        """The Monday of the day."""
        day = self.day(at)
        return day - timedelta(days=day.weekday())

    def month(self, at: datetime) -> date:
        """The first day of the month."""
        return self.day(at).replace(day=1)

    def _within(self, question: Question, at: datetime) -> bool:
        """Half-open: since counts, until does not."""
        return question.since <= self.day(at) < question.until

    def _started(self, question: Question) -> list[Journey]:
        """Journeys of the cohort, mature or not."""
        return [
            journey
            for journey in self.journeys
            if not journey.is_orphan
            and question.chosen(journey)
            and self._within(question, journey.started_at)
            and journey.started_at <= question.as_of
        ]

    def _mature(self, question: Question) -> list[Journey]:
        """Journeys of the cohort whose window has closed by the as-of."""
        return [
            journey
            for journey in self._started(question)
            if journey.started_at + WINDOW <= question.as_of
        ]

    # ---- the core metrics -----------------------------------------------------------------

    def stage_funnel(self, question: Question) -> list[Row]:
        depths = [journey.depth(journey.matures_at) for journey in self._mature(question)]
        return [(stage, sum(depth >= DEPTH[stage] for depth in depths)) for stage in TEMPLATE]

    def new_people(self, question: Question) -> list[Row]:
        weeks: dict[date, int] = defaultdict(int)
        for touches in self.people.values():
            first = touches[0]
            if (
                question.chosen(self.journey_of[first.event_id])
                and self._within(question, first.at)
                and first.at <= question.as_of
            ):
                weeks[self.week(first.at)] += 1
        return sorted(weeks.items())

    def journeys_by_channel(self, question: Question) -> list[Row]:
        cells: dict[tuple[date, str], int] = defaultdict(int)
        for journey in self._started(question):
            cells[self.week(journey.started_at), journey.segment("channel")] += 1
        return [(*cell, count) for cell, count in sorted(cells.items())]

    def consideration_rate(self, question: Question) -> list[Row]:
        return self._reached(question, "consideration")

    def conversion_rate(self, question: Question) -> list[Row]:
        return self._reached(question, "purchase")

    def _reached(self, question: Question, stage: str) -> list[Row]:
        return _shares(
            (self.week(journey.started_at), journey.depth(journey.matures_at) >= DEPTH[stage])
            for journey in self._mature(question)
        )

    def cart_abandonment(self, question: Question) -> list[Row]:
        return _shares(
            (
                self.week(cart.created_at),
                cart.bought_at is None or cart.bought_at - cart.created_at > CART_WINDOW,
            )
            for cart in self.carts
            if question.chosen(cart.journey)
            and self._within(question, cart.created_at)
            and cart.created_at + CART_WINDOW <= question.as_of
        )

    def time_to_purchase(self, question: Question) -> list[Row]:
        days = sorted(
            (journey.order.at - journey.started_at) / timedelta(days=1)
            for journey in self._mature(question)
            if journey.order and journey.order.at - journey.started_at <= WINDOW
        )
        shares = (0.25, 0.5, 0.75, 0.9)
        return [(*(_percentile(days, share) for share in shares), len(days))]

    def csat(self, question: Question) -> list[Row]:
        return _shares(
            (self.month(touch.at), score >= scale[1] - 1)
            for touch, score, scale in self._responses(question, "csat")
        )

    def nps(self, question: Question) -> list[Row]:
        """Of one kind alone, which is settled over everything: about the business as a whole, where
        there is such an answer; these worlds name no touchpoint, so it is who answers a survey."""
        scored = [
            touch
            for touch in self.touches
            if touch.survey == "nps" and touch.score is not None and touch.scale in (None, (0, 10))
        ]
        has_relational = any(touch.touchpoint == "survey_answered" for touch in scored)
        months: dict[date, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for touch, score, _ in self._responses(question, "nps"):
            is_relational = touch.touchpoint == "survey_answered"
            if touch in scored and is_relational == has_relational:
                group = 0 if score >= 9 else 1 if score >= 7 else 2
                months[self.month(touch.at)][group] += 1
                months[self.month(touch.at)][3] += 1
        return [(month, *counts) for month, counts in sorted(months.items())]

    def ces(self, question: Question) -> list[Row]:
        months: dict[date, list[float]] = defaultdict(lambda: [0.0, 0, 0])
        for touch, score, scale in self._responses(question, "ces"):
            if scale == (1, 7):
                sums = months[self.month(touch.at)]
                sums[0] += score
                sums[1] += score >= 5
                sums[2] += 1
        return [(month, *sums) for month, sums in sorted(months.items())]

    def _responses(
        self, question: Question, survey: str
    ) -> list[tuple[Touch, float, tuple[float, float]]]:
        """Answers given in the period, with their score and scale; orphans' too: activity."""
        return [
            (touch, touch.score, touch.scale or USUAL_SCALE[survey])
            for touch in self.touches
            if touch.survey == survey
            and touch.score is not None
            and question.chosen(self.journey_of[touch.event_id])
            and self._within(question, touch.at)
            and touch.at <= question.as_of
        ]

    def repeat_purchase_rate(self, question: Question) -> list[Row]:
        buyers = []
        for touches in self.people.values():
            orders = [touch for touch in touches if touch.is_order]
            if (
                orders
                and question.chosen(self.journey_of[orders[0].event_id])
                and self._within(question, orders[0].at)
                and orders[0].at + REPEAT_WINDOW <= question.as_of
            ):
                again = len(orders) > 1 and orders[1].at - orders[0].at <= REPEAT_WINDOW
                buyers.append((self.month(orders[0].at), again))
        return _shares(buyers)

    def channel_sources(self, question: Question) -> list[Row]:
        rows: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0.0, 0, 0])
        started = self._started(question)
        for journey in started:
            row = rows[journey.segment("channel")]
            row[0] += 1
            row[1] += journey.order is not None and journey.order.at <= question.as_of
            if journey.started_at + WINDOW <= question.as_of:
                row[3] += journey.depth(journey.matures_at) >= DEPTH["purchase"]
                row[4] += 1
        cohort = set(map(id, started))
        for journey, touch, amount in self.payments:
            if id(journey) in cohort and touch.at <= question.as_of:
                rows[journey.segment("channel")][2] += float(amount)
        ordered = sorted(rows.items(), key=lambda item: (-item[1][0], item[0]))
        return [(channel, *row) for channel, row in ordered]

    @property
    def metrics(self) -> dict[str, Callable[[Question], list[Row]]]:
        """Every core metric by name."""
        return {name: getattr(self, name) for name in CORE_METRICS}


CORE_METRICS = (
    "stage_funnel",
    "new_people",
    "journeys_by_channel",
    "consideration_rate",
    "conversion_rate",
    "cart_abandonment",
    "time_to_purchase",
    "csat",
    "nps",
    "ces",
    "repeat_purchase_rate",
    "channel_sources",
)


def _own_channel(touch: Touch) -> str | None:
    """definitions.md §10 for the few words that the tests' worlds know; None where the touch
    says nothing."""
    if touch.channel != "Unassigned":
        return touch.channel
    if touch.source or touch.medium:
        by_tags = {
            ("google", "cpc"): "Paid Search",
            ("news", "email"): "Email",
            ("(direct)", "(none)"): "Direct",
        }
        return by_tags.get((touch.source or "", touch.medium or ""), "Unassigned")
    return "Organic Search" if touch.referrer_host == "www.google.com" else None


def _shares(cases: Iterable[tuple[date, bool]]) -> list[Row]:
    """Period, cases that hold, all cases; in order of period."""
    counts: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    for period, holds in cases:
        counts[period][0] += holds
        counts[period][1] += 1
    return [(period, *count) for period, count in sorted(counts.items())]


def _percentile(ordered: list[float], share: float) -> float | None:
    """Interpolated between the two nearest cases."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
