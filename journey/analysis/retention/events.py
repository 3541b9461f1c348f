"""Where the events of a cohort are read, as fixed pieces of SQL; names stay parameters."""

from dataclasses import dataclass

from journey.analysis.retention.settings import EVENTS, ORDER, TOUCH
from journey.errors import MetricError, suggest
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters


@dataclass(frozen=True)
class Source:
    """A table with events in the order of each person."""

    table: str
    place: str
    at: str
    on: str

    def events(self, columns: str, condition: str, everyone: bool) -> str:
        """A SELECT of events known by the as-of, under the reader's filter or of everyone."""
        table = f"all_{self.table}" if everyone else self.table
        return (
            f"select person_id, {self.place} as place, {self.at} as happened_at, "
            f"{self.on} as happened_on{columns} from {table} "
            f"where {self.at} <= $as_of and {condition}"
        )


ORDERS = Source("orders", "order_number", "ordered_at", "ordered_on")
TOUCHES = Source("touches", "touch_number", "occurred_at", "occurred_on")


def source(*events: str) -> Source:
    """The smallest table that has all of these events."""
    return ORDERS if set(events) == {ORDER} else TOUCHES


def condition(place: Source, event: str, parameter: str) -> str:
    """What makes a row of the table this event; a touchpoint is compared with the parameter."""
    if event == TOUCH or place is ORDERS:
        return "true"
    return "is_order" if event == ORDER else f"touchpoint = ${parameter}"


def check(engine: Engine, filters: Filters, *events: str) -> None:
    """Raise MetricError for an event that there is not."""
    asked = [event for event in events if event not in EVENTS]
    if not asked:
        return
    rows = engine.table("select distinct touchpoint from touchpoints order by touchpoint", filters)
    known = [*EVENTS, *rows["touchpoint"]]
    for event in asked:
        if event not in known:
            raise MetricError(
                f"There is no event {event!r}.{suggest(event, known)} Choose order, touch, or a "
                "touchpoint by its name."
            )
