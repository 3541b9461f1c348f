"""A shop whose checkout breaks on mobile for two weeks, for pages and commands that show it."""

from datetime import timedelta
from random import Random

from tests.world import MONDAY, Rows, people

BROKEN = (60, 74)
"""The days between which it is broken, half-open."""

FIXED = MONDAY.date() + timedelta(days=BROKEN[1])


def broken_checkout(seed: int = 3, number: int = 2200, days: int = 130) -> Rows:
    """Visits that reach the checkout, and mostly an order."""
    random = Random(seed)
    lines = {}
    for person in range(number):
        at = random.uniform(0, days)
        device = random.choice(("mobile", "desktop"))
        chance = 0.05 if device == "mobile" and BROKEN[0] <= at < BROKEN[1] else 0.75
        touches = ["ad_clicked", "product_viewed", "product_added", "checkout_started"]
        touches += ["order_completed"] * (random.random() < chance)
        line = " ".join(f"{name}@{at + place / 100:.4f}" for place, name in enumerate(touches))
        lines[f"p{person}"] = f"{line} device={device} revenue=80 currency=EUR"
    rows = people(**lines)
    for row in rows:
        if row["touchpoint"] != "order_completed":
            del row["revenue"], row["currency"]
    return rows
