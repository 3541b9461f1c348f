"""The file of annotations: good lines are used, bad ones told with line, cause and remedy."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.annotations import file
from journey.annotations.annotation import Annotation
from journey.demo.kept import annotations_csv
from journey.demo.story import story_until

METRICS = {"conversion_rate", "decision/conversion_rate", "csat"}
GOOD = "2026-04-06,2026-04-26,campaign,Spring sale"


def kept(tmp_path: Path, text: str | bytes) -> file.Kept:
    """What is read of a file with this content."""
    path = tmp_path / "annotations.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return file.read(path, METRICS)


def test_no_file_is_no_annotation(tmp_path: Path) -> None:
    assert file.read(tmp_path / "annotations.csv", METRICS) == file.Kept()


def test_two_columns_are_enough_in_any_order_and_from_a_spreadsheet(tmp_path: Path) -> None:
    found = kept(tmp_path, "\ufefftext,day\r\nB,2026-02-01\r\nA,2026-01-31\r\n")
    assert found.annotations == (
        Annotation(date(2026, 1, 31), "A"),
        Annotation(date(2026, 2, 1), "B"),
    )
    assert not found.problems


def test_all_that_can_be_said(tmp_path: Path) -> None:
    (found,) = kept(
        tmp_path,
        "day,until,kind,text,metric,stage,channel,device\n"
        '2026-07-03,2026-07-13,incident," Payment,\n fails ",csat,purchase,Email,mobile\n',
    ).annotations
    assert found == Annotation(
        date(2026, 7, 3),
        "Payment, fails",
        date(2026, 7, 13),
        "incident",
        "csat",
        "purchase",
        (("channel", "Email"), ("device", "mobile")),
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("soon,,,Sale", "line 3: day is 'soon', which is no day. Write it like 2026-01-31."),
        ("2026-02-30,,,Sale", "line 3: day is '2026-02-30', which is no day"),
        ("2026-04-06,2026-04-05,,Sale", "until 2026-04-05 is before day 2026-04-06. Swap"),
        ("2026-04-06,,, ", "line 3: there is no text"),
        ("2026-04-06,,," + "x" * 161, "the text has 161 characters. Keep it to 160"),
        ("2026-04-06,," + "k" * 25 + ",Sale", "the kind has 25 characters"),
        ("2026-04-06,,,Sale, on phones", "not as many values as columns. Put quotes"),
        ("2026-04-06,,Sale", "not as many values as columns"),
    ],
)
def test_a_bad_line_costs_itself_only(tmp_path: Path, line: str, said: str) -> None:
    found = kept(tmp_path, f"day,until,kind,text\n{GOOD}\n{line}\n2026-05-01,,,Later\n")
    assert [one.text for one in found.annotations] == ["Spring sale", "Later"]
    (problem,) = found.problems
    assert said in problem
    assert problem.startswith(str(tmp_path / "annotations.csv"))


@pytest.mark.parametrize(
    ("head", "line", "said"),
    [
        ("day,text,metric", "2026-04-06,A,conversion_rte", "Did you mean 'conversion_rate'?"),
        ("day,text,stage", "2026-04-06,A,Awareness", "there is no stage 'Awareness'"),
        ("day;text", "2026-04-06;A", "line 1: there is no column 'day'"),
        ("day,words", "2026-04-06,A", "line 1: there is no column 'text'"),
        ("day,text,text", "2026-04-06,A,B", "line 1: a column stands there twice"),
    ],
)
def test_what_is_not_known_is_told_with_the_nearest(
    tmp_path: Path, head: str, line: str, said: str
) -> None:
    found = kept(tmp_path, f"{head}\n{line}\n")
    assert not found.annotations
    assert said in found.problems[0]


def test_a_column_misspelt_is_told_and_the_lines_stand(tmp_path: Path) -> None:
    found = kept(tmp_path, "day,text,chanel\n2026-04-06,A,Email\n")
    assert [one.text for one in found.annotations] == ["A"]
    assert "the column 'chanel' is not known" in found.problems[0]
    assert "Did you mean 'channel'?" in found.problems[0]


def test_files_that_are_none_are_told(tmp_path: Path) -> None:
    assert "not a readable CSV" in kept(tmp_path, b"day,text\n2026-04-06,\xff\n").problems[0]
    assert "larger than 1 MB" in kept(tmp_path, b"day,text\n" + b"x" * 1_000_000).problems[0]
    assert "no column 'day'" in kept(tmp_path, "").problems[0]
    many = kept(tmp_path, "day,text\n" + "2026-04-06,A\n" * (file.MOST + 1))
    assert len(many.annotations) == file.MOST
    assert "more than 2,000" in many.problems[0]
    bad = kept(tmp_path, "day,text\n" + "x,A\n" * 50)
    assert len(bad.problems) == 21
    assert "30 more lines" in bad.problems[-1]


@given(st.binary(max_size=300), st.booleans())
def test_nothing_written_there_fails_or_breaks_a_line(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, with_head: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "junk.csv"
    path.write_bytes((b"day,text\n2026-04-06," if with_head else b"") + junk)
    for one in file.read(path, METRICS).annotations:
        assert one.text.isprintable()
        assert 0 < len(one.text) <= file.LONGEST


def test_where_an_annotation_is_drawn() -> None:
    day = date(2026, 4, 6)
    everywhere = Annotation(day, "A")
    assert everywhere.belongs("overview", None, {"channel": ("Email",)})
    of_metric = Annotation(day, "A", metric="conversion_rate")
    assert of_metric.belongs("decision", "conversion_rate", {})
    assert not of_metric.belongs("decision", "cart_abandonment", {})
    assert Annotation(day, "A", metric="decision/csat").belongs("decision", "csat", {})
    assert not Annotation(day, "A", metric="decision/csat").belongs("satisfaction", "csat", {})
    of_stage = Annotation(day, "A", stage="purchase")
    assert of_stage.belongs("decision", "conversion_rate", {})
    assert of_stage.belongs("channels", "unassigned_share", {})
    assert not of_stage.belongs("awareness", "new_people", {})
    of_channel = Annotation(day, "A", where=(("channel", "email"),))
    assert of_channel.belongs("overview", None, {})
    assert of_channel.belongs("overview", None, {"channel": ("Direct", "Email")})
    assert of_channel.belongs("overview", None, {"device": ("mobile",)})
    assert not of_channel.belongs("overview", None, {"channel": ("Direct",)})


def test_the_demos_annotations_are_its_planted_days(tmp_path: Path) -> None:
    story = story_until(date(2026, 10, 31))
    found = kept(tmp_path, annotations_csv(story))
    assert not found.problems
    days = {(one.kind, one.day) for one in found.annotations}
    assert days == {
        ("incident", story.slow_since),
        ("campaign", story.campaign_since),
        ("incident", story.incident_since),
        ("release", story.experiment_since),
    }
