"""Which touchpoints a step's names stand for."""

from collections.abc import Mapping
from dataclasses import replace

from journey.analysis.funnel.steps import Step
from journey.config import STAGES, UNMAPPED
from journey.errors import MetricError, suggest
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

_SQL = """
select touchpoint, stage from touchpoint_stages
union
select touchpoint, stage from daily
order by touchpoint, stage
"""


def known(engine: Engine, filters: Filters) -> dict[str, str]:
    """Touchpoint to stage: those of the configuration and those that came in, by name."""
    rows = engine.table(_SQL, replace(filters, where={}))
    return dict(rows.iter_rows())


def touchpoints(step: Step, stages: Mapping[str, str]) -> tuple[str, ...]:
    """The touchpoints that count as the step. A name that is both a touchpoint and a stage is
    the touchpoint. Raises MetricError for a name that is neither.
    """
    found: dict[str, None] = {}
    for name in step.names:
        if name in stages:
            found[name] = None
        elif name in stages.values():
            found |= {point: None for point, stage in stages.items() if stage == name}
        elif name == STAGES[-1]:
            raise MetricError(
                "Loyalty is reached by ordering again, not by a touchpoint. Give the order twice, "
                "as in --steps order_completed order_completed."
            )
        elif name not in (*STAGES, UNMAPPED):
            raise MetricError(
                f"There is no touchpoint or stage {name!r}."
                f"{suggest(name, (*stages, *STAGES[:-1]))} Name one that came in, or one that "
                "journey.toml places in a stage."
            )
    return tuple(found)
