"""What an unhappy answer goes with: against plain loops, and why there is no price."""

from collections import defaultdict
from collections.abc import Iterator
from random import Random

import pytest

from journey.analysis.pains import wording
from journey.analysis.pains.consequence import Consequences
from journey.analysis.pains.finding import find
from journey.analysis.pains.opinions import answers
from journey.metrics.filters import Filters
from tests.analysis.pains.test_opinions import asked
from tests.world import FIRST_DAY, TWO_YEARS_LATER, YEAR_LATER, Business, people

YEAR = Filters(FIRST_DAY, YEAR_LATER, TWO_YEARS_LATER)


@pytest.fixture(scope="module")
def rated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """Customers who rate their delivery and their support; the unhappy come back less often, and
    support makes more of them unhappy."""
    random = Random(3)
    lines = {}
    for number in range(900):
        at, about = random.uniform(0, 200), random.choice(("order_delivered", "support_contacted"))
        unhappy = random.random() < (0.15 if about == "order_delivered" else 0.4)
        line = f"order_completed@{at:.2f},revenue=50 {about}@{at + 1:.2f} "
        line += f"survey_answered@{at + 2:.2f},survey=csat,score={1 if unhappy else 5}"
        if random.random() < (0.1 if unhappy else 0.45):
            line += f" page_viewed@{at + 20:.2f} order_completed@{at + 21:.2f},revenue=50"
        lines[f"p{number}"] = f"{line} channel=Email device=mobile"
    business = Business(tmp_path_factory.mktemp("rated"), currency="EUR")
    business.deliver(people(**lines))
    business.build()
    yield business
    business.close()


def test_the_unhappy_by_plain_loops(rated: Business) -> None:
    first: dict = {}
    for row in sorted(rated.table("orders"), key=lambda row: row["ordered_at"]):
        first.setdefault(row["person_id"], row)
    strata = defaultdict(list)
    for row in rated.table("responses"):
        if row["about_touchpoint"] == "support_contacted":
            order = first[row["person_id"]]
            again = order["next_order_at"] is not None
            again = again and order["next_order_at"] <= order["repeat_matures_at"]
            month = (order["ordered_on"].year, order["ordered_on"].month)
            strata[month].append((float(row["normalised"] < 0), float(again)))
    part = whole = 0.0
    for own in strata.values():
        x, y = (sum(one[n] for one in own) / len(own) for n in (0, 1))
        part += sum((a - x) * (b - y) for a, b in own)
        whole += sum((a - x) ** 2 for a, _ in own)
    loss = asked(1, "support_contacted", 0.2)
    (low,) = (one for one in find(rated.engine, rated.config, YEAR) if one.kind == "low_score")
    assert low.touchpoint == "support_contacted"
    assert low.lost is not None
    (cases,) = (
        one for one in answers(rated.engine, YEAR) if one.place.touchpoint == "support_contacted"
    )
    excess = low.affected * (low.comparable - low.observed)
    assert low.lost.value == pytest.approx(-part / whole * excess)
    assert low.affected == cases.people.sum()
    assert low.money is not None
    assert low.money.low > 0
    assert "an association" in low.sentence
    assert loss.place.sign is not None


def test_who_need_not_have_ordered_has_no_price(rated: Business) -> None:
    from dataclasses import replace

    from journey.analysis.pains.opinions import opinions

    places = [asked(1, "order_completed", 0.1), asked(2, "support_contacted", 0.25)]
    (loss,) = opinions(places, places, 120, 30)
    given = Consequences(rated.engine, rated.config, YEAR)
    assert given.of(loss) is not None
    early = replace(loss, place=replace(loss.place, stage="consideration"))
    assert given.of(early) is None
    unknown = replace(loss, place=replace(loss.place, touchpoint="store_visited"))
    assert given.of(unknown) is None, "nobody rated it"


def test_why_there_is_no_price_is_told() -> None:
    assert wording.counted_with("Low CSAT, support contacted").endswith(
        "may be those of low CSAT, support contacted."
    )
    assert "1,200 rated orders" in wording.no_less_often(1200)
