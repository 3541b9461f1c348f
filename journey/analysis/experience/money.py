"""From satisfaction to money: what one point more goes with. An association, not an effect.

One case is an order whose 90 days have passed and whose buyer answered about a touchpoint of its
journey; several answers of a journey about one touchpoint are their mean. Its outcomes are whether
the buyer ordered again within the repeat window, and what the orders of that window brought, net of
refunds known by the as-of.

Cases are matched exactly on the journey's entry channel, the band of the person's first order
(quarters of the first orders of all cases) and the month of the order. Within a stratum of such
alike cases the outcome is regressed on the score; the strata's slopes are averaged with the weight
that least squares gives them, their spread of scores:

    slope = Σ (x - x̄ of the stratum)(y - ȳ of the stratum) / Σ (x - x̄ of the stratum)²

which is the coefficient of a regression with a constant for each stratum (Frisch and Waugh 1933;
Angrist 1998 on the weights). Its error is clustered by person, since one person's orders are alike:
V = G / (G - 1) · Σ over people (Σ x̃ ẽ)² / (Σ x̃²)², with x̃ the score less its stratum's mean and ẽ
the residual (Liang and Zeger 1986; Cameron and Miller 2015, equation 11), and G the people; the
interval is Student's with G - 1 degrees of freedom. Strata where all gave the same score say
nothing and are left out; how many cases remain is part of the answer. What the match leaves
unmatched, persona or product among it, may still stand behind the slope. An answer that came after
the next order belongs to that order's journey, so no score is younger than its outcome.
"""

from dataclasses import dataclass
from math import sqrt

import polars as pl
from scipy.special import stdtrit

from journey.config import Config
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

BANDS = 4
"""The bands of first-order value."""


