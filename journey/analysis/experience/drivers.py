"""Which touchpoints move what customers think of the business as a whole: importance against
performance.

The whole is a person's latest relational answer of the period; a touchpoint's score is the mean of
what the same person answered about it in the 180 days up to then. All scores stand on -1 to +1 by
their place on their scale, NPS too, for groups would hide what moves within them.

Importance is the correlation of the two, which is the standardised slope of a regression on one
touchpoint, with Fisher's interval (1921); its square is the share of the differences in the whole
that go with it. Most people answer about few touchpoints, so each is looked at by itself, over all
who answered about it. Where enough people answered about several, those are looked at together: R²
of the regression on all of them, and how much of it belongs to each, averaged over every order in
which they could be added (Lindeman, Merenda and Gold 1980, the Shapley value of R²), with the 95 %
interval of 200 bootstrap samples of people.

Performance is the mean of all answers about the touchpoint, from -2 to +2. Importance here is an
association: nobody was made happier at random.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import atanh, factorial, sqrt, tanh

import numpy as np
import polars as pl

from journey.config import Config
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.metrics.statistics import Z95

DRAWS = 200
SEED = 20_131
MOST_TOGETHER = 8
"""The most touchpoints looked at together: their subsets double with each."""

PEOPLE_EACH = 20
"""The fewest people for each touchpoint looked at together."""


@dataclass(frozen=True)
class Driver:
    """One touchpoint: how much it matters, and how well it does."""

    touchpoint: str
    importance: float
    """The correlation with the whole, from -1 to +1."""
    low: float
    high: float
    people: int
    """Who answered about both."""
    performance: float
    """From -2 to +2."""
    answers: int
    """All answers about the touchpoint, which performance rests on."""


@dataclass(frozen=True)
class Share:
    """One touchpoint's part of the R² of several."""

    touchpoint: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Together:
    """Several touchpoints looked at at once."""

    r_squared: float
    low: float
    high: float
    people: int
    shares: tuple[Share, ...]
    """They add up to R²."""


@dataclass(frozen=True)
class Drivers:
    """The touchpoints with enough people, the most important first."""

    each: tuple[Driver, ...]
    together: Together | None
    """None where too few people answered about two touchpoints and the whole."""


def drivers(engine: Engine, config: Config, filters: Filters) -> Drivers:
    """Importance and performance of every touchpoint that enough people answered about.

    Raises MetricError where the question takes too long.
    """
    pairs = engine.table(_PAIRS, filters)
    performed = {
        name: (2 * mean, count) for name, mean, count in engine.table(_MEANS, filters).iter_rows()
    }
    each = []
    for (name,), own in pairs.group_by("touchpoint", maintain_order=True):
        if own.height < max(config.minimum_n, 4) or name not in performed:
            continue
        if (found := correlation(own["score"].to_numpy(), own["whole"].to_numpy())) is None:
            continue
        performance, answers = performed[str(name)]
        each.append(Driver(str(name), *found, own.height, performance, answers))
    each.sort(key=lambda one: (-one.importance, one.touchpoint))
    return Drivers(tuple(each), _together(pairs, each, config.minimum_n))


def correlation(one: np.ndarray, other: np.ndarray) -> tuple[float, float, float] | None:
    """The correlation of four cases or more with Fisher's interval; None where one side is all
    the same."""
    if one.std() <= 0 or other.std() <= 0:
        return None
    r = float(np.clip(np.corrcoef(one, other)[0, 1], -1.0, 1.0))
    if abs(r) > 1 - 1e-12:
        return r, r, r
    half = Z95 / sqrt(len(one) - 3)
    return r, tanh(atanh(r) - half), tanh(atanh(r) + half)


def shares_of_r_squared(correlations: np.ndarray) -> tuple[float, np.ndarray]:
    """R² of the last variable on all others, and the part of each in it: the Shapley value.

    Takes a correlation matrix whose last row and column are the whole's.
    """
    count = len(correlations) - 1
    within, outward = correlations[:count, :count], correlations[:count, count]
    explained: dict[tuple[int, ...], float] = {(): 0.0}
    for size in range(1, count + 1):
        for some in combinations(range(count), size):
            picked = list(some)
            inside = within[np.ix_(picked, picked)]
            # Two touchpoints may say the same; a pseudo-inverse then counts them as one.
            weights = np.linalg.pinv(inside) @ outward[picked]
            explained[some] = float(outward[picked] @ weights)
    parts = np.zeros(count)
    for some, value in explained.items():
        if len(some) == count:
            continue
        weight = factorial(len(some)) * factorial(count - len(some) - 1) / factorial(count)
        for one in set(range(count)) - set(some):
            parts[one] += weight * (explained[tuple(sorted((*some, one)))] - value)
    return explained[tuple(range(count))], parts


