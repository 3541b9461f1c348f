"""One round of journeys, counted inside the span: what was likely, and what came of it."""

from __future__ import annotations

import numpy as np

from .aftermath import Orders, Outcome, kept_share
from .clock import Flags, in_span
from .journeys import DEVICES, Journeys, device_at_start
from .story import BEFORE_INCIDENT, CALLS_UNASKED
from .touches import Scene
from .visits import mean_amount

SETTLED = 60 * 24  # hours after its start by which nearly every journey is over


def count_round(
    scene: Scene, j: Journeys, orders: Orders, outcome: Outcome, repeats: Flags, *, first: bool
) -> None:
    """Count a round; `first` where the journeys are people's first."""
    _channels(scene, j, orders, outcome)
    _campaign(scene, j, first=first)
    _deliveries(scene, orders, outcome, repeats)
    _checkouts(scene, j)
    _experiment(scene, j)


def _channels(scene: Scene, j: Journeys, orders: Orders, outcome: Outcome) -> None:
    """Journeys, orders and their value by entry channel."""
    story, tally = scene.story, scene.tally
    inside = j.plans.start < story.hours
    tally["journeys"] += int(inside.sum())
    ordered = np.zeros(len(inside), dtype=np.bool_)
    within = orders.at < story.hours
    ordered[orders.journey[within]] = True
    settled = j.plans.start < story.hours - SETTLED
    begins = np.searchsorted(j.journey, np.arange(len(inside)))
    entry = np.where(j.unlabelled[begins], len(story.channels), j.channel[begins])
    worth = mean_amount(
        story, scene.people.persona[orders.person], j.plans.channel[orders.journey]
    ) * kept_share(outcome.score)
    for i, name in enumerate([*(c.name for c in story.channels), "Unassigned"]):
        own = entry == i
        tally[f"journeys.{name}"] += int((inside & own).sum())
        tally[f"orders.{name}"] += int((ordered & own).sum())
        tally[f"settled.{name}"] += int((settled & own).sum())
        tally[f"settled.{name}.likely"] += float(j.likely[settled & own].sum())
        tally[f"value.{name}"] += float(worth[within & own[orders.journey]].sum())


def _campaign(scene: Scene, j: Journeys, *, first: bool) -> None:
    """Journeys while the campaign ran: through its channel and through others, and how likely
    they were to order with it and without."""
    story, tally = scene.story, scene.tally
    through = np.array([c.name == story.campaign_channel for c in story.channels])[j.plans.channel]
    running = in_span(j.plans.start, story.hour_of(story.campaign_since), story.campaign_days)
    tally["campaign.others"] += int((running & ~through).sum())
    name = f"campaign.{'first' if first else 'later'}"
    tally[name] += int((running & through).sum())
    tally[f"{name}.likely"] += float(j.likely[running & through].sum())
    tally[f"{name}.likely_without"] += float(j.likely_without[running & through].sum())


def _deliveries(scene: Scene, orders: Orders, outcome: Outcome, repeats: Flags) -> None:
    """Satisfaction by delivery, repeats by satisfaction."""
    story, tally = scene.story, scene.tally
    within = (outcome.days > 0) & (orders.at + outcome.days * 24.0 < story.hours)
    slow = outcome.days > story.slow_over_days
    for name, group in (("fast", within & ~slow), ("slow", within & slow)):
        tally[f"delivered.{name}"] += int(group.sum())
        tally[f"delivered.{name}.satisfied"] += int((group & outcome.satisfied).sum())
    country = scene.people.country[orders.person]
    for i, market in enumerate(story.countries):
        own = within & (country == i)
        tally[f"delivered.to.{market.code}"] += int(own.sum())
        tally[f"delivered.to.{market.code}.slow"] += int((own & slow).sum())
    closed = orders.at + story.repeat_days * 24.0 < story.hours
    for name, group in (("satisfied", outcome.satisfied), ("unsatisfied", ~outcome.satisfied)):
        tally[f"repeat.{name}.orders"] += int((group & closed).sum())
        tally[f"repeat.{name}.repeated"] += int((group & closed & repeats).sum())


def _checkouts(scene: Scene, j: Journeys) -> None:
    """Checkouts on mobile, within the incident and otherwise."""
    story, tally = scene.story, scene.tally
    at_end, device = j.start[j.last_visit], j.device[j.last_visit]
    struck = in_span(at_end, story.hour_of(story.incident_since), story.incident_days)
    for name, group in (("incident", struck), ("otherwise", ~struck & (at_end < story.hours))):
        mobile = group & (device == 0) & j.checks_out
        tally[f"mobile_checkouts.{name}"] += int(mobile.sum())
        tally[f"mobile_checkouts.{name}.ordered"] += int((mobile & j.orders).sum())

    # Calls for help are counted by the device of the journey, as the product counts them.
    opened = device_at_start(j) == DEVICES.index(story.incident_device)
    looked = j.checks_out & ~j.orders & ~j.broken
    calls = j.at_risk * story.incident_support + looked * CALLS_UNASKED
    since = story.hour_of(story.incident_since)
    for name, low, days in (
        ("during", since, story.incident_days),
        ("before", since - BEFORE_INCIDENT * 24.0, BEFORE_INCIDENT),
    ):
        own = opened & j.checks_out & in_span(at_end, low, days)
        tally[f"help.{name}.checkouts"] += int(own.sum())
        tally[f"help.{name}.calls"] += float(calls[own].sum())


def _experiment(scene: Scene, j: Journeys) -> None:
    """Decisions and orders by arm."""
    story, tally = scene.story, scene.tally
    at_end = j.start[j.last_visit]
    for variant, name in enumerate("AB"):
        own = scene.people.variant[j.plans.person] == variant
        arm = j.tested & own & (at_end < story.hours)
        tally[f"experiment.{name}.decided"] += int(arm.sum())
        tally[f"experiment.{name}.ordered"] += int((arm & j.orders).sum())
