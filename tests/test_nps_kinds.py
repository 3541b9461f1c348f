"""The headline NPS counts one kind of answer, the same in every frame of a snapshot."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import pytest

from journey.analysis.experience import answers, scores
from journey.analysis.pains import opinions
from journey.metrics import segments
from journey.metrics.filters import Filters
from tests.world import FIRST_DAY, TWO_YEARS_LATER, YEAR_LATER, Business, Rows, day

KINDS = ("relational", "transactional")
SUBJECTS = {
    "relational": (
        *({"touchpoint": "survey_answered"}, {"about": "relationship"}, {"about": "company"}),
        {"about": "order_delivered", "survey_kind": "relational"},
    ),
    "transactional": (
        *({"about": "order_delivered"}, {"touchpoint": "support_contacted"}),
        {"about": "brand", "survey_kind": "transactional"},
    ),
}
"""Kind to what a source may say of an answer of it."""

FRAMES: tuple[dict[str, Any], ...] = (
    {},
    {"channel": ["Email"]},
    {"channel": ["Direct"]},
    {"country": ["AT"], "device": ["mobile"]},
    {"since": date(2026, 7, 1)},
    {"until": date(2026, 3, 1)},
    {"until": date(2026, 3, 1), "channel": ["Email"]},
    {"as_of": day(70)},
)


def told(seed: int, kinds: tuple[str, ...]) -> Rows:
    """Answers of 60 people. Before March all are transactional, where there are such, and so is
    every one that comes by e-mail."""
    random = Random(seed)
    rows: Rows = []
    for number in range(400):
        at, channel = random.uniform(0, 360), random.choice(("Email", "Direct"))
        early = day(at).date() < date(2026, 3, 1) or channel == "Email"
        kind = kinds[-1] if early else random.choice(kinds)
        survey = random.choice(("nps", "nps", "nps", "csat"))
        usual = {"nps": (0, 10), "csat": (1, 5)}[survey]
        low, high = usual if random.random() < 0.9 else (0, 5)
        rows.append(
            {
                "event_id": f"e{number}",
                # A person comes through one channel, so that a filter on it keeps whole journeys.
                "customer_id": f"{channel}{number % 60}",
                "occurred_at": day(at),
                "touchpoint": "survey_answered",
                "channel": channel,
                "device": random.choice(("mobile", "desktop")),
                "country": random.choice(("AT", "DE")),
                "survey": survey,
                "score": random.choice((None, *range(low, high + 1))),
                "scale_min": low,
                "scale_max": high,
                "kind_by_hand": kind,
                **random.choice(SUBJECTS[kind]),
            }
        )
    return rows


@pytest.fixture(params=[KINDS, KINDS[:1], KINDS[1:]], ids=["both", *KINDS])
def asked(request: pytest.FixtureRequest, business: Business) -> tuple[Business, Rows]:
    """A business that asks both kinds, or one of them."""
    rows = told(5, request.param)
    business.deliver(rows)
    business.build()
    return business, rows


def by_hand(rows: Rows, kind: str, keep: Callable[[Any], bool]) -> list[tuple[Any, ...]]:
    """Month, promoters, passives, detractors and answers of a kind, from what was delivered."""
    months: dict[date, Counter[str]] = {}
    for row in rows:
        scale = (row["scale_min"], row["scale_max"])
        if row["survey"] != "nps" or scale != (0, 10) or row["score"] is None or not keep(row):
            continue
        if row["kind_by_hand"] == kind:
            counts = months.setdefault(row["occurred_at"].date().replace(day=1), Counter())
            counts["+" if row["score"] > 8 else "0" if row["score"] > 6 else "-"] += 1
    return [
        (month, counts["+"], counts["0"], counts["-"], counts.total())
        for month, counts in sorted(months.items())
    ]


def kind_of(rows: Rows) -> str:
    """What the headline counts: the relational answers wherever the store holds one."""
    return KINDS[0] if by_hand(rows, KINDS[0], lambda row: True) else KINDS[1]


def test_the_headline_is_one_kind_row_for_row_in_every_frame(asked: tuple[Business, Rows]) -> None:
    business, rows = asked
    kind = kind_of(rows)
    for frame in FRAMES:
        headline = business.ask("nps", **frame)
        assert headline.equals(business.ask(f"nps_{kind}", **frame)), frame


def test_the_headline_by_hand(asked: tuple[Business, Rows]) -> None:
    business, rows = asked
    kind = kind_of(rows)
    whole = by_hand(rows, kind, lambda row: True)
    assert sum(row[-1] for row in whole) > 50
    assert business.ask("nps").rows() == whole
    mail = by_hand(rows, kind, lambda row: row["channel"] == "Email")
    assert business.ask("nps", channel=["Email"]).rows() == mail
    late = by_hand(rows, kind, lambda row: row["occurred_at"] >= day(181))
    assert business.ask("nps", since=day(181).date()).rows() == late


def test_where_only_the_other_kind_was_asked_nothing_is_counted(business: Business) -> None:
    """Neither a filter nor a period nor an as-of makes transactional answers the headline."""
    business.deliver(told(5, KINDS))
    for frame in (FRAMES[1], *FRAMES[5:7], {"as_of": day(50)}):
        assert business.ask("nps_transactional", **frame)["responses"].sum() > 10, frame
        assert business.ask("nps", **frame).is_empty(), frame


@pytest.mark.parametrize(
    ("relational", "kind"),
    [
        ({"score": 9, "scale_min": 0, "scale_max": 10}, "relational"),
        ({"score": None, "scale_min": 0, "scale_max": 10}, "transactional"),
        ({"score": 4, "scale_min": 0, "scale_max": 5}, "transactional"),
    ],
)
def test_one_answer_on_the_scale_settles_the_kind(
    business: Business, relational: dict[str, Any], kind: str
) -> None:
    rows = told(5, KINDS[1:])
    business.deliver([*rows, rows[0] | {"event_id": "x", "about": "brand", "survey": "nps",
                     "survey_kind": "relational"} | relational])  # fmt: skip
    assert {row["kind"] for row in business.table("responses") if row["is_headline_nps"]} == {kind}
    assert business.engine.snapshot.nps_kind == kind


def test_scores_begin_with_the_headlines_kind_under_every_filter(
    asked: tuple[Business, Rows],
) -> None:
    business, rows = asked
    for channel in ("Email", "Direct"):
        frame = Filters(FIRST_DAY, YEAR_LATER, TWO_YEARS_LATER, {"channel": (channel,)})
        chosen = answers.choose(business.engine, business.config.surveys, frame, "nps")
        assert chosen.kind == kind_of(rows)
        net = scores.every_method(business.engine, business.config, frame, None, chosen)["net"]
        counted = sum(row[-1] for row in business.ask("nps", channel=[channel]).rows())
        assert net.total.sample.count == counted


def test_detractors_are_those_of_the_headline(asked: tuple[Business, Rows]) -> None:
    business, rows = asked
    latest: dict[str, Any] = {}
    for row in sorted(rows, key=lambda row: (row["occurred_at"], row["event_id"])):
        if by_hand([row], kind_of(rows), lambda row: True):
            latest[row["customer_id"]] = row["score"]
    filters = Filters(FIRST_DAY, YEAR_LATER, TWO_YEARS_LATER)
    found = business.engine.people(segments.find("detractors"), filters)["person_id"].to_list()
    assert sorted(found) == sorted(person for person, score in latest.items() if score < 7)


def test_no_table_of_answers_has_both_kinds_in_a_row(business: Business) -> None:
    """Answers that follow a touchpoint without naming it speak of the business all the same."""
    rows = told(5, KINDS)
    business.deliver(rows)
    of_kind = Counter(
        row["kind_by_hand"] for row in rows if row["survey"] == "nps" and row["score"] is not None
    )
    spread = business.ask("score_distribution").filter(survey="nps")
    assert {kind: spread.filter(kind=kind)["answers"].sum() for kind in KINDS} == of_kind
    unhappy = business.ask("low_score")
    whole = unhappy.filter(touchpoint="nps about relationship")["answers"].sum()
    assert whole == of_kind["relational"]
    frame = Filters(FIRST_DAY, YEAR_LATER, TWO_YEARS_LATER)
    said = opinions.answers(business.engine, frame)
    names = Counter((one.place.sign, one.place.name) for one in said)
    assert set(names.values()) == {1}
    assert {one.place.name for one in said} - {
        one.place.name for one in opinions.of_touchpoints(said)
    } == {"relationship"}
