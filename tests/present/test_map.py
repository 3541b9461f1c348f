"""The map shows the counts at one linear scale, and says the same in sentences."""

from dataclasses import replace
from typing import Any

import plotly.graph_objects as go
import pytest

from journey.present.map import MapParts, journey_map, map_in_words, phone_stage
from journey.present.palette import DARK, LIGHT

EVIL = '<a href="https://evil.example">x</a>%{y}'
STAGES = (
    ("awareness", 48210),
    ("consideration", 31480),
    ("decision", 14120),
    ("purchase", 6930),
    ("post_purchase", 5410),
)
PARTS = MapParts(
    stages=STAGES,
    loyalty=(1280, 4118),
    experience=(
        ("awareness", 400, 100.0, 160.0),
        ("decision", 1600, -320.0, 900.0),
        ("loyalty", 21, 12.0, 15.0),
    ),
    touchpoints=(
        ("awareness", "ad_clicked", 50),
        ("awareness", "search_clicked", 30),
        ("awareness", "email_opened", 15),
        ("awareness", EVIL, 5),
        ("decision", EVIL, 10),
    ),
    revenue=(("awareness", 48210, 482100.0), ("purchase", 6930, 482100.0)),
    currency="EUR",
    voices=(("decision", EVIL),),
    pains=(("decision", f"Mobile checkout {EVIL}"),),
)


def plain(text: str) -> str:
    """The text with ordinary spaces."""
    return text.replace("\u2009", " ")


def blocks(figure: go.Figure, word: str) -> list[Any]:
    """The filled shapes whose hover text holds the word."""
    return [
        trace
        for trace in figure.data
        if isinstance(trace.text, str) and word in trace.text and trace.fill == "toself"
    ]


def thickness(trace: Any, at: int = 0) -> float:
    """How tall a filled shape is at its left end."""
    left = [y for x, y in zip(trace.x, trace.y, strict=True) if x == trace.x[at]]
    return float(max(left) - min(left))


def words(figure: go.Figure) -> str:
    """All that is written on the map."""
    return plain(" | ".join(note.text for note in figure.layout.annotations))


def test_heights_are_linear_in_journeys() -> None:
    figure = journey_map(PARTS, LIGHT)
    per_journey = set()
    for title, (_, journeys) in zip(
        ("Awareness", "Consideration", "Decision", "Purchase", "Post-purchase"), STAGES, strict=True
    ):
        block = blocks(figure, f"<b>{title}</b>")[0]
        per_journey.add(round(thickness(block) / journeys, 9))
    again = blocks(figure, "<b>Loyalty</b>")[0]
    per_journey.add(round(thickness(again) / 1280, 9))
    assert len(per_journey) == 1


def test_who_goes_on_and_who_leaves_add_up() -> None:
    figure = journey_map(PARTS, LIGHT)
    stage = thickness(blocks(figure, "<b>Awareness</b>")[0])
    band = thickness(blocks(figure, "go on to consideration")[0])
    branch = thickness(blocks(figure, "leave after awareness")[0])
    assert band + branch == pytest.approx(stage)
    assert branch / stage == pytest.approx((48210 - 31480) / 48210)


def test_the_numbers_are_written() -> None:
    said = words(journey_map(PARTS, LIGHT))
    for text in (
        "<b>48,210</b>", "<b>65 %</b> go on", "16,730 leave", "11.2 % of all", "31 % come back",
        "4,118 buyers whose", "<b>EUR 10</b>", "good +2", "bad −2", "Ad clicked", "50 %",
    ):  # fmt: skip
        assert text in said, text
    assert "Touchpoints" in said
    assert "100 % of all" not in said


def test_loyalty_stands_apart_on_its_own_clock() -> None:
    figure = journey_map(PARTS, LIGHT)
    dashed = [shape for shape in figure.layout.shapes if shape.line.dash == "3px,3px"]
    assert len(dashed) == 1
    assert not blocks(figure, "go on to loyalty")
    without = journey_map(replace(PARTS, loyalty=None), LIGHT)
    assert "clock" not in words(without)


