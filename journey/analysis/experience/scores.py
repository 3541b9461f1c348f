"""CSAT, NPS and CES of each group, with interval, change and test, under any way of summing up."""

from dataclasses import dataclass

import polars as pl

from journey.analysis.experience import answers
from journey.analysis.experience.answers import NETS, SHARES, Chosen
from journey.config import Config
from journey.metrics import weighed
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.metrics.weighed import Difference, Measured, Sample
from journey.surveys import METHODS

CHANCE = 0.05
"""A change is more than chance where chance alone would show it less often than this."""


@dataclass(frozen=True)
class Score:
    """One group's score, and how it moved since the span it is compared with."""

    group: object
    """A word, or the first day of a month or week; None for all groups together."""
    sample: Sample
    measured: Measured | None
    """None where there are fewer answers than the minimum."""
    unweighted: float | None = None
    """The value as if all answers weighed the same."""
    before: Sample | None = None
    test: Difference | None = None
    """None where either span has too few answers, or nothing is compared."""

    @property
    def verdict(self) -> str:
        """`rose`, `fell`, `within chance`, `too few`, or nothing where nothing is compared."""
        if self.before is None:
            return ""
        if self.test is None:
            return "too few"
        if self.test.p >= CHANCE or not self.test.difference:
            return "within chance"
        return "rose" if self.test.difference > 0 else "fell"


@dataclass(frozen=True)
class Scores:
    """One survey's scores by group under one way of summing up."""

    chosen: Chosen
    method: str
    rows: tuple[Score, ...]
    """The groups with the most answers first; months and weeks in order."""
    total: Score
    left_out: int
    """Answers of the survey on other scales, which do not count."""

    @property
    def unit(self) -> str:
        """`percent` for shares, `points` for nets, `score` for means."""
        return unit(self.chosen, self.method)

    @property
    def is_better_up(self) -> bool:
        """Whether a higher value is the better one."""
        return self.chosen.is_up or (self.chosen.survey, self.method) in SHARES | NETS

    @property
    def is_weighted(self) -> bool:
        """Whether answers have weights of their own."""
        return self.total.sample.squared_weight != self.total.sample.count


def unit(chosen: Chosen, method: str) -> str:
    """The unit of a way of summing up."""
    if (chosen.survey, method) in SHARES:
        return "percent"
    if (chosen.survey, method) in NETS:
        return "points"
    return "percent" if method == "sum_of_maximum" and chosen.scale else "score"


def measure(sample: Sample, survey: str, method: str) -> Measured:
    """The value and interval of a sample under a way of summing up."""
    if (survey, method) in SHARES:
        return weighed.share(sample)
    return weighed.net(sample) if (survey, method) in NETS else weighed.mean(sample)


def compare(now: Sample, before: Sample, survey: str, method: str) -> Difference:
    """The change of a sample and its test: two proportions, z of two nets, or Welch's t."""
    if (survey, method) in SHARES:
        return weighed.shares_differ(now, before)
    if (survey, method) in NETS:
        return weighed.nets_differ(now, before)
    return weighed.means_differ(now, before)


def every_method(
    engine: Engine, config: Config, filters: Filters, before: Filters | None, chosen: Chosen
) -> dict[str, Scores]:
    """The scores under every way of summing the survey up, the chosen one first.

    One question to the store serves them all. Raises MetricError where it takes too long.
    """
    now = answers.sums(engine, filters, chosen)
    dated = chosen.by in ("month", "week")
    # Months have no counterpart in the span before; only the whole is compared.
    past = answers.sums(engine, before, chosen) if before else None
    counted = int(now["answers"].sum())
    order = [chosen.method, *(name for name in METHODS[chosen.survey] if name != chosen.method)]
    found = {}
    for method in order:
        samples = _samples(now, method)
        plain = dict(now.select("group", f"{method}_plain").iter_rows())
        earlier = _samples(past, method) if past is not None else None
        rows = [
            _score(
                group,
                sample,
                plain[group],
                earlier.get(group, _NOTHING) if earlier is not None and not dated else None,
                chosen.survey,
                method,
                config.minimum_n,
            )
            for group, sample in samples.items()
        ]
        if not dated:
            rows.sort(key=lambda row: (-row.sample.count, str(row.group)))
        total = _score(
            None,
            _summed(samples),
            sum(plain.values()),
            _summed(earlier) if earlier is not None else None,
            chosen.survey,
            method,
            config.minimum_n,
        )
        left_out = sum(chosen.answers.values()) - counted
        found[method] = Scores(chosen, method, tuple(rows), total, left_out)
    return found


def table(scores: Scores) -> pl.DataFrame:
    """The scores as rows: for tables, exports and other programs."""
    return pl.DataFrame(
        [_row(score, scores.chosen.by) for score in (*scores.rows, scores.total)],
        schema={
            scores.chosen.by: pl.String,
            "answers": pl.Int64,
            "effective_answers": pl.Float64,
            "value": pl.Float64,
            "low": pl.Float64,
            "high": pl.Float64,
            "unweighted": pl.Float64,
            "answers_before": pl.Int64,
            "change": pl.Float64,
            "change_low": pl.Float64,
            "change_high": pl.Float64,
            "p": pl.Float64,
            "verdict": pl.String,
        },
        orient="row",
    )


_NOTHING = Sample(0, 0.0, 0.0, 0.0, 0.0)


def _row(score: Score, by: str) -> tuple[object, ...]:
    """One score as a row of the table."""
    known, test = score.measured, score.test
    return (
        "all" if score.group is None else str(score.group),
        score.sample.count,
        score.sample.size,
        *((known.value, known.low, known.high) if known else (None, None, None)),
        score.unweighted,
        score.before.count if score.before else None,
        *((test.difference, test.low, test.high, test.p) if test else (None,) * 4),
        score.verdict or None,
    )


def _samples(sums: pl.DataFrame, method: str) -> dict[object, Sample]:
    """Group to its sample under a way of summing up."""
    columns = ("group", "answers", "weight", "squared_weight")
    picked = sums.select(*columns, f"{method}_total", f"{method}_squares")
    return {row[0]: Sample(*row[1:]) for row in picked.iter_rows()}


def _summed(samples: dict[object, Sample]) -> Sample:
    """All groups as one sample."""
    parts = list(samples.values())
    return Sample(
        sum(part.count for part in parts),
        sum(part.weight for part in parts),
        sum(part.squared_weight for part in parts),
        sum(part.total for part in parts),
        sum(part.squares for part in parts),
    )


def _score(
    group: object,
    sample: Sample,
    plain: float,
    before: Sample | None,
    survey: str,
    method: str,
    minimum_n: int,
) -> Score:
    """A group's score, its change and its test, where there are enough answers for them."""
    enough = sample.count >= minimum_n and sample.weight > 0
    measured = measure(sample, survey, method) if enough else None
    test = None
    if enough and before is not None and before.count >= minimum_n and before.weight > 0:
        test = compare(sample, before, survey, method)
    unweighted = None
    if enough:
        scale = 100 if (survey, method) in NETS else 1
        unweighted = scale * plain / sample.count
    return Score(group, sample, measured, unweighted, before, test)
