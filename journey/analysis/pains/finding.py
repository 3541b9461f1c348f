"""What hurts, in one list: every pain of a period, the dearest first."""

from datetime import date, timedelta

from journey.analysis.pains import repeats, wording
from journey.analysis.pains.dropoff import Loss, losses
from journey.analysis.pains.pain import Finding, Pain
from journey.analysis.pains.places import cases
from journey.analysis.pains.worth import Values, estimate, money
from journey.config import Config
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters


def find(engine: Engine, config: Config, filters: Filters) -> list[Pain]:
    """The pains of a period, by money, the dearest first; the same question gets the same list.
    Raises MetricError where the question takes too long."""
    values = Values(engine, filters, config.minimum_n)
    days = min(filters.days, (filters.as_of.date() - filters.since).days + 1)
    places = cases(engine, filters)
    currency = engine.snapshot.currency
    found = [
        _lost(loss, values, filters.since, days, currency)
        for loss in losses(places, days, config.minimum_n)
    ]
    if slow := repeats.slow(engine, filters, config.minimum_n):
        found.append(_slow(slow, values, days, currency))
    return sorted(found, key=lambda pain: (-pain.money.value, pain.key))


def _lost(loss: Loss, values: Values, first_day: date, days: int, currency: str | None) -> Pain:
    """A loss at a place as a pain."""
    # What a checkout on a device is worth is told by the orders of journeys begun on it.
    value = values.of(loss.who)
    cost = money(loss.orders, loss.error, value)
    orders = estimate(loss.orders, loss.error)
    since = None if loss.first is None else first_day + timedelta(days=loss.first)
    until = None if loss.after is None else first_day + timedelta(days=loss.after)
    against = "against its other days"
    if loss.first is None:
        against = f"against other {_PLURAL[next(iter(loss.who))]}"
    length = (days if loss.after is None else loss.after) - (loss.first or 0)
    title = wording.title(loss.place.name, loss.who)
    seen = (
        f"{loss.people:,} stood there, {wording.percent(loss.observed)} {loss.place.onward}; of "
        f"comparable people {wording.percent(loss.comparable)} did."
    )
    return Pain(
        key=_key(loss.place.name, loss.detector, loss.who, since),
        kind=loss.detector,
        stage=loss.place.stage,
        touchpoint=loss.place.touchpoint,
        who=loss.who,
        since=since,
        until=until,
        affected=loss.people,
        observed=loss.observed,
        comparable=loss.comparable,
        lost=orders,
        money=cost,
        metric=loss.place.metric,
        title=title,
        sentence=wording.lost(title, orders, cost, against, length, (since, until), currency),
        findings=(Finding(loss.detector, seen, loss.people),),
    )


def _slow(slow: repeats.Slow, values: Values, days: int, currency: str | None) -> Pain:
    """Slow deliveries as a pain."""
    value = values.of({})
    cost = money(slow.repeats, slow.error, value)
    orders = estimate(slow.repeats, slow.error)
    share = slow.repeats / slow.orders
    sentence = wording.lost(
        "Slow delivery",
        orders,
        cost,
        "of customers who would have come back",
        days,
        (None, None),
        currency,
    )
    findings = [
        Finding(
            "slow_delivery",
            f"{slow.orders:,} of {slow.delivered:,} orders took more than {repeats.SLOW_DAYS} "
            "days to arrive.",
            slow.delivered,
        ),
        Finding(
            "slow_delivery",
            f"{wording.percent(slow.repeated.observed)} of the slow ones were followed by another "
            f"order, {wording.percent(slow.repeated.comparable)} of comparable others: an "
            "association.",
            int(slow.repeated.people),
        ),
    ]
    if slow.satisfied is not None:
        findings.append(
            Finding(
                "slow_delivery",
                f"{wording.percent(slow.satisfied.observed)} of those who waited were satisfied, "
                f"{wording.percent(slow.satisfied.comparable)} of comparable others.",
                slow.answers,
            )
        )
    return Pain(
        key=_key("order_delivered", "slow_delivery", {}, None),
        kind="slow_delivery",
        stage="post_purchase",
        touchpoint="order_delivered",
        who={},
        since=None,
        until=None,
        affected=slow.orders,
        observed=slow.repeated.comparable - share,
        comparable=slow.repeated.comparable,
        lost=orders,
        money=cost,
        metric="post_purchase/slow_deliveries",
        title="Slow delivery",
        sentence=sentence,
        findings=tuple(findings),
    )


_PLURAL = {"device": "devices", "country": "countries"}


def _key(place: str, kind: str, who: dict[str, str], since: date | None) -> str:
    """What tells a pain from all others, from build to build."""
    parts = [place, kind, *(f"{name}={who[name]}" for name in sorted(who))]
    return "/".join([*parts, *([since.isoformat()] if since else [])])
