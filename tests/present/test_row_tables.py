"""Tables of rows: headings in words, units on numbers, a dash for nothing; exports stay raw."""

import json
from datetime import date, datetime

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from journey import ROOT
from journey.present import tables, words
from journey.present.export import csv_text
from tests.test_pages import run
from tests.world import Business

ROWS = pl.DataFrame(
    {
        "cohort": [date(2026, 5, 1), date(2026, 6, 1)],
        "seen_at": [datetime(2026, 5, 1, 9), None],
        "channel": ["in_store", ""],
        "share": [0.25, None],
        "revenue": [18589.27, float("nan")],
        "value_per_order_n": [40_000, 2],
        "p_value": [1.78e-11, 0.5],
        "importance": [0.0123, -0.002],
        "days_since": [12.0, 3.0],
        "touch_number": [1_200, 2],
        "is_complete": [True, None],
    }
)


def test_every_kind_of_column() -> None:
    rows, looks = tables.shown(ROWS, "retention", "EUR")
    assert [looks[name].heading for name in ("seen_at", "value_per_order_n", "is_complete")] == [
        "Seen at", "Value per order n", "Is complete",
    ]  # fmt: skip
    assert rows["channel"].to_list() == ["In store", None]
    assert rows["share"].to_list() == [25.0, None]
    assert rows["revenue"].to_list() == [18589.27, None]
    assert rows["is_complete"].to_list() == ["yes", None]
    assert {name: look.format for name, look in looks.items()} == {
        "cohort": None, "seen_at": None, "channel": None, "is_complete": None,
        "share": "%.2f\u2009%%", "revenue": "EUR %,.2f", "value_per_order_n": "%,d",
        "p_value": "%.2g", "importance": "%,.4f", "days_since": "%,.0f", "touch_number": "%d",
    }  # fmt: skip


def test_a_share_is_one_only_where_the_table_says_so() -> None:
    already = pl.DataFrame({"rate": [46.19], "share": [0.25]})
    rows, looks = tables.shown(already, "lift")
    assert rows.equals(already)
    assert looks["rate"].format == "%,.2f"
    rows, looks = tables.shown(already, "lift", units={"share": tables.SHARE, "rate": "percent"})
    assert rows.row(0) == (4619.0, 25.0)


def test_money_has_no_currency_of_ours_where_the_rows_name_theirs() -> None:
    rows = pl.DataFrame({"revenue": [5.0], "currency": ["USD"]})
    assert tables.shown(rows, "person", "EUR")[1]["revenue"].format == "%,.0f"
    rows = pl.DataFrame({"currency_given": ["EUR", "USD"], "amount_sum": [1592.47, 764.97]})
    assert tables.shown(rows, "currencies", "EUR")[1]["amount_sum"].format == "%,.2f"


def test_nothing_is_shown_of_no_rows_and_no_columns() -> None:
    for rows in (pl.DataFrame(), ROWS.clear()):
        shown, looks = tables.shown(rows, "retention")
        assert shown.height == 0
        assert list(looks) == rows.columns


def test_the_export_has_the_values_as_they_are() -> None:
    assert csv_text(ROWS.select("share", "revenue", "channel")).splitlines()[1] == (
        "0.25,18589.27,in_store"
    )


def test_the_names_with_units_of_their_own_are_tables_of_the_product() -> None:
    drawn = " ".join(path.read_text() for path in (ROOT / "journey/present/ui").rglob("*.py"))
    told = {name for name in tables._UNITS if f'"{name.removeprefix("lifetime_")}"' not in drawn}
    assert not told


@pytest.mark.parametrize(
    ("page", "card"), [("retention", "card_curve"), ("lifetime", "card_lifetime/rfm_segments")]
)
def test_rows_behind_a_card_have_no_raw_heading_and_no_none(
    page: str, card: str, town: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app: AppTest = run(ROOT / "pages" / f"{page}.py", town, monkeypatch, period="All time")
    app.session_state[f"open_{card}"] = True
    app.run()
    assert not app.exception
    drawn = [table.proto for table in app.dataframe]
    assert drawn
    for table in drawn:
        assert table.placeholder == tables.PLACEHOLDER
        looks = json.loads(table.columns)
        for name, look in looks.items():
            if name != "_index":
                assert look["label"] == words.label(name)
                assert "_" not in look["label"]


def test_numbers_in_words_stand_right_and_names_left() -> None:
    rows = pl.DataFrame(
        {
            "number": ["1", "2"],
            "share": ["18 % (12 to 25 %)", "too few"],
            "cost": ["EUR 1,234.50", None],
            "change": ["\u22120.44 (\u22120.91 to +0.03)", ""],
            "cohort": ["2026 Q2", "2026 Q3"],
            "score": ["5 of 5", "4 of 5"],
            "nothing": ["too few", ""],
        }
    )
    looks = tables.shown(rows)[1]
    assert [name for name, look in looks.items() if look.is_number] == ["share", "cost", "change"]
