"""Paths as pictures: places that add up, names that keep apart and are never mark-up, words."""

import json
import re
from itertools import pairwise

import polars as pl
import pytest

from journey.analysis.paths.asking import Asked, Versus
from journey.analysis.paths.comparing import compare
from journey.analysis.paths.returning import returns
from journey.analysis.paths.steps import StepTable, table
from journey.analysis.paths.walking import Walked
from journey.config import STAGES
from journey.present.palette import DARK, LIGHT, Palette, contrast
from journey.present.paths import diverging, drawn, flow, matrix, partings, ways
from journey.present.paths.drawn import Look
from journey.present.paths.strip import strip
from journey.present.words import THIN

SIDES = [LIGHT, DARK]
HOSTILE = "<img src=x onerror=alert(1)> %{y} $z$ <script>"
NAMES = ("product_viewed", "product_added", "order_completed", HOSTILE)
PATHS = [
    *([(0, 1, 2)] * 500 + [(0, 0, 1)] * 300 + [(0, 3)] * 40 + [(0,)] * 150 + [(0, 1, 0)] * 8),
    *([(0, 2)] * 2),
]


def walked(paths: list[tuple[int, ...]], steps: int, side: int = 0) -> Walked:
    """Paths as they come from the serving tables; each step takes two hours."""
    rows = []
    for path in paths:
        for step, node in enumerate(path[:steps], 1):
            after = path[step] if step < min(len(path), steps) else None
            back = after in path[: step - 1] and after != node
            rows.append((side, step, node, after, int(back)))
    frame = pl.DataFrame(rows, schema=["side", "step", "node", "next", "back"], orient="row")
    tally = frame.group_by("side", "step", "node", "next").agg(
        pl.len().alias("count"),
        pl.col("back").sum(),
        pl.lit(7_200.0).alias("median_seconds"),
        pl.lit(216_000.0).alias("p95_seconds"),
    )
    return Walked(NAMES, tally, len(paths))


ASKED = Asked(steps=3)


@pytest.fixture(params=SIDES, ids=["light", "dark"])
def look(request: pytest.FixtureRequest) -> Look:
    """Both sides of the product."""
    stages = {"product_viewed": "consideration", "order_completed": "purchase"}
    return Look.of(ASKED, stages, request.param)


def made(asked: Asked = ASKED) -> StepTable:
    """The step table of the example."""
    return table(walked(PATHS, asked.steps), asked)


def spec(picture: flow.Flow, palette: Palette) -> dict:
    """What the browser gets."""
    return json.loads(flow.picture(picture, palette).figure().to_json())


def test_blocks_are_as_tall_as_they_are_many_and_bands_fill_them(look: Look) -> None:
    picture = drawn.steps(made(), ASKED, look)
    pixels = flow.TALL / picture.whole
    shapes = spec(picture, look.palette)["layout"]["shapes"]
    heights = sorted(round(shape["y0"] - shape["y1"], 6) for shape in shapes)
    counts = sorted(block.count for column in picture.columns for block in column if block.count)
    assert heights == [round(count * pixels, 6) for count in counts]
    layout = spec(picture, look.palette)["layout"]
    assert min(shape["y1"] for shape in shapes) >= layout["yaxis"]["range"][0], "none is cut off"
    assert layout["height"] == pytest.approx(-layout["yaxis"]["range"][0], abs=1)
    for number, column in enumerate(picture.columns):
        for place, block in enumerate(column):
            out = sum(b.count for b in picture.bands if (b.column, b.source) == (number, place))
            last = number + 1 == len(picture.columns)
            ended = block.name == "Left"
            assert out == (0 if last or ended else block.count)


