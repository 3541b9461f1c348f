"""Comments in words: a theme, a mood and a language made into text."""

from __future__ import annotations

import numpy as np
import polars as pl

from .clock import Ints
from .people import pick_rows
from .phrases import CLOSINGS, HOSTILE, LANGUAGES, MOODS, PERSONAL, PHRASES, THEMES
from .story import Story

OWN_LANGUAGE = 0.45  # how often people whose language is not English use it
PERSONAL_SHARE, HOSTILE_SHARE = 0.02, 0.004

# What people talk about when asked about a touchpoint, in the order of THEMES.
TALK: dict[str, tuple[float, ...]] = {
    "landing_page_viewed": (0, 4, 5, 1, 0, 0, 0),
    "product_viewed": (0, 4, 6, 0, 0, 0, 0),
    "store_visited": (0, 2, 2, 0, 6, 0, 0),
    "checkout_started": (0, 2, 0, 8, 0, 0, 0),
    "order_completed": (0, 3, 3, 4, 0, 0, 0),
    "order_delivered": (2.5, 2, 4.5, 0, 0, 0, 1),
    "support_contacted": (1, 0, 0, 0, 0, 7, 2),
    "relationship": (2, 3, 3, 0.5, 0.5, 0.5, 0.5),
    "review_written": (1, 2, 7, 0, 0, 0, 0.5),
}

_EN = LANGUAGES.index("en")
_STARTS: dict[tuple[int, int, int], tuple[int, int]] = {}
_ALL: list[str] = []
for _l, _language in enumerate(LANGUAGES):
    for _t, _theme in enumerate(THEMES):
        for _m in range(len(MOODS)):
            _choices = PHRASES[_language][_theme][_m]
            _STARTS[_l, _t, _m] = (len(_ALL), len(_choices))
            _ALL.extend(_choices)
_SHAPE = (len(LANGUAGES), len(THEMES), len(MOODS), 2)
_TABLE = np.array(list(_STARTS.values())).reshape(_SHAPE)
_CLOSINGS = [c for mood in CLOSINGS for c in mood]
_CLOSING_AT = np.cumsum([0, *(len(mood) for mood in CLOSINGS)])


def topics(rng: np.random.Generator, about: str, cause: Ints) -> Ints:
    """The theme of each comment: mostly its cause, if known (>= 0); else the touchpoint's usual."""
    usual = pick_rows(
        rng, np.array([TALK[about]], dtype=np.float64), np.zeros(len(cause), dtype=np.int64)
    )
    return np.where((cause >= 0) & (rng.random(len(cause)) < 0.85), cause, usual)


def languages(rng: np.random.Generator, story: Story, country: Ints) -> Ints:
    """The language of each comment, by country of the writer."""
    own = np.array([LANGUAGES.index(c.language) for c in story.countries])[country]
    return np.where(rng.random(len(country)) < OWN_LANGUAGE, own, _EN)


def comments(rng: np.random.Generator, theme: Ints, mood: Ints, language: Ints) -> pl.Series:
    """The text of each comment."""
    n = len(theme)
    low, count = _TABLE[language, theme, mood].T
    text = pl.Series(_ALL).gather(low + np.floor(rng.random(n) * count).astype(np.int64))
    widths = np.diff(_CLOSING_AT)[mood]
    closing = _CLOSING_AT[mood] + np.floor(rng.random(n) * widths).astype(np.int64)
    closing = np.where(language == _EN, closing, 0)  # 0 is the empty closing
    text = (text + " " + pl.Series(_CLOSINGS).gather(closing)).str.strip_chars_end()

    extra: dict[int, str] = {}
    for i in np.flatnonzero(rng.random(n) < PERSONAL_SHARE):
        k = int(rng.integers(0, 10_000))
        extra[int(i)] = f"{text[int(i)]} {PERSONAL[k % len(PERSONAL)].format(n=k)}"
    for i in np.flatnonzero(rng.random(n) < HOSTILE_SHARE):
        extra[int(i)] = HOSTILE[int(rng.integers(0, len(HOSTILE)))].strip()
    if not extra:
        return text
    return text.scatter(list(extra), list(extra.values()))
