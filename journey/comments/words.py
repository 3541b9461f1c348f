"""Comments as arrays of words: the one form that moods and themes are read from.

Everything about a word is worked out once for each different word, everything about a comment
with whole arrays: a million comments are some ten million words, but few different ones.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LONGEST = 4_000
"""Characters of a comment that are read; what a longer one adds changes no mood."""

_WORD = r"[\p{L}\p{M}\p{N}]+(?:'[\p{L}\p{M}]+)*"
_FACE = r"<3|[(][:;=]|[)][:;=]|>?[:;=][-']?(?:[()|/]+|[dp]\b)"
_PICTURE = r"[\x{1F300}-\x{1F3FA}\x{1F400}-\x{1FAFF}\x{2600}-\x{27BF}\x{2B50}]"
_TOKEN = rf"{_WORD}|{_FACE}|{_PICTURE}|[.!?…;:\n]+|,"

_BREAK = frozenset(".!?…;:\n")
ELIDED = r"\b(n|l|d|j|c|s|m|t|qu|jusqu|lorsqu|puisqu)'"
"""What French drops a vowel from: read in full, so that n'est is ne est."""

_PLAIN = {"de"}
"""Languages in which an accent makes another word: German schon is not schön."""


@dataclass(frozen=True)
class Words:
    """The words, signs and breaks of some comments, in order, as numbers into a vocabulary."""

    comment: Ints
    """The row of the comment that each word stands in."""
    word: Ints
    """Each word's place in the vocabulary."""
    vocabulary: tuple[str, ...]
    comments: int

    @cached_property
    def is_break(self) -> Flags:
        """Where a sentence ends."""
        ends = np.array([word[0] in _BREAK for word in self.vocabulary], dtype=np.bool_)
        return ends[self.word] & ~self.is_face

    @cached_property
    def is_comma(self) -> Flags:
        """Where a comma stands."""
        return np.array([word == "," for word in self.vocabulary], dtype=np.bool_)[self.word]

    @cached_property
    def is_face(self) -> Flags:
        """Where a face is drawn of punctuation."""
        faces = [word[0] in _BREAK and not _BREAK.issuperset(word) for word in self.vocabulary]
        return np.array(faces, dtype=np.bool_)[self.word]

    @cached_property
    def is_word(self) -> Flags:
        """Where letters or digits stand."""
        return np.array([word[0].isalnum() for word in self.vocabulary], dtype=np.bool_)[self.word]

    @cached_property
    def sentence(self) -> Ints:
        """The number of each word's sentence; no two comments share one."""
        starts = np.zeros(len(self.word), dtype=np.bool_)
        starts[1:] = (self.comment[1:] != self.comment[:-1]) | self.is_break[:-1]
        return np.cumsum(starts)


def fold(text: str, language: str) -> str:
    """A word as it is looked up: small letters, without accents where they do not matter.

    >>> fold("Não", "pt"), fold("Schön", "de"), fold("DON’T", "en")
    ('nao', 'schön', "don't")
    """
    flat = unicodedata.normalize("NFC", text.lower().replace("’", "'").replace("\ufe0f", ""))
    if language in _PLAIN:
        return flat
    split = unicodedata.normalize("NFKD", flat)
    return "".join(sign for sign in split if not unicodedata.combining(sign))


def words_of(comments: pl.Series, language: str) -> Words:
    """The words of comments in one language; a comment that is null has none."""
    text = pl.col("text").str.slice(0, LONGEST).str.to_lowercase()
    text = text.str.replace_all("[’`´]", "'").str.replace_all("[\ufe0f\u200d]", "")
    text = text.str.normalize("NFC" if language in _PLAIN else "NFKD")
    if language not in _PLAIN:
        text = text.str.replace_all(r"\p{M}", "")
    if language == "fr":
        text = text.str.replace_all(ELIDED, "${1}e ")
    tokens = (
        pl.DataFrame({"text": comments.cast(pl.String)})
        .with_row_index("comment")
        .select("comment", text.str.extract_all(_TOKEN).alias("word"))
        .explode("word")
        .drop_nulls("word")
    )
    vocabulary = tokens["word"].unique().sort()
    if vocabulary.is_empty():
        none = np.zeros(0, dtype=np.int64)
        return Words(none, none, (), len(comments))
    numbers = tokens["word"].cast(pl.Enum(vocabulary)).to_physical()
    return Words(
        tokens["comment"].to_numpy().astype(np.int64),
        numbers.to_numpy().astype(np.int64),
        tuple(vocabulary.to_list()),
        len(comments),
    )


def plain_forms(word: str) -> tuple[str, ...]:
    """A word and what it is meant to be where letters are drawn out.

    >>> plain_forms("soooo"), plain_forms("goood"), plain_forms("good")
    (('soooo', 'so', 'soo'), ('goood', 'god', 'good'), ('good',))
    """
    if not re.search(r"([^\W\d])\1\1", word):
        return (word,)
    once, twice = (re.sub(r"([^\W\d])\1{2,}", r"\1" * n, word) for n in (1, 2))
    return (word, once, twice)
