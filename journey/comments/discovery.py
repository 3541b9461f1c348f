"""Themes that nobody named yet: words that customers use together, found by TF-IDF and NMF.

Each language is looked at by itself, over a sample that hardly changes as comments are added. A
found theme is a dozen words with weights; a comment belongs to the theme whose words in it weigh
most, where they weigh as much as the theme's first word. Found again later, a theme keeps its name:
themes are matched with the earlier ones by their words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from journey.comments.lexicon import LANGUAGES, Lexicon, lexicon
from journey.comments.masking import without_masks
from journey.comments.matching import Matcher
from journey.comments.words import Ints, Words, words_of

Floats = npt.NDArray[np.float64]

FEWEST, MOST = 200, 4_000
"""Comments of a language that are needed to look for themes, and that are looked at."""

_THEMES, _COMMENTS_EACH = 8, 25
"""Themes looked for at most, and comments there must be for each."""

_TERMS, _LIGHTEST = 12, 0.15
"""Words a theme has at most, and the least weight of one against the first."""

_ALIKE = 0.5
"""The cosine of two themes' words from which on they are one theme."""

_PRAISE, _FAINT, _ABUSE = 1.0, 0.3, -2.5
"""Words of praise or faint praise, the worst of abuse and set phrases like `keep it up` tell a mood
and no theme."""


@dataclass(frozen=True)
class FoundTheme:
    """A theme by its words."""

    language: str
    name: str
    terms: Mapping[str, float]
    """Word, or two joined by `_`, to its weight; the heaviest has 1."""


