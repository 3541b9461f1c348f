"""The sentences of analysis cards, by hand, and never surer than the intervals."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from journey.analysis.funnel.compare import Shift
from journey.analysis.paths.around import Around
from journey.analysis.paths.asking import Asked
from journey.analysis.paths.returning import Return
from journey.analysis.paths.steps import Cell, Edge, Kind, StepTable
from journey.present.captions import found
from journey.present.captions.found import Estimated


def shift(step: str, difference: float, verdict: str, of: str = "overall") -> Shift:
    """A shift of a step."""
    ends = (difference - 0.02, difference + 0.02)
    return Shift(step, of, 50, 100, 45, 100, difference, *ends, 0.01, verdict)


def plain(text: str) -> str:
    """The text with thin spaces as spaces."""
    return text.replace("\u2009", " ")


def test_only_steps_whose_verdict_calls_them_are_named() -> None:
    labels = {"a": "Added", "b": "Bought"}
    called = [shift("a", 0.051, "higher"), shift("b", -0.034, "lower")]
    assert plain(found.shifts(called, labels)) == (
        "Of those who entered, 5.1 points more get to Added (+3.1 to +7.1) and 3.4 points fewer "
        "get to Bought (−5.4 to −1.4), more than chance would explain."
    )
    chance = [shift("a", 0.01, "within chance"), shift("b", -0.03, "lower", "previous")]
    assert found.shifts(chance, labels) == "No step differs by more than chance would explain."
    assert found.shifts([shift("a", 0.2, "no call")], labels).startswith("Too few")


def test_the_step_that_carries_most() -> None:
    rows = pl.DataFrame(
        {"amount": [None, 108_256.09], "per_entrant": [None, 22.93]},
        schema={"amount": pl.Float64, "per_entrant": pl.Float64},
    )
    assert found.money(rows, ["Viewed", "Bought"], "EUR", "person") == (
        "Bought carries EUR 108,000, EUR 23 for each person that entered."
    )


ENDS = st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted)


@given(one=ENDS, two=ENDS)
def test_an_estimate_leads_only_where_the_intervals_lie_apart(
    one: list[float], two: list[float]
) -> None:
    values = [Estimated(name, at, low, high) for name, (low, at, high) in (("A", one), ("B", two))]
    said = found.leading("Most:", values, "percent")
    first, then = (one, two) if one[1] >= two[1] else (two, one)
    assert said.startswith(f"Most: {'A' if first is one else 'B'}")
    assert ("lie apart" in said) is (first[0] > then[2])
    assert ("may be chance" in said) is (first[0] <= then[2])


def test_estimates_without_intervals_are_ranked_without_a_verdict() -> None:
    values = [Estimated("Email", 0.2, None, None), Estimated("Direct", 0.3, None, None)]
    assert (
        plain(found.leading("Most:", values, "percent")) == "Most: Direct, 30 %, then Email, 20 %."
    )
    assert found.leading("Most:", [], "percent") == ""


def cell(step: int, name: str, count: int, kind: Kind = Kind.NAME) -> Cell:
    """A cell of a column of 100 paths."""
    return Cell(step, name, kind, count, count / 100)


COLUMNS = (
    (cell(1, "ad_clicked", 60), cell(1, "email_opened", 40), cell(1, "Left", 0, Kind.ENDED)),
    (
        cell(2, "product_viewed", 50),
        cell(2, "Other", 20, Kind.OTHER),
        cell(2, "Left", 30, Kind.ENDED),
    ),
)


def test_a_flow_says_how_it_begins_and_how_many_are_left() -> None:
    made = StepTable(100, COLUMNS, ())
    assert plain(found.flow(made, Asked(steps=2), "journeys")) == (
        "The commonest beginning is Ad clicked, 60 % of 100 journeys; 30 % have left by step 2."
    )
    assert plain(found.flow(made, Asked(start="ad_clicked", steps=2), "journeys")).startswith(
        "The commonest next step is Product viewed, 50 % of 100 journeys"
    )
    assert plain(found.flow(made, Asked(end="order_completed", steps=2), "journeys")) == (
        "The commonest last step before the end is Product viewed, 50 % of 100 journeys."
    )
    assert found.flow(StepTable(0, (), ()), Asked(), "journeys") == ""


def test_loops_and_ways_back_are_said_with_their_share() -> None:
    made = [
        Return("page_viewed", "page_viewed", 40, 100),
        Return("cart_viewed", "page_viewed", 5, 20),
    ]
    assert plain(found.again(made, 30)) == (
        "Most often done again at once: Page viewed, 40 times, 40 % of all steps from it; most "
        "often gone back from Cart viewed to Page viewed, 5 times."
    )
    assert found.again([], 30) == ""


def test_around_a_name_what_comes_and_what_goes() -> None:
    here = cell(1, "ad_clicked", 100)

    def edge(target: Cell) -> Edge:
        return Edge(1, here, target, target.count, target.share, target.share, 0, None, None)

    class Made(Around):
        """Both sides by hand."""

        occurrences = 100
        comes_from = (edge(cell(2, "page_viewed", 30)), edge(cell(2, "Began", 70, Kind.ENDED)))
        goes_to = (edge(cell(2, "landing_page_viewed", 80)),)

    made = Made("ad_clicked", StepTable(100, COLUMNS, ()), StepTable(100, COLUMNS, ()))
    assert plain(found.around(made)) == (
        "Of 100 times Ad clicked: right before it most often Page viewed, 30 %; 70 % began with "
        "it; right after it most often Landing page viewed, 80 %."
    )
