"""Questions that nobody waits for give way to those that somebody does."""

from collections.abc import Callable
from contextvars import ContextVar

waits: ContextVar[Callable[[], object] | None] = ContextVar("waits", default=None)
"""What whoever asks does before each question of an analysis; nothing unless it is set."""


def give_way() -> None:
    """Wait as long as whoever asks has chosen to."""
    if wait := waits.get():
        wait()
