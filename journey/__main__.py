"""python -m journey: one command in, one exit code out."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb

from journey.commands import (
    attribution,
    changes,
    experience,
    experiments,
    feedback,
    forecast,
    funnel,
    ledger,
    lifetime,
    nextsteps,
    pains,
    paths,
    personas,
    planned,
    questions,
    reconcile,
    retention,
    segments,
    serving,
    store,
    trend,
    truth,
    whatif,
)
from journey.commands.common import Commands
from journey.errors import JourneyError


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
    commands = Commands(parser)
    for module in (
        store,
        serving,
        questions,
        segments,
        funnel,
        paths,
        attribution,
        experience,
        experiments,
        feedback,
        lifetime,
        nextsteps,
        personas,
        planned,
        changes,
        reconcile,
        trend,
        whatif,
        pains,
        forecast,
        ledger,
        retention,
        truth,
    ):
        module.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
