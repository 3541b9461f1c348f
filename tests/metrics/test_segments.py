"""Segments: files that choose people, read and refused, and laid beneath every question."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import polars as pl
import pytest

from journey.checking import problems
from journey.errors import MetricError
from journey.intake.sources import queries_folder
from journey.metrics import metric as registry
from journey.metrics import segments, selections
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters, parse_where
from journey.metrics.metric import Metric
from tests.oracle import Oracle, Question
from tests.random_worlds import case
from tests.world import TOWN, Business, Rows, day, metric_file, people

HEADER = "-- title: Mine\n-- question: Who is mine?\n--\n-- Those I say.\n"
ALL = (date(2020, 1, 1), date(2040, 1, 1), day(900))

Write = Callable[..., segments.Segment]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Puts a segment's file into a copy of the queries; gives what was read of it."""
    queries = tmp_path / "own_queries"
    shutil.copytree(queries_folder(), queries)
    monkeypatch.setenv("JOURNEY_QUERIES", str(queries))

    def write(sql: str, name: str = "mine", header: str = HEADER) -> segments.Segment:
        path = queries / "segments" / f"{name}.sql"
        path.write_text(header + sql, encoding="utf-8")
        return segments.read(path)

    return write


def of(*ids: str) -> str:
    """The SQL of a segment of these people."""
    listed = ", ".join(f"'{name}'" for name in ids)
    return f"select person_id from people where person_id in ({listed})"


# ---- reading --------------------------------------------------------------------------------


def test_the_shipped_segments_are_read_and_say_what_they_mean() -> None:
    assert {"repeat_buyers", "abandoned_a_cart", "detractors"} <= set(segments.names())
    for path in segments.files():
        segment = segments.read(path)
        assert segment.question.endswith("?")
        assert len(segment.notes) > 40


def test_a_segment_is_not_a_page_of_metrics() -> None:
    assert "segments" not in registry.pages()


@pytest.mark.parametrize("name", ["../marts/7_people", "repeat_buyer", "", "a/b", "mine; drop"])
def test_a_name_is_looked_up_and_never_a_way_to_a_file(name: str) -> None:
    with pytest.raises(MetricError, match="There is no segment"):
        segments.find(name)


@pytest.mark.parametrize("name", ["Mine", "a b", "a'b", "1st", "x" * 65, "ü"])
def test_a_file_with_an_odd_name_is_refused(write: Write, name: str) -> None:
    with pytest.raises(MetricError, match=r"is no name for a segment\. Rename the file"):
        write("select person_id from people", name=name)


REFUSED = {
    "another file": "select person_id from 'events.csv'",
    "a reader of files": "select content as person_id from read_text('/etc/passwd')",
    "the store behind the views": "select person_id from store.people",
    "the views of everyone": "select person_id from memory.main.people",
    "another choice": "select person_id from people_1.members",
    "its own ids": "select person_id from members",
    "more than one": "select person_id from people; drop view people",
    "a write in a step": "with x as (delete from people returning *) select person_id from x",
    "a copy in a step": "with x as (copy people to '/tmp/x') select person_id from x",
    "a variable": "select getvariable('only_channel') as person_id",
    "the clock": "select person_id from orders where ordered_at < now()",
    "dice": "select person_id from people where random() < 0.5",
    "a sample": "select person_id from people using sample 10",
    "its own parameter": "select person_id from people where orders > $least",
    "not SQL": "selct person_id",
}


@pytest.mark.parametrize("sql", REFUSED.values(), ids=REFUSED)
def test_the_gate_stands_before_segments_too(write: Write, sql: str) -> None:
    with pytest.raises(MetricError, match=r"mine\.sql"):
        write(sql)


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("-- titel: x\n-- question: y?\n", "line 1: unknown header 'titel'. Did you mean 'title'?"),
        ("-- title: x\n-- chart: line\n", "line 2: unknown header 'chart'"),
        ("-- title: x\n", "the header lacks 'question'"),
        ("-- title: x\n-- title: y\n", "line 2: the header 'title' is there twice"),
    ],
)
def test_a_header_says_title_and_question(write: Write, header: str, says: str) -> None:
    with pytest.raises(MetricError) as told:
        write("\nselect person_id from people", header=header)
    assert says in str(told.value)