def test_feelings_are_doubled_sized_by_answers_and_hollow_where_few() -> None:
    figure = journey_map(PARTS, LIGHT)
    dots = next(trace for trace in figure.data if trace.name == "responses")
    assert "feels <b>+0.5</b>" in dots.text[0]
    assert "feels <b>−0.4</b>" in dots.text[1]
    assert dots.marker.size[1] > dots.marker.size[0] > dots.marker.size[2]
    assert dots.marker.color == (LIGHT.accent, LIGHT.accent, LIGHT.surface)
    line = next(trace for trace in figure.data if trace.name == "experience")
    assert len(line.x) == 2, "too few answers are not joined to the curve"
    assert "n 21, too few" in words(figure)


def test_shares_are_of_all_touches_and_three_are_named() -> None:
    card = phone_stage(PARTS, "awareness")
    assert card.touchpoints == (
        ("Ad clicked", 0.5),
        ("Search clicked", 0.3),
        ("Email opened", 0.15),
    )


@pytest.mark.parametrize("width", ["wide", "phone"])
@pytest.mark.parametrize("side", [LIGHT, DARK], ids=lambda side: side.kind)
def test_text_from_data_is_escaped(width: Any, side: Any) -> None:
    figure = journey_map(PARTS, side, width, stage="decision")
    assert "<a" not in figure.to_json()
    assert "%{y}" not in figure.to_json()
    assert figure.layout.paper_bgcolor == "rgba(0,0,0,0)"


def test_pains_alone_are_warm() -> None:
    figure = journey_map(PARTS, LIGHT)
    warm = [shape for shape in figure.layout.shapes if shape.line.color == LIGHT.warm]
    assert len(warm) == 1
    calm = journey_map(replace(PARTS, pains=()), LIGHT).to_json()
    assert LIGHT.warm not in calm


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_little_or_nothing_does_not_fail(width: Any) -> None:
    for parts in (
        MapParts(stages=()),
        MapParts(stages=(("awareness", 0), ("consideration", 0))),
        MapParts(stages=(("awareness", 5),)),
        MapParts(stages=STAGES, loyalty=(0, 0)),
        MapParts(
            stages=(("awareness", 5), ("consideration", 0)), experience=(("awareness", 0, 0, 0),)
        ),
    ):
        assert journey_map(parts, LIGHT, width)
        map_in_words(parts)


def test_the_phone_shows_the_same_counts_side_by_side() -> None:
    figure = journey_map(PARTS, DARK, "phone", stage="decision")
    widths = {
        title: max(block.x)
        for title in ("Awareness", "Decision")
        for block in blocks(figure, f"<b>{title}</b>")
    }
    assert widths["Decision"] / widths["Awareness"] == pytest.approx(14120 / 48210)
    assert "49 % go on, 7,190 leave" in words(figure)


def test_a_stage_in_words() -> None:
    card = phone_stage(PARTS, "decision")
    assert (card.title, card.count) == ("Decision", "14,120 journeys")
    assert plain(card.reached) == "29 % of all"
    assert plain(card.onward) == "49 % go on, 7,190 leave"
    assert card.feeling.startswith("It feels −0.4 on a scale from −2 to +2 (")
    loyalty = phone_stage(PARTS, "loyalty")
    assert plain(loyalty.reached) == "31 % of 4,118 buyers whose 90 days have passed"
    assert loyalty.feeling == "21 answers: a feeling is shown from 30"
    with pytest.raises(KeyError):
        phone_stage(PARTS, "nowhere")


def test_the_map_in_words_says_every_number() -> None:
    said = [plain(text) for text in map_in_words(PARTS)]
    assert len(said) == 6
    assert said[0].startswith(
        "Awareness: 48,210 journeys. 65 % go on to consideration, 16,730 leave."
    )
    assert "Most touches: Ad clicked 50 %, Search clicked 30 % and Email opened 15 %." in said[0]
    assert "A journey that got here brings EUR 10." in said[0]
    assert said[4] == "Post-purchase: 5,410 journeys, 11.2 % of all."
    assert said[5].startswith("Loyalty, on its own clock: 1,280 come back, 31 % of 4,118 buyers")
