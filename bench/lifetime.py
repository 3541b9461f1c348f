"""A million buyers' lifetimes: fitted and predicted by us and by the `lifetimes` package."""

from datetime import date, timedelta
from functools import partial

import numpy as np
import polars as pl

from bench.measuring import Timed, apart, best_of, say, say_load, show
from journey.analysis.lifetime import bgnbd, gammagamma
from journey.analysis.lifetime.buyers import Buyers
from journey.analysis.lifetime.settings import Terms
from journey.analysis.lifetime.value import worth

PEOPLE, DAYS = 1_000_000, 728
TRUE = {"r": 0.4, "alpha": 6.0, "a": 0.8, "b": 2.4, "p": 6.0, "q": 4.0, "gamma": 16.0}
TERMS = Terms()
ENDS_ON = date(2026, 1, 1)

Found = tuple[dict[str, float], dict[str, float]]
"""The parameters, and the sums over all buyers of what is predicted for each."""


def compare(people: int = PEOPLE) -> None:
    """Fit and predict with both, check that they agree, print."""
    ours, theirs = apart(_ours, people), apart(_theirs, people)
    for mine, other in zip(ours.result, theirs.result, strict=True):
        for name, value in other.items():
            # The package stops its search earlier than we do.
            if abs(mine[name] - value) > 0.01 * abs(value):
                raise SystemExit(f"{name}: `lifetimes` says {value:,.4f}, we say {mine[name]:,.4f}")
    rows: list[list[object]] = [
        ["ours", ours.seconds, ours.core_seconds, 1.0],
        ["lifetimes", theirs.seconds, theirs.core_seconds, theirs.seconds / ours.seconds],
    ]
    title = f"BG/NBD and Gamma-Gamma fitted to {people:,} buyers, each one's year to come predicted"
    show(title, ["", "seconds", "core seconds", "times ours"], rows)
    parameters = ours.result[0]
    said = (f"{name} {parameters[name]:.3f} ({true:g})" for name, true in TRUE.items())
    say(f"parameters and predictions agree to 1 %; found (planted): {', '.join(said)}")
    say("ours holds the intervals of every sum as well")
    say_load()


def _ours(people: int) -> Timed[Found]:
    """Our answer and its time, from rows a person as the engine gives them."""
    buyers = world(people)

    def ask() -> Found:
        model = bgnbd.fit(buyers.history())
        money = gammagamma.fit(*buyers.values())
        found = worth(buyers, model, money, TERMS)
        sums = {name: found.total(name)[0] for name in ("purchases", "value")}
        values = [*zip(model.names, model.values, strict=True)]
        values += zip(money.names, money.values, strict=True)
        return dict(values), {
            "purchases": sums["purchases"],
            "alive": float(found.rows["alive"].sum()),
            "order_value": float(found.rows["order_value"].sum()),
        }

    return best_of(2, ask)


def _theirs(people: int) -> Timed[Found]:
    """The package's answer and its time, from the same rows."""
    buyers = world(people)
    x, late, age = buyers.columns()
    mean = buyers.rows["mean_value"].to_numpy()
    return best_of(1, partial(_packaged, x, late, age, mean))


def _packaged(x: np.ndarray, late: np.ndarray, age: np.ndarray, mean: np.ndarray) -> Found:
    """Fitted and predicted as the package's documentation does it."""
    from lifetimes import BetaGeoFitter, GammaGammaFitter

    model = BetaGeoFitter().fit(x, late, age)
    again = x > 0
    money = GammaGammaFitter().fit(x[again], mean[again])
    likely = model.conditional_probability_alive(x, late, age)
    purchases = model.conditional_expected_number_of_purchases_up_to_time(TERMS.weeks, x, late, age)
    values = money.conditional_expected_average_profit(x, mean)
    named = {**model.params_, "p": money.params_["p"], "q": money.params_["q"]}
    named["gamma"] = money.params_["v"]
    return {name: float(value) for name, value in named.items()}, {
        "purchases": float(np.sum(purchases)),
        "alive": float(np.sum(likely)),
        "order_value": float(np.sum(values)),
    }


def world(people: int, seed: int = 1) -> Buyers:
    """Buyers who live by the two models, with the parameters of `TRUE`, seen in whole days."""
    random = np.random.default_rng(seed)
    rate = random.gamma(TRUE["r"], 1 / TRUE["alpha"], people) / 7
    stops = random.beta(TRUE["a"], TRUE["b"], people)
    age = random.integers(1, DAYS, people)
    repeats, last = np.zeros(people, dtype=np.int64), np.zeros(people, dtype=np.int64)
    moment = np.zeros(people)
    live = np.arange(people)
    while len(live):
        moment[live] += random.exponential(1 / rate[live])
        live = live[moment[live] < age[live]]
        day = np.ceil(moment[live]).astype(np.int64)
        repeats[live] += day > last[live]  # two purchases on one day are one
        last[live] = day
        live = live[random.random(len(live)) >= stops[live]]
    level = random.gamma(TRUE["q"], 1 / TRUE["gamma"], people)
    shape = TRUE["p"] * np.maximum(repeats, 1)
    mean = random.gamma(shape, 1 / (level * shape / TRUE["p"]))
    rows = pl.DataFrame(
        {
            "person_id": np.arange(people),
            "channel": np.where(np.arange(people) % 2, "Email", "Direct"),
            "first_on": [ENDS_ON - timedelta(days=int(days) + 1) for days in age],
            "repeats": repeats,
            "recency_days": np.where(repeats > 0, last, 0),
            "age_days": age,
            "mean_value": np.where(repeats > 0, mean, 0.0),
            "spent": np.where(repeats > 0, mean * (repeats + 1), 1.0),
        }
    )
    return Buyers(rows, ENDS_ON)
