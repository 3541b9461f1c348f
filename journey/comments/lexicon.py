"""Lexicons: what words say about a mood, one file a language in `lexicons/`.

`[words]` names a strength from -3 to +3 and the words that have it. Two strengths, `+0.5/-2.5`,
are for what should happen: the second holds where it did not. `not` turns what follows, `not_after`
what came before, `more` and `less` make it stronger or weaker, `too` makes what follows a
complaint, `but` says that what follows counts for more. `stop` are words without a theme.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from journey.comments.matching import Matcher
from journey.comments.words import fold

FOLDER = Path(__file__).parent / "lexicons"

LANGUAGES = ("de", "en", "es", "fr", "pt")
"""The languages whose moods are read; others are read for keywords only."""

_PARTS = ("not", "not_after", "more", "less", "too", "but")

UNSAID = 0.75
"""How much of its strength a praise keeps when it is denied: `not good` is a mild `bad`."""

RELIEF = 0.35
"""How much of its strength a complaint keeps when it is denied: `not slow` is little praise."""


@dataclass(frozen=True)
class Lexicon:
    """One language's words. Every array has a row for each term of the matcher."""

    language: str
    matcher: Matcher
    value: np.ndarray
    """The strength of a term; 0 where it has none."""
    denied: np.ndarray
    """Its strength where it is denied."""
    has_mood: np.ndarray
    """Whether the term says anything, be it that all is as usual."""
    parts: dict[str, np.ndarray]
    """For each of `not`, `not_after`, `more`, `less`, `too`, `but`, whether the term is one."""
    stop: frozenset[str]


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of one of LANGUAGES, with the signs that all languages share."""
    return _read(language, (FOLDER / f"{language}.toml", FOLDER / "emoji.toml"))


@cache
def signs() -> Lexicon:
    """What can be read in any language: faces, hearts and thumbs."""
    return _read("any", (FOLDER / "emoji.toml",))


def _read(language: str, files: tuple[Path, ...]) -> Lexicon:
    """The files as one lexicon; a word that stands twice is refused."""
    strengths: dict[str, tuple[float, float]] = {}
    parts: dict[str, set[str]] = {part: set() for part in _PARTS}
    stop: set[str] = set()
    for path in files:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
        for key, text in given.pop("words").items():
            value, denied = _strengths(key)
            for word in text.split():
                folded = fold(word, language)
                if strengths.setdefault(folded, (value, denied)) != (value, denied):
                    raise ValueError(f"{path}: {word!r} has two strengths. Keep one.")
        stop.update(fold(word, language) for word in given.pop("stop", "").split())
        for part, text in given.items():
            parts[part].update(fold(word, language) for word in text.split())
    terms = sorted(strengths.keys() | set().union(*parts.values()))
    values = np.array([strengths.get(term, (0.0, 0.0)) for term in terms])
    # A phrase that holds its own denial, like `never again`, is not denied once more.
    denials = parts["not"] | parts["not_after"]
    own = np.array(["_" in term and not denials.isdisjoint(term.split("_")) for term in terms])
    values[own, 1] = values[own, 0]
    return Lexicon(
        language,
        Matcher(terms, language),
        values[:, 0],
        values[:, 1],
        np.array([term in strengths for term in terms]),
        {part: np.array([term in words for term in terms]) for part, words in parts.items()},
        frozenset(stop),
    )


def _strengths(key: str) -> tuple[float, float]:
    """A strength as said and as denied."""
    said, _, denied = key.partition("/")
    value = float(said)
    if denied:
        return value, float(denied)
    return value, -UNSAID * value if value > 0 else -RELIEF * value
