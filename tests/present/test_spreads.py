"""A median on a card and on the map: read off its percentiles, described, never judged."""

import base64
import re
from dataclasses import replace
from datetime import date, datetime

import polars as pl
import pytest

from journey.metrics.answer import Answer
from journey.metrics.filters import Filters
from journey.present import kpi, spreads
from journey.present.map import kpis
from journey.present.palette import palette
from tests.present.examples import EVIL, metric

HERE = Filters(date(2026, 6, 29), date(2026, 8, 10), datetime(2026, 11, 1), {"channel": ("a",)})
ELSE = replace(HERE, where={}, outside=HERE.where)


def days(*values: float | None, n: int = 842, filters: Filters = HERE) -> Answer:
    """Percentiles of days, of n journeys."""
    named = dict(zip(("p25_days", "median_days", "p75_days", "p90_days"), values, strict=True))
    rows = pl.DataFrame([{**named, "journeys": n}])
    return Answer(metric("quantiles", "days"), filters, rows, "s", HERE.as_of)


def card(answer: Answer, *compared: Answer) -> str:
    """Its card."""
    return kpi.card(answer, compared, palette("light"), goal=None, minimum_n=30)


def test_a_card_has_the_median_the_middle_half_and_n() -> None:
    told = card(days(6, 14.7, 55, 200))
    assert '<div class="value">14.7 days</div>' in told
    assert '<div class="foot">Median; middle half 6 to 55 · 842 journeys</div>' in told
    drawn = base64.b64decode(re.findall(r"base64,([^\"]+)\"", told)[0]).decode()
    band = re.search(r'<rect x="([\d.]+)" width="([\d.]+)"', drawn)
    assert band is not None
    assert [float(end) for end in band.groups()] == pytest.approx([7.2, 58.8])
    assert 'x1="17.6"' in drawn, "the median, at 14.7 of 200 days on 240 points"


def test_a_short_span_is_told_in_its_own_unit() -> None:
    assert "middle half 1.2 to 12.0" in card(days(0.05, 0.25, 0.5, 0.8))
    assert "6 hours" in card(days(0.05, 0.25, 0.5, 0.8))


def test_a_change_is_described_and_not_judged() -> None:
    told = card(
        days(6, 14, 55, 200),
        days(6, 12, 55, 200, filters=HERE.before()),
        days(5, 20, 50, 90, filters=HERE.year_before()),
    )
    assert "↑ 2 days" in told
    assert "vs the span before" in told
    assert "vs 52 weeks earlier" in told
    assert not re.search("better|worse|chance|good|bad", told)
    assert "vs Everyone else" in card(days(6, 14, 55, 200), days(6, 12, 55, 200, filters=ELSE))


def test_too_few_have_no_median_and_none_to_compare_with() -> None:
    assert "29 journeys; we show a median from 30." in card(days(1, 2, 3, 4, n=29))
    few = days(6, 12, 55, 200, n=29, filters=HERE.before())
    assert "nothing to compare with" in card(days(6, 14, 55, 200), few)
    nothing = days(None, None, None, None, n=0)
    assert spreads.spread(nothing) is None
    assert "No journeys in this period" in card(nothing)


def test_names_are_escaped() -> None:
    answer = days(6, 14, 55, 200)
    named = replace(answer, metric=replace(answer.metric, title=EVIL))
    assert EVIL not in card(named)


def test_it_stands_on_the_map() -> None:
    found = kpis.kpi(days(6, 14.7, 55, 200), None, 30)
    assert (found.value, found.doubt) == ("14.7 days", "middle half 6 to 55 · 842 journeys")
    few = kpis.kpi(days(6, 14.7, 55, 200, n=7), None, 30)
    assert (few.value, few.doubt, few.cases) == ("–", "7 journeys, shown from 30", 7)
