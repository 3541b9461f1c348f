"""CSV as the world writes it."""

import gzip

import pytest

PLAIN = "touchpoint,occurred_at,customer_id,note\nseen,2026-01-05,ana,fine\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter(shop, delimiter):
    shop.take(shop.file(PLAIN.replace(",", delimiter)))
    assert shop.values("customer_id") == ["ana"]
    assert shop.values("properties") == [{"note": "fine"}]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end(shop, end):
    shop.take(shop.file(PLAIN.replace("\n", end)))
    assert shop.values("properties") == [{"note": "fine"}]


def test_line_ends_of_several_kinds(shop):
    path = shop.file(PLAIN + 'seen,2026-01-06,ben,"two\r\nlines"\r\nseen,never,eve,x\n')
    assert shop.take(path).rejected == {"unreadable time": 1}
    assert shop.values("customer_id") == ["ana", "ben"]
    assert shop.quarantine()[0][1] == 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
def test_any_usual_encoding(shop, encoding):
    shop.take(shop.file(PLAIN.replace("ana", "Zoë Müller").encode(encoding)))
    assert shop.values("customer_id") == ["Zoë Müller"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("packed", [False, True])
def test_unicode_text_of_a_spreadsheet(shop, encoding, packed):
    """Long enough that no part that is read at once begins or ends where a line does."""
    rows = "".join(f"seen\t2026-01-05\tc{number}\tĊ{'Љ' * 90}\r\n" for number in range(7_000))
    sent = PLAIN.replace(",", "\t").replace("\n", "\r\n").replace("ana", "Zoë 😀")
    content = ("\ufeff" + sent + rows + "seen\tnever\teve\tx\r\n").encode(encoding)
    report = shop.take(shop.file(gzip.compress(content) if packed else content))
    assert (report.accepted, report.rejected) == (7_001, {"unreadable time": 1})
    assert "Zoë 😀" in shop.values("customer_id")
    assert shop.quarantine()[0][1] == 7_003


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_unicode_text_that_is_cut_off(shop, end):
    sent = PLAIN.encode("utf-16") + "seen,2026-01-06,ben,😀".encode("utf-16-le")[:-2]
    assert shop.take(shop.file(sent + end)).accepted == 2


def test_latin_1_far_into_the_file(shop):
    rows = "".join(f"seen,2026-01-05,c{number},{'x' * 90}\n" for number in range(12_000))
    path = shop.file((PLAIN + rows + "seen,2026-01-05,Zoë,x\n").encode("latin-1"))
    assert shop.take(path).accepted == 12_002
    assert "Zoë" in shop.values("customer_id")


@pytest.mark.parametrize("name", ["a.csv.gz", "a.csv"])
def test_gzipped_whatever_its_name(shop, name):
    assert shop.take(shop.file(gzip.compress(PLAIN.encode()), name)).accepted == 1


def test_plain_text_named_gz(shop):
    assert shop.take(shop.file(PLAIN, "a.csv.gz")).accepted == 1


def test_empty_lines_count_as_nothing(shop):
    report = shop.take(shop.file("\n\n" + PLAIN + "\n\nseen,2026-01-06,ben,\n\n"))
    assert (report.read, report.accepted) == (2, 2)


def test_values_with_delimiters_quotes_and_line_breaks(shop):
    shop.take(shop.file(PLAIN + 'seen,2026-01-06,"b,""e""n","one\ntwo"\n'))
    assert shop.values("customer_id") == ["ana", 'b,"e"n']
    assert shop.values("properties")[1] == {"note": "one\ntwo"}


def test_ragged_rows_are_kept_as_they_stand(shop):
    report = shop.take(shop.file(PLAIN + "seen,2026-01-06\nseen,2026-01-06,ben,x,y\n"))
    assert report.rejected == {"broken row": 2}
    assert shop.quarantine() == [
        ("broken row", 3, "seen,2026-01-06"),
        ("broken row", 4, "seen,2026-01-06,ben,x,y"),
    ]


def test_a_quote_that_is_never_closed_spoils_what_follows_and_nothing_before(shop):
    report = shop.take(shop.file(PLAIN + 'seen,2026-01-06,"ben,\nseen,2026-01-07,cy,\n'))
    assert (report.accepted, report.rejected) == (1, {"broken row": 1})
    assert shop.quarantine()[0][1:] == (3, 'seen,2026-01-06,"ben,\nseen,2026-01-07,cy,')


def test_a_very_long_row_is_fine_and_an_endless_one_is_broken(shop):
    long, endless = "x" * (3 << 20), "y" * (9 << 20)
    rows = f"seen,2026-01-06,ben,{long}\nseen,2026-01-07,cy,{endless}\nseen,2026-01-08,di,z\n"
    report = shop.take(shop.file(PLAIN + rows))
    assert (report.accepted, report.rejected) == (3, {"broken row": 1})
    assert [len(row["properties"]["note"]) for row in shop.events()] == [4, 3 << 20, 1]
    assert shop.quarantine()[0][:2] == ("broken row", 4)


def test_columns_without_a_name_are_kept(shop):
    shop.take(shop.file(",touchpoint,occurred_at,customer_id\n0,seen,2026-01-05,ana\n"))
    assert shop.values("properties") == [{"column_1": "0"}]


def test_column_names_know_no_case(shop):
    shop.take(shop.file("Touchpoint,Occurred_At,Customer_ID,Page\nseen,2026-01-05,ana,home\n"))
    assert shop.values("customer_id") == ["ana"]
    assert shop.values("properties") == [{"Page": "home"}]


def test_columns_with_names_of_ours_are_kept(shop):
    header = "touchpoint,occurred_at,customer_id,file_name,file_line,correction\n"
    report = shop.take(shop.file(header + "seen,2026-01-05,ana,a.txt,7,red pen\n"))
    assert report.corrected == {}
    kept = {"file_name_sent": "a.txt", "file_line_sent": "7", "correction_sent": "red pen"}
    assert shop.values("properties") == [kept]


def test_column_names_with_quotes_and_spaces(shop):
    shop.take(
        shop.file('touchpoint,occurred_at,customer_id,"it\'s ""odd"""\nseen,2026-01-05,a,b\n')
    )
    assert shop.values("properties") == [{'it\'s "odd"': "b"}]
