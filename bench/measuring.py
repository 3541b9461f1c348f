"""Times and tables. A ratio is of two times taken in the same run on the same machine."""

import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from rich.console import Console
from rich.table import Table

console = Console()

Result = TypeVar("Result")

BUSY = 1.5
"""A load average of this much per core, counting ourselves, makes a run worth repeating."""


@dataclass(frozen=True)
class Timed(Generic[Result]):
    """What a call gave, and the best time it took: on the clock, and of all cores together."""

    result: Result
    seconds: float
    core_seconds: float


def best_of(times: int, call: Callable[[], Result]) -> Timed[Result]:
    """The call's result and its shortest time."""
    best: Timed[Result] | None = None
    for _ in range(times):
        core, clock = time.process_time(), time.perf_counter()
        result = call()
        seconds = time.perf_counter() - clock
        if best is None or seconds < best.seconds:
            best = Timed(result, seconds, time.process_time() - core)
    assert best is not None
    return best


def apart(call: Callable[..., Result], *arguments: object) -> Result:
    """The call's result from a process of its own: a peer's allocator, threads and memory must
    not weigh on who is measured next. The engines are imported there, not here."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawn) as processes:
        return processes.submit(call, *arguments).result()


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table of words and numbers, the first column words."""
    table = Table(title=title, title_justify="left")
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left")
    for row in rows:
        table.add_row(*(f"{cell:,.2f}" if isinstance(cell, float) else str(cell) for cell in row))
    console.print(table)


def say(text: str) -> None:
    """One line on what happens or was found."""
    console.print(text, markup=False, highlight=False)


def say_load() -> None:
    """How busy the machine is: a ratio taken while others work is worth less."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    busy = load / cores > BUSY
    note = "; others are working here too, so run it again when they are done" if busy else ""
    say(f"load average {load:.1f} on {cores} cores{note}")
