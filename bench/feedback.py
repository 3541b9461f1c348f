"""Reading comments: all of it by the million, moods alone against VADER, and a second time."""

import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from bench.measuring import Timed, apart, best_of, say, say_load, show
from journey import config
from journey.comments.lexicon import lexicon
from journey.comments.mood import CLEAR, weigh
from journey.comments.reading import Reader
from journey.comments.taxonomy import read
from journey.comments.words import words_of
from journey.datafolder import DataFolder
from journey.demo.phrases import CLOSINGS, PHRASES
from journey.warehouse.comments import add_comments
from journey.warehouse.connection import work_connection

MILLION = 1_000_000
ENGLISH = 20_000
"""English comments for VADER, which takes them one by one."""

Moods = tuple[float, float]
"""The share of comments judged, and of these the share with the mood they were written in."""


def compare(comments: int) -> None:
    """Measure and print."""
    whole = apart(_whole, comments)
    rows: list[list[object]] = [
        [name, timed.core_seconds * MILLION / comments, timed.result] for name, timed in whole
    ]
    show(
        f"{comments:,} different comments in five languages, core seconds for a million",
        ["step", "core seconds a million", "read"],
        rows,
    )
    ours, vader = apart(_ours, ENGLISH), apart(_vader, ENGLISH)
    show(
        f"Moods of {ENGLISH:,} English comments, one core",
        ["", "milliseconds", "judged", "of these as written", "times ours"],
        [
            [name, timed.core_seconds * 1000, *timed.result, timed.core_seconds / ours.core_seconds]
            for name, timed in (("ours", ours), ("VADER", vader))
        ],
    )
    say("the comments are made of the demo's sentences, which our lexicon knows: the shares say")
    say("that both read the same, not which is better on others' words")
    say_load()


def made(count: int, languages: tuple[str, ...] = tuple(PHRASES)) -> pl.DataFrame:
    """So many comments, no two alike: key, comment, language and the mood it was written in."""
    random = np.random.default_rng(7)
    said = [
        (language, mood, phrase)
        for language in languages
        for moods in PHRASES[language].values()
        for mood, phrases in enumerate(moods)
        for phrase in phrases
    ]
    picks, more = random.integers(0, len(said), count), random.integers(0, len(said), count)
    rows = []
    for number, (first, second) in enumerate(zip(picks.tolist(), more.tolist(), strict=True)):
        language, mood, phrase = said[first]
        closing = CLOSINGS[mood][second % len(CLOSINGS[mood])] if language == "en" else ""
        rows.append((f"{number:09}", f"{phrase} {closing} ref{number}", language, mood))
    names = {"key": pl.String, "comment": pl.String, "language": pl.String, "mood": pl.Int64}
    return pl.DataFrame(rows, schema=names, orient="row")


def _whole(comments: int) -> list[tuple[str, Timed[str]]]:
    """Reading with and without looking for the language, and what a build does again."""
    given = made(comments)
    reader = Reader(read(config.load(None).themes))
    unsaid = given.with_columns(language=pl.lit(None, dtype=pl.String))
    steps: list[tuple[str, Timed[str]]] = []
    for name, rows in (("language given", given), ("language looked for", unsaid)):
        timed = best_of(2, partial(reader.read, rows.select("key", "comment", "language")))
        told = f"{timed.result.comments.height:,} comments, {timed.result.mentions.height:,} themes"
        steps.append((name, Timed(told, timed.seconds, timed.core_seconds)))
    with tempfile.TemporaryDirectory() as folder:
        root = DataFolder(Path(folder))
        for name in ("in a build, kept", "in the next build"):
            steps.append((name, best_of(1, partial(_build, root, given))))
    return steps


def _build(folder: DataFolder, given: pl.DataFrame) -> str:
    """What `build` does about comments; says how many had to be read."""
    with work_connection(folder.root / "spill") as connection:
        connection.register("rows", given)
        connection.execute(
            "create view events as select key as event_id, comment, language from rows"
        )
        _, new = add_comments(connection, folder, config.load(None))
    return f"{new:,} comments"


def _ours(comments: int) -> Timed[Moods]:
    """Our moods."""
    rows = made(comments, ("en",))

    def call() -> np.ndarray:
        return weigh(words_of(rows["comment"], "en"), lexicon("en")).of_comments().score

    timed = best_of(3, call)
    return Timed(_told(timed.result, CLEAR, rows), timed.seconds, timed.core_seconds)


def _vader(comments: int) -> Timed[Moods]:
    """VADER's, by the thresholds that its authors give."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    rows = made(comments, ("en",))
    said = rows["comment"].to_list()
    analyser = SentimentIntensityAnalyzer()

    def call() -> np.ndarray:
        return np.array([analyser.polarity_scores(text)["compound"] for text in said])

    timed = best_of(2, call)
    return Timed(_told(timed.result, 0.05, rows), timed.seconds, timed.core_seconds)


def _told(score: np.ndarray, clear: float, rows: pl.DataFrame) -> Moods:
    """How many were judged, and how many of these as they were written; so-so is left out."""
    mood = rows["mood"].to_numpy()
    judged = (np.abs(score) >= clear) & (mood != 1)
    right = (score > 0) == (mood == 2)
    return float(judged.sum() / (mood != 1).sum()), float(right[judged].mean())