MISFITS = {
    "two columns": ("select person_id, 1 as n from people", "the columns are person_id VARCHAR, n"),
    "another name": ("select person_id as who from people", "the columns are who VARCHAR"),
    "another kind": ("select 1 as person_id", "the columns are person_id INTEGER"),
    "a column there is not": ("select person_id\nfrom people\nwhere ordes > 1", "line 7"),
    "a cast that fails": (
        "select person_id from people where person_id::int > 1",
        "Could not convert",
    ),
}


@pytest.mark.parametrize(("sql", "says"), MISFITS.values(), ids=MISFITS)
def test_a_broken_segment_is_one_clear_error(
    write: Write, town: Business, monkeypatch: pytest.MonkeyPatch, sql: str, says: str
) -> None:
    write(sql)
    with pytest.raises(MetricError) as told:
        town.engine.filters(*ALL, where={"segment": ("mine",)})
    assert "mine.sql" in str(told.value)
    assert says in str(told.value)
    with monkeypatch.context() as alone:
        alone.setattr(registry, "files", list)  # what else `check` looks at is not asked here
        found = [told for told in problems(town.folder, town.config) if "mine.sql" in told]
    assert len(found) == 1
    assert says in found[0]
    # The engine goes on answering, the same and other segments too.
    write(of("ana"))
    assert town.ask("new_people", segment=["mine"])["people"].sum() == 1


def test_a_segment_that_is_not_there_is_told_with_a_guess(town: Business) -> None:
    where = parse_where(["segment=repeat_buyer"])
    with pytest.raises(MetricError, match=r"Did you mean 'repeat_buyers'\? There are: "):
        town.engine.filters(*ALL, where=where)


