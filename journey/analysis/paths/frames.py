"""What was found as plain rows: for exports, and for those who ask from outside."""

from typing import Any

import polars as pl

from journey.analysis.paths.comparing import Difference
from journey.analysis.paths.finding import Found
from journey.analysis.paths.returning import Return
from journey.analysis.paths.steps import StepTable
from journey.analysis.paths.wording import rule, title


def columns(made: StepTable) -> pl.DataFrame:
    """One row per step and name, Other and Ended among them: every step adds up to all paths."""
    return pl.DataFrame(
        [
            (cell.step, cell.name, cell.kind.value, cell.count, cell.share)
            for column in made.columns
            for cell in column
        ],
        schema={
            "step": pl.Int64,
            "node": pl.String,
            "kind": pl.String,
            "count": pl.Int64,
            "overall": pl.Float64,
        },
        orient="row",
    )


def edges(made: StepTable) -> pl.DataFrame:
    """One row per edge: how many go, of all paths and of those at its source, and how fast."""
    return pl.DataFrame(
        [
            (
                *(edge.step, edge.source.name, edge.source.kind.value),
                *(edge.target.name, edge.target.kind.value),
                *(edge.count, edge.overall, edge.previous),
                *(edge.count if edge.is_loop else 0, edge.back),
                *(edge.median_seconds, edge.p95_seconds),
            )
            for edge in made.edges
        ],
        schema={
            "step": pl.Int64,
            "from": pl.String,
            "from_kind": pl.String,
            "to": pl.String,
            "to_kind": pl.String,
            "count": pl.Int64,
            "overall": pl.Float64,
            "previous": pl.Float64,
            "again": pl.Int64,
            "back": pl.Int64,
            "median_seconds": pl.Float64,
            "p95_seconds": pl.Float64,
        },
        orient="row",
    )


def returned(found: tuple[Return, ...]) -> pl.DataFrame:
    """One row per loop and per way back, over all steps shown."""
    return pl.DataFrame(
        [
            (one.source, one.target, "again" if one.is_loop else "back", one.count, one.leaving)
            for one in found
        ],
        schema={
            "from": pl.String,
            "to": pl.String,
            "kind": pl.String,
            "count": pl.Int64,
            "leaving": pl.Int64,
        },
        orient="row",
    )


def differences(found: tuple[Difference, ...]) -> pl.DataFrame:
    """One row per share that two groups are compared by, the largest difference first."""
    return pl.DataFrame(
        [
            (
                *(one.step, one.source, one.name, one.kind.value),
                *(one.first, one.first_paths, one.second, one.second_paths),
                *(one.change, one.low, one.high, one.is_more_than_chance),
            )
            for one in found
        ],
        schema={
            "step": pl.Int64,
            "from": pl.String,
            "node": pl.String,
            "kind": pl.String,
            "first": pl.Int64,
            "first_paths": pl.Int64,
            "second": pl.Int64,
            "second_paths": pl.Int64,
            "change": pl.Float64,
            "low": pl.Float64,
            "high": pl.Float64,
            "more_than_chance": pl.Boolean,
        },
        orient="row",
    )


def as_json(found: Found, minimum_n: int) -> dict[str, Any]:
    """Everything as plain values; shares from 0 to 1, times in seconds."""
    asked, filters = found.asked, found.filters
    answer: dict[str, Any] = {
        "title": title(asked),
        "rule": rule(asked, minimum_n),
        "over": asked.over,
        "counted": asked.count,
        "from": asked.start,
        "to": asked.end,
        "since": filters.since.isoformat(),
        "until": filters.until.isoformat(),
        "as_of": filters.as_of.isoformat(),
        "where": {name: list(values) for name, values in filters.where.items()},
        "start": found.table.paths,
        "anchored": found.anchored,
        "columns": [
            {
                "step": column[0].step,
                "count": sum(cell.count for cell in column),
                "nodes": [
                    {
                        "node": cell.name,
                        "kind": cell.kind.value,
                        "count": cell.count,
                        "overall": cell.share,
                    }
                    for cell in column
                ],
            }
            for column in found.table.columns
        ],
        "edges": edges(found.table).to_dicts(),
        "returns": returned(found.returns).to_dicts(),
    }
    if asked.versus is not None and found.compared is not None:
        answer["versus"] = {
            "by": asked.versus.by,
            "first": asked.versus.first,
            "second": asked.versus.second,
            "first_paths": found.compared.first.paths,
            "second_paths": found.compared.second.paths,
            "differences": differences(found.compared.differences).to_dicts(),
            "turns": differences(found.compared.turns).to_dicts(),
        }
    return answer
