"""Questions to a snapshot: filtered beneath, limited, repeatable, and safe to ask all at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from threading import Event
from time import monotonic

import duckdb
import pytest

from journey.errors import MetricError, WarehouseError
from journey.metrics import metric as registry
from journey.metrics import opening
from journey.metrics.engine import Engine, Engines
from journey.metrics.filters import Filters
from journey.metrics.gate import TABLES
from journey.metrics.metric import Metric
from journey.warehouse.build import build
from journey.warehouse.snapshot import Snapshot
from tests.world import TOWN, Business, day, metric_file, people

Write = Callable[..., Metric]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A metric of the chart and the SQL given."""

    def write(sql: str, chart: str = "table") -> Metric:
        return registry.read(metric_file(tmp_path, sql, chart=chart))

    return write


# ---- limits ---------------------------------------------------------------------------------


def test_an_answer_has_ten_thousand_rows_at_most(town: Business, write: Write) -> None:
    assert town.ask(write("select range as n from range(10000)")).height == 10_000
    with pytest.raises(MetricError, match=r"mine\.sql: more than 10,000 rows"):
        town.ask(write("select range as n from range(10001)"))


BOMBS = {
    "a recursion without end": (
        "with recursive n(x) as (select 1 union all select x + 1 from n) select max(x) from n"
    ),
    "everything against everything": (
        "select count(*) from range(1000000) as a(x), range(1000000) as b(y) where x * y % 7 = 3"
    ),
}


@pytest.mark.parametrize("sql", BOMBS.values(), ids=BOMBS)
def test_a_question_is_stopped_in_time(
    town: Business, write: Write, monkeypatch: pytest.MonkeyPatch, sql: str
) -> None:
    monkeypatch.setattr(opening, "SECONDS", 1)
    engine = Engine(town.folder)
    start = monotonic()
    with pytest.raises(MetricError, match="longer than 1 s and was stopped"):
        engine.run(write(sql), Filters(date(2026, 1, 1), date(2027, 1, 1), day(99)))
    assert monotonic() - start < 10
    again = engine.run(write("select count(*) as n from people"), _year())
    assert again.rows.item() == 7, "the engine goes on answering"
    engine.close()


