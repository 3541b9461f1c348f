"""One person: who they are, all they did, in order; and whom to look at next."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import polars as pl

from journey.metrics import masks
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

_TOUCHES = """
    select
        touches.journey_number,
        touches.touch_number,
        touches.session_id,
        touches.occurred_at,
        touches.touchpoint,
        touches.stage,
        touches.channel,
        touches.touch_device as device,
        touches.is_order,
        touches.revenue::double as revenue,
        touches.currency,
        touches.category,
        responses.survey,
        responses.score,
        responses.scale_max,
        responses.about_touchpoint,
        responses.comment,
    from touches
    left join (from responses where person_id = $person) as responses using (event_id)
    where
        touches.person_number = (select person_number from people where person_id = $person)
        and touches.occurred_at <= $as_of
    order by touches.touch_number, responses.survey
"""

_JOURNEYS = """
    select journey_number, is_orphan, entry_channel, started_at, purchase_at, deepest
    from journeys
    where person_id = $person and started_at <= $as_of
    order by journey_number
"""

_PEOPLE = """
    with began as (
        select person_id, journey_number, started_at, purchase_at, deepest_in_window, matures_at,
            touches,
        from journeys
        where not is_orphan and started_on >= $since and started_on < $until
            and started_at <= $as_of
    )
"""


@dataclass(frozen=True)
class Life:
    """All that is known of one person by the as-of, whatever the filters."""

    shown: str
    """The id as it may be shown: masked, unless the operator allows more."""
    persona: str
    first_seen_at: datetime
    journeys: pl.DataFrame
    """One row per journey: journey_number, is_orphan, entry_channel, started_at, purchase_at,
    deepest."""
    touches: pl.DataFrame
    """One row per touch in order, with the answer given at it, if any; times are UTC."""

    @property
    def orders(self) -> int:
        """The orders placed."""
        return int(self.touches["is_order"].sum() or 0)

    def revenue(self, currency: str | None) -> float:
        """What orders and refunds come to, in the reporting currency; other ones are left out."""
        money = self.touches.filter(
            pl.col("stage").is_in(["purchase", "post_purchase"]),
            pl.col("currency").fill_null(currency or "") == (currency or ""),
        )
        return float(money["revenue"].sum() or 0)


def life(engine: Engine, filters: Filters, person_id: str, shown: str) -> Life | None:
    """All that a person did by the as-of; None where there is no such person by then.

    The filters choose nothing here: one person's journeys are shown whole. Raises MetricError.
    """
    whole = replace(filters, where={}, outside={})
    given = {"person": person_id}
    touches = engine.table(_TOUCHES, whole, given)
    if touches.is_empty():
        return None
    facts = engine.table(
        "select persona, first_seen_at from people where person_id = $person", whole, given
    )
    return Life(
        shown=shown,
        persona=facts["persona"][0],
        first_seen_at=facts["first_seen_at"][0],
        journeys=engine.table(_JOURNEYS, whole, given),
        touches=touches,
    )


def find(engine: Engine, filters: Filters, typed: str, key: str, shown: bool) -> str | None:
    """The id of the person whose mask (or, where ids may be shown, id) was typed; None where
    nobody is called that. Raises MetricError."""
    whole = replace(filters, where={}, outside={})
    or_id = "or person_id = $typed" if shown else ""
    found = engine.table(
        f"select person_id from people where {masks.MASKED} = lower($typed) {or_id} "
        "order by person_id limit 1",
        whole,
        {"typed": typed.strip(), "mask_key": key},
    )
    return found.item() if found.height else None


def typical(engine: Engine, filters: Filters) -> str | None:
    """Somebody whose journey is like most: of the mature journeys of the frame that bought (of
    all, where none did), the one nearest to the median in touches, then in time; ties by id.

    None where the frame has no journey. Raises MetricError.
    """
    found = engine.table(
        f"""{_PEOPLE}, kind as (
            select *, deepest_in_window >= 4 and matures_at <= $as_of as bought,
                date_diff('second', started_at, coalesce(purchase_at, started_at)) as seconds,
            from began
        ), chosen as (
            select * from kind where bought or not (select bool_or(bought) from kind)
        ), middle as (
            select median(touches) as touches, median(seconds) as seconds from chosen
        )
        select person_id from chosen, middle
        order by abs(chosen.touches - middle.touches), abs(chosen.seconds - middle.seconds),
            person_id, journey_number
        limit 1""",
        filters,
    )
    return found.item() if found.height else None


def another(engine: Engine, filters: Filters, key: str, after: str | None) -> str | None:
    """The mask of the next person of the frame, in the order of masks, which looks random and is
    always the same; after the last comes the first. None where the frame has nobody. Raises
    MetricError.
    """
    found = engine.table(
        f"""{_PEOPLE}, masked as (
            select {masks.MASKED} as mask from (select distinct person_id from began)
        )
        select mask from masked order by mask <= $after, mask limit 1""",
        filters,
        {"mask_key": key, "after": (after or "").strip().lower()},
    )
    return found.item() if found.height else None


def told(touch: dict[str, Any]) -> bool:
    """Whether a touch carries an answer or a comment."""
    return touch["score"] is not None or bool(touch["comment"])