@dataclass(frozen=True)
class Slope:
    """What one point more goes with, with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Worth:
    """One survey about one touchpoint: what a point more of it goes with."""

    touchpoint: str
    survey: str
    scale: tuple[float, float]
    is_up: bool
    """Whether a higher score is the better one; the slope is that of the score as it was given."""
    cases: int
    """Orders with an answer."""
    matched: int
    """Those that have others alike with another score."""
    people: int
    """The people of the matched orders."""
    strata: int
    repeat: Slope | None
    """Of the share that orders again; None where fewer cases match than the minimum."""
    value: Slope | None
    """Of the money in the window; None too where no order carries an amount."""


def worth(engine: Engine, config: Config, filters: Filters) -> tuple[Worth, ...]:
    """The slopes of every survey and touchpoint that orders of the period were asked about, those
    with the most cases first. Raises MetricError where the question takes too long."""
    found = []
    has_amounts = engine.snapshot.currency is not None
    keys = ["touchpoint", "survey", "scale_min", "scale_max", "is_up"]
    for key, own in cases(engine, filters).group_by(keys, maintain_order=True):
        touchpoint, survey, low, high, is_up = key
        kept = alike(own)
        people = kept["person_id"].n_unique()
        enough = kept.height >= config.minimum_n and people > 1
        found.append(
            Worth(
                str(touchpoint),
                str(survey),
                (float(low), float(high)),
                bool(is_up),
                own.height,
                kept.height,
                people,
                kept["stratum"].n_unique(),
                within_slope(kept, "repeated") if enough else None,
                within_slope(kept, "later_value") if enough and has_amounts else None,
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.cases, one.touchpoint, one.survey)))


def cases(engine: Engine, filters: Filters) -> pl.DataFrame:
    """The orders of the period with an answer, one row for each touchpoint and survey answered:
    what it is matched on, the score, and the outcomes `repeated` (0 or 1) and `later_value`."""
    return engine.table(_CASES, filters)


def within_slope(cases: pl.DataFrame, outcome: str) -> Slope:
    """The slope of an outcome on `score` within `stratum`, clustered by `person_id`.

    The cases must hold at least two people and one stratum with two scores.
    """
    centred = cases.select(
        "person_id",
        (pl.col("score") - pl.col("score").mean().over("stratum")).alias("x"),
        (pl.col(outcome) - pl.col(outcome).mean().over("stratum")).alias("y"),
    )
    x, y = centred["x"].to_numpy(), centred["y"].to_numpy()
    spread = float(x @ x)
    slope = float(x @ y) / spread
    moments = centred.select("person_id", pl.Series("moment", x * (y - slope * x))).group_by(
        "person_id", maintain_order=True
    )
    sums = moments.agg(pl.col("moment").sum())["moment"].to_numpy()
    people = len(sums)
    error = sqrt(people / (people - 1) * float(sums @ sums)) / spread
    half = float(stdtrit(people - 1, 0.975)) * error
    return Slope(slope, slope - half, slope + half)


def table(found: tuple[Worth, ...]) -> pl.DataFrame:
    """The slopes as rows: the repeat share per point, the money per point, and the counts."""
    rows = []
    for one in found:
        row: dict[str, object] = {
            "touchpoint": one.touchpoint,
            "survey": one.survey,
            "scale": f"{one.scale[0]:g}-{one.scale[1]:g}",
            "orders": one.cases,
            "matched_orders": one.matched,
            "people": one.people,
            "strata": one.strata,
        }
        for name, slope in (("repeat", one.repeat), ("value", one.value)):
            for end, part in (("_per_point", "value"), ("_low", "low"), ("_high", "high")):
                row[f"{name}{end}"] = getattr(slope, part) if slope else None
        rows.append(row)
    ends = [
        f"{name}{end}" for name in ("repeat", "value") for end in ("_per_point", "_low", "_high")
    ]
    return pl.DataFrame(
        rows,
        schema={
            **dict.fromkeys(("touchpoint", "survey", "scale"), pl.String),
            **dict.fromkeys(("orders", "matched_orders", "people", "strata"), pl.Int64),
            **dict.fromkeys(ends, pl.Float64),
        },
    )


def alike(cases: pl.DataFrame) -> pl.DataFrame:
    """The cases with their stratum, without strata where all gave the same score."""
    # Quarters by rank: equal amounts may fall in two bands, but the same amount never does.
    rank = pl.col("first_value").rank("min") - 1
    band = (rank * BANDS // pl.len()).alias("band")
    placed = cases.with_columns(band).with_columns(
        pl.struct("entry_channel", "band", "month").rank("dense").alias("stratum")
    )
    return placed.filter(pl.col("score").n_unique().over("stratum") > 1)


_CASES = """
with
    cohort as (
        select
            person_id,
            journey_number,
            event_id,
            entry_channel,
            order_number,
            repeat_matures_at,
            date_trunc('month', ordered_on)::date as month,
            coalesce(next_order_at <= repeat_matures_at, false)::double as repeated,
        from orders
        where ordered_on >= $since and ordered_on < $until and repeat_matures_at <= $as_of
    ),
    paid as (
        select
            person_id,
            event_id,
            ordered_at,
            order_number,
            (gross_revenue + case when first_refund_at <= $as_of then refunds else 0 end)::double
            as revenue,
        from orders
    ),
    firsts as (
        select person_id, revenue as first_value,
        from paid
        where order_number = 1
    ),
    later as (
        select cohort.event_id, round(sum(paid.revenue), 4) as later_value,
        from cohort
        inner join
            paid
            on cohort.person_id = paid.person_id
            and paid.order_number > cohort.order_number
            and paid.ordered_at <= cohort.repeat_matures_at
        group by cohort.event_id
    ),
    answered as (
        select
            person_id,
            journey_number,
            case when kind = 'relational' then 'relationship' else about_touchpoint end
            as touchpoint,
            survey,
            scale_min,
            scale_max,
            is_up,
            avg(score) as score,
        from responses
        where survey is not null and score is not null and answered_at <= $as_of
        group by all
    )
select
    answered.touchpoint,
    answered.survey,
    answered.scale_min,
    answered.scale_max,
    answered.is_up,
    cohort.person_id,
    cohort.entry_channel,
    cohort.month,
    coalesce(firsts.first_value, 0.0) as first_value,
    answered.score,
    cohort.repeated,
    coalesce(later.later_value, 0.0) as later_value,
from cohort
inner join
    answered
    on cohort.person_id = answered.person_id
    and cohort.journey_number = answered.journey_number
left join firsts on cohort.person_id = firsts.person_id
left join later on cohort.event_id = later.event_id
order by all
"""
