"""A line more in the file: what stood there stands there still, and what makes no sense is told."""

import csv
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.annotations import adding
from journey.annotations.adding import AnnotationsMovedError, add, version
from journey.annotations.file import read
from journey.datafolder import DataFolder
from journey.errors import IntakeError

DAY = date(2026, 3, 4)
OLD = "2026-01-01,Old"
METRICS = frozenset({"decision/conversion_rate"})


def added(folder: DataFolder, **given: str | date) -> None:
    add(folder, {"day": DAY, "text": "New", **given}, METRICS, version(folder.annotations))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "day,until,kind,text\n2026-03-04,,,New\n"),
        ("", "day,until,kind,text\n2026-03-04,,,New\n"),
        ("text,day\nOld,2026-01-01", "text,day\nOld,2026-01-01\nNew,2026-03-04\n"),
        (f"\ufeffday,text\r\n{OLD}\r\n", f"\ufeffday,text\r\n{OLD}\r\n2026-03-04,New\r\n"),
        (f"day,text,my\n{OLD},kept\n", f"day,text,my\n{OLD},kept\n2026-03-04,New,\n"),
        ("day,text\nnever,Broken\n", "day,text\nnever,Broken\n2026-03-04,New\n"),
    ],
)  # fmt: skip
def test_what_stood_there_stands_there_still(
    tmp_path: Path, before: str | None, after: str
) -> None:
    folder = DataFolder(tmp_path)
    if before is not None:
        folder.annotations.write_bytes(before.encode())
    added(folder)
    assert folder.annotations.read_bytes().decode() == after
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["annotations.csv"]


def test_a_column_that_is_missing_is_added_to_all(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.annotations.write_text('day,text\n2026-01-01,"Old, with a comma"\n')
    added(folder, stage="decision", device="mobile", until=date(2026, 3, 6))
    found = read(folder.annotations, METRICS)
    assert found.problems == ()
    old, new = found.annotations
    assert (old.text, old.stage, old.where) == ("Old, with a comma", "", ())
    assert (new.until, new.stage, new.where) == (
        date(2026, 3, 6), "decision", (("device", "mobile"),),
    )  # fmt: skip


texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


@given(texts, texts)
def test_any_words_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, one: str, other: str
) -> None:
    folder = DataFolder(tmp_path_factory.mktemp("words"))
    wanted = []
    for text in (one, other):
        try:
            found = add(folder, {"day": DAY, "text": text}, METRICS, version(folder.annotations))
        except IntakeError:
            continue
        wanted.append(found.text)
    if wanted:
        kept = read(folder.annotations, METRICS)
        assert kept.problems == ()
        assert sorted(one.text for one in kept.annotations) == sorted(wanted)
        with folder.annotations.open(newline="", encoding="utf-8") as file:
            assert not any(row[-1].startswith(("=", "+", "-", "@")) for row in csv.reader(file))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"text": " "}, "there is no text"),
        ({"text": "x" * 161}, "161 characters"),
        ({"until": date(2026, 3, 3)}, "is before day"),
        ({"metric": "conversion_rat"}, "there is no metric"),
        ({"stage": "sale"}, "there is no stage"),
    ],
)
def test_what_makes_no_sense_is_not_written(
    tmp_path: Path, given: dict[str, str | date], says: str
) -> None:
    folder = DataFolder(tmp_path)
    with pytest.raises(IntakeError, match=says):
        added(folder, **given)
    assert not folder.annotations.exists()


@pytest.mark.parametrize(
    ("before", "says"),
    [
        (b"when,what\n", "no column 'day'"),
        (b"day,text\n\xff\n", "not UTF-8"),
        (b'day,text\n2026-01-01,"open\n', "not a readable CSV file"),
    ],
)
def test_a_file_that_cannot_be_added_to_is_left_alone(
    tmp_path: Path, before: bytes, says: str
) -> None:
    folder = DataFolder(tmp_path)
    folder.annotations.write_bytes(before)
    with pytest.raises(IntakeError, match=says):
        added(folder)
    assert folder.annotations.read_bytes() == before


def test_a_file_that_changed_underneath_is_refused(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.annotations.write_text("day,text\n2026-01-01,Old\n")
    seen = version(folder.annotations)
    folder.annotations.write_text("day,text\n2026-01-01,Other\n")
    with pytest.raises(AnnotationsMovedError, match="was changed while you were writing"):
        add(folder, {"day": DAY, "text": "New"}, METRICS, seen)
    assert folder.annotations.read_text() == "day,text\n2026-01-01,Other\n"


def test_of_many_who_write_at_once_none_loses_a_line(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    told: list[str] = []

    def write(number: int) -> None:
        while True:
            try:
                add(
                    folder, {"day": DAY, "text": f"Line {number}"}, METRICS,
                    adding.version(folder.annotations),
                )  # fmt: skip
                return
            except AnnotationsMovedError as error:
                told.append(str(error))

    threads = [Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = read(folder.annotations, METRICS)
    assert sorted(one.text for one in kept.annotations) == [f"Line {n}" for n in range(8)]
