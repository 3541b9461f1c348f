"""Loops and going back: what is done again at once, and what people return to."""

from collections import Counter
from dataclasses import dataclass

from journey.analysis.paths.asking import Asked
from journey.analysis.paths.walking import Walked


@dataclass(frozen=True)
class Return:
    """A step to the same name again, or back to one passed before."""

    source: str
    target: str
    count: int
    leaving: int
    """All steps that leave the source, those where the path ends among them."""

    @property
    def is_loop(self) -> bool:
        """Whether the name follows itself."""
        return self.source == self.target

    @property
    def share(self) -> float:
        """Of the steps that leave the source."""
        return self.count / self.leaving


def returns(walked: Walked, asked: Asked) -> tuple[Return, ...]:
    """All loops and returns within the columns, the most frequent first."""
    leaving: Counter[int] = Counter()
    back: Counter[tuple[int, int]] = Counter()
    for step, node, after, count, returning in walked.tally.select(
        "step", "node", "next", "count", "back"
    ).iter_rows():
        if step == asked.steps:
            continue
        leaving[node] += count
        if after is not None:
            back[node, after] += count if node == after else returning
    found = [
        Return(walked.names[node], walked.names[after], count, leaving[node])
        for (node, after), count in back.items()
        if count
    ]
    return tuple(sorted(found, key=lambda one: (-one.count, one.source, one.target)))
