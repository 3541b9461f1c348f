"""Markov and Shapley over a million paths of 50 channels, with and without the bootstrap."""

from collections import Counter, defaultdict
from functools import partial

import numpy as np

from bench.measuring import apart, best_of, say, say_load, show
from journey.analysis.attribution.finding import of_paths
from journey.analysis.attribution.paths import Paths
from journey.analysis.attribution.resampling import DRAWS
from journey.analysis.attribution.settings import Settings

PATHS, CHANNELS, PEOPLE = 1_000_000, 50, 700_000
MODELS = ("markov", "shapley")

Credits = dict[str, dict[str, float]]
"""Model to channel to credit."""


def compare(paths: int = PATHS) -> None:
    """Both models once by us and by plain loops over the same paths, which must agree, and then
    with all draws."""
    ours, core = apart(_ours, paths, 0)
    plain, plain_seconds = apart(_plain, paths)
    for model in MODELS:
        for channel, credit in plain[model].items():
            if abs(ours[0][model][channel] - credit) > 1e-6 * max(1.0, credit):
                raise SystemExit(f"{model}, {channel}: {credit} by hand, {ours[0][model][channel]}")
    drawn, drawn_core = apart(_ours, paths, DRAWS)
    rows: list[list[object]] = [
        ["plain loops, no draw", plain_seconds, plain_seconds / ours[1]],
        ["ours, no draw", ours[1], 1.0],
        [f"ours, {DRAWS} draws of people", drawn[1], drawn[1] / ours[1]],
        [f"plain loops, {DRAWS} draws (so many times one)", DRAWS * plain_seconds,
         DRAWS * plain_seconds / drawn[1]],
    ]  # fmt: skip
    title = f"Markov and Shapley over {paths:,} paths of {CHANNELS} channels, in seconds"
    show(title, ["", "seconds", "times ours"], rows)
    say(
        f"credits are equal; core seconds {core:.1f} without and {drawn_core:.1f} with draws; the "
        f"bootstrap takes {drawn[1] / ours[1]:.1f} times as long as one pass, for {DRAWS} draws"
    )
    say_load()


def _ours(count: int, draws: int) -> tuple[tuple[Credits, float], float]:
    """Our credits, the seconds they took and the core seconds."""
    paths, settings = world(count), Settings(with_nulls=True)
    ask = partial(of_paths, paths, settings, MODELS, intervals=draws > 0, count=max(draws, 1))
    timed = best_of(2, ask)
    found = timed.result
    credit = {
        model: dict(zip(found.channels, found.orders.point[model].tolist(), strict=True))
        for model in MODELS
    }
    return (credit, timed.seconds), timed.core_seconds


def _plain(count: int) -> tuple[Credits, float]:
    """The same in loops over paths, as they are written on a blackboard."""
    paths = world(count)
    names = [paths.channels[step] for step in paths.steps.tolist()]
    starts, lengths = paths.starts.tolist(), paths.lengths.tolist()
    ways = [tuple(names[a : a + n]) for a, n in zip(starts, lengths, strict=True)]
    timed = best_of(1, partial(_by_hand, ways, paths.is_order.tolist()))
    return timed.result, timed.seconds


def _by_hand(ways: list[tuple[str, ...]], bought: list[bool]) -> Credits:
    """Transitions counted one by one, one system solved for each channel left out."""
    flows: dict[str, Counter[str]] = defaultdict(Counter)
    shapley: Counter[str] = Counter()
    for way, is_order in zip(ways, bought, strict=True):
        at = "START"
        for channel in way:
            flows[at][channel] += 1
            at = channel
        flows[at]["ORDER" if is_order else "NULL"] += 1
        if is_order:
            different = set(way)
            for channel in different:
                shapley[channel] += 1 / len(different)  # type: ignore[assignment]
    states = list(flows)
    base = _chance(flows, states, None)
    channels = [state for state in states if state != "START"]
    effects = {c: 1 - _chance(flows, states, c) / base for c in channels}
    whole, orders = sum(effects.values()), sum(bought)
    return {
        "markov": {c: effect / whole * orders for c, effect in effects.items()},
        "shapley": dict(shapley),
    }


def _chance(flows: dict[str, Counter[str]], states: list[str], removed: str | None) -> float:
    """P(ORDER | START) with every transition into one channel leading to nothing."""
    place = {state: number for number, state in enumerate(states)}
    matrix, orders = np.eye(len(states)), np.zeros(len(states))
    for state in states:
        out = sum(flows[state].values())
        for onward, times in flows[state].items():
            if onward == "ORDER":
                orders[place[state]] += times / out
            elif onward not in ("NULL", removed):
                matrix[place[state], place[onward]] -= times / out
    return float(np.linalg.solve(matrix, orders)[place["START"]])


def world(count: int, seed: int = 1) -> Paths:
    """Paths as they come: few channels popular, most paths short, a channel often comes again,
    one path in seven to an order."""
    random = np.random.default_rng(seed)
    popular = 1 / np.arange(1, CHANNELS + 1) ** 1.1
    lengths = np.minimum(random.geometric(0.4, count), 40)
    size = int(lengths.sum())
    fresh = random.choice(CHANNELS, size, p=popular / popular.sum())
    starts = np.cumsum(lengths) - lengths
    again = random.random(size) < 0.45
    again[starts] = False
    steps = fresh[np.maximum.accumulate(np.where(again, 0, np.arange(size)))]
    is_order = random.random(count) < 1 / 7
    persons = np.sort(random.integers(0, max(1, PEOPLE * count // PATHS), count))
    return Paths(
        channels=tuple(f"channel {number:02}" for number in range(CHANNELS)),
        steps=steps,
        days=random.random(size) * 30,
        lengths=lengths,
        persons=np.unique(persons, return_inverse=True)[1],
        is_order=is_order,
        values=np.where(is_order, random.lognormal(4, 1, count), 0.0),
        own=np.where(is_order, steps[starts + lengths - 1], -1),
        is_mature=np.ones(count, dtype=np.bool_),
    )
