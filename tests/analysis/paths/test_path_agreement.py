"""Paths agree with the funnel, and a step table adds up whatever it is made of."""

from collections import Counter
from datetime import date, datetime
from random import Random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.analysis.funnel import report
from journey.analysis.funnel.spec import Count, Entry, Funnel, Mode
from journey.analysis.funnel.steps import parse_step
from journey.analysis.paths.asking import Asked
from journey.analysis.paths.steps import Kind, table
from journey.analysis.paths.walking import Walked, walk
from journey.metrics.filters import Filters
from tests.analysis.paths.test_path_steps import built, holds
from tests.oracle import STAGE
from tests.random_worlds import case

ALWAYS = Filters(date(2000, 1, 1), date(2100, 1, 1), datetime(2100, 1, 1))


@pytest.mark.parametrize("count", ["journeys", "people"])
@pytest.mark.parametrize("seed", [1, 2])
def test_an_edge_is_the_two_step_strict_funnel(count: str, seed: int) -> None:
    """From the first of one touchpoint straight to another: counted by two engines."""
    with built(case(Random(seed), most_people=120, most_touches=15)) as (business, oracle):
        names = sorted({touch.touchpoint for touch in oracle.touches})
        compared = 0
        for start in names:
            if STAGE.get(start) == "post_purchase":
                continue  # the funnel counts those of no journey too
            asked = Asked(start=start, steps=2, top=20, count=count)  # type: ignore[arg-type]
            made = table(walk(business.engine, asked, ALWAYS), asked)
            followed = {edge.target.name: edge.count for edge in made.edges}
            for after in names:
                strict = Funnel(
                    (parse_step(start), parse_step(after)),
                    mode=Mode.STRICT,
                    count=Count(count),
                    entry=Entry.FIRST,
                )
                steps = report.ask(business.engine, strict, ALWAYS).steps
                assert steps[0].count == made.paths
                assert steps[1].count == followed.get(after, 0), (start, after)
                compared += steps[1].count > 0
        assert compared > 10


@given(
    st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=8), max_size=30),
    st.integers(2, 6),
    st.integers(1, 8),
)
def test_every_column_adds_up(paths: list[list[int]], steps: int, top: int) -> None:
    asked = Asked(steps=steps, top=top)
    counts: Counter[tuple[int, int, int | None]] = Counter()
    for path in paths:
        for step, node in enumerate(path[:steps], 1):
            after = path[step] if step < min(len(path), steps) else None
            counts[step, node, after] += 1
    rows = [
        {"side": 0, "step": step, "node": node, "next": after, "count": count}
        for (step, node, after), count in counts.items()
    ]
    kinds = {
        **dict.fromkeys(("side", "step", "node", "next", "count", "back"), pl.Int64),
        **dict.fromkeys(("median_seconds", "p95_seconds"), pl.Float64),
    }
    tally = pl.DataFrame(rows, schema=kinds).with_columns(pl.col("back").fill_null(0))
    made = table(Walked(tuple("abcdefg"), tally, len(paths)), asked)
    assert made.paths == len(paths)
    assert len(made.columns) == steps
    holds(made)
    for column in made.columns:
        named = [cell for cell in column if cell.kind is Kind.NAME]
        assert len(named) <= top
        assert [cell.count for cell in named] == sorted(
            (cell.count for cell in named), reverse=True
        )
        if len(named) < top:
            assert column[-2].count == 0