def test_a_question_is_stopped_before_it_takes_all_memory(
    town: Business, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOURNEY_MEMORY", "50MB")
    engine = Engine(town.folder)
    with pytest.raises(MetricError, match="more memory than a question may have"):
        engine.run(write("select length(list(range)) as n from range(50000000)"), _year())
    again = engine.run(write("select count(*) as n from people"), _year())
    assert again.rows.item() == 7, "the engine goes on answering"
    engine.close()


def _year() -> Filters:
    """All of 2026."""
    return Filters(date(2026, 1, 1), date(2027, 1, 1), day(900))


# ---- columns --------------------------------------------------------------------------------

WEEK = "date '2026-01-05' as week"
MISFITS = {
    "a line without a number": ("line", f"select {WEEK}"),
    "a line over moments": ("line", "select timestamp '2026-01-05' as week, 1 as n"),
    "a line over words": ("line", "select 'a' as week, 1 as n"),
    "a line of words": ("line", f"select {WEEK}, 'a' as n"),
    "a rate without a whole": ("rate", f"select {WEEK}, 1 as part"),
    "a rate of flags": ("rate", f"select {WEEK}, true as part, 1 as whole"),
    "a rate of nothing": ("rate", f"select {WEEK}, null as part, 1 as whole"),
    "a stack without a word": ("stacked", f"select {WEEK}, 1 as n"),
    "a bar without a word": ("bar", "select 1 as n, 2 as m"),
    "a funnel of two numbers": ("funnel", "select 'a' as stage, 1 as n, 2 as m"),
    "nps without passives": ("nps", f"select {WEEK}, 1 as p, 1 as d, 2 as n"),
    "a score without a count": ("score", f"select {WEEK}, 1 as total, 1 as agree"),
    "quantiles of words": ("quantiles", "select 'a' as p25, 1 as n"),
}


@pytest.mark.parametrize(("chart", "sql"), MISFITS.values(), ids=MISFITS)
def test_a_chart_says_which_columns_it_needs(
    town: Business, write: Write, chart: str, sql: str
) -> None:
    with pytest.raises(MetricError, match=rf"mine\.sql: the columns are .* '{chart}' needs "):
        town.ask(write(sql, chart))


ODD = {
    "a span": "interval 1 day",
    "spans": "[interval 1 day]",
    "bytes": "'a'::blob",
    "a union": "union_value(k := 1)",
    "more than a number can hold": "170141183460469231731687303715884105727::hugeint",
    "not a number": "'nan'::double",
    "without end": "1 / 0",
}


@pytest.mark.parametrize("sql", ODD.values(), ids=ODD)
def test_a_value_no_card_can_show_is_told_with_the_file(
    town: Business, write: Write, sql: str
) -> None:
    with pytest.raises(MetricError, match=r"mine\.sql: "):
        town.ask(write(f"select {sql} as odd"))


@pytest.mark.parametrize(("part", "whole"), [(3, 1), (-1, 1), (1, 0)])
def test_a_part_above_its_whole_is_told_with_the_file(
    town: Business, write: Write, part: int, whole: int
) -> None:
    """It would be a share above 100 %: most likely the two columns are the wrong way round."""
    metric = write(f"select {WEEK}, {part} as part, {whole} as whole", "rate")
    with pytest.raises(MetricError, match=r"mine\.sql: "):
        assert town.answer(metric).total


def test_numbers_come_as_integers_and_floats(town: Business, write: Write) -> None:
    rows = town.ask(write("select sum(touches) as n, sum(revenue) as money from journeys"))
    assert [type(value) for value in rows.row(0)] == [int, float]


@pytest.mark.parametrize(
    ("sql", "line"),
    [
        ("select\n  touches,\n  person_id::int as n\nfrom journeys", 9),
        ("select\n  touches,\n  no_such_column\nfrom journeys", 9),
        ("select count(*)\nfrom journeys\nwhere started_on > '2026-13-01'", 9),
    ],
)
def test_an_error_names_the_line_of_the_file(
    town: Business, write: Write, sql: str, line: int
) -> None:
    """The header has six lines, so the third line of the SQL is the ninth."""
    with pytest.raises(MetricError, match=rf"mine\.sql, line {line}: "):
        town.ask(write(sql))


def test_a_misspelt_column_gets_a_guess(town: Business, write: Write) -> None:
    with pytest.raises(MetricError, match="journey_number"):
        town.ask(write("select journey_numbr from journeys"))


# ---- filters --------------------------------------------------------------------------------

FILTERED = sorted(
    TABLES & {"touches", "journeys", "orders", "responses", "requests", "carts", "people", "daily"}
)


@pytest.mark.parametrize("table", FILTERED)
def test_a_filter_lies_beneath_the_table(town: Business, write: Write, table: str) -> None:
    counted = write(f"select entry_channel, count(*) as n from {table} group by all order by 1")
    everyone = dict(town.ask(counted).rows())
    email = dict(town.ask(counted, channel=["Email"]).rows())
    assert email == {"Email": everyone["Email"]}


@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) as n from {table}",
        "select count(*) as n from main.{table}",
        'select count(*) as n from "{table}" as mine',
        "with a as (from {table}) select (select count(*) from a) as n",
        "select count(*) as n from (select 1) left join {table} on true having count(*) >= 0",
        "select count(*) as n from (from {table} union all from {table})",
    ],
)
@pytest.mark.parametrize("table", ["journeys", "payments", "events"])
def test_no_query_gets_past_the_filter(town: Business, write: Write, table: str, sql: str) -> None:
    """Ben came alone through Direct: four touches in one journey, then an orphan's answer."""
    metric = write(sql.format(table=table))
    everyone = town.ask(metric).item()
    email, others = (
        town.ask(metric, channel=chosen).item()
        for chosen in (["Email"], ["Direct", "Social", "Display", "call_center", "print"])
    )
    nothing = 1 if "left join" in sql else 0
    assert max(email, 1) < everyone or table == "payments"
    assert email + others in (everyone, everyone + nothing)


def test_events_and_payments_follow_their_journey(town: Business, write: Write) -> None:
    events = write(
        "select string_agg(distinct person_id, ' ' order by person_id) as who from events"
    )
    assert town.ask(events, channel=["Email"]).item() == "ana"
    money = write("select sum(amount)::double as amount from payments")
    assert town.ask(money, channel=["Email"]).item() == 40 - 15 + 60


def test_several_values_are_a_choice_and_several_filters_all_hold(
    town: Business, write: Write
) -> None:
    who = write(
        "select string_agg(distinct person_id, ' ' order by person_id) as who from journeys"
    )
    assert town.ask(who, channel=["Email", "Direct"]).item() == "ana ben gil"
    assert town.ask(who, channel=["Email", "Direct"], country=["AT"]).item() == "ben"
    assert town.ask(who, channel=["Email"], country=["AT"]).item() is None


def test_one_question_s_filter_is_not_the_next_one_s(town: Business, write: Write) -> None:
    count = write("select count(*) as n from journeys")
    before = town.ask(count).item()
    assert town.ask(count, channel=["Email"]).item() < before
    assert town.ask(count).item() == before


@pytest.mark.parametrize("name", ["O'Brien's", 'the "best"', "50 % off; --", "Zürich 🚲", "a,b"])
def test_a_segment_may_have_any_name(business: Business, name: str) -> None:
    rows = people(ana="ad_clicked@0", ben="ad_clicked@0")
    rows[0]["channel"] = name
    business.deliver(rows)
    assert name in business.engine.segments()["channel"]
    assert business.ask("new_people", channel=[name])["people"].sum() == 1


