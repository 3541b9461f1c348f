"""The serving tables' SQL keeps to what other engines read alike, so that it can move to Spark."""

import pytest
import sqlglot
from sqlglot import exp

from journey import ROOT

MARTS = sorted((ROOT / "queries" / "marts").glob("*.sql"))
ids = [path.stem for path in MARTS]

LEFT_OUT = {
    exp.Qualify: "a subquery with a row number",
    exp.Pivot: "sums over case",
    exp.GroupConcat: "a table, for lists have no order elsewhere",
    exp.ArrayAgg: "a table, for lists have no order elsewhere",
    exp.CurrentDate: "a parameter",
    exp.CurrentTimestamp: "a parameter",
    exp.PercentileCont: "a metric, for percentiles differ from engine to engine",
}
"""What is read differently, or not at all, elsewhere, and what to write instead."""


def tree(path) -> exp.Expression:
    """The file's one SELECT."""
    statements = sqlglot.parse(path.read_text(encoding="utf-8"), read="duckdb")
    assert len(statements) == 1
    assert isinstance(statements[0], exp.Select)
    return statements[0]


@pytest.mark.parametrize("path", MARTS, ids=ids)
def test_nothing_is_used_that_other_engines_read_differently(path) -> None:
    for kind, instead in LEFT_OUT.items():
        found = tree(path).find(kind)
        assert found is None, f"{path}: {found}. Write {instead}."
    for join in tree(path).find_all(exp.Join):
        assert (join.args.get("method") or "").upper() != "ASOF", f"{path}: {join.sql()}"


@pytest.mark.parametrize("path", MARTS, ids=ids)
def test_differences_in_days_are_between_days(path) -> None:
    """Between moments, some engines count midnights and others elapsed days."""
    for difference in tree(path).find_all(exp.DateDiff):
        for side in (difference.this, difference.expression):
            name = side.name if isinstance(side, exp.Column) else ""
            is_day = name.endswith("_on") or (
                isinstance(side, exp.Cast) and side.to.this == exp.DataType.Type.DATE
            )
            assert is_day, f"{path}: {difference.sql()}"


@pytest.mark.parametrize("path", MARTS, ids=ids)
def test_windows_say_where_nulls_go(path) -> None:
    """Left unsaid, engines disagree; sqlglot notes it as unset unless the text says so."""
    for window in tree(path).find_all(exp.Window):
        for ordered in window.find_all(exp.Ordered):
            assert ordered.args.get("nulls_first") is not None, f"{path}: {window.sql()}"
            assert (
                "nulls last" in ordered.sql(dialect="duckdb").lower()
                or ordered.args.get("nulls_first") is False
            ), f"{path}: {ordered.sql()}"


@pytest.mark.parametrize("path", MARTS, ids=ids)
def test_spark_can_read_it(path) -> None:
    moved = sqlglot.transpile(
        path.read_text(encoding="utf-8"),
        read="duckdb",
        write="spark",
        unsupported_level=sqlglot.ErrorLevel.RAISE,
    )
    assert len(moved) == 1
