"""Ledgers of demo worlds of many seeds, each against its own truth, at little cost.

The demo's own story with fewer people, but enough that each planted pain can be told from chance:
in a world of 14,000 some 47 checkouts meet the incident, and the repeats that slow deliveries cost
stand four standard errors from none. Events go straight into the store, whole and once; the late,
the broken and the doubled rows of a delivery are what the intake is tested with. Comments are read
once for all worlds.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from journey.analysis.pains.finding import find
from journey.analysis.truth.pains import against, planted
from journey.analysis.truth.scored import OUTSIDE, Other, Scored
from journey.demo.lives import live
from journey.demo.rows import contract_rows
from journey.demo.story import Story, story_until
from journey.demo.tally import Tally
from journey.demo.truth import effects
from journey.intake.contract import COLUMNS, quoted
from tests.world import Business

PEOPLE = 14_000
LAST_DAY = date(2026, 10, 31)


@dataclass(frozen=True)
class Ledger:
    """What the ledger of one world says of what was planted in it."""

    seed: int
    parts: tuple[Scored, ...]
    others: tuple[Other, ...]


def ledgers(root: Path, seeds: Iterable[int]) -> list[Ledger]:
    """The scored ledgers of these worlds, over all of their days."""
    return [_ledger(root, seed) for seed in seeds]


def check(found: list[Ledger]) -> None:
    """What is promised of ten ledgers.

    Every planted pain stands in every ledger, and nothing false above any of them. Of ten worlds'
    20 intervals of orders and 20 of money one each is expected to miss; more than 4 of 20 do so in
    0.3 % of such tens. Rows with a price pass a chance of 1 % thrice in a ledger (days, segments,
    deliveries), so two such ledgers of ten would be 3 %; rows without one eight times (signs,
    scores and complaints by days, segments and each other), so four of ten would be 0.6 %.
    """
    for one in found:
        assert all(part.rank is not None for part in one.parts), f"missed in world {one.seed}"
        last = max(part.rank or 0 for part in one.parts)
        above = [row.sentence for row in one.others if row.is_false and row.rank < last]
        assert not above, f"above the smallest true pain in world {one.seed}: {above}"
    false = [(one.seed, row) for one in found for row in one.others if row.is_false]
    assert len({seed for seed, row in false if row.money is not None}) <= 1, false
    assert len({seed for seed, row in false if row.money is None}) <= 3, false
    for unit in ("orders", "money"):
        outside = [
            (one.seed, part.effect)
            for one in found
            for part in one.parts
            if part.unit == unit and part.verdict == OUTSIDE
        ]
        assert len(outside) <= 4, f"{unit}: {outside}"


def lived(root: Path, story: Story, seed: int, people: int) -> tuple[Business, Tally]:
    """The events of so many people who lived a story, in a store to be built, and what was
    counted where it was planted."""
    business = Business(root)
    who, touches, tally = live(np.random.default_rng([seed, 0]), story, 0, people)
    _store(business, contract_rows(story, who, touches, 0))
    return business, tally


def _ledger(root: Path, seed: int) -> Ledger:
    story = story_until(LAST_DAY)
    business, tally = lived(root / str(seed), story, seed, PEOPLE)
    read = root / "read"
    if read.exists():
        shutil.copytree(read, business.folder.feedback)
    engine = business.build()
    if not read.exists():
        shutil.copytree(business.folder.feedback, read)
    filters = engine.filters(story.first_day, LAST_DAY + timedelta(days=1))
    pains = find(engine, business.config, filters)
    business.close()
    shutil.rmtree(business.root)
    parts, others = against(planted(effects(story, tally)), pains)
    return Ledger(seed, tuple(parts), tuple(others))


def _store(business: Business, rows: pl.DataFrame) -> None:
    """Rows of the contract as a file of the event store."""
    rows = rows.with_columns(person_id=pl.coalesce("customer_id", "anonymous_id"))
    month = business.folder.events / f"month={LAST_DAY:%Y-%m}"
    month.mkdir(parents=True)
    columns = ", ".join(
        f"{quoted(name) if name in rows.columns else 'null'}::{kind} as {quoted(name)}"
        for name, kind in COLUMNS.items()
    )
    with duckdb.connect() as connection:
        connection.register("rows", rows)
        connection.sql(f"select {columns} from rows").write_parquet(str(month / "world.parquet"))
