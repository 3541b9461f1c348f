"""The table of friction against plain loops, and for the people of a segment."""

import shutil
from collections import defaultdict
from datetime import date, datetime, timedelta
from math import log, log1p
from pathlib import Path
from random import Random
from typing import Any

import pytest

from journey.intake.sources import queries_folder
from journey.metrics.filters import Filters
from tests.metrics.test_segments import of
from tests.world import TWO_YEARS_LATER, Business, Rows, day

ALL = Filters(date(2020, 1, 1), date(2040, 1, 1), TWO_YEARS_LATER)
NAMES = ("product_viewed", "page_viewed", "checkout_started", "payment_failed", "survey_answered")
STEPS = (timedelta(seconds=1), timedelta(minutes=3), timedelta(minutes=30), timedelta(minutes=31))


def world(random: Random) -> Rows:
    """Thirty people whose touches repeat, fail, stop and go on over midnight."""
    rows: Rows = []
    for person in range(30):
        at = day(random.choice((0.98, 1.5, 2.2)))
        for number in range(random.randint(0, 25)):
            at += random.choice(STEPS)
            rows.append(
                {
                    "event_id": f"p{person}-{number:02}",
                    "touchpoint": random.choice(NAMES),
                    "occurred_at": at,
                    "customer_id": f"p{person}",
                    "channel": random.choice(("Email", "Direct")),
                    "product_id": random.choice((None, "a", "b")),
                }
            )
    return rows


def by_hand(rows: Rows, people: set[str]) -> dict[tuple[date, str], list[float]]:
    """Day and touchpoint to touches, errors, loops, dwelt, the sum and the sum of squares."""
    lives: dict[str, Rows] = defaultdict(list)
    for row in rows:
        if row["customer_id"] in people:
            lives[str(row["customer_id"])].append(row)
    found: dict[tuple[date, str], list[float]] = defaultdict(lambda: [0] * 6)
    for life in lives.values():
        visit: Rows = []
        previous: datetime | None = None
        visits = [visit]
        for row in sorted(life, key=lambda row: (row["occurred_at"], row["event_id"])):
            if previous is not None and row["occurred_at"] - previous > timedelta(minutes=30):
                visit = []
                visits.append(visit)
            previous = row["occurred_at"]
            if row["touchpoint"] != "survey_answered":
                visit.append(row)
        for visit in visits:
            for place, row in enumerate(visit):
                sums = found[row["occurred_at"].date(), row["touchpoint"]]
                sums[0] += 1
                if place + 1 < len(visit):
                    add(sums, row, visit[place + 1])
    return found


def add(sums: list[float], row: dict[str, Any], following: dict[str, Any]) -> None:
    """Count what followed a touch."""
    dwell = log1p((following["occurred_at"] - row["occurred_at"]).total_seconds())
    sums[1] += following["touchpoint"] == "payment_failed"
    sums[2] += (following["touchpoint"], following["product_id"]) == (
        row["touchpoint"],
        row["product_id"],
    )
    sums[3] += 1
    sums[4] += dwell
    sums[5] += dwell * dwell


def asked(business: Business, filters: Filters = ALL) -> dict[tuple[date, str], list[float]]:
    """The same from the table."""
    rows = business.engine.table(
        """
        select occurred_on, touchpoint, sum(touches)::bigint, sum(errors)::bigint,
            sum(loops)::bigint, sum(dwelt)::bigint, sum(dwell_sum), sum(dwell_squares)
        from friction group by all
        """,
        filters,
    )
    return {(day_, name): [value or 0.0 for value in values] for day_, name, *values in rows.rows()}


@pytest.mark.parametrize("seed", range(3))
def test_the_table_agrees_with_plain_loops(business: Business, seed: int) -> None:
    rows = world(Random(seed))
    business.deliver(rows)
    business.build()
    expected = by_hand(rows, {f"p{person}" for person in range(30)})
    found = asked(business)
    assert found.keys() == expected.keys()
    for key, sums in expected.items():
        assert found[key] == pytest.approx(sums, abs=1e-4), key
    assert sum(sums[1] for sums in found.values()) > 0
    assert sum(sums[2] for sums in found.values()) > 0
    assert log(2) < max(sums[4] for sums in found.values())


def test_a_segment_has_its_own_sums_under_every_other_filter(
    business: Business, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made once for the segment, the sums still answer to channel, period and as-of."""
    rows = world(Random(7))
    business.deliver(rows)
    business.build()
    queries = tmp_path / "own_queries"
    shutil.copytree(queries_folder(), queries)
    monkeypatch.setenv("JOURNEY_QUERIES", str(queries))
    head = "-- title: Mine\n-- question: Who is mine?\n--\n-- Those I say.\n"
    text = head + of("p1", "p2", "p3", "p4")
    (queries / "segments" / "mine.sql").write_text(text, encoding="utf-8")
    mine = Filters(ALL.since, ALL.until, ALL.as_of, {"segment": ("mine",)})
    people = {"p1", "p2", "p3", "p4"}
    for _ in range(2):
        found = asked(business, mine)
        for key, sums in by_hand(rows, people).items():
            assert found[key] == pytest.approx(sums, abs=1e-4), key
        count = "select coalesce(sum(touches), 0)::bigint as n from daily"
        total = business.engine.table(count, mine).item()
        assert total == sum(row["customer_id"] in people for row in rows)
        parts = [
            business.engine.table(
                count,
                Filters(
                    ALL.since, ALL.until, ALL.as_of, {"segment": ("mine",), "channel": (channel,)}
                ),
            ).item()
            for channel in ("Email", "Direct")
        ]
        assert sum(parts) == total
        assert min(parts) > 0
