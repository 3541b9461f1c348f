"""Before and after one touchpoint: what came right before it, and what right after, each time."""

from dataclasses import dataclass, replace

from journey.analysis.paths.asking import Asked
from journey.analysis.paths.steps import Edge, StepTable, table
from journey.analysis.paths.walking import walks
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters


@dataclass(frozen=True)
class Around:
    """Both sides of a name, over every time it occurred."""

    name: str
    before: StepTable
    after: StepTable

    @property
    def occurrences(self) -> int:
        """How often it occurred."""
        return self.after.paths

    @property
    def comes_from(self) -> tuple[Edge, ...]:
        """What came right before, the commonest first; at the end Other and Began."""
        return _ordered(self.before)

    @property
    def goes_to(self) -> tuple[Edge, ...]:
        """What came right after, the commonest first; at the end Other and Left."""
        return _ordered(self.after)


def look_around(engine: Engine, name: str, asked: Asked, filters: Filters) -> Around:
    """Before and after a name, under the question's cleaning. Raises MetricError for a name that
    is not there."""
    every = replace(asked, count="occurrences", steps=2, versus=None)
    before = replace(every, start=None, end=name)
    after = replace(every, start=name, end=None)
    came, went = walks(engine, [before, after], filters)
    return Around(name, table(came, before), table(went, after))


def _ordered(one: StepTable) -> tuple[Edge, ...]:
    """The edges in the order of the column they lead to."""
    places = {(cell.kind, cell.name): place for place, cell in enumerate(one.columns[1])}
    return tuple(sorted(one.edges, key=lambda edge: places[edge.target.kind, edge.target.name]))
