"""Random messy CSV rows, against the same rules in plain Python."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.intake.shop import Shop

COLUMNS = ["event_id", "touchpoint", "occurred_at", "customer_id", "quantity", "survey", "score"]

VALUES = {
    "event_id": ["", "e1", "e2", " e3 ", 'e"4', "e,5", "e\n6"],
    "touchpoint": ["seen", "seen", "bought", "", "   "],
    "occurred_at": ["2026-01-05", "2026-01-05T23:30:00-01:00", "1900-01-01", "never", ""],
    "customer_id": ["ana", "ben", "línea\n2", "", "\t"],
    "quantity": ["", "3", "3.0", "3.5", "1,5", "x"],
    "survey": ["", "csat", "NPS", "own"],
    "score": ["", "1", "5", "6", "11", "nan", "-1"],
}
SCALES = {"csat": (1, 5), "nps": (0, 10)}

whole_rows = st.tuples(*(st.sampled_from(VALUES[name]) for name in COLUMNS)).map(list)
ragged_rows = st.lists(st.sampled_from(["", "a", "b\nc", 'd"e']), min_size=2, max_size=9).filter(
    lambda row: len(row) not in (len(COLUMNS), len(COLUMNS) + 1)
)
files = st.lists(whole_rows | ragged_rows | st.just([]), min_size=1, max_size=25)


@settings(max_examples=40)
@given(st.lists(files, min_size=1, max_size=3), st.sampled_from([",", ";"]))
@example([[["", "", "", "", "", "", ""]]], ",")
def test_every_row_becomes_exactly_one_thing(deliveries, delimiter):
    known: set[str] = set()
    with TemporaryDirectory() as folder:
        for number, rows in enumerate(deliveries):
            if not any(rows):
                continue
            # A quarantine of its own for each delivery, over one event store.
            shop = Shop(Path(folder))
            rmtree(shop.folder.quarantine, ignore_errors=True)
            rmtree(shop.folder.deliveries, ignore_errors=True)
            text, lines = written(rows, delimiter)
            report = shop.take(shop.file(text, f"{number}.csv"))
            accepted, duplicate, rejected = expected(rows, lines, known)
            assert (report.accepted, report.duplicate) == (accepted, duplicate)
            found = [(line, reason) for reason, line, _ in shop.quarantine()]
            assert sorted(found) == sorted(rejected)
            assert sum(report.rejected.values()) == len(rejected)
        assert len(Shop(Path(folder)).events()) == len(known)


def written(rows, delimiter):
    """The rows as a CSV file, and the line that each begins on."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(COLUMNS)
    lines = []
    for row in rows:
        lines.append(text.getvalue().count("\n") + 1)
        writer.writerow(row)
    return text.getvalue(), lines


def expected(rows, lines, known):
    """Accepted, duplicate, and line and reason of the rejected; `known` is added to."""
    accepted = duplicate = 0
    rejected = []
    for row, line in zip(rows, lines, strict=True):
        if not row:
            continue
        reason = why_rejected(row)
        if reason:
            rejected.append((line, reason))
            continue
        identity = row[0].strip() or repr([value.strip() for value in row[1 : len(COLUMNS)]])
        duplicate += identity in known
        accepted += identity not in known
        known.add(identity)
    return accepted, duplicate, rejected


def why_rejected(row):
    """The first reason that holds, or None."""
    while len(row) > len(COLUMNS) and not row[-1]:
        row = row[:-1]  # delimiters at the end of a row that separate nothing
    if len(row) != len(COLUMNS):
        return "broken row"
    sent = {name: value.strip() for name, value in zip(COLUMNS, row, strict=True)}
    try:
        at = datetime.fromisoformat(sent["occurred_at"]).replace(tzinfo=UTC)
    except ValueError:
        return "unreadable time"
    if at.year < 1970:
        return "time before 2 January 1970, of a clock or spreadsheet not set"
    if sent["quantity"] not in ("", "3", "3.0"):
        return "unreadable number: quantity"
    if sent["score"] == "nan":
        return "unreadable number: score"
    if not sent["touchpoint"]:
        return "no touchpoint"
    if not sent["customer_id"]:
        return "no customer and no anonymous id"
    if sent["score"] and sent["survey"].lower() in SCALES:
        low, high = SCALES[sent["survey"].lower()]
        if not low <= float(sent["score"]) <= high:
            return "score outside its scale"
    return None
