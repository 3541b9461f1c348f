"""The command that says what hurts: the pains found, merged and ranked, in sentences."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from journey.analysis.pains.pain import Estimate, Pain
from journey.commands.common import Commands, add_frame, configuration, recent
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters


def add(commands: Commands) -> None:
    """Add it."""
    command = commands.add(pains)
    add_frame(command)
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")


def pains(options: argparse.Namespace) -> int:
    """Say what hurts, in sentences: where, who, since when, how many, what it costs.

    Findings that share people are merged, so that rows add up; what has no price comes last.
    Without a period, the one that the page opens with. `ledger` keeps owners, due days and
    verdicts.
    """
    from journey.analysis.pains.finding import find
    from journey.analysis.pains.worth import together
    from journey.present.export import csv_text

    engine, filters = recent(options)
    found = find(engine, configuration(options), filters)
    whole = together(pain.a_month for pain in found)
    if options.format == "csv":
        sys.stdout.write(csv_text(_table(found)))
    elif options.format == "json":
        print(json.dumps(_answer(engine, filters, found, whole), indent=2, ensure_ascii=False))
    else:
        _tell(engine, filters, found, whole)
    return 0


def _tell(engine: Engine, filters: Filters, found: Sequence[Pain], whole: Estimate | None) -> None:
    """The pains as lines to read, each with its evidence."""
    from journey.present.ledger.lines import unpriced
    from journey.present.numbers import rough, show

    print(f"{filters.since} to {filters.until - timedelta(days=1)}:")
    if not found:
        print("Nothing hurts enough to tell from chance in this period.")
        return
    for rank, pain in enumerate(found, 1):
        print(f"{rank}. {pain.sentence}")
        for finding in pain.findings:
            print(f"   {finding.sentence} (n = {finding.n:,})")
    if whole is not None:
        ends = rough(whole.low, whole.high, "money")
        print(
            f"Together about {show(whole.value, 'money', engine.snapshot.currency)} a month "
            f"({ends}), on average over the period; no loss is counted twice."
            f" {unpriced(pain.money for pain in found)}".rstrip()
        )


def _answer(
    engine: Engine, filters: Filters, found: Sequence[Pain], whole: Estimate | None
) -> dict[str, object]:
    """All that is known, for a program."""
    return {
        "since": filters.since.isoformat(),
        "until": filters.until.isoformat(),
        "as_of": filters.as_of.isoformat(),
        "where": {name: list(values) for name, values in filters.where.items()},
        "snapshot": engine.snapshot.name,
        "currency": engine.snapshot.currency,
        "money_a_month": whole and vars(whole),
        "pains": [_plain(rank, pain) for rank, pain in enumerate(found, 1)],
    }


def _plain(rank: int, pain: Pain) -> dict[str, object]:
    """A pain as plain values."""
    return {
        "rank": rank,
        "key": pain.key,
        "kind": pain.kind,
        "title": pain.title,
        "sentence": pain.sentence,
        "stage": pain.stage,
        "touchpoint": pain.touchpoint,
        "who": dict(pain.who),
        "since": pain.since and pain.since.isoformat(),
        "until": pain.until and pain.until.isoformat(),
        "affected": pain.affected,
        "observed": pain.observed,
        "comparable": pain.comparable,
        "lost": pain.lost and vars(pain.lost),
        "money": pain.money and vars(pain.money),
        "money_a_month": pain.a_month and vars(pain.a_month),
        "metric": pain.metric,
        "evidence": [vars(finding) for finding in pain.findings],
    }


def _table(found: Sequence[Pain]) -> pl.DataFrame:
    """The pains as a table, a row each."""
    rows = []
    for rank, pain in enumerate(found, 1):
        month = pain.a_month
        rows.append(
            {
                "rank": rank,
                "key": pain.key,
                "kind": pain.kind,
                "title": pain.title,
                "stage": pain.stage,
                "touchpoint": pain.touchpoint,
                "who": ", ".join(f"{name}={value}" for name, value in pain.who.items()),
                "since": pain.since,
                "until": pain.until,
                "affected": pain.affected,
                "observed": pain.observed,
                "comparable": pain.comparable,
                "lost": pain.lost.value if pain.lost else None,
                "money_a_month": month.value if month else None,
                "money_low": month.low if month else None,
                "money_high": month.high if month else None,
                "sentence": pain.sentence,
            }
        )
    return pl.DataFrame(rows, schema=_COLUMNS)


_COLUMNS = {
    "rank": pl.Int64,
    **dict.fromkeys(("key", "kind", "title", "stage", "touchpoint", "who"), pl.String),
    **dict.fromkeys(("since", "until"), pl.Date),
    "affected": pl.Int64,
    **dict.fromkeys(
        ("observed", "comparable", "lost", "money_a_month", "money_low", "money_high"), pl.Float64
    ),
    "sentence": pl.String,
}
