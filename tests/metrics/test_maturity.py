"""Each metric's clock is the one its SQL waits for."""

import pytest

from journey.metrics import metric as registry
from journey.metrics.maturity import Clock, clock


@pytest.mark.parametrize(
    ("name", "waits"),
    [
        ("decision/conversion_rate", Clock.CONVERSION),
        ("decision/cart_abandonment", Clock.CART),
        ("decision/checkout_abandonment", Clock.CART),
        ("loyalty/repeat_purchase_rate", Clock.REPEAT),
        ("decision/revenue", Clock.NONE),
    ],
)
def test_the_clock_is_read_off_the_sql(name: str, waits: Clock) -> None:
    assert clock(registry.find(name)) is waits
