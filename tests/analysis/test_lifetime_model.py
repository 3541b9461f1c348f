"""The lifetime models against what defines them: integrals, simulations, published numbers."""

from math import exp, log

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import roots_genlaguerre, roots_jacobi
from scipy.stats import gamma

from journey.analysis.lifetime import bgnbd, gammagamma
from journey.analysis.lifetime.bgnbd import History
from journey.analysis.lifetime.fitting import EdgeError, maximise
from journey.errors import MetricError

CDNOW = (0.243, 4.414, 0.793, 2.426)
"""r, alpha, a and b as published for the CDNOW sample (Fader, Hardie and Lee 2005)."""

MODELS = [CDNOW, (1.7, 9.0, 1.6, 0.9), (0.6, 2.0, 1.0, 1.3)]
PEOPLE = [(0, 0.0, 10.0), (1, 3.0, 10.0), (2, 30.43, 38.86), (5, 20.0, 20.0), (9, 4.0, 30.0)]


def by_hand(model: tuple[float, ...], person: tuple[int, float, float], weigh: str) -> float:
    """The integral over everyone's own rate and chance to stop of what one such person does,
    times 1 (`seen`), whether they are a customer still (`alive`), or purchases in 8 weeks.

    By Gauss's rules for just these weights: Beta(a, b) down and, across, Gamma(r, alpha) times
    what everyone of them has done, not to buy for some time up to the last purchase.
    """
    r, alpha, a, b = model
    x, late, age = person
    rate, weight = roots_genlaguerre(100, r - 1)
    rate /= alpha + late
    weight *= (alpha / (alpha + late)) ** r / weight.sum()
    p, share = (part[:, None] for part in roots_jacobi(80, b - 1, a - 1))
    p, share = (1 + p) / 2, share / share.sum()
    still = (1 - p) ** x * rate**x * np.exp(-rate * (age - late))
    gone = p * (1 - p) ** (x - 1) * rate**x if x else 0.0
    told = {
        "seen": still + gone,
        "alive": still,
        "purchases": still * -np.expm1(-rate * p * 8) / p,
    }[weigh]
    return float((told * weight * share).sum())


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("person", PEOPLE)
def test_the_likelihood_is_the_integral_that_defines_it(model, person) -> None:
    history = History(*(np.array([float(value)]) for value in (*person, 1)))
    value, _ = bgnbd.Likelihood(history)(np.log(model))
    assert exp(value) == pytest.approx(by_hand(model, person, "seen"), rel=1e-5)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("person", PEOPLE)
def test_alive_and_expected_are_the_integrals_that_define_them(model, person) -> None:
    seen = by_hand(model, person, "seen")
    alive = by_hand(model, person, "alive") / seen
    assert float(bgnbd.alive(model, *person)) == pytest.approx(alive, rel=1e-5)
    purchases = by_hand(model, person, "purchases") / seen
    assert float(bgnbd.expected(model, 8, *person)) == pytest.approx(purchases, rel=1e-5)


def test_the_published_example_of_one_person() -> None:
    """Hardie's note on the model works out 1.2259 purchases in 39 weeks for x = 2."""
    found = float(bgnbd.expected((0.24259, 4.4136, 0.79292, 2.42590), 39, 2, 30.43, 38.86))
    assert found == pytest.approx(1.2259, abs=5e-4)


def test_someone_who_never_came_back_is_a_customer_still() -> None:
    assert bgnbd.alive(CDNOW, 0, 0, [1, 50, 5_000]).tolist() == [1, 1, 1]


