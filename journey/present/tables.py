"""Rows as people read them in a table: headings in words, units on numbers, nothing raw.

Cards say how many digits tell; a table says them all, and an export has the values as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, log10

import polars as pl

from journey.present.numbers import MINUS, NOTHING, THIN
from journey.present.words import label

SHARE, POINTS, MONEY = "percent", "points", "money"

PLACEHOLDER = NOTHING
"""What stands in a cell without a value."""

_UNITS: dict[str, dict[str, str]] = {
    "funnel": dict.fromkeys(
        ("overall", "overall_low", "overall_high", "previous", "previous_low", "previous_high"),
        SHARE,
    ),
    "breakdown": dict.fromkeys(("rate", "low", "high"), SHARE)
    | dict.fromkeys(("difference", "difference_low", "difference_high"), POINTS),
    "compared": dict.fromkeys(("difference", "low", "high"), POINTS),
    "drivers": dict.fromkeys(
        ("went_on_did", "left_did", "share", "share_low", "share_high"), SHARE
    ),
    "money": dict.fromkeys(("amount", "per_entrant"), MONEY)
    | dict.fromkeys(("repeat_per_point", "repeat_low", "repeat_high"), POINTS),
    "path_columns": {"overall": SHARE},
    "path_edges": dict.fromkeys(("overall", "previous"), SHARE),
    "path_around": dict.fromkeys(("overall", "previous"), SHARE),
    "path_differences": dict.fromkeys(("change", "low", "high"), POINTS),
    "retention": {"share": SHARE},
    "retention_curve": dict.fromkeys(("share", "low", "high"), SHARE),
    "removal_effects": dict.fromkeys(
        ("removal_effect", "removal_effect_low", "removal_effect_high"), SHARE
    ),
    "comments": {"confidence": SHARE},
    "lifetime_worth": {"alive": SHARE, "value": MONEY},
    "lifetime_worth_channel": {"alive": SHARE, "value": MONEY},
    "lifetime_tenths": {"share": SHARE, "value": MONEY},
}
"""Table to the units of those of its columns that their names alone do not tell. Shares are from
0 to 1, points are differences of such."""

_MONEY = ("revenue", "value_", "money_", "amount_", "spent")
_NOT_MONEY = ("_n", "_squares", "_part", "_whole")
_NUMBER = rf"^[+{MINUS}-]?([A-Z]{{3}} )?[\d,.]+(\s?%)?( \(.+\)| to .+)?$"
_NO_NUMBER = ("", NOTHING, "too few")
"""What stands in place of a number."""
_CHANCES = ("p", "p_value", "chance")
_NAMES = {
    "about", "about_touchpoint", "channel", "device", "from", "from_channel", "named", "next",
    "node", "persona", "sentiment", "side", "stage", "status", "step", "theme", "to", "to_channel",
    "to_stage", "touchpoint", "what",
}  # fmt: skip
"""Columns whose texts are names from the data, which a reader knows by their labels."""


@dataclass(frozen=True)
class Look:
    """How a column is shown."""

    heading: str
    format: str | None
    """A printf format for the number as it stands in the shown rows; None for texts and days."""
    is_number: bool = False
    """Whether its texts are numbers in words, such as shares with their intervals."""


def shown(
    rows: pl.DataFrame,
    name: str = "",
    currency: str | None = None,
    units: Mapping[str, str] | None = None,
    places: int | None = None,
) -> tuple[pl.DataFrame, dict[str, Look]]:
    """The rows of the table of that name with shares in percent and names as labels, and the look
    of each column. `units` says more than the table's name does; `places` fixes the decimals of
    numbers without a unit.

    >>> rows, looks = shown(pl.DataFrame({"channel": ["in_store"], "share": [0.25]}), "retention")
    >>> rows.rows(), [look.heading for look in looks.values()], looks["share"].format[:4]
    ([('In store', 25.0)], ['Channel', 'Share'], '%.2f')
    """
    known = {**_UNITS.get(name, {}), **(units or {})}
    columns: list[pl.Expr] = []
    looks: dict[str, Look] = {}
    for column, kind in rows.schema.items():
        values, form = pl.col(column), None
        unit = known.get(column, _unit(column, rows.columns))
        if kind == pl.String:
            values = pl.when(values != "").then(values)
            if column in _NAMES:
                values = values.map_elements(label, return_dtype=pl.String)
        elif kind == pl.Boolean:
            values = pl.when(values).then(pl.lit("yes")).when(values.not_()).then(pl.lit("no"))
        elif kind.is_numeric():
            if kind.is_float() or kind.is_decimal():
                values = values.cast(pl.Float64)
                values = pl.when(values.is_finite()).then(values)
            if unit in (SHARE, POINTS):
                values = 100 * values
            form = _format(rows[column], unit, column, currency, places)
        columns.append(values.alias(column))
        # What a row is called stands left, also where it is a number.
        is_number = kind == pl.String and bool(looks) and _is_number(rows[column])
        looks[column] = Look(label(column), form, is_number)
    return rows.select(columns), looks


def _is_number(texts: pl.Series) -> bool:
    """Whether the texts are numbers, with an interval or without, or say that there is none.

    >>> _is_number(pl.Series(["59 % (43 to 73 %)", "too few"])), _is_number(pl.Series(["2026 Q2"]))
    (True, False)
    """
    known = texts.drop_nulls().filter(~texts.drop_nulls().is_in(_NO_NUMBER))
    return not known.is_empty() and bool(known.str.contains(_NUMBER).all())


def _unit(column: str, among: list[str]) -> str:
    """The unit that a column's name tells, or nothing. A row that names its own currency has no
    need of ours."""
    if column in _CHANCES:
        return "chance"
    money = column.startswith(_MONEY) and not column.endswith(_NOT_MONEY)
    has_own = any(name.startswith("currency") for name in among)
    return MONEY if money and not has_own else ""


def _format(
    values: pl.Series, unit: str, column: str, currency: str | None, places: int | None
) -> str:
    """The printf format of a column of numbers."""
    if unit == SHARE:
        return f"%.2f{THIN}%%"
    if unit == POINTS:
        return "%.2f pts"
    if unit == MONEY:
        return f"{currency} %,.2f" if currency else "%,.2f"
    if unit == "chance":
        return "%.2g"
    if values.dtype.is_integer():
        # Numbers that name something have no thousands.
        return "%d" if column.endswith(("_number", "year")) else "%,d"
    return f"%,.{_places(values) if places is None else places}f"


def _places(values: pl.Series) -> int:
    """The decimals that tell the values of a column apart: none where all are whole, else two,
    and more where the largest is under one."""
    known = values.cast(pl.Float64).drop_nulls()
    known = known.filter(known.is_finite())
    if (known == known.round()).all():
        return 0
    largest = max(map(abs, known.to_list()))
    return 2 if largest >= 1 else min(6, 2 - floor(log10(largest)))
