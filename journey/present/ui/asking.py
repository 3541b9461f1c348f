"""What questions are asked of: a snapshot, the configuration and the reader's choice."""

from collections.abc import Callable
from datetime import timedelta
from functools import cached_property

from journey.config import LONGEST, Config
from journey.metrics import metric as registry
from journey.metrics.answer import Answer
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.present.ui.shell import ask

Ask = Callable[["Frame"], object]
"""A question, put to a frame; its answer is kept where it is asked."""

_LONG = timedelta(days=LONGEST)
"""So long after the data every case has had its time."""


class Frame:
    """One choice of the filters and what it is compared with; a page has one, and what is worked
    out ahead of a reader has others."""

    def __init__(
        self, engine: Engine, config: Config, filters: Filters, before: Filters | None
    ) -> None:
        self.engine, self.config, self.filters = engine, config, filters
        self.reaches_back = before is None or engine.snapshot.has_before(before.until)
        """Whether the data has a day of what it is compared with, where it is compared."""
        self.before = before if self.reaches_back else None
        self.asked: list[tuple[str, int]] = []
        """The metrics asked for, each with the place in `frames` of the filters."""
        self._answers: dict[tuple[str, int], Answer] = {}

    @cached_property
    def frames(self) -> list[Filters]:
        """The reader's choice, and all it is compared with."""
        return [self.filters, *self.compared()]

    def ask(self, name: str, filters: Filters | None = None) -> Answer:
        """A metric's answer in this frame, or in another. Raises MetricError."""
        chosen = filters or self.filters
        if chosen not in self.frames:
            return ask(self.engine, registry.find(name), chosen)
        question = name, self.frames.index(chosen)
        if question not in self.asked:
            self.asked.append(question)
        if question not in self._answers:
            self._answers[question] = ask(self.engine, registry.find(name), chosen)
        return self._answers[question]

    def is_measured(self, name: str) -> bool:
        """Whether a metric has a case in this frame or anywhere in the data: of anyone, at any
        time and however young, so that what has not had its time yet is measured too. Raises
        MetricError."""
        if not self.ask(name).is_empty:
            return True
        snapshot = self.engine.snapshot
        until, as_of = snapshot.last_day + timedelta(days=1), snapshot.watermark + _LONG
        whole = self.engine.filters(snapshot.first_day, until, as_of)
        return not ask(self.engine, registry.find(name), whole).is_empty

    def compared(self) -> list[Filters]:
        """What a number is compared with: the reader's choice, then the span before and the year
        before, as far as the data reaches back."""
        if self.before is None:
            return []
        found = [self.before]
        for earlier in (self.filters.before(), self.filters.year_before()):
            if earlier.since >= self.engine.snapshot.first_day and earlier not in found:
                found.append(earlier)
        return found
