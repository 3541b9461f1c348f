"""Counting how many reach each step without the tries: the same as following every try."""

from datetime import timedelta
from itertools import chain, product
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from journey.analysis.funnel import report
from journey.analysis.funnel.reaching import is_simple
from journey.analysis.funnel.rows import check_order, shared_out
from journey.analysis.funnel.spec import Count, Entry, Funnel, Mode
from journey.analysis.funnel.steps import parse_step
from journey.errors import MetricError
from journey.metrics.filters import Filters
from tests.random_worlds import case
from tests.world import Business

STEPS = (
    ("product_viewed", "product_added", "order_completed"),
    ("awareness", "consideration", "decision", "order_completed"),
    ("product_viewed", "product_viewed", "product_viewed,order_completed"),
    ("product_viewed,product_added", "product_added", "product_viewed"),
)
WINDOWS = (None, timedelta(seconds=1), timedelta(hours=6), timedelta(days=30))


def _funnel(*steps: str, **settings: Any) -> Funnel:
    return Funnel(tuple(map(parse_step, steps)), **settings)


@pytest.mark.parametrize("seed", range(3))
def test_as_many_reach_each_step_as_tries_do(seed: int, tmp_path: Path) -> None:
    random = Random(f"reach {seed}")
    world = case(random, most_people=150, most_touches=25)
    business = Business(tmp_path, time_zone=world.zone, currency="EUR")
    business.deliver([*chain(*world.deliveries)])
    business.build()
    counts = (Count.PEOPLE, Count.JOURNEYS)
    reached = 0
    for steps, window, entry, count in product(STEPS, WINDOWS, (Entry.FIRST, Entry.BEST), counts):
        asked = _funnel(*steps, window=window, entry=entry, count=count)
        assert is_simple(asked)
        for question in world.questions:
            frame = Filters(question.since, question.until, question.as_of, question.where)
            tries = [part.counts for part in report.follow(business.engine, asked, frame)]
            found = [step.count for step in report.ask(business.engine, asked, frame).steps]
            assert found == [sum(steps) for steps in zip(*tries, strict=True)], (asked, question)
            reached += found[-1]
    business.close()
    assert reached > 0


@pytest.mark.parametrize("asked", [
    _funnel("product_viewed", "order_completed", mode=Mode.STRICT),
    _funnel("product_viewed", "product_added", "order_completed", mode=Mode.FLEXIBLE),
    _funnel("product_viewed", "order_completed", count=Count.ENTRIES),
    _funnel("product_viewed", "order_completed", count=Count.SESSIONS),
    _funnel("product_viewed", "order_completed", window="session"),
    _funnel("product_viewed", "order_completed", hold=("cart",)),
    _funnel("product_viewed", "order_completed", grace=timedelta(seconds=1)),
    _funnel("product_viewed", "order_completed:device=mobile"),
    _funnel("product_viewed", "order_completed:gap=1h.."),
    _funnel("product_viewed", "product_added?", "order_completed"),
])  # fmt: skip
def test_what_depends_on_more_than_the_beginning_is_followed(asked: Funnel) -> None:
    assert not is_simple(asked)


def test_touches_out_of_order_are_refused() -> None:
    found = pl.DataFrame({"person": [1, 1, 2, 2, 3], "occurred_at": [1, 2, 1, 2, 0]}).with_columns(
        pl.col("occurred_at").cast(pl.Datetime("us"))
    )
    check_order(found)
    assert pl.concat(shared_out(found, 3)).equals(found)
    for wrong in ([0, 1, 2, 4, 3], [1, 0, 2, 3, 4], [3, 2, 0, 1, 4], [4, 0, 1, 2, 3]):
        mixed = found[wrong]
        with pytest.raises(MetricError, match="not stored in the order"):
            check_order(mixed)
        with pytest.raises(MetricError, match="not stored in the order"):
            list(map(check_order, shared_out(mixed, 3)))
