"""The command that says what customers say."""

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

import polars as pl

from journey.analysis.feedback.accuracy import Measured, accuracy, accuracy_rows
from journey.analysis.feedback.comments import Comments, comments
from journey.analysis.feedback.found import found
from journey.analysis.feedback.selection import SCORES, SENTIMENTS, Selection
from journey.analysis.feedback.themes import SURVEYS, Themes, themes
from journey.commands.common import (
    Commands,
    add_frame,
    configuration,
    data_folder,
    frame,
    positive,
    refuse,
    show,
    table_of,
)
from journey.config import TEMPLATES, Config
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.present.export import csv_text

_SHOWN = ("themes", "found", "comments", "accuracy", "template")


def add(commands: Commands) -> None:
    """Add it."""
    command = commands.add(feedback)
    command.add_argument(
        "--show",
        choices=_SHOWN,
        help="themes, themes found in the words, comments, how sure the moods are, or the file of "
        "themes in force (themes; comments where some are selected)",
    )
    command.add_argument(
        "--survey", default="csat", choices=tuple(SURVEYS), help="whose score themes pull (csat)"
    )
    command.add_argument("--touchpoint", metavar="NAME", help="only what is about it")
    command.add_argument("--theme", metavar="NAME", help="only comments that speak of it")
    command.add_argument("--sentiment", choices=SENTIMENTS, help="only comments in this mood")
    command.add_argument("--score", choices=tuple(SCORES), help="only comments with such a score")
    command.add_argument("--language", metavar="XX", help="only comments in it")
    command.add_argument("--search", metavar="WORDS", help="only comments with all these words")
    command.add_argument("--limit", type=positive, default=50, help="comments at most (50)")
    add_frame(command)
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")


def feedback(options: argparse.Namespace) -> int:
    """Say what customers say: themes with their impact, comments (masked), how sure it is."""
    chosen = Selection(
        **{
            name: getattr(options, name)
            for name in ("touchpoint", "theme", "sentiment", "language", "score", "search")
        }
    )
    picky = any((chosen.theme, chosen.sentiment, chosen.language, chosen.score, chosen.search))
    what = options.show or ("comments" if picky else "themes")
    if what == "template":
        print(_in_force(configuration(options)), end="")
        return 0
    if options.format != "json" and what != "comments":
        # As JSON all of it is given at once, and these say which comments.
        picking = ("theme", "sentiment", "language", "score", "search")
        refuse(options, dict.fromkeys(picking), f"`--show {what}`, but in `--show comments`")
    engine = Engine(data_folder(options))
    filters = frame(engine, options)
    chosen.checked(engine, filters)
    if options.format == "json":
        everything = _everything(engine, filters, options, chosen)
        print(json.dumps(everything, indent=2, ensure_ascii=False, default=str))
        return 0
    if what == "themes":
        answer = themes(engine, filters, options.survey, chosen)
        _print(options.format, answer.rows, themes_in_words(answer))
    elif what == "found":
        answer = found(engine, filters, options.survey, chosen)
        _print(options.format, answer.rows, themes_in_words(answer))
    elif what == "comments":
        listed = comments(engine, filters, chosen, options.limit)
        _print(options.format, listed.rows, _counted(listed))
    else:
        measured = accuracy(engine, filters)
        _print(options.format, accuracy_rows(measured), _sure(measured))
    return 0


def _in_force(config: Config) -> str:
    """The file of themes in force. Where that is empty it is being written to from here by
    `> themes.yaml`, so the template is meant."""
    text = config.themes.read_text(encoding="utf-8")
    if text.strip():
        return text
    return (TEMPLATES / f"{config.template}.themes.yaml").read_text(encoding="utf-8")


def _print(form: str, rows: pl.DataFrame, sentence: str) -> None:
    """Rows as CSV, or as a table under a sentence."""
    if form == "csv":
        sys.stdout.write(csv_text(rows))
        return
    print(sentence)
    show(table_of(rows))


def _everything(
    engine: Engine, filters: Filters, options: argparse.Namespace, chosen: Selection
) -> dict[str, Any]:
    """Themes, comments and accuracy as plain values."""
    answer = themes(engine, filters, options.survey, chosen)
    listed = comments(engine, filters, chosen, options.limit)
    measured = accuracy(engine, filters)
    return {
        "since": filters.since,
        "until": filters.until,
        "as_of": filters.as_of,
        "where": {name: list(values) for name, values in filters.where.items()},
        "selected": {name: value for name, value in asdict(chosen).items() if value is not None},
        "survey": options.survey,
        "answers": answer.answers,
        "score": answer.score,
        "comments_in_all": answer.comments,
        "comments_with_a_theme": answer.covered,
        "themes": answer.rows.to_dicts(),
        "found": found(engine, filters, options.survey, chosen).rows.to_dicts(),
        "comments": {
            "selected": listed.total,
            "sentiments": listed.moods,
            "rows": listed.rows.to_dicts(),
        },
        "accuracy": [asdict(language) for language in measured.languages],
        "calibration": measured.calibration.to_dicts(),
    }


def themes_in_words(answer: Themes) -> str:
    """What the table of themes is about."""
    score = "too few to show a score" if answer.score is None else f"score {answer.score:.1f}"
    return (
        f"{answer.comments:,} comments, {answer.covered:,} of them with a theme; "
        f"{answer.answers:,} {answer.survey.title} answers, {score}. Impact: the score of all "
        "answers less the score without those that speak of the theme (95 %); an association."
    )


def _counted(listed: Comments) -> str:
    """How many comments were selected."""
    moods = ", ".join(f"{count:,} {mood}" for mood, count in listed.moods.items())
    more = f"; the newest {listed.rows.height:,}" if listed.rows.height < listed.total else ""
    return f"{listed.total:,} comments ({moods}){more}:" if moods else "No comments."


def _sure(measured: Measured) -> str:
    """What the measure says."""
    whole = measured.overall
    if whole.accuracy is None:
        return "No comment comes with a low or a high score, so the moods cannot be measured."
    return (
        f"Of {whole.comments:,} comments whose writers gave a low or a high score, "
        f"{whole.judged:,} were judged, {100 * whole.accuracy:.1f} % of these as the score says "
        f"({100 * whole.low:.1f} to {100 * whole.high:.1f} %)."
    )
