"""The overview's questions: answered by our tables, and by the peers from the events."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from bench.measuring import Timed, best_of, say, say_load, show
from bench.peers.chdb_peer import Chdb
from bench.peers.raw_duckdb import RawDuckDB
from bench.peers.words import configured
from bench.worlds import last_day
from journey.config import Config
from journey.datafolder import DataFolder
from journey.metrics import metric as registry
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

MONTHS = 6

CARDS = ("conversion_rate", "csat", "repeat_purchase_rate", "cart_abandonment")
"""Asked for the period and for the span before it."""

MAP = (
    "stage_funnel",
    "experience",
    "touchpoints_by_stage",
    "stage_value",
    "loyalty_reach",
    "channel_sources",
    "maturity",
)

SLOW = 3_000_000
"""From so many events on a peer answers each question once, not twice."""

Ask = Callable[[str, date, date, datetime], Sequence[Any]]


@dataclass(frozen=True)
class Question:
    """A metric and its frame."""

    metric: str
    filters: Filters

    @property
    def label(self) -> str:
        """The metric and the first day of its period."""
        return f"{self.metric}, from {self.filters.since}"


def overview(engine: Engine, folder: DataFolder) -> list[Question]:
    """What the overview asks over the last months of the world."""
    until = date.fromisoformat(last_day(folder)) + timedelta(days=1)
    month = until.year * 12 + until.month - 1 - MONTHS
    now = engine.filters(date(month // 12, month % 12 + 1, 1), until)
    cards = [Question(name, filters) for name in CARDS for filters in (now, now.before())]
    return cards + [Question(name, now) for name in MAP]


def ours(engine: Engine, question: Question) -> Timed[Sequence[Any]]:
    """Our answer, best of three."""
    metric = registry.find(question.metric)
    answer = best_of(3, lambda: engine.run(metric, question.filters))
    return Timed(answer.result.rows.rows(), answer.seconds, answer.core_seconds)


def theirs(ask: Ask, questions: list[Question], times: int) -> list[Timed[Sequence[Any]]]:
    """A peer's answers."""

    def one(question: Question) -> Sequence[Any]:
        frame = question.filters
        return ask(question.metric, frame.since, frame.until, frame.as_of)

    return [best_of(times, partial(one, question)) for question in questions]


def compare(folder: DataFolder, config: Config, events: int) -> float:
    """Ask everyone everything, check that they agree, print the table; our total time."""
    engine = Engine(folder)
    questions = overview(engine, folder)
    words = configured(config, engine.snapshot.currency or "")
    times = 1 if events >= SLOW else 2
    answers: dict[str, list[Timed[Sequence[Any]]]] = {
        "ours": [ours(engine, question) for question in questions]
    }
    raw = RawDuckDB(folder, config, words)
    answers[raw.name] = theirs(raw.ask, questions, times)
    raw.close()
    chdb = Chdb(folder, words)
    if not chdb.is_sorted:
        chdb.sort()
    for database, name in (("parquet", "chDB over Parquet"), ("merge_tree", "chDB over MergeTree")):
        chdb.use(database)
        answers[name] = theirs(chdb.ask, questions, times)
    chdb.close()
    engine.close()
    for name, given in answers.items():
        for question, mine, other in zip(questions, answers["ours"], given, strict=True):
            if not same(mine.result, other.result):
                raise SystemExit(
                    f"{question.label}: {name} answers {other.result}, we answer {mine.result}"
                )
    return _print(engine.snapshot.events, questions, answers)


def same(mine: Sequence[Any], other: Sequence[Any]) -> bool:
    """Whether two answers hold the same rows: counts exactly, other numbers within 1e-9."""
    left, right = (sorted([_plain(cell) for cell in row] for row in rows) for rows in (mine, other))
    return len(left) == len(right) and all(
        len(one) == len(two) and all(_equal(a, b) for a, b in zip(one, two, strict=True))
        for one, two in zip(left, right, strict=True)
    )


def _plain(cell: Any) -> str:
    """A cell as text."""
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _equal(one: str, two: str) -> bool:
    """Whether two cells say the same."""
    if one == two:
        return True
    try:
        return math.isclose(float(one), float(two), rel_tol=1e-9, abs_tol=1e-6)
    except ValueError:
        return False


def _print(
    events: int, questions: list[Question], answers: dict[str, list[Timed[Sequence[Any]]]]
) -> float:
    """The table: milliseconds a question, and each total against ours."""
    names = list(answers)
    rows: list[list[object]] = [
        [question.label, *(answers[name][place].seconds * 1000 for name in names)]
        for place, question in enumerate(questions)
    ]
    totals = {name: sum(timed.seconds for timed in answers[name]) for name in names}
    rows.append(["total", *(total * 1000 for total in totals.values())])
    rows.append(["times ours", *(total / totals["ours"] for total in totals.values())])
    show(f"The overview's questions over {events:,} events, in milliseconds", ["", *names], rows)
    fastest = min((name for name in names if name != "ours"), key=totals.__getitem__)
    ratio = totals[fastest] / totals["ours"]
    say(f"answers are equal; the fastest peer, {fastest}, takes {ratio:.1f} times as long as we do")
    say_load()
    return totals["ours"]
