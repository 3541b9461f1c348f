"""What channels cost: data/spend.csv against credit, as cost per order and return on spend."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import isfinite
from pathlib import Path

import numpy as np
import polars as pl

from journey.analysis.attribution.finding import Found
from journey.errors import IntakeError, suggest
from journey.metrics.filters import Filters

COLUMNS = ("day", "channel", "cost", "currency")


@dataclass(frozen=True)
class Spend:
    """The costs of a period in one currency, and what was left out of them."""

    currency: str | None
    costs: Mapping[str, float]
    """Channel to what it cost in the period."""
    first: date | None = None
    """The first and the last day of the whole file, in whatever currency."""
    last: date | None = None
    left_out: Mapping[str, float] = field(default_factory=dict)
    """Other currencies to the sum that is not counted."""

    def gaps(self, filters: Filters) -> tuple[date, date] | None:
        """The days of the period that the file reaches; None where it reaches all of them."""
        until = filters.until - timedelta(days=1)
        if self.first is None or self.last is None:
            return None
        if self.first <= filters.since and self.last >= until:
            return None
        return max(self.first, filters.since), min(self.last, until)


def read_spend(path: Path, filters: Filters, currency: str | None) -> Spend | None:
    """The costs of the period's days, in the reporting currency; None where there is no file.

    Without a reporting currency (no order names one) the file's first one stands for it. A cost
    without a currency is in the reporting one. Costs in another cannot be added to it and are
    left out, and told. Raises IntakeError with the line for anything that cannot be read.
    """
    if not path.exists():
        return None
    rows = list(_rows(path))
    reporting = currency or next((row.currency for row in rows if row.currency), None)
    days = [row.day for row in rows]
    costs: dict[str, float] = {}
    left_out: dict[str, float] = {}
    for row in rows:
        if not filters.since <= row.day < filters.until or row.day > filters.as_of.date():
            continue
        if row.currency and row.currency != reporting:
            left_out[row.currency] = left_out.get(row.currency, 0.0) + row.cost
        else:
            costs[row.channel] = costs.get(row.channel, 0.0) + row.cost
    return Spend(reporting, costs, min(days, default=None), max(days, default=None), left_out)


def returns(found: Found, spend: Spend, model: str, minimum_n: int = 30) -> pl.DataFrame:
    """Cost per order and return on spend by a model: one row a channel that costs something or
    has credit, the dearest first.

    `cpa` is cost over orders credited, `roas` value credited over cost, each with the interval
    that the credit's gives where there is one. None where nothing was spent, nothing was
    credited, or the channel is in fewer than `minimum_n` paths to an order.
    """
    rows = []
    for channel in sorted({*found.channels, *spend.costs}):
        cost = spend.costs.get(channel, 0.0)
        row: dict[str, object] = {"channel": channel, "cost": cost, "paths": 0}
        row |= {"orders": 0.0, "value": 0.0}
        if channel in found.channels:
            place = found.channels.index(channel)
            row |= {
                "orders": float(found.orders.point[model][place]),
                "value": float(found.values.point[model][place]),
                "paths": int(found.touched[place]),
            }
            if cost > 0 and found.touched[place] >= minimum_n:
                row |= _ratios(found, model, place, cost)
        if row["cost"] or row["orders"]:
            rows.append(row)
    return pl.DataFrame(rows, schema=_SCHEMA).sort("cost", "channel", descending=[True, False])


def _ratios(found: Found, model: str, place: int, cost: float) -> dict[str, float | None]:
    """A channel's cost per order and return on spend, with their intervals where there are some."""
    orders, value = (measured.point[model][place] for measured in (found.orders, found.values))
    ratios = {"cpa": _over(cost, orders), "roas": _over(value, cost)}
    of_orders, of_value = found.orders.band(model), found.values.band(model)
    if of_orders is not None and of_value is not None:
        (few, many), (little, much) = of_orders, of_value
        ratios |= {"cpa_low": _over(cost, many[place]), "cpa_high": _over(cost, few[place])}
        ratios |= {"roas_low": _over(little[place], cost), "roas_high": _over(much[place], cost)}
    return ratios


_SCHEMA = {
    "channel": pl.String,
    "cost": pl.Float64,
    "orders": pl.Float64,
    "cpa": pl.Float64,
    "cpa_low": pl.Float64,
    "cpa_high": pl.Float64,
    "value": pl.Float64,
    "roas": pl.Float64,
    "roas_low": pl.Float64,
    "roas_high": pl.Float64,
    "paths": pl.Int64,
}


def _over(part: float, whole: float) -> float | None:
    """The ratio; None over nothing."""
    return float(np.float64(part) / whole) if whole > 0 else None


@dataclass(frozen=True)
class _Cost:
    """One line of the file."""

    day: date
    channel: str
    cost: float
    currency: str


def _rows(path: Path) -> Iterator[_Cost]:
    """The file's lines. Raises IntakeError with the line, the cause and the remedy."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            _check_header(path, reader.fieldnames or [])
            for row in reader:
                yield _cost(f"{path}, line {reader.line_num}", row)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise IntakeError(
            f"{path}: not a readable CSV file ({error}). Save it again as CSV in UTF-8."
        ) from None


def _check_header(path: Path, names: object) -> None:
    """The four columns must be there, in any order; others would be taken for granted."""
    given = [str(name) for name in names] if isinstance(names, list) else []
    for name in COLUMNS:
        if name not in given:
            raise IntakeError(
                f"{path}, line 1: there is no column {name!r}.{suggest(name, given)} The first "
                f"line must be {','.join(COLUMNS)}."
            )
    for name in given:
        if name not in COLUMNS:
            raise IntakeError(
                f"{path}, line 1: unknown column {name!r}.{suggest(name, COLUMNS)} The first line "
                f"must be {','.join(COLUMNS)}."
            )


def _cost(where: str, row: Mapping[str | None, object]) -> _Cost:
    """One line, checked."""
    if None in row or None in row.values():
        raise IntakeError(
            f"{where}: not as many values as columns. Write {','.join(COLUMNS)}, with a point in "
            "the cost and quotes around a channel that has a comma."
        )
    text = {str(name): str(value).strip() for name, value in row.items()}
    try:
        day = date.fromisoformat(text["day"])
    except ValueError:
        raise IntakeError(
            f"{where}: {text['day']!r} is not a day. Write it like 2026-01-31."
        ) from None
    try:
        cost = float(text["cost"])
    except ValueError:
        cost = -1.0
    if not isfinite(cost) or cost < 0:
        raise IntakeError(
            f"{where}: the cost is {text['cost']!r}. Give a number from 0, like 1234.50, without "
            "a currency sign or separators of thousands."
        )
    if not text["channel"]:
        raise IntakeError(
            f"{where}: there is no channel. Write it as it stands in the dashboard, like Email."
        )
    currency = text["currency"].upper()
    if currency and not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise IntakeError(
            f"{where}: the currency is {text['currency']!r}. Give its three letters, like EUR."
        )
    return _Cost(day, text["channel"], cost, currency)
