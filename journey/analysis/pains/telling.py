"""What the detectors found, told as pains: keyed, titled, priced and put into sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from journey.analysis.pains import repeats, wording
from journey.analysis.pains.cases import Sign
from journey.analysis.pains.consequence import Consequence
from journey.analysis.pains.loss import Loss
from journey.analysis.pains.pain import Estimate, Finding, Pain
from journey.analysis.pains.slowness import Slowness
from journey.analysis.pains.worth import Values, estimate, money
from journey.metrics.statistics import wilson

MOST_NAMED = 3
"""More countries and spans of days with slow deliveries than these are not named one by one."""


@dataclass(frozen=True)
class Teller:
    """Tells what was found in one period."""

    values: Values
    first_day: date
    days: int
    """The days of the period that have passed."""
    months: float
    currency: str | None

    def lost(self, loss: Loss, began: date | None = None, beside: Sequence[Loss] = ()) -> Pain:
        """A loss at a place; `began` is the first day of an incident, which may lie before the
        period, `beside` is what is evidence for it."""
        # What a checkout on a device is worth is told by the orders of journeys begun on it.
        value = self.values.of(loss.who)
        cost = money(loss.orders, loss.error, value)
        orders = estimate(loss.orders, loss.error)
        kind = loss.place.detector or loss.detector
        length = (self.days if loss.after is None else loss.after) - (loss.first or 0)
        things = loss.place.things
        seen = (
            f"Of {loss.people:,} {things or 'people who stood there'}, "
            f"{_share(loss.people * loss.observed, loss.people)} {loss.place.onward}; of "
            f"comparable {things or 'people'}, {wording.percent(loss.comparable)}."
        )
        findings = [Finding(kind, seen, loss.people)]
        findings += (Finding(kind, said, loss.people) for said in loss.beside)
        findings += (self._seen(one) for one in beside)
        sentence = wording.lost(
            _where(loss), orders, cost, _against(loss), length, self._span(loss, began),
            self.currency, many=things == "carts",
        )  # fmt: skip
        if loss.place.caution:
            sentence = f"{sentence} {loss.place.caution}"
        return self._told(
            loss, began, key(loss.place.name, kind, loss.who, began), kind, _where(loss), sentence,
            findings, orders, cost,
        )  # fmt: skip

    def sign(
        self, loss: Loss, began: date | None = None, cost: Consequence | str = wording.NO_LOSS
    ) -> Pain:
        """More of a sign of trouble than comparable people have; `cost` is what that goes with, or
        why it has no price."""
        sign = _sign(loss)
        title = _title(loss)
        more = estimate(loss.orders, loss.error)
        shares = (1 - loss.observed, 1 - loss.comparable)
        orders = price = None
        if isinstance(cost, Consequence):
            orders = estimate(cost.repeats, cost.error)
            price = money(cost.repeats, cost.error, self.values.of(loss.who))
            points = Estimate(cost.points, cost.low, cost.high)
            said = wording.less_often(cost.orders, points, orders, price, self.currency)
        else:
            said = cost
        sentence = wording.excess(
            title, sign.befell, shares, (more, sign.things), self._span(loss, began), said
        )
        return self._told(
            loss, began, key(loss.place.name, sign.name, loss.who, began), sign.detector, title,
            sentence, [self._seen(loss, began)], orders, price,
        )  # fmt: skip

    def _told(
        self,
        loss: Loss,
        began: date | None,
        name: str,
        kind: str,
        title: str,
        sentence: str,
        findings: Sequence[Finding],
        orders: Estimate | None = None,
        cost: Estimate | None = None,
    ) -> Pain:
        """A loss as a pain, with its name, words and price."""
        since, until = self._span(loss, began)
        return Pain(
            key=name,
            kind=kind,
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
            sentence=sentence,
            findings=tuple(findings),
            months=self.months,
        )

    def _seen(self, loss: Loss, began: date | None = None) -> Finding:
        """A sign, carts or a hand-over, in one sentence of evidence."""
        span = wording.when(*self._span(loss, began))
        if loss.place.sign is None:
            told = (
                f"{_where(loss)}{span}: of {loss.people:,}, "
                f"{_share(loss.people * loss.observed, loss.people)} {loss.place.onward}; of "
                f"comparable ones, {wording.percent(loss.comparable)}."
            )
            return Finding(loss.place.detector, told, loss.people)
        sign = _sign(loss)
        befell = round(loss.people * (1 - loss.observed))
        told = (
            f"{_title(loss)}{span}: {befell:,} of {loss.people:,} {sign.things} {sign.befell}, "
            f"{_share(befell, loss.people)}; of comparable ones, "
            f"{wording.percent(1 - loss.comparable)}."
        )
        return Finding(sign.detector, told, loss.people)

    def _span(self, loss: Loss, began: date | None) -> tuple[date | None, date | None]:
        """When a loss began and ended; None where it did not within what is known."""
        since = None if loss.first is None else self.first_day + timedelta(days=loss.first)
        if began is not None and loss.first == 0:
            since = began
        until = None if loss.after is None else self.first_day + timedelta(days=loss.after)
        return since, until

    def slow(self, slowness: Slowness, began: date | None = None) -> Pain:
        """Slow deliveries; `began` is the first day of a span that holds nearly all of them."""
        slow, of = slowness.slow, slowness.of
        who = of.who if of else {}
        span = self._span(of, began) if of else (None, None)
        cost = money(slow.repeats, slow.error, self.values.of(who))
        orders = estimate(slow.repeats, slow.error)
        share = slow.repeats / slow.orders
        days = self.days
        if of is not None:
            days = (self.days if of.after is None else of.after) - (of.first or 0)
        title = ", ".join(["Slow delivery", *who.values()])
        sentence = wording.lost(
            title, orders, cost, "of customers who would have come back", days, span, self.currency
        )
        told = [
            f"{slow.orders:,} of {slow.delivered:,} orders took more than {repeats.SLOW_DAYS} days "
            "to arrive.",
            f"{wording.percent(slow.repeated.observed)} of the slow ones were followed by another "
            f"order, {wording.percent(slow.repeated.comparable)} of comparable others: an "
            "association.",
        ]
        cases = [slow.delivered, int(slow.repeated.people)]
        if slow.satisfied is not None:
            told.append(
                f"{wording.percent(slow.satisfied.observed)} of those who waited were satisfied, "
                f"{wording.percent(slow.satisfied.comparable)} of comparable others."
            )
            cases.append(slow.answers)
        if of is None:
            told.append("It is so everywhere and since the first day" + self._more(slowness))
            cases.append(slow.delivered)
        else:
            told.append(f"Nearly all slow orders are of it{self._more(slowness)}")
            cases.append(of.people)
        return Pain(
            key=key("order_delivered", "slow_delivery", who, began),
            kind="slow_delivery",
            stage="post_purchase",
            touchpoint="order_delivered",
            who=who,
            since=span[0],
            until=span[1],
            affected=slow.orders,
            observed=slow.repeated.comparable - share,
            comparable=slow.repeated.comparable,
            lost=orders,
            money=cost,
            metric="post_purchase/slow_deliveries",
            title=title,
            sentence=sentence,
            findings=tuple(Finding("slow_delivery", *one) for one in zip(told, cases, strict=True)),
            months=self.months,
        )

    def _more(self, slowness: Slowness) -> str:
        """Where and when more orders are slow than usual, as the end of a sentence."""
        told = []
        for loss in slowness.more[:MOST_NAMED]:
            country = loss.who.get("country")
            where = f"in {country}" if country else ""
            span = wording.when(*self._span(loss, None))
            told.append(
                f"{f'{where}{span}'.removeprefix(', ')} ({wording.percent(1 - loss.observed)} of "
                f"{loss.people:,}, of comparable ones {wording.percent(1 - loss.comparable)})"
            )
        if len(slowness.more) > MOST_NAMED:
            told.append(f"and {len(slowness.more) - MOST_NAMED} more")
        return (
            f"; more of them {', '.join(told)}." if told else "; no country and no days stand out."
        )


def _sign(loss: Loss) -> Sign:
    """What a loss is more of."""
    assert loss.place.sign is not None
    return loss.place.sign


def _title(loss: Loss) -> str:
    """What there is more of, and where."""
    where = _where(loss)
    return f"{_sign(loss).title}, {where[0].lower()}{where[1:]}"


def _where(loss: Loss) -> str:
    """The place and, where its name does not say so, whom it concerns."""
    who = {name: value for name, value in loss.who.items() if name != loss.place.named}
    return wording.title(loss.place.called or loss.place.name, who)


def _against(loss: Loss) -> str:
    """What a loss is held against."""
    if loss.first is not None:
        return "against its other days"
    if loss.detector == "elsewhere":
        return f"against {loss.place.others}"
    return wording.against(next(iter(loss.who)), loss.against)


def _share(part: float, whole: float) -> str:
    """A share with the ends of its 95 % interval."""
    low, high = wilson(part, whole)
    return f"{wording.percent(part / whole)} ({wording.percent(low)} to {wording.percent(high)})"


def key(place: str, kind: str, who: Mapping[str, str], began: date | None = None) -> str:
    """What tells a pain from all others, from build to build and from period to period.

    >>> key("checkout", "incident", {"device": "mobile"}, date(2026, 7, 3))
    'checkout/incident/device=mobile/2026-07-03'
    """
    parts = [place, kind, *(f"{name}={who[name]}" for name in sorted(who))]
    return "/".join([*parts, *([began.isoformat()] if began else [])])
