"""Who the customers are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .clock import Flags, Floats, Ints
from .story import Story


@dataclass(frozen=True)
class People:
    """One batch of people, an array per trait."""

    number: Ints  # across all batches
    persona: Ints
    country: Ints
    device: Ints  # the one mostly used
    identified: Flags
    warmth: Floats  # a personal bias of every satisfaction
    variant: Ints  # the arm of the experiment, should the person meet it

    def __len__(self) -> int:
        return len(self.number)


def pick(rng: np.random.Generator, weights: Floats, n: int) -> Ints:
    """Draw n positions in proportion to weights."""
    edges = np.cumsum(weights)
    drawn = np.searchsorted(edges, rng.random(n) * edges[-1], side="right")
    return np.asarray(np.minimum(drawn, len(weights) - 1), dtype=np.int64)


def pick_rows(rng: np.random.Generator, table: Floats, rows: Ints) -> Ints:
    """Draw one position per row, in proportion to that row of a table of weights."""
    edges = np.cumsum(table, axis=1)
    edges /= edges[:, -1:]
    drawn = (rng.random(len(rows))[:, None] > edges[rows]).sum(axis=1)
    return np.asarray(np.minimum(drawn, table.shape[1] - 1), dtype=np.int64)


def draw_people(rng: np.random.Generator, story: Story, first: int, n: int) -> People:
    """Draw n people, numbered from first."""
    persona = pick(rng, np.array([p.share for p in story.personas]), n)
    return People(
        number=np.arange(first, first + n, dtype=np.int64),
        persona=persona,
        country=pick(rng, np.array([c.share for c in story.countries]), n),
        device=pick_rows(rng, np.array([p.devices for p in story.personas]), persona),
        identified=rng.random(n) < story.identified,
        warmth=rng.normal(0.0, 0.35, n),
        variant=(rng.random(n) < 0.5).astype(np.int64),
    )


def channel_mix(story: Story, *, later: bool) -> Floats:
    """The entry channels of first or later journeys: a row per persona, a column per channel."""
    shares = [c.later if later else c.first for c in story.channels]
    table = np.array([shares] * len(story.personas))
    names = [c.name for c in story.channels]
    for row, persona in zip(table, story.personas, strict=True):
        for name, factor in persona.channels:
            row[names.index(name)] *= factor
        row /= row.sum()
    return table
