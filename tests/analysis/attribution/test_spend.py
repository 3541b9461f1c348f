"""What channels cost: the file read with care, and cost per order and return on spend from it."""

from datetime import date, datetime
from pathlib import Path as File

import pytest

from journey.analysis.attribution.finding import of_paths
from journey.analysis.attribution.settings import Settings
from journey.analysis.attribution.spend import Spend, read_spend, returns
from journey.analysis.attribution.tables import cost_by_model, one_model
from journey.analysis.attribution.wording import spend_rule
from journey.errors import IntakeError
from journey.metrics.filters import Filters
from tests.analysis.attribution.made import Path, made

FRAME = Filters(date(2026, 1, 1), date(2026, 2, 1), datetime(2026, 6, 1))
HEADER = "day,channel,cost,currency\n"


def spend(tmp_path: File, text: str, currency: str | None = "EUR", frame: Filters = FRAME) -> Spend:
    """What a file with this text comes to."""
    path = tmp_path / "spend.csv"
    path.write_text(text, encoding="utf-8")
    found = read_spend(path, frame, currency)
    assert found is not None
    return found


def test_no_file_is_no_spend(tmp_path: File) -> None:
    assert read_spend(tmp_path / "spend.csv", FRAME, "EUR") is None
    assert spend_rule(None, FRAME) == ""


def test_costs_of_the_period_are_added_up(tmp_path: File) -> None:
    found = spend(
        tmp_path,
        "\ufeffchannel,day,currency,cost\n"
        "Email,2026-01-01,EUR,10\nEmail,2026-01-31,eur,2.5\nEmail,2026-02-01,EUR,99\n"
        'Display,2026-01-05,,7\n"Search, paid",2025-12-31,EUR,99\n',
    )
    assert found.costs == {"Email": 12.5, "Display": 7}
    assert found.currency == "EUR"
    assert (found.first, found.last) == (date(2025, 12, 31), date(2026, 2, 1))
    assert spend_rule(found, FRAME) == "Costs in EUR of the period's days, from spend.csv."


def test_other_currencies_are_left_out_with_a_word(tmp_path: File) -> None:
    text = HEADER + "2026-01-01,Email,10,EUR\n2026-01-31,Email,4,USD\n2026-01-31,Email,1234,USD\n"
    found = spend(tmp_path, text)
    assert found.costs == {"Email": 10}
    assert found.left_out == {"USD": 1238}
    assert "USD 1,238.00 is left out" in spend_rule(found, FRAME)
    assert spend(tmp_path, text, currency=None).currency == "EUR"


def test_a_file_that_ends_early_is_told_of(tmp_path: File) -> None:
    found = spend(tmp_path, HEADER + "2026-01-03,Email,10,EUR\n2026-01-20,Email,4,EUR\n")
    assert "reaches from 2026-01-03 to 2026-01-20 only" in spend_rule(found, FRAME)
    before = spend(tmp_path, HEADER + "2025-01-03,Email,10,EUR\n")
    assert "no day of this period" in spend_rule(before, FRAME)


def test_spend_is_not_split_by_a_filter(tmp_path: File) -> None:
    found = spend(tmp_path, HEADER + "2026-01-03,Email,10,EUR\n")
    chosen = Filters(FRAME.since, FRAME.until, FRAME.as_of, {"device": ("mobile",)})
    assert "known for everybody only" in spend_rule(found, chosen)


def test_costs_after_the_as_of_are_not_known(tmp_path: File) -> None:
    frame = Filters(FRAME.since, FRAME.until, datetime(2026, 1, 10))
    text = HEADER + "2026-01-10,Email,10,EUR\n2026-01-11,Email,4,EUR\n"
    assert spend(tmp_path, text, frame=frame).costs == {"Email": 10}


@pytest.mark.parametrize(
    ("text", "line", "cause"),
    [
        ("", 1, "no column 'day'"),
        ("date,channel,cost,currency\n", 1, "no column 'day'"),
        ("day,channel,costs,currency\n", 1, "Did you mean 'costs'"),
        ("day,channel,cost,currency,note\n", 1, "unknown column 'note'"),
        (HEADER + "2026-01-01,Email,10\n", 2, "not as many values as columns"),
        (HEADER + "2026-01-01,Email,1,234.50,EUR\n", 2, "not as many values as columns"),
        (HEADER + "2026-01-01,Email,1,EUR\n01.02.2026,Email,1,EUR\n", 3, "not a day"),
        (HEADER + "2026-01-01,Email,ten,EUR\n", 2, "the cost is 'ten'"),
        (HEADER + "2026-01-01,Email,-1,EUR\n", 2, "the cost is '-1'"),
        (HEADER + "2026-01-01,Email,nan,EUR\n", 2, "the cost is 'nan'"),
        (HEADER + "2026-01-01,Email,inf,EUR\n", 2, "the cost is 'inf'"),
        (HEADER + "2026-01-01,,1,EUR\n", 2, "no channel"),
        (HEADER + "2026-01-01,Email,1,Euro\n", 2, "the currency is 'Euro'"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(
    tmp_path: File, text: str, line: int, cause: str
) -> None:
    with pytest.raises(IntakeError) as error:
        spend(tmp_path, text)
    assert f"spend.csv, line {line}:" in str(error.value)
    assert cause in str(error.value)


def test_bytes_that_are_no_text_are_refused(tmp_path: File) -> None:
    (tmp_path / "spend.csv").write_bytes(HEADER.encode() + b"2026-01-01,\xff\xfe,1,EUR\n")
    with pytest.raises(IntakeError, match="UTF-8"):
        read_spend(tmp_path / "spend.csv", FRAME, "EUR")


def test_cost_per_order_and_return_on_spend() -> None:
    world = [Path("AB", value=50)] * 40 + [Path("B", value=25)] * 20 + [Path("C", value=1)] * 5
    found = of_paths(made(world), Settings(model="linear"), intervals=True)
    costs = Spend("EUR", {"A": 400.0, "C": 60.0, "Gone": 7.0})
    rows = {row["channel"]: row for row in returns(found, costs, "linear").to_dicts()}
    assert rows["A"]["cpa"] == pytest.approx(400 / 20)
    assert rows["A"]["roas"] == pytest.approx(40 * 25 / 400)
    assert rows["A"]["cpa_low"] < rows["A"]["cpa"] < rows["A"]["cpa_high"]
    assert rows["A"]["roas_low"] < rows["A"]["roas"] < rows["A"]["roas_high"]
    assert (rows["B"]["cost"], rows["B"]["cpa"]) == (0, None)
    assert rows["C"]["cpa"] is None, "five paths are too few"
    assert (rows["Gone"]["orders"], rows["Gone"]["cpa"], rows["Gone"]["roas"]) == (0, None, None)
    assert one_model(found, costs)["cost"].sum() == 467
    every = cost_by_model(found, costs)
    assert every["channel"].to_list() == ["A", "C", "Gone"]
    assert every["cpa First touch"].to_list()[0] == pytest.approx(10)
    assert every["cpa Last touch"].to_list()[0] is None
