"""Comments read: masked, with language, mood and themes. A batch in, two tables out."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from journey.comments import lexicon
from journey.comments.languages import OTHER, languages
from journey.comments.masking import mask, without_masks
from journey.comments.mood import CLEAR, weigh
from journey.comments.taxonomy import Taxonomy
from journey.comments.themes import Themes
from journey.comments.words import words_of

NEGATIVE, NEUTRAL, POSITIVE = "negative", "neutral", "positive"
MOODS = (NEGATIVE, NEUTRAL, POSITIVE)
"""A comment in which no word with a mood was found has none."""

READ_SCHEMA = pl.Schema(
    {
        "key": pl.String,
        "comment": pl.String,
        "language": pl.String,
        "score": pl.Float32,
        "sentiment": pl.String,
        "confidence": pl.Float32,
    }
)
MENTION_SCHEMA = pl.Schema(
    {
        "key": pl.String,
        "theme": pl.String,
        "score": pl.Float32,
        "sentiment": pl.String,
    }
)

_BATCH = 50_000


@dataclass(frozen=True)
class Reading:
    """What was read of some comments.

    `comments` has a row for each: key, masked comment, language, score from -1 to +1, sentiment
    (null where it was not judged), confidence. `mentions` has a row for each comment and theme:
    key, theme, score and sentiment of the sentences that speak of it.
    """

    comments: pl.DataFrame
    mentions: pl.DataFrame


class Reader:
    """Reads comments by the lexicons and a taxonomy. The same comment is always read alike."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        self._themes: dict[str, Themes] = {}

    @property
    def rules(self) -> str:
        """Changes with our own rules and words."""
        return _own_version()

    @property
    def version(self) -> str:
        """Changes with whatever changes how a comment is read."""
        return f"{self.rules}-{self._taxonomy.version}"

    def read(self, given: pl.DataFrame) -> Reading:
        """Read comments: columns key, comment and language (as the source said, or null)."""
        parts = [self._batch(part) for part in given.iter_slices(_BATCH)]
        return Reading(
            pl.concat([pl.DataFrame(schema=READ_SCHEMA), *(part.comments for part in parts)]),
            pl.concat([pl.DataFrame(schema=MENTION_SCHEMA), *(part.mentions for part in parts)]),
        )

    def _batch(self, given: pl.DataFrame) -> Reading:
        """A batch, each language for itself, in the order of the keys."""
        rows = given.select(
            "key",
            mask(given["comment"]).alias("comment"),
            languages(given["comment"], given["language"]).alias("language"),
        ).sort("key")
        parts = [
            self._of_one_language(str(name), part)
            for (name,), part in rows.group_by("language", maintain_order=True)
        ]
        return Reading(
            pl.concat([part.comments for part in parts]).sort("key"),
            pl.concat([part.mentions for part in parts]).sort("key", "theme"),
        )

    def _of_one_language(self, language: str, rows: pl.DataFrame) -> Reading:
        """Comments in one language."""
        known = language in lexicon.LANGUAGES
        words = words_of(without_masks(rows["comment"]), language)
        weighed = weigh(words, lexicon.lexicon(language) if known else lexicon.signs())
        moods, sentences = weighed.of_comments(), weighed.of_sentences()
        if language not in self._themes:
            self._themes[language] = Themes(self._taxonomy, language)
        mentions = self._themes[language].find(words, moods, sentences)
        read = rows.with_columns(
            score=pl.Series(moods.score, dtype=pl.Float32),
            confidence=pl.Series(moods.confidence, dtype=pl.Float32),
        ).with_columns(sentiment=_sentiment(pl.col("confidence") > 0))
        spoken = pl.DataFrame(
            {
                "key": rows["key"].gather(mentions.comment),
                "theme": pl.Series(np.array([*mentions.names, ""])[mentions.theme]),
                "score": pl.Series(mentions.score, dtype=pl.Float32),
                "judged": pl.Series(moods.confidence[mentions.comment] > 0),
            }
        ).with_columns(sentiment=_sentiment(pl.col("judged")))
        return Reading(
            read.select(list(READ_SCHEMA)),
            spoken.select(list(MENTION_SCHEMA)).cast(MENTION_SCHEMA),
        )


def _sentiment(judged: pl.Expr) -> pl.Expr:
    """The mood that a score is, where there is evidence for one."""
    score = pl.col("score")
    mood = pl.when(score >= CLEAR).then(pl.lit(POSITIVE)).when(score <= -CLEAR)
    return pl.when(judged).then(mood.then(pl.lit(NEGATIVE)).otherwise(pl.lit(NEUTRAL)))


@cache
def _own_version() -> str:
    """The version of everything here but the taxonomy: any change of a rule or word counts."""
    folder = Path(__file__).parent
    files = sorted([*folder.glob("*.py"), *folder.glob("*.txt"), *folder.glob("lexicons/*.toml")])
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


__all__ = ["MOODS", "NEGATIVE", "NEUTRAL", "OTHER", "POSITIVE", "Reader", "Reading"]
