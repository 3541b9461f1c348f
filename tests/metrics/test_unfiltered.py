"""The tables without the filter: what people whom it chose did elsewhere, and nobody else."""

from pathlib import Path

import duckdb
import pytest

from journey import ROOT
from journey.metrics import metric as registry
from journey.metrics.gate import FILTERED, UNFILTERED, RefusedError, pass_gate
from tests.world import Business, metric_file, people


@pytest.mark.parametrize("table", sorted(UNFILTERED))
def test_alone_they_would_pass_the_filter_by(table: str) -> None:
    with pytest.raises(RefusedError, match="past the reader's filter"):
        pass_gate(duckdb.connect(":memory:"), f"select count(*) as n from {table}")


@pytest.mark.parametrize("table", sorted(UNFILTERED))
def test_joined_to_a_filtered_table_they_follow_its_people(
    business: Business, tmp_path: Path, table: str
) -> None:
    """Ana bought first through Email; what she did since counts whatever its channel."""

    def bought(day: int, channel: str) -> str:
        answer = "survey=csat,scale_min=1,scale_max=5,score=5"
        return (
            f"product_added@{day},channel={channel} checkout_started@{day} "
            f"order_completed@{day}.1,revenue=5 survey_answered@{day}.2,{answer} "
        )

    business.deliver(people(ana=bought(0, "Email") + bought(9, "Direct"), ben=bought(0, "Direct")))
    sql = (
        f"select count(distinct person_id || journey_number::varchar) as n from {table} "
        "where person_id in (select person_id from orders)"
    )
    metric = registry.read(metric_file(tmp_path, f"\n-- Of buyers.\n{sql}", chart="table"))
    assert business.ask(metric, channel=["Email"]).item() == 2
    assert business.ask(metric).item() == 3


def test_contributors_are_told_of_every_table_of_people() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [name for name in sorted(FILTERED | UNFILTERED) if f"`{name}`" not in text] == []
