"""A file that cannot be used gets one clear sentence, and nothing is changed."""

import gzip

import polars as pl
import pytest

GOOD = "e1,seen,2026-01-05,ana,,,"


def test_no_such_file_names_the_nearest_one(shop):
    shop.rows(GOOD, name="orders.csv")
    message = shop.refusal(shop.root / "order.csv")
    assert "order.csv: no such file. Did you mean 'orders.csv'?" in message


def test_no_such_folder(shop):
    assert "no such file" in shop.refusal(shop.root / "nowhere" / "orders.csv")


def test_a_folder(shop):
    shop.rows(GOOD, name="exports/a.csv")
    assert "a folder, not a file" in shop.refusal(shop.root / "exports")


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet"])
def test_an_empty_file(shop, name):
    assert "the file is empty" in shop.refusal(shop.file(b"", name))


@pytest.mark.parametrize("content", [b"\n\n", b" \n", b"\xef\xbb\xbf"])
def test_nothing_but_blanks(shop, content):
    assert "not a CSV file with a header line" in shop.refusal(shop.file(content))


def test_a_header_and_nothing_else(shop):
    assert "there is not one row" in shop.refusal(shop.rows())


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\x7fELF\x01\x02\n"])
def test_binary_data(shop, content):
    message = shop.refusal(shop.file(content))
    assert "not a CSV file (it holds binary data)" in message


@pytest.mark.parametrize(
    "content",
    ["touchpoint,a\n".encode("utf-16-le"), "touchpoint,a\n".encode("utf-16-be"), b"a\0b\n"],
)
def test_nul_bytes(shop, content):
    message = shop.refusal(shop.file(content))
    assert "it has NUL bytes: it is UTF-16 without its mark, or no text" in message
    assert "Save it as UTF-8" in message


def test_a_missing_column_is_named_with_the_nearest_one(shop):
    message = shop.refusal(shop.file("touchpont,occurred_at,customer_id\nseen,2026-01-05,ana\n"))
    assert "there is no column touchpoint. Did you mean 'touchpont'?" in message


def test_one_of_two_columns_is_enough_but_none_is_not(shop):
    shop.take(shop.file("touchpoint,occurred_at,anonymous_id\nseen,2026-01-05,cookie\n", "a.csv"))
    message = shop.refusal(shop.file("touchpoint,occurred_at\nseen,2026-01-05\n", "b.csv"))
    assert "there is no column customer_id or anonymous_id" in message


def test_a_missing_column_of_a_parquet_file(shop):
    path = shop.root / "a.parquet"
    pl.DataFrame({"touchpoint": ["seen"], "occured_at": ["2026-01-05"]}).write_parquet(path)
    assert "Did you mean 'occured_at'?" in shop.refusal(path)


def test_a_column_twice(shop):
    message = shop.refusal(shop.file("touchpoint,occurred_at,customer_id,Touchpoint\na,b,c,d\n"))
    assert "it has the column touchpoint twice" in message


def test_jsonl_without_an_object(shop):
    assert "no line is a JSON object" in shop.refusal(shop.file("[1, 2]\nhello\n", "a.jsonl"))


@pytest.mark.parametrize("kept", [4, 200, -1, -9])
def test_a_parquet_file_cut_short_is_named(shop, kept):
    path = shop.frame("cut.parquet", note=["x" * 500])
    path.write_bytes(path.read_bytes()[:kept])
    assert f"{path}: not a readable Parquet file" in shop.refusal(path)


def test_a_parquet_file_with_a_garbage_footer_is_named(shop):
    path = shop.frame("garbage.parquet")
    content = bytearray(path.read_bytes())
    content[-60:-8] = b"\xff" * 52
    path.write_bytes(content)
    assert f"{path}: not a readable Parquet file" in shop.refusal(path)


def test_a_parquet_file_with_a_damaged_page_is_named_among_good_ones(shop):
    good = shop.frame("good.parquet")
    bad = shop.frame(
        "bad.parquet",
        touchpoint=["seen"] * 50_000,
        occurred_at=["2026-01-05"] * 50_000,
        customer_id=[f"someone-{number}" for number in range(50_000)],
    )
    content = bytearray(bad.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4_000] = b"\xff" * 4_000
    bad.write_bytes(content)
    assert f"{bad}: not a readable Parquet file" in shop.refusal(good, bad)


def test_text_named_parquet(shop):
    assert "not a readable Parquet file" in shop.refusal(shop.file("a,b\n1,2\n", "a.parquet"))


def test_a_gzip_file_cut_short(shop):
    packed = gzip.compress(("a,b\n" + "1,2\n" * 10_000).encode())
    assert "not a whole gzip file" in shop.refusal(shop.file(packed[:-30], "a.csv.gz"))


def test_a_damaged_file_in_the_store_is_named(shop):
    shop.take(shop.rows(GOOD))
    (stored,) = shop.folder.event_files()
    stored.write_bytes(stored.read_bytes()[:-9])
    other = shop.rows("e2,seen,2026-01-06,ben,,,", name="other.csv")
    assert f"{stored}: not a readable Parquet file" in shop.refusal(other)


def test_an_unknown_format_names_the_nearest_one(shop):
    message = shop.refusal(shop.rows(GOOD), form="event")
    assert "There is no format 'event'. Did you mean 'events'?" in message


def test_an_unknown_input_and_no_such_file(shop):
    message = shop.refusal("event=nowhere.csv")
    assert "no such file" in message
    assert "no input 'event'. Did you mean 'events'?" in message


def test_a_missing_input_is_asked_for(shop):
    leads = shop.file("mql_id,first_contact_date,landing_page_id,origin\na,2018-01-01,x,social\n")
    message = shop.refusal(leads, form="olist_marketing_funnel")
    assert "also needs the input 'deals'. Add deals=FILE" in message


def test_a_file_that_fits_no_input(shop):
    message = shop.refusal(shop.rows(GOOD), form="olist_marketing_funnel")
    assert "cannot tell which input" in message
    assert "leads=FILE deals=FILE" in message


def test_too_little_memory_says_what_to_do(shop, monkeypatch):
    monkeypatch.setenv("JOURNEY_MEMORY", "3MiB")
    lines = [f"e{number},seen,2026-01-05,ana,,,{'x' * 200}" for number in range(20_000)]
    assert "Set JOURNEY_MEMORY higher" in shop.refusal(shop.rows(*lines))
