"""One annotation: its days, its words, and which pictures it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from journey.config import STAGES
from journey.metrics.filters import SEGMENTS

SCOPES = ("metric", "stage", *SEGMENTS)
"""What may narrow an annotation: a metric, a stage, or a value of a filter."""

_PAGES = {stage: stage for stage in STAGES} | {"purchase": "decision"}
"""Stage to the page its metrics are on."""


@dataclass(frozen=True)
class Annotation:
    """Something that happened on a day, or from one day to another."""

    day: date
    text: str
    until: date | None = None
    """The last day of what took several; None for a single day."""
    kind: str = ""
    """A word such as campaign, incident or release; empty where nobody said."""
    metric: str = ""
    stage: str = ""
    where: tuple[tuple[str, str], ...] = ()
    """Filter to the value that it is about."""

    @property
    def last(self) -> date:
        """The last of its days."""
        return self.until or self.day

    def belongs(self, page: str, metric: str | None, chosen: Mapping[str, tuple[str, ...]]) -> bool:
        """Whether it is drawn on a picture of this page and metric under these filters.

        One about a metric stands on that metric's pictures only. One about a stage is left out on
        other stages' pages. One about a channel (or a persona, a device, a country) is left out
        where the reader chose others; where nothing is chosen, all are in the picture.
        """
        if self.metric and self.metric not in (metric, f"{page}/{metric}"):
            return False
        if self.stage and page in _PAGES.values() and page != _PAGES[self.stage]:
            return False
        return all(
            name not in chosen or value.casefold() in {one.casefold() for one in chosen[name]}
            for name, value in self.where
        )
