"""Exports of exactly what is shown, safe to open in a spreadsheet."""

import polars as pl

_STARTS_FORMULA = r"^[=+\-@\t\r]"


def csv_text(rows: pl.DataFrame) -> str:
    """The rows as CSV. A text that a spreadsheet would take for a formula gets a leading
    apostrophe; numbers stay numbers."""
    safe = [
        pl.when(pl.col(name).str.contains(_STARTS_FORMULA))
        .then("'" + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name, kind in rows.schema.items()
        if kind == pl.String
    ]
    return rows.with_columns(safe).write_csv()