def test_the_gradient_is_the_slope_and_the_curvature_the_gradients() -> None:
    random = np.random.default_rng(5)
    x = random.integers(0, 6, 40).astype(float)
    age = random.integers(1, 200, 40) / 7
    late = np.where(x > 0, age * random.random(40), 0)
    likelihood = bgnbd.Likelihood(History(x, late, age, random.integers(1, 9, 40).astype(float)))
    mean = random.gamma(3, 10, 40)
    for objective, start in (
        (likelihood, np.log(MODELS[1])),
        (gammagamma.Likelihood(x + 1, mean), np.log([4.0, 3.0, 15.0])),
    ):
        _, gradient = objective(start)
        for n in range(len(start)):
            step = np.zeros(len(start))
            step[n] = 1e-6
            up, down = objective(start + step), objective(start - step)
            assert gradient[n] == pytest.approx((up[0] - down[0]) / 2e-6, rel=1e-4, abs=1e-4)
            bent = objective.curvature(start)[n]
            assert bent == pytest.approx((up[1] - down[1]) / 2e-6, rel=1e-4, abs=1e-4)


def test_equal_histories_count_as_often_as_there_are_people() -> None:
    once = bgnbd.Likelihood(
        History(*(np.array(v, float) for v in ([2, 0], [3, 0], [9, 9], [3, 2])))
    )
    each = bgnbd.Likelihood(
        History(
            *(np.array(v, float) for v in ([2] * 3 + [0] * 2, [3] * 3 + [0] * 2, [9] * 5, [1] * 5))
        )
    )
    one, other = once(np.log(CDNOW)), each(np.log(CDNOW))
    assert one[0] == pytest.approx(other[0])
    assert one[1] == pytest.approx(other[1])


@pytest.mark.parametrize("x", [0, 1, 30, 400, 3_000])
def test_however_often_someone_bought_the_forecast_is_a_number(x: int) -> None:
    found = bgnbd.expected(CDNOW, np.array([1, 52, 520]), x, 50.0, 52.0)
    assert np.isfinite(found).all()
    assert (np.diff(found) > 0).all()


def test_the_gaps_of_the_formula_close() -> None:
    for around, at in (
        ((0.2, 4, 1 + 1e-5, 2), (0.2, 4, 1, 2)),
        ((1, 4, 0.4 + 1e-5, 0.6), (1, 4, 0.4, 0.6)),
    ):
        near = bgnbd.expected(around, 20, [0, 3], [0, 9], [10, 10])
        assert bgnbd.expected(at, 20, [0, 3], [0, 9], [10, 10]) == pytest.approx(near, rel=1e-3)


def simulated(model: tuple[float, ...], people: int, seed: int) -> History:
    """People who live by the model, watched for up to a year and a half."""
    random = np.random.default_rng(seed)
    r, alpha, a, b = model
    age = random.integers(30, 547, people) / 7
    rate, stop = random.gamma(r, 1 / alpha, people), random.beta(a, b, people)
    x, late, at = np.zeros(people), np.zeros(people), random.exponential(1 / rate)
    while (buying := at <= age).any():
        x[buying] += 1
        late[buying] = at[buying]
        stays = random.random(people) >= stop
        at = np.where(buying & stays, at + random.exponential(1 / rate), np.inf)
    return History(x, late, age, np.ones(people))


def test_the_parameters_people_live_by_are_found_again_within_their_intervals() -> None:
    covered = 0
    for seed in range(12):
        found = bgnbd.fit(simulated(CDNOW, 1_500, seed))
        ends = found.intervals
        covered += sum(
            ends[n][0] <= v <= ends[n][1] for n, v in zip(bgnbd.NAMES, CDNOW, strict=True)
        )
    # 48 intervals of 95 %: 46 to expect, and fewer than 40 less than once in a thousand times.
    assert covered >= 40


def test_the_search_does_not_depend_on_the_unit_of_time() -> None:
    weeks = simulated(CDNOW, 1_500, 3)
    years = History(weeks.repeats, weeks.recency / 52, weeks.age / 52, weeks.people)
    one, other = bgnbd.fit(weeks), bgnbd.fit(years)
    assert other["alpha"] * 52 == pytest.approx(one["alpha"], rel=1e-5)
    assert (other["r"], other["a"], other["b"]) == pytest.approx(
        (one["r"], one["a"], one["b"]), rel=1e-4
    )


