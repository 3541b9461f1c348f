"""Times, numbers, scores and names as they are sent."""

from datetime import datetime
from decimal import Decimal

import pytest


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("2026-01-05", datetime(2026, 1, 5)),
        ("2026-01-05 10:00", datetime(2026, 1, 5, 10)),
        ("2026-01-05T10:00:00Z", datetime(2026, 1, 5, 10)),
        ("2026-01-05T10:00:00.123456789Z", datetime(2026, 1, 5, 10, 0, 0, 123456)),
        ("2026-01-05T00:30:00+02:00", datetime(2026, 1, 4, 22, 30)),
        ("2026-03-29 02:30:00+01:00", datetime(2026, 3, 29, 1, 30)),
        ("  2026-01-05\t", datetime(2026, 1, 5)),
        ("2024-02-29", datetime(2024, 2, 29)),
    ],
)
def test_a_time_without_an_offset_is_utc(shop, sent, meant):
    shop.take(shop.rows(f"e1,seen,{sent},ana,,,"))
    assert shop.values("occurred_at") == [meant]


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "soon",
        "05.01.2026",
        "2026-13-01",
        "2026-02-30",
        "1767607200",
        "infinity",
        "290000-01-01",
    ],
)
def test_a_time_that_cannot_be_read(shop, sent):
    assert shop.take(shop.rows(f"e1,seen,{sent},ana,,,")).rejected == {"unreadable time": 1}


@pytest.mark.parametrize(
    ("sent", "is_good"),
    [
        ("0001-01-01", False),
        ("1899-12-30", False),
        ("1900-01-01T12:00:00Z", False),
        ("1970-01-01T00:00:00Z", False),
        ("1970-01-01T23:59:59.999Z", False),
        ("1970-01-02T00:30:00+01:00", False),
        ("1970-01-01T23:00:00-01:00", True),
        ("1970-01-02", True),
    ],
)
def test_a_clock_that_was_not_set(shop, sent, is_good):
    report = shop.take(shop.rows(f"e1,seen,{sent},ana,,,", "e2,seen,2026-01-05,ana,,,"))
    reason = "time before 2 January 1970, of a clock or spreadsheet not set"
    assert report.accepted == 1 + is_good
    assert report.rejected == ({} if is_good else {reason: 1})
    assert [row[:2] for row in shop.quarantine()] == ([] if is_good else [(reason, 2)])


@pytest.mark.parametrize("at", [datetime(1, 1, 1), datetime(1970, 1, 1)])
def test_a_clock_that_was_not_set_in_a_typed_column(shop, at):
    report = shop.take(shop.frame(occurred_at=[at]))
    assert list(report.rejected.values()) == [1]


@pytest.mark.parametrize(
    ("sent", "meant"),
    [("12", "12"), ("-4.5", "-4.5"), ("1e2", "100"), (" 7.25 ", "7.25"), ("0.00005", "0.0001")],
)
def test_an_amount_has_four_decimals(shop, sent, meant):
    shop.take(shop.rows(f"e1,seen,2026-01-05,ana,{sent},,"))
    assert shop.values("revenue") == [Decimal(meant)]


@pytest.mark.parametrize(
    "sent", ['"1,5"', "nan", "inf", "-Infinity", "€5", "1e30", "1.2.3", "true"]
)
def test_an_amount_that_cannot_be_read(shop, sent):
    report = shop.take(shop.rows(f"e1,seen,2026-01-05,ana,{sent},,"))
    assert report.rejected == {"unreadable number: revenue": 1}


@pytest.mark.parametrize(("sent", "meant"), [("3", 3), ("3.0", 3), ("-1", -1), ("3.7", None)])
def test_a_quantity_is_whole(shop, sent, meant):
    report = shop.take(shop.rows(f"e1,seen,2026-01-05,ana,,{sent},"))
    assert shop.values("quantity") == ([meant] if meant else [])
    assert report.rejected == ({} if meant else {"unreadable number: quantity": 1})


def test_blank_is_nothing(shop):
    shop.take(shop.rows('" e1 "," seen ",2026-01-05," ana ","  ",,"\t"'))
    (event,) = shop.events()
    assert (event["event_id"], event["touchpoint"], event["person_id"]) == ("e1", "seen", "ana")
    assert (event["revenue"], event["properties"]) == (None, {})


def test_the_first_reason_is_told(shop):
    lines = [
        "e1,,never,,x,,",
        "e2,,2026-01-05,,x,,",
        "e3,,2026-01-05,,,,",
        "e4,seen,2026-01-05,,,,",
    ]
    shop.take(shop.rows(*lines))
    assert [reason for reason, _, _ in shop.quarantine()] == [
        "unreadable time",
        "unreadable number: revenue",
        "no touchpoint",
        "no customer and no anonymous id",
    ]


def answer(survey: str, score: str, low: str = "", high: str = "") -> str:
    """A file with one survey answer."""
    header = "touchpoint,occurred_at,customer_id,survey,score,scale_min,scale_max\n"
    return header + f"survey_answered,2026-01-05,ana,{survey},{score},{low},{high}\n"


@pytest.mark.parametrize(
    ("survey", "scale"),
    [("csat", (1, 5)), ("NPS", (0, 10)), ("ces", (1, 7)), ("own", (None, None))],
)
def test_a_score_without_a_scale_is_on_the_usual_one(shop, survey, scale):
    shop.take(shop.file(answer(survey, "4")))
    (event,) = shop.events()
    assert (event["survey"], event["score"]) == (survey.lower(), 4)
    assert (event["scale_min"], event["scale_max"]) == scale


@pytest.mark.parametrize(
    ("survey", "score", "scale", "good"),
    [
        ("csat", "5", ("", ""), True),
        ("csat", "6", ("", ""), False),
        ("csat", "6", ("1", "7"), True),
        ("csat", "0", ("", "7"), False),
        ("nps", "0", ("", ""), True),
        ("nps", "11", ("", ""), False),
        ("own", "900", ("", ""), True),
        ("own", "900", ("0", "100"), False),
    ],
)
def test_a_score_lies_on_its_scale(shop, survey, score, scale, good):
    report = shop.take(shop.file(answer(survey, score, *scale)))
    assert report.rejected == ({} if good else {"score outside its scale": 1})


def test_the_person_is_the_customer_else_the_cookie(shop):
    header = "touchpoint,occurred_at,customer_id,anonymous_id,person_id\n"
    rows = "seen,2026-01-05,ana,cookie,x\nseen,2026-01-06,,cookie,x\n"
    shop.take(shop.file(header + rows))
    assert shop.values("person_id") == ["ana", "cookie"]


def test_a_channel_that_was_not_given_stays_out_of_the_store(shop):
    header = "touchpoint,occurred_at,customer_id,channel\n"
    shop.take(shop.file(header + "seen,2026-01-05,ana,Email\nseen,2026-01-06,ana,\n"))
    assert shop.values("channel") == ["Email", None]


def test_unmapped_touchpoints_are_reported_and_kept(shop):
    report = shop.take(
        shop.rows("e1,qr_code_scanned,2026-01-05,ana,,,", "e2,ad_clicked,2026-01-06,ana,,,")
    )
    assert report.accepted == 2
    assert report.unmapped == {"qr_code_scanned": 1}


def test_events_are_filed_by_month_of_their_utc_time(shop):
    lines = ["e1,seen,2026-02-01T00:30:00+01:00,ana,,,", "e2,seen,2026-02-01,ana,,,"]
    shop.take(shop.rows(*lines))
    months = [path.parent.name for path in shop.folder.event_files()]
    assert months == ["month=2026-01", "month=2026-02"]
