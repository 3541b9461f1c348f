"""The command that asks a funnel."""

import argparse
import json
import sys
from typing import Any

import polars as pl

from journey.analysis.funnel import (
    breakdown,
    compare,
    course,
    drivers,
    duration,
    joining,
    leavers,
    maturity,
    money,
    report,
    segment,
)
from journey.analysis.funnel.names import known
from journey.analysis.funnel.rule import closes_after, counted
from journey.analysis.funnel.spans import parse_span
from journey.analysis.funnel.spec import (
    HELD,
    Count,
    Entry,
    Funnel,
    Mode,
    OnExclusion,
    parse_exclusion,
    parse_window,
)
from journey.analysis.funnel.steps import parse_step
from journey.commands.common import (
    Commands,
    add_against,
    add_frame,
    configuration,
    data_folder,
    frame,
    other_group,
    positive,
    refuse,
    show,
    table_of,
)
from journey.errors import MetricError
from journey.metrics import masks
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters


def add(commands: Commands) -> None:
    """Add it."""
    command = commands.add(funnel)
    command.add_argument(
        *("--steps", "-s"),
        nargs="+",
        required=True,
        metavar="STEP",
        help="2 to 10 touchpoints or stages, as in product_viewed,reviews_read cart_viewed? "
        "order_completed:revenue=50..:gap=1h..7d",
    )
    command.add_argument("--mode", choices=[*Mode], default="ordered", type=str)
    command.add_argument("--window", default="", metavar="SPAN", help="30d, 12h, ... or session")
    command.add_argument("--count", choices=[*Count], default="people", type=str)
    command.add_argument("--entry", choices=[*Entry], type=str, help="which first step counts")
    command.add_argument(
        "--hold", nargs="+", default=[], choices=list(HELD), help="what all steps share"
    )
    command.add_argument(
        "--exclude",
        nargs="+",
        default=[],
        metavar="STEP",
        help="not between the steps, as in support_contacted:between=1-2",
    )
    command.add_argument("--on-exclusion", choices=[*OnExclusion], default="drop_person", type=str)
    command.add_argument("--grace", default="0s", metavar="SPAN", help="simultaneous within this")
    command.add_argument(
        "--ignore", nargs="+", default=[], metavar="TOUCHPOINT", help="may stand in between"
    )
    command.add_argument(
        "--mature-only", action="store_true", help="only tries whose window has closed"
    )
    add_frame(command)
    _add_views(command.add_mutually_exclusive_group())
    command.add_argument("--at", default="first", metavar="WHICH", help="with --by: first, last, N")
    command.add_argument("--save", metavar="NAME", help="with --left: as queries/segments/NAME.sql")
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")


def _add_views(views: argparse._MutuallyExclusiveGroup) -> None:
    """What to show in place of the steps; in JSON, beside them."""
    views.add_argument("--by", choices=list(breakdown.COLUMNS), help="broken down by this")
    views.add_argument("--course", choices=list(course.GRAINS), help="by the day each try began")
    views.add_argument("--times", metavar="A-B", type=_two, help="the time between two steps")
    views.add_argument("--before", action="store_true", help="against the span before")
    add_against(views)
    views.add_argument("--estimates", action="store_true", help="with tries still in their window")
    views.add_argument("--open", action="store_true", help="coming in at any step")
    views.add_argument("--money", action="store_true", help="amounts through the steps")
    views.add_argument("--drivers", metavar="A-B", type=_two, help="what goes with going on")
    views.add_argument("--left", metavar="N", type=positive, help="who did not reach this step")


def funnel(options: argparse.Namespace) -> int:
    """Count how many go from step to step, by a rule that is said in words."""
    from journey.present.export import csv_text

    if options.save and not options.left:
        raise MetricError(
            "Only those who left can be saved. Say where, as in --left 2 --save NAME."
        )
    if not options.by:
        refuse(options, {"at": "first"}, "a funnel that is not broken down with --by")
    if not options.exclude:
        refuse(options, {"on-exclusion": "drop_person"}, "a funnel without --exclude")
    asked = question(options)
    engine = Engine(data_folder(options))
    filters = frame(engine, options)
    found = report.ask(engine, asked, filters, mature_only=options.mature_only)
    name, rows, said = view(engine, found, options)
    rule = found.rule
    shown: dict[str, Any] = {name: rows.to_dicts()} if name != "steps" else {}
    if options.open:
        rule = joining.open_rule(asked, filters, mature_only=options.mature_only)
        shown["open_rule"] = rule
    if options.format == "json":
        print(json.dumps(found.as_json() | shown, indent=2, ensure_ascii=False, default=str))
    elif options.format == "csv":
        sys.stdout.write(csv_text(rows))
    else:
        print(rule)
        show(table_of(rows))
        for sentence in said:
            print(sentence)
    return 0


