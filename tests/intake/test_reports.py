"""What a user reads of a delivery: what is wrong with rejected rows, and what waits."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.intake.shop import HEADER

GERMAN = HEADER.replace(",", ";") + "\n" + "e1;seen;01.05.2026 14:30;ana;;;\n" * 2


def test_where_all_is_rejected_it_says_so_with_a_value_and_what_is_expected(shop):
    report = shop.take(shop.file(GERMAN))
    assert report.as_text().splitlines() == [
        "2 rows read = 0 accepted + 0 duplicate + 2 rejected",
        "  Every row was rejected: nothing was taken in.",
        "  rejected: unreadable time: 2, as in '01.05.2026 14:30' (expected: 2026-05-01T14:30:00Z)",
        "  Rejected rows are kept, with file and line, under quarantine/.",
    ]
    good = shop.take(shop.rows("e1,seen,2026-01-05,ana,,,", "e2,seen,never,ana,,,"))
    assert "Every row" not in good.as_text()


@pytest.mark.parametrize(
    ("row", "reason", "told"),
    [
        ('seen,2026-01-05,ana,"1.234,50",', "unreadable number: revenue", "'1.234,50' (expected"),
        ("seen,2026-01-05,ana,,1.5", "unreadable number: quantity", "'1.5' (expected: 1234, a w"),
        ("seen,1900-01-01,ana,,", "time before 2 January 1970, of", "'1900-01-01'"),
        ("seen,2026-01-05", "broken row: 1", "'e1,seen,2026-01-05'"),
        ("seen,a\u202eb\x0b,ana,,", "unreadable time", r"'a\u202eb\x0b' (exp"),
        (f"seen,{'x' * 41},ana,,", "unreadable time", f"'{'x' * 40}…' (exp"),
        (f"seen,{'x' * 40},ana,,", "unreadable time", f"'{'x' * 40}' (exp"),
    ],
)
def test_a_reason_has_a_value_as_it_was_sent(shop, row, reason, told):
    end = "" if reason.startswith("broken") else ","
    (line,) = (
        line
        for line in shop.take(shop.rows(f"e1,{row}{end}")).as_text().splitlines()
        if line.startswith("  rejected")
    )
    assert line.startswith(f"  rejected: {reason}")
    assert f", as in {told}" in line


def test_the_first_value_that_is_one(shop):
    rows = [f"e{number},seen,{at},ana,,," for number, at in enumerate(("", " ", "late", "soon"))]
    assert shop.take(shop.rows(*rows)).samples == {"unreadable time": "late"}
    alone = shop.take(shop.rows("e1,seen,,ana,,,")).as_text()
    assert "unreadable time: 1, none given (expected: 2026-05-01T14:30:00Z)" in alone


def test_a_score_off_its_scale(shop):
    header = "touchpoint,occurred_at,customer_id,survey,score\n"
    report = shop.take(shop.file(header + "survey_answered,2026-01-05,ana,nps,11\n"))
    assert report.as_json()["samples"] == {"score outside its scale": "11"}


def test_what_is_dated_in_the_future_is_counted_once(shop):
    now = datetime.now(UTC)
    near, past = (f"{now + timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}" for hours in (2, -2))
    path = shop.rows(
        f"e1,seen,{near},ana,,,", f"e2,seen,{past},ana,,,", "e3,seen,9999-12-31,ana,,,", "e4,,,,,,"
    )
    report = shop.take(path)
    assert report.as_json()["in_future"] == 2
    assert "dated in the future: 2, the last 9999-12-31 00:00:00 UTC;" in report.as_text()
    again = shop.take(path)
    assert (again.in_future, again.duplicate) == (0, 3)
    assert "future" not in again.as_text()
