"""What holds for every metric there is or will be: drop a file in, and it is held to this."""

import json
import re
import shutil
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from journey.errors import MetricError
from journey.intake.sources import queries_folder
from journey.metrics import metric as registry
from journey.metrics.columns import check_columns
from journey.metrics.metric import PARAMETERS, Metric
from journey.present.captions import caption
from tests.world import FIRST_DAY, YEAR_LATER, Business

BEFORE_ALL = {"since": date(1999, 1, 4), "until": date(1999, 2, 1)}

SQL_TYPES = {pl.Date: "DATE", pl.String: "VARCHAR", pl.Int64: "BIGINT", pl.Float64: "DOUBLE"}


def holds(metric: Metric, rows: pl.DataFrame) -> None:
    """The chart gets the columns it needs; every row is its own; every number is one."""
    assert metric.parameters <= PARAMETERS
    if metric.chart != "table":
        types = [SQL_TYPES[kind.base_type()] for kind in rows.dtypes]
        check_columns(metric, rows.columns, types)
    if metric.chart not in ("table", "quantiles"):
        grain = [name for name, kind in rows.schema.items() if not kind.is_numeric()]
        if metric.chart in ("survival", "curve"):
            grain = rows.columns[:2]
        assert not rows.select(grain).is_duplicated().any(), f"two rows with the same {grain}"
        assert rows.select(grain).null_count().sum_horizontal().item() == 0
    for column in rows.select(pl.selectors.float()).iter_columns():
        assert column.drop_nulls().is_finite().all(), column.name
    if metric.chart == "rate":
        part, whole = rows.columns[-2:]
        assert rows.filter(pl.col(part) > pl.col(whole)).is_empty(), "a part above its whole"


def says_something(metric: Metric, rows: pl.DataFrame) -> None:
    """Its card has a sentence, whole and with right plurals, however few cases are enough."""
    for least in (1, 30):
        said = caption(metric, rows, "EUR", least, FIRST_DAY, YEAR_LATER)
        assert re.fullmatch(r"[A-Z0-9\W].+\.", said), said
        assert not re.search(r"nan|inf\b|None|\b1 [a-z]+s\b(?! since)|\.\.|  ", said), said


def test_in_a_town(metric_file: Path, town: Business) -> None:
    metric = registry.read(metric_file)
    answer = town.answer(metric)
    holds(metric, answer.rows)
    assert json.loads(json.dumps(answer.as_json()))["metric"] == metric.name
    says_something(metric, answer.rows)


def test_with_one_visitor(metric_file: Path, visitor: Business) -> None:
    metric = registry.read(metric_file)
    rows = visitor.ask(metric)
    holds(metric, rows)
    says_something(metric, rows)


def test_in_a_period_without_anyone(metric_file: Path, town: Business) -> None:
    metric = registry.read(metric_file)
    rows = town.ask(metric, **BEFORE_ALL)
    holds(metric, rows)
    says_something(metric, rows)
    numbers = rows.select(pl.selectors.numeric()).fill_null(0)
    assert metric.chart == "table" or numbers.sum().sum_horizontal().sum() == 0


def test_with_every_filter(metric_file: Path, town: Business) -> None:
    metric = registry.read(metric_file)
    rows = town.ask(
        metric, channel=["Email"], device=["mobile"], country=["DE"], persona=["Bargain_hunter"]
    )
    holds(metric, rows)


def test_as_of_a_day_before_the_first_event(metric_file: Path, town: Business) -> None:
    metric = registry.read(metric_file)
    rows = town.ask(metric, as_of=datetime(2020, 1, 1))
    numbers = rows.select(pl.selectors.numeric()).fill_null(0)
    if "as_of" in metric.parameters and metric.chart != "table":
        assert numbers.sum().sum_horizontal().sum() == 0


def test_the_answer_is_the_same_every_time(metric_file: Path, town: Business) -> None:
    metric = registry.read(metric_file)
    first = town.ask(metric)
    assert all(town.ask(metric).equals(first) for _ in range(5))


def test_it_says_what_it_means(metric_file: Path) -> None:
    metric = registry.read(metric_file)
    assert metric.question.endswith("?")
    assert len(metric.notes) > 40, "the notes are the card's help: definition first, then traps"


def test_names_are_asked_for_from_outside_so_no_two_are_alike() -> None:
    names = [path.stem for path in registry.files()]
    assert len(names) == len(set(names))


NEW = """\
-- title:    Journeys by day
-- question: How many journeys start each day?
-- chart:    line
-- unit:     journeys
-- better:   higher
-- grain:    one row per day
select started_on, count(*) as journeys,
from journeys
where started_on >= $since and started_on < $until
group by {group}
order by started_on
"""


@pytest.fixture
def own_queries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of queries/ to drop files into."""
    copy = tmp_path / "queries"
    shutil.copytree(queries_folder(), copy)
    monkeypatch.setenv("JOURNEY_QUERIES", str(copy))
    return copy


def test_a_file_dropped_in_is_a_metric(own_queries: Path, town: Business) -> None:
    path = own_queries / "awareness" / "journeys_by_day.sql"
    path.write_text(NEW.format(group="all"))
    assert path in registry.files()
    assert "journeys_by_day" in [metric.stem for metric in registry.files("awareness")]
    holds(registry.find("journeys_by_day"), town.ask("journeys_by_day"))


def test_a_folder_dropped_in_is_a_page(own_queries: Path, town: Business) -> None:
    page = own_queries / "returns"
    page.mkdir()
    (page / "journeys_by_day.sql").write_text(NEW.format(group="all"))
    assert "returns" in registry.pages()
    assert registry.find("returns/journeys_by_day").page == "returns"


def test_rows_that_repeat_their_grain_are_noticed(own_queries: Path, town: Business) -> None:
    path = own_queries / "awareness" / "journeys_by_day.sql"
    path.write_text(NEW.format(group="started_on, started_at"))
    metric = registry.read(path)
    with pytest.raises(AssertionError, match="two rows with the same"):
        holds(metric, town.ask(metric))


def test_two_pages_may_not_blur_a_name(own_queries: Path) -> None:
    shutil.copy(own_queries / "satisfaction" / "nps.sql", own_queries / "overview" / "nps.sql")
    with pytest.raises(MetricError, match=r"Say which: overview/nps, satisfaction/nps\."):
        registry.find("nps")
    assert registry.find("overview/nps").page == "overview"
