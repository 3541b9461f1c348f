"""What happens during a visit: touches seconds to minutes apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .clock import Flags, Floats, Ints
from .journeys import BUY, CART, LOOK, SHOP, Journeys
from .people import People, pick
from .story import CATEGORIES, CATEGORY_SHARES, Story
from .touches import CODE

PRODUCTS_EACH = 8  # products in a category
MORE_PIECES, AMOUNT_SPREAD = 0.6, 0.25  # pieces beyond the first; the logarithm's deviation
ENTRY = -1  # a slot: the touch that opens a visit, as its channel has it
LONGEST_PAUSE = 240.0  # seconds
Slots = list[
    tuple[int, Floats | float]
]  # the touches a visit can have, in order, and their chances
WITH_PRODUCT = np.array(
    [CODE[t] for t in ("product_viewed", "reviews_read", "product_added", "order_completed")]
)
WITH_CART = np.array(
    [
        CODE[t]
        for t in (
            "product_added", "cart_viewed", "checkout_started", "payment_info_entered",
            "coupon_entered", "order_completed",
        )
    ]
)  # fmt: skip


@dataclass(frozen=True)
class Steps:
    """The touches of visits, visit by visit in order."""

    visit: Ints
    touchpoint: Ints
    at: Floats
    step: Ints
    pause: Floats  # hours until the visit's next touch, or until it is surely over
    product: Ints


def walk(rng: np.random.Generator, story: Story, people: People, j: Journeys) -> Steps:
    """Every touch of every visit."""
    visits, codes, steps = [], [], []
    for which, slots in _groups(rng, story, people, j):
        happens = np.column_stack([np.broadcast_to(chance, len(which)) for _, chance in slots])
        row, slot = np.nonzero(rng.random(happens.shape) < happens)
        visits.append(which[row])
        codes.append(np.array([code for code, _ in slots])[slot])
        steps.append(slot)
    visit, code, slot = (np.concatenate(x).astype(np.int64) for x in (visits, codes, steps))

    entries = np.array([CODE[c.entry] for c in story.channels])
    n = len(visit)
    entry = entries[j.channel[visit]]
    luck = rng.random(n)
    entry = np.where(
        (entry == CODE["landing_page_viewed"]) & (luck < 0.4), CODE["page_viewed"], entry
    )
    entry = np.where((entry == CODE["ad_viewed"]) & (luck < 0.25), CODE["ad_clicked"], entry)
    code = np.where(code == ENTRY, entry, code)

    pauses = np.minimum(rng.exponential(48.0, n) + 3.0, LONGEST_PAUSE)
    pauses[rng.random(n) < 0.02] = 0.0  # ties, which only the event index can put in order
    first = np.concatenate(([True], visit[1:] != visit[:-1])) if n else np.zeros(0, np.bool_)
    passed = np.cumsum(pauses) - pauses
    group = np.cumsum(first) - 1
    at = j.start[visit] + (passed - passed[first][group]) / 3600.0
    final = np.concatenate((first[1:], [True])) if n else first
    pause = np.where(final, rng.uniform(0.02, 0.4, n), pauses / 3600.0)
    return Steps(visit, code, at, 2 * slot, pause, _products(rng, j, visit, code))


def _groups(
    rng: np.random.Generator, story: Story, people: People, j: Journeys
) -> list[tuple[Ints, Slots]]:
    """Visits of one kind, with what can happen during them."""
    groups: list[tuple[Ints, Slots]] = []
    online = j.device >= 0
    persona = people.persona[j.plans.person[j.journey]]
    names = [p.name for p in story.personas]
    thorough = persona == names.index("Researcher")
    thrifty = persona == names.index("Bargain hunter")

    def arrives(which: Ints, otherwise: float) -> Floats:
        return np.where(j.opens[which], 0.96, otherwise)

    which = np.flatnonzero(online & (j.kind == LOOK))
    looking: Slots = [
        (ENTRY, 1.0),
        (CODE["push_opened"], 0.006),
        (CODE["landing_page_viewed"], 0.60),
        (CODE["page_viewed"], 0.40),
        (CODE["page_viewed"], 0.15),
    ]
    groups.append((which, looking))

    which = np.flatnonzero(online & (j.kind == SHOP))
    reads = np.where(thorough[which], 0.50, 0.25)
    shopping: Slots = [
        (ENTRY, arrives(which, 0.75)),
        (CODE["push_opened"], 0.006),
        (CODE["products_searched"], 0.35),
        (CODE["product_list_viewed"], 0.55),
        (CODE["product_viewed"], 1.0),
        (CODE["product_viewed"], 0.55),
        (CODE["reviews_read"], reads),
        (CODE["products_compared"], reads * 0.5),
        (CODE["product_viewed"], 0.30),
        (CODE["chatbot_asked"], 0.012),
        (CODE["newsletter_subscribed"], 0.04),
    ]
    groups.append((which, shopping))

    which = np.flatnonzero(online & (j.kind == CART))
    filling: Slots = [
        (ENTRY, arrives(which, 0.70)),
        (CODE["product_list_viewed"], 0.35),
        (CODE["product_viewed"], 0.85),
        (CODE["product_added"], 1.0),
        (CODE["cart_viewed"], 0.55),
    ]
    groups.append((which, filling))

    which = np.flatnonzero(online & (j.kind == BUY))
    journey = j.journey[which]
    adds = np.where(j.has_cart[journey], rng.random(len(which)) < 0.25, True)
    checks_out, orders = j.checks_out[journey], j.orders[journey]
    deciding: Slots = [
        (ENTRY, arrives(which, 0.70)),
        (CODE["product_list_viewed"], 0.25),
        (CODE["product_viewed"], 0.75),
        (CODE["product_added"], adds.astype(float)),
        (CODE["product_added"], 0.20),
        (CODE["cart_viewed"], np.where(adds, 0.65, 1.0)),
        (CODE["coupon_entered"], np.where(thrifty[which], 0.35, 0.10)),
        (CODE["checkout_started"], checks_out.astype(float)),
        (CODE["payment_info_entered"], np.where(orders, 0.97, 0.45) * checks_out),
        (CODE["order_completed"], orders.astype(float)),
    ]
    groups.append((which, deciding))

    which = np.flatnonzero(~online)
    journey = j.journey[which]
    decides = j.kind[which] == BUY
    orders = decides & j.orders[journey]
    offline: Slots = [
        (ENTRY, 1.0),
        (CODE["quote_requested"], decides * np.where(orders, 0.25, 1.0)),
        (CODE["order_completed"], orders.astype(float)),
    ]
    groups.append((which, offline))
    return groups


def _products(rng: np.random.Generator, j: Journeys, visit: Ints, code: Ints) -> Ints:
    """The product of each touch that has one: mostly the journey's own, else one like it."""
    own = some_products(rng, len(j.plans.start))
    journey = j.journey[visit]
    first_alike = own[journey] // PRODUCTS_EACH * PRODUCTS_EACH
    similar = first_alike + rng.integers(0, PRODUCTS_EACH, len(visit))
    strays: Flags = (code == CODE["product_viewed"]) & (rng.random(len(visit)) < 0.45)
    product = np.where(strays, similar, own[journey])
    return np.where(np.isin(code, WITH_PRODUCT), product, -1)


