"""The command about what hurts: the ledger listed, its rows kept, their fixes judged."""

import argparse
import getpass
import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from journey.commands.common import (
    Commands,
    add_frame,
    configuration,
    data_folder,
    day,
    notes,
    recent,
    show,
    table_of,
)
from journey.config import STAGES
from journey.errors import LedgerError
from journey.ledger import keeping
from journey.ledger.note import Edit, Note, Place
from journey.ledger.rows import Row, rows, table, total
from journey.metrics import metric as registry
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters, parse_where
from journey.warehouse.snapshot import Snapshot

_SHOWN = (
    "rank", "key", "title", "stage", "who", "since", "money_a_month", "money_low", "money_high",
    "presence", "status", "owner", "due", "fixed_on",
)  # fmt: skip


def add(commands: Commands) -> None:
    """Add it, with what can be done to a row."""
    command = commands.add(ledger)
    add_frame(command)
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")
    acts = command.add_subparsers(title="to a row", metavar="ACT")
    own = _act(acts, "own", "take a row on, or give it to somebody", _own)
    own.add_argument("owner", metavar="NAME", help="whose it is; '' for nobody's")
    comment = _act(acts, "comment", "write something under a row", _comment)
    comment.add_argument("text", metavar="TEXT")
    due = _act(acts, "due", "say until when", _due)
    due.add_argument("day", metavar="DAY", type=_day_or_none, help="a day; '' for none")
    close = _act(acts, "close", "say that it is fixed, and since when", _close)
    close.add_argument("--fixed", type=day, metavar="D", help="the day it was fixed (today)")
    _act(acts, "reopen", "say that it is not fixed", _reopen)
    by_hand = acts.add_parser("open", help="a row for a pain that no detector sees")
    by_hand.add_argument("title", metavar="TITLE")
    by_hand.add_argument("--stage", choices=STAGES, required=True)
    by_hand.add_argument("--metric", required=True, help="a rate to judge it by")
    by_hand.add_argument("--since", type=day, metavar="D", help="the day it began")
    by_hand.add_argument("--where", nargs="+", action="extend", default=[], metavar="NAME=VALUE")
    _by(by_hand)
    by_hand.set_defaults(run=_open)
    judge = acts.add_parser("judge", help="did closing it help? before and after, against others")
    judge.add_argument("key", metavar="KEY")
    judge.add_argument("--fixed", type=day, metavar="D", help="as if fixed on that day")
    add_frame(judge)
    judge.add_argument("--format", choices=("table", "csv", "json"), default="table")
    judge.set_defaults(run=_judge)


def ledger(options: argparse.Namespace) -> int:
    """List what hurts, by the money lost a month, with owners, due days and what became of it.

    Without a period, the one that the page opens with. Names are what writers say they are:
    nobody signs in. Rows are plain files in the data folder, under ledger/.
    """
    from journey.present.export import csv_text

    engine, filters = recent(options)
    kept = keeping.read(data_folder(options))
    found = _rows(options, engine, filters, kept)
    today = _today(engine.snapshot)
    lines = table(found, today)
    for sentence in kept.damaged:
        notes.print(f"journey: {sentence}", markup=False, style="yellow", soft_wrap=True)
    if options.format == "csv":
        sys.stdout.write(csv_text(lines))
    elif options.format == "json":
        still = [row for row in found if row.status(today) != "closed"]
        whole = total(still)
        answer = {
            "since": filters.since.isoformat(),
            "until": filters.until.isoformat(),
            "as_of": filters.as_of.isoformat(),
            "where": {name: list(values) for name, values in filters.where.items()},
            "snapshot": engine.snapshot.name,
            "currency": engine.snapshot.currency,
            "total_a_month": {"value": whole.value, "low": whole.low, "high": whole.high},
            "damaged": list(kept.damaged),
            "rows": lines.to_dicts(),
        }
        print(json.dumps(answer, indent=2, ensure_ascii=False, default=str))
    else:
        print(f"{filters.since} to {filters.until - timedelta(days=1)}, money a month:")
        if lines.is_empty():
            print("Nothing hurts enough to tell from chance in this period.")
        else:
            show(table_of(lines.select(_SHOWN)))
    return 0


def _act(
    acts: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    text: str,
    edit: Callable[[argparse.Namespace], Edit],
) -> argparse.ArgumentParser:
    """Something that can be done to a row."""
    act = acts.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    act.add_argument("key", metavar="KEY", help="as `python -m journey ledger` lists it")
    add_frame(act)
    _by(act)
    act.add_argument(
        "--version", metavar="V", help="refuse where the row is no longer this version"
    )
    act.set_defaults(run=_kept, edit=edit)
    return act


def _by(act: argparse.ArgumentParser) -> None:
    """Who writes."""
    act.add_argument("--by", metavar="NAME", help="who writes (the name of your account)")
    act.add_argument("--comment", default="", metavar="TEXT", help="a word on it")


