"""The tables without the filter: what people whom it chose did elsewhere, and nobody else."""

from pathlib import Path

import duckdb
import pytest

from journey.metrics import metric as registry
from journey.metrics.gate import UNFILTERED, RefusedError, pass_gate
from tests.world import Business, metric_file, people


@pytest.mark.parametrize("table", sorted(UNFILTERED))
def test_alone_they_would_pass_the_filter_by(table: str) -> None:
    with pytest.raises(RefusedError, match="past the reader's filter"):
        pass_gate(duckdb.connect(":memory:"), f"select count(*) as n from {table}")


@pytest.mark.parametrize("table", sorted(UNFILTERED))
def test_joined_to_a_filtered_table_they_follow_its_people(
    business: Business, tmp_path: Path, table: str
) -> None:
    """Ana bought first through Email; what she bought since counts whatever its channel."""
    business.deliver(
        people(
            ana="""order_completed@0,channel=Email,revenue=5
                order_completed@9,channel=Direct,revenue=5""",
            ben="order_completed@0,channel=Direct,revenue=5",
        )
    )
    sql = f"select count(*) as n from {table} where person_id in (select person_id from orders)"
    metric = registry.read(metric_file(tmp_path, f"\n-- Of buyers.\n{sql}", chart="table"))
    assert business.ask(metric, channel=["Email"]).item() == 2
    assert business.ask(metric).item() == 3
