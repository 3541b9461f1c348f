"""python -m journey: one command in, one exit code out."""

import argparse
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import duckdb

from journey.commands.common import Commands
from journey.errors import JourneyError

MODULES = {
    "store": ("demo", "ingest", "build", "check"),
    "serving": ("serve",),
    "questions": ("run", "metrics"),
    "segments": ("segment",),
    "funnel": ("funnel",),
    "paths": ("paths",),
    "attribution": ("attribution",),
    "experience": ("experience",),
    "experiments": ("experiments",),
    "feedback": ("feedback",),
    "lifetime": ("lifetime",),
    "nextsteps": ("next",),
    "personas": ("personas",),
    "planned": ("planned",),
    "changes": ("changes",),
    "reconcile": ("reconcile",),
    "trend": ("trend",),
    "whatif": ("what-if",),
    "pains": ("pains",),
    "forecast": ("forecast",),
    "ledger": ("ledger",),
    "retention": ("retention",),
    "truth": ("truth",),
}
"""Which module of `journey.commands` has which commands, as help lists them: a command starts
at once where only its own module is loaded."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 where all is well, 1 where the user has something to put right."""
    given = sys.argv[1:] if arguments is None else arguments
    options = _parser(_command(given)).parse_args(given)
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


def _command(arguments: list[str]) -> str | None:
    """The command that the arguments name; none where a look at them does not tell."""
    words = iter(arguments)
    for word in words:
        if word in ("--data", "--config"):
            next(words, None)
        elif not word.startswith(("--data=", "--config=")):
            return word
    return None


def _parser(command: str | None) -> argparse.ArgumentParser:
    """The options of a command; of all of them where there is no such command."""
    parser = argparse.ArgumentParser(
        prog="python -m journey", description="A living customer-journey map from event files."
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="the data folder (JOURNEY_DATA)")
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="the configuration (JOURNEY_CONFIG)"
    )
    commands = Commands(parser)
    named = [module for module, names in MODULES.items() if command in names]
    for module in named or MODULES:
        import_module(f"journey.commands.{module}").add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
