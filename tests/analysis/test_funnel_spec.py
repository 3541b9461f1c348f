"""A funnel's settings: read from text and written back, refused where they contradict, and said
in one sentence."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.analysis.funnel.rule import rule
from journey.analysis.funnel.spans import parse_span, span_text, span_words
from journey.analysis.funnel.spec import (
    Count,
    Entry,
    Exclusion,
    Funnel,
    Mode,
    OnExclusion,
    parse_exclusion,
    parse_window,
    window_text,
)
from journey.analysis.funnel.steps import Condition, Gap, Step, parse_step
from journey.errors import MetricError
from journey.metrics.filters import Filters

ASKED = Filters(date(2026, 5, 1), date(2026, 11, 1), datetime(2026, 11, 22, 6))


def funnel(*steps: str, **settings: object) -> Funnel:
    """A funnel of written steps."""
    return Funnel(tuple(map(parse_step, steps)), **settings)  # type: ignore[arg-type]


words = st.text(min_size=1, max_size=12)
spans = st.integers(1, 10**8).map(lambda seconds: timedelta(seconds=seconds))
conditions = st.one_of(
    st.builds(
        Condition,
        st.sampled_from(["channel", "device", "product", "cart"]),
        st.lists(words, min_size=1, max_size=3).map(tuple),
        st.booleans(),
    ),
    st.builds(
        lambda low, width: Condition("revenue", low=low, high=low + width),
        st.floats(-1e6, 1e6),
        st.floats(0, 1e6),
    ),
    st.builds(Condition, st.just("online"), st.sampled_from([("yes",), ("no",)])),
)
gaps = st.one_of(st.none(), st.builds(Gap, spans), st.builds(lambda most: Gap(None, most), spans))
steps = st.builds(
    Step,
    st.lists(words, min_size=1, max_size=3).map(tuple),
    st.lists(conditions, max_size=3).map(tuple),
    st.booleans(),
    gaps,
)


@given(steps)
def test_a_step_is_read_back_as_it_was_written(step: Step) -> None:
    assert parse_step(step.text) == step


@given(steps, st.integers(1, 9))
def test_an_exclusion_is_read_back_as_it_was_written(step: Step, after: int) -> None:
    one = Exclusion(replace(step, optional=False, gap=None), after, after + 1)
    assert parse_exclusion(one.text) == one
    assert parse_exclusion(Exclusion(one.step).text) == Exclusion(one.step)


@given(spans)
def test_a_span_is_read_back_as_it_was_written(span: timedelta) -> None:
    assert parse_span(span_text(span)) == span
    assert parse_window(window_text(span)) == span


def test_steps_as_people_write_them() -> None:
    step = parse_step("product_viewed,reviews_read?:device=mobile,tablet:revenue=50..:gap=1h..7d")
    assert step.names == ("product_viewed", "reviews_read")
    assert step.optional
    assert step.conditions[0] == Condition("device", ("mobile", "tablet"))
    assert step.conditions[1] == Condition("revenue", low=50)
    assert step.gap == Gap(timedelta(hours=1), timedelta(days=7))
    assert parse_step("order_completed:revenue=20").conditions[0] == Condition(
        "revenue", low=20, high=20
    )
    assert parse_step("order_completed:channel!=Email").conditions[0].negated


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no name"),
        ("a,,b", "has no name"),
        ("a:colour=red", "cannot ask for 'colour'"),
        ("a:divice=mobile", "Did you mean 'device'"),
        ("a:device", "is not a condition"),
        ("a:revenue=much", "is not a number"),
        ("a:revenue!=5", "is an amount"),
        ("a:revenue=9..5", "is empty"),
        ("a:online=maybe", "yes or no"),
        ("a:gap=5", "is not a gap"),
        ("a:gap=..", "is not a gap"),
        ("a:gap=7d..1h", "is empty"),
        ("a:gap=1y..", "not a span of time"),
    ],
)
def test_a_step_that_cannot_be_read_says_why(text: str, said: str) -> None:
    with pytest.raises(MetricError, match=said):
        parse_step(text)


@pytest.mark.parametrize(
    ("steps", "settings", "said"),
    [
        (["a"], {}, "2 to 10 steps"),
        (["a"] * 11, {}, "2 to 10 steps"),
        (["a?", "b"], {}, "first and the last"),
        (["a", "b?"], {}, "first and the last"),
        (["a:gap=1h..", "b"], {}, "no step before"),
        (["a", "b"], {"window": "visit"}, "no window 'visit'"),
        (["a", "b"], {"window": timedelta(0)}, "no length"),
        (["a", "b"], {"hold": ("basket",)}, "cannot be held"),
        (["a", "b"], {"hold": ("cart", "cart")}, "twice"),
        (["a", "b"], {"grace": timedelta(seconds=-1)}, "negative"),
        (["a", "b:gap=1h.."], {"mode": Mode.ANY}, "gap has no meaning"),
        (["a", "b"], {"mode": Mode.ANY, "exclusions": (Exclusion(Step(("c",))),)}, "any order"),
        (["a", "b"], {"mode": Mode.ANY, "grace": timedelta(seconds=1)}, "grace"),
        (["a", "b?", "c"], {"mode": Mode.STRICT}, "none is optional"),
        (["a", "b"], {"mode": Mode.STRICT, "grace": timedelta(seconds=1)}, "grace"),
        (["a", "b"], {"ignore": ("c",)}, "choose the mode strict"),
        (["a", "b"], {"count": Count.ENTRIES, "entry": Entry.BEST}, "one by one"),
        (["a", "b"], {"exclusions": (Exclusion(Step(("c",)), 2, 1),)}, "does not come before"),
        (["a", "b"], {"exclusions": (Exclusion(Step(("c",)), 1, 3),)}, "no step 3"),
        (["a", "b?", "c"], {"exclusions": (Exclusion(Step(("d",)), 1, 2),)}, "no step 2"),
    ],
)
def test_settings_that_contradict_are_refused(
    steps: list[str], settings: dict[str, object], said: str
) -> None:
    with pytest.raises(MetricError, match=said):
        funnel(*steps, **settings)


@pytest.mark.parametrize("text", ["x:between=2", "x:between=a-b", "x:between=0-2", "x:between=1-"])
def test_an_exclusion_that_cannot_be_read_says_why(text: str) -> None:
    with pytest.raises(MetricError, match="not two steps"):
        parse_exclusion(text)


def test_spans_in_words() -> None:
    assert span_words(timedelta(hours=36)) == "36 hours"
    assert span_words(timedelta(seconds=1)) == "1 second"
    for text in ("30", "d", "1.5h", "-3d", "30 days", "99999999w"):
        with pytest.raises(MetricError):
            parse_span(text)


def test_the_plain_rule() -> None:
    asked = funnel("product_viewed", "product_added", window=timedelta(days=30))
    assert rule(asked, ASKED, mature_only=True) == (
        "People with product_viewed, then product_added (anything may come in between), within "
        "30 days of the first, each person once by the first product_viewed, from 1 May 2026 to "
        "31 Oct 2026, only where the 30 days were over, as known at 22 Nov 2026, 06:00 UTC."
    )

    session = funnel("product_viewed", "product_added", window="session")
    assert ", only where the 1 day was over," in rule(session, ASKED, mature_only=True)


def test_the_rule_names_what_the_filters_leave() -> None:
    asked = funnel("a", "b")
    assert "only" not in rule(asked, ASKED)
    chosen = replace(ASKED, where={"device": ("mobile", "desktop"), "channel": ("Email",)})
    assert ", only journeys with device mobile or desktop and channel Email, from 1" in rule(
        asked, chosen
    )
    people = replace(ASKED, where={"segment": ("mine",)}, outside={"device": ("mobile",)})
    assert (
        ", only journeys of people in segment mine, not journeys with device mobile, from 1 May"
        in rule(asked, people, is_open=True)
    )


SAID = [
    ({"mode": Mode.STRICT, "ignore": ("c",)}, "a, right after it b (nothing but c in between)"),
    ({"mode": Mode.ANY}, "a and b in any order, each with a touch of its own"),
    ({"mode": Mode.FLEXIBLE}, "a and later b"),
    ({"window": "session"}, "in the session of the first"),
    ({}, "without a time limit"),
    ({"count": Count.JOURNEYS}, "all within one journey, each journey once"),
    ({"count": Count.ENTRIES}, "Entries with a, then b"),
    ({"entry": Entry.BEST}, "by the a that gets furthest (of several, the latest)"),
    ({"hold": ("cart", "product")}, "all with the same cart and product"),
    ({"grace": timedelta(seconds=2)}, "in whatever order within 2 seconds of each other"),
    (
        {"exclusions": (parse_exclusion("c:channel=Email"),), "on_exclusion": OnExclusion.STOP},
        "stopping at any c with channel Email between step 1 and step 2",
    ),
    ({"exclusions": (Exclusion(Step(("c",))),)}, "leaving out the person with any c between"),
]


@pytest.mark.parametrize(("settings", "said"), SAID)
def test_every_setting_is_in_the_rule(settings: dict[str, object], said: str) -> None:
    sentence = rule(funnel("a", "b", **settings), ASKED)
    assert said in sentence
    assert sentence.count(". ") == 0
    assert sentence.endswith(".")


def test_steps_are_said_with_their_conditions_gaps_and_doubts() -> None:
    sentence = rule(funnel("a", "b,c?:device!=mobile", "d:revenue=5..9:gap=..1h"), ASKED)
    assert "a, then possibly b or c with device not mobile, then d with revenue" in sentence
    assert "of at least 5 and of at most 9" in sentence
    assert "step 3 at most 1 hour after the step before it" in sentence


def test_the_entry_that_suits_the_settings() -> None:
    assert funnel("a", "b").chosen is Entry.FIRST
    assert funnel("a", "b", mode=Mode.FLEXIBLE).chosen is Entry.FIRST
    assert funnel("a", "b", mode=Mode.STRICT).chosen is Entry.BEST
    assert funnel("a", "b", mode=Mode.ANY).chosen is Entry.BEST
    assert funnel("a", "b", hold=("cart",)).chosen is Entry.BEST
    assert funnel("a", "b", hold=("cart",), entry=Entry.FIRST).chosen is Entry.FIRST
    assert funnel("a", "b", count=Count.ENTRIES).chosen is Entry.EVERY
