"""Which touchpoints a step's names stand for, and their numbers in the tables."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from journey.analysis.funnel.steps import Step
from journey.config import STAGES, UNMAPPED
from journey.errors import MetricError, suggest
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

_SQL = """
select touchpoint, stage, touchpoint_number::bigint as number from touchpoints
union all
select touchpoint, stage, null as number
from touchpoint_stages
where touchpoint not in (select touchpoint from touchpoints)
order by touchpoint
"""


@dataclass(frozen=True)
class Names:
    """The touchpoints there are: those that came in, and those the configuration knows."""

    stages: dict[str, str]
    """Touchpoint to stage, in order of name."""
    known: dict[str, int]
    """Touchpoint to its number in `sequence`, where it came in."""

    def touchpoints(self, step: Step) -> tuple[str, ...]:
        """The touchpoints that count as the step. A name that is both a touchpoint and a stage is
        the touchpoint. Raises MetricError for a name that is neither.
        """
        found: dict[str, None] = {}
        for name in step.names:
            if name in self.stages:
                found[name] = None
            elif name in self.stages.values():
                found |= {point: None for point, stage in self.stages.items() if stage == name}
            elif name == STAGES[-1]:
                raise MetricError(
                    "Loyalty is reached by ordering again, not by a touchpoint. Give the order "
                    "twice, as in --steps order_completed order_completed."
                )
            elif name not in (*STAGES, UNMAPPED):
                raise MetricError(
                    f"There is no touchpoint or stage {name!r}."
                    f"{suggest(name, (*self.stages, *STAGES[:-1]))} Name one that came in, or one "
                    "that journey.toml places in a stage."
                )
        return tuple(found)

    def numbers_of(self, step: Step) -> list[int]:
        """The numbers of the step's touchpoints that came in."""
        return self.numbers(self.touchpoints(step))

    def numbers(self, touchpoints: Sequence[str]) -> list[int]:
        """The numbers of these touchpoints, of those that came in."""
        return sorted(self.known[name] for name in touchpoints if name in self.known)


_read: WeakKeyDictionary[Engine, Names] = WeakKeyDictionary()


def known(engine: Engine, filters: Filters) -> Names:
    """The touchpoints of a snapshot, read once."""
    if engine not in _read:
        rows = engine.table(_SQL, replace(filters, where={}, outside={}))
        stages = {name: stage for name, stage, _ in rows.iter_rows()}
        _read[engine] = Names(stages, {name: n for name, _, n in rows.iter_rows() if n is not None})
    return _read[engine]