def test_names_in_a_column_keep_apart(look: Look) -> None:
    many = [(number % 4, (number // 4) % 4, 0) for number in range(400)] + [(0, 1, 2)] * 30_000
    notes = spec(drawn.steps(table(walked(many, 3), ASKED), ASKED, look), look.palette)
    by_column: dict[float, list[float]] = {}
    for note in notes["layout"]["annotations"]:
        by_column.setdefault(note["x"], []).append(note["y"])
    for depths in by_column.values():
        ordered = sorted(depths)
        assert min(b - a for a, b in pairwise(ordered)) >= 13


def test_text_on_a_block_is_legible() -> None:
    for side in SIDES:
        fills = [*side.stages, *side.known.values(), *side.spare, side.other]
        for fill in fills:
            mixed = _over(fill, 0.2, side.surface)
            assert contrast(side.text, mixed) >= 4.5, (side.kind, fill)
        assert contrast(side.muted, _over(side.other, 0.1, side.surface)) >= 3.9


def _over(colour: str, share: float, under: str) -> str:
    """A colour at a share of its strength over another."""
    parts = [
        round(int(colour[at : at + 2], 16) * share + int(under[at : at + 2], 16) * (1 - share))
        for at in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02X}" for part in parts)


def test_a_hover_says_how_many_of_all_of_those_there_and_how_fast(look: Look) -> None:
    picture = drawn.steps(made(), ASKED, look)
    (band,) = (b for b in picture.bands if (b.column, b.source, b.target) == (1, 0, 0))
    assert band.hover.replace(THIN, " ") == (
        "<b>Product added → Order completed</b><br>500 journeys · 50 % of all<br>"
        "98 % of those at Product added<br>median 2 hours, 95 % within 2.5 days"
    )
    (back,) = (b for b in picture.bands if "had been there before" in b.hover)
    assert back.hover.endswith("8 of them had been there before")


def test_paths_to_an_end_run_to_the_right_too(look: Look) -> None:
    asked = Asked(end="order_completed", steps=3)
    reverse = [(2, 1, 0)] * 50 + [(2, 0)] * 30 + [(2,)] * 20
    picture = drawn.steps(table(walked(reverse, 3), asked), asked, look)
    assert picture.heads == ("2 before", "1 before", "End")
    assert [column[0].name for column in picture.columns] == [
        *("Product viewed", "Product added", "Order completed")
    ]
    assert {band.column for band in picture.bands} == {0, 1}
    into_end = sum(band.count for band in picture.bands if band.column == 1)
    assert into_end == 100
    said = " ".join(band.hover for band in picture.bands)
    assert "<b>Product added → Order completed</b>" in said
    assert "<b>Began → Order completed</b>" in said


def test_a_name_is_never_mark_up(look: Look) -> None:
    picture = drawn.steps(made(), ASKED, look)
    for told in (json.dumps(spec(picture, look.palette)), strip(picture)):
        assert "<img" not in told
        assert "<script" not in told
    for html in (
        matrix.matrix(made(), ASKED, look, HOSTILE),
        ways.table(_whole(HOSTILE), look, 30, "EUR", HOSTILE),
    ):
        assert "<img" not in html
        assert "<script" not in html
    groups = partings.Groups(HOSTILE, HOSTILE)
    sheet = partings.picture(_compared(), ASKED, groups, look.palette)
    assert "<img" not in sheet.figure().to_json()


def test_colours_are_the_stage_s_or_the_channel_s_own(look: Look) -> None:
    blocks = [block for column in drawn.steps(made(), ASKED, look).columns for block in column]
    palette = look.palette
    assert {b.colour for b in blocks if b.name == "Product viewed"} == {
        palette.stages[STAGES.index("consideration")]
    }
    assert {b.colour for b in blocks if b.name in ("Other", "Left")} == {palette.other}
    channels = Look(palette, "channel", {}, "journeys")
    assert channels.colour("Email", drawn.Kind.NAME) == palette.channels("Email")


def test_a_click_leads_to_the_name_under_it(look: Look) -> None:
    picture = drawn.steps(made(), ASKED, look)
    (spots,) = (t for t in spec(picture, look.palette)["data"] if t["mode"] == "markers")
    leads = flow.targets(picture)
    assert len(leads) == len(spots["x"]) == len(spots["text"])
    assert set(leads) <= set(NAMES)
    for name, hover in zip(leads, spots["text"], strict=True):
        assert name == HOSTILE or name.replace("_", " ").capitalize() in hover


def test_nothing_is_drawn_of_nobody(look: Look) -> None:
    empty = table(walked([], 3), ASKED)
    assert "Nothing in this period." in json.dumps(
        spec(drawn.steps(empty, ASKED, look), look.palette)
    )
    assert matrix.in_words(empty, ASKED, "Journeys") == "Journeys: nothing in this period."
    assert "Nothing in this period." in matrix.matrix(empty, ASKED, look, "Journeys")


def test_the_matrix_holds_what_the_flow_holds(look: Look) -> None:
    html = matrix.matrix(made(), ASKED, look, "Journeys")
    rows = re.findall(r"<tr.*?</tr>", html)
    assert len(rows) == 1 + len(NAMES) + 1  # the head, all names, Left; Other is empty
    for count in re.findall(r'doubt">([\d,]+)<', html):
        assert int(count.replace(",", "")) <= len(PATHS)
    assert '<th role="rowheader" scope="row">' in html
    assert 'scope="col">Step 2</th>' in html


def test_the_words_name_the_commonest_of_each_column() -> None:
    said = matrix.in_words(made(), ASKED, "Journeys").replace(THIN, " ")
    assert said == (
        "Journeys, 1,000. First touch: Product viewed 100 %; Step 2: Product added 51 %, "
        "Product viewed 30 %, left 15.0 %; Step 3: Order completed 50 %, Product added 30 %, "
        "left 19.2 %."
    )


def test_returns_below_the_minimum_have_no_share() -> None:
    found = returns(walked(PATHS[:20] + [(0, 1, 0)] * 5, 3), ASKED)
    rows = matrix.returns(found, minimum_n=30)
    assert rows["Of all that leave it"].to_list() == ["too few"]
    assert matrix.returns(found, minimum_n=5)["Of all that leave it"][0] != "too few"


def _compared() -> "partings.Compared":
    """Two groups: one goes straight to the order, the other looks on."""
    one = walked([(0, 2)] * 60 + [(0, 1)] * 40, 3)
    other = walked([(0, 2)] * 30 + [(0, 1)] * 70, 3, side=1)
    both = Walked(NAMES, pl.concat([one.tally, other.tally]), 200)
    return compare(both, Asked(steps=3, versus=Versus("device", "a", "b")), 30)


def test_where_ways_part_is_said_with_both_shares() -> None:
    said = partings.in_words(_compared(), ASKED, partings.Groups("Mobile", "Desktop"))
    said = said.replace(THIN, " ")
    assert said.startswith(
        "Mobile (100) against Desktop (100): Step 2: Order completed 60 % against 30 %"
    )
    assert said.endswith("differences are more than chance would explain. An association.")
    nobody = compare(walked([], 3), ASKED, 30)
    assert partings.in_words(nobody, ASKED, partings.Groups("A", "B")).startswith("Nobody to")
    few = compare(walked(PATHS[:20], 3), ASKED, 30)
    assert "too few in one of them" in partings.in_words(few, ASKED, partings.Groups("A", "B"))


def test_partings_draw_their_intervals(look: Look) -> None:
    sheet = partings.picture(_compared(), ASKED, partings.Groups("A", "B"), look.palette)
    lines, dots = sheet.traces
    assert [round(value) for value in dots["x"][:2]] in ([30, -30], [-30, 30])
    assert len(lines["x"]) == 3 * len(dots["x"])
    # Beside the names and the columns of figures, a phone's 290 pixels have room for the dots.
    lines_of_names = [
        line for name in sheet.layout["yaxis"]["ticktext"] for line in name.split("<br>")
    ]
    assert 6.2 * max(map(len, lines_of_names)) + sheet.margin["r"] < 290 - 30
    first, second = partings.groups_of(look.palette)
    for x, colour in zip(dots["x"], dots["marker"]["color"], strict=True):
        assert colour in (first if x > 0 else second, look.palette.muted)


def test_two_groups_in_one_flow_are_as_wide_as_their_mean_and_coloured_by_whose_it_is(
    look: Look,
) -> None:
    groups = partings.Groups("A", "B")
    both = diverging.diverging(_compared(), ASKED, groups, look.palette)
    for column in both.columns:
        assert sum(block.count for block in column) == pytest.approx(both.whole, abs=5)
    second = {block.name: block for block in both.columns[1]}
    order, added = second["Order completed"], second["Product added"]
    assert order.count == pytest.approx(0.45 * both.whole)
    assert (order.told, added.told) == ("+30 points", "\u221230 points")
    assert [order.colour, added.colour] == list(partings.groups_of(look.palette))
    assert both.columns[0][0].colour == look.palette.other, "all begin there"
    assert "A 60" in order.hover
    assert "B 30" in order.hover
    assert {band.colour for band in both.bands} <= {
        *partings.groups_of(look.palette),
        look.palette.other,
    }
    spec(both, look.palette)
    nobody = diverging.diverging(compare(walked([], 3), ASKED, 30), ASKED, groups, look.palette)
    assert nobody.whole == 0
    assert "<b>" not in diverging.key(partings.Groups("<b>", "<b>"), look.palette)


def _whole(*more: str) -> pl.DataFrame:
    """Whole journeys as the metric gives them."""
    told = ["ad_clicked > ad_clicked > order_completed", "page_viewed", *more]
    size = len(told)
    return pl.DataFrame(
        {
            "way": told,
            "touches": [3, 1, 1][:size],
            "journeys": [60, 30, 10][:size],
            "bought": [60, 0, 0][:size],
            "converted": [50, 0, 0][:size],
            "mature_journeys": [50, 25, 10][:size],
            "revenue": [1234.56, 0.0, 0.0][:size],
            "satisfied": [20, 0, 0][:size],
            "responses": [40, 0, 2][:size],
            "median_days": [2.0, 0.0, 0.0][:size],
            "all_ways": [7] * size,
            "all_journeys": [200] * size,
        }
    )


def test_whole_journeys_are_told_in_steps_with_their_coverage(look: Look) -> None:
    html = ways.table(_whole("x"), look, 30, "EUR", "Ways").replace(THIN, " ")
    first, second, _ = re.findall(r"<tr role=\"row\"><th role=\"rowheader\".*?</tr>", html)
    assert "Ad clicked" in first
    assert "×2" in first
    assert "30 %" in first
    assert "45 % so far" in second
    assert "100 %" in first
    assert "EUR 1,235" in first
    assert "50 %" in first
    assert "too few" in second, "25 mature journeys are no rate"
    assert "one touch" in second
    assert "2 days" in first
    foot = ways.foot(_whole("x")).replace(THIN, " ")
    assert foot.startswith("The 3 commonest of 7 ways; they cover 50 % of 200 journeys.")


def test_ways_of_one_side_leave_out_what_they_all_have_in_common(look: Look) -> None:
    rows = _whole("x")
    for outcome, gone in (
        ("all", ()),
        ("bought", ("Converted",)),
        ("left", ("Converted", "Value")),
    ):
        html = ways.table(rows, look, 30, "EUR", "Ways", outcome)
        heads = re.findall(r'scope="col">(.*?)</th>', html)
        assert {"Converted", "Value"} - set(heads) == set(gone)
        assert html.count("<td") == (len(heads) - 1) * rows.height


def test_the_commonest_way_of_each_side_is_a_sentence() -> None:
    bought, left = _whole().head(1), _whole().tail(1)
    said = ways.beside(bought, left).replace(THIN, " ")
    assert said == (
        "Of 200 journeys that bought, 30 % went Ad clicked → Ad clicked → Order completed; "
        "of 200 journeys that left, 15.0 % went Page viewed."
    )
    assert ways.beside(bought.clear(), left).startswith("Of 200 journeys that left")


def test_a_long_way_is_cut_and_its_title_is_not(look: Look) -> None:
    long = " > ".join(f"page_{number}" for number in range(40))
    html = ways.table(_whole(long), look, 30, None, "Ways")
    assert f"and {40 - ways.MOST_STEPS} more" in html
    assert "page_39" in html
