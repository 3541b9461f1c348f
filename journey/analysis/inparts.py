"""People in parts, so that the touches of one part at a time fit into memory."""

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

from journey.metrics.engine import Engine
from journey.metrics.filters import Filters


def people(engine: Engine, filters: Filters, touches: int) -> Iterator[tuple[int, int]]:
    """The numbers of the first and last person of each part, of about so many events of the
    store."""
    most = "select max(person_number)::bigint as people from people"
    last = int(engine.table(most, replace(filters, where={}, outside={})).item() or 0)
    size = ceil((last + 1) / max(1, ceil(engine.snapshot.events / touches)))
    for first in range(0, last + 1, size):
        yield first, first + size - 1
