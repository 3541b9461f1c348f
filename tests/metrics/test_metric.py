"""A metric's file: a strict header, notes, one SELECT; and what is said of a file that is wrong."""

import shutil
from pathlib import Path

import pytest

from journey import ROOT
from journey.errors import MetricError
from journey.metrics import metric as registry
from tests.world import HEADER, metric_file


def test_a_file_says_it_all(tmp_path: Path) -> None:
    metric = registry.read(metric_file(tmp_path, "select $since as week, 1 as part, 2 as whole\n"))
    assert metric.full_name == "page/mine"
    assert (metric.title, metric.chart, metric.unit) == ("Conversion", "rate", "percent")
    assert metric.question == "What share of journeys ends in an order?"
    assert (metric.better, metric.grain) == ("higher", "one row per week of start")
    assert metric.parameters == {"since"}
    assert metric.notes == ""


def test_notes_are_paragraphs(tmp_path: Path) -> None:
    notes = "--\n-- First the definition,\n-- over two lines.\n--\n-- Then: the traps.\n"
    metric = registry.read(metric_file(tmp_path, notes + "select 1 as n -- not a note\n"))
    assert metric.notes == "First the definition, over two lines.\n\nThen: the traps."


WRONG = {
    "an unknown key": (
        HEADER.replace("-- title: ", "-- titel: "),
        r"mine\.sql, line 1: unknown header 'titel'\. Did you mean 'title'\?",
    ),
    "a missing key": (
        HEADER.replace("-- grain:    one row per week of start\n", ""),
        "lacks 'grain'",
    ),
    "a doubled key": (HEADER + "-- unit:     days\n", r"line 7: the header 'unit' is there twice"),
    "an empty key": (HEADER.replace("percent", ""), r"line 4: the header 'unit' says nothing"),
    "an unknown chart": (
        HEADER.replace("rate", "rates"),
        r"chart is 'rates'\. Did you mean 'rate'\?",
    ),
    "an unknown direction": (
        HEADER.replace("higher", "highest"),
        r"better is .*Did you mean 'higher'\?",
    ),
    "a unit in capitals": (HEADER.replace("percent", "Percent"), r"unit is 'Percent'\."),
    "a remark among the keys": (HEADER + "-- beware\n", r"line 7: unknown header 'beware'"),
    "a key in capitals": (HEADER.replace("-- unit", "-- Unit"), r"unknown header 'Unit'"),
    "no header": ("", "lacks 'title'"),
}


@pytest.mark.parametrize(("header", "says"), WRONG.values(), ids=WRONG)
def test_a_wrong_header_is_told_with_the_remedy(tmp_path: Path, header: str, says: str) -> None:
    with pytest.raises(MetricError, match=says) as error:
        registry.read(metric_file(tmp_path, "select 1 as n", header))
    assert str(tmp_path / "page" / "mine.sql") in str(error.value)


WRONG_SQL = {
    "an unknown parameter": (
        "select $sinse as n",
        r"unknown parameter \$sinse\. Did you mean 'since'\?",
    ),
    "a numbered parameter": ("select $1 as n", r"unknown parameter \$1"),
    "a nameless parameter": ("select ? as n", "unknown parameter"),
    "a syntax error": ("select 1 as n\nform journeys", r"mine\.sql, line 8: "),
    "nothing but a header": ("", "There are 0 statements"),
    "another table": ("select 1 as n\nfrom\njourneyes", r"line 9: It reads 'journeyes'"),
}


@pytest.mark.parametrize(("sql", "says"), WRONG_SQL.values(), ids=WRONG_SQL)
def test_wrong_sql_is_told_with_the_line(tmp_path: Path, sql: str, says: str) -> None:
    with pytest.raises(MetricError, match=says):
        registry.read(metric_file(tmp_path, sql))


def test_an_unknown_name_gets_a_guess() -> None:
    with pytest.raises(
        MetricError, match=r"no metric 'conversion_rat'\. Did you mean 'conversion_rate'"
    ):
        registry.find("conversion_rat")


def test_a_metric_is_found_by_name_and_by_page() -> None:
    assert registry.find("nps") == registry.find("satisfaction/nps")


@pytest.mark.parametrize(
    "name",
    ["marts/41_orders", "sources/events", "../queries/satisfaction/nps", ".hidden/nps", "n" * 300],
)
def test_only_a_page_folder_holds_metrics(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = tmp_path / "queries"
    shutil.copytree(ROOT / "queries", queries)
    shutil.copytree(queries / "satisfaction", queries / ".hidden")
    monkeypatch.setenv("JOURNEY_QUERIES", str(queries))
    assert registry.find("nps").page == "satisfaction"
    with pytest.raises(MetricError, match="There is no metric"):
        registry.find(name)


def test_folders_of_formats_and_tables_are_no_pages() -> None:
    assert not {"sources", "marts"} & set(registry.pages())


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["unix", "windows"])
def test_files_from_any_editor_are_read(tmp_path: Path, ending: str) -> None:
    path = metric_file(tmp_path, "")
    text = HEADER + "--\n-- Notes.\nselect 1 as n\n"
    path.write_bytes(text.replace("\n", ending).encode())
    assert registry.read(path).notes == "Notes."


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = metric_file(tmp_path, "")
    path.write_bytes(b"\xef\xbb\xbf" + (HEADER + "select 1 as n\n").encode())
    assert registry.read(path).title == "Conversion"


def test_a_file_that_is_no_text_is_told_with_the_remedy(tmp_path: Path) -> None:
    path = metric_file(tmp_path, "")
    path.write_bytes(HEADER.encode() + b"select '\xff' as n")
    with pytest.raises(MetricError, match=r"mine\.sql: .*UTF-8"):
        registry.read(path)
