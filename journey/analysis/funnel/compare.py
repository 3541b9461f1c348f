"""The same funnel for two groups: another span, or other people."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import polars as pl

from journey.analysis.funnel.report import Reached
from journey.metrics import statistics


@dataclass(frozen=True)
class Shift:
    """How a step's share differs between two groups, as shares."""

    step: str
    of: str
    """`overall` (of those who entered) or `previous` (of those at the step before)."""
    part: int
    whole: int
    part_before: int
    whole_before: int
    difference: float
    low: float
    high: float
    chance: float
    """The two-sided p-value of the two-proportion test."""
    verdict: str
    """`higher`, `lower`, `within chance`, or `no call` where a side has too few."""


def shifts(now: Sequence[Reached], before: Sequence[Reached], minimum_n: int = 30) -> list[Shift]:
    """How each step after the first differs: of all that entered, then of the step before.

    Newcombe's interval of the difference; a verdict only from `minimum_n` cases on both sides,
    and only for what stands among all shares of its kind by Benjamini and Hochberg at 10 %.
    Steps whose whole is empty on one side are left out.
    """
    return [*_kind(now, before, "overall", minimum_n), *_kind(now, before, "previous", minimum_n)]


def rows(found: Sequence[Shift]) -> pl.DataFrame:
    """One row a shift, with its fields as columns."""
    return pl.DataFrame([asdict(one) for one in found], schema=_SCHEMA)


_SCHEMA = {
    **dict.fromkeys(("step", "of"), pl.String),
    **dict.fromkeys(("part", "whole", "part_before", "whole_before"), pl.Int64),
    **dict.fromkeys(("difference", "low", "high", "chance"), pl.Float64),
    "verdict": pl.String,
}


def _kind(
    now: Sequence[Reached], before: Sequence[Reached], of: str, minimum_n: int
) -> list[Shift]:
    """One kind of share."""
    counts = []
    for mine, other in list(zip(now, before, strict=True))[1:]:
        wholes = [one.entered if of == "overall" else one.before or 0 for one in (mine, other)]
        if all(wholes):
            counts.append((mine.step, mine.count, wholes[0], other.count, wholes[1]))
    chances = [statistics.two_shares(*four) for _, *four in counts]
    called = [place for place, (_, _, whole, _, other) in enumerate(counts)
              if min(whole, other) >= minimum_n]  # fmt: skip
    standing = dict(
        zip(called, statistics.discoveries([chances[place] for place in called]), strict=True)
    )
    found = []
    for place, (step, *four) in enumerate(counts):
        moved, low, high = statistics.difference(*four)
        word = "higher" if moved > 0 else "lower"
        verdict = (
            "no call" if place not in standing else word if standing[place] else "within chance"
        )
        part, whole, part_before, whole_before = four
        found.append(
            Shift(step, of, part, whole, part_before, whole_before, moved, low, high,
                  chances[place], verdict)
        )  # fmt: skip
    return found
