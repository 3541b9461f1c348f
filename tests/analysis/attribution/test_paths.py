"""Paths read from the serving tables, and their transforms, against plain loops."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path as Folder
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journey.analysis.attribution.paths import TRANSFORMED, Paths
from journey.analysis.attribution.reading import read
from journey.analysis.attribution.settings import TRANSFORMS, Lookback, Settings
from journey.analysis.attribution.ways import find_ways, ledger
from journey.errors import MetricError
from journey.metrics.filters import Filters
from tests.analysis.attribution import by_hand
from tests.analysis.attribution.made import Path, made
from tests.oracle import Question
from tests.random_worlds import case
from tests.world import FIRST_DAY, YEAR_LATER, Business, day, people

SETTINGS = [
    Settings(),
    Settings(lookback=Lookback(days=3), reset_after_conversion=True),
    Settings(lookback=Lookback(days=90)),
    Settings(lookback=Lookback(sessions=1)),
    Settings(lookback=Lookback(sessions=2), reset_after_conversion=True),
    Settings(lookback=Lookback()),
    Settings(lookback=Lookback(), mature_only=True),
]


def rows(paths: Paths) -> list[tuple[object, ...]]:
    """Each path as its channels and how many microseconds before its end each came."""
    found = []
    for path, (start, length) in enumerate(zip(paths.starts, paths.lengths, strict=True)):
        steps = range(start, start + length)
        own = paths.own[path]
        found.append(
            (
                bool(paths.is_order[path]),
                float(paths.values[path]),
                paths.channels[own] if own >= 0 else None,
                tuple(paths.channels[paths.steps[step]] for step in steps),
                tuple(round(paths.days[step] * 86_400_000_000) for step in steps),
            )
        )
    return found


@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.randoms(use_true_random=False))
def test_small_worlds(random: Random) -> None:
    _check(random, most_people=10, most_touches=20)


@pytest.mark.parametrize("seed", range(4))
def test_crowds(seed: int) -> None:
    _check(Random(seed), most_people=150, most_touches=25)


def _check(random: Random, most_people: int, most_touches: int) -> None:
    """Whatever is read of a random world, the plain loops find too."""
    world = case(random, most_people, most_touches)
    for part in world.deliveries:
        for row in part:
            channel = random.choice([None, "Unassigned", "Display", "Direct", "Direct", "Email"])
            row["channel"] = channel
    with TemporaryDirectory() as folder:
        business = Business(Folder(folder), time_zone=world.zone, currency="EUR")
        for part in world.deliveries:
            business.deliver(part)
        business.build()
        oracle = business.oracle([row for part in world.deliveries for row in part])
        for number, question in enumerate([*world.questions, world.questions[0]]):
            _same(business, oracle, question, SETTINGS[number])
        _counted(business, world.questions[0])
        business.close()


def _same(business: Business, oracle: object, question: Question, chosen: Settings) -> None:
    """The same paths, and the same people behind them."""
    frame = Filters(question.since, question.until, question.as_of, question.where)
    paths = read(business.engine, frame, chosen)
    expected = by_hand.paths(oracle, question, chosen)
    assert sorted(rows(paths), key=repr) == sorted((row[1:] for row in expected), key=repr)
    theirs = defaultdict(list)
    for person, *row in expected:
        theirs[person].append(tuple(row))
    mine = defaultdict(list)
    for person, row in zip(paths.persons, rows(paths), strict=True):
        mine[int(person)].append(row)
    assert sorted(repr(sorted(some, key=repr)) for some in mine.values()) == sorted(
        repr(sorted(some, key=repr)) for some in theirs.values()
    )


def _counted(business: Business, question: Question) -> None:
    """The metric of visits before an order says how long the paths are."""
    answer = business.ask(
        "visits_before_order", question.since, question.until, question.as_of, **question.where
    )
    frame = Filters(question.since, question.until, question.as_of, question.where)
    paths = read(business.engine, frame, Settings())
    lengths = np.minimum(paths.lengths[paths.is_order], 6)
    assert answer["orders"].to_list() == [int(n) for n in np.bincount(lengths) if n]


def paths_of(tmp_business: Business, chosen: Settings = SETTINGS[0], **journeys: str) -> list:
    """Channels of each path and whether it led to an order, of people declared in a line each."""
    if journeys:
        tmp_business.deliver(people(**journeys))
        tmp_business.build()
    frame = Filters(FIRST_DAY, YEAR_LATER, day(700))
    return sorted((row[3], row[0]) for row in rows(read(tmp_business.engine, frame, chosen)))


def test_a_session_is_one_visit_and_another_channel_in_it_a_second(business: Business) -> None:
    assert paths_of(
        business,
        ana="""ad_clicked@0,channel=Display product_viewed@0.001,channel=Direct
            email_opened@0.002,channel=Email order_completed@0.003,channel=Direct""",
        ben="""page_viewed@0,channel=Direct product_viewed@0.001,channel=Direct
            order_completed@2,channel=Direct""",
    ) == [(("Direct", "Direct"), True), (("Display", "Email"), True)]


def test_what_names_no_channel_is_no_visit_unless_there_is_nothing_else(
    business: Business,
) -> None:
    assert paths_of(
        business,
        ana="""ad_clicked@0,channel=Display page_viewed@1,channel=Unassigned
            order_completed@2,channel=Unassigned""",
        ben="page_viewed@0,channel=Unassigned order_completed@2,channel=Unassigned",
    ) == [(("Display",), True), (("Unassigned", "Unassigned"), True)]


def test_a_parcel_and_a_survey_bring_nobody(business: Business) -> None:
    line = """ad_clicked@0,channel=Display order_completed@1,channel=Direct
        order_shipped@2,channel=Email survey_answered@4,channel=Email
        page_viewed@5,channel=Direct order_completed@6,channel=Direct"""
    assert paths_of(business, ana=line) == [
        (("Display", "Direct"), True),
        (("Display", "Direct", "Direct", "Direct"), True),
    ]


def test_after_a_reset_a_visit_counts_once(business: Business) -> None:
    line = "ad_clicked@0 order_completed@1 page_viewed@5 order_completed@6 channel=Email"
    assert (
        paths_of(business, Settings(reset_after_conversion=True), ana=line)
        == [(("Email", "Email"), True)] * 2
    )


def test_visits_a_later_order_looks_back_on_are_not_a_path_to_none(business: Business) -> None:
    """Two journeys, 40 days apart: within 30 days the first led to nothing, within 90 it led to
    the order of the second."""
    line = "ad_clicked@0 ad_clicked@40 order_completed@41 channel=Email"
    assert paths_of(business, ana=line) == [(("Email",), False), (("Email", "Email"), True)]
    assert paths_of(business, Settings(lookback=Lookback(days=90))) == [(("Email",) * 3, True)]


def test_the_filter_chooses_journeys_and_not_the_visits_before_them(business: Business) -> None:
    business.deliver(
        people(
            ana="""ad_clicked@0,channel=Display order_completed@1,channel=Display
                email_opened@9,channel=Email order_completed@10,channel=Email"""
        )
    )
    business.build()
    where = {"channel": ("Email",)}
    found = read(business.engine, Filters(FIRST_DAY, YEAR_LATER, day(700), where), Settings())
    assert [row[3] for row in rows(found)] == [("Display", "Display", "Email", "Email")]


def test_an_order_without_a_visit_in_the_look_back_is_unassigned(business: Business) -> None:
    """A session that its source kept open for weeks began before the look-back."""
    line = "ad_clicked@0 order_completed@20 channel=Email session_id=s"
    assert paths_of(business, Settings(lookback=Lookback(days=7)), ana=line) == [
        (("Unassigned",), True)
    ]


names = st.sampled_from(["Direct", "Email", "Search"])
worlds = st.lists(st.lists(names, min_size=1, max_size=7), max_size=8)


def _exposure(way: list[str]) -> list[str]:
    return [c for place, c in enumerate(way) if place == 0 or way[place - 1] != c]


def _without_last_direct(way: list[str]) -> list[str]:
    kept = list(way)
    while kept and kept[-1] == "Direct":
        kept.pop()
    return kept or way


BY_HAND: dict[str, Callable[[list[str]], list[str]]] = {
    "none": lambda way: way,
    "exposure": _exposure,
    "first": lambda way: list(dict.fromkeys(way)),
    "without_direct": lambda way: [c for c in way if c != "Direct"] or way,
    "without_last_direct": _without_last_direct,
}


@given(worlds, st.sampled_from(list(TRANSFORMS)))
def test_transforms(world: list[list[str]], transform: str) -> None:
    paths = TRANSFORMED[transform](made([Path(way) for way in world]))
    assert [list(row[3]) for row in rows(paths)] == [BY_HAND[transform](way) for way in world]


def test_transforms_as_published() -> None:
    """Snowplow's examples: D A B B C D C C, and A B A A without A (here: Direct)."""
    way, other = made([Path("DABBCDCC")]), made([Path(["Direct", "B", "Direct", "Direct"])])
    shown = {name: "".join(rows(TRANSFORMED[name](way))[0][3]) for name in TRANSFORMS}
    assert shown["none"] == "DABBCDCC"
    assert shown["exposure"] == "DABCDC"
    assert shown["first"] == "DABC"
    assert rows(TRANSFORMED["without_direct"](other))[0][3] == ("B",)
    assert rows(TRANSFORMED["without_last_direct"](other))[0][3] == ("Direct", "B")