def discover(
    comments: pl.Series, language: str, earlier: Sequence[FoundTheme] = ()
) -> list[FoundTheme]:
    """The themes of masked comments in one language, the largest first; none where there are too
    few comments or no lexicon. The same comments give the same themes."""
    if language not in LANGUAGES or len(comments) < FEWEST:
        return []
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = _term_lists(words_of(without_masks(comments), language), lexicon(language))
    # One word alone goes with no other.
    texts = [terms for terms in texts if len(terms) > 1]
    vectors = TfidfVectorizer(
        analyzer=lambda terms: terms,
        min_df=max(5, len(comments) // 200),
        max_df=0.25,
        norm=None,
    )
    try:
        table = vectors.fit_transform(texts)
    except ValueError:
        return []  # no word is used often enough, or all are used everywhere
    names = vectors.get_feature_names_out().tolist()
    count = min(_THEMES, len(comments) // _COMMENTS_EACH, len(names) // 4)
    if count < 1:
        return []
    # With this loss a theme is a set of words likely together, not the one word used most.
    model = NMF(
        count,
        init="nndsvda",
        solver="mu",
        beta_loss="kullback-leibler",
        max_iter=500,
        random_state=0,
    )
    weights = model.fit_transform(table)
    order = np.argsort(-weights.sum(axis=0), kind="stable")
    found = [_heaviest(model.components_[place], names) for place in order]
    return named([terms for terms in found if terms], language, earlier)


def named(
    found: Sequence[Mapping[str, float]], language: str, earlier: Sequence[FoundTheme]
) -> list[FoundTheme]:
    """Themes with names: that of the earlier theme each is most alike, where they are alike, else
    its first words. Every earlier name is given once."""
    from scipy.optimize import linear_sum_assignment

    names: dict[int, str] = {}
    if earlier and found:
        alike = np.array([[cosine(terms, theme.terms) for theme in earlier] for terms in found])
        for place, old in zip(*linear_sum_assignment(-alike), strict=True):
            if alike[place, old] >= _ALIKE:
                names[int(place)] = earlier[old].name
    taken = {theme.name for theme in earlier} | set(names.values())
    for place, terms in enumerate(found):
        if place not in names:
            names[place] = _name(terms, taken)
            taken.add(names[place])
    return [FoundTheme(language, names[place], terms) for place, terms in enumerate(found)]


def assign(comments: pl.Series, themes: Sequence[FoundTheme], language: str) -> tuple[Ints, Ints]:
    """Which comment belongs to which theme (its place in `themes`), one theme a comment at most."""
    terms = sorted({term for theme in themes for term in theme.terms})
    if not terms:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    weight = np.array([[theme.terms.get(term, 0.0) for theme in themes] for term in terms])
    words = words_of(without_masks(comments), language)
    found = Matcher(terms, language).find(words)
    once = np.unique(words.comment[found.start] * len(terms) + found.term)
    owner, term = once // len(terms), once % len(terms)
    whole = np.stack(
        [np.bincount(owner, weight[term, place], len(comments)) for place in range(len(themes))],
        axis=1,
    )
    best = np.argmax(whole, axis=1)
    belongs = np.flatnonzero(whole[np.arange(len(comments)), best] >= 1.0 - 1e-9)
    return belongs, best[belongs]


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """How alike the words of two themes are, from 0 to 1.

    >>> round(cosine({"a": 1.0, "b": 1.0}, {"a": 1.0}), 3)
    0.707
    """
    both = sum(weight * other.get(term, 0.0) for term, weight in one.items())
    lengths = [sum(weight**2 for weight in terms.values()) ** 0.5 for terms in (one, other)]
    return both / (lengths[0] * lengths[1]) if all(lengths) else 0.0


def _term_lists(words: Words, book: Lexicon) -> list[list[str]]:
    """The words of each comment that may tell a theme, and pairs of such words side by side: no
    fillers, no numbers, and of words with a mood neither praise nor set phrases."""
    filler = np.logical_or.reduce(list(book.parts.values()))
    numbers = [book.matcher.number(word) for word in words.vocabulary]
    plain = [
        len(word) > 2 and word.isalpha() and word not in book.stop and not (at >= 0 and filler[at])
        for word, at in zip(words.vocabulary, numbers, strict=True)
    ]
    tells = np.array(plain, dtype=np.bool_)[words.word]
    found = book.matcher.find(words)
    value = book.value[found.term]
    general = (value >= _PRAISE) | (value <= _ABUSE) | ((value > 0) & (value <= _FAINT))
    general |= found.length > 1
    for step in range(found.length.max(initial=0)):
        inside = general & (found.length > step)
        tells[found.start[inside] + step] = False
    place = np.flatnonzero(tells)
    texts: list[list[str]] = [[] for _ in range(words.comments)]
    spoken = [words.vocabulary[number] for number in words.word[place]]
    before = -2
    for at, comment, word, earlier in zip(
        place.tolist(), words.comment[place].tolist(), spoken, ["", *spoken], strict=False
    ):
        texts[comment].append(word)
        if at == before + 1 and words.comment[at] == words.comment[before]:
            texts[comment].append(f"{earlier}_{word}")
        before = at
    return texts


def _heaviest(component: Any, names: Sequence[str]) -> dict[str, float]:
    """The heaviest terms of a component against the first, ties by name."""
    weights = np.asarray(component, dtype=np.float64)
    if weights.max(initial=0.0) <= 0:
        return {}
    shares = np.round(weights / weights.max(), 4)
    order = sorted(range(len(names)), key=lambda place: (-shares[place], names[place]))
    return {
        names[place]: float(shares[place]) for place in order[:_TERMS] if shares[place] >= _LIGHTEST
    }


def _name(terms: Mapping[str, float], taken: set[str]) -> str:
    """The first three words of a theme that do not repeat each other; numbered where taken."""
    said: list[str] = []
    for term in terms:
        if not {*term.split("_")} & {word for one in said for word in one.split(" ")}:
            said.append(term.replace("_", " "))
        if len(said) == 3:
            break
    name = " · ".join(said)
    number = 2
    while name in taken:
        name, number = f"{' · '.join(said)} ({number})", number + 1
    return name
