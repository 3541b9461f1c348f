"""Formats are files: a dropped-in one works, a broken one says why."""

import shutil

import pytest

from journey.errors import IntakeError
from journey.intake.sources import known_sources, queries_folder, source

TILL = """\
-- title: A till's slips
-- input: slips slip, sold_at, card,
-- amount
-- input: shops? slip, city
--
-- One slip is one order.
select
    slip as event_id,
    sold_at as occurred_at,
    card as customer_id,
    'order_completed' as touchpoint,
    amount as revenue,
    shops.city as city,
    slips.file_name,
    slips.file_line,
from slips
left join shops using (slip)
"""
SLIPS = "slip,sold_at,card,amount\n1,2026-01-05,ana,2.50\n2,2026-01-06,ben,x\n"


@pytest.fixture
def formats(tmp_path, monkeypatch):
    """A copy of the queries, to drop formats into."""
    shutil.copytree(queries_folder(), tmp_path / "queries")
    monkeypatch.setenv("JOURNEY_QUERIES", str(tmp_path / "queries"))
    return tmp_path / "queries" / "sources"


@pytest.mark.parametrize("name", known_sources())
def test_every_format_says_what_it_is(name):
    form = source(name)
    assert form.title
    assert all(item.columns or form.reads == "lines" for item in form.inputs)
    assert "\n--\n-- " in form.sql


def test_a_format_dropped_in_is_known(shop, formats):
    (formats / "till.sql").write_text(TILL)
    assert "till" in known_sources()
    assert source("till").inputs[0].columns == ("slip", "sold_at", "card", "amount")
    report = shop.take(shop.file(SLIPS), form="till")
    assert (report.accepted, report.rejected) == (1, {"unreadable number: revenue": 1})
    assert shop.values("properties") == [{}]


def test_an_optional_input_may_come_by_name(shop, formats):
    (formats / "till.sql").write_text(TILL)
    shops = shop.file("slip,city\n1,Graz\n", "shops.csv")
    shop.take(shop.file(SLIPS), f"shops={shops}", form="till")
    assert shop.values("properties") == [{"city": "Graz"}]


def test_a_word_too_much_in_a_header(formats):
    (formats / "till.sql").write_text(TILL.replace("-- title", "-- titel"))
    with pytest.raises(IntakeError, match=r"till.sql, line 1: unknown header 'titel'. Did you"):
        source("till")


def test_a_header_without_an_input(formats):
    (formats / "till.sql").write_text("-- title: A till\n--\nselect 1\n")
    with pytest.raises(IntakeError, match=r"till.sql: the header needs one '-- title"):
        source("till")


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("sold_at as occurred_at", "sold_att as occurred_at", "Mend the format's SQL"),
        ("as touchpoint", "as touchpint", "gives no column touchpoint. Did you mean 'touchpint'?"),
        ("amount as revenue", "amount::double as revenue", "The format is"),
    ],
)
def test_a_format_whose_sql_fails_is_named(shop, formats, was, now, says):
    (formats / "till.sql").write_text(TILL.replace(was, now))
    message = shop.refusal(shop.file(SLIPS), form="till")
    assert "till.sql" in message
    assert says in message
