"""What the detectors found, told as pains: keyed, titled, priced and put into sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from journey.analysis.pains import repeats, wording
from journey.analysis.pains.cases import Sign
from journey.analysis.pains.loss import Loss
from journey.analysis.pains.pain import Estimate, Finding, Pain
from journey.analysis.pains.worth import Values, estimate, money
from journey.metrics.statistics import wilson


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

    def sign(self, loss: Loss, began: date | None = None) -> Pain:
        """More of a sign of trouble than comparable people have; it has no price."""
        sign = _sign(loss)
        title = _title(loss)
        more = estimate(loss.orders, loss.error)
        shares = (1 - loss.observed, 1 - loss.comparable)
        sentence = wording.excess(
            title, sign.befell, shares, (more, sign.things), self._span(loss, began)
        )
        return self._told(
            loss, began, key(loss.place.name, sign.name, loss.who, began), sign.detector, title,
            sentence, [self._seen(loss, began)],
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

    def slow(self, slow: repeats.Slow) -> Pain:
        """Slow deliveries."""
        value = self.values.of({})
        cost = money(slow.repeats, slow.error, value)
        orders = estimate(slow.repeats, slow.error)
        share = slow.repeats / slow.orders
        sentence = wording.lost(
            "Slow delivery",
            orders,
            cost,
            "of customers who would have come back",
            self.days,
            (None, None),
            self.currency,
        )
        findings = [
            Finding(
                "slow_delivery",
                f"{slow.orders:,} of {slow.delivered:,} orders took more than "
                f"{repeats.SLOW_DAYS} days to arrive.",
                slow.delivered,
            ),
            Finding(
                "slow_delivery",
                f"{wording.percent(slow.repeated.observed)} of the slow ones were followed by "
                f"another order, {wording.percent(slow.repeated.comparable)} of comparable "
                "others: an association.",
                int(slow.repeated.people),
            ),
        ]
        if slow.satisfied is not None:
            findings.append(
                Finding(
                    "slow_delivery",
                    f"{wording.percent(slow.satisfied.observed)} of those who waited were "
                    f"satisfied, {wording.percent(slow.satisfied.comparable)} of comparable "
                    "others.",
                    slow.answers,
                )
            )
        return Pain(
            key=key("order_delivered", "slow_delivery", {}),
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
            months=self.months,
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
    return wording.title(loss.place.name, who)


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
