"""Two numbers and the steps between them: measured, exact, and nothing left over."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journey.analysis.reconcile import numbers, walking
from journey.analysis.reconcile.cases import SOURCES
from journey.analysis.reconcile.counting import count
from journey.analysis.reconcile.walking import Walk, walk
from journey.errors import MetricError
from journey.metrics.counts import EVENTS, Counts, parse
from journey.metrics.filters import SEGMENTS, Filters
from journey.metrics.metric import find
from journey.present import reconciled
from tests.analysis.reconcile.by_hand import ByHand
from tests.oracle import CORE_METRICS
from tests.random_worlds import Case, built, case
from tests.world import Business

OFFERED = numbers.offered()
DECLARED = [name for name in OFFERED if numbers.find(name).counts is not None]


@pytest.fixture(scope="module")
def world() -> Case:
    """A crowd of random people, with all that is nasty."""
    return case(Random(11), 150, 25)


@pytest.fixture(scope="module")
def crowd(world: Case) -> Iterator[Business]:
    """The crowd's business."""
    with built(world) as business:
        yield business


@pytest.fixture(scope="module")
def frames(crowd: Business, world: Case) -> list[Filters]:
    """All time and parts of it, as of the end and of an edge, of everyone and of segments."""
    asked = [Filters(q.since, q.until, q.as_of, q.where) for q in world.questions]
    first = crowd.engine.snapshot.first_day
    short = Filters(first, first + timedelta(days=120), asked[0].as_of)
    midway = [
        replace(asked[0], as_of=datetime.combine(first + timedelta(days=days), time(13)))
        for days in (60, 110, 200)
    ]
    return [*asked, short, *midway]


def between(business: Business, first: tuple, last: tuple, minimum_n: int = 1) -> Walk:
    """The walk from one number to another."""
    engine = business.engine
    return walk(engine, engine.run, first, last, minimum_n)


# ---- declarations ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DECLARED)
def test_what_is_declared_comes_to_what_the_card_says(
    name: str, crowd: Business, frames: list[Filters]
) -> None:
    number = numbers.find(name)
    assert number.counts is not None
    for filters in frames:
        own = numbers.own(crowd.engine.run, number, filters)
        told = count(crowd.engine, number.counts, filters)
        assert (told.value, told.part) == (own.value, own.part), filters
        assert own.n in (None, told.n)


def test_every_core_metric_declares_what_it_counts() -> None:
    repeats = {"repeat_purchase_rate", "repeat_share", "returning_customers"}
    own = repeats | {"checkout_abandonment", "revenue"}
    for name in {*CORE_METRICS, *own}:
        assert find(name).counts, name


def test_the_words_and_the_tables_know_the_same_events_and_goals() -> None:
    assert SOURCES.keys() == EVENTS.keys()
    for name, event in EVENTS.items():
        assert SOURCES[name].goals.keys() == event.goals.keys(), name


WRONG = {
    "no event": ("share", r"counts begins with 'share'\. Begin with"),
    "a misspelt event": ("share of journy to purchase", r"'journy', which is none\. Did you mean"),
    "a misspelt measure": ("shares of journey to purchase", "names the measure 'shares'"),
    "no goal": ("share of journey", r"not of what\. Name the goal"),
    "a goal of another event": ("share of cart to refund", "goal of cart 'refund'"),
    "another's unit": ("count of order, per cart", "names the unit 'cart'"),
    "an unknown window": ("share of cart to bought, within weeks", "names the window 'weeks'"),
    "nothing to wait for": ("count of order, closed", "no length to wait for"),
    "a clause twice": ("count of order, by event, by start", "is there twice or not whole"),
    "an unknown clause": ("count of order, on start", "names the clause 'on'"),
    "an unknown clock": ("count of order, by end", "names the clock 'end'"),
}


@pytest.mark.parametrize(("text", "says"), WRONG.values(), ids=WRONG)
def test_a_wrong_declaration_is_told_with_the_remedy(text: str, says: str) -> None:
    with pytest.raises(MetricError, match=says):
        parse(text)


# ---- counting, against counting by hand --------------------------------------------------------

GOALS = {
    "journey": (None, "purchase", "looking"),
    "order": (None, "next_order", "another_order", "refund", "repeated"),
}


@st.composite
def declarations(draw: st.DrawFn) -> Counts:
    """Anything a metric over journeys or orders may declare."""
    event = draw(st.sampled_from(sorted(GOALS)))
    goal = draw(st.sampled_from(GOALS[event]))
    return Counts(
        measure="share",
        event=event,
        goal=goal,
        reached=goal is None or draw(st.booleans()),
        unit=draw(st.sampled_from(["journey", "order", "person", "person_in_period"])),
        window=draw(st.sampled_from(["known", "period", "conversion", "repeat", "7 days"])),
        closed=draw(st.sampled_from([None, None, "conversion", "repeat"])),
        clock=draw(st.sampled_from(["event", "start"])),
        identified=draw(st.booleans()),
    )


@settings(max_examples=100)
@given(declarations(), st.data())
def test_the_query_counts_as_one_would_by_hand(
    crowd: Business, frames: list[Filters], counts: Counts, data: st.DataObject
) -> None:
    filters = data.draw(st.sampled_from(frames))
    found = count(crowd.engine, counts, filters)
    part, whole = ByHand(crowd).count(counts, filters)
    assert (found.part or 0, found.n) == (part, whole)


