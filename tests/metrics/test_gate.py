"""What a metric's SQL may not do, and what it may: refused by reading, before anything runs."""

from pathlib import Path

import duckdb
import pytest

from journey.errors import MetricError
from journey.metrics import metric as registry
from journey.metrics.gate import RefusedError, pass_gate
from tests.world import Business, metric_file


@pytest.fixture(scope="module")
def parser() -> duckdb.DuckDBPyConnection:
    """A connection that only parses."""
    return duckdb.connect(":memory:", config={"enable_external_access": "false"})


NOT_SELECT = {
    "copy out": "copy journeys to '/tmp/out.csv'",
    "insert": "insert into journeys select * from journeys",
    "delete": "delete from journeys",
    "update": "update journeys set touches = 0",
    "merge": "merge into journeys using people on true when matched then delete",
    "create": "create table mine as select 1",
    "drop": "drop view journeys",
    "truncate": "truncate journeys",
    "set": "set lock_configuration = false",
    "set a filter": "set variable only_channel = null",
    "reset": "reset memory_limit",
    "attach": "attach '/tmp/other.duckdb' as other",
    "detach": "detach store",
    "use": "use store",
    "install": "install httpfs",
    "load": "load httpfs",
    "pragma": "pragma database_list",
    "call": "call pragma_version()",
    "explain": "explain analyze select 1",
    "checkpoint": "checkpoint",
    "transaction": "begin",
    "prepare": "prepare later as select 1",
    "export": "export database '/tmp/out'",
    "import": "import database '/tmp/out'",
    "pivot": "pivot journeys on entry_channel using count(*)",
    "pivot inside": "select * from (pivot journeys on entry_channel using count(*))",
    "show": "show tables",
    "show all": "show all tables",
    "show inside": "select * from (show all tables)",
    "describe": "describe journeys",
    "summarize": "summarize journeys",
    "two statements": "select 1; select 2",
    "a second one behind a comment": "select 1 /* ; */ ; /* -- */ drop view journeys",
    "none": "-- only a comment",
    "insert in a step": "with x as (insert into journeys values (1) returning *) select * from x",
    "delete in a step": "with x as (delete from journeys returning *) select * from x",
    "update in a step": "with x as (update journeys set touches = 0 returning *) select * from x",
    "copy in a step": "with x as (copy journeys to '/tmp/out') select * from x",
    "broken": "selct 1",
    "broken further down": "select 1,\n2 from from journeys",
}


