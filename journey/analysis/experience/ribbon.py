"""The ribbon of the experience curve: how far its cells would move with other people."""

import numpy as np
import polars as pl
from scipy.sparse import csr_array

DRAWS = 200
SEED = 20_131

_AT_ONCE = 20
"""Samples worked on together: memory grows with it, speed hardly."""

Rub = tuple[float, float, int]
"""The friction of a cell: its value, what it weighs, and the touches that met it."""


def ribbon(
    given: pl.DataFrame,
    cells: list[pl.DataFrame],
    asked: list[list[str]],
    rubs: list[list[Rub]],
) -> tuple[np.ndarray, np.ndarray]:
    """The ends of the interval of each cell, one set of cells after the other, from the same
    bootstrap samples of people."""
    rows, before = [], 0
    for one, cell in zip(cells, asked, strict=True):
        numbered = one.select(cell).with_row_index("cell", offset=before)
        rows.append(given.join(numbered, on=cell, maintain_order="left")["cell"].to_numpy())
        before += one.height
    people = int(given["person_id"].max()) + 1  # type: ignore[arg-type]
    where = np.concatenate(rows), np.tile(given["person_id"].to_numpy(), len(cells))
    weights = np.tile(given["weight"].to_numpy(), len(cells))
    values = np.tile(given["value"].to_numpy(), len(cells))
    totals = csr_array((weights * values, where), shape=(before, people))
    wholes = csr_array((weights, where), shape=(before, people))
    every = [rub for some in rubs for rub in some]
    rub_total = np.array([value * weight for value, weight, _ in every])[:, None]
    rub_whole = np.array([weight for _, weight, _ in every])[:, None]
    chance = np.random.default_rng(SEED)
    drawn = []
    for start in range(0, DRAWS, _AT_ONCE):
        times = np.empty((people, min(_AT_ONCE, DRAWS - start)))
        for draw in range(times.shape[1]):
            times[:, draw] = np.bincount(chance.integers(0, people, people), minlength=people)
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn.append((totals @ times + rub_total) / (wholes @ times + rub_whole))
    indices = np.concatenate(drawn, axis=1)
    # A sample may miss all who answered in a small cell; the interval then rests on the others.
    indices[np.isnan(indices).all(axis=1)] = 0.0
    low, high = np.nanpercentile(indices, [2.5, 97.5], axis=1)
    return low, high
