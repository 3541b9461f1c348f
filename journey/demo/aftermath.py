"""What follows an order: delivery, thanks, support, returns, reviews, loyalty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .clock import Flags, Floats, Ints, in_span
from .journeys import logistic
from .people import pick
from .phrases import THEMES
from .story import CARRIERS
from .surveys import ask, feeling, reviews, score_of
from .touches import CODE, NOBODY, Scene

SATISFIED = 4  # the least score of those who are
MOST_TENTHS = 400  # the longest delivery, in tenths of a day
RETURNED, RETURNED_UNHAPPY = 0.06, 0.20  # share of orders, by whether the score is up to 2
REFUNDED_WHOLE = 0.85  # of returns; half the amount otherwise
SUPPORT_THROUGH = (("call_center", 0.45), ("Direct", 0.35), ("Email", 0.20))


@dataclass(frozen=True)
class Orders:
    """The orders of a round of journeys, an array per trait."""

    journey: Ints
    person: Ints
    at: Floats
    number: Ints
    cents: Ints
    online: Flags


@dataclass(frozen=True)
class Outcome:
    """How orders went: known for every order, whether or not its buyer answers a survey."""

    days: Floats  # delivery days; 0 in a store
    score: Ints  # satisfaction with it, 1 to 5
    in_time: Ints  # the same, had it not been slow
    settled: Floats  # when the buyer may come back

    @property
    def satisfied(self) -> Flags:
        """Scores of 4 and 5."""
        return self.score >= SATISFIED


def follow_up(scene: Scene, o: Orders) -> Outcome:
    """Add everything that follows the orders, and give back how they went."""
    rng, story, people = scene.rng, scene.story, scene.people
    n = len(o.at)
    code = {c.name: i for i, c in enumerate(story.channels)}
    email, direct = code["Email"], code["Direct"]
    shipped = o.online

    country = people.country[o.person]
    carrier = rng.integers(0, len(CARRIERS), n)
    usual = np.array([c.delivery_days for c in story.countries])[country]
    usual = usual * np.array([pace for _, pace in CARRIERS])[carrier]
    in_slow = in_span(o.at, story.hour_of(story.slow_since), story.slow_days)
    usual = usual * np.where(in_slow, story.slow_factor, 1.0)
    tenths = np.round(10 * usual * np.exp(rng.normal(0.0, story.delivery_spread, n)))
    tenths = np.clip(tenths, 8, MOST_TENTHS - 1)
    days = np.where(shipped, tenths / 10.0, 0.0)
    slow = days > story.slow_over_days

    about = "order_delivered"
    unmarred = feeling(scene, o.person, about)
    felt = unmarred + np.where(slow, story.slow_satisfaction, 0)
    score = score_of(story, "csat", felt)
    cause = np.where(slow, THEMES.index("delivery"), NOBODY)
    delivered = o.at + days * 24.0

    def some(which: Flags, at: Floats, touchpoint: str, channel: int | Ints, **more: Ints) -> None:
        row = np.flatnonzero(which)
        via = np.full(n, channel) if isinstance(channel, int) else channel
        columns = {"order": o.number, "channel": via} | more
        picked = {name: values[row] for name, values in columns.items()}
        scene.touches.add(o.person[row], at[row], touchpoint=CODE[touchpoint], **picked)

    def luck(chance: float | Floats) -> Flags:
        return rng.random(n) < chance

    some(shipped, o.at + days * 24.0 * rng.uniform(0.12, 0.4, n), "order_shipped", email)
    delivery = carrier * MOST_TENTHS + tenths.astype(np.int64)
    some(shipped, delivered, "order_delivered", email, delivery=delivery)
    some(luck(0.42), o.at + rng.uniform(0.5, 20.0, n), "thank_you_email_opened", email)

    row = np.flatnonzero(shipped)
    soon = delivered + rng.uniform(0.2, 22.0, n)
    chance = ask(scene, about, "csat", o.person[row], soon[row], score[row], cause[row],
        channel=email, order=o.number[row])  # fmt: skip
    for name, group in (("fast", ~slow[row]), ("slow", slow[row])):
        own = group & (soon[row] < story.hours)
        happy = own & (score[row] >= SATISFIED)
        scene.tally[f"delivered.{name}.answers"] += float(chance[own].sum())
        scene.tally[f"delivered.{name}.happy_answers"] += float(chance[happy].sum())

    calls = luck(np.where(slow, 0.19, np.where(score <= 2, 0.14, 0.07)))
    when = o.at + np.maximum(days * 24.0 * 0.75, 6.0) + rng.uniform(1.0, 20.0, n)
    support(scene, o.person[calls], when[calls], felt[calls] * 0.5,
            cause[calls], o.number[calls])  # fmt: skip

    returned = luck(_returned(score))
    back = delivered + rng.uniform(30.0, 300.0, n)
    in_store = code["in_store"]
    some(returned, back, "order_returned", np.where(luck(0.2), in_store, direct))
    refund = -np.where(luck(REFUNDED_WHOLE), o.cents, o.cents // 2)
    paid = back + rng.uniform(30.0, 160.0, n)
    some(returned, paid, "order_refunded", direct, cents=refund)

    extreme = np.where(score == 5, 0.16, np.where(score <= 2, 0.12, 0.05))
    row = np.flatnonzero(luck(extreme) & ~returned)
    later = delivered + rng.uniform(30.0, 260.0, n)
    reviews(scene, o.person[row], later[row], score[row], cause[row],
            channel=direct, order=o.number[row])  # fmt: skip
    some(luck(np.where(score == 5, 0.07, 0.0)), later + 5.0, "referral_sent", direct)
    joins = luck(np.where(score >= 4, 0.10, 0.05))
    some(joins, o.at + rng.uniform(0.3, 48.0, n), "loyalty_joined", direct)

    # The relational survey comes weeks later and remembers the order only in part.
    about = "relationship"
    remembered = 0.8 * felt + 0.6 * rng.normal(0.0, 1.0, n)
    asked = delivered + rng.uniform(21 * 24.0, 56 * 24.0, n)
    ask(scene, about, "nps", o.person, asked, score_of(story, "nps", remembered),
        cause, channel=email)  # fmt: skip
    return Outcome(
        days=days,
        score=score,
        in_time=score_of(story, "csat", unmarred),
        settled=delivered + 24.0,
    )


def kept_share(score: Ints) -> Floats:
    """The share of an order's amount that is left after refunds, on average for its score."""
    return 1 - _returned(score) * (REFUNDED_WHOLE + (1 - REFUNDED_WHOLE) / 2)


