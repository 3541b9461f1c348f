"""How far each journey gets, and the visits it is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .clock import Clock, Flags, Floats, Ints, in_span, opening_hours
from .people import People, channel_mix, pick, pick_rows
from .story import Story

LOOK, SHOP, CART, BUY = range(4)  # what a visit is for
DEVICES = ("mobile", "desktop", "tablet")
SHORTEST_GAP = 3.0  # hours between visits: longer than any session and its timeout


@dataclass(frozen=True)
class Plans:
    """Journeys about to begin, an array per trait."""

    person: Ints
    start: Floats
    channel: Ints
    repeats: Flags  # sure to order: the planted repeat purchase
    quiet: Flags  # sure not to order: no repeat was planted
    newcomer: Flags  # the person has not ordered before

    def keep(self, which: Flags) -> Plans:
        """Some of the plans."""
        return Plans(**{name: values[which] for name, values in vars(self).items()})


@dataclass(frozen=True)
class Journeys:
    """What becomes of the plans, and their visits in order, journey by journey."""

    plans: Plans
    considers: Flags
    decides: Flags
    checks_out: Flags
    orders: Flags
    broken: Flags  # stopped by the incident
    at_risk: Floats  # how likely the incident was to stop it
    likely: Floats  # how likely an order was from the start, when and where the last visit is
    likely_without: Floats  # the same without the campaign
    tested: Flags  # decides within the experiment
    has_cart: Flags  # put something into a cart on an earlier visit
    last_visit: Ints
    journey: Ints  # of each visit
    start: Floats  # and so on: of each visit
    kind: Ints
    channel: Ints
    device: Ints  # -1 offline
    opens: Flags
    unlabelled: Flags


def first_plans(rng: np.random.Generator, story: Story, demand: Clock, people: People) -> Plans:
    """Everybody's first journey: when, and through which channel."""
    n = len(people)
    start = demand.between(np.zeros(n), np.full(n, story.hours), rng.random(n))
    usual = channel_mix(story, later=False)
    campaign = usual.copy()
    campaign[:, [c.name for c in story.channels].index(story.campaign_channel)] *= (
        story.campaign_reach
    )
    running = in_span(start, story.hour_of(story.campaign_since), story.campaign_days)
    row = people.persona + len(story.personas) * running
    nobody = np.zeros(n, dtype=np.bool_)
    return Plans(
        person=np.arange(n),
        start=start,
        channel=pick_rows(rng, np.vstack([usual, campaign]), row),
        repeats=nobody,
        quiet=nobody,
        newcomer=~nobody,
    )


def unfold(
    rng: np.random.Generator, story: Story, visits: Clock, people: People, plans: Plans
) -> Journeys:
    """Decide how far the journeys get and lay out their visits in time."""
    n = len(plans.start)
    online = np.array([c.online for c in story.channels])
    persona = people.persona[plans.person]

    usual_intent = intents(story)[persona, plans.channel]
    intent = usual_intent + campaign_dip(story, plans)
    sure = plans.repeats
    considers = sure | ~online[plans.channel] | (rng.random(n) < logistic(story.consider + intent))
    decides = considers & (sure | (rng.random(n) < logistic(story.decide + intent)))

    # The make-up of a journey: looks, then shopping, perhaps a cart left alone, the decision.
    luck = rng.random((4, n))
    looks = np.where(considers, luck[0] < 0.45, 1 + (luck[0] < 0.38) + (luck[0] < 0.10))
    looks = np.where(online[plans.channel], looks, 0)
    shops = np.where(decides, (luck[1] < 0.82).astype(int) + (luck[1] < 0.32), 1)
    shops = np.where(considers, shops + (luck[2] < 0.34) + (luck[2] < 0.10), 0)
    shops = np.where(sure, np.minimum(shops, 2), shops)
    has_cart = decides & (luck[3] < 0.24)
    per_journey = looks + shops + has_cart + decides

    ends = np.cumsum(per_journey)
    begins = ends - per_journey
    journey = np.repeat(np.arange(n), per_journey)
    place = np.arange(len(journey)) - begins[journey]
    kind = np.full(len(journey), BUY)
    shopped = (looks + shops)[journey]
    kind[has_cart[journey] & (place == shopped)] = CART
    kind[place < shopped] = SHOP
    kind[place < looks[journey]] = LOOK

    channel = _channels(rng, story, plans, journey, place, kind, online, begins)
    offline = ~online[channel]
    patience = np.array([p.patience for p in story.personas])[persona]
    start = _times(rng, visits, plans, begins, per_journey, offline, patience)

    usual = people.device[plans.person][journey]
    mixes = np.array([p.devices for p in story.personas])
    drawn = pick_rows(rng, mixes, persona[journey])
    device = np.where(rng.random(len(journey)) < 0.8, usual, drawn)
    device[offline] = -1

    last = ends - 1
    checks_out = decides & (sure | (rng.random(n) < logistic(story.check_out + intent)))
    checks_out &= ~plans.quiet
    at_end, on_device = start[last], device[last]
    tested = decides & plans.newcomer & (on_device >= 0)
    tested &= at_end >= story.hour_of(story.experiment_since)
    chance = np.where(sure, 1.0, logistic(story.order + intent))
    treated = tested & (people.variant[plans.person] == 1)
    uplift = np.where(treated, story.experiment_uplift, 1.0)
    chance = np.minimum(chance * uplift, 1.0)
    struck = in_span(at_end, story.hour_of(story.incident_since), story.incident_days)
    struck &= on_device == DEVICES.index(story.incident_device)
    luck_of_order = rng.random(n)
    would_order = checks_out & (luck_of_order < chance)
    orders = would_order & ~(struck & (luck_of_order >= chance * story.incident_factor))

    kept = np.where(struck, story.incident_factor, 1.0)

    def likely(intent: Floats) -> Floats:
        through = np.where(online[plans.channel], logistic(story.consider + intent), 1.0)
        through *= logistic(story.decide + intent) * logistic(story.check_out + intent)
        through *= np.minimum(logistic(story.order + intent) * uplift, 1.0)
        return np.where(plans.quiet, 0.0, np.where(sure, 1.0, through) * kept)

    return Journeys(
        plans=plans,
        considers=considers,
        decides=decides,
        checks_out=checks_out,
        orders=orders,
        broken=would_order & ~orders,
        at_risk=np.where(checks_out & struck, chance * (1 - story.incident_factor), 0.0),
        likely=likely(intent),
        likely_without=likely(usual_intent),
        tested=tested,
        has_cart=has_cart,
        last_visit=last,
        journey=journey,
        start=start,
        kind=kind,
        channel=channel,
        device=device,
        opens=place == 0,
        unlabelled=rng.random(len(journey)) < story.unlabelled_share,
    )


