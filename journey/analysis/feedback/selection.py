"""Which answers and comments are looked at, beyond the period and the segments."""

from dataclasses import dataclass, fields
from typing import Any

import polars as pl

from journey.comments.reading import MOODS
from journey.errors import MetricError, suggest
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

UNJUDGED = "unjudged"
"""The sentiment of a comment in which no word with a mood was found."""

SENTIMENTS = (*MOODS, UNJUDGED)

SCORES = {"low": (0.0, 0.25), "middle": (0.25, 0.75), "high": (0.75, 1.0)}
"""Where on its scale a score lies: the lowest quarter, the highest quarter, between. On a scale
from 1 to 5 these are 1 and 2, 3, 4 and 5."""

PLACE = "(score - scale_min) / nullif(scale_max - scale_min, 0)"
POSITION = f"case when is_up then {PLACE} else 1 - {PLACE} end"
"""Where on its scale a score lies, 0 for the worst answer and 1 for the best, as SQL."""

_SEARCHED = 8
"""The most words of a search that are looked for."""


@dataclass(frozen=True)
class Selection:
    """What to look at; None is everything."""

    touchpoint: str | None = None
    """What the answer is about."""
    theme: str | None = None
    sentiment: str | None = None
    language: str | None = None
    score: str | None = None
    """`low`, `middle` or `high`."""
    search: str | None = None
    """Words that must all be in the comment, in any spelling of accents and capitals."""

    def checked(self, engine: Engine, filters: Filters) -> "Selection":
        """The same, where there is such a touchpoint, theme and so on; raises MetricError with a
        guess where there is not."""
        known = choices(engine, filters)
        for name in ("touchpoint", "theme", "sentiment", "language", "score"):
            value = getattr(self, name)
            if value is not None and value not in known[name]:
                there = f"There are: {', '.join(known[name][:20])}." if known[name] else ""
                raise MetricError(
                    f"There is no {name} {value!r} in the comments."
                    f"{suggest(value, known[name])} {there}".rstrip()
                )
        return self

    @property
    def parameters(self) -> dict[str, Any]:
        """What the SQL below is bound with."""
        given: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        words = (given.pop("search") or "").split()[:_SEARCHED]
        low, high = SCORES.get(self.score or "", (0.0, 1.0))
        return given | {
            "words": words,
            "score_low": low,
            "score_high": high,
            "unjudged": UNJUDGED,
        }


FRAME = """
    answered_on >= $since and answered_on < $until and answered_at <= $as_of
    and ($touchpoint::varchar is null or about_touchpoint = $touchpoint)
"""
"""The answers of the frame, of one touchpoint or of all."""

COMMENTS = f"""
    comment is not null and {FRAME}
    and ($theme::varchar is null or list_contains(string_split(themes, ', '), $theme))
    and ($sentiment::varchar is null or coalesce(sentiment, $unjudged) = $sentiment)
    and ($language::varchar is null or language = $language)
    and ($score::varchar is null or case $score
        when 'low' then {POSITION} <= $score_high
        when 'high' then {POSITION} >= $score_low
        else {POSITION} > $score_low and {POSITION} < $score_high
    end)
    and list_bool_and(
        [true] || list_transform(
            $words::varchar[],
            lambda word: contains(strip_accents(lower(comment)), strip_accents(lower(word)))
        )
    )
"""
"""The comments selected, as a condition on `responses`."""


def choices(engine: Engine, filters: Filters) -> dict[str, list[str]]:
    """What may be selected in these segments at any time, the commonest first; themes by name."""
    found = engine.table(
        """
        select 'touchpoint' as name, about_touchpoint as value, count(*) as comments
        from responses where comment is not null group by about_touchpoint
        union all
        select 'language', language, count(*)
        from responses where comment is not null group by language
        union all
        select 'theme', theme, 1 from mentions group by theme
        order by name, comments desc, value
        """,
        filters,
    )
    known = {
        name: found.filter(pl.col("name") == name)["value"].drop_nulls().to_list()
        for name in ("touchpoint", "language", "theme")
    }
    return known | {"sentiment": list(SENTIMENTS), "score": list(SCORES)}