def test_a_filter_that_is_not_there_gets_a_guess(town: Business) -> None:
    since, until = date(2026, 1, 1), date(2026, 2, 1)
    with pytest.raises(MetricError, match=r"no channel 'Emial'\. Did you mean 'Email'\?"):
        town.engine.filters(since, until, where={"channel": ("Emial",)})
    with pytest.raises(MetricError, match=r"no filter 'chanel'\. Did you mean 'channel'\?"):
        town.engine.filters(since, until, where={"chanel": ("Email",)})
    with pytest.raises(MetricError, match="is empty"):
        town.engine.filters(until, until)


# ---- as of ----------------------------------------------------------------------------------


def test_as_of_a_day_is_its_first_moment_where_the_business_is(tmp_path: Path) -> None:
    business = Business(tmp_path, currency="EUR", time_zone="Europe/Berlin")
    business.deliver(TOWN)
    filters = business.build().filters(date(2026, 1, 1), date(2026, 2, 1), date(2026, 7, 1))
    assert filters.as_of == datetime(2026, 6, 30, 22)
    business.close()


def test_as_of_nothing_is_the_last_event(town: Business) -> None:
    filters = town.engine.filters(date(2026, 1, 1), date(2026, 2, 1))
    assert filters.as_of == town.engine.snapshot.watermark == day(140)


def test_as_of_a_moment_elsewhere_is_the_same_moment(town: Business) -> None:
    tokyo = timezone(timedelta(hours=9))
    filters = town.engine.filters(
        date(2026, 1, 1), date(2026, 2, 1), datetime(2026, 3, 1, 9, tzinfo=tokyo)
    )
    assert filters.as_of == datetime(2026, 3, 1)


def test_what_was_said_as_of_a_day_is_said_again_after_new_events(business: Business) -> None:
    """An answer as of a day can be repeated, whatever came later."""
    asked = {"as_of": day(60)}
    names = ("stage_funnel", "conversion_rate", "channel_sources", "csat", "cart_abandonment")
    business.deliver([row for row in TOWN if row["occurred_at"] <= day(60)])
    before = [business.ask(name, **asked).rows() for name in names]
    business.deliver(TOWN)
    business.build()
    assert [business.ask(name, **asked).rows() for name in names] == before


# ---- all at once ----------------------------------------------------------------------------


def test_sixteen_readers_with_their_own_filters(town: Business) -> None:
    metrics = [registry.find(name) for name in ("channel_sources", "stage_funnel", "new_people")]
    choices = [{}, {"channel": ["Email"]}, {"channel": ["Direct"]}, {"country": ["DE", "AT"]}]
    alone = {
        (metric.name, place): town.ask(metric, **where).rows()
        for metric in metrics
        for place, where in enumerate(choices)
    }

    def ask(number: int) -> bool:
        metric, place = metrics[number % 3], number // 3 % 4
        return town.ask(metric, **choices[place]).rows() == alone[metric.name, place]

    with ThreadPoolExecutor(16) as readers:
        assert all(readers.map(ask, range(192)))


def test_a_new_snapshot_comes_in_while_others_read(business: Business) -> None:
    """Every answer is of one snapshot, whole, and each reader only ever moves forward."""
    business.deliver(people(person1="ad_clicked@0"))
    build(business.folder, business.config)
    engines = Engines(business.folder)
    metric = registry.find("new_people")
    done = Event()

    def read(_: int) -> list[int]:
        seen = []
        while not done.wait(0.02):
            rows = engines.current().run(metric, _year()).rows
            seen.append(rows["people"].sum())
        return seen

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read, number) for number in range(4)]
        try:
            for number in range(2, 6):
                business.deliver(people(**{f"person{number}": "ad_clicked@0"}))
                build(business.folder, business.config)
        finally:
            done.set()
        for reader in readers:
            seen = reader.result()
            assert seen == sorted(seen)
            assert set(seen) <= {1, 2, 3, 4, 5}
    assert engines.current().run(metric, _year()).rows["people"].sum() == 5


def test_a_reader_finishes_with_the_snapshot_it_began_with(business: Business) -> None:
    business.deliver(people(ana="ad_clicked@0"))
    old = business.build()
    business.deliver(people(ben="ad_clicked@0"))
    for _ in range(3):
        build(business.folder, business.config)
    metric = registry.find("new_people")
    assert old.run(metric, _year()).rows["people"].sum() == 1
    assert Engines(business.folder).current().run(metric, _year()).rows["people"].sum() == 2


def test_before_the_first_build_there_is_a_word_of_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="python -m journey build"):
        Engine(Business(tmp_path).folder)


def test_a_snapshot_of_another_version_says_so(business: Business) -> None:
    business.deliver(people(ana="ad_clicked@0"))
    business.build()
    path = Snapshot.current(business.folder).path
    for change in ("drop view daily", "alter table snapshot drop column minimum_n"):
        business.close()
        with duckdb.connect(str(path)) as connection:
            connection.execute(change)
        with pytest.raises(WarehouseError, match="another version"):
            Engine(business.folder)