@given(worlds)
def test_ways_are_the_different_paths(world: list[list[str]]) -> None:
    way, ways = find_ways(made([Path(channels) for channels in world]))
    found = np.split(ways.steps, ways.starts[1:]) if ways.count else []
    channels = sorted({channel for path in world for channel in path})
    shown = [tuple(channels[step] for step in steps) for steps in found]
    assert len(set(shown)) == len(shown)
    assert [shown[number] for number in way] == [tuple(path) for path in world]


@given(
    st.lists(
        st.tuples(st.lists(names, min_size=1, max_size=3), st.booleans(), st.sampled_from("abcd")),
        max_size=15,
    )
)
def test_the_ledger_counts_everybody_once(
    world: list[tuple[list[str], bool, str]],
) -> None:
    paths = made([Path(way, bought, person=who) for way, bought, who in world])
    book = ledger(paths, lambda paths: np.ones(len(paths.steps)))
    assert book.people.sum() == len({who for _, _, who in world})
    orders = (book.table("orders") @ book.once)[:, 0]
    nulls = (book.table("nulls") @ book.once)[:, 0]
    way, _ = find_ways(paths)
    for number in range(book.ways.count):
        taken = [bought for (_, bought, _), of in zip(world, way, strict=True) if of == number]
        assert (orders[number], nulls[number]) == (sum(taken), len(taken) - sum(taken))


@pytest.mark.parametrize("text", ["", "30", "0d", "d", "-3d", "1.5d", "99999d", "sessions", "all"])
def test_a_look_back_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(MetricError, match="is not a look-back"):
        Lookback.parse(text)


def test_look_backs() -> None:
    assert Lookback.parse("90d") == Lookback(days=90)
    assert Lookback.parse("1session") == Lookback.parse("1sessions") == Lookback(sessions=1)
    assert Lookback.parse("person") == Lookback()


@pytest.mark.parametrize(
    "wrong",
    [
        {"transform": "frist"},
        {"order": 4},
        {"half_life_days": 0},
        {"half_life_days": float("nan")},
        {"weights": (0, 0, 0)},
        {"weights": (1, -1, 1)},
        {"weights": (1, float("inf"), 1)},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict) -> None:
    with pytest.raises(MetricError):
        Settings(**wrong)
