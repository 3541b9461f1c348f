"""The command line itself: each command loads its own module and no other."""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from journey import ROOT
from journey.__main__ import MODULES, main
from journey.commands.common import Commands
from tests.prompt import journey


class Names(Commands):
    """Collects the commands that a module adds."""

    def __init__(self) -> None:
        super().__init__(argparse.ArgumentParser())

    def __iter__(self) -> Iterator[str]:
        return iter(self._added.choices)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_the_commands_it_is_listed_with(module: str) -> None:
    names = Names()
    import_module(f"journey.commands.{module}").add(names)
    assert tuple(names) == MODULES[module]


def test_every_module_of_commands_is_listed() -> None:
    files = {path.stem for path in (ROOT / "journey" / "commands").glob("[!_]*.py")}
    assert files - {"common"} == set(MODULES)


@pytest.mark.parametrize(
    "options",
    [
        ("--data", "build", "--config", "check"),
        ("--data=build", "--config=check"),
        ("--dat", "build", "--conf", "check"),
        ("--config", "check"),
        (),
    ],
)
def test_the_command_is_found_behind_the_options(
    options: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main([*options, "funnel", "--help"])
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith("usage: python -m journey funnel ")


@pytest.mark.parametrize("words", [("--help",), ("--help", "run"), ("--data", "x", "--help")])
def test_help_lists_every_command(words: tuple[str, ...]) -> None:
    told = journey(*words).stdout
    for names in MODULES.values():
        for name in names:
            assert f"    {name} " in told


def test_a_command_that_is_none_is_told_all_there_are() -> None:
    done = journey("biuld")
    assert done.returncode == 2
    assert "'build'" in done.stderr
    assert "'retention'" in done.stderr


def test_a_shell_sees_what_a_command_prints_and_its_code(tmp_path: Path) -> None:
    for words in (["metrics"], ["--data", str(tmp_path), "build"], ["run"], ["nothing"]):
        seen = subprocess.run(
            [sys.executable, "-m", "journey", *words], cwd=ROOT, capture_output=True, text=True
        )
        here = journey(*words)
        assert (seen.returncode, seen.stdout) == (here.returncode, here.stdout)
        assert seen.stderr.split() == here.stderr.split()


def test_a_question_starts_without_what_draws_and_models() -> None:
    code = (
        "import sys; from journey.__main__ import main; "
        "main(['--data', 'nowhere', 'run', 'nps', '--since', '2026-01-01', '--until', "
        "'2026-02-01']); "
        "sys.exit(' '.join({'streamlit', 'plotly', 'scipy', 'sklearn', 'statsmodels'} "
        "& set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
