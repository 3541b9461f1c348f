"""What the planted pains took, order by order: the same lives without them.

A journey that the incident stopped would have ordered by the very draw that it stopped, and a buyer
whose delivery was slow would have come back by the very draw that says they did not. What such
orders would have been worth, and what of it would have been refunded, is played by the same rules
as everything else, but with chance and touches of its own, so that nothing else hangs on it.
"""

from __future__ import annotations

import numpy as np

from .aftermath import SATISFIED, Orders, Outcome, follow_up, repeat_chance
from .clock import Flags, Floats, Ints
from .journeys import Journeys
from .people import channel_mix, pick_rows
from .tally import Tally
from .touches import CODE, Scene, Touches
from .visits import Steps, amounts, some_products

COMES_BACK = (20.0, 75.0)  # days from an order to the repeat that never was


def stopped_by_incident(scene: Scene, j: Journeys, steps: Steps) -> None:
    """Count the orders that the incident stopped, and what they would have brought."""
    # What was put into the cart is what would have been bought.
    product = np.zeros(len(j.broken), dtype=np.int64)
    added = steps.touchpoint == CODE["product_added"]
    product[j.journey[steps.visit[added]]] = steps.product[added]
    row = np.flatnonzero(j.at_risk)
    person, channel = j.plans.person[row], j.plans.channel[row]
    cents = _net_cents(_beside(scene), person, j.start[j.last_visit[row]], channel, product[row])
    _count(scene.tally, "incident", j.at_risk[row], j.broken[row], cents)


def kept_away_by_waiting(scene: Scene, orders: Orders, outcome: Outcome, luck: Floats) -> None:
    """Count the repeat orders that slow deliveries within the span cost, and what they would have
    brought; `luck` is what decided on each order's repeat."""
    beside, story = _beside(scene), scene.story
    slow = outcome.days > story.slow_over_days
    row = np.flatnonzero(slow & (orders.at + outcome.days * 24.0 < story.hours))
    person = orders.person[row]
    chance = repeat_chance(scene, person, outcome.satisfied[row])
    in_time = repeat_chance(scene, person, outcome.in_time[row] >= SATISFIED)
    lost = (luck[row] >= chance) & (luck[row] < in_time)
    at = orders.at[row] + 24.0 * beside.rng.uniform(*COMES_BACK, len(row))
    mix = channel_mix(story, later=True)
    channel = pick_rows(beside.rng, mix, scene.people.persona[person])
    cents = _net_cents(beside, person, at, channel, some_products(beside.rng, len(row)))
    _count(scene.tally, "slow", in_time - chance, lost, cents)


def _count(tally: Tally, pain: str, chance: Floats, lost: Flags, cents: Ints) -> None:
    """Orders that could be lost: how likely each was to be, which were, and what each was worth."""
    tally[f"lost.{pain}.orders_expected"] += float(chance.sum())
    tally[f"lost.{pain}.orders"] += int(lost.sum())
    tally[f"lost.{pain}.cents_expected"] += float(chance @ cents)
    tally[f"lost.{pain}.cents"] += int(cents[lost].sum())


def _beside(scene: Scene) -> Scene:
    """The same people in a scene of its own, for what never happened."""
    (chance,) = scene.rng.spawn(1)
    return Scene(chance, scene.story, scene.people, Touches(len(scene.people)), Tally())


def _net_cents(beside: Scene, person: Ints, at: Floats, channel: Ints, product: Ints) -> Ints:
    """What each order would have brought, less what would have been refunded by the last day."""
    story = beside.story
    cents, _ = amounts(beside.rng, story, beside.people.persona[person], channel, product)
    number = np.arange(len(person))
    online = np.array([c.online for c in story.channels])[channel]
    follow_up(beside, Orders(number, person, at, number, cents, online))
    refunds = beside.touches.frame(story).drop_nulls("cents")
    np.add.at(cents, refunds["order"].to_numpy(), refunds["cents"].to_numpy())
    return cents
