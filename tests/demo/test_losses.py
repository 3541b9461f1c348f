"""What the planted pains took is counted right: against worlds without them, and formulas."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.stats import norm

from journey.demo.clock import demand_clock, visit_clock
from journey.demo.journeys import first_plans, unfold
from journey.demo.lives import live
from journey.demo.people import draw_people
from journey.demo.story import Story, story_until
from journey.demo.tally import Tally

STORY = story_until(date(2026, 10, 31))
NAMES = ("orders_expected", "orders", "cents_expected", "cents")


def tally(story: Story, people: int, seed: int = 5) -> Tally:
    return live(np.random.default_rng(seed), story, 0, people)[2]


@pytest.fixture(scope="module")
def counted() -> Tally:
    return tally(STORY, 30_000)


def test_without_a_pain_nothing_is_lost() -> None:
    calm = replace(STORY, incident_factor=1.0, slow_satisfaction=0.0)
    found = tally(calm, 1_500)
    assert found["mobile_checkouts.incident"] > 0
    assert found["delivered.slow"] > 0
    assert [found[f"lost.{pain}.{n}"] for pain in ("incident", "slow") for n in NAMES] == [0] * 8


def test_what_nobody_did_changes_nothing_that_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lost orders are played with chance and touches of their own."""
    people, touches, _ = live(np.random.default_rng(5), STORY, 0, 2_000)
    for name in ("stopped_by_incident", "kept_away_by_waiting"):
        monkeypatch.setattr(f"journey.demo.lives.{name}", lambda *given: None)
    same, uncounted, tally = live(np.random.default_rng(5), STORY, 0, 2_000)
    assert tally["lost.slow.orders_expected"] == 0
    assert touches.equals(uncounted)
    assert (people.persona == same.persona).all()


def test_an_order_is_either_placed_or_lost_to_the_incident() -> None:
    """With the very same draws, the orders of a world without the incident in the first round are
    those of the world with it and those it lost: nothing before the incident can differ."""
    for seed in range(3):
        with_it, without = (
            first_orders(replace(STORY, incident_factor=factor), seed) for factor in (0.15, 1.0)
        )
        assert with_it[0] + with_it[1] == without[0]
        assert without[1] == 0


def first_orders(story: Story, seed: int) -> tuple[int, int]:
    """Orders and losses of people's first journeys, as decided before anything else is drawn."""
    rng = np.random.default_rng(seed)
    people = draw_people(rng, story, 0, 20_000)
    plans = first_plans(rng, story, demand_clock(story, first=True), people)
    j = unfold(rng, story, visit_clock(story), people, plans)
    return int(j.orders.sum()), int(j.broken.sum())


def test_the_incident_takes_the_planted_share_of_checkouts(counted: Tally) -> None:
    rate = counted["mobile_checkouts.otherwise.ordered"] / counted["mobile_checkouts.otherwise"]
    begun = counted["mobile_checkouts.incident"]
    expected = begun * rate * (1 - STORY.incident_factor)
    assert begun > 80
    assert counted["lost.incident.orders_expected"] == pytest.approx(expected, rel=0.06)
    spread = expected**0.5
    assert abs(counted["lost.incident.orders"] - expected) < 3 * spread
    ordered = counted["mobile_checkouts.incident.ordered"]
    assert ordered + counted["lost.incident.orders"] == pytest.approx(begun * rate, rel=0.15)


def test_slow_deliveries_take_what_the_odds_make_of_lower_satisfaction(counted: Tally) -> None:
    """By hand: the fall in the share of satisfied, times what satisfaction adds to a repeat."""
    expected = 0.0
    for persona in STORY.personas:
        middle = dict(STORY.moods)["order_delivered"] + persona.leniency
        spread = (0.35**2 + 0.92**2) ** 0.5
        in_time, late = (
            norm.sf(STORY.csat_cuts[2], middle + shift, spread)
            for shift in (0.0, STORY.slow_satisfaction)
        )
        chances = [
            1 / (1 + np.exp(-(STORY.repeat_base + persona.repeat) - np.log(odds)))
            for odds in (STORY.repeat_odds_ratio, 1.0)
        ]
        # Those who buy again bought before; their share among orders is not that among people.
        expected += persona.share * (in_time - late) * (chances[0] - chances[1])
    expected *= counted["delivered.slow"]
    assert counted["lost.slow.orders_expected"] == pytest.approx(expected, rel=0.1)
    assert abs(counted["lost.slow.orders"] - expected) < 3 * expected**0.5


@pytest.mark.parametrize("pain", ["incident", "slow"])
def test_lost_orders_are_worth_what_orders_are(counted: Tally, pain: str) -> None:
    orders = sum(n for name, n in counted.items() if name.startswith("orders."))
    value = sum(n for name, n in counted.items() if name.startswith("value.")) / orders
    lost = counted[f"lost.{pain}.cents_expected"] / 100 / counted[f"lost.{pain}.orders_expected"]
    assert lost == pytest.approx(value, rel=0.2)


def test_the_value_planted_is_that_of_the_orders(counted: Tally) -> None:
    """Net of refunds, as the events have it."""
    _, touches, again = live(np.random.default_rng(5), STORY, 0, 30_000)
    assert again == counted
    paid = touches["cents"].sum() / 100
    planted = sum(n for name, n in counted.items() if name.startswith("value."))
    assert paid == pytest.approx(planted, rel=0.02)
