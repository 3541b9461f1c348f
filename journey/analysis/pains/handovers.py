"""Hand-overs between channels after which fewer order.

A journey that comes back through another channel than it first came through was handed over. The
share of those handed over from one channel to another that order within their window is compared
with other days, and with journeys that also came first through the first channel and then came
back through it, or through a third: of the same persona and device, and as far on their way before
they came back. All had a second visit, so that none is compared with those who never came back.

Journeys that another loss holds are told there, and are left out here on both sides. Who comes
back through which channel chooses to: this is an association.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from journey.analysis.pains.cases import Cases, Ints, Part, Place, parts, with_codes
from journey.analysis.pains.claimed import settled
from journey.analysis.pains.elsewhere import elsewhere
from journey.analysis.pains.incidents import Scanned, scan, told
from journey.analysis.pains.loss import Loss
from journey.config import STAGES
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

DETECTOR = "hand_over"
"""Its name, and that of its metric in `queries/pains/`."""

SCANNED: Scanned = ((),)
"""Whose days are looked at: everyone's who was handed over from one channel to another."""


def handovers(engine: Engine, filters: Filters) -> list[Cases]:
    """The journeys that came back in the period, by the channels of their first two visits (the
    same twice where they stayed), and how many of them ordered. Raises MetricError where the
    question takes too long."""
    rows = with_codes(engine.table(_SQL, filters), "checkout_device", "device")
    found = []
    for part in parts(rows, ("from_channel", "to_channel")):
        people, ordered = part.counts.pop("people"), part.counts.pop("ordered")
        first, second = part.kind
        found.append(part.cases(place(first, second, _stage(part)), people, ordered, ordered))
    return found


def one_of(engine: Engine, filters: Filters, loss: Loss) -> Cases:
    """The journeys of one hand-over. Raises MetricError where the question takes too long."""
    pairs = handovers(engine, filters)
    return next(cases for cases in pairs if cases.place.name == loss.place.name)


def losing(
    asked: Sequence[Cases], losses: Sequence[Loss], days: int, minimum_n: int
) -> tuple[list[Loss], list[list[Loss]]]:
    """Hand-overs after which fewer order than after comparable ones or on other days, among
    journeys that no loss holds; and for each loss those that it explains."""
    return settled(asked, losses, lambda some: _found(some, days, minimum_n))


def _found(asked: Sequence[Cases], days: int, minimum_n: int) -> list[Loss]:
    """Hand-overs, by days and against others from the same channel."""
    enough = [cases for cases in asked if cases.place.detector and cases.people.sum() >= minimum_n]
    over, rest = told(scan(enough, days, minimum_n, SCANNED), days, minimum_n, SCANNED)
    left = {cases.place.name: cases for cases in (*asked, *rest)}
    groups: dict[str, list[Cases]] = {}
    for cases in left.values():
        groups.setdefault(_first_channel(cases), []).append(cases)
    found = [*over, *elsewhere(groups.values(), _alike, minimum_n)]
    first = {cases.place.name: _first_channel(cases) for cases in asked if len(cases)}
    return [
        replace(loss, who={"channel": first[loss.place.name]})
        for loss in found
        if loss.is_sure and loss.place.detector
    ]


def _first_channel(cases: Cases) -> str:
    """The channel that the journeys of a hand-over first came through."""
    return cases.values["channel"][int(cases.segment["channel"][0])] if len(cases) else ""


def _alike(cases: Cases) -> Ints:
    """Journeys of the same persona and device that had got as far before they came back."""
    reached = cases.counts["reached"].astype(np.int64)
    return cases.codes(("persona", "device")) * len(STAGES) + reached


def place(first: str, second: str, stage: str) -> Place:
    """A hand-over from one channel to another; those who stayed are none, and no detector looks
    there."""
    return Place(
        0, f"{first} to {second}", stage, None, "ordered", f"pains/{DETECTOR}",
        detector="" if first == second else DETECTOR,
        things="journeys",
        named="channel",
        others=f"journeys from {first} that came back otherwise".replace("_", " "),
        caution="An association: which way people come back, they choose.",
    )  # fmt: skip


def _stage(part: Part) -> str:
    """The stage at which most journeys stood when they came back."""
    return STAGES[int(np.bincount(part.counts["reached"].astype(np.int64)).argmax()) - 1]


_SQL = """
select
    from_channel,
    to_channel,
    came_back_on - cast($since as date) as day,
    entry_channel,
    persona,
    device,
    country,
    reached::double as reached,
    (started_on - cast($since as date))::double as awareness_day,
    (considered_on - cast($since as date))::double as consideration_day,
    (decided_on - cast($since as date))::double as decision_day,
    (checked_out_on - cast($since as date))::double as checkout_day,
    checkout_device,
    (cart_on - cast($since as date))::double as carts_day,
    (unnamed_cart_on - cast($since as date))::double as carts_without_id_day,
    count(*) as people,
    count(*) filter (is_converted) as ordered,
from handovers
where came_back_on >= $since and came_back_on < $until and matures_at <= $as_of
group by all
"""
