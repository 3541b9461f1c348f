"""Which sites are search engines, social networks, video sites, shops or AI assistants.

The lists are files by version, `sources_YYYY-MM.csv`, since sites come and go. They hold the
well-known sites; Google's own list, which is longer, can be given in its place.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from journey.channels.traffic import host
from journey.errors import ConfigError, suggest

CATEGORIES = ("search", "social", "video", "shopping", "ai")
"""Kinds of site; the first four are Google's source categories, `ai` is ours."""

_FOLDER = Path(__file__).parent
_GOOGLES = "source_category_"


@dataclass(frozen=True)
class Sites:
    """One version of the lists."""

    version: str
    exact: Mapping[str, str] = field(repr=False)
    """Name or host to its category."""
    below: Mapping[str, str] = field(repr=False)
    """Host whose every part, as in `l.facebook.com`, belongs to the category."""
    anywhere: Mapping[str, str] = field(repr=False)
    """Name that is of the category under every country's ending, as in `google.co.uk`."""

    def category(self, source: str) -> str | None:
        """The kind of site a source is; None where it is on no list. What is listed as it
        stands comes before a host it is a part of, and that before a country's ending.

        >>> sites = read(versions()[-1])
        >>> [sites.category(source) for source in ("Google", "google.co.uk", "l.facebook.com")]
        ['search', 'search', 'social']
        >>> [sites.category(source) for source in ("gemini.google.com", "docs.google.com")]
        ['ai', None]
        """
        name = host(source)
        if name in self.exact:
            return self.exact[name]
        parts = name.split(".")
        for start in range(len(parts) - 1):
            if found := self.below.get(".".join(parts[start:])):
                return found
        is_country = len(parts) == 2 or (len(parts) == 3 and parts[1] in ("co", "com"))
        return self.anywhere.get(parts[0]) if is_country else None


def versions() -> list[str]:
    """The versions that come with the product, oldest first."""
    return sorted(path.stem.partition("_")[2] for path in _FOLDER.glob("sources_*.csv"))


def read(version: str, beside: Path | None = None) -> Sites:
    """One version of the lists, or a CSV file with the columns source and category (Google's
    own names of categories are understood), its path relative to the folder `beside`.

    Raises ConfigError with the file, the line and the remedy.
    """
    if version in versions():
        return _read(_FOLDER / f"sources_{version}.csv", version)
    path = (beside or Path()) / version
    if not path.is_file():
        raise ConfigError(
            f"[channels] sources is {version!r}, which is neither a list that comes with the "
            f"product ({', '.join(versions())}) nor a file.{suggest(version, versions())}"
        )
    return _read(path, path.stem)


@cache
def _read(path: Path, version: str) -> Sites:
    """The file as lists."""
    exact: dict[str, str] = {}
    below: dict[str, str] = {}
    anywhere: dict[str, str] = {}
    try:
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path}: this list cannot be read ({error}). Save it as UTF-8."
        ) from None
    for number, row in enumerate(rows, 1):
        if not row or (number == 1 and row[0].strip().lower() == "source"):
            continue
        category = row[1].strip().lower().removeprefix(_GOOGLES) if len(row) > 1 else ""
        if category not in CATEGORIES:
            raise ConfigError(
                f"{path}, line {number}: {row[1:]} is no category.{suggest(category, CATEGORIES)} "
                f"Write SOURCE,CATEGORY with one of {', '.join(CATEGORIES)}."
            )
        source = row[0].strip().lower()
        if source.startswith("*."):
            below[source.removeprefix("*.")] = category
        elif source.endswith(".*"):
            anywhere[source.removesuffix(".*")] = category
        else:
            exact[host(source)] = category
    return Sites(version, exact, below, anywhere)
