"""One batch of people, from their first journey to their last."""

from __future__ import annotations

import numpy as np
import polars as pl

from .aftermath import Orders, Outcome, follow_up, repeat_chance, support
from .clock import Clock, Flags, Floats, Ints, demand_clock, in_span, visit_clock
from .counting import count_round
from .journeys import Journeys, Plans, first_plans, unfold
from .losses import kept_away_by_waiting, stopped_by_incident
from .people import People, channel_mix, draw_people, pick_rows
from .phrases import THEMES
from .story import CALLS_UNASKED, Story
from .surveys import ask_during_visits
from .tally import Tally
from .touches import CODE, NOBODY, Scene, Touches
from .visits import WITH_CART, Steps, amounts, walk

ROUNDS = 8  # journeys a person can have at most
APART = 31 * 24.0  # hours between journeys when no order parts them: over the journey gap
BACK_AGAIN = 0.40  # come back after a journey without an order
BROWSES = 0.28  # come back within the repeat window and do not buy
MUCH_LATER = 0.42  # come back after the repeat window


def live(
    rng: np.random.Generator, story: Story, first: int, n: int
) -> tuple[People, pl.DataFrame, Tally]:
    """The people of a batch, their touches in time order, and counts of what was planted."""
    demand, visits = demand_clock(story, first=False), visit_clock(story)
    people = draw_people(rng, story, first, n)
    touches, tally = Touches(n), Tally()
    scene = Scene(rng, story, people, touches, tally)
    plans = first_plans(rng, story, demand_clock(story, first=True), people)
    tally["orphans"] = _orphans(scene, plans)
    quiet_until = np.full(n, -1.0)
    for turn in range(ROUNDS):
        j = unfold(rng, story, visits, people, plans)
        steps = walk(rng, story, people, j)
        orders = _record(scene, j, steps, turn)
        outcome = follow_up(scene, orders)
        chance = repeat_chance(scene, orders.person, outcome.satisfied)
        luck = rng.random(len(chance))
        repeats = luck < chance
        count_round(scene, j, orders, outcome, repeats, first=turn == 0)
        stopped_by_incident(scene, j, steps)
        kept_away_by_waiting(scene, orders, outcome, luck)
        plans = _return(scene, demand, j, orders, outcome, repeats, quiet_until)
        plans = plans.keep(plans.start < story.hours)
        if len(plans.person) == 0:
            break
    return people, touches.frame(story), tally


def _record(scene: Scene, j: Journeys, s: Steps, turn: int) -> Orders:
    """Add the touches of the visits with all their columns; give back the orders among them."""
    rng, story, people = scene.rng, scene.story, scene.people
    journey = j.journey[s.visit]
    person = j.plans.person[journey]
    number = people.number[person] * 10 + turn  # of the journey's cart and order
    online = j.device[s.visit] >= 0
    is_order = s.touchpoint == CODE["order_completed"]

    row = np.flatnonzero(is_order)
    persona, channel = people.persona[person[row]], j.plans.channel[journey[row]]
    paid, pieces = amounts(rng, story, persona, channel, s.product[row])
    cents, quantity = np.zeros(len(journey), dtype=np.int64), np.full(len(journey), NOBODY)
    cents[row], quantity[row] = paid, pieces

    sends = np.array([c.sends_cart_id for c in story.countries])[people.country[person]]
    in_cart = np.isin(s.touchpoint, WITH_CART)
    shown = np.where(j.unlabelled, NOBODY, j.channel)
    tested = j.tested[journey] & in_cart & (s.visit == j.last_visit[journey]) & online
    scene.touches.add(
        person,
        s.at,
        step=s.step,
        touchpoint=s.touchpoint,
        channel=shown[s.visit],
        campaign=_campaigns(rng, story, j, shown)[s.visit],
        device=j.device[s.visit],
        product=s.product,
        cart=np.where(in_cart & sends & online, number, NOBODY),
        order=np.where(is_order, number, NOBODY),
        cents=cents,
        quantity=quantity,
        variant=np.where(tested, people.variant[person], NOBODY),
    )
    ask_during_visits(scene, j, s, shown)

    # Support before any order: some of those the incident stopped, a few who only looked.
    ends = j.start[j.last_visit]
    calls = rng.random(len(ends)) < np.where(
        j.broken, story.incident_support, CALLS_UNASKED * j.considers
    )
    calls &= ~j.orders
    at = ends + rng.uniform(1.0, 20.0, len(ends))
    cause = np.where(j.broken, THEMES.index("checkout"), NOBODY)[calls]
    support(scene, j.plans.person[calls], at[calls],
            np.where(j.broken[calls], -0.6, 0.0), cause, np.full(len(cause), NOBODY))  # fmt: skip
    return Orders(
        journey=journey[row],
        person=person[row],
        at=s.at[row],
        number=number[row],
        cents=paid,
        online=online[row],
    )