def table(found: Drivers) -> pl.DataFrame:
    """The touchpoints as rows; `share` is the part in the R² of several, where looked at."""
    shares = {one.touchpoint: one for one in found.together.shares} if found.together else {}
    return pl.DataFrame(
        [
            (
                one.touchpoint,
                one.importance,
                one.low,
                one.high,
                one.importance**2,
                one.people,
                one.performance,
                one.answers,
                *(
                    (own.value, own.low, own.high)
                    if (own := shares.get(one.touchpoint))
                    else (None, None, None)
                ),
            )
            for one in found.each
        ],
        schema={
            "touchpoint": pl.String,
            **dict.fromkeys(("importance", "low", "high", "r_squared"), pl.Float64),
            "people": pl.Int64,
            "performance": pl.Float64,
            "answers": pl.Int64,
            **dict.fromkeys(("share", "share_low", "share_high"), pl.Float64),
        },
        orient="row",
    )


def _together(pairs: pl.DataFrame, each: Sequence[Driver], minimum_n: int) -> Together | None:
    """As many touchpoints at once as enough people answered about, the best known first."""
    if len(each) < 2:
        return None
    wide = pairs.pivot("touchpoint", index=["person_id", "whole"], values="score")
    order = sorted(each, key=lambda one: (-one.people, one.touchpoint))
    names: list[str] = []
    for one in order[:MOST_TOGETHER]:
        tried = [*names, one.touchpoint]
        if wide.drop_nulls(tried).height >= max(minimum_n, PEOPLE_EACH * len(tried)):
            names = tried
    if len(names) < 2:
        return None
    complete = wide.drop_nulls(names).sort("person_id").select(*names, "whole").to_numpy()
    if (complete.std(axis=0) <= 0).any():
        return None
    r_squared, parts = shares_of_r_squared(np.corrcoef(complete, rowvar=False))
    chance, drawn = np.random.default_rng(SEED), []
    for _ in range(DRAWS):
        again = complete[chance.integers(0, len(complete), len(complete))]
        if (again.std(axis=0) > 0).all():
            drawn.append(shares_of_r_squared(np.corrcoef(again, rowvar=False)))
    ends = np.percentile([parts for _, parts in drawn], [2.5, 97.5], axis=0)
    low, high = np.percentile([value for value, _ in drawn], [2.5, 97.5])
    shares = [
        Share(name, float(parts[place]), float(ends[0][place]), float(ends[1][place]))
        for place, name in enumerate(names)
    ]
    shares.sort(key=lambda one: (-one.value, one.touchpoint))
    return Together(r_squared, float(low), float(high), len(complete), tuple(shares))


_PLACE = (
    "case when is_up then 1 else -1 end * (2 * score - scale_min - scale_max)"
    " / (scale_max - scale_min)"
)

_PAIRS = f"""
with
    placed as (
        select person_id, kind, about_touchpoint, answered_at, answered_on, event_id,
            {_PLACE} as place,
        from responses
        where survey is not null and score is not null and answered_at <= $as_of
    ),
    wholes as (
        select
            person_id,
            max_by(
                struct_pack(place, answered_at),
                struct_pack(at := answered_at, id := event_id)
            ) as latest,
        from placed
        where kind = 'relational' and answered_on >= $since and answered_on < $until
        group by person_id
    )
select
    placed.about_touchpoint as touchpoint,
    placed.person_id,
    wholes.latest.place as whole,
    avg(placed.place) as score,
from wholes
inner join
    placed
    on wholes.person_id = placed.person_id
    and placed.kind = 'transactional'
    and placed.answered_at <= wholes.latest.answered_at
    and placed.answered_at > wholes.latest.answered_at - interval 180 day
group by all
order by all
"""

_MEANS = f"""
select
    about_touchpoint as touchpoint,
    sum(weight * ({_PLACE})) / sum(weight) as mean,
    count(*) as answers,
from responses
where
    kind = 'transactional'
    and survey is not null
    and score is not null
    and answered_on >= $since
    and answered_on < $until
    and answered_at <= $as_of
group by about_touchpoint
having sum(weight) > 0
order by about_touchpoint
"""