def test_a_segment_that_takes_too_long_is_stopped(
    write: Write, town: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("journey.metrics.opening.SECONDS", 1)
    write("select x::varchar as person_id from range(3000000) as a(x), range(100000) as b(y)")
    engine = Engine(town.folder)
    with pytest.raises(MetricError, match=r"mine\.sql: this took too long"):
        engine.filters(*ALL, where={"segment": ("mine",)})
    engine.close()


# ---- beneath the views ----------------------------------------------------------------------


def test_people_are_chosen_with_all_their_journeys(write: Write, town: Business) -> None:
    write(of("ana", "ben"))
    assert town.ask("new_people", segment=["mine"])["people"].sum() == 2
    # Ana's two journeys and Ben's one, whatever channel or device they came by.
    assert town.ask("conversion_rate", segment=["mine"])["journeys"].sum() == 3
    assert town.ask("conversion_rate", segment=["mine"], device=["mobile"])["journeys"].sum() == 2


def test_several_segments_are_a_choice(write: Write, town: Business) -> None:
    write(of("ana"), name="a")
    write(of("ana", "ben"), name="b")
    assert town.ask("new_people", segment=["a", "b"])["people"].sum() == 2


def test_ids_that_repeat_or_are_nobodys_count_once_or_not(write: Write, town: Business) -> None:
    write("select person_id from touches union all select null union all select 'nobody'")
    assert town.ask("new_people", segment=["mine"])["people"].sum() == 7


def test_an_empty_segment_is_nobody(write: Write, town: Business) -> None:
    write("select person_id from people where false")
    assert town.ask("new_people", segment=["mine"])["people"].sum() == 0


def test_a_segment_is_found_among_all_whatever_else_is_filtered(
    write: Write, town: Business
) -> None:
    write("select person_id from journeys where entry_channel = 'Email'")
    assert town.ask("new_people", segment=["mine"], channel=["Email"])["people"].sum() == 1
    assert town.ask("new_people", segment=["mine"], channel=["Direct"])["people"].sum() == 0


def test_a_segment_knows_the_period_and_the_as_of(write: Write, town: Business) -> None:
    write(
        "select person_id from orders where ordered_on >= $since and ordered_on < $until "
        "and ordered_at <= $as_of"
    )
    engine = town.engine
    segment = segments.find("mine")

    def who(since: float, until: float, as_of: float) -> list[str]:
        filters = Filters(day(since).date(), day(until).date(), day(as_of))
        return engine.people(segment, filters)["person_id"].to_list()

    assert who(0, 10, 900) == ["ana", "cleo"]
    assert who(20, 35, 900) == ["ana", "gil"]
    assert who(20, 35, 22) == ["ana"]


def test_the_ids_are_within_the_frames_own_choice(write: Write, town: Business) -> None:
    write(of("ana", "ben"), name="a")
    b = write(of("ben", "cleo"), name="b")
    filters = Filters(*ALL, {"segment": ("a",)})
    assert town.engine.people(b, filters)["person_id"].to_list() == ["ben"]


def test_events_are_the_chosen_peoples(write: Write, town: Business, tmp_path: Path) -> None:
    write(of("ana"))
    path = metric_file(tmp_path, "select count(*) as n from events", chart="table")
    metric = registry.read(path)
    hers = [row for row in TOWN if row["customer_id"] == "ana"]
    assert town.ask(metric, segment=["mine"]).item() == len(hers)
    assert town.ask(metric).item() == len(TOWN)


def test_naming_the_schema_is_no_way_around(write: Write, town: Business, tmp_path: Path) -> None:
    write(of("ana"))
    path = metric_file(tmp_path, "select count(*) as n from main.people", chart="table")
    assert town.ask(registry.read(path), segment=["mine"]).item() == 1


def test_without_a_segment_nothing_is_laid_beneath(town: Business) -> None:
    engine = Engine(town.folder)
    engine.run(registry.find("conversion_rate"), Filters(*ALL, {"channel": ("Email",)}))
    assert not engine._selections._choices
    engine.close()


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The segments whose people were looked for, in order."""
    names: list[str] = []
    original = selections._find

    def counted(cursor, segment, filters, into):
        names.append(segment.name)
        original(cursor, segment, filters, into)

    monkeypatch.setattr(selections, "_find", counted)
    return names


def test_the_people_are_found_once_for_all_questions(
    write: Write, town: Business, found: list[str]
) -> None:
    write("select person_id from people where orders > 0")
    write("select person_id from orders where ordered_at <= $as_of", name="bought")
    engine = Engine(town.folder)
    filters = engine.filters(*ALL, where={"segment": ("mine",)})
    for path in registry.files():
        engine.run(registry.read(path), filters)
    engine.run(registry.find("csat"), filters.before())
    assert found == ["mine"], "it does not ask for the period"
    own = Filters(*ALL, {"segment": ("bought",)})
    for filters in (own, own.before(), replace(own, as_of=day(2))):
        engine.run(registry.find("csat"), filters)
    assert found == ["mine", "bought", "bought"], "once for each as-of"
    engine.close()


def test_a_changed_file_is_another_segment(write: Write, town: Business) -> None:
    write(of("ana"))
    filters = Filters(*ALL, {"segment": ("mine",)})
    before = filters.key()
    assert town.engine.run(registry.find("new_people"), filters).rows["people"].sum() == 1
    write(of("ana", "ben", "cleo"))
    assert filters.key() != before
    assert town.engine.run(registry.find("new_people"), filters).rows["people"].sum() == 3


def test_many_readers_and_few_places(
    write: Write, town: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Choices come and go while others read; every reader gets its own people."""
    monkeypatch.setattr(selections, "KEPT", 2)
    everyone = ["ana", "ben", "cleo", "dan", "eve", "fay", "gil"]
    for size in range(1, 8):
        write(of(*everyone[:size]), name=f"first_{size}")
    engine = Engine(town.folder)

    def ask(number: int) -> bool:
        size = number % 7 + 1
        choice = {"segment": (f"first_{size}",)}
        inside = number % 2 == 0
        filters = Filters(*ALL, choice) if inside else Filters(*ALL, outside=choice)
        rows = engine.table("select count(*) as n from people", filters)
        return bool(rows.item() == (size if inside else 7 - size))

    with ThreadPoolExecutor(8) as readers:
        assert all(readers.map(ask, range(84)))
    assert len(engine._selections._choices) <= 2
    engine.close()


# ---- against the same world without the others ----------------------------------------------


def alone(rows: Rows) -> Rows:
    """The rows with ids that no two people share, so that nobody touches another's numbers."""
    ids = ("order_id", "cart_id", "session_id")
    return [
        row | {key: f"{row['customer_id']} {row[key]}" for key in ids if row.get(key)}
        for row in rows
    ]


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Business, Business, Rows]]:
    """A crowd; the part of it whose number is even, as a world of its own; and the crowd's rows."""
    rows = alone([row for part in case(Random(11), 160, 14).deliveries for row in part])
    # Of rows with one event_id the first counts, so that both worlds keep the same one.
    rows = list({row["event_id"]: row for row in reversed(rows)}.values())
    some = [row for row in rows if int(row["customer_id"][1:]) % 2 == 0]
    both = []
    for name, part in (("crowd", rows), ("even", some)):
        business = Business(
            tmp_path_factory.mktemp(name), currency="EUR", time_zone="Europe/Berlin"
        )
        business.deliver(part)
        business.build()
        both.append(business)
    yield both[0], both[1], rows
    for business in both:
        business.close()