def some_products(rng: np.random.Generator, n: int) -> Ints:
    """Draw n products, as often as people want those of their category."""
    categories = pick(rng, np.array(CATEGORY_SHARES), n)
    return categories * PRODUCTS_EACH + rng.integers(0, PRODUCTS_EACH, n)


def amounts(
    rng: np.random.Generator, story: Story, persona: Ints, channel: Ints, product: Ints
) -> tuple[Ints, Ints]:
    """What orders of these products come to in cents, by persona and entry channel of the buyer;
    and of how many pieces."""
    value = _value(story, persona, channel)
    pieces = 1 + rng.poisson(MORE_PIECES, len(product))
    spread = np.exp(rng.normal(0.0, AMOUNT_SPREAD, len(product)))
    paid = np.round(100 * _price_of(product) * pieces * value * spread).astype(np.int64)
    return paid, pieces


def mean_amount(story: Story, persona: Ints, channel: Ints) -> Floats:
    """What an order comes to on average, in units of money."""
    prices = _price_of(np.arange(len(CATEGORIES) * PRODUCTS_EACH)).reshape(len(CATEGORIES), -1)
    price = float(prices.mean(axis=1) @ np.array(CATEGORY_SHARES)) / sum(CATEGORY_SHARES)
    # The mean of a log-normal factor.
    factor = (1 + MORE_PIECES) * float(np.exp(AMOUNT_SPREAD**2 / 2))
    return price * factor * _value(story, persona, channel)


def _value(story: Story, persona: Ints, channel: Ints) -> Floats:
    """How much more or less than others a buyer spends, as a factor."""
    value = np.array([c.value for c in story.channels])[channel]
    return np.asarray(value * np.array([p.basket for p in story.personas])[persona])


def _price_of(product: Ints) -> Floats:
    """The price of a product: its category's, cheaper and dearer across the range."""
    base = np.array([price for _, price in CATEGORIES])[product // PRODUCTS_EACH]
    return np.asarray(np.round(base * (0.6 + 0.12 * (product % PRODUCTS_EACH)), 2))
