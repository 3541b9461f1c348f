"""How sure: the draws of people, the intervals from them, the verdicts and what is the same."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journey.analysis.attribution import resampling
from journey.analysis.attribution.finding import Found, of_paths
from journey.analysis.attribution.models import MODELS, Book
from journey.analysis.attribution.paths import Paths
from journey.analysis.attribution.sameness import sameness
from journey.analysis.attribution.settings import Settings
from journey.analysis.attribution.tables import all_models, one_model
from journey.analysis.attribution.verdicts import verdicts
from tests.analysis.attribution.made import GOLDEN, Path, counted, made


def crowd(seed: int = 5, people: int = 600) -> Paths:
    """People with one to three paths each, of random ways, orders and values."""
    random = np.random.default_rng(seed)
    names = ["Direct", "Display", "Email", "Search"]
    world = []
    for person in range(people):
        for _ in range(random.integers(1, 4)):
            way = random.choice(names, random.integers(1, 5), p=[0.4, 0.1, 0.2, 0.3]).tolist()
            bought = bool(random.random() < 0.3)
            value = float(np.round(random.lognormal(4, 1), 2))
            world.append(Path(way, bought, value, person=f"p{person:04}", own=way[-1]))
    return made(world)


# The draws


def test_each_draw_has_as_many_people_as_there_are() -> None:
    book = Book(crowd(), Settings())
    blocks = list(resampling.draws(book.ledger, 50))
    weights = np.hstack(blocks)
    assert weights.shape == (len(book.ledger.people), 50)
    assert (weights.sum(axis=0) == 600).all()
    assert len({tuple(column) for column in weights.T}) == 50


def test_everybody_is_drawn_once_on_average_as_often_as_chance_says() -> None:
    """Rows of one person and rows of many: the counts of a bootstrap are binomial."""
    paths = counted(A=(40, 200), B_A=(10, 15), B=(0, 300))
    ledger = Book(paths, Settings()).ledger
    weights = np.hstack(list(resampling.draws(ledger, 4000)))
    people, whole = ledger.people, int(ledger.people.sum())
    assert set(people) > {1, 200, 300}
    mean, spread = weights.mean(axis=1), weights.var(axis=1)
    assert mean == pytest.approx(people, rel=0.1)
    assert spread == pytest.approx(people * (1 - people / whole), rel=0.2)


def test_the_same_seed_gives_the_same_draws_in_blocks_of_any_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ledger = Book(crowd(), Settings()).ledger
    whole = np.hstack(list(resampling.draws(ledger, 20)))
    monkeypatch.setattr(resampling, "_AT_ONCE", 3 * len(ledger.people))
    parts = list(resampling.draws(ledger, 20))
    assert len(parts) == 7
    assert (np.hstack(parts) == whole).all()
    assert (np.hstack(list(resampling.draws(ledger, 20, seed=12))) != whole).any()


def test_intervals_are_those_of_drawing_people_in_a_loop() -> None:
    """The plainest bootstrap there is, person by person, for a rule and for Markov."""
    paths = crowd(people=250)
    found = of_paths(paths, Settings(with_nulls=True), intervals=True, count=400)
    random = np.random.default_rng(0)
    by_person = [np.flatnonzero(paths.persons == person) for person in range(250)]
    plain: dict[str, list[np.ndarray]] = {"linear": [], "markov": []}
    for _ in range(200):
        chosen = np.concatenate([by_person[p] for p in random.integers(0, 250, 250)])
        world = made(
            [
                Path(
                    [
                        paths.channels[step]
                        for step in paths.steps[
                            paths.starts[p] : paths.starts[p] + paths.lengths[p]
                        ]
                    ],
                    bool(paths.is_order[p]),
                    float(paths.values[p]),
                )
                for p in chosen
            ]
        )
        drawn = of_paths(world, Settings(with_nulls=True), list(plain))
        for model, found_ in plain.items():
            found_.append(drawn.values.point[model])
    for model, draws in plain.items():
        band = found.values.band(model)
        assert band is not None
        plainly = np.percentile(draws, [2.5, 97.5], axis=0)
        width = plainly[1] - plainly[0]
        assert (np.abs(np.array(band) - plainly) < 0.25 * width).all(), model


def test_an_interval_is_as_wide_as_theory_says() -> None:
    """One path each, one channel each: the credit of a channel is a binomial count."""
    found = of_paths(counted(A=(400, 0), B=(600, 0)), Settings(), intervals=True, count=2000)
    band = found.orders.band("linear")
    assert band is not None
    half = 1.96 * np.sqrt(1000 * 0.4 * 0.6)
    assert band[0][0] == pytest.approx(400 - half, abs=4)
    assert band[1][0] == pytest.approx(400 + half, abs=4)


def test_intervals_hold_the_credit_and_ranks_agree() -> None:
    found = of_paths(crowd(), Settings(with_nulls=True), intervals=True)
    for model in found.models:
        low, high = found.orders.band(model) or (None, None)
        if model != "shapley_rate":  # clipping moves it off the middle of its draws
            assert (low <= found.orders.point[model] + 1e-9).all()
            assert (high >= found.orders.point[model] - 1e-9).all()
        chances = found.orders.rank_chances(model)
        assert (np.diff(chances, axis=1) >= 0).all()
        assert (chances[:, -1] == 1).all()
    assert sorted(found.orders.ranks("first")) == [1, 2, 3, 4]


# The verdicts


def kinds(found: Found, minimum_n: int = 30) -> dict[str, str]:
    """Channel to its verdict."""
    return {verdict.channel: verdict.kind for verdict in verdicts(found, minimum_n=minimum_n)}


def found(baseline: str = "last_non_direct", **ways: tuple[int, int]) -> Found:
    """Everything of some paths, with draws."""
    settings = Settings(with_nulls=True, baseline=baseline)
    return of_paths(counted(**ways), settings, intervals=True)


def test_a_channel_that_only_opens_paths_gains_against_last_touch() -> None:
    judged = found("last", Open_Close=(200, 100), Close=(50, 100))
    assert kinds(judged) == {"Open": "gain", "Close": "loss"}
    verdict = verdicts(judged)[judged.channels.index("Open")]
    assert verdict.words.startswith("Robust gain: each of the 8 other models gives it more")
    assert "last_non_direct" in judged.compared, "which is the same as last here, so no witness"
    assert (verdict.lowest, verdict.lowest_by) == (0, "last")
    assert verdict.highest == max(judged.orders.point[name][1] for name in judged.compared)


def test_where_models_contradict_each_other_it_depends() -> None:
    judged = found("linear", Open_Mid_Close=(200, 100), Mid=(40, 50), Close_Mid_Open=(10, 10))
    assert kinds(judged)["Open"] == "depends"
    words = verdicts(judged)[judged.channels.index("Open")].words
    assert "clearly more than linear" in words
    assert "clearly less than linear" in words


def test_where_all_agree_there_is_no_difference() -> None:
    judged = of_paths(counted(A=(100, 0), B=(50, 0)), Settings(), intervals=True)
    assert kinds(judged) == {"A": "unclear", "B": "unclear"}


def test_a_channel_in_few_paths_is_not_judged() -> None:
    judged = found("last", Open_Close=(29, 100), Close=(50, 100))
    assert kinds(judged)["Open"] == "few"
    assert kinds(judged, minimum_n=29)["Open"] == "gain"


def test_without_draws_the_sign_decides() -> None:
    plain = of_paths(counted(Open_Close=(200, 9), Close=(50, 9)), Settings(baseline="last"))
    assert kinds(plain)["Open"] == "gain"


def test_few_orders_leave_it_unclear() -> None:
    """A difference that a handful of people make is not more than chance would explain."""
    judged = found("first", A_B=(1, 0), B_A=(1, 0), A=(40, 100), B=(40, 100))
    assert set(kinds(judged).values()) == {"unclear"}


def test_the_range_is_over_models_that_share_out_every_order() -> None:
    everything = of_paths(GOLDEN, Settings())
    assert set(everything.models) - set(everything.compared) == {
        *("participation", "same_touch", "shapley_rate", "custom"),
    }
    chosen = of_paths(GOLDEN, Settings(model="custom"))
    assert "custom" in chosen.compared


# What is the same


def said(paths: Paths, **settings: object) -> str:
    """All sentences on what is the same."""
    return " ".join(sameness(of_paths(paths, Settings(**settings))))


def test_shapley_is_told_to_be_linear_over_channels() -> None:
    assert "no second witness beside Linear" in said(GOLDEN)


def test_single_visits_are_told_to_agree_by_construction() -> None:
    assert "3 of 7 orders have a single visit" in said(GOLDEN)
    assert "all rules agree" in said(counted(A=(3, 1), B=(1, 0)))


def test_equal_credits_are_told_of() -> None:
    assert "Linear is Shapley here" in said(counted(A_B_C=(3, 1)))
    assert "U-shaped is Linear here" in said(counted(A_B=(3, 1), A_A=(2, 0)))
    assert "Own weights are those of U-shaped" in said(GOLDEN, model="custom", weights=(2, 1, 2))
    assert "Last touch is Last non-direct" in said(GOLDEN, transform="without_last_direct")
    assert "give the same credits for the paths of this period" in said(GOLDEN)
    assert sameness(of_paths(made([]), Settings())) == []


ways = st.lists(st.sampled_from(["Direct", "Email", "Search"]), min_size=1, max_size=5)


@settings(max_examples=40)
@given(st.lists(ways, min_size=1, max_size=10))
def test_what_is_told_to_be_the_same_by_construction_is(world: list[list[str]]) -> None:
    paths = made([Path(way) for way in world])

    def credit(model: str, **settings: object) -> list[float]:
        return of_paths(paths, Settings(**settings)).orders.point[model].tolist()

    def same(*credits_: list[float]) -> bool:
        return all(one == pytest.approx(other, abs=1e-9) for one, other in pairwise(credits_))

    assert same(credit("shapley"), credit("linear", transform="first"))
    assert same(credit("markov"), credit("markov", self_loops=False))
    for transform in ("without_direct", "without_last_direct"):
        assert same(
            credit("last", transform=transform), credit("last_non_direct", transform=transform)
        )
    for model in ("first", "last", "last_non_direct", "shapley", "markov", "participation"):
        assert same(credit(model), credit(model, transform="exposure")), model
    if all(len(way) <= 2 for way in world):
        assert same(credit("u_shaped"), credit("linear"))


# The tables


def test_the_tables_say_what_was_found() -> None:
    everything = of_paths(GOLDEN, Settings(with_nulls=True), intervals=True)
    one = one_model(everything)
    assert one["channel"].to_list() == ["Search", "Email", "Social"]
    assert one["rank"].to_list() == [1, 2, 3]
    assert one["paths"].to_list() == [6, 5, 1]
    assert one["removal_effect"].to_list() == pytest.approx([39 / 49, 5 / 7, 39 / 539])
    every = all_models(everything)
    assert set(MODELS) <= set(every.columns)
    assert every["verdict"].to_list() == ["too few"] * 3
    linear = one_model(of_paths(GOLDEN, Settings(model="linear"), ["linear"]))
    assert linear["removal_effect"].null_count() == 3
    assert "rank" not in linear.columns