def _returned(score: Ints) -> Floats:
    """How likely an order is to be returned."""
    return np.where(score <= 2, RETURNED_UNHAPPY, RETURNED)


def repeat_chance(scene: Scene, person: Ints, satisfied: Flags) -> Floats:
    """How likely buyers are to buy again within the window: satisfaction multiplies the odds."""
    story, people = scene.story, scene.people
    by_persona = np.array([p.repeat for p in story.personas])[people.persona[person]]
    raised = np.log(story.repeat_odds_ratio) * satisfied
    return logistic(story.repeat_base + by_persona + raised)


def support(
    scene: Scene,
    person: Ints,
    at: Floats,
    mood: Floats,
    cause: Ints,
    order: Ints,
) -> None:
    """Add support contacts and, by turns, the satisfaction or the effort question after them."""
    rng, story, n = scene.rng, scene.story, len(person)
    code = {c.name: i for i, c in enumerate(story.channels)}
    via = pick(rng, np.array([share for _, share in SUPPORT_THROUGH]), n)
    channel = np.array([code[name] for name, _ in SUPPORT_THROUGH])[via]
    scene.touches.add(
        person, at, touchpoint=CODE["support_contacted"], channel=channel, order=order
    )
    about = "support_contacted"
    felt = feeling(scene, person, about) + mood
    effort = rng.random(n) < 0.5
    soon = at + rng.uniform(0.1, 5.0, n)
    for survey, asked in (("csat", ~effort), ("ces", effort)):
        row = np.flatnonzero(asked)
        ask(scene, about, survey, person[row], soon[row],
            score_of(story, survey, felt[row]), cause[row], channel=channel[row],
            order=order[row])  # fmt: skip
