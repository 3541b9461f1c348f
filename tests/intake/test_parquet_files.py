"""Parquet keeps its types: in the contract's columns and in the properties."""

import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import polars as pl
import pytest

AT = datetime(2026, 3, 29, 0, 30)


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_times_in_any_unit(shop, unit):
    shop.take(shop.frame(occurred_at=pl.Series([AT]).cast(pl.Datetime(unit))))
    assert shop.values("occurred_at") == [AT]


def test_times_with_a_zone_become_utc(shop):
    berlin = datetime(2026, 3, 29, 3, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    shop.take(shop.frame(occurred_at=[berlin]))
    assert shop.values("occurred_at") == [berlin.astimezone(UTC).replace(tzinfo=None)]


def test_days_and_text_are_times_too(shop):
    shop.take(shop.frame("day.parquet", occurred_at=[date(2026, 3, 1)]))
    shop.take(shop.frame("text.parquet", occurred_at=["2026-03-02T01:00:00+02:00"]))
    assert shop.values("occurred_at") == [datetime(2026, 3, 1), datetime(2026, 3, 1, 23)]


@pytest.mark.parametrize(
    "revenue", [pl.Series([Decimal("2.55")]), pl.Series([2.55]), pl.Series(["2.55"])]
)
def test_amounts_are_exact(shop, revenue):
    shop.take(shop.frame(revenue=revenue, quantity=pl.Series([3], dtype=pl.Int16)))
    (event,) = shop.events()
    assert (event["revenue"], event["quantity"]) == (Decimal("2.5500"), 3)


def test_columns_beyond_the_contract_keep_their_types(shop):
    shop.take(
        shop.frame(
            flag=[True],
            ratio=[0.25],
            count=[7],
            price=pl.Series([Decimal("1.50")]),
            day=[date(2026, 1, 2)],
            size=pl.Series(["L"], dtype=pl.Categorical),
            items=[[{"sku": "a", "n": 2}, {"sku": "b", "n": None}]],
            tags=[["x", "y"]],
        )
    )
    assert shop.values("properties") == [
        {
            "flag": True,
            "ratio": 0.25,
            "count": 7,
            "price": 1.5,
            "day": "2026-01-02",
            "size": "L",
            "items": [{"sku": "a", "n": 2}, {"sku": "b", "n": None}],
            "tags": ["x", "y"],
        }
    ]


def test_a_struct_may_be_the_properties(shop):
    shop.take(shop.frame(properties=[{"about": "delivery", "n": 1}]))
    assert shop.values("properties") == [{"about": "delivery", "n": 1}]


def test_what_json_cannot_hold_does_not_spoil_the_rest(shop):
    nested = {"deep": [{"x": math.nan}], "flat": [[1.0, math.inf]]}
    shop.take(shop.frame(plain=[math.nan], good=["kept"], **nested))
    (properties,) = shop.values("properties")
    assert properties == {"good": "kept", "deep": {}, "flat": [1.0, None]}


def test_parquet_is_known_by_its_first_bytes(shop):
    path = shop.frame("a.parquet")
    assert shop.take(path.rename(path.with_name("really.csv"))).accepted == 1


def test_parquet_without_rows(shop):
    path = shop.root / "none.parquet"
    pl.read_parquet(shop.frame()).clear().write_parquet(path)
    assert "there is not one row" in shop.refusal(path)


def test_a_folder_named_like_a_partition_adds_no_column(shop):
    (shop.root / "channel=Email").mkdir()
    shop.take(shop.frame("channel=Email/a.parquet"))
    assert shop.values("channel") == [None]


def test_rejected_rows_name_their_row(shop):
    times = [AT, None, AT + timedelta(1)]
    path = shop.frame(
        touchpoint=["seen", "seen", None], occurred_at=times, customer_id=["ana", "ben", "cy"]
    )
    assert shop.take(path).accepted == 1
    found = [(reason, line) for reason, line, _ in shop.quarantine()]
    assert found == [("unreadable time", 2), ("no touchpoint", 3)]


def test_parquet_and_csv_with_other_columns_in_one_delivery(shop):
    csv = shop.file("touchpoint,occurred_at,anonymous_id,count\nseen,2026-01-06,cookie,many\n")
    assert shop.take(shop.frame(count=[3]), csv).accepted == 2
    assert shop.values("person_id") == ["ana", "cookie"]
    assert [row["count"] for row in shop.values("properties")] == ["3", "many"]
