"""Questions that nobody waits for give way to those that somebody does."""

from collections.abc import Callable
from contextvars import ContextVar

before_each_question = ContextVar[Callable[[], object] | None]("before_each_question", default=None)
"""What whoever asks does before each question of an analysis; nothing unless it is set."""


def give_way() -> None:
    """Wait as long as whoever asks has chosen to."""
    if wait := before_each_question.get():
        wait()
