"""Freed memory stays with a process that asks questions."""

import platform
import subprocess
import sys

import pytest

FAULTS = """
import resource
import numpy as np
from journey.metrics.kept import keep_memory

{first}
for _ in range(10):
    # Blocks under the largest that is mapped by itself, freed from the last to the first.
    blocks = [np.ones(1 << 20, dtype=np.int64) for _ in range(8)]
    while blocks:
        blocks.pop()
    if _ == 1:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def _faults(first: str) -> int:
    ran = subprocess.run(
        [sys.executable, "-c", FAULTS.format(first=first)],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(ran.stdout)


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="only glibc can be told to keep memory"
)
def test_freed_memory_is_not_asked_for_again() -> None:
    assert _faults("assert keep_memory()") < _faults("") / 10
