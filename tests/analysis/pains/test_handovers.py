"""Hand-overs between channels: counted as plain loops find them, told where they lose, and never
of journeys that another loss holds."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import numpy as np
import polars as pl
import pytest

from journey.analysis.pains.cases import Cases
from journey.analysis.pains.finding import find, losses
from journey.analysis.pains.handovers import handovers, losing, place
from journey.analysis.pains.influx import Influx
from journey.analysis.pains.judged import judge
from journey.analysis.pains.telling import Teller
from journey.analysis.pains.worth import Value, Values
from journey.config import STAGES
from journey.metrics.filters import SEGMENTS, Filters
from tests.analysis.pains.crowds import VALUES, crowd
from tests.channels import channels_by_hand
from tests.oracle import DEPTH, Journey, Oracle
from tests.random_worlds import built, case
from tests.world import FIRST_DAY, TWO_YEARS_LATER, YEAR_LATER, Business, people

PLACES = ("awareness", "consideration", "decision", "checkout")


def came_back(oracle: Oracle) -> dict[tuple[str, int], tuple]:
    """Person and journey to how it came back, by plain loops."""
    found = {}
    for journey in oracle.journeys:
        own = [
            visit
            for visit in channels_by_hand.visits(oracle)[journey.person]
            if oracle.journey_of[visit.first.event_id] is journey
        ]
        if journey.is_orphan or len(own) < 2:
            continue
        first, second = own[0], own[1]
        if "Unassigned" in (first.channel, second.channel) or second.first.at > journey.matures_at:
            continue
        if first.channel == journey.segment("channel"):
            found[journey.person, journey.number] = (
                first.channel, second.channel, second.first.at, _reached(journey, second.first.at),
                channels_by_hand.converted(journey),
            )  # fmt: skip
    return found


def _reached(journey: Journey, before: object) -> int:
    """The stage it had got to before a moment."""
    depths = [DEPTH[t.stage] for t in journey.touches if t.at < before and t.stage in STAGES[:4]]
    return max([1, *depths])


@pytest.mark.parametrize("seed", range(3))
def test_random_worlds_by_plain_loops(seed: int) -> None:
    world = case(Random(seed + 70), most_people=150, most_touches=25)
    with built(world) as business:
        oracle = business.oracle([row for part in world.deliveries for row in part])
        names = {row["person_number"]: row["person_id"] for row in business.table("people")}
        table = {
            (names[row["person_number"]], row["journey_number"]): row
            for row in business.table("handovers")
        }
        columns = ("from_channel", "to_channel", "came_back_at", "reached", "is_converted")
        assert {
            key: tuple(row[column] for column in columns) for key, row in table.items()
        } == came_back(oracle)
        _days(business, names, table)
        for question in world.questions:
            filters = Filters(question.since, question.until, question.as_of, question.where)
            expected: Counter = Counter()
            for row in table.values():
                if any(row[SEGMENTS[name]] not in values for name, values in filters.where.items()):
                    continue
                inside = filters.since <= row["came_back_on"] < filters.until
                if inside and row["matures_at"] <= filters.as_of:
                    who = tuple(row[column] for column in SEGMENTS.values())
                    pair = f"{row['from_channel']} to {row['to_channel']}"
                    key = (pair, (row["came_back_on"] - filters.since).days, who, row["reached"])
                    expected[(*key, "people")] += 1
                    expected[(*key, "ordered")] += row["is_converted"]
            assert _counted(handovers(business.engine, filters)) == +expected
            _metrics(business, question, expected)


def _days(business: Business, names: dict, table: dict) -> None:
    """The days on which they stood elsewhere are those of the tables of these places."""
    stood = {
        (names[row["person_number"]], row["journey_number"], row["place"]): row["stood_on"]
        for row in business.table("standings")
    }
    first_cart: dict = {}

    def order(row: dict) -> tuple:
        return row["created_at"], row["cart_id"] is None, row["cart_id"] or ""

    for row in sorted(business.table("carts"), key=order):
        first_cart.setdefault((row["person_id"], row["journey_number"]), row)
    for key, row in table.items():
        on = ("started_on", "considered_on", "decided_on", "checked_out_on")
        for where, column in zip(PLACES, on, strict=True):
            assert row[column] == stood.get((*key, where)), (key, where)
        cart = first_cart.get(key)
        assert row["cart_on"] == (cart["created_on"] if cart and cart["cart_id"] else None)
        assert row["unnamed_cart_on"] == (
            cart["created_on"] if cart and cart["cart_id"] is None else None
        )


def _counted(found: list[Cases]) -> Counter:
    counts: Counter = Counter()
    for cases in found:
        for row in range(len(cases)):
            who = tuple(cases.values[name][cases.segment[name][row]] for name in SEGMENTS)
            key = (cases.place.name, int(cases.day[row]), who, int(cases.counts["reached"][row]))
            counts[(*key, "people")] += int(cases.people[row])
            counts[(*key, "ordered")] += int(cases.went_on[row])
    return +counts


def _metrics(business: Business, question: object, expected: Counter) -> None:
    """What the detector reads adds up to what its metrics show."""
    asked = (question.since, question.until, question.as_of)
    pairs = business.ask("hand_over_pairs", *asked, **question.where)
    weeks = business.ask("hand_over", *asked, **question.where)
    whole = {key: n for key, n in expected.items() if key[-1] == "people"}
    ordered = {key: n for key, n in expected.items() if key[-1] == "ordered"}
    assert (pairs["came_back"].sum(), pairs["ordered"].sum()) == (
        sum(whole.values()), sum(ordered.values()),
    )  # fmt: skip
    moved = pairs.filter(pl.col("from_channel") != pl.col("to_channel"))
    assert weeks["handed_over"].sum() == moved["came_back"].sum()
    assert weeks["ordered"].sum() == moved["ordered"].sum()


# ---- the detector, on drawn crowds ------------------------------------------------------------

WAYS = {("Direct", "Direct"): 12.0, ("Direct", "Email"): 8.0, ("Direct", "Social"): 8.0}
"""How many come back a day, by the channels of their first two visits."""


def returned(
    seed: int, holes: dict[str, float] | None = None, days: tuple[int, int] | None = None
) -> list[Cases]:
    """Journeys that came first through Direct and came back; a hole is the channel they came back
    through and the factor by which fewer order, on some days or always."""
    found = []
    for number, ((first, second), a_day) in enumerate(WAYS.items()):
        hole = [({}, days, (holes or {}).get(second, 1.0))]
        one = crowd(1000 * seed + number, a_day=a_day / 0.4, holes=hole)
        one = one.at(one.of({"channel": first}))
        random = np.random.default_rng(seed)
        day = one.day.astype(np.float64)
        counts = {f"{name}_day": day for name in PLACES}
        counts["checkout_device"] = one.segment["device"].astype(np.float64)
        counts["reached"] = random.integers(1, 4, len(one)).astype(np.float64)
        told = place(first, second, "consideration")
        found.append(
            replace(one, place=told, ordered=one.went_on, number=np.arange(len(one)), counts=counts)
        )
    return found


def test_a_hand_over_that_loses_is_told_in_orders() -> None:
    asked = returned(1, {"Social": 0.75})
    (found,), beside = losing(asked, [], 120, 30)
    assert beside == []
    assert (found.place.name, dict(found.who)) == ("Direct to Social", {"channel": "Direct"})
    own: dict = {}
    others: dict = {}
    for cases in asked:
        side = own if cases.place.name == "Direct to Social" else others
        for row in range(len(cases)):
            kind = tuple(cases.segment[name][row] for name in ("persona", "device"))
            n, x = side.get((*kind, cases.counts["reached"][row]), (0.0, 0.0))
            side[(*kind, cases.counts["reached"][row])] = (
                n + cases.people[row], x + cases.went_on[row],
            )  # fmt: skip
    missing = sum(n * others[kind][1] / others[kind][0] - x for kind, (n, x) in own.items())
    assert found.orders == pytest.approx(missing)
    true = sum(n for n, _ in own.values()) * 0.25 * 0.62 * 0.95
    assert abs(found.orders - true) < 1.96 * found.error


def test_days_on_which_a_hand_over_loses_are_told_with_their_start() -> None:
    (found,), _ = losing(returned(2, {"Email": 0.2}, (50, 70)), [], 120, 30)
    assert found.place.name == "Direct to Email"
    assert found.first is not None
    assert abs(found.first - 50) <= 2


def test_who_stayed_is_no_hand_over() -> None:
    assert losing(returned(3, {"Direct": 0.6}), [], 120, 30)[0] == []


def test_journeys_of_another_loss_are_left_out_and_its_evidence() -> None:
    """Fewer of everyone order on mobile, but more people on mobile come back through Social."""
    (lost, *_) = losses(
        [crowd(4, a_day=150, holes=[({"device": "mobile"}, (40, 60), 0.1)])], 120, 30
    )
    asked = returned(5, {"Social": 0.1}, (40, 60))
    mobile = asked[2].of({"device": "mobile"}) | (asked[2].day < 40) | (asked[2].day >= 60)
    asked[2] = asked[2].at(mobile)
    found, (evidence,) = losing(asked, [lost], 120, 30)
    assert found == []
    assert [one.place.name for one in evidence] == ["Direct to Social"]


def test_people_of_a_campaign_are_compared_with_nobody() -> None:
    """Those who came in its weeks are left out, whenever they came back."""
    (cases, *_) = returned(6)
    weeks = np.zeros((18, 3), dtype=np.bool_)
    weeks[5, VALUES["channel"].index("Direct")] = True
    came = np.full(len(cases), 36.0)
    cases = replace(cases, counts={**cases.counts, "awareness_day": came})
    assert len(Influx(weeks, VALUES["channel"]).without([cases])[0]) == 0
    early = replace(cases, counts={**cases.counts, "awareness_day": came - 60})
    assert len(Influx(weeks, VALUES["channel"]).without([early])[0]) == len(cases)


def test_where_nothing_happened_false_alarms_are_held() -> None:
    """Two comparisons of 1 %: one or two worlds of 80."""
    assert sum(bool(losing(returned(seed), [], 120, 30)[0]) for seed in range(600, 680)) <= 5


def test_nobody_came_back() -> None:
    assert losing([], [], 120, 30) == ([], [])


def test_a_hand_over_is_told_in_money_and_as_an_association() -> None:
    class Hundred(Values):
        def __init__(self) -> None:
            """Every order is worth a hundred."""

        def of(self, who: Mapping[str, str]) -> Value:
            return Value(100.0, 0.0, 0.0, 1000)

    (found,), _ = losing(returned(1, {"Social": 0.75}), [], 120, 30)
    pain = Teller(Hundred(), date(2026, 1, 1), 120, 4.0, "EUR").lost(found)
    assert (pain.title, pain.kind, pain.touchpoint) == ("Direct to Social", "hand_over", None)
    assert pain.key == "Direct to Social/hand_over/channel=Direct"
    assert pain.sentence.startswith("Direct to Social loses ")
    against = "against journeys from Direct that came back otherwise, about EUR "
    assert f" a month {against}" in pain.sentence
    assert pain.sentence.endswith("An association: which way people come back, they choose.")
    assert pain.findings[0].sentence.startswith(f"Of {found.people:,} journeys, ")
    assert pain.money is not None
    assert pain.money.value == pytest.approx(100 * found.orders)


def test_a_ledger_tells_a_hand_over_and_judges_its_fix(tmp_path: Path) -> None:
    """Those who come back through a shop's social pages order a fifth as often."""
    random, lines = Random(7), {}
    for number in range(1200):
        at, second = random.uniform(0, 170), random.choice(("Direct", "Email", "Social"))
        line = f"page_viewed@{at:.2f},channel=Direct product_viewed@{at + 1:.2f},channel={second}"
        if random.random() < (0.1 if second == "Social" else 0.5):
            line += f" order_completed@{at + 1.01:.3f},channel={second},revenue=40"
        lines[f"p{number}"] = f"{line} device=mobile"
    business = Business(tmp_path, currency="EUR")
    business.deliver(people(**lines))
    business.build()
    year = Filters(FIRST_DAY, YEAR_LATER, TWO_YEARS_LATER)
    (pain,) = find(business.engine, business.config, year)
    found = judge(business.engine, pain.metric, pain.who, FIRST_DAY + timedelta(days=90))
    business.close()
    assert (pain.title, pain.stage, dict(pain.who)) == (
        "Direct to Social", "awareness", {"channel": "Direct"},
    )  # fmt: skip
    assert pain.lost is not None
    true = 0.4 * sum("channel=Social" in line for line in lines.values())
    assert pain.lost.low < true < pain.lost.high
    assert pain.money is not None
    assert pain.money.value == pytest.approx(40 * pain.lost.value)
    assert found.metric is not None
    assert found.metric.name == "hand_over"
