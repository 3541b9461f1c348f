"""Columns that belong together make a measure, and what it comes to."""

import math

import pytest

from journey.metrics.measures import Measure, measures
from journey.metrics.statistics import Z95, discoveries, wilson

COLUMNS = [
    *("journeys", "sold_part", "sold_whole", "days_low", "days_middle", "days_high", "days_n"),
    *("value_sum", "value_squares", "value_n", "example", "odd_part", "odd_n"),
]


def test_columns_of_one_name_are_one_measure() -> None:
    found = [(measure.name, measure.kind, measure.unit) for measure in measures(COLUMNS)]
    assert found == [
        ("journeys", "count", ""),
        ("sold", "share", "percent"),
        ("days", "middle", "days"),
        ("value", "mean", "money"),
        ("example", "count", ""),
        ("odd_part", "count", ""),
        ("odd_n", "count", ""),
    ]
    assert [name for measure in measures(COLUMNS) for name in measure.columns] == COLUMNS
    assert measures([]) == []


def test_a_share_has_wilsons_interval() -> None:
    value = Measure("sold", "share", ("a", "b")).value({"a": 30, "b": 200})
    assert value is not None
    assert (value.value, value.n, value.part) == (0.15, 200, 30)
    assert (value.low, value.high) == wilson(30, 200)


def test_a_mean_has_the_interval_of_its_spread() -> None:
    amounts = [10.0, 12.0, 17.0, 9.0, 22.0]
    row = {"s": sum(amounts), "q": sum(x * x for x in amounts), "n": len(amounts)}
    value = Measure("value", "mean", ("s", "q", "n")).value(row)
    assert value is not None
    mean = sum(amounts) / 5
    error = math.sqrt(sum((x - mean) ** 2 for x in amounts) / 4 / 5)
    assert value.value == pytest.approx(mean)
    assert value.low == pytest.approx(mean - Z95 * error)
    assert value.high == pytest.approx(mean + Z95 * error)


def test_without_a_case_there_is_no_value() -> None:
    assert Measure("x", "share", ("a", "b")).value({"a": 0, "b": 0}) is None
    assert Measure("x", "mean", ("a", "b", "c")).value({"a": 0, "b": 0, "c": 0}) is None
    empty = {"a": None, "b": None, "c": None, "d": 0}
    assert Measure("x", "middle", ("a", "b", "c", "d")).value(empty) is None


def test_discoveries_are_those_of_the_paper() -> None:
    """Benjamini and Hochberg (1995), the fifteen p-values of their example at 5 %: four stand,
    where Bonferroni lets three."""
    chances = [
        *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
        *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
    ]
    assert discoveries(chances, 0.05) == [True] * 4 + [False] * 11
    assert discoveries(chances[::-1], 0.05) == [False] * 11 + [True] * 4
    assert discoveries([]) == []
