"""Paths as flat arrays, and what may be done to them before credit is given."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

DIRECT, UNASSIGNED = "Direct", "Unassigned"


@dataclass(frozen=True)
class Paths:
    """The steps of all paths, one path after the other, and what each path led to."""

    channels: tuple[str, ...]
    """The names that the numbers stand for, in order of the alphabet."""
    steps: Ints
    """The channel of each visit."""
    days: Floats
    """How many days before its path's end each visit began."""
    lengths: Ints
    """The visits of each path; 1 or more."""
    persons: Ints
    """Whose path it is, numbered from 0."""
    is_order: Flags
    """Whether the path led to an order."""
    values: Floats
    """What the order brought, refunds taken off; 0 without an order."""
    own: Ints
    """The channel of the order's own touch; -1 where it names none."""
    is_mature: Flags
    """Whether the journey's conversion window has closed; always so for an order."""

    @cached_property
    def starts(self) -> Ints:
        """Where each path begins among the steps."""
        return np.cumsum(self.lengths) - self.lengths

    @cached_property
    def path_of(self) -> Ints:
        """The path of each step."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    def number(self, channel: str) -> int:
        """The number of a channel; -1 where no path has it."""
        return self.channels.index(channel) if channel in self.channels else -1

    def keep(self, steps: Flags) -> "Paths":
        """The chosen steps; each path must keep at least one."""
        kept = np.bincount(self.path_of[steps], minlength=len(self.lengths))
        return replace(self, steps=self.steps[steps], days=self.days[steps], lengths=kept)

    def with_used_channels(self) -> "Paths":
        """The same paths, without the names of channels that no step and no order bears."""
        named = np.concatenate([self.steps, self.own[self.own >= 0]])
        used = np.flatnonzero(np.bincount(named, minlength=len(self.channels)))
        place = np.full(len(self.channels) + 1, -1)  # the last place is that of no channel
        place[used] = np.arange(len(used))
        names = tuple(self.channels[number] for number in used)
        return replace(self, channels=names, steps=place[self.steps], own=place[self.own])

    def select(self, chosen: Flags) -> "Paths":
        """The chosen paths."""
        steps = chosen[self.path_of]
        each = ("lengths", "persons", "is_order", "values", "own", "is_mature")
        return replace(
            self,
            steps=self.steps[steps],
            days=self.days[steps],
            **{name: getattr(self, name)[chosen] for name in each},
        )


def first_of_channel(paths: Paths) -> Flags:
    """Whether a step is the first of its path through its channel."""
    pairs = paths.path_of * len(paths.channels) + paths.steps
    first = np.zeros(len(pairs), dtype=np.bool_)
    first[np.unique(pairs, return_index=True)[1]] = True
    return first


def follows_itself(paths: Paths) -> Flags:
    """Whether a step comes through the same channel as the one before it in its path."""
    same = np.zeros(len(paths.steps), dtype=np.bool_)
    same[1:] = (paths.steps[1:] == paths.steps[:-1]) & (paths.path_of[1:] == paths.path_of[:-1])
    return same


def without(paths: Paths, channel: str) -> Paths:
    """The paths without a channel; one that has no other stays as it is."""
    others = paths.steps != paths.number(channel)
    has_other = np.bincount(paths.path_of[others], minlength=len(paths.lengths)) > 0
    return paths.keep(others | ~has_other[paths.path_of])


def without_last(paths: Paths, channel: str) -> Paths:
    """The paths without a channel at their ends; one that has no other stays as it is."""
    places = np.arange(len(paths.steps))
    last = paths.starts + paths.lengths - 1
    others = np.flatnonzero(paths.steps != paths.number(channel))
    # Assigned in order, so that the last of a path's other steps remains.
    end = last.copy()
    end[paths.path_of[others]] = others
    return paths.keep(places <= end[paths.path_of])


TRANSFORMED: dict[str, Callable[[Paths], Paths]] = {
    "none": lambda paths: paths,
    "exposure": lambda paths: paths.keep(~follows_itself(paths)),
    "first": lambda paths: paths.keep(first_of_channel(paths)),
    "without_direct": lambda paths: without(paths, DIRECT),
    "without_last_direct": lambda paths: without_last(paths, DIRECT),
}
"""Transform to what it makes of the paths; in words in `settings.TRANSFORMS`."""
