"""Memory stays bounded, whatever the size of the file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MEASURED = """
import pathlib, sys
from journey.__main__ import main
code = main(sys.argv[1:])
status = pathlib.Path("/proc/self/status").read_text()
print(code, int(status.partition("VmHWM:")[2].split()[0]) // 1024)
"""
# The peak is the process's own, from /proc: what getrusage says of a child starts from the peak
# of the process that made it.
LIMIT = 256
"""MiB that DuckDB may use."""

ALLOWED = 640
"""MiB for the whole process: the limit, Python with its libraries, and the reader's buffers."""


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="the peak of a process is read from /proc"
)
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_file_several_times_larger_than_memory(shop, kind):
    rows = 800_000
    path = shop.root / f"large.{kind}"
    with path.open("w") as file:
        if kind == "csv":
            file.write("touchpoint,occurred_at,customer_id,page,note\n")
        for number in range(rows):
            at = f"2026-{number % 12 + 1:02}-05 10:00:00.{number % 1_000_000:06}"
            who, note = f"customer-{number % 99_991}", f"{number:040}" * 24
            if kind == "csv":
                file.write(f"seen,{at},{who},/a/{number % 17},{note}\n")
            else:
                file.write(
                    f'{{"touchpoint":"seen","occurred_at":"{at}","customer_id":"{who}",'
                    f'"page":{number % 17},"note":"{note}"}}\n'
                )
    assert path.stat().st_size > 3 * LIMIT * 2**20
    line = [sys.executable, "-c", MEASURED, "--data", str(shop.folder.root)]
    done = subprocess.run(
        [*line, "ingest", str(path), "--as", "events"],
        cwd=ROOT,
        env=os.environ | {"JOURNEY_MEMORY": f"{LIMIT}MiB"},
        capture_output=True,
        text=True,
    )
    assert f"{rows:,} accepted" in done.stdout, done.stderr
    code, peak = done.stdout.splitlines()[-1].split()
    assert code == "0"
    assert int(peak) < ALLOWED
