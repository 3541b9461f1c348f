"""The overview's questions: answered by our tables, and by the peers from the events."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from bench.measuring import Timed, apart, best_of, say, say_load, show
from bench.peers.raw_duckdb import RawDuckDB
from bench.peers.words import configured
from bench.worlds import last_day
from journey.config import Config
from journey.datafolder import DataFolder
from journey.metrics import metric as registry
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.warehouse.snapshot import Snapshot

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
Answers = list[Timed[Sequence[Any]]]


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


def compare(folder: DataFolder, config: Config, events: int) -> float:
    """Ask everyone everything, check that they agree, print the table; our total time."""
    questions, snapshot, mine = apart(_ours, folder)
    words = configured(config, snapshot.currency or "")
    times = 1 if events >= SLOW else 2
    answers = {"ours": mine}
    for name, ask in (
        ("DuckDB over Parquet", partial(_raw_duckdb, folder, config, words)),
        ("chDB over Parquet", partial(_chdb, folder, words, "parquet")),
        ("chDB over MergeTree", partial(_chdb, folder, words, "merge_tree")),
    ):
        answers[name] = apart(ask, questions, times)
        for question, my, other in zip(questions, mine, answers[name], strict=True):
            if not same(my.result, other.result):
                raise SystemExit(
                    f"{question.label}: {name} answers {other.result}, we answer {my.result}"
                )
    return _print(snapshot.events, questions, answers)


def _ours(folder: DataFolder) -> tuple[list[Question], Snapshot, Answers]:
    """The questions and our answers, each best of three."""
    engine = Engine(folder)
    questions = overview(engine, folder)
    answers: Answers = []
    for question in questions:
        metric = registry.find(question.metric)
        timed = best_of(3, partial(engine.run, metric, question.filters))
        answers.append(Timed(timed.result.rows.rows(), timed.seconds, timed.core_seconds))
    engine.close()
    return questions, engine.snapshot, answers


def _raw_duckdb(
    folder: DataFolder,
    config: Config,
    words: dict[str, str],
    questions: list[Question],
    times: int,
) -> Answers:
    """DuckDB's answers from the events."""
    peer = RawDuckDB(folder, config, words)
    answers = _answers(peer.ask, questions, times)
    peer.close()
    return answers


def _chdb(
    folder: DataFolder, words: dict[str, str], database: str, questions: list[Question], times: int
) -> Answers:
    """chDB's answers from the files, or from its sorted table, which is made where missing."""
    from bench.peers.chdb_peer import Chdb

    peer = Chdb(folder, words)
    if database == "merge_tree" and not peer.is_sorted:
        peer.sort()
    peer.use(database)
    answers = _answers(peer.ask, questions, times)
    peer.close()
    return answers


def _answers(ask: Ask, questions: list[Question], times: int) -> Answers:
    """A peer's answers."""

    def one(question: Question) -> Sequence[Any]:
        frame = question.filters
        return ask(question.metric, frame.since, frame.until, frame.as_of)

    return [best_of(times, partial(one, question)) for question in questions]


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


def _print(events: int, questions: list[Question], answers: dict[str, Answers]) -> float:
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
