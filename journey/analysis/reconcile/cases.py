"""The cases that metrics count, from the serving tables, in one shape whatever the event.

Each event is a SELECT over tables that no filter lies beneath, so that a person's first case of
all is found before anything is chosen; the filter then keeps the cases whose journey it keeps,
which is what it does beneath every serving table.
"""

from dataclasses import dataclass, field

_JOURNEY_ORDER = ("awareness", "consideration", "decision", "purchase", "post_purchase")


@dataclass(frozen=True)
class Source:
    """Where an event's cases are and how a case reads. All texts are SQL."""

    rows: str
    at: str
    on: str
    key: str
    """What tells cases of one moment apart, for a total order."""
    goals: dict[str, str] = field(default_factory=dict)
    """Goal to the moment a case reached it; null where it did not."""
    days: dict[str, str] = field(default_factory=dict)
    """Goal to how many days it took, where that is not from the event to the goal."""
    amount: str = "null::decimal(38, 4)"
    person: str = "person_id"
    journey: str = "journey_number"
    identified: str | None = None
    """Whether the person is known by more than a cookie; None where the journey says it."""


def _or_further(stage: str) -> str:
    """The first moment a journey was at a stage or further."""
    place = _JOURNEY_ORDER.index(stage)
    return f"least({', '.join(f'{name}_at' for name in _JOURNEY_ORDER[place:])})"


_ORDERS = Source(
    rows="all_orders",
    at="ordered_at",
    on="ordered_on",
    key="order_number",
    identified="is_identified",
    goals={
        "next_order": "next_order_at",
        # Filled in once it is known which orders count.
        "another_order": "null::timestamp",
        "earlier_order": "case when cohort_month < date_trunc('month', ordered_on) "
        "then ordered_at end",
        "repeated": "case when order_number > 1 then ordered_at end",
        "refund": "first_refund_at",
        "support": "support_at",
    },
    days={"repeated": "epoch(ordered_at - previous_order_at) / 86400.0"},
)

_ANSWERS = "(from all_responses where score is not null and {})"
_NPS = "survey = 'nps' and scale_min = 0 and scale_max = 10"


def _nps(which: str) -> Source:
    """Answers to the NPS question on its scale: promoters 1, detractors -1."""
    return Source(
        rows=_ANSWERS.format(which),
        at="answered_at",
        on="answered_on",
        key="event_id",
        amount="case when score >= 9 then 1 when score < 7 then -1 else 0 end",
    )


SOURCES = {
    "journey": Source(
        rows="(from all_journeys where not is_orphan)",
        at="started_at",
        on="started_on",
        key="journey_number",
        goals={
            **{stage: _or_further(stage) for stage in _JOURNEY_ORDER},
            "looking": "consideration_at",
        },
    ),
    "contact": Source(rows="all_journeys", at="started_at", on="started_on", key="journey_number"),
    "order": _ORDERS,
    "timely_order": Source(
        rows="(select all_orders.* from all_orders inner join all_journeys using (person_id, "
        "journey_number) where ordered_at <= matures_at and matures_at <= $as_of)",
        at=_ORDERS.at,
        on=_ORDERS.on,
        key=_ORDERS.key,
        identified=_ORDERS.identified,
        goals=_ORDERS.goals,
        days=_ORDERS.days,
    ),
    "delivery": Source(
        rows="(from all_orders where delivered_at is not null)",
        at="delivered_at",
        on="delivered_on",
        key="event_id",
        identified="is_identified",
        goals={
            "arrived": "delivered_at",
            "slow": "case when epoch(delivered_at - ordered_at) > 5 * 86400 then delivered_at end",
        },
        days=dict.fromkeys(("arrived", "slow"), "epoch(delivered_at - ordered_at) / 86400.0"),
    ),
    "cart": Source(
        rows="all_carts",
        at="created_at",
        on="created_on",
        key="cart_id",
        goals={"bought": "bought_at"},
    ),
    "left_cart": Source(
        rows="(from all_carts where bought_at is null or bought_at > matures_at)",
        at="created_at",
        on="created_on",
        key="cart_id",
        goals={"bought": "bought_at"},
    ),
    "checkout": Source(
        rows="all_checkouts",
        at="started_at",
        on="started_on",
        key="touch_number",
        goals={"bought": "ordered_at"},
    ),
    "session": Source(
        rows="(from all_visits where touch_number = session_touch)",
        at="arrived_at",
        on="arrived_on",
        key="touch_number",
    ),
    "movement": Source(
        # By the day, as `daily` has it: what moved on the day of the as-of counts.
        rows="(select * replace (case when occurred_on <= $as_of_day "
        "then least(occurred_at, $as_of) else occurred_at end as occurred_at) "
        "from all_payments where is_reporting_currency)",
        at="occurred_at",
        on="occurred_on",
        key="event_id",
        amount="amount",
        person="moved_person_id",
        journey="moved_journey_number",
    ),
    "payment": Source(
        rows="(from all_payments where is_reporting_currency and journey_number > 0)",
        at="occurred_at",
        on="occurred_on",
        key="event_id",
        amount="amount",
    ),
    "answer": Source(
        rows=_ANSWERS.format("survey is not null"),
        at="answered_at",
        on="answered_on",
        key="event_id",
    ),
    "csat": Source(
        rows=_ANSWERS.format("survey = 'csat'"),
        at="answered_at",
        on="answered_on",
        key="event_id",
        goals={"satisfied": "case when score >= scale_max - 1 then answered_at end"},
        amount="score",
    ),
    "nps": _nps("is_headline_nps"),
    "nps_relational": _nps(f"{_NPS} and kind = 'relational'"),
    "nps_transactional": _nps(f"{_NPS} and kind = 'transactional'"),
    "ces": Source(
        rows=_ANSWERS.format("survey = 'ces' and scale_min = 1 and scale_max = 7 and is_up"),
        at="answered_at",
        on="answered_on",
        key="event_id",
        amount="score",
    ),
}
"""Event to where its cases are."""
