"""The themes of a business and the words that tell them, from a YAML file that it edits."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from journey.errors import ConfigError

ANY = "any"
"""The language of words that hold in all of them."""

_NAME = r"[a-z][a-z0-9_]{0,39}"
_WORD = re.compile(r"[^\W_]+(?:['’ -][^\W_]+)*\*?(?: [^\W_]+(?:['’-][^\W_]+)*\*?)*")


@dataclass(frozen=True)
class Taxonomy:
    """Theme to language to its words; phrases have spaces, `*` stands for any ending."""

    path: Path
    themes: Mapping[str, Mapping[str, tuple[str, ...]]]
    version: str
    """Changes with every word."""

    def words(self, language: str) -> dict[str, tuple[str, ...]]:
        """The words of each theme in a language, with those that hold in any."""
        return {
            theme: (*by_language.get(language, ()), *by_language.get(ANY, ()))
            for theme, by_language in self.themes.items()
        }


class _Loader(yaml.SafeLoader):
    """YAML without its surprises: a key that stands twice is refused, not overwritten."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            name = self.construct_object(key, deep=True)
            if name in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"{name!r} stands there twice", problem_mark=key.start_mark
                )
            seen.add(name)
        return dict(super().construct_mapping(node, deep))


def read(path: Path) -> Taxonomy:
    """The taxonomy of a file. Raises ConfigError with the file, the theme and the remedy."""
    try:
        given = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error}). Give it again as UTF-8.") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}{_where(error)} Mend that line.") from None
    if not isinstance(given, dict) or not given:
        raise ConfigError(
            f"{path}: there is no theme in it. Write one as in `delivery:` and, indented below, "
            "`en: deliver*, parcel*`."
        )
    themes = {theme: _theme(path, theme, words) for theme, words in given.items()}
    text = repr(sorted((theme, sorted(words.items())) for theme, words in themes.items()))
    return Taxonomy(path, themes, hashlib.sha256(text.encode()).hexdigest()[:16])


def _where(error: yaml.YAMLError) -> str:
    """Where and why a file is not YAML."""
    mark = getattr(error, "problem_mark", None)
    line = f", line {mark.line + 1}" if mark else ""
    return f"{line}: {getattr(error, 'problem', None) or 'not valid YAML'}."


def _theme(path: Path, theme: Any, given: Any) -> dict[str, tuple[str, ...]]:
    """One theme's words by language."""
    if not isinstance(theme, str) or not re.fullmatch(_NAME, theme):
        raise ConfigError(
            f"{path}: {theme!r} is no name for a theme. Use small letters, digits and _, with a "
            "letter first."
        )
    if not isinstance(given, dict) or not given:
        raise ConfigError(
            f"{path}: the theme {theme} has no words. Write them by language, as in "
            "`en: deliver*, parcel*`."
        )
    return {_language(path, theme, key): _words(path, theme, key, given[key]) for key in given}


def _language(path: Path, theme: str, key: Any) -> str:
    """A language's two letters; YAML reads a bare `no` as false."""
    name = {False: "no"}.get(key, key)
    if name != ANY and not (isinstance(name, str) and re.fullmatch("[a-z]{2}", name)):
        raise ConfigError(
            f"{path}: the theme {theme} has words in {key!r}, which is no language. "
            "Use two letters, as in en, or any."
        )
    return str(name)


def _words(path: Path, theme: str, language: str, given: Any) -> tuple[str, ...]:
    """The words of a theme in a language: a list, or text with commas."""
    listed = given.split(",") if isinstance(given, str) else given
    if not isinstance(listed, list) or not all(isinstance(word, str) for word in listed):
        raise ConfigError(
            f"{path}: the words of {theme} in {language} must be words with commas, or a list; "
            "put quotes around yes, no, on, off and numbers."
        )
    words = tuple(" ".join(word.split()) for word in listed)
    for word in words:
        if not _WORD.fullmatch(word):
            raise ConfigError(
                f"{path}: {word!r} in the theme {theme} cannot be looked for. Use letters and "
                "digits, and * at the end of a word for any ending."
            )
    return words
