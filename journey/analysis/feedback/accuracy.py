"""How sure the moods are: measured on comments whose writers also gave a score.

A score in the lowest quarter of its scale says that the writer was unhappy, one in the highest
quarter that they were happy (1 and 2, 4 and 5 of 5); what lies between says neither and is left
out. No lexicon was made with these customers' comments, so they measure it fairly. A mood may
differ from the score and be right all the same: `the product is good, but it took two months`,
one star.
"""

from dataclasses import asdict, dataclass

import numpy as np
import polars as pl

from journey.analysis.feedback.selection import POSITION
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.metrics.statistics import wilson

ALL = "all"
_DRAWS, _SEED = 2_000, 7

_SURE = ((0.0, 0.7), (0.7, 0.9), (0.9, 1.01))
"""Confidence in three steps, for the comparison of what was promised with what held."""

COUNTS = (
    "low_negative", "low_neutral", "low_unjudged", "low_positive",
    "high_negative", "high_neutral", "high_unjudged", "high_positive",
)  # fmt: skip


@dataclass(frozen=True)
class Accuracy:
    """How moods and scores agree, for one language or for all."""

    language: str
    comments: int
    """Comments with a low or a high score."""
    judged: int
    """Those of them that are called negative or positive."""
    right: int
    """Those of these whose mood is that of the score."""
    accuracy: float | None
    """right / judged; with its 95 % Wilson interval."""
    low: float
    high: float
    f1: float | None
    """The mean of both moods' F1, where what is not judged counts as missed; with the 95 %
    interval of 2,000 draws."""
    f1_low: float
    f1_high: float


@dataclass(frozen=True)
class Measured:
    """Every language and all of them, and how confidence held."""

    languages: tuple[Accuracy, ...]
    """All languages together first, then each, the commonest first."""
    calibration: pl.DataFrame
    """A row for each step of confidence: `confidence` (its mean), `right`, `judged`."""

    @property
    def overall(self) -> Accuracy:
        """All languages together."""
        return self.languages[0]


def accuracy(engine: Engine, filters: Filters) -> Measured:
    """The agreement of moods and scores in a frame."""
    counted = engine.table(
        f"""
        with scored as (
            select language, sentiment, {POSITION} as position
            from responses
            where
                comment is not null and score is not null
                and answered_on >= $since and answered_on < $until and answered_at <= $as_of
        )
        select
            language,
            {_count("low", "position <= 0.25")},
            {_count("high", "position >= 0.75")}
        from scored
        where position <= 0.25 or position >= 0.75
        group by language
        order by count(*) desc, language
        """,
        filters,
    )
    steps = engine.table(
        f"""
        select
            confidence::double as confidence,
            case when {POSITION} <= 0.25 then sentiment = 'negative'
                else sentiment = 'positive' end as is_right
        from responses
        where
            comment is not null and score is not null
            and sentiment in ('negative', 'positive')
            and ({POSITION} <= 0.25 or {POSITION} >= 0.75)
            and answered_on >= $since and answered_on < $until and answered_at <= $as_of
        """,
        filters,
    )
    everything = counted.select(pl.lit(ALL).alias("language"), pl.col(COUNTS).sum())
    rows = pl.concat([everything, counted.select("language", *COUNTS)])
    return Measured(tuple(_measured(*row) for row in rows.iter_rows()), _calibration(steps))


def accuracy_rows(measured: Measured) -> pl.DataFrame:
    """A row for each language, all together first."""
    return pl.DataFrame([asdict(language) for language in measured.languages])


def measured_on(labels: list[bool], moods: list[str | None]) -> Accuracy:
    """The same for labels of one's own: whether each writer was happy, and the mood read."""
    table = pl.DataFrame({"happy": labels, "mood": moods}, schema_overrides={"mood": pl.String})
    counts = []
    for happy in (False, True):
        of_one = table.filter(pl.col("happy") == happy)["mood"]
        for mood in ("negative", "neutral", None, "positive"):
            same = of_one.is_null() if mood is None else of_one == mood
            counts.append(int(same.fill_null(False).sum()))
    return _measured(ALL, *counts)


def _count(name: str, condition: str) -> str:
    """The counts of one kind of score, as SQL, in the order of COUNTS."""
    moods = {
        "negative": "sentiment = 'negative'",
        "neutral": "sentiment = 'neutral'",
        "unjudged": "sentiment is null",
        "positive": "sentiment = 'positive'",
    }
    return ", ".join(
        f"count(*) filter (where {condition} and {mood}) as {name}_{word}"
        for word, mood in moods.items()
    )


def _measured(language: str, *counts: int) -> Accuracy:
    """The numbers of one language from its counts, in the order of COUNTS."""
    table = np.array(counts, dtype=np.float64)
    comments, judged = int(table.sum()), int(table[[0, 3, 4, 7]].sum())
    right = int(table[[0, 7]].sum())
    low, high = wilson(right, judged)
    point, f1_low, f1_high = None, 0.0, 1.0
    if comments:
        point = float(_f1(table[None])[0])
        draws = np.random.default_rng(_SEED).multinomial(comments, table / comments, _DRAWS)
        f1_low, f1_high = (float(end) for end in np.quantile(_f1(draws), (0.025, 0.975)))
    share = right / judged if judged else None
    return Accuracy(language, comments, judged, right, share, low, high, point, f1_low, f1_high)


def _f1(tables: np.ndarray) -> np.ndarray:
    """The mean of both moods' F1 for each row of counts."""
    scores = []
    for hit, false, whole in ((0, 4, slice(0, 4)), (7, 3, slice(4, 8))):
        found = 2.0 * tables[:, hit]
        sums = tables[:, whole].sum(axis=1) + tables[:, hit] + tables[:, false]
        scores.append(np.divide(found, sums, out=np.zeros(len(tables)), where=sums > 0))
    return np.asarray((scores[0] + scores[1]) / 2)


def _calibration(judged: pl.DataFrame) -> pl.DataFrame:
    """How often each step of confidence was right."""
    rows = []
    for low, high in _SURE:
        part = judged.filter((pl.col("confidence") >= low) & (pl.col("confidence") < high))
        if part.height:
            rows.append((part["confidence"].mean(), int(part["is_right"].sum()), part.height))
    schema = {"confidence": pl.Float64, "right": pl.Int64, "judged": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")
