"""What happened behind the scenes, counted as it happens: the yardstick for every effect.

Beside counts stand sums of chances: what the planted parameters would give on average for these
very people, as against what chance made of it.
"""

from __future__ import annotations

from collections import defaultdict


class Tally(defaultdict[str, float]):
    """Name to a count or a sum of chances; what was never counted is 0."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        super().__init__(int)

    def include(self, other: Tally) -> None:
        """Add what was counted elsewhere."""
        for name, value in other.items():
            self[name] += value
