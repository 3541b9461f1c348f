"""Where and when more deliveries are slow: counted by plain loops, told alone where nearly all are
of one country or span, told with what stands out where they are not."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from journey.analysis.pains import slowness
from journey.analysis.pains.cases import Cases
from journey.analysis.pains.finding import find
from journey.analysis.pains.pain import Pain
from journey.metrics.filters import SEGMENTS, Filters
from tests.analysis.pains.crowds import crowd
from tests.world import FIRST_DAY, TWO_YEARS_LATER, YEAR_LATER, Business, people

YEAR = Filters(FIRST_DAY, YEAR_LATER, TWO_YEARS_LATER)


def shop(random: Random, countries: tuple[str, ...]) -> dict[str, str]:
    """Orders of a shop whose deliveries are slow in some countries; who waited comes back less."""
    lines = {}
    for number in range(700):
        country = random.choice(("AT", "DE", "FR"))
        slow = country in countries and random.random() < 0.6
        at = random.uniform(0, 200)
        line = f"order_completed@{at:.2f},revenue=50,order_id=o{number} "
        line += f"order_delivered@{at + (7 if slow else 2):.2f},order_id=o{number}"
        if random.random() < (0.1 if slow else 0.5):
            line += f" page_viewed@{at + 20:.2f} order_completed@{at + 21:.2f},revenue=50"
        lines[f"p{number}"] = f"{line} channel=Email country={country} device=mobile"
    return lines


@pytest.fixture(scope="module", params=[("DE",), ("AT", "DE", "FR")], ids=["one", "all"])
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Business, Pain]]:
    """A shop that is slow in one country, or in all, and what its ledger says of it."""
    business = Business(tmp_path_factory.mktemp("slow"), currency="EUR")
    business.deliver(people(**shop(Random(5), request.param)))
    business.build()
    found = find(business.engine, business.config, YEAR)
    (slow,) = (pain for pain in found if pain.kind == "slow_delivery")
    yield business, slow
    business.close()


def test_deliveries_by_plain_loops(told: tuple[Business, Pain]) -> None:
    business, _ = told
    expected: Counter = Counter()
    for row in business.table("orders"):
        if row["delivered_at"] is None:
            continue
        who = tuple(row[column] for column in SEGMENTS.values())
        key = ((row["delivered_on"] - FIRST_DAY).days, who)
        expected[(*key, "orders")] += 1
        days = (row["delivered_at"] - row["ordered_at"]).total_seconds() / 86400
        expected[(*key, "in time")] += days <= 5
    found: Counter = Counter()
    (cases,) = slowness.deliveries(business.engine, YEAR)
    for row in range(len(cases)):
        who = tuple(cases.values[name][cases.segment[name][row]] for name in SEGMENTS)
        found[int(cases.day[row]), who, "orders"] += int(cases.people[row])
        found[int(cases.day[row]), who, "in time"] += int(cases.went_on[row])
    assert +found == +expected


def test_slow_deliveries_of_one_country_are_told_of_it(told: tuple[Business, Pain]) -> None:
    business, pain = told
    countries = {row["country"] for row in business.table("orders") if _is_slow(row)}
    last = pain.findings[-1].sentence
    if len(countries) == 1:
        assert dict(pain.who) == {"country": "DE"}
        assert pain.title == "Slow delivery, DE"
        assert last.startswith("Nearly all slow orders are of it; more of them in DE")
    else:
        assert dict(pain.who) == {}
        assert (
            last == "It is so everywhere and since the first day; no country and no days stand out."
        )
    assert pain.affected == sum(map(_is_slow, business.table("orders")))
    assert pain.money is not None


def _is_slow(row: dict) -> bool:
    delivered = row["delivered_at"]
    return delivered is not None and (delivered - row["ordered_at"]).total_seconds() > 5 * 86400


def late(seed: int, **more: object) -> Cases:
    return replace(crowd(seed, a_day=20, **more), place=slowness.PLACE)


def test_days_on_which_more_are_slow_are_told_with_their_start() -> None:
    (found,) = slowness.more_slow([late(1, holes=[({}, (60, 80), 0.4)])], 120, 30)
    assert dict(found.who) == {}
    assert found.first in range(58, 63)


def test_where_nothing_is_slower_nothing_is_told() -> None:
    """Two comparisons of 1 %: about one world of 40."""
    assert sum(bool(slowness.more_slow([late(seed)], 120, 30)) for seed in range(40)) <= 3


def test_a_span_that_holds_nearly_all_is_the_pains_own_time(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    random = Random(8)
    lines = {}
    for number in range(700):
        at = random.uniform(0, 200)
        slow = 90 <= at < 120 and random.random() < 0.8
        line = f"order_completed@{at:.2f},revenue=50,order_id=o{number} "
        line += f"order_delivered@{at + (7 if slow else 2):.2f},order_id=o{number}"
        if random.random() < (0.1 if slow else 0.5):
            line += f" page_viewed@{at + 20:.2f} order_completed@{at + 21:.2f},revenue=50"
        lines[f"p{number}"] = f"{line} channel=Email device=mobile"
    business = Business(tmp_path_factory.mktemp("span"), currency="EUR")
    business.deliver(people(**lines))
    business.build()
    found = find(business.engine, business.config, YEAR)
    business.close()
    (pain,) = (one for one in found if one.kind == "slow_delivery")
    assert pain.since is not None
    assert pain.until is not None
    assert abs((pain.since - FIRST_DAY).days - 97) <= 3
    assert date(2026, 1, 1) < pain.since < pain.until
    assert f"{pain.since.day} " in pain.sentence
