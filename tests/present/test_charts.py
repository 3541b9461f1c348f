"""Pictures show the rows: their sums, their doubt, and nothing that data could smuggle in."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
import polars as pl
import pytest

from journey.metrics.metric import CHARTS
from journey.metrics.statistics import wilson
from journey.present import charts
from journey.present.endlabels import spread
from journey.present.palette import DARK, LIGHT, Palette
from tests.present.examples import (
    BAR,
    BY_CHANNEL,
    BY_DEVICE,
    CASES,
    CES,
    EVIL,
    FUNNEL,
    LINE,
    NPS,
    QUANTILES,
    RATE,
    STACKED,
    WEEKS,
    metric,
)

EVERY = pytest.mark.parametrize(("chart", "unit", "rows"), CASES)


def draw(
    chart: str, unit: str, rows: pl.DataFrame, side: Palette = LIGHT, **more: Any
) -> go.Figure:
    """The figure, which must be one."""
    figure = charts.figure(metric(chart, unit), rows, side, **more)
    assert figure is not None
    return figure


def texts(figure: go.Figure) -> list[str]:
    """All text in the figure that comes to be drawn."""
    found: list[str] = []

    def gather(value: Any) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                if name in ("text", "name", "ticktext", "hovertemplate", "texttemplate"):
                    found.extend([inner] if isinstance(inner, str) else [t for t in inner if t])
                else:
                    gather(inner)
        elif isinstance(value, list | tuple):
            for inner in value:
                gather(inner)

    gather(figure.to_plotly_json())
    return found


def trace(figure: go.Figure, name: str) -> Any:
    """The trace of this name."""
    return next(found for found in figure.data if found.name == name)


def test_every_kind_of_chart_is_drawn_or_is_a_table() -> None:
    assert set(charts.KINDS) | set(charts.TABLES) | {"table"} == set(CHARTS)
    assert not set(charts.KINDS) & set(charts.TABLES)
    assert charts.figure(metric("table"), RATE, LIGHT) is None


@EVERY
@pytest.mark.parametrize("side", [LIGHT, DARK], ids=lambda side: side.kind)
def test_a_picture_is_transparent_and_still(
    chart: str, unit: str, rows: pl.DataFrame, side: Palette
) -> None:
    layout = draw(chart, unit, rows, side).layout
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert layout.font.family == charts.FONT
    assert layout.dragmode is False
    assert layout.xaxis.fixedrange
    assert layout.yaxis.fixedrange
    assert not layout.showlegend


@EVERY
def test_no_rows_are_said_and_one_row_is_drawn(chart: str, unit: str, rows: pl.DataFrame) -> None:
    assert "Nothing in this period." in texts(draw(chart, unit, rows.clear()))
    assert draw(chart, unit, rows.head(1)).data


@EVERY
def test_rows_without_any_case_do_not_fail(chart: str, unit: str, rows: pl.DataFrame) -> None:
    numbers = [name for name, kind in rows.schema.items() if kind.is_numeric()]
    for filler in (0, None):
        empty = rows.with_columns(pl.lit(filler).cast(rows.schema[n]).alias(n) for n in numbers)
        assert draw(chart, unit, empty)
        assert charts.alt(metric(chart, unit), empty)


@EVERY
def test_text_from_data_is_escaped(chart: str, unit: str, rows: pl.DataFrame) -> None:
    for text in texts(draw(chart, unit, rows)):
        assert "<a" not in text
        assert "%{y}$" not in text
        assert "$z$" not in text


def test_a_rate_is_part_over_whole_and_hides_what_rests_on_too_few() -> None:
    figure = draw("rate", "percent", RATE)
    line = trace(figure, "Example &lt;b&gt;")
    assert line.y[3] is None
    shown = [value for value in line.y if value is not None]
    assert shown == pytest.approx([15.0, 33 / 2.1, 31 / 1.9, 40 / 2.3, 36 / 2.2])
    few = trace(figure, "too few")
    assert list(few.x) == [WEEKS[3]]
    assert few.marker.symbol == "circle-open"
    assert list(few.y) == [figure.layout.yaxis.range[0]], "it lies on the ground, at no value"
    assert "12 journeys" in few.text[0]
    assert "2 of 12" not in few.text[0]
    assert draw("rate", "percent", RATE, minimum_n=10).data[1].y[3] == pytest.approx(100 / 6)


def test_the_ribbon_is_the_wilson_interval() -> None:
    ribbon = trace(draw("rate", "percent", RATE), "95 % interval")
    low, high = wilson(30, 200)
    assert ribbon.y[0] == pytest.approx(100 * high)
    assert ribbon.y[5] == pytest.approx(100 * low)
    # The point with too few cases breaks the ribbon in two.
    assert ribbon.y[6] is None
    assert WEEKS[3] not in list(ribbon.x)


def test_hover_says_the_counts() -> None:
    hover = trace(draw("rate", "percent", RATE), "Example &lt;b&gt;").text[0]
    assert "30 of 200 journeys" in hover
    assert "week of 29 Jun 2026" in hover


def test_the_span_before_lies_under_this_one() -> None:
    before = RATE.with_columns(pl.col("week") - timedelta(weeks=13))
    dotted = trace(draw("rate", "percent", RATE, compare=before), "before")
    assert list(dotted.x) == [week for week in WEEKS if week != WEEKS[3]]
    assert dotted.line.dash == "dot"


def test_months_move_by_months() -> None:
    now = pl.DataFrame({"month": [date(2026, 3, 1), date(2026, 4, 1)], "people": [1, 2]})
    before = pl.DataFrame({"month": [date(2026, 1, 1), date(2026, 2, 1)], "people": [3, 4]})
    dotted = trace(draw("line", "people", now, compare=before), "before")
    assert list(dotted.x) == [date(2026, 3, 1), date(2026, 4, 1)]


def test_the_target_is_a_line_with_its_word() -> None:
    figure = draw("rate", "percent", RATE, target=15)
    assert any(shape.y0 == shape.y1 == 15 for shape in figure.layout.shapes)
    assert any("target 15\u2009%" in text for text in texts(figure))
    low, high = figure.layout.yaxis.range
    assert low <= 15 <= high


def test_the_immature_part_is_hatched_and_named() -> None:
    figure = draw("rate", "percent", RATE, immature_from=WEEKS[4])
    hatched = [found for found in figure.data if found.fillpattern.shape == "/"]
    assert [min(found.x) for found in hatched] == [WEEKS[4]]
    assert "still maturing" in texts(figure)
    late = draw("rate", "percent", RATE, immature_from=date(2027, 1, 1))
    assert "still maturing" not in texts(late)


def test_a_rate_by_category_has_a_line_each() -> None:
    figure = draw("rate", "percent", BY_DEVICE)
    assert list(trace(figure, "Mobile").y) == [10.0] * 6
    assert any("■" in text and "Mobile" in text for text in texts(figure))


def test_dots_are_sorted_and_carry_n_in_a_column_of_their_own() -> None:
    figure = draw("rate", "percent", BY_CHANNEL)
    dots = trace(figure, "Example &lt;b&gt;")
    assert list(dots.x)[:3] == pytest.approx([100 / 4.8, 60 / 3.9, 15 / 2.9])
    assert len(dots.x) == 3, "no value is drawn on too few cases"
    assert dots.marker.color[0] == LIGHT.channels("Email")
    intervals = trace(figure, "95 % interval")
    assert len(intervals.x) == 9, "too few cases have no interval"
    columns = [note for note in figure.layout.annotations if note.xref == "paper" and note.x == 1]
    # They stand right of the plot, so they cannot touch an interval.
    assert all(note.xanchor == "right" and note.xshift > 40 for note in columns)
    assert {"480", "390", "290", "19", "too few"} <= {note.text for note in columns}
    assert figure.layout.margin.r > max(note.xshift for note in columns)


def test_words_with_numbers_keep_their_order() -> None:
    rows = BY_CHANNEL.with_columns(
        pl.Series("channel", ["5 of 5", "4 of 5", "3 of 5", "2 of 5"]),
        pl.Series("converted", [10, 60, 15, 9]),
    )
    figure = draw("rate", "percent", rows)
    assert list(figure.layout.yaxis.ticktext) == ["5 of 5", "4 of 5", "3 of 5", "2 of 5"]


def test_the_span_before_ends_where_this_one_does() -> None:
    before = RATE.with_columns(pl.col("week") - timedelta(weeks=13))
    dotted = trace(draw("rate", "percent", RATE.head(3), compare=before), "before")
    assert max(dotted.x) == WEEKS[2]


def test_all_together_is_sums_over_sums() -> None:
    figure = draw("rate", "percent", BY_CHANNEL)
    together = 100 * (100 + 60 + 15 + 9) / (480 + 390 + 290 + 19)
    line = next(shape for shape in figure.layout.shapes if shape.line.dash == "dot")
    assert line.x0 == pytest.approx(together)
    assert "all 15.6\u2009%" in texts(figure)


def test_a_point_without_a_neighbour_is_marked_with_its_interval() -> None:
    """A line shows nothing of a week that stands between two with too few cases."""
    weeks = [date(2025, 1, 6) + timedelta(weeks=number) for number in range(30)]
    cases = [100] * 10 + [5, 100, 5] + [100] * 17
    rows = pl.DataFrame({"week": weeks, "converted": [2] * 30, "journeys": cases})
    figure = draw("rate", "percent", rows)
    (line,) = [one for one in figure.data if one.mode == "lines+markers"]
    assert [number for number, size in enumerate(line.marker.size) if size] == [11]
    assert [number for number, width in enumerate(line.error_y.array) if width] == [11]


def test_stacks_lose_nothing() -> None:
    figure = draw("stacked", "journeys", STACKED)
    assert sum(sum(bars.y) for bars in figure.data) == STACKED["journeys"].sum()
    assert len(figure.data) == 8
    assert figure.data[-1].name == "Other"
    assert figure.data[-1].marker.color == LIGHT.other
    assert figure.data[0].marker.color == LIGHT.channels(EVIL)
    assert figure.layout.barmode == "relative"
    assert figure.layout.yaxis.range[0] == 0


def test_weeks_the_period_cuts_are_paler() -> None:
    since, until = WEEKS[0] + timedelta(days=2), WEEKS[5] + timedelta(days=7)
    figure = draw("stacked", "journeys", STACKED, since=since, until=until)
    assert list(figure.data[0].marker.opacity) == [0.45, 1, 1, 1, 1, 1]


def test_a_cut_week_hangs_on_by_dots_and_is_not_the_last_word() -> None:
    since, until = WEEKS[0], WEEKS[5] + timedelta(days=2)
    figure = draw("line", "people", LINE.select("week", "people"), since=since, until=until)
    assert list(figure.data[0].y) == [5, 90, 95, 99, 97, None]
    assert figure.data[1].line.dash == "dot"
    assert list(figure.data[1].y) == [97, 40]
    assert "not complete" in figure.data[1].text[1]
    assert "<b>97</b>" in texts(figure)


def test_counts_in_time_start_at_zero() -> None:
    figure = draw("line", "people", LINE)
    assert list(figure.data[0].y) == LINE["people"].to_list()
    assert figure.layout.yaxis.range[0] == 0


def test_bars_start_at_zero_and_end_with_their_value() -> None:
    figure = draw("bar", "money", BAR, currency="EUR")
    assert list(figure.data[0].x) == BAR["revenue"].to_list()
    assert figure.data[0].base is None
    assert figure.layout.xaxis.range == (-20, 400)
    positive = draw("bar", "money", BAR.head(2), currency="EUR")
    assert positive.layout.xaxis.range == (0, 400)
    assert "EUR 400" in texts(figure)


def test_a_bar_or_two_do_not_fill_the_height_of_many() -> None:
    one = draw("bar", "money", BAR.head(1), currency="EUR", height=340).layout.height
    two = draw("bar", "money", BAR.head(2), currency="EUR", height=340).layout.height
    assert one < two < 340
    assert draw("bar", "money", pl.concat([BAR] * 3), height=340).layout.height >= 340


def test_many_bars_say_what_is_left_to_the_table() -> None:
    rows = pl.DataFrame({"word": [f"w{n}" for n in range(40)], "count": list(range(40, 0, -1))})
    figure = draw("bar", "journeys", rows)
    assert "and 26 more in the table" in texts(figure)


def test_the_funnel_is_linear_with_both_shares() -> None:
    figure = draw("funnel", "journeys", FUNNEL)
    assert list(figure.data[1].x) == FUNNEL["journeys"].to_list()
    assert figure.layout.xaxis.range == (0, 48210)
    assert list(figure.data[1].marker.color) == list(LIGHT.stages[:5])
    said = " ".join(texts(figure))
    assert "14.4\u2009% of all · step 49\u2009%" in said
    assert "Post-purchase" in said


def test_scores_keep_to_their_scale() -> None:
    nps = draw("nps", "points", NPS)
    assert list(trace(nps, "Example &lt;b&gt;").y) == [30, None]
    assert trace(nps, "too few").x == (date(2026, 8, 1),)
    score = draw("score", "score", CES)
    assert list(trace(score, "Example &lt;b&gt;").y) == pytest.approx([5.4, 5.6])
    low, high = score.layout.yaxis.range
    assert low >= 1
    assert high <= 7


def test_percentiles_stand_on_lines_of_their_own() -> None:
    figure = draw("quantiles", "days", QUANTILES)
    assert list(figure.data[1].x) == [1.9, 6.2, 13.8, 22.4]
    assert figure.layout.xaxis.range[0] == 0
    heights = [note.y for note in figure.layout.annotations]
    assert len(set(heights)) == len(heights) == 4
    assert "half within <b>6.2 days</b>" in texts(figure)


def test_labels_move_apart_and_stay_inside() -> None:
    places = spread([5.0, 5.1, 5.2, 9.9], 1.0, 0.0, 10.0)
    assert all(b - a >= 1 - 1e-9 for a, b in pairwise(places))
    assert min(places) >= 0
    assert max(places) <= 10


@EVERY
def test_every_picture_has_a_sentence(chart: str, unit: str, rows: pl.DataFrame) -> None:
    said = charts.alt(metric(chart, unit), rows)
    assert said.startswith("Example <b>: ")
    assert said.endswith(".")
    assert charts.alt(metric(chart, unit), rows.clear()).endswith("nothing in this period.")


def test_sentences_give_the_numbers() -> None:
    said = charts.alt(metric("rate"), RATE).replace("\u2009", " ")
    assert "from 15.0 % to 16.4 %, 29 Jun to 9 Aug 2026. Overall 16.2 % of 1,062 journeys." in said
    funnel = charts.alt(metric("funnel", "journeys"), FUNNEL).replace("\u2009", " ")
    assert "Purchase 6,930 (14.4 % of all, step 49 %)" in funnel


def test_the_tool_bar_only_saves() -> None:
    assert charts.CONFIG["modeBarButtons"] == [["toImage"]]
    assert charts.CONFIG["displaylogo"] is False
    assert charts.CONFIG["scrollZoom"] is False
    assert charts.CONFIG["responsive"] is True
