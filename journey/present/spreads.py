"""A spread as one number: the median, with the middle half around it and how many cases."""

from dataclasses import dataclass

from journey.metrics.answer import Answer
from journey.present.numbers import counted, interval
from journey.present.words import label


@dataclass(frozen=True)
class Spread:
    """What a `quantiles` answer says in short."""

    low: float
    """The first quarter, in the metric's unit."""
    middle: float
    high: float
    """The third quarter."""
    far: float
    """The highest percentile that is known."""
    cases: int
    noun: str
    """What the cases are, in the plural."""
    unit: str

    @property
    def words(self) -> str:
        """How wide it is, and of how many."""
        half = interval(self.low, self.high, self.unit, beside=self.middle)
        return f"middle half {half} · {counted(self.cases, self.noun)}"


def spread(answer: Answer) -> Spread | None:
    """The spread of an answer; None where it is none, or has no case, or not these percentiles."""
    if answer.metric.chart != "quantiles" or answer.rows.is_empty():
        return None
    row = answer.rows.row(0, named=True)
    *percentiles, last = answer.rows.columns
    known = {name.partition("_")[0]: row[name] for name in percentiles}
    values = [known.get(name) for name in ("p25", "median", "p75")]
    if None in values or not row[last]:
        return None
    low, middle, high = (float(value) for value in values if value is not None)
    far = max(float(value) for value in known.values() if value is not None)
    noun = label(last).lower()
    return Spread(low, middle, high, far, int(row[last]), noun, answer.metric.unit)
