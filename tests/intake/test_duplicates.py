"""Deliveries come at least once: an event is stored once, and the first to arrive stays."""

from journey.intake import duplicates

FIRST = ("e1,seen,2026-01-05,ana,1,,first", "e2,seen,2026-01-06,ana,2,,")


def test_the_same_file_twice_changes_nothing_at_all(shop):
    path = shop.rows(*FIRST, "e3,seen,never,ana,,,", "short,1")
    shop.take(path)
    before = shop.fingerprint()
    report = shop.take(path)
    assert (report.accepted, report.duplicate) == (0, 2)
    assert report.rejected == {"unreadable time": 1, "broken row": 1}
    assert shop.fingerprint() == before


def test_the_same_content_under_another_name_changes_nothing(shop):
    shop.take(shop.rows(*FIRST))
    before = shop.fingerprint()
    assert shop.take(shop.rows(*FIRST, name="copy.csv")).duplicate == 2
    assert shop.fingerprint() == before


def test_within_a_file_the_first_row_stays(shop):
    report = shop.take(shop.rows(*FIRST, "e1,seen,2026-01-09,ben,9,,later"))
    assert (report.read, report.accepted, report.duplicate) == (3, 2, 1)
    assert shop.values("properties")[0] == {"note": "first"}


def test_across_files_of_a_delivery_the_first_file_wins(shop):
    other = shop.rows("e1,seen,2026-01-09,ben,9,,later", "e3,seen,2026-01-07,cy,,,", name="b.csv")
    report = shop.take(shop.rows(*FIRST), other)
    assert (report.read, report.accepted, report.duplicate) == (4, 3, 1)
    assert shop.values("customer_id") == ["ana", "ana", "cy"]


def test_across_deliveries_what_is_stored_stays(shop):
    shop.take(shop.rows(*FIRST))
    report = shop.take(
        shop.rows("e1,bought,2026-02-09,ben,9,,", "e3,seen,2026-01-07,cy,,,", name="b.csv")
    )
    assert (report.accepted, report.duplicate) == (1, 1)
    assert shop.values("touchpoint") == ["seen", "seen", "seen"]


def test_a_file_given_twice_is_taken_once(shop):
    path = shop.rows(*FIRST)
    report = shop.take(path, f"events={path}", path.parent / "." / path.name)
    assert (report.read, report.accepted) == (2, 2)


def test_a_mended_redelivery_adds_only_what_was_rejected(shop):
    shop.take(shop.rows(*FIRST, "e3,seen,never,cy,,,"))
    report = shop.take(shop.rows(*FIRST, "e3,seen,2026-01-07,cy,,,", name="mended.csv"))
    assert (report.accepted, report.duplicate, report.rejected) == (1, 2, {})
    assert shop.values("event_id") == ["e1", "e2", "e3"]


def test_a_rejected_row_does_not_stand_in_the_way_of_a_good_one(shop):
    report = shop.take(shop.rows("e1,seen,never,ana,,,", "e1,seen,2026-01-05,ana,,,"))
    assert (report.accepted, report.duplicate) == (1, 0)


def test_rows_without_an_id_are_told_apart_by_what_they_say(shop):
    lines = (",seen,2026-01-05,ana,,,", ",seen,2026-01-05,ana,,,", ",seen,2026-01-05,ana,,,x")
    report = shop.take(shop.rows(*lines))
    assert (report.accepted, report.duplicate) == (2, 1)


def test_what_a_row_says_does_not_depend_on_the_order_of_its_columns(shop):
    shop.take(shop.file("touchpoint,occurred_at,customer_id\nseen,2026-01-05,ana\n"))
    other = "customer_id,note,occurred_at,touchpoint\nana,,2026-01-05,seen\n"
    assert shop.take(shop.file(other, "other.csv")).duplicate == 1


def test_a_value_in_another_column_is_another_event(shop):
    header = "touchpoint,occurred_at,customer_id,source,medium\n"
    report = shop.take(shop.file(header + "seen,2026-01-05,ana,x,\nseen,2026-01-05,ana,,x\n"))
    assert report.accepted == 2


def test_what_was_lost_from_the_store_comes_back_beside_what_is_there(shop):
    shop.take(shop.rows("e1,seen,2026-01-05,ana,,,", name="a.csv"))
    (lost,) = shop.folder.event_files()
    both = shop.rows("e1,seen,2026-01-05,ana,,,", "e2,seen,2026-01-06,ana,,,", name="b.csv")
    shop.take(both)
    lost.unlink()
    report = shop.take(both)
    assert (report.accepted, report.duplicate) == (1, 1)
    assert shop.values("event_id") == ["e1", "e2"]


def test_identities_are_looked_at_in_parts(shop, monkeypatch):
    monkeypatch.setattr(duplicates, "PART_ROWS", 7)
    lines = [f"e{number % 60},seen,2026-01-05,c{number},,," for number in range(100)]
    assert shop.take(shop.rows(*lines)).accepted == 60
    assert shop.take(shop.rows(*reversed(lines), name="b.csv")).accepted == 0
    assert set(shop.values("customer_id")) == {f"c{number}" for number in range(60)}


def test_a_path_may_hold_an_equals_sign(shop):
    path = shop.rows(*FIRST, name="day=1/a=b.csv")
    assert shop.take(path).accepted == 2
    assert shop.take(f"events={path}").duplicate == 2
