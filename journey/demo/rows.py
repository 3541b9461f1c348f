"""Touches as rows of the event contract: codes become the words a source would send."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from .aftermath import MOST_TENTHS
from .journeys import DEVICES
from .lives import campaign_names
from .people import People
from .story import CARRIERS, CATEGORIES, Story
from .surveys import ABOUT, SCALES, SURVEYS
from .touches import TOUCHPOINTS
from .visits import PRODUCTS_EACH

MONEY = pl.Decimal(18, 4)
CONTRACT: dict[str, Any] = {
    "event_id": pl.String, "occurred_at": pl.Datetime("us"), "event_index": pl.Int64,
    "customer_id": pl.String, "anonymous_id": pl.String, "touchpoint": pl.String,
    "channel": pl.String, "source": pl.String, "medium": pl.String, "campaign": pl.String,
    "referrer_host": pl.String, "device": pl.String, "country": pl.String, "persona": pl.String,
    "product_id": pl.String, "category": pl.String, "cart_id": pl.String, "order_id": pl.String,
    "revenue": MONEY, "currency": pl.String, "quantity": pl.Int64, "survey": pl.String,
    "score": pl.Float64, "scale_min": pl.Float64, "scale_max": pl.Float64, "comment": pl.String,
    "language": pl.String, "experiment": pl.String, "variant": pl.String, "properties": pl.String,
}  # fmt: skip
ROOM = 10_000_000  # numbers kept for the events of one batch


def contract_rows(story: Story, people: People, touches: pl.DataFrame, batch: int) -> pl.DataFrame:
    """The touches with exactly the contract's columns, in the same order."""
    person, channel = touches["person"], touches["channel"]
    product, survey = touches["product"], touches["survey"]
    channels, countries, personas = story.channels, story.countries, story.personas

    numbers = pl.Series(people.number)
    known = pl.Series(people.identified)
    customer = _text("K-", pl.select(pl.when(known).then(numbers)).to_series()).gather(person)
    anonymous = _text("a-", numbers).gather(person)
    # A known customer at the till or on the phone shows no cookie.
    online = pl.Series([c.online for c in channels]).gather(channel).fill_null(value=True)
    shows_cookie = online | customer.is_null()
    names = [
        f"{category[:2].upper()}-{i + 1:02d}"
        for category, _ in CATEGORIES
        for i in range(PRODUCTS_EACH)
    ]
    columns = {
        "event_id": _text("e", pl.int_range(len(touches), eager=True) + batch * ROOM),
        "occurred_at": _times(story, touches["at"], online),
        "event_index": touches["step"],
        "customer_id": customer,
        "anonymous_id": anonymous.set(~shows_cookie, None),
        "touchpoint": _words(TOUCHPOINTS, touches["touchpoint"]),
        "channel": _words([c.name for c in channels], channel),
        "source": _words([c.source for c in channels], channel),
        "medium": _words([c.medium for c in channels], channel),
        "campaign": _words(campaign_names(story), touches["campaign"]),
        "referrer_host": _words([c.referrer for c in channels], channel),
        "device": _words(DEVICES, touches["device"]),
        "country": _words([c.code for c in countries], pl.Series(people.country).gather(person)),
        "persona": _words([p.name for p in personas], pl.Series(people.persona).gather(person)),
        "product_id": _words(names, product),
        "category": _words([name for name, _ in CATEGORIES], product // PRODUCTS_EACH),
        "cart_id": _text("C-", touches["cart"]),
        "order_id": _text("O-", touches["order"]),
        "revenue": touches["cents"] / 100,
        "currency": _words(["EUR"], touches["cents"].clip(0, 0)),
        "quantity": touches["quantity"],
        "survey": _words(SURVEYS, survey),
        "score": touches["score"],
        "scale_min": pl.Series([low for low, _ in SCALES]).gather(survey),
        "scale_max": pl.Series([high for _, high in SCALES]).gather(survey),
        "comment": touches["comment"],
        "language": touches["language"],
        "experiment": _words([story.experiment], touches["variant"].clip(0, 0)),
        "variant": _words(["A", "B"], touches["variant"]),
        "properties": _properties(touches),
    }
    return pl.DataFrame([columns[name].cast(kind).alias(name) for name, kind in CONTRACT.items()])


def _words(words: Sequence[str | None], codes: pl.Series) -> pl.Series:
    return pl.Series(words, dtype=pl.String).gather(codes)


def _text(prefix: str, numbers: pl.Series) -> pl.Series:
    return pl.select(pl.lit(prefix) + numbers.cast(pl.String)).to_series()


def _times(story: Story, at: pl.Series, online: pl.Series) -> pl.Series:
    """Times to the millisecond; to the second where a till or a call centre keeps them."""
    start = np.datetime64(datetime.combine(story.first_day, datetime.min.time()), "us")
    milliseconds = (at.to_numpy() * 3_600_000.0).astype(np.int64)
    whole = milliseconds // 1000 * 1000
    exact = np.where(online.to_numpy(), milliseconds, whole) * 1000
    return pl.Series(start + exact.astype("timedelta64[us]"))


def _properties(touches: pl.DataFrame) -> pl.Series:
    """What has no column of its own: the carrier and its days, or what an answer is about."""
    delivered = [
        f'{{"delivery_days": {tenths / 10}, "carrier": "{carrier}"}}'
        for carrier, _ in CARRIERS
        for tenths in range(MOST_TENTHS)
    ]
    answered = [f'{{"about": "{about}"}}' for about in ABOUT]
    code = touches["delivery"].fill_null(touches["about"].cast(pl.Int32) + len(delivered))
    return _words(delivered + answered, code)
