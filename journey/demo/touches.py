"""Touches on their way to the contract: narrow columns of numbers, collected block by block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from .clock import Floats, Ints
from .people import People
from .story import Story
from .tally import Tally

# Every touchpoint of the demo, so that a touch is a small number until it is written.
# The last two are deliberately unknown to the retail template.
TOUCHPOINTS = (
    "ad_viewed", "ad_clicked", "social_post_viewed", "search_clicked", "email_opened",
    "landing_page_viewed", "page_viewed", "referral_received",
    "products_searched", "product_list_viewed", "product_viewed", "reviews_read",
    "products_compared", "store_visited", "newsletter_subscribed", "sales_called",
    "product_added", "cart_viewed", "checkout_started", "payment_info_entered", "coupon_entered",
    "quote_requested", "order_completed",
    "order_shipped", "order_delivered", "thank_you_email_opened", "survey_answered",
    "support_contacted", "order_returned", "order_refunded", "review_written", "referral_sent",
    "loyalty_joined", "push_opened", "chatbot_asked",
)  # fmt: skip
UNMAPPED = ("push_opened", "chatbot_asked")
CODE = {name: i for i, name in enumerate(TOUCHPOINTS)}
NOBODY = -1  # in a column of codes: no value

SCHEMA: dict[str, Any] = {
    "person": pl.Int32,
    "at": pl.Float64,
    "step": pl.Int32,
    "touchpoint": pl.Int16,
    "channel": pl.Int16,
    "campaign": pl.Int16,
    "device": pl.Int8,
    "product": pl.Int16,
    "cart": pl.Int64,
    "order": pl.Int64,
    "cents": pl.Int64,  # signed; 0 is none
    "quantity": pl.Int32,
    "survey": pl.Int8,
    "score": pl.Int8,
    "comment": pl.String,
    "language": pl.String,
    "about": pl.Int8,
    "delivery": pl.Int32,
    "variant": pl.Int8,
}
CODES = ["channel", "campaign", "device", "product", "cart", "order", "quantity", "variant"]


class Touches:
    """A growing heap of touches, and the time of each person's latest one."""

    def __init__(self, people: int) -> None:
        """Begin with nobody seen."""
        self.latest: Floats = np.zeros(people)
        self._blocks: list[pl.DataFrame] = []

    def add(self, person: Ints, at: Floats, **columns: Any) -> None:
        """Add a block of touches; what it does not name is empty, and so is a negative code."""
        if len(person) == 0:
            return
        np.maximum.at(self.latest, person, at)
        series = []
        for name, values in ({"person": person, "at": at} | columns).items():
            if np.isscalar(values):
                values = np.full(len(person), values)
            series.append(pl.Series(name, values).cast(SCHEMA[name]))
        self._blocks.append(pl.DataFrame(series))

    def frame(self, story: Story) -> pl.DataFrame:
        """All touches inside the world's span, in time order."""
        everything = pl.concat([pl.DataFrame(schema=SCHEMA), *self._blocks], how="diagonal")
        codes = pl.col(CODES)
        return (
            everything.filter(pl.col("at") < story.hours)
            .sort("at", "person", "step")
            .with_columns(
                pl.when(codes >= 0).then(codes),
                pl.when(pl.col("cents") != 0).then("cents").alias("cents"),
                pl.col("step").fill_null(0),
            )
        )


@dataclass(frozen=True)
class Scene:
    """What every part of a batch works with: chance, the story, the people, their touches."""

    rng: np.random.Generator
    story: Story
    people: People
    touches: Touches
    tally: Tally
