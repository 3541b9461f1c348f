"""Which language a comment is in: as its source says, else by a detector that works offline."""

import numpy as np
import polars as pl
from polars_whichlang import detect_lang

from journey.comments.lexicon import LANGUAGES, lexicon
from journey.comments.words import words_of

OTHER = "other"
"""The language of a comment in which nothing was recognised."""

_THREE = {
    **{"eng": "en", "deu": "de", "ger": "de", "spa": "es", "fra": "fr", "fre": "fr", "por": "pt"},
    **{"ita": "it", "nld": "nl", "dut": "nl", "swe": "sv", "rus": "ru", "tur": "tr", "vie": "vi"},
    **{"ara": "ar", "hin": "hi", "jpn": "ja", "kor": "ko", "cmn": "zh"},
    **{"english": "en", "german": "de", "deutsch": "de", "spanish": "es", "french": "fr"},
    **{"portuguese": "pt", "español": "es", "français": "fr", "português": "pt"},
}
"""Other ways to say a language, and its two letters."""

MOST_DOUBTFUL = 40
"""Up to so many characters the detector is doubted, and the words of our own lexicons may overrule
it: it tells long texts well and takes `Top top` for Swedish."""


def languages(comments: pl.Series, given: pl.Series) -> pl.Series:
    """The language of each comment as two letters, or `other`.

    What the source says counts, as `pt`, `pt-BR`, `por` or `Portuguese`; where it says nothing
    that is a language, the comment is looked at.
    """
    said = given.cast(pl.String).str.to_lowercase().str.extract(r"^\s*(\p{L}+)", 1)
    said = said.replace(_THREE)
    said = pl.select(pl.when(said.str.len_chars() == 2).then(said)).to_series()
    places = said.is_null().arg_true()
    if not len(places):
        return said
    return said.scatter(places, detect(comments.gather(places)))


def detect(comments: pl.Series) -> pl.Series:
    """The language of each comment by its letters and, where it is short, by its words."""
    text = comments.fill_null("").str.to_lowercase()
    found = pl.DataFrame({"text": text}).select(detect_lang("text")).to_series()
    found = found.cast(pl.String).replace(_THREE).fill_null(OTHER)
    found = pl.select(
        pl.when(text.str.contains(r"\p{L}{2}")).then(found).otherwise(pl.lit(OTHER))
    ).to_series()
    short = (text.str.len_chars() <= MOST_DOUBTFUL).arg_true()
    if not len(short):
        return found
    return found.scatter(short, _by_words(text.gather(short), found.gather(short)))


def _by_words(text: pl.Series, found: pl.Series) -> pl.Series:
    """The language whose lexicon knows most words of each text; the one found where it is among
    them, where none knows any, or where it is not ours and none knows half of them."""
    counts = pl.DataFrame({language: _known(text, language) for language in LANGUAGES})
    size = text.str.count_matches(r"\p{L}+")
    table = counts.with_columns(found=found, size=size, most=pl.max_horizontal(LANGUAGES))
    own = pl.coalesce(
        pl.when(pl.col(language) == pl.col("most"), pl.col("found") == language).then(
            pl.lit(language)
        )
        for language in LANGUAGES
    )
    first = pl.coalesce(
        pl.when(pl.col(language) == pl.col("most")).then(pl.lit(language)) for language in LANGUAGES
    )
    few = ~pl.col("found").is_in(LANGUAGES) & (2 * pl.col("most") < pl.col("size"))
    return table.select(
        pl.when((pl.col("most") == 0) | few).then("found").otherwise(pl.coalesce(own, first))
    ).to_series()


def _known(text: pl.Series, language: str) -> pl.Series:
    """How many words of each text the language's lexicon knows."""
    book = lexicon(language)
    words = words_of(text, language)
    known = [word in book.stop or book.matcher.number(word) >= 0 for word in words.vocabulary]
    places = np.array(known, dtype=np.bool_)[words.word]
    return pl.Series(np.bincount(words.comment[places], minlength=len(text)))
