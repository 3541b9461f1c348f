"""Tables drawn by hand: every count is in them, doubt stands beside values, text stays text."""

import re
from html.parser import HTMLParser

import polars as pl
import pytest

from journey.present import cells, charts, matrices
from journey.present.cells import STRONGEST
from journey.present.palette import DARK, LIGHT, Palette, contrast, fade
from tests.present.examples import EVIL, metric

STAGES = pl.DataFrame(
    {
        "channel": ["Email", "Email", EVIL, EVIL, "Display"],
        "stage": ["purchase", "awareness", "awareness", "purchase", "awareness"],
        "volume": [60, 300, 500, 25, 12],
        "value_sum": [600.0, 600.0, 100.0, 100.0, 0.0],
        "value_squares": [9000.0, 9000.0, 1000.0, 1000.0, 0.0],
        "value_n": [60, 300, 500, 25, 12],
        "reached": [60, 300, 500, 25, 12],
        "journeys": [300, 300, 500, 500, 12],
    }
)
SWITCHES = pl.DataFrame(
    {
        "from_channel": ["Email", "Email", "in_store", EVIL],
        "to_channel": ["Email", "in_store", "Email", "in_store"],
        "converted": [50, 30, 10, 2],
        "journeys": [500, 100, 90, 11],
    }
)
QUALITY = pl.DataFrame(
    {
        "channel": ["Email", EVIL, "Display", "print"],
        "journeys": [900, 800, 700, 5],
        "conversion_part": [300, 80, 70, 1],
        "conversion_whole": [900, 800, 700, 5],
        "days_to_purchase_low": [1.0, 2.0, 3.0, None],
        "days_to_purchase_middle": [2.0, 3.0, 4.0, None],
        "days_to_purchase_high": [3.0, 4.0, 5.0, None],
        "days_to_purchase_n": [300, 80, 70, 0],
        "remedy": ["none", EVIL, "write less", None],
    }
)
CASES = [("matrix", STAGES), ("matrix", SWITCHES), ("measures", QUALITY)]
EVERY = pytest.mark.parametrize(("chart", "rows"), CASES)


class Cells(HTMLParser):
    """The texts of a table's cells, row by row, without the columns' names in them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: list[str] = []
        self._classes: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._classes.append(dict(attrs).get("class") or "")
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._classes.pop()

    def handle_data(self, data: str) -> None:
        if self.rows and self._classes[-1] != "column":
            self.rows[-1][-1] += data


def drawn(chart: str, rows: pl.DataFrame, side: Palette = LIGHT, shown: str | None = None) -> str:
    """The table's HTML, which there must be."""
    html = charts.html(metric(chart), rows, side, currency="EUR", shown=shown)
    assert html is not None
    return html


@EVERY
def test_text_from_data_is_text(chart: str, rows: pl.DataFrame) -> None:
    table = Cells(drawn(chart, rows))
    assert "a" not in table.tags
    assert any(EVIL in cell for row in table.rows for cell in row)


@EVERY
def test_a_screen_reader_meets_a_plain_table(chart: str, rows: pl.DataFrame) -> None:
    html = drawn(chart, rows)
    assert 'role="table"' in html
    assert html.count('scope="row"') == rows[:, 0].n_unique()
    table = Cells(html)
    assert {len(row) for row in table.rows} == {len(table.rows[0])}, "every row has every column"
    # Each cell says its column's name, for narrow screens.
    heads = table.rows[0][1:]
    named = re.findall(r'<span class="column">(.*?)</span>', html)
    assert len(named) == len(heads) * (len(table.rows) - 1)


@EVERY
def test_no_rows_and_one_row(chart: str, rows: pl.DataFrame) -> None:
    assert "Nothing in this period." in drawn(chart, rows.clear())
    assert "<td" in drawn(chart, rows.head(1))
    assert charts.alt(metric(chart), rows).endswith(".")
    assert charts.alt(metric(chart), rows.clear()).endswith("nothing in this period.")


@EVERY
def test_rows_without_any_case_do_not_fail(chart: str, rows: pl.DataFrame) -> None:
    numbers = [name for name, kind in rows.schema.items() if kind.is_numeric()]
    for filler in (0, None):
        empty = rows.with_columns(pl.lit(filler).cast(rows.schema[n]).alias(n) for n in numbers)
        assert "<td" in drawn(chart, empty)
        assert charts.alt(metric(chart), empty)