def test_people_alike_in_their_chance_to_stop() -> None:
    random = np.random.default_rng(11)
    history = simulated((0.8, 5.0, 4e5, 6e5), 3_000, random.integers(99))
    found = bgnbd.fit(history)
    assert found["a"] / (found["a"] + found["b"]) == pytest.approx(0.4, abs=0.05)
    if found.note:
        assert found["a"] + found["b"] == pytest.approx(bgnbd.ALIKE)


def test_people_who_never_stop_have_no_such_model() -> None:
    random = np.random.default_rng(2)
    people = 3_000
    age = np.full(people, 60.0)
    rates = random.gamma(0.8, 0.3, people)
    x = random.poisson(rates * age).astype(float)
    # The last of x purchases spread evenly over the time.
    late = np.where(x > 0, age * random.random(people) ** (1 / np.maximum(x, 1)), 0)
    with pytest.raises(MetricError, match="no stopping"):
        bgnbd.fit(History(x, late, age, np.ones(people)))


def test_a_likelihood_without_a_peak_says_which_parameter_runs_away() -> None:
    with pytest.raises(EdgeError, match="rate runs away upwards"):
        maximise(("rate",), lambda logs: (-float(np.exp(-logs[0])), np.exp(-logs)), [[0.0]], 1)


def value_by_hand(model: tuple[float, ...], x: int, mean: float, weigh: bool) -> float:
    """The integral over nu of the density of a mean of x purchases, times a person's own mean."""
    p, q, scale = model

    def one(nu: float) -> float:
        density = gamma.pdf(mean, p * x, scale=1 / (nu * x)) * gamma.pdf(nu, q, scale=1 / scale)
        return float(density * (p / nu if weigh else 1))

    return quad(one, 0, np.inf, epsabs=1e-14, epsrel=1e-9, limit=500)[0]


@pytest.mark.parametrize(("x", "mean"), [(1, 11.77), (2, 22.35), (9, 60.0)])
def test_value_is_the_integral_that_defines_it(x: int, mean: float) -> None:
    model = (6.25, 3.74, 15.44)
    seen = value_by_hand(model, x, mean, weigh=False)
    value, _ = gammagamma.Likelihood(np.array([float(x)]), np.array([mean]))(np.log(model))
    assert value == pytest.approx(log(seen), rel=1e-6)
    worth = value_by_hand(model, x, mean, weigh=True) / seen
    assert float(gammagamma.expected_value(model, x, mean)) == pytest.approx(worth, rel=1e-6)


def test_without_a_repeat_the_value_to_expect_is_everyones_mean() -> None:
    assert float(gammagamma.expected_value((6.25, 3.74, 15.44), 0, 99)) == pytest.approx(
        6.25 * 15.44 / 2.74
    )


def spending(people: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """People who spend by the model p = 5, q = 4, gamma = 30, however often."""
    random = np.random.default_rng(seed)
    x = random.integers(1, 9, people).astype(float)
    nu = random.gamma(4, 1 / 30, people)
    return x, random.gamma(5 * x, 1 / (nu * x))


def test_the_values_people_spend_by_are_found_again_in_any_currency() -> None:
    x, mean = spending(4_000, 8)
    for rate in (1, 1_000):
        found = gammagamma.fit(x, mean * rate)
        truth = {"p": 5, "q": 4, "gamma": 30 * rate}
        assert all(low < truth[n] < high for n, (low, high) in found.intervals.items())
        value, _ = gammagamma.Likelihood(x, mean * rate)(np.log(found.values))
        assert found.log_likelihood == pytest.approx(value)


def test_value_is_refused_where_frequent_buyers_spend_more() -> None:
    x, mean = spending(2_000, 8)
    with pytest.raises(MetricError, match="spend more on each purchase"):
        gammagamma.fit(x, mean * x)
    with pytest.raises(MetricError, match="spend less on each purchase"):
        gammagamma.fit(x, mean / x)


def test_value_is_refused_where_it_has_no_mean() -> None:
    random = np.random.default_rng(1)
    x = random.integers(1, 9, 3_000).astype(float)
    mean = random.gamma(8 * x, 1 / (random.gamma(0.7, 1, 3_000) * x))
    with pytest.raises(MetricError, match="no mean"):
        gammagamma.fit(x, mean)
