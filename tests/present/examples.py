"""Rows as metrics give them, one set a kind of chart, with hostile text among them."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl

from journey.metrics.metric import Metric

EVIL = '<a href="https://evil.example">x</a>%{y}$z$'
WEEKS = [date(2026, 6, 29) + timedelta(weeks=week) for week in range(6)]


def metric(chart: str, unit: str = "percent") -> Metric:
    """A metric of this kind."""
    return Metric(
        name="example",
        page="overview",
        path=Path("example.sql"),
        title="Example <b>",
        question="How many?",
        chart=chart,
        unit=unit,
        better="higher",
        grain="one row",
        notes="",
        sql="select 1",
        parameters=frozenset(),
    )


RATE = pl.DataFrame(
    {"week": WEEKS, "converted": [30, 33, 31, 2, 40, 36], "journeys": [200, 210, 190, 12, 230, 220]}
)
BY_CHANNEL = pl.DataFrame(
    {
        "channel": ["Email", EVIL, "Display", "call_center"],
        "journeys": [500, 400, 300, 20],
        "converted": [100, 60, 15, 9],
        "mature_journeys": [480, 390, 290, 19],
    }
)
BY_DEVICE = pl.DataFrame(
    {
        "week": [week for week in WEEKS for _ in range(2)],
        "device": ["mobile", EVIL] * 6,
        "converted": [20, 40] * 6,
        "journeys": [200, 200] * 6,
    }
)
STACKED = pl.DataFrame(
    {
        "week": [week for week in WEEKS for _ in range(10)],
        "channel": [f"c{n}" for n in range(9)] * 6 + [EVIL] * 6,
        "journeys": [10 * (n % 9 + 1) for n in range(54)] + [500] * 6,
    }
)
LINE = pl.DataFrame({"week": WEEKS, "people": [5, 90, 95, 99, 97, 40], EVIL: [1, 2, 3, 4, 5, 6]})
BAR = pl.DataFrame({"channel": ["Email", EVIL, "Direct"], "revenue": [400.0, 300.5, -20.0]})
FUNNEL = pl.DataFrame(
    {
        "stage": ["awareness", "consideration", "decision", "purchase", "post_purchase"],
        "journeys": [48210, 31480, 14120, 6930, 5410],
    }
)
NPS = pl.DataFrame(
    {
        "month": [date(2026, 7, 1), date(2026, 8, 1)],
        "promoters": [100, 12],
        "passives": [60, 5],
        "detractors": [40, 3],
        "responses": [200, 20],
    }
)
CES = pl.DataFrame(
    {
        "month": [date(2026, 7, 1), date(2026, 8, 1)],
        "score_sum": [540.0, 560.0],
        "agree": [70, 80],
        "responses": [100, 100],
    }
)
QUANTILES = pl.DataFrame(
    {
        "p25_days": [1.9],
        "median_days": [6.2],
        "p75_days": [13.8],
        "p90_days": [22.4],
        "journeys": [6930],
    }
)
CASES: list[tuple[str, str, pl.DataFrame]] = [
    ("rate", "percent", RATE),
    ("rate", "percent", BY_CHANNEL),
    ("rate", "percent", BY_DEVICE),
    ("stacked", "journeys", STACKED),
    ("line", "people", LINE),
    ("bar", "money", BAR),
    ("funnel", "journeys", FUNNEL),
    ("nps", "points", NPS),
    ("nps", "points", NPS.with_columns(pl.Series("month", ["Email", EVIL])).rename({"month": "w"})),
    ("score", "score", CES),
    ("quantiles", "days", QUANTILES),
]