def test_stages_stand_in_their_order_and_channels_by_size() -> None:
    rows = Cells(drawn("matrix", STAGES)).rows
    assert rows[0] == ["Channel", "Awareness", "Purchase"]
    assert [row[0] for row in rows[1:]] == [EVIL, "Email", "Display"]


def test_a_cell_says_its_value_its_interval_and_n() -> None:
    rows = Cells(drawn("matrix", STAGES)).rows
    email = [cell.replace("\u2009", " ") for cell in rows[2]]
    assert email[1].startswith("100 %")
    assert email[2].startswith("20 %")
    assert email[2].endswith("16 to 25 % · n 300")
    display = rows[3]
    assert display[1] == "too fewn 12", "no value is drawn on too few cases"
    assert display[2] == "–"


def test_the_reader_may_choose_another_measure() -> None:
    assert [measure.name for measure in matrices.choices(STAGES.columns)] == [
        *("reached", "volume", "value"),
    ]
    value = Cells(drawn("matrix", STAGES, shown="value")).rows
    assert value[2][2].startswith("EUR 10")
    assert value[1][2] == "too fewn 25"
    volume = Cells(drawn("matrix", STAGES, shown="volume")).rows
    assert volume[3][1] == "12", "a count is a count, however small"
    assert drawn("matrix", STAGES, shown="nonsense") == drawn("matrix", STAGES)


def test_shades_are_within_a_stage_and_over_all_of_a_square() -> None:
    shades = re.findall(r'style="(background:[^"]*)?"><span', drawn("matrix", STAGES))
    strengths = [float(s.rpartition(",")[2].rstrip(")")) if s else None for s in shades]
    # Awareness is 100 % everywhere: neither the palest nor the strongest.
    assert strengths[0] == strengths[2]
    assert strengths[1] < strengths[3]
    square = drawn("matrix", SWITCHES)
    found = dict(
        zip(
            ["Email-Email", "Email-in_store", "Email-evil", "in_store-Email"],
            re.findall(r'<td role="cell" class="(\w*)" style="([^"]*)"', square),
            strict=False,
        )
    )
    assert found["Email-Email"][0] == "same"
    assert found["Email-in_store"][1] == f"background:{fade(LIGHT.accent, STRONGEST)}"
    assert not found["Email-evil"][1], "nobody went there"
    assert found["in_store-Email"][1] != found["Email-in_store"][1]
    assert "diagonal" in matrices.foot(SWITCHES, 30)
    assert "diagonal" not in matrices.foot(STAGES, 30)


@pytest.mark.parametrize("side", [LIGHT, DARK], ids=lambda side: side.kind)
def test_text_can_be_read_on_the_strongest_shade(side: Palette) -> None:
    over = [int(side.accent[k : k + 2], 16) for k in (1, 3, 5)]
    under = [int(side.surface[k : k + 2], 16) for k in (1, 3, 5)]
    mixed = [round(STRONGEST * a + (1 - STRONGEST) * b) for a, b in zip(over, under, strict=True)]
    fill = "#" + "".join(f"{part:02X}" for part in mixed)
    assert contrast(side.text, fill) >= 4.5


def test_what_is_more_than_chance_apart_is_said_and_nothing_else() -> None:
    rows = Cells(drawn("measures", QUALITY)).rows
    conversion = [row[2] for row in rows[1:]]
    assert "↑ above the rest" in conversion[0]
    assert "↓ below the rest" in conversion[1]
    assert "↓ below the rest" in conversion[2]
    assert "rest" not in conversion[3]
    even = QUALITY.with_columns(pl.Series("conversion_part", [90, 80, 70, 1]))
    assert "the rest" not in drawn("measures", even)


def test_many_rows_say_what_is_left_out() -> None:
    many = pl.DataFrame(
        {
            "from_channel": [f"c{n}" for n in range(30)],
            "to_channel": [f"c{n + 1}" for n in range(30)],
            "converted": [1] * 30,
            "journeys": [100 - n for n in range(30)],
        }
    )
    assert drawn("matrix", many).count("<tr") == 1 + matrices.MOST_SQUARE
    assert "more rows and columns" in matrices.foot(many, 30)


def test_a_long_name_is_cut_where_it_takes_room_and_read_whole_under_the_pointer() -> None:
    long = f"{EVIL} {'very ' * 12}long"
    drawn = cells.table("matrix", "T", "Channel", ["Email", long], [cells.row(long, [])])
    assert drawn.count('<span class="long" title="') == 2
    assert '<th role="columnheader" scope="col">Email</th>' in drawn
    assert drawn.count("&lt;") >= 4
    assert EVIL not in drawn