# ---- walking -----------------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.sampled_from(OFFERED), st.sampled_from(OFFERED), st.data())
def test_the_steps_add_up_exactly_and_backwards_too(
    crowd: Business, frames: list[Filters], first: str, last: str, data: st.DataObject
) -> None:
    here, there = (data.draw(st.sampled_from(frames)) for _ in range(2))
    forth = between(crowd, (first, here), (last, there))
    back = between(crowd, (last, there), (first, here))
    assert bool(forth.obstacle) == bool(back.obstacle)
    if forth.difference is None or back.difference is None:
        assert forth.obstacle
        assert not forth.steps
        return
    assert sum(step.amount for step in forth.steps) == forth.difference == -back.difference
    assert sum(step.amount for step in back.steps) == back.difference
    at = forth.first.count.value
    for step in forth.steps:
        assert step.before.value == at, "a step begins where the one before it ends"
        at = step.after.value
    walked = [name for step in forth.steps for name in step.properties]
    if "definition" not in forth.differing:
        assert walked == list(forth.differing), "declared numbers leave no rest"


@pytest.mark.parametrize("name", OFFERED)
def test_from_a_number_to_itself_there_is_no_step(
    name: str, crowd: Business, frames: list[Filters]
) -> None:
    found = between(crowd, (name, frames[0]), (name, frames[0]))
    assert found.differing == found.steps == ()
    if not found.obstacle:
        assert found.difference == 0
        told = reconciled.sentences(found, crowd.engine)[0]
        assert "count the same" in told or "Nothing in this period" in told


def test_one_property_makes_one_step(crowd: Business, frames: list[Filters]) -> None:
    pair = "channel_sources:orders", "conversion_rate:converted"
    found = between(crowd, *((name, frames[0]) for name in pair))
    assert [step.properties for step in found.steps] == [("window",), ("maturity",)]
    one = between(crowd, ("channel_sources", frames[0]), ("conversion_rate", frames[0]))
    assert one.differing == one.steps == (), "two cards that show one number"


def test_the_frame_is_walked_first(crowd: Business, frames: list[Filters]) -> None:
    here = frames[0]
    value = crowd.engine.segments()["channel"][0]
    there = replace(
        here,
        until=here.since + timedelta(days=120),
        as_of=here.as_of - timedelta(days=1),
        where={"channel": (value,)},
    )
    found = between(crowd, ("new_people", here), ("journeys_by_channel", there))
    assert [step.properties[0] for step in found.steps][:3] == ["period", "as-of", "filter"]
    assert set(SEGMENTS) >= set(there.where)


def test_numbers_of_different_kinds_say_so(crowd: Business, frames: list[Filters]) -> None:
    for other in ("nps", "csat", "revenue"):
        found = between(crowd, ("conversion_rate", frames[0]), (other, frames[0]))
        assert found.obstacle == "kind"
        assert found.difference is None
        told = reconciled.sentences(found, crowd.engine)
        assert told[0].startswith("These measure different things: Conversion is a share")
        assert any(line.startswith("Events: journeys") for line in told)


def test_too_few_cases_are_neither_shown_nor_stepped_on(
    crowd: Business, frames: list[Filters]
) -> None:
    pair = [("repeat_purchase_rate", frames[0]), ("repeat_share", frames[0])]
    found = between(crowd, *pair)
    most = max(side.count.n or 0 for side in (found.first, found.last))
    least = min(side.count.n or 0 for side in (found.first, found.last))
    few = between(crowd, *pair, minimum_n=most + 1)
    assert few.obstacle == "first"
    assert "too few to compare" in reconciled.sentences(few, crowd.engine)[0]
    # Steps over numbers below the smallest worth showing are taken together.
    wide = between(crowd, *pair, minimum_n=least)
    assert all((step.after.n or 0) >= least for step in wide.steps)
    assert sum(step.amount for step in wide.steps) == wide.difference


def test_what_is_not_declared_is_said(crowd: Business, frames: list[Filters]) -> None:
    found = between(crowd, ("unassigned_share", frames[0]), ("conversion_rate", frames[-1]))
    assert found.steps[-1].properties == (walking.UNDECLARED,)
    told = " ".join(reconciled.sentences(found, crowd.engine))
    assert "Unassigned does not declare what is counted" in told


def test_a_rest_is_a_step_of_its_own(
    crowd: Business, frames: list[Filters], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = walking.count

    def short(*asked: object) -> object:
        found = real(*asked)  # type: ignore[arg-type]
        return replace(found, value=found.value - 1)

    monkeypatch.setattr(walking, "count", short)
    pair = [("new_people", frames[0]), ("journeys_by_channel", frames[0])]
    found = between(crowd, *pair)
    assert [step.properties for step in found.steps] == [
        ("rest",), ("events",), ("unit",), ("rest",)
    ]  # fmt: skip
    assert [int(found.steps[place].amount) for place in (0, -1)] == [-1, 1]
    assert sum(step.amount for step in found.steps) == found.difference
    assert "Not explained by what the cards declare: −1." in reconciled.sentences(
        found, crowd.engine
    )


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("stage_funnel", r"Say which: stage_funnel:awareness, "),
        ("stage_funnel:purchas", r"Did you mean 'purchase'"),
        ("utm_hygiene", "no one number"),
        ("conversion_rate:convertd", r"no number 'convertd'\. Did you mean 'converted'"),
        ("nps:promoters", "one number"),
    ],
)
def test_a_number_there_is_not_is_told(
    name: str, says: str, crowd: Business, frames: list[Filters]
) -> None:
    with pytest.raises(MetricError, match=says):
        between(crowd, (name, frames[0]), ("conversion_rate", frames[0]))
