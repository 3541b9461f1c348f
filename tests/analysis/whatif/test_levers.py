"""A channel gone and deliveries faster: held against attribution, and against a shop counted by
hand."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from journey.analysis.pains.repeats import slow
from journey.analysis.whatif import asking, chain, removing, wording
from journey.analysis.whatif.asking import Faster, Step, Without, ask, ground
from journey.analysis.whatif.chain import state
from journey.analysis.whatif.flows import BACK, MONTH
from journey.errors import MetricError
from journey.metrics.filters import Filters
from tests.random_worlds import Case, built, case
from tests.world import FIRST_DAY, TWO_YEARS_LATER, YEAR_LATER, Business, people

ALL = Filters(FIRST_DAY, YEAR_LATER, TWO_YEARS_LATER)


@pytest.fixture(scope="module")
def crowd() -> Iterator[Business]:
    """A crowd of random people."""
    world: Case = case(Random(11), 150, 25)
    with built(world) as business:
        yield business


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """A shop where every second order takes five and a half days, or seven, and the customers of
    slow orders come back a third as often."""
    lines = {}
    for number in range(600):
        days = (2, 5.5, 2, 7)[number % 4]
        start = number % 60
        line = f"page_viewed@{start} checkout_started@{start + 0.1} "
        line += f"order_completed@{start + 0.2},revenue=50,order_id=o{number} "
        line += f"order_delivered@{start + 0.2 + days},order_id=o{number}"
        if number % 10 in ((0, 2, 4) if days == 2 else (1,)):
            line += f" page_viewed@{start + 20} order_completed@{start + 21},revenue=50"
        lines[f"p{number}"] = f"{line} channel=Email"
    business = Business(tmp_path_factory.mktemp("shop"), currency="EUR")
    business.deliver(people(**lines))
    business.build()
    yield business
    business.close()


def test_a_channel_gone_costs_what_attribution_says(crowd: Business) -> None:
    frame = Filters(ALL.since, ALL.until.replace(year=2029), TWO_YEARS_LATER.replace(year=2030))
    given = ground(crowd.engine, frame, 1)
    # Without orders that follow, the share lost is the removal effect and nothing else.
    alone = replace(given, flows=replace(given.flows, came_back=np.zeros_like(given.flows.closed)))
    credit = removing.credit(crowd.engine, frame)
    assert credit.effects is not None
    for channel, lost in zip(credit.channels, credit.effects, strict=True):
        found = ask(crowd.engine, frame, Without(channel), 1, given=alone, credit=credit)
        assert -found.orders.value / found.before == pytest.approx(float(lost))
        assert found.orders.low <= found.orders.value <= found.orders.high <= 0
        more = ask(crowd.engine, frame, Without(channel), 1, given=given, credit=credit)
        assert -more.orders.value / more.before >= float(lost) - 1e-9, "orders that follow go too"
        parts = more.naive + sum(part.orders for part in more.parts)
        assert parts == pytest.approx(more.orders.value)


def test_all_channels_through_which_everybody_comes_is_all(shop: Business) -> None:
    found = ask(shop.engine, ALL, Without("Email"), 30)
    assert found.orders.value == pytest.approx(-found.before)


def test_faster_deliveries_are_counted_by_hand(shop: Business) -> None:
    given = ground(shop.engine, ALL, 30)
    found = ask(shop.engine, ALL, Faster(1), 30, given=given)
    assert found.is_association
    assert found.cases == 150, "those of five and a half days, not those of seven"
    told = slow(shop.engine, ALL, 30)
    assert told is not None
    days = shop.table(
        "orders where delivered_on is not null", "max(delivered_on) - min(delivered_on) as n"
    )
    months = (days[0]["n"] + 1) / MONTH
    followed = chain.chain(given.flows.once).orders[0, state(BACK, "order")]
    each = told.repeats / told.orders
    assert found.orders.value == pytest.approx(150 / months * each * followed)
    assert found.naive == pytest.approx(150 / months * (180 / 300 - 60 / 300))
    assert found.orders.low < found.orders.value < found.orders.high
    two = ask(shop.engine, ALL, Faster(2.5), 30, given=given)
    assert two.cases == 300
    assert two.orders.value == pytest.approx(2 * found.orders.value)
    assert ask(shop.engine, ALL, Faster(0), 30, given=given).orders.value == 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (Without("Emial"), r"holds the channel 'Emial'\. Did you mean 'Email'"),
        (Faster(-1), "0 to 10 days faster"),
        (Faster(float("nan")), "0 to 10 days faster"),
        (Step("checkout", "order", 5), r"it is 100\.0 % now"),
    ],
)
def test_what_cannot_be_changed_is_told(change: asking.Change, says: str, shop: Business) -> None:
    with pytest.raises(MetricError, match=says):
        ask(shop.engine, ALL, change, 30)


def test_nothing_to_win_is_told(crowd: Business) -> None:
    with pytest.raises(MetricError, match="no fewer repeat orders than chance would explain"):
        ask(crowd.engine, ALL, Faster(1), 30)


def test_a_period_without_mature_journeys_has_no_chain(shop: Business) -> None:
    early = replace(ALL, as_of=TWO_YEARS_LATER.replace(year=2020))
    with pytest.raises(MetricError, match="there is no chain to change"):
        ask(shop.engine, early, Step("checkout", "order", 2), 30)


def test_the_words_say_all_parts(shop: Business) -> None:
    found = ask(shop.engine, ALL, Faster(1), 30)
    told = wording.sentences(Faster(1), found, "EUR")
    assert told[0].startswith("Deliveries 1 day faster: ")
    assert "about EUR" in told[0]
    assert told[-1] == wording.ASSOCIATED
    assert len(told) == 4 + len(found.parts)
    rows = wording.table(found)
    assert rows["orders_a_month"][:-1].sum() == pytest.approx(rows["orders_a_month"][-1])