def device_at_start(j: Journeys) -> Ints:
    """The device of each journey's first visit; -1 offline."""
    return np.asarray(j.device[np.searchsorted(j.journey, np.arange(len(j.last_visit)))])


def intents(story: Story) -> Floats:
    """Willingness by persona (rows) and entry channel (columns), on the logit scale."""
    personas = np.array([p.intent for p in story.personas])
    return np.asarray(personas[:, None] + np.array([c.intent for c in story.channels]))


def campaign_dip(story: Story, plans: Plans) -> Floats:
    """What the campaign's wide reach takes from the intent of those it brings."""
    through = np.array([c.name == story.campaign_channel for c in story.channels])
    running = in_span(plans.start, story.hour_of(story.campaign_since), story.campaign_days)
    return np.where(through[plans.channel] & running, story.campaign_intent, 0.0)


def logistic(x: Floats) -> Floats:
    """Log-odds as a probability."""
    return np.asarray(1.0 / (1.0 + np.exp(-x)))


def _channels(
    rng: np.random.Generator,
    story: Story,
    plans: Plans,
    journey: Ints,
    place: Ints,
    kind: Ints,
    online: Flags,
    begins: Ints,
) -> Ints:
    """The channel of each visit: the entry channel, until the visitor switches."""
    n = len(journey)
    other = pick(rng, np.array([c.again for c in story.channels]), n)
    switches = (place > 0) & (rng.random(n) < 0.45)
    # Looking around and filling a cart happen online: in a store they would be something else.
    direct = [c.name for c in story.channels].index("Direct")
    needs_web = (kind == LOOK) | (kind == CART)
    entry = plans.channel[journey]
    # Each visit keeps what the latest switch chose.
    latest = np.maximum.accumulate(np.where(switches, np.arange(n), -1))
    inherited = latest >= begins[journey]
    channel = np.where(inherited, other[np.maximum(latest, 0)], entry)
    return np.where(needs_web & ~online[channel], direct, channel)


def _times(
    rng: np.random.Generator,
    visits: Clock,
    plans: Plans,
    begins: Ints,
    per_journey: Ints,
    offline: Flags,
    patience: Floats,
) -> Floats:
    """When each visit starts: same-day returns and waits of days, offline in opening hours."""
    total = int(per_journey.sum())
    wait = 24.0 * np.exp(rng.normal(np.log(2.1), 1.05, total))
    same_day = rng.random(total) < 0.18
    gap = np.where(same_day, rng.uniform(SHORTEST_GAP, 10.0, total), wait)
    start = np.empty(total)
    for place in range(int(per_journey.max(initial=0))):
        which = np.flatnonzero(per_journey > place)
        visit = begins[which] + place
        if place == 0:
            at = plans.start[which]
            earliest = np.floor(at / 24.0) * 24.0
        else:
            longest = np.where(plans.repeats[which], 24.0 * 6, 24.0 * 19)
            hours = np.clip(gap[visit] * patience[which], SHORTEST_GAP, longest)
            at = visits.after(start[visit - 1], hours)
            earliest = start[visit - 1] + SHORTEST_GAP
        opened = opening_hours(at)
        opened += np.where(opened < earliest, 24.0, 0.0)
        start[visit] = np.where(offline[visit], opened, at)
    return start
