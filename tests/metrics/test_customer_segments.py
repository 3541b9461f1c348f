"""Customers are put into segments only where there are enough to rank."""

from pathlib import Path

import pytest

from tests.world import Business, people


@pytest.mark.parametrize(("customers", "is_ranked"), [(1, False), (29, False), (30, True)])
def test_no_segment_is_claimed_of_too_few(customers: int, is_ranked: bool, tmp_path: Path) -> None:
    business = Business(tmp_path, currency="EUR")
    lines = {f"p{n}": f"order_completed@{n % 7},revenue={10 + n}" for n in range(customers)}
    business.deliver(people(**lines))
    business.build()
    found = business.ask("rfm_segments")
    assert found["customers"].sum() == customers
    assert ("Too few to rank" in found["segment"]) is not is_ranked
    assert is_ranked or found.height == 1