def _kept(options: argparse.Namespace) -> int:
    """Change a row and say how it stands."""
    folder = data_folder(options)
    place = _place(options)
    note = keeping.edit(
        folder, options.key, place, options.edit(options), _writer(options),
        seen=options.version, at=_now(), today=_today(Snapshot.current(folder)),
    )  # fmt: skip
    print(_told(note))
    return 0


def _own(options: argparse.Namespace) -> Edit:
    return Edit({"owner": options.owner or None}, options.comment)


def _comment(options: argparse.Namespace) -> Edit:
    return Edit(comment="\n".join(part for part in (options.text, options.comment) if part))


def _due(options: argparse.Namespace) -> Edit:
    return Edit({"due": options.day}, options.comment)


def _close(options: argparse.Namespace) -> Edit:
    return Edit({"fixed_on": options.fixed or _now().date()}, options.comment)


def _reopen(options: argparse.Namespace) -> Edit:
    return Edit({"fixed_on": None}, options.comment)


def _open(options: argparse.Namespace) -> int:
    """Open a row by hand. The metric and the segment must be there."""
    metric = registry.find(options.metric)
    where = parse_where(options.where)
    engine = Engine(data_folder(options))
    first = engine.snapshot.first_day
    engine.filters(first, first + timedelta(days=1), where=where)
    who = {name: values[0] for name, values in where.items()}
    place = Place(options.title, options.stage, metric.full_name, who, since=options.since)
    note = keeping.open_by_hand(
        data_folder(options), place, _writer(options), options.comment, at=_now()
    )
    print(_told(note))
    return 0


def _judge(options: argparse.Namespace) -> int:
    """Say what came of a fix."""
    from journey.analysis.pains import verdicts
    from journey.analysis.pains.judged import judge
    from journey.present.export import csv_text

    engine, filters = recent(options)
    place, note = _known(options, engine, filters)
    fixed_on = options.fixed or (note.fixed_on if note else None)
    if fixed_on is None:
        raise LedgerError(
            f"{place.title} is not closed, so there is no day to judge from. Close it with "
            f"`python -m journey ledger close {options.key} --fixed D`, or try a day: --fixed D."
        )
    found = judge(
        engine, place.metric, place.who, fixed_on,
        since=place.since, as_of=filters.as_of, minimum_n=configuration(options).minimum_n,
    )  # fmt: skip
    told, lines = verdicts.sentences(found), verdicts.table(found)
    if options.format == "csv":
        sys.stdout.write(csv_text(lines))
    elif options.format == "json":
        effect, trend = found.effect, found.trend
        answer = {
            "key": options.key,
            "metric": place.metric,
            "who": dict(place.who),
            "since": place.since,
            "fixed_on": fixed_on,
            "as_of": filters.as_of.isoformat(),
            "snapshot": engine.snapshot.name,
            "verdict": found.verdict,
            "effect": effect and dict(zip(("value", "low", "high"), effect, strict=True)),
            "trend_a_week": trend
            and {"value": trend.slope, "low": trend.low, "high": trend.high, "swing": trend.swing},
            "told": told,
            "rows": lines.to_dicts(),
        }
        print(json.dumps(answer, indent=2, ensure_ascii=False, default=str))
    else:
        print("\n".join(told))
        if not lines.is_empty():
            show(table_of(lines))
    return 0


def _rows(
    options: argparse.Namespace, engine: Engine, filters: Filters, kept: keeping.Kept
) -> list[Row]:
    """All rows."""
    from journey.analysis.pains.finding import find

    return rows(find(engine, configuration(options), filters), kept)


def _known(
    options: argparse.Namespace, engine: Engine, filters: Filters
) -> tuple[Place, Note | None]:
    """What a key stands for. Raises LedgerError where nothing has it."""
    kept = keeping.read(data_folder(options))
    note = kept.notes.get(options.key)
    if note is not None:
        return note.place, note
    for row in _rows(options, engine, filters, kept):
        if row.key == options.key:
            return row.place, None
    raise LedgerError(
        f"There is no row {options.key!r} in this period. `python -m journey ledger` lists them; "
        "give the period with --since and --until."
    )


def _place(options: argparse.Namespace) -> Place | None:
    """What the row is about, where the ledger does not hold it yet."""
    if options.key in keeping.read(data_folder(options)).notes:
        return None
    return _known(options, *recent(options))[0]


def _writer(options: argparse.Namespace) -> str:
    """Who writes: as they say, else the name of their account."""
    if options.by is not None:
        return str(options.by)
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def _told(note: Note) -> str:
    """How a row stands, in a line."""
    last = note.history[-1]
    state = f"fixed on {note.fixed_on}" if note.is_closed else f"owner {note.owner or 'nobody'}"
    if note.due and not note.is_closed:
        state += f", due {note.due}"
    did = last.did or "commented"
    return f"{note.place.title}: {state}. Written by {last.by}: {did}. Version {note.version}."


def _now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


def _today(snapshot: Snapshot) -> date:
    """Today, or the last day with data where that is later."""
    return max(_now().date(), snapshot.last_day)


def _day_or_none(text: str) -> date | None:
    """A day, or none for an empty word."""
    return day(text) if text else None
