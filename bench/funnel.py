"""An ordered funnel with a window, over touchpoints chosen when asked: ours against chDB's
`windowFunnel` over its table sorted by person and time."""

from datetime import date, datetime, timedelta
from functools import partial

from bench.measuring import Timed, apart, best_of, say, say_load, show
from bench.peers.words import configured
from bench.worlds import last_day
from journey.analysis.funnel import report
from journey.analysis.funnel.spec import Entry, Funnel, Mode
from journey.analysis.funnel.steps import Step
from journey.config import Config
from journey.datafolder import DataFolder
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.warehouse.snapshot import Snapshot

WINDOW = timedelta(days=30)

ROUNDS = 20
"""How often each is asked by either: a single answer of some 30 milliseconds says little."""

FUNNELS = (
    ("product_viewed", "product_added", "checkout_started", "order_completed"),
    ("products_searched", "product_viewed", "product_added", "order_completed"),
    ("ad_clicked", "product_viewed", "checkout_started", "order_completed"),
)

Question = tuple[tuple[str, ...], Filters]


def compare(folder: DataFolder, config: Config) -> None:
    """Ask both how many people reach each step, check that they agree, print."""
    questions, snapshot, mine = apart(_ours, folder)
    theirs = apart(_theirs, folder, configured(config, snapshot.currency or ""), questions)
    rows: list[list[object]] = []
    for (steps, frame), our, their in zip(questions, mine, theirs, strict=True):
        if our.result != their.result:
            raise SystemExit(f"{steps}: chDB counts {their.result}, we count {our.result}")
        label = f"{' > '.join(steps)}, from {frame.since}"
        times = their.seconds / our.seconds
        rows.append([label, our.seconds * 1000, their.seconds * 1000, times])
    title = (
        f"People at each of four ordered steps within {WINDOW.days} days, of "
        f"{snapshot.events:,} events, in milliseconds"
    )
    show(title, ["funnel", "ours", "chDB windowFunnel", "times ours"], rows)
    say("answers are equal: the count of people at every step")
    say_load()


def _ours(folder: DataFolder) -> tuple[list[Question], Snapshot, list[Timed[list[int]]]]:
    """What is asked, and our answers, each the best of all rounds."""
    engine = Engine(folder)
    until = date.fromisoformat(last_day(folder)) + timedelta(days=1)
    as_of = engine.snapshot.watermark
    frames = [
        Filters(engine.snapshot.first_day, until, as_of),
        Filters(until - timedelta(days=182), until, as_of),
    ]

    def ask(steps: tuple[str, ...], frame: Filters) -> list[int]:
        asked = Funnel(
            tuple(Step((name,)) for name in steps),
            mode=Mode.ORDERED,
            window=WINDOW,
            entry=Entry.BEST,
        )
        return [step.count for step in report.ask(engine, asked, frame).steps]

    questions: list[Question] = [(steps, frame) for steps in FUNNELS for frame in frames]
    answers = [best_of(ROUNDS, partial(ask, *question)) for question in questions]
    engine.close()
    return questions, engine.snapshot, answers


def _theirs(
    folder: DataFolder, words: dict[str, str], questions: list[Question]
) -> list[Timed[list[int]]]:
    """chDB's answers, each the best of as many rounds."""
    from bench.peers.chdb_peer import Chdb

    peer = Chdb(folder, words)
    if not peer.is_sorted:
        peer.sort()
    peer.use("merge_tree")

    def ask(steps: tuple[str, ...], since: date, until: date, as_of: datetime) -> list[int]:
        named = {f"step_{number}": name for number, name in enumerate(steps, 1)}
        (row,) = peer.ask(
            "window_funnel", since, until, as_of, window_days=str(WINDOW.days), **named
        )
        return [int(count) for count in row]

    answers = [
        best_of(ROUNDS, partial(ask, steps, frame.since, frame.until, frame.as_of))
        for steps, frame in questions
    ]
    peer.close()
    return answers
