"""Whether the conclusion hangs on the way answers are summed up."""

from collections.abc import Mapping
from dataclasses import dataclass

from journey.analysis.experience.scores import CHANCE, Score, Scores, compare


@dataclass(frozen=True)
class Flip:
    """One conclusion that another way of summing up turns round."""

    method: str
    """The other way of summing up."""
    what: str
    """`direction`: the change points the other way. `chance`: one way finds a change beyond
    chance and the other does not. `ranking`: two groups change places. """
    first: str | None = None
    """Of two groups that change places: the better one under the chosen way."""
    second: str | None = None
    sure: bool = False
    """Whether both ways find the opposite, each beyond chance."""


@dataclass(frozen=True)
class Steadiness:
    """What was compared between the ways of summing up, and what turned round."""

    flips: tuple[Flip, ...]
    pairs: int
    """The pairs of groups with enough answers, under each of the other ways."""
    methods: tuple[str, ...]
    """The other ways that were looked at."""


def flips(found: Mapping[str, Scores]) -> Steadiness:
    """How far the conclusions of the first way of summing up hold under the others.

    `found` is what `scores.every_method` gives. A pair of groups changes places where the other
    way puts it the other way round; of pairs that do, those apart beyond chance come first.
    """
    chosen, *others = found.values()
    turned: list[Flip] = []
    pairs = 0
    for other in others:
        turned += _change(chosen, other)
        swapped, compared = _ranking(chosen, other)
        turned += swapped
        pairs += compared
    return Steadiness(tuple(turned), pairs, tuple(other.method for other in others))


def _change(chosen: Scores, other: Scores) -> list[Flip]:
    """Whether the change since the span before turns round, or comes out of chance."""
    here, there = chosen.total.test, other.total.test
    if here is None or there is None:
        return []
    turned = 1 if chosen.is_better_up == other.is_better_up else -1
    sure = [test.p < CHANCE for test in (here, there)]
    if here.difference * there.difference * turned < 0 and any(sure):
        return [Flip(other.method, "direction", sure=all(sure))]
    return [Flip(other.method, "chance")] if sure[0] != sure[1] else []


def _ranking(chosen: Scores, other: Scores) -> tuple[list[Flip], int]:
    """The pairs of groups that change places, and how many pairs were compared."""
    if chosen.chosen.by in ("month", "week"):
        return [], 0
    there = {row.group: row for row in other.rows if row.measured}
    here = [row for row in chosen.rows if row.measured and row.group in there]
    swapped = []
    for place, one in enumerate(here):
        for two in here[place + 1 :]:
            ahead = _ahead(one, two, chosen)
            if ahead * _ahead(there[one.group], there[two.group], other) >= 0:
                continue
            first, second = (one, two) if ahead > 0 else (two, one)
            sure = all(
                compare(a.sample, b.sample, scores.chosen.survey, scores.method).p < CHANCE
                for a, b, scores in (
                    (one, two, chosen),
                    (there[one.group], there[two.group], other),
                )
            )
            swapped.append(Flip(other.method, "ranking", str(first.group), str(second.group), sure))
    swapped.sort(key=lambda flip: not flip.sure)
    return swapped, len(here) * (len(here) - 1) // 2


def _ahead(one: Score, two: Score, scores: Scores) -> int:
    """1 where the first is the better one, -1 where it is the worse one, 0 where they tie."""
    assert one.measured is not None
    assert two.measured is not None
    apart = round(one.measured.value - two.measured.value, 12)
    sign = (apart > 0) - (apart < 0)
    return sign if scores.is_better_up else -sign
