"""Whether a metric's columns are what its card can show, and its numbers as numbers."""

import polars as pl

from journey.errors import MetricError
from journey.metrics.measures import measures
from journey.metrics.metric import CHARTS, Metric

_DATES = {"DATE"}
_WORDS = {"VARCHAR"}
_NUMBERS = {"BIGINT", "INTEGER", "HUGEINT", "DOUBLE", "FLOAT", "SMALLINT", "TINYINT", "UBIGINT"}

_SHOWN = (
    _NUMBERS
    | {"DECIMAL", "DATE", "TIME", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"}
    | {"VARCHAR", "BOOLEAN", "UUID", "JSON", '"NULL"'}
)


def check_columns(metric: Metric, columns: list[str], types: list[str]) -> None:
    """Raise MetricError where the columns are not what the chart needs."""
    for name, kind in zip(columns, types, strict=True):
        if kind.partition("(")[0] not in _SHOWN:
            raise MetricError(
                f"{metric.path}: {name} is {kind}, which no card can show. Cast it to a number, "
                "a word, a date or a moment."
            )
    kinds = ["number" if kind in _NUMBERS or kind.startswith("DECIMAL") else kind for kind in types]
    first = kinds[:1]
    numbers = {
        "line": len(kinds) >= 2 and first == ["DATE"] and set(kinds[1:]) == {"number"},
        "stacked": kinds == ["DATE", "VARCHAR", "number"],
        "bar": len(kinds) >= 2 and first == ["VARCHAR"] and kinds[1] == "number",
        "rate": len(kinds) >= 3 and first[0] in _DATES | _WORDS and kinds[-2:] == ["number"] * 2,
        "funnel": kinds == ["VARCHAR", "number"],
        "nps": len(kinds) == 5 and first[0] in _DATES | _WORDS and set(kinds[1:]) == {"number"},
        "score": len(kinds) == 4 and first[0] in _DATES | _WORDS and set(kinds[1:]) == {"number"},
        "quantiles": len(kinds) >= 2 and set(kinds) == {"number"},
        "matrix": kinds[:2] == ["VARCHAR"] * 2 and len(kinds) >= 4 and set(kinds[2:]) == {"number"},
        "measures": first == ["VARCHAR"] and set(kinds[1:]) <= {"number", "VARCHAR"},
        "survival": kinds == ["VARCHAR", "number", "number", "number"],
        "curve": kinds[:1] == ["VARCHAR"]
        and set(kinds[1:]) == {"number"}
        and [measure.kind != "count" for measure in measures(columns[2:])] == [True],
        "table": True,
    }
    if not numbers[metric.chart]:
        given = ", ".join(f"{name} {kind}" for name, kind in zip(columns, types, strict=True))
        raise MetricError(
            f"{metric.path}: the columns are {given}, but the chart {metric.chart!r} needs "
            f"{CHARTS[metric.chart]}. Cast the columns (dates with ::date) or choose another chart."
        )


def tidy(metric: Metric, rows: pl.DataFrame) -> pl.DataFrame:
    """Numbers as integers and floats; a number that is none is an error."""
    casts = [
        pl.col(name).cast(pl.Int64 if kind.scale == 0 else pl.Float64)
        for name, kind in rows.schema.items()
        if isinstance(kind, pl.Decimal)
    ]
    rows = rows.with_columns(casts)
    for name, kind in rows.schema.items():
        if kind.is_float() and not rows[name].drop_nulls().is_finite().all():
            raise MetricError(
                f"{metric.path}: {name} is not a finite number somewhere. Return counts and let "
                "the card divide, or divide by nullif(..., 0)."
            )
    for part, whole in _shares(metric, rows.columns):
        if ((rows[part] < 0) | (rows[part] > rows[whole])).any():
            raise MetricError(
                f"{metric.path}: {part} is below 0 or above {whole} somewhere. Give the part "
                "before the whole."
            )
    return rows


def _shares(metric: Metric, columns: list[str]) -> list[tuple[str, str]]:
    """The columns that are a part and its whole."""
    last = [(columns[-2], columns[-1])] if metric.chart in ("rate", "matrix") else []
    if metric.chart not in ("matrix", "measures"):
        return last
    found = [
        measure.columns for measure in measures(columns) if measure.kind in ("share", "portion")
    ]
    return [(part, whole) for part, whole in found] + last
