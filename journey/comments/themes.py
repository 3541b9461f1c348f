"""Which themes comments speak of, and in what mood the sentences that do so are."""

from dataclasses import dataclass

import numpy as np

from journey.comments.matching import Matcher
from journey.comments.mood import Moods
from journey.comments.taxonomy import Taxonomy
from journey.comments.words import Ints, Words


@dataclass(frozen=True)
class Mentions:
    """Which comment speaks of which theme, once each, and how."""

    comment: Ints
    theme: Ints
    """The theme's place in `names`."""
    score: np.ndarray
    """The mean score of the sentences that speak of it, weighed by how sure each is; where none
    of them has a mood, that of the whole comment."""
    names: tuple[str, ...]


class Themes:
    """A taxonomy in one language, ready to be looked for."""

    def __init__(self, taxonomy: Taxonomy, language: str) -> None:
        by_word: dict[str, list[int]] = {}
        self.names = tuple(taxonomy.themes)
        for place, words in enumerate(taxonomy.words(language).values()):
            for word in words:
                by_word.setdefault(word.replace(" ", "_"), []).append(place)
        self._matcher = Matcher(list(by_word), language)
        most = max(map(len, by_word.values()), default=1)
        self._themes = np.array(
            [[*places, *[-1] * (most - len(places))] for places in by_word.values()]
        ).reshape(len(by_word), most)

    def find(self, words: Words, comments: Moods, sentences: Moods) -> Mentions:
        """The themes of the comments, in order of comment and theme."""
        found = self._matcher.find(words)
        theme = self._themes[found.term] if len(found.term) else np.zeros((0, 1), dtype=np.int64)
        place, column = np.nonzero(theme >= 0)
        theme, start = theme[place, column], found.start[place]
        count = len(self.names)
        sentence = np.unique(words.sentence[start] * count + theme)
        owner = np.zeros(len(sentences.score), dtype=np.int64)
        owner[words.sentence] = words.comment
        weight = sentences.confidence[sentence // count]
        key, group = np.unique(
            owner[sentence // count] * count + sentence % count, return_inverse=True
        )
        whole = np.bincount(group, weight, len(key))
        summed = np.bincount(group, weight * sentences.score[sentence // count], len(key))
        mean = np.divide(summed, whole, out=comments.score[key // count], where=whole > 0)
        return Mentions(key // count, key % count, mean, self.names)
