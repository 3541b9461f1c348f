"""Tiny businesses to ask questions of: declared in a line per person, then really taken in.

    business.deliver(people(ana="ad_clicked@0 order_completed@1,revenue=40 channel=Email"))
    business.build()
    business.ask("conversion_rate").rows()

`touchpoint@day` is a touch, with `,key=value` for what only this touch carries; a `key=value`
that stands alone holds for all touches of the person. Days count from `MONDAY`.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from journey.config import Config, load
from journey.datafolder import DataFolder
from journey.intake.contract import COLUMNS
from journey.intake.ingest import ingest
from journey.intake.report import Report
from journey.metrics import metric as registry
from journey.metrics.answer import Answer
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.metrics.metric import Metric
from journey.warehouse.build import build
from tests import oracle

MONDAY = datetime(2026, 1, 5)
"""Day 0 of every declared journey."""

Rows = list[dict[str, Any]]
"""Events as a source sends them: columns of the contract."""


def day(number: float) -> datetime:
    """The moment so many days after `MONDAY`."""
    return MONDAY + timedelta(days=number)


FIRST_DAY, YEAR_LATER, TWO_YEARS_LATER = MONDAY.date(), day(364).date(), day(728)
"""What is asked unless told otherwise: a year, seen from a year after it."""


def people(**journeys: str) -> Rows:
    """The events of each person's line."""
    return [row for person, line in journeys.items() for row in _touches(person, line)]


def _touches(person: str, line: str) -> Rows:
    """One person's events; each has an id like `ana-1`."""
    words = line.split()
    shared = dict(_pair(word) for word in words if "@" not in word)
    rows: Rows = []
    for number, word in enumerate((word for word in words if "@" in word), 1):
        what, *given = word.split(",")
        touchpoint, _, at = what.partition("@")
        own: dict[str, Any] = {
            "event_id": f"{person}-{number}",
            "customer_id": person,
            "touchpoint": touchpoint,
            "occurred_at": day(float(at)),
            "channel": "Direct",
        }
        rows.append(own | shared | dict(_pair(pair) for pair in given))
    return rows


def _pair(word: str) -> tuple[str, str]:
    """`key=value`, where the contract has the key."""
    key, equals, text = word.partition("=")
    if not equals or key not in COLUMNS:
        raise ValueError(f"{word!r} is not key=value with a key of the contract")
    return key, text


TOWN = people(
    ana="""ad_clicked@0 product_viewed@0.5,experiment=banner,variant=A
        product_added@0.51,cart_id=c1 checkout_started@0.52
        order_completed@0.53,cart_id=c1,order_id=o1,revenue=40,currency=EUR order_shipped@1
        survey_answered@3,survey=csat,score=5,scale_min=1,scale_max=5,comment=Great-delivery
        order_refunded@5,order_id=o1,revenue=-15,currency=EUR
        product_viewed@20 order_completed@21,order_id=o2,revenue=60,currency=EUR survey_sent@22
        channel=Email device=mobile country=DE persona=Bargain_hunter""",
    ben="""search_clicked@2 products_searched@2.01,experiment=banner,variant=B
        store_visited@4,channel=in_store
        product_added@4.1,cart_id=c2 survey_answered@6,survey=ces,score=3
        survey_answered@40,survey=nps,score=6 device=desktop country=AT channel=Direct""",
    cleo="""social_post_viewed@8 product_added@8.01 order_completed@8.02,order_id=o3,revenue=25.5
        survey_answered@12,survey=nps,score=10 review_written@13 referral_sent@14 survey_sent@14.5
        survey_answered@15,survey=ces,score=7 product_viewed@70 channel=Social""",
    dan="ad_viewed@9 page_viewed@45 channel=Display country=DE",
    eve="support_contacted@10 survey_answered@11,survey=csat,score=2 channel=call_center",
    fay="qr_code_scanned@9.5 channel=print",
    gil="product_viewed@30 order_completed@31,revenue=80 order_completed@140,revenue=10",
)
"""Seven people who between them do all that the definitions speak of."""


