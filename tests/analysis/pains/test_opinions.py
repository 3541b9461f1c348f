"""Low scores and complaints: counted as they stand in the tables, found where there are more."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from random import Random

import numpy as np
import pytest

from journey.analysis.pains import opinions
from journey.analysis.pains.cases import Cases, Place, Sign
from journey.analysis.pains.pain import Pain, folded
from journey.metrics.filters import SEGMENTS, Filters
from tests.analysis.pains.crowds import crowd
from tests.ledger.test_rows import pain
from tests.world import FIRST_DAY, TWO_YEARS_LATER, YEAR_LATER, Business, people

YEAR = Filters(FIRST_DAY, YEAR_LATER, TWO_YEARS_LATER)
SAID = ("The delivery was late", "Great delivery", "The parcel was damaged", "Support was rude")


@pytest.fixture(scope="module")
def talkative(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """A business whose customers answer and write."""
    random = Random(4)
    lines = {}
    for number in range(120):
        at = random.uniform(0, 200)
        survey, most = random.choice((("csat", 5), ("nps", 10), ("ces", 7)))
        about = random.choice(("order_completed", "support_contacted"))
        said = random.choice(SAID).replace(" ", "-")
        answer = f"survey_answered@{at + 1:.2f},survey={survey},score={random.randint(1, most)}"
        answer += f",comment={said},language=en" * (random.random() < 0.7)
        device = random.choice(("mobile", "desktop"))
        lines[f"p{number}"] = f"{about}@{at:.2f} page_viewed@0 {answer} device={device}"
    business = Business(tmp_path_factory.mktemp("talkative"), currency="EUR")
    rows = people(**lines)
    for row in rows:
        if row.get("comment"):
            row["comment"] = row["comment"].replace("-", " ")
    business.deliver(rows)
    business.build()
    yield business
    business.close()


def counted(cases: list[Cases], *names: str) -> Counter:
    """Place, day, segment and count to the number."""
    found: Counter = Counter()
    for one in cases:
        for row in range(len(one)):
            who = tuple(one.values[name][one.segment[name][row]] for name in SEGMENTS)
            key = (one.place.name, one.place.sign and one.place.sign.name, int(one.day[row]), who)
            found[(*key, "people")] += one.people[row]
            found[(*key, "spared")] += one.went_on[row]
            found.update({(*key, name): one.counts[name][row] for name in names})
    return +found


def test_answers_by_plain_loops(talkative: Business) -> None:
    expected: Counter = Counter()
    for row in talkative.table("responses"):
        if row["survey"] is None or row["normalised"] is None:
            continue
        who = tuple(row[column] for column in SEGMENTS.values())
        day = (row["answered_on"] - FIRST_DAY).days
        about = "relationship" if row["kind"] == "relational" else row["about_touchpoint"]
        key = (about, f"low_{row['survey']}", day, who)
        top = {"csat": 3, "ces": 4, "nps": 7}[row["survey"]]
        expected[(*key, "people")] += 1
        expected[(*key, "spared")] += row["score"] >= top
    assert expected
    assert counted(opinions.answers(talkative.engine, YEAR)) == +expected


def test_comments_by_plain_loops(talkative: Business) -> None:
    mentions = talkative.table("mentions")
    themes = {row["theme"] for row in mentions}
    assert {"delivery", "support"} <= themes
    expected: Counter = Counter()
    for row in talkative.table("responses"):
        if row["comment"] is None:
            continue
        who = tuple(row[column] for column in SEGMENTS.values())
        own = {one["theme"]: one for one in mentions if one["event_id"] == row["event_id"]}
        for theme in themes:
            key = (theme, "complaints", (row["answered_on"] - FIRST_DAY).days, who)
            complains = theme in own and own[theme]["sentiment"] == "negative"
            expected[(*key, "people")] += 1
            expected[(*key, "spared")] += not complains
            expected[(*key, "mentions")] += theme in own
            expected[(*key, "complaints")] += complains
    found = opinions.comments(talkative.engine, YEAR)
    assert counted(found, "mentions", "complaints") == +expected
    (delivery,) = (one for one in found if one.place.name == "delivery")
    worst = Counter(
        row["about_touchpoint"]
        for row in mentions
        if row["theme"] == "delivery" and row["sentiment"] == "negative"
    ).most_common(2)
    if len(worst) == 1 or worst[0][1] > worst[1][1]:
        assert delivery.place.touchpoint == worst[0][0]


def test_the_metrics_come_to_what_the_detectors_read(talkative: Business) -> None:
    for name, cases in (
        ("low_score", opinions.answers(talkative.engine, YEAR)),
        ("negative_theme", opinions.comments(talkative.engine, YEAR)),
    ):
        rows = talkative.ask(f"pains/{name}")
        bad, whole = rows.columns[-2:]
        read = sum((one.people - one.went_on).sum() for one in cases)
        assert rows[bad].sum() == read
        if name == "low_score":
            assert rows[whole].sum() == sum(one.people.sum() for one in cases)


def asked(seed: int, touchpoint: str, usual: float, factor: float = 1.0, **more: object) -> Cases:
    """Answers about a touchpoint, more of them unhappy for a segment or on some days."""
    who, span = more.get("who", {}), more.get("span")
    cases = crowd(seed, a_day=12, befell=[("met_error", usual, who, span, factor)])
    sign = Sign("low_csat", "low_score", "Low CSAT", "were unhappy", "answers")
    place = Place(0, touchpoint, "post_purchase", touchpoint, "", "pains/low_score", sign)
    spared = cases.people - cases.counts["met_error"]
    return replace(cases, place=place, went_on=spared, ordered=spared)


def test_a_touchpoint_of_low_scores_is_told_against_the_others() -> None:
    places = [asked(1, "order_completed", 0.1), asked(2, "support_contacted", 0.25)]
    (found,) = opinions.opinions(places, places, 120, 30)
    assert (found.place.touchpoint, found.detector, dict(found.who)) == (
        "support_contacted", "elsewhere", {},
    )  # fmt: skip
    low = places[1]
    expected = 0.0
    for row in range(len(low)):
        kind = [low.segment[name][row] for name in ("channel", "persona")]
        alike = np.all(
            [places[0].segment[name] == kind[n] for n, name in enumerate(("channel", "persona"))],
            axis=0,
        )
        others = places[0].people[alike].sum(), places[0].went_on[alike].sum()
        expected += low.people[row] * others[1] / others[0]
    assert found.orders == pytest.approx(expected - low.went_on.sum())


def test_days_and_segments_of_low_scores_share_no_answers() -> None:
    us = asked(3, "order_delivered", 0.1, 3.0, who={"country": "DE"})
    bad = asked(4, "order_completed", 0.1, 5.0, span=(40, 60))
    found = opinions.opinions([us, bad], [us, bad], 120, 30)
    told = {(loss.place.touchpoint, loss.detector): loss for loss in found}
    assert dict(told["order_delivered", "drop_off"].who) == {"country": "DE"}
    assert told["order_completed", "incident"].first in range(38, 43)
    for touchpoint in ("order_delivered", "order_completed"):
        rows = [loss.rows for loss in found if loss.place.touchpoint == touchpoint]
        assert len(np.unique(np.concatenate(rows))) == sum(map(len, rows))


def test_where_all_are_alike_false_alarms_are_held() -> None:
    """Three comparisons of 1 %: about two worlds of 60."""
    alarms = 0
    for seed in range(60):
        places = [asked(2 * seed + n, f"t{n}", 0.12) for n in range(2)]
        alarms += bool(opinions.opinions(places, places, 120, 30))
    assert alarms <= 6


def test_what_is_said_of_a_priced_pain_is_its_evidence() -> None:
    def said(touchpoint: str | None, since: date | None = None, **who: str) -> Pain:
        more = pain("low", 0, 0, 0)
        return replace(
            more, money=None, lost=None, touchpoint=touchpoint, since=since, who=who,
            until=date(2026, 7, 14) if since else None, findings=("seen",),
        )  # fmt: skip

    july = date(2026, 7, 3)
    broken = replace(pain("a", 9, 8, 10, until=date(2026, 7, 14)), touchpoint="checkout_started")
    late = replace(pain("b", 5, 4, 6), touchpoint="order_delivered", since=None, who={})
    own = said("checkout_started", july), said("order_delivered", country="US")
    others = [
        said("checkout_started", date(2026, 8, 1)),
        said("checkout_started", july, device="desktop"),
        said(None),
        said("support_contacted", july),
        said("checkout_started"),
    ]
    rows = [replace(one, key=str(n)) for n, one in enumerate(others)]
    asked_for: list[int] = []

    def row(number: int) -> Pain:
        asked_for.append(number)
        return rows[number]

    found = folded(
        [broken, late],
        [*((one, lambda: pytest.fail("a row of its own")) for one in own),
         *((one, partial(row, n)) for n, one in enumerate(others))],
    )  # fmt: skip
    assert asked_for == list(range(len(others)))
    assert found[2:] == rows, "another time, other people, elsewhere"
    assert [one.findings for one in found[:2]] == [("seen",), ("seen",)]


def test_what_tells_the_same_without_a_price_is_one_row() -> None:
    def said(key: str, **who: str) -> tuple[Pain, object]:
        one = replace(
            pain(key, 0, 0, 0), money=None, lost=None, touchpoint="support_contacted", since=None,
            until=None, who=who, findings=(key,),
        )  # fmt: skip
        return one, lambda: one

    found = folded([], [said("csat"), said("ces"), said("us", country="US")])
    assert [(one.key, one.findings) for one in found] == [("csat", ("csat", "ces", "us"))]
    found = folded([], [said("us", country="US"), said("csat")])
    assert [one.key for one in found] == ["us", "csat"], "everyone's is not evidence for a part's"


def test_a_quiet_business_says_nothing(visitor: Business) -> None:
    assert opinions.answers(visitor.engine, YEAR) == []
    assert opinions.comments(visitor.engine, YEAR) == []
    assert opinions.opinions([], [], 120, 30) == []
