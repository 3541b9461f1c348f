"""Finding terms in comments: words, stems that end in `*`, and phrases joined by `_`."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from journey.comments.words import ELIDED, Ints, Words, fold, plain_forms


@dataclass(frozen=True)
class Found:
    """Where terms stand in some comments, in order of place."""

    term: Ints
    """The number of the term."""
    start: Ints
    """The place of its first word."""
    length: Ints
    """How many words it has."""


class Matcher:
    """Terms of one language. Of terms that begin at one word the longest counts; a word that
    belongs to a phrase counts for nothing else. Of a word and a stem the word counts."""

    def __init__(self, terms: Sequence[str], language: str) -> None:
        self.language = language
        self._exact: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        phrases: list[tuple[int, tuple[str, ...]]] = []
        for number, term in enumerate(terms):
            folded = fold(term, language)
            if language == "fr":
                folded = re.sub(ELIDED, r"\1e_", folded)
            parts = tuple(folded.replace("-", "_").split("_"))
            for spelling in _spellings(parts, language):
                if len(spelling) > 1:
                    phrases.append((number, spelling))
                elif spelling[0].endswith("*"):
                    self._stems.setdefault(spelling[0][:-1], number)
                else:
                    self._exact.setdefault(spelling[0], number)
        self._shortest = min(map(len, self._stems), default=0)
        self._known: dict[str, tuple[int, int]] = {}
        self._read_phrases(phrases)

    def find(self, words: Words) -> Found:
        """All terms in the comments."""
        known = [self._look_up(word) for word in words.vocabulary]
        table = np.array(known, dtype=np.int64).reshape(len(known), 2)
        term = table[words.word, 0]
        length = (term >= 0).astype(np.int64)
        self._find_phrases(words, table[words.word, 1], term, length)
        start = np.flatnonzero(term >= 0)
        return Found(term[start], start, length[start])

    def number(self, word: str) -> int:
        """The number of the term that a word is by itself; -1 where it is none."""
        return self._look_up(word)[0]

    def _look_up(self, word: str) -> tuple[int, int]:
        """The number of the term that is this word, and its number among the phrases' words."""
        if word not in self._known:
            forms = plain_forms(word)
            single = self._nearest(forms, self._exact, self._stems, self._shortest, -1)
            part = self._nearest(forms, self._part, self._part_stems, self._shortest_part, 0)
            self._known[word] = (single, part)
        return self._known[word]

    @staticmethod
    def _nearest(
        forms: Iterable[str],
        exact: dict[str, int],
        stems: dict[str, int],
        shortest: int,
        nothing: int,
    ) -> int:
        """The number of the word itself, else of its longest stem."""
        for form in forms:
            if form in exact:
                return exact[form]
            for end in range(len(form), shortest - 1, -1):
                if end and form[:end] in stems:
                    return stems[form[:end]]
        return nothing

    def _read_phrases(self, phrases: list[tuple[int, tuple[str, ...]]]) -> None:
        """Phrases as numbers: their words count from 1, a phrase is the digits of one number."""
        parts = sorted({part for _, phrase in phrases for part in phrase})
        number = {part: place for place, part in enumerate(parts, 1)}
        self._part = {part: at for part, at in number.items() if not part.endswith("*")}
        self._part_stems = {part[:-1]: at for part, at in number.items() if part.endswith("*")}
        self._shortest_part = min(map(len, self._part_stems), default=0)
        self._base = len(parts) + 1
        tables: dict[int, dict[int, int]] = {}
        for term, phrase in phrases:
            for variant in product(*(self._covered(part, number) for part in phrase)):
                code = 0
                for digit in variant:
                    code = code * self._base + digit
                tables.setdefault(len(phrase), {}).setdefault(code, term)
        self._phrases = {
            length: (np.array(sorted(table)), np.array([table[code] for code in sorted(table)]))
            for length, table in sorted(tables.items(), reverse=True)
        }

    @staticmethod
    def _covered(part: str, number: dict[str, int]) -> list[int]:
        """A part's number; for a stem also those of the longer parts that begin with it."""
        if not part.endswith("*"):
            return [number[part]]
        return [at for other, at in number.items() if other.startswith(part[:-1])]

    def _find_phrases(self, words: Words, part: Ints, term: Ints, length: Ints) -> None:
        """Write the phrases into `term` and `length`, the longest first."""
        covered = np.zeros(len(part), dtype=np.bool_)
        for size, (codes, terms) in self._phrases.items():
            if len(part) < size:
                continue
            last = len(part) - size + 1
            whole = words.comment[:last] == words.comment[size - 1 :]
            for step in range(size):
                whole &= (part[step : last + step] > 0) & ~covered[step : last + step]
            start = np.flatnonzero(whole)
            code = np.zeros(len(start), dtype=np.int64)
            for step in range(size):
                code = code * self._base + part[start + step]
            at = np.minimum(np.searchsorted(codes, code), len(codes) - 1)
            hit = codes[at] == code
            start, at = start[hit], at[hit]
            free = _apart(start, size)
            start, at = start[free], at[free]
            for step in range(size):
                term[start + step] = -1
                length[start + step] = 0
                covered[start + step] = True
            term[start], length[start] = terms[at], size


def _apart(start: Ints, size: int) -> Ints:
    """The places of those that do not overlap one taken before."""
    if not len(start) or (np.diff(start) >= size).all():
        return np.arange(len(start))
    taken, end = [], -1
    for place, at in enumerate(start.tolist()):
        if at >= end:
            taken.append(place)
            end = at + size
    return np.array(taken, dtype=np.int64)


def _spellings(parts: tuple[str, ...], language: str) -> list[tuple[str, ...]]:
    """A term as it is written, and in German as it is written without umlauts."""
    if language != "de":
        return [parts]
    plain = tuple(
        part.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
        for part in parts
    )
    swiss = tuple(part.replace("ß", "ss") for part in parts)
    return list(dict.fromkeys([parts, plain, swiss]))