@pytest.mark.parametrize("sql", NOT_SELECT.values(), ids=NOT_SELECT)
def test_it_must_be_one_select(parser: duckdb.DuckDBPyConnection, sql: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        pass_gate(parser, sql)
    assert str(refusal.value).count(".") >= 2, "a cause and a remedy"


FORBIDDEN = {
    # files
    "read_text": "from read_text('/etc/passwd')",
    "read_csv": "from read_csv('/etc/passwd')",
    "read_blob": "from read_blob('/etc/passwd')",
    "read_json": "from read_json('/etc/passwd')",
    "parquet_scan": "from parquet_scan('/tmp/a.parquet')",
    "sniff_csv": "from sniff_csv('/etc/passwd')",
    "glob": "from glob('/*')",
    "file as table": "from '/etc/passwd'",
    "file as table with a known alias": "from '/tmp/a.csv' as journeys",
    "quoted file": 'from "/tmp/a.parquet"',
    "file in a step of a known name": "from (with journeys as (from read_csv('a')) from journeys)",
    # SQL that is not on the page
    "query": "from query('select 1')",
    "query_table": "from query_table('journeys')",
    "serialized": "from json_execute_serialized_sql('{}')",
    # what the database is
    "settings": "from duckdb_settings()",
    "secrets": "from duckdb_secrets()",
    "pragma function": "from pragma_database_list()",
    "table info": "from pragma_table_info('journeys')",
    "information schema": "from information_schema.tables",
    "sqlite catalog": "from sqlite_master",
    "pg catalog": "from pg_catalog.pg_tables",
    "duckdb catalog": "from duckdb_views",
    # beneath the filters
    "the unfiltered store": "from store.journeys",
    "the unfiltered store in full": "from store.main.journeys",
    "the unfiltered store, quoted": 'from "store"."main"."journeys"',
    "the unfiltered events": "from stored",
    "in the select list": "from journeys where touches > (select count(*) from store.journeys)",
    "in order by": "from journeys order by (select max(touches) from store.journeys)",
    "in limit": "from journeys limit (select count(*) from store.journeys)",
    "in exists": "from journeys where exists (from store.journeys)",
    "in a join": "from journeys join store.journeys using (person_id)",
    "in a union": "from journeys union all from store.journeys",
    "summarized": "from (summarize store.journeys)",
    "described": "from (describe store.journeys)",
    # beneath the filters, behind a step's name
    "a step's name with a schema": "from main.stored, (with stored as (select 1) from stored)",
    "a step's name out of its sight": (
        "from stored where exists (with stored as (select 1) from stored)"
    ),
    "a step before it is made": "from (with a as (from stored), stored as (select 1) from a)",
    "a step that reads its own name": "from (with stored as (from stored) from stored)",
    "a recursion that begins with its own name": (
        "from (with recursive stored as (select event_id from stored union all "
        "select event_id from stored where false) from stored)"
    ),
    "a catalog behind a step": "from main.duckdb_views, (with duckdb_views as (select 1) select 2)",
    # names of the program around it
    "a Python variable": "from frame",
    # what differs from one time to the next
    "now": "from journeys where started_at < now()",
    "now, quoted": 'from journeys where started_at < "now"()',
    "now, qualified": "from journeys where started_at < main.now()",
    "today": "from journeys where started_on < today()",
    "current_date": "from journeys where started_on < current_date",
    "current_timestamp": "from journeys where started_at < current_timestamp",
    "current_time": "from journeys where current_time > time '12:00'",
    "localtimestamp": "from journeys where started_at < localtimestamp",
    "age": "from journeys where age(started_at) > interval 1 day",
    "random": "from journeys where random() < 0.5",
    "random in a lambda": "from journeys where list_transform([1], lambda x: random()) = [1]",
    "random in an order": "from journeys order by random()",
    "random in a window": "from journeys qualify row_number() over (order by random()) = 1",
    "random in an aggregate": "from (select list(touches order by random()) from journeys)",
    "uuid": "from journeys where uuid() > person_id",
    "a sample": "from journeys using sample 3",
    "a sample of a table": "from journeys tablesample 10%",
    "a sample inside": "from (from journeys using sample 3)",
    # hidden state
    "getvariable": "from journeys where getvariable('only_channel') = ['Email']",
    "current_setting": "from journeys where current_setting('memory_limit') = ''",
    "getenv": "from journeys where getenv('HOME') = ''",
    "nextval": "from journeys where nextval('s') = 1",
    "transaction": "from journeys where txid_current() > 1",
}


@pytest.mark.parametrize("tail", FORBIDDEN.values(), ids=FORBIDDEN)
def test_it_reads_the_serving_tables_and_nothing_else(
    parser: duckdb.DuckDBPyConnection, tail: str
) -> None:
    with pytest.raises(RefusedError) as refusal:
        pass_gate(parser, f"-- a comment; select 'not this'\nselect 1 as n,\n{tail}")
    assert refusal.value.line in (3, None)
    assert str(refusal.value).count(".") >= 2, "a cause and a remedy"


@pytest.mark.parametrize(
    ("sql", "line", "says"),
    [
        ("select 1,\n2,\nfrom from journeys", 3, "syntax error"),
        ("select 1\nfrom journeys\njoin read_text('a') on true", 3, "read_text()"),
        ("with a as (\nselect 1\n)\nselect * from a\nwhere now() > '2026-01-01'", 5, "the clock"),
        ("select 'ä',\n'ö',\nrandom()", 3, "dice"),
        ("select 1\n\nfrom store.journeys", 3, "'store.journeys'"),
    ],
)
def test_the_line_is_named(
    parser: duckdb.DuckDBPyConnection, sql: str, line: int, says: str
) -> None:
    with pytest.raises(RefusedError, match=says.replace("(", r"\(").replace(")", r"\)")) as refusal:
        pass_gate(parser, sql)
    assert refusal.value.line == line


ALLOWED = {
    "steps": "with a as (from journeys), b as (from a) select count(*) as n from b",
    "a step with a table's name": "with orders as (from journeys) select count(*) from orders",
    "a step in another's sight": "with a as (select 1 as x) select (with b as (from a) from b)",
    "a step in capitals": "with Paid as (from orders) select count(*) from PAID",
    "recursion": (
        "with recursive n(x) as (select 1 union all select x + 1 from n where x < 9) from n"
    ),
    "union": "select 1 as n union all select 2 intersect select 2 except select 3",
    "a union over a step": "with a as (from journeys) from a union all from a",
    "windows": "select lag(started_at) over (order by started_at) from journeys",
    "qualify": "from journeys qualify row_number() over (order by started_at) = 1",
    "lateral": "select d from journeys, lateral (select journeys.touches + 1) as more(d)",
    "asof": "from journeys asof join orders on journeys.started_at <= orders.ordered_at",
    "days without rows": "from range($since::timestamp, $until::timestamp, interval 1 day)",
    "numbers": "select n from generate_series(1, 3) as s(n)",
    "unnest": "select unnest(['a', 'b']) as word",
    "values": "select * from (values (1, 'a')) as pairs(n, word)",
    "lists and lambdas": "select list_filter([1, 2], lambda x: x > 1)",
    "the words in a text": "select 'now(); drop' as now_, \"touches\" as today_ from journeys",
    "comments": "select 1 /* ; drop view journeys */ -- ; copy journeys to 'x'",
    "a last semicolon": "select 1 as n;",
    "the schema": "select count(*) from main.journeys",
    "any table": "select watermark, (select count(*) from events) from snapshot",
    "group by all": "select device, count(*) filter (where deepest > 3) from journeys group by all",
    "star with changes": "select * exclude (touches) replace (1 as deepest) from journeys",
    "unpivot": "from (select 1 as a, 2 as b) unpivot (n for name in (a, b))",
    "the age between two moments": "select age(ended_at, started_at) from journeys",
}


@pytest.mark.parametrize("sql", ALLOWED.values(), ids=ALLOWED)
def test_plain_questions_pass(parser: duckdb.DuckDBPyConnection, sql: str) -> None:
    pass_gate(parser, sql)


def test_the_parameters_are_found(parser: duckdb.DuckDBPyConnection) -> None:
    sql = "select '$no', count(*) from journeys -- $not_this\nwhere started_on >= $since"
    assert pass_gate(parser, sql) == {"since"}


def test_a_session_variable_is_no_parameter(tmp_path: Path) -> None:
    with pytest.raises(MetricError, match=r"unknown parameter \$only_channel"):
        registry.read(metric_file(tmp_path, "select $only_channel as n"))


@pytest.mark.parametrize(
    "sql",
    [
        "select * from parquet_metadata('x')",
        "select * from read_text('/etc/passwd')",
        "select * from '/etc/passwd'",
        "copy (select 1) to '/tmp/journey_test_out.csv'",
        "attach '/tmp/journey_test.duckdb'",
        "set enable_external_access = true",
        "create table store.mine as select 1",
    ],
)
def test_past_the_gate_the_door_is_shut_too(town: Business, sql: str) -> None:
    with pytest.raises(duckdb.Error):
        town.engine._root.cursor().execute(sql).fetchall()