class Business:
    """A data folder with its configuration, from the first delivery to the answers."""

    def __init__(self, root: Path, **config: Any) -> None:
        self.root = root
        self.folder = DataFolder(root / "data")
        self.config: Config = replace(load(None), **config)
        self._engine: Engine | None = None
        self._deliveries = 0

    def deliver(self, rows: Rows, kind: str = "jsonl") -> Report:
        """Take the rows in as one file."""
        self._deliveries += 1
        path = self.root / f"delivery-{self._deliveries}.{kind}"
        path.parent.mkdir(parents=True, exist_ok=True)
        if kind == "parquet":
            pl.DataFrame(rows, infer_schema_length=None).write_parquet(path)
        else:
            path.write_text("\n".join(json.dumps(row, default=_text) for row in rows))
        return ingest(self.folder, self.config, "events", [str(path)])

    def build(self) -> Engine:
        """Make the serving tables and open them."""
        self.close()
        build(self.folder, self.config)
        self._engine = Engine(self.folder)
        return self._engine

    @property
    def engine(self) -> Engine:
        """The open snapshot."""
        return self._engine or self.build()

    def close(self) -> None:
        """Let go of the snapshot."""
        if self._engine:
            self._engine.close()
            self._engine = None

    def answer(
        self,
        metric: str | Metric,
        since: date = FIRST_DAY,
        until: date = YEAR_LATER,
        as_of: datetime = TWO_YEARS_LATER,
        **where: Sequence[str],
    ) -> Answer:
        """The answer to a metric."""
        chosen = {name: tuple(values) for name, values in where.items()}
        asked = registry.find(metric) if isinstance(metric, str) else metric
        return self.engine.run(asked, Filters(since, until, as_of, chosen))

    def ask(self, metric: str | Metric, *args: Any, **kwargs: Any) -> pl.DataFrame:
        """The rows of the answer."""
        return self.answer(metric, *args, **kwargs).rows

    def table(self, name: str, columns: str = "*", order: str = "all") -> Rows:
        """A serving table, whole."""
        sql = f"select {columns} from {name} order by {order}"
        return self.engine._root.cursor().sql(sql).pl().to_dicts()

    def oracle(self, rows: Rows) -> oracle.Oracle:
        """The same events, worked out by hand in this business's zone and currency."""
        currency = self.config.currency or "EUR"
        return oracle.Oracle(_once(rows), self.config.time_zone, currency)


def _once(rows: Rows) -> Iterable[oracle.Touch]:
    """The events as touches; of rows with one event_id, the first."""
    first: Rows = list({row["event_id"]: row for row in reversed(rows)}.values())
    for row in first:
        given = {key: row[key] for key in _SAME_NAME if row.get(key) is not None}
        survey = row.get("survey")
        if survey and row.get("scale_max") is not None:
            given["scale"] = (float(row["scale_min"]), float(row["scale_max"]))
        if row.get("revenue") is not None:
            given["revenue"] = Decimal(str(row["revenue"]))
        if row.get("score") is not None:
            given["score"] = float(row["score"])
        yield oracle.Touch(
            person=row.get("customer_id") or row["anonymous_id"],
            at=row["occurred_at"],
            index=row.get("event_index"),
            **given,
        )


_SAME_NAME = (
    *("event_id", "touchpoint", "session_id", "channel", "device", "country", "persona"),
    *("source", "medium", "referrer_host"),
    *("product_id", "cart_id", "order_id", "currency", "survey"),
)


def _text(value: Any) -> str:
    """A moment or an amount as a source writes it."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


class Ask(Protocol):
    """`answer("conversion_rate", ana="ad_clicked@0 order_completed@1")` gives the rows."""

    def __call__(
        self, metric: str, *, asked: dict[str, Any] | None = None, **journeys: str
    ) -> pl.DataFrame: ...


HEADER = """\
-- title:    Conversion
-- question: What share of journeys ends in an order?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per week of start
"""


def metric_file(folder: Path, sql: str, header: str = HEADER, chart: str = "rate") -> Path:
    """A metric's file on a page of its own."""
    path = folder / "page" / "mine.sql"
    path.parent.mkdir(exist_ok=True)
    path.write_text(header.replace("rate", chart, 1) + sql, encoding="utf-8")
    return path