def _campaigns(rng: np.random.Generator, story: Story, j: Journeys, shown: Ints) -> Ints:
    """The campaign of each visit, as a position in `campaign_names`."""
    counts = np.array([len(c.campaigns) for c in story.channels])
    begins = np.cumsum(counts) - counts
    drawn = np.floor(rng.random(len(shown)) * counts[j.channel]).astype(np.int64)
    campaign = np.where(counts[j.channel] > 0, begins[j.channel] + drawn, NOBODY)
    through = np.array([c.name == story.campaign_channel for c in story.channels])[j.channel]
    running = in_span(j.start, story.hour_of(story.campaign_since), story.campaign_days)
    campaign = np.where(through & running, counts.sum(), campaign)
    return np.where(shown == NOBODY, NOBODY, campaign)


def campaign_names(story: Story) -> list[str]:
    """Every campaign: the channels' own in order, then the planted one."""
    return [name for c in story.channels for name in c.campaigns] + [story.campaign_name]


def _return(
    scene: Scene,
    demand: Clock,
    j: Journeys,
    orders: Orders,
    outcome: Outcome,
    repeats: Flags,
    quiet_until: Floats,
) -> Plans:
    """The next journeys. Without a planted repeat, nothing bought before the window has closed."""
    rng, story, day = scene.rng, scene.story, 24.0
    ordered = orders.person
    n = len(ordered)
    luck = rng.random(n)
    browses = ~repeats & (luck < BROWSES)
    much_later = ~repeats & ~browses & (luck < BROWSES + MUCH_LATER)
    window = story.repeat_days * day
    soon = np.maximum(outcome.settled, orders.at + 6 * day)
    low = np.where(repeats, soon, orders.at + np.where(browses, 10 * day, window + 3 * day))
    # A repeat journey lasts up to 25 days: it must start early enough to end in the window.
    high = np.where(repeats, orders.at + window - 30 * day, orders.at + window - 5 * day)
    high = np.where(much_later, low + 130 * day, np.maximum(high, low + day))
    after_order = demand.between(low, high, rng.random(n))
    quiet_until[ordered] = np.where(repeats, -1.0, orders.at + window + day)
    back = repeats | browses | much_later

    left = np.flatnonzero(~j.orders)
    left = left[rng.random(len(left)) < BACK_AGAIN]
    left_person = j.plans.person[left]
    low = scene.touches.latest[left_person] + APART
    after_none = demand.between(low, low + 110 * day, rng.random(len(left)))

    person = np.concatenate([ordered[back], left_person])
    start = np.concatenate([after_order[back], after_none])
    sure = np.concatenate([repeats[back], np.zeros(len(left), dtype=np.bool_)])
    newcomer = np.concatenate([np.zeros(int(back.sum()), dtype=np.bool_), j.plans.newcomer[left]])
    channel = pick_rows(rng, channel_mix(story, later=True), scene.people.persona[person])
    return Plans(person, start, channel, sure, start < quiet_until[person], newcomer)


def _orphans(scene: Scene, plans: Plans) -> int:
    """Touches about orders from before the world began: nothing of theirs comes earlier."""
    rng, story = scene.rng, scene.story
    early = (rng.random(len(plans.start)) < story.orphan_share) & (plans.start > 48.0)
    row = np.flatnonzero(early)
    at = (plans.start[row] - 24.0) * rng.random(len(row))
    kinds = np.array([CODE[t] for t in ("support_contacted", "order_returned", "order_delivered")])
    direct = [c.name for c in story.channels].index("Direct")
    scene.touches.add(
        plans.person[row], at, touchpoint=kinds[rng.integers(0, 3, len(row))], channel=direct
    )
    return len(row)
