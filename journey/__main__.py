"""python -m journey: the commands, each a few lines over the package."""

import argparse
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import duckdb

from journey import cli
from journey.errors import JourneyError
from journey.intake.sources import known_sources


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 where all is well, 1 where the user has something to put right."""
    options = _parser().parse_args(arguments)
    try:
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except JourneyError as error:
        print(f"journey: {error}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, duckdb.InterruptException):
        return _stopped()
    except RuntimeError as error:
        # What DuckDB makes of Ctrl+C in the middle of a query.
        if str(error) != "Query interrupted":
            raise
        return _stopped()
    except BrokenPipeError:
        return 0


def _stopped() -> int:
    """Say that nothing is lost; the exit code of a stopped command."""
    print("journey: stopped. The data is as it was.", file=sys.stderr)
    return 130


def _parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    parser = argparse.ArgumentParser(
        prog="python -m journey", description="A living customer-journey map from event files."
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="the data folder (JOURNEY_DATA)")
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="the configuration (JOURNEY_CONFIG)"
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        name = run.__name__.removesuffix("_command")
        text = run.__doc__ or ""
        added = commands.add_parser(name, help=text.splitlines()[0], description=text)
        added.set_defaults(run=run)
        return added

    demo = command(cli.demo)
    demo.add_argument("--people", type=_positive, default=20_000, help="how many (20000)")
    demo.add_argument("--seed", type=int, default=7, help="another seed, another world (7)")
    ingest = command(cli.ingest_command)
    ingest.add_argument("files", nargs="+", metavar="FILE", help="a file, or INPUT=FILE")
    ingest.add_argument(
        "--as", dest="source", required=True, metavar="FORMAT", help=", ".join(known_sources())
    )
    ingest.add_argument("--format", choices=("text", "json"), default="text")
    command(cli.build_command)
    serve = command(cli.serve)
    serve.add_argument("--port", type=_port, default=8501)
    serve.add_argument("--address", default="127.0.0.1", help="loopback unless you say otherwise")
    run = command(cli.run_command)
    run.add_argument("metric", metavar="METRIC", help="a name from `metrics`, or page/name")
    run.add_argument("--since", type=_day, required=True, metavar="D", help="first day")
    run.add_argument("--until", type=_day, required=True, metavar="D", help="day after the last")
    run.add_argument("--as-of", type=_moment, metavar="D", help="as known then (the watermark)")
    run.add_argument("--where", nargs="+", action="extend", default=[], metavar="NAME=VALUE")
    run.add_argument("--format", choices=("table", "csv", "json"), default="table")
    command(cli.metrics)
    command(cli.check)
    return parser


def _positive(text: str) -> int:
    """A whole number above 0."""
    number = int(text.replace("_", "").replace(",", ""))
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not above 0")
    return number


def _port(text: str) -> int:
    """A port from 1 to 65535."""
    if not text.isdigit() or not 0 < int(text) < 65_536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 1 to 65535")
    return int(text)


def _day(text: str) -> date:
    """A day like 2026-01-31."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day like 2026-01-31") from None


def _moment(text: str) -> date | datetime:
    """A day, or a moment in UTC like 2026-01-31T12:00."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is neither a day like 2026-01-31 nor a moment like 2026-01-31T12:00"
        ) from None


if __name__ == "__main__":
    sys.exit(main())
