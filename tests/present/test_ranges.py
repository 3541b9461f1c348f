"""The picture of disagreement: what it shows, what it hides, and text from data as text."""

import json

import pytest

from journey.present import attributed, ranges
from journey.present.palette import DARK, LIGHT, Palette
from journey.present.ranges import Range
from tests.analysis.attribution.made import Path, made
from tests.present.examples import EVIL

ROWS = [
    Range("Email", 40, 30, 50, 35, (("Markov", 40), ("Last", 35), ("First", 60)), 90,
          word="depends", verdict="Depends on the model."),
    Range(EVIL, 20, 15, 25, None, ((EVIL, 20), ("First", 10)), 70),
    Range("Display", 3, 1, 9, 2, (("Markov", 3), ("Last", 2)), 4, enough=False),
]  # fmt: skip


def draw(rows: list[Range], side: Palette = LIGHT) -> dict:
    """The figure, as the browser gets it."""
    sheet = ranges.ranges(rows, side, chosen="Markov", base="Last", unit="orders", currency="EUR")
    figure: dict = json.loads(sheet.figure().to_json())
    return figure


def trace(figure: dict, name: str) -> dict:
    """The trace of this name."""
    return next(found for found in figure["data"] if found.get("name") == name)


def notes(figure: dict) -> list[str]:
    """The texts in and around the plot."""
    return [note["text"] for note in figure["layout"]["annotations"]]


@pytest.mark.parametrize("side", [LIGHT, DARK], ids=lambda side: side.kind)
def test_each_way_is_a_dot_and_the_range_a_band(side: Palette) -> None:
    figure = draw(ROWS, side)
    assert trace(figure, "range over all models")["x"] == [35, 60, None, 10, 20, None]
    assert sorted(trace(figure, "each model")["x"]) == [10, 20, 40, 60]
    assert trace(figure, "Last")["x"] == [35], "no stroke where the baseline has no value"
    assert trace(figure, "Markov")["x"] == [40, 20]
    assert trace(figure, "95 % interval")["x"] == [30, 50]
    assert figure["layout"]["xaxis"]["range"][0] == 0


def test_too_few_paths_show_no_value() -> None:
    figure = draw(ROWS)
    assert "too few" in notes(figure)
    drawn = [x for found in figure["data"] for x in found["x"] if x is not None]
    assert 3 not in drawn
    assert 9 not in drawn
    assert figure["layout"]["xaxis"]["range"][1] == pytest.approx(62.4)


def test_the_verdict_stands_beside_its_line_and_under_the_pointer() -> None:
    figure = draw(ROWS)
    assert "depends" in notes(figure)
    assert "Depends on the model." in trace(figure, "Markov")["text"][0]
    assert "n = 90 orders" in trace(figure, "Markov")["text"][0]


def test_hostile_names_are_text() -> None:
    told = json.dumps(draw(ROWS))
    assert "<a href" not in told
    assert "%{y}" not in told


def test_nothing_and_many() -> None:
    assert "Nothing in this period." in notes(draw([]))
    many = [Range(f"c{n}", n, None, None, n, (("Markov", n),), 99) for n in range(1, 20)]
    figure = draw(many)
    assert "and 5 more in the table" in notes(figure)
    assert len(trace(figure, "Markov")["x"]) == ranges.MOST_ROWS
    assert all(found["name"] != "95 % interval" for found in figure["data"])


def test_the_picture_in_a_sentence() -> None:
    said = ranges.alt(ROWS, "Markov", "orders")
    assert said.startswith("By Markov, and the range over all models: Email 40, from 35 to 60;")
    assert "Display" not in said
    assert "Nothing to show" in ranges.alt([], "Markov", "orders")


def test_the_headline_names_the_widest_range_and_what_holds_whatever_the_model() -> None:
    from journey.analysis.attribution.finding import of_paths
    from journey.analysis.attribution.settings import Settings

    world = [Path(["Open", "Mid", "Close"])] * 200 + [Path(["Mid"])] * 60
    found = of_paths(made(world), Settings(baseline="last"), intervals=True)
    said = attributed.headline(found, "orders", None, 30)
    assert said.startswith("The models disagree most about Close: from ")
    assert "to 200 (Last non-direct)." in said
    assert "more than by Last touch: Open" in said
    same = of_paths(made([Path(["A"])] * 40), Settings(), intervals=True)
    assert attributed.headline(same, "orders", None, 30) == (
        "All models give every channel the same."
    )
    few = of_paths(made([Path(["A"])] * 4), Settings(), intervals=True)
    assert "No channel is in 30 paths" in attributed.headline(few, "orders", None, 30)
