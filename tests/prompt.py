"""`python -m journey` as a user calls it, without the second a Python takes to start.

The command runs here and now, in this process, with an environment and a folder of its own; what
it prints and its exit code are what a shell would see. That a shell does see it so is shown by
the tests that start one (`test_readme.py`, `test_command_line.py`).
"""

import io
import os
import traceback
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess
from unittest.mock import patch

from journey import ROOT
from journey.__main__ import main


def journey(*words: object, cwd: Path = ROOT, **environment: str) -> CompletedProcess[str]:
    """What a command prints, and its exit code."""
    arguments = [str(word) for word in words]
    printed, told = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, {"COLUMNS": "200"} | environment),
        chdir(cwd),
        redirect_stdout(printed),
        redirect_stderr(told),
    ):
        try:
            code = main(arguments)
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
        except Exception:
            traceback.print_exc()
            code = 1
    return CompletedProcess(arguments, code, printed.getvalue(), told.getvalue())