EVEN = "select person_id from people where substr(person_id, 2)::int % 2 = 0"
STORE_WIDE = ("deliveries", "rejections", "snapshot", "traffic")
"""Tables about the store and not about people: a choice of people does not change them."""


@pytest.mark.parametrize("where", [{}, {"channel": ["Email"], "device": ["mobile", "Unknown"]}])
def test_every_metric_under_a_segment_is_that_of_a_world_without_the_others(
    metric_file: Path, crowd: tuple[Business, Business, Rows], write: Write, where: dict
) -> None:
    whole, even, _ = crowd
    write(EVEN)
    metric = registry.read(metric_file)
    if any(f"from {table}" in metric.sql for table in STORE_WIDE):
        pytest.skip("it is about the store, not about people")
    for as_of in (day(80), day(900)):
        under = whole.ask(metric, date(2020, 1, 1), as_of=as_of, segment=["mine"], **where)
        assert _same(under, even.ask(metric, date(2020, 1, 1), as_of=as_of, **where)), metric.name


def _same(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    """Equal rows, sums of floats up to their last digits."""
    return one.columns == other.columns and all(
        mine == pytest.approx(theirs) if isinstance(mine, float) else mine == theirs
        for rows in zip(one.rows(), other.rows(), strict=True)
        for mine, theirs in zip(*rows, strict=True)
    )


def test_what_is_outside_may_be_filtered_further(
    crowd: tuple[Business, Business, Rows], write: Write
) -> None:
    """Everyone else, split by a filter, is still everyone else: the parts add up to it."""
    whole, _, _ = crowd
    write(EVEN)
    chosen = {"segment": ("mine",), "channel": ("Email",)}
    outside = Filters(date(2020, 1, 1), date(2040, 1, 1), day(900), outside=chosen)
    count = "select count(*) as n from journeys"
    total = whole.engine.table(count, outside).item()
    assert 0 < total < whole.engine.table(count, replace(outside, outside={})).item()
    for name in ("device", "channel"):
        parts = [
            whole.engine.table(count, replace(outside, where={name: (value,)})).item()
            for value in whole.engine.segments()[name]
        ]
        assert sum(parts) == total
    mails = replace(outside, where={"channel": ("Email",)})
    odd = "select count(*) as n from people where substr(person_id, 2)::int % 2 = 0"
    assert whole.engine.table(odd, mails).item() == 0


class OfPeople(Question):
    """A question about some people."""

    def chosen(self, journey) -> bool:
        return int(journey.person[1:]) % 2 == 0 and super().chosen(journey)


CORE = (
    *("stage_funnel", "new_people", "journeys_by_channel", "consideration_rate"),
    *("conversion_rate", "cart_abandonment", "time_to_purchase", "csat", "nps", "ces"),
    *("repeat_purchase_rate", "channel_sources"),
)


@pytest.mark.parametrize("name", CORE)
def test_the_core_metrics_under_a_segment_are_those_worked_out_by_hand(
    name: str, crowd: tuple[Business, Business, Rows], write: Write
) -> None:
    whole, _, rows = crowd
    write(EVEN)
    oracle: Oracle = whole.oracle(rows)
    metric: Metric = registry.find(name)
    for as_of in (day(70), day(900)):
        question = OfPeople(date(2020, 1, 1), date(2040, 1, 1), as_of)
        filters = Filters(question.since, question.until, as_of, {"segment": ("mine",)})
        ours = whole.engine.run(metric, filters).rows
        by_hand = getattr(oracle, name)(question)
        rows = pl.DataFrame(by_hand, schema=ours.schema, orient="row")
        assert _same(ours, rows)


ADDED_UP = (
    *(name for name in CORE if name != "time_to_purchase"),
    *("touchpoints_by_stage", "revenue", "orders_by_number", "journeys_by_channel"),
)


@pytest.mark.parametrize("name", ADDED_UP)
@pytest.mark.parametrize("where", [{}, {"channel": ["Email", "in_store"], "country": ["DE"]}])
def test_the_chosen_and_all_others_are_everyone(
    name: str, crowd: tuple[Business, Business, Rows], write: Write, where: dict
) -> None:
    """Whatever is chosen by, the choice and its outside share the rows between them."""
    whole, _, _ = crowd
    write(EVEN)
    metric = registry.find(name)
    chosen = {key: tuple(values) for key, values in {"segment": ["mine"], **where}.items()}
    inside = Filters(date(2020, 1, 1), date(2040, 1, 1), day(900), chosen)
    parts = [
        whole.engine.run(metric, filters).rows.select(pl.selectors.numeric().fill_null(0)).sum()
        for filters in (inside, replace(inside, where={}, outside=chosen))
    ]
    total = whole.engine.run(metric, replace(inside, where={})).rows
    total = total.select(pl.selectors.numeric().fill_null(0)).sum()
    for column in total.columns:
        added = sum(part[column].sum() for part in parts)
        assert added == pytest.approx(total[column].item()), column


# ---- the shipped ones, by hand ---------------------------------------------------------------


def _who(business: Business, name: str, since: float = 0, until: float = 364) -> list[str]:
    """The people of a shipped segment."""
    filters = Filters(day(since).date(), day(until).date(), day(900))
    return business.engine.people(segments.find(name), filters)["person_id"].to_list()


def test_repeat_buyers(town: Business) -> None:
    assert _who(town, "repeat_buyers") == ["ana", "gil"]


def test_who_left_a_cart_behind(business: Business) -> None:
    business.deliver(
        people(
            ana="product_added@0,cart_id=a order_completed@1,cart_id=a",  # just in time
            ben="product_added@0,cart_id=b order_completed@1.01,cart_id=b",  # too late
            cleo="product_added@0 product_viewed@0.1",
            dan="product_added@40",  # another period
            eve="product_viewed@0",
        )
    )
    assert _who(business, "abandoned_a_cart", until=30) == ["ben", "cleo"]


def test_detractors_by_their_latest_answer(business: Business) -> None:
    nps = "survey=nps,scale_min=0,scale_max=10"
    business.deliver(
        people(
            ana=f"survey_answered@1,{nps},score=6 survey_answered@2,{nps},score=9",
            ben=f"survey_answered@1,{nps},score=10 survey_answered@2,{nps},score=0",
            cleo=f"survey_answered@1,{nps},score=7",
            dan="survey_answered@1,survey=csat,scale_min=1,scale_max=5,score=1",
            eve="survey_answered@1,survey=nps,scale_min=0,scale_max=5,score=1",
        )
    )
    assert _who(business, "detractors") == ["ben"]


def test_who_meets_us_online_and_in_store(business: Business) -> None:
    business.deliver(
        people(
            ana="ad_clicked@0,channel=Email store_visited@20,channel=in_store",
            ben="ad_clicked@0,channel=Email store_visited@70,channel=in_store",  # another period
            cleo="ad_clicked@0,channel=Email",
            dan="store_visited@0,channel=in_store",
        )
    )
    assert _who(business, "online_and_in_store", until=60) == ["ana"]
