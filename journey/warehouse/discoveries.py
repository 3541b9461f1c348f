"""Found themes kept from build to build: looked for again only when there is much that is new.

`data/feedback/found/<language>.json` holds the themes with their words, how many comments there
were when they were found, and the earlier names. Which comment belongs to which is kept beside what
was read of it, a file for each file of comments.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from journey.comments.discovery import FEWEST, MOST, FoundTheme, assign, discover
from journey.comments.lexicon import LANGUAGES

_GROWTH = 1.1
"""Themes are looked for again when a language has this many times the comments it had."""

_REMEMBERED = 60
"""Names of earlier themes that are kept, so that one that comes back has its name."""

_SCHEMA = pl.Schema({"key": pl.String, "theme": pl.String})


def add_discoveries(
    connection: duckdb.DuckDBPyConnection, folder: Path, comments: list[Path], rules: str
) -> None:
    """Make the tables `found_themes` (a row for each theme: language, theme, terms) and
    `comment_discoveries` (a row for each event and the theme its comment belongs to).

    `comments` are the files of what was read, `rules` the version of how it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    themes = {name: _themes(folder, comments, name, rules) for name in LANGUAGES}
    listed = [
        (theme.language, theme.name, ", ".join(term.replace("_", " ") for term in theme.terms))
        for found in themes.values()
        for theme in found
    ]
    kinds = dict.fromkeys(("language", "theme", "terms"), pl.String)
    connection.register("listed", pl.DataFrame(listed, schema=kinds, orient="row"))
    connection.execute("create table found_themes as select * from listed order by language, theme")
    connection.unregister("listed")
    parts = [pl.DataFrame(schema=_SCHEMA), *(_assigned(file, themes) for file in comments)]
    connection.register("assigned", pl.concat(parts))
    connection.execute(
        "create temp table comment_discoveries as "
        "select event_id, theme from comment_keys inner join assigned using (key)"
    )
    connection.unregister("assigned")


def _themes(folder: Path, comments: list[Path], language: str, rules: str) -> list[FoundTheme]:
    """The themes of a language: those kept, or found anew where much has changed."""
    spoken = pl.scan_parquet(comments) if comments else pl.LazyFrame(schema={"language": pl.String})
    spoken = spoken.filter(pl.col("language") == language)
    count = int(spoken.select(pl.len()).collect().item())
    kept = _read(folder / f"{language}.json")
    earlier = [FoundTheme(language, one["name"], one["terms"]) for one in kept.get("themes", [])]
    same_rules = kept.get("rules") == rules
    if same_rules and count < max(FEWEST, _GROWTH * kept.get("comments", 0)):
        return earlier if count >= FEWEST else []
    if count < FEWEST:
        return []
    # The keys are hashes, so the first of them are a sample that hardly changes with new comments.
    sample = spoken.select("key", "comment").sort("key").head(MOST).collect()["comment"]
    retired = [FoundTheme(language, one["name"], one["terms"]) for one in kept.get("retired", [])]
    found = discover(sample, language, [*earlier, *retired])
    named = {theme.name for theme in found}
    rest = [theme for theme in (*earlier, *retired) if theme.name not in named][:_REMEMBERED]
    _write(folder / f"{language}.json", found, rest, count, rules)
    return found


def _read(path: Path) -> dict[str, Any]:
    """What was kept; nothing where there is none, or it is damaged."""
    try:
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _write(
    path: Path, found: list[FoundTheme], retired: list[FoundTheme], count: int, rules: str
) -> None:
    """Keep the themes, in one step."""
    kept = {
        "comments": count,
        "rules": rules,
        "themes": [{"name": theme.name, "terms": dict(theme.terms)} for theme in found],
        "retired": [{"name": theme.name, "terms": dict(theme.terms)} for theme in retired],
    }
    fresh = path.with_suffix(".tmp")
    fresh.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fresh.rename(path)


def _assigned(comments: Path, themes: dict[str, list[FoundTheme]]) -> pl.DataFrame:
    """The theme of each comment of a file, from the file kept for these themes, or anew."""
    code = hashlib.sha256(repr(sorted(themes.items())).encode()).hexdigest()[:12]
    number = comments.stem.rpartition("-")[2]
    path = comments.with_name(f"found-{number}-{code}.parquet")
    if path.exists():
        try:
            return pl.read_parquet(path).select(_SCHEMA.names())
        except (pl.exceptions.PolarsError, OSError):
            path.unlink()
    for old in comments.parent.glob(f"found-{number}-*.parquet"):
        old.unlink()
    rows = pl.read_parquet(comments, columns=["key", "comment", "language"])
    parts = [pl.DataFrame(schema=_SCHEMA)]
    for language, found in themes.items():
        own = rows.filter(pl.col("language") == language)
        comment, theme = assign(own["comment"], found, language)
        names = pl.Series([one.name for one in found], dtype=pl.String)
        parts.append(
            pl.DataFrame(
                {"key": own["key"].gather(comment), "theme": names.gather(theme)}, schema=_SCHEMA
            )
        )
    whole = pl.concat(parts).sort("key")
    unfinished = path.with_suffix(".tmp")
    whole.write_parquet(unfinished)
    unfinished.rename(path)
    return whole