def view(
    engine: Engine, found: report.Report, options: argparse.Namespace
) -> tuple[str, pl.DataFrame, list[str]]:
    """The name of what was asked for, its rows, and what to say about them."""
    asked, filters, least = found.funnel, found.filters, engine.snapshot.minimum_n
    if options.money:
        entered = report.table(
            engine, asked, filters, also=money.COLUMNS, mature_only=options.mature_only
        )
        return "money", money.money(engine, asked, filters, entered), []
    if options.open:
        steps = joining.ask(engine, asked, filters, mature_only=options.mature_only)
        return "open", joining.table(steps), []
    if options.before:
        return "before", *_compared(engine, found, filters.before(), "the span before")
    if options.against:
        group = other_group(engine, filters, options.against)
        named = "everyone else" if options.against == ["else"] else " ".join(options.against)
        return "against", *_compared(engine, found, group, named)
    if options.drivers:
        first, last = options.drivers
        told = drivers.drivers(engine, asked, filters, first, last, least)
        said = [
            f"{told.went_on:,} went on and {told.left:,} left, of those who have had their time.",
            "An association, not a cause. Left out, as possible only after the step: "
            f"{', '.join(told.left_out) or 'nothing'}.",
        ]
        return "drivers", told.rows, said
    also = [breakdown.column_of(options.by)] if options.by else []
    if not (options.by or options.course or options.times or options.estimates or options.left):
        return "steps", table(found), []
    tries = report.table(engine, asked, filters, also=also, mature_only=options.mature_only)
    if options.by:
        return "by", breakdown.breakdown(tries, asked, options.by, options.at, least).rows, []
    if options.course:
        zone = engine.snapshot.time_zone
        return "course", course.course(tries, asked, zone, options.course), []
    if options.times:
        took = duration.duration(tries, asked, filters.as_of, *options.times)
        said = [f"{took.tries:,} took it all."] + [
            f"{percent} % within {duration.told(seconds)}."
            for percent, seconds in took.percentiles.items()
        ]
        return "times", took.bars, said
    if options.estimates:
        if closes_after(asked) is None:
            raise MetricError(
                "Without a window a try is never over, so there is no share to estimate by its "
                "end. Give a --window, as in --window 30d."
            )
        return "estimates", maturity.rows(maturity.estimates(tries, asked, filters.as_of)), []
    return _left(engine, found, tries, options)


def _compared(
    engine: Engine, found: report.Report, group: Filters, name: str
) -> tuple[pl.DataFrame, list[str]]:
    """The funnel against the same funnel of another group, and what to say about it."""
    other = report.ask(engine, found.funnel, group, mature_only=found.mature_only)
    shifts = compare.shifts(found.steps, other.steps, engine.snapshot.minimum_n)
    noun = counted(found.funnel)
    if not shifts:
        who = "in the period" if other.steps[0].count else f"on the side of {name}"
        return compare.rows(shifts), [
            f"No {noun} entered {who}, so there is nothing to compare. Widen --since and --until, "
            "or name another group."
        ]
    return compare.rows(shifts), [
        f"{found.steps[0].count:,} {noun} against {other.steps[0].count:,} of {name}. Newcombe's "
        "95 % intervals; at most one verdict in ten a mistake (Benjamini and Hochberg)."
    ]


def _left(
    engine: Engine, found: report.Report, tries: pl.DataFrame, options: argparse.Namespace
) -> tuple[str, pl.DataFrame, list[str]]:
    """Who left, their ids masked unless the business shows them; and saved where asked."""
    asked, filters = found.funnel, found.filters
    gone = leavers.leavers(tries, asked, filters, options.left)
    people = segment.identified(engine, filters, gone.people)
    said = [f"{gone.people.height:,} people left; {gone.undecided:,} tries still have time."]
    if options.save:
        names = known(engine, filters)
        made = segment.segment_file(engine, asked, filters, names, gone)
        path = segment.save(options.save, made)
        how = "follows the rule" if made.is_rule else "lists those there are now"
        said.append(f"Saved as {path}: it {how}. --where segment={options.save} filters.")
    if masks.ids_shown(configuration(options)):
        return "left", people.rename({"person_id": "person"}), said
    return "left", masks.masked(people, masks.key_of(data_folder(options))), said


def _two(text: str) -> tuple[int, int]:
    """Two steps, as in 1-3."""
    first, dash, last = text.partition("-")
    if not (dash and first.isdigit() and last.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not two steps. Write it as in 1-3")
    return int(first), int(last)


def question(options: argparse.Namespace) -> Funnel:
    """The funnel that the options describe. Raises MetricError."""
    return Funnel(
        steps=tuple(map(parse_step, options.steps)),
        mode=Mode(options.mode),
        window=parse_window(options.window),
        count=Count(options.count),
        entry=Entry(options.entry) if options.entry else None,
        hold=tuple(options.hold),
        exclusions=tuple(map(parse_exclusion, options.exclude)),
        on_exclusion=OnExclusion(options.on_exclusion),
        grace=parse_span(options.grace),
        ignore=tuple(options.ignore),
    )


def table(found: report.Report) -> pl.DataFrame:
    """One row for each step."""
    rows = []
    for step in found.steps:
        values = step.as_json()
        for name in ("overall", "previous"):
            low, high = values.pop(f"{name}_interval") or (None, None)
            values |= {f"{name}_low": low, f"{name}_high": high}
        rows.append(values)
    return pl.DataFrame(rows, infer_schema_length=None)
