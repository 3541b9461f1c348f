"""The commonest whole journeys: our metric against chDB's `groupArray` over its sorted table."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from bench.measuring import Timed, apart, best_of, say, say_load, show
from bench.peers.words import configured
from bench.worlds import last_day
from journey.config import Config
from journey.datafolder import DataFolder
from journey.metrics import metric as registry
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.warehouse.snapshot import Snapshot

MOST = 20

Ways = list[tuple[str, int]]
"""A way in words, and how many journeys took it."""


def compare(folder: DataFolder, config: Config) -> None:
    """Ask both for all journeys and for those of half a year, check that they agree, print."""
    frames, snapshot, mine = apart(_ours, folder)
    theirs = apart(_theirs, folder, configured(config, snapshot.currency or ""), frames)
    rows: list[list[object]] = []
    for frame, our, their in zip(frames, mine, theirs, strict=True):
        if not same(our.result, their.result):
            raise SystemExit(f"from {frame.since}: chDB says {their.result}, we say {our.result}")
        times = their.seconds / our.seconds
        label = f"begun from {frame.since} to {frame.until}"
        rows.append([label, our.seconds * 1000, their.seconds * 1000, times])
    title = f"The {MOST} commonest whole journeys of {snapshot.events:,} events, in milliseconds"
    show(title, ["journeys", "ours", "chDB over MergeTree", "times ours"], rows)
    say("answers are equal; ours holds value, satisfaction and time as well, theirs the counts")
    say_load()


def same(mine: Ways, other: Ways) -> bool:
    """Whether both name the same ways as often; of those that tie at the end, either may do."""
    least = mine[-1][1] if mine else 0
    above = [{way for way in ways if way[1] > least} for ways in (mine, other)]
    return [n for _, n in mine] == [n for _, n in other] and above[0] == above[1]


def _ours(folder: DataFolder) -> tuple[list[Filters], Snapshot, list[Timed[Ways]]]:
    """What is asked, and our answers, each best of five."""
    engine = Engine(folder)
    until = date.fromisoformat(last_day(folder)) + timedelta(days=1)
    as_of = engine.snapshot.watermark
    frames = [
        Filters(engine.snapshot.first_day, until, as_of),
        Filters(until - timedelta(days=182), until, as_of),
    ]
    metric = registry.find("variants")

    def ask(frame: Filters) -> Ways:
        rows = engine.run(metric, frame).rows.head(MOST)
        return rows.select("way", "journeys").rows()

    answers = [best_of(5, partial(ask, frame)) for frame in frames]
    engine.close()
    return frames, engine.snapshot, answers


def _theirs(folder: DataFolder, words: dict[str, str], frames: list[Filters]) -> list[Timed[Ways]]:
    """chDB's answers, each best of three."""
    from bench.peers.chdb_peer import Chdb

    peer = Chdb(folder, words)
    if not peer.is_sorted:
        peer.sort()
    peer.use("merge_tree")

    def ask(since: date, until: date, as_of: datetime) -> Ways:
        rows: list[Any] = peer.ask("commonest_ways", since, until, as_of)
        return [(way, int(journeys)) for way, journeys in rows]

    answers = [best_of(3, partial(ask, frame.since, frame.until, frame.as_of)) for frame in frames]
    peer.close()
    return answers
