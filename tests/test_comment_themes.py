"""Themes: a taxonomy that a business edits, and what comments are found to speak of."""

from pathlib import Path

import polars as pl
import pytest

from journey import ROOT
from journey.comments.reading import Reader
from journey.comments.taxonomy import read
from journey.config import TEMPLATES, load
from journey.demo.phrases import PHRASES
from journey.errors import ConfigError
from tests.test_comment_moods import READER, table


def themes(reader: Reader, *comments: str, language: str = "en") -> list[str]:
    """The themes of each comment, with commas."""
    found = reader.read(table(list(comments), language)).mentions
    by_key = dict(found.group_by("key").agg(pl.col("theme").sort()).iter_rows())
    return [", ".join(by_key.get(f"{place:05}", [])) for place in range(len(comments))]


def own(path: Path, text: str) -> Reader:
    """A reader by a taxonomy of one's own."""
    (path / "themes.yaml").write_text(text, encoding="utf-8")
    return Reader(read(path / "themes.yaml"))


def test_words_stems_and_phrases(tmp_path: Path) -> None:
    reader = own(
        tmp_path,
        "delivery:\n  en: deliver*, still waiting\nprice:\n  en: [expensive, delivery costs]\n"
        "both:\n  any: [dhl, expensive]\n",
    )
    assert themes(
        reader,
        "Delivered late",
        "Delivery costs too much",
        "I am STILL waiting.",
        "still. waiting",
        "expensive delivery",
        "undelivered",
        "DHL",
        "",
    ) == ["delivery", "price", "delivery", "", "both, delivery, price", "", "both", ""]


def test_who_pays_for_a_return_speaks_of_returns() -> None:
    assert themes(
        READER, "I had to pay for the return label myself.", "It was hard to pay, and no return."
    ) == ["returns", "checkout, returns"]


def test_a_theme_has_the_mood_of_its_sentences() -> None:
    read = READER.read(table(["The courier was great. But the quality is terrible."], "en"))
    assert dict(read.mentions.select("theme", "sentiment").iter_rows()) == {
        "delivery": "positive",
        "product": "negative",
    }


def test_a_theme_without_a_mood_of_its_own_has_that_of_the_comment() -> None:
    read = READER.read(table(["It was about the parcel. Awful!"], "en"))
    assert read.mentions["sentiment"].to_list() == ["negative"]


@pytest.mark.parametrize("language", PHRASES)
def test_the_template_finds_what_the_demo_says(language: str) -> None:
    """Every phrase of the demo is found in its theme, or in the finer theme that the template has
    for it, but for a few that name nothing."""
    finer = {"fit": "product", "packaging": "delivery"}
    said = [
        (theme, phrase) for theme, moods in PHRASES[language].items() for m in moods for phrase in m
    ]
    found = themes(READER, *(phrase for _, phrase in said), language=language)
    right = [
        theme in {finer.get(name, name) for name in names.split(", ")}
        for (theme, _), names in zip(said, found, strict=True)
    ]
    missed = [one for one, is_right in zip(said, right, strict=True) if not is_right]
    assert sum(right) / len(right) >= 0.9, missed


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.themes.yaml")), ids=lambda p: p.stem)
def test_templates_are_complete(path: Path) -> None:
    taxonomy = read(path)
    for theme, words in taxonomy.themes.items():
        assert {"en", "de", "es", "fr", "pt"} <= words.keys(), theme


WRONG = {
    "": "there is no theme in it",
    "- delivery": "there is no theme in it",
    "delivery: [a": "line 1",
    "delivery:\n  en: a\ndelivery:\n  en: b": "line 3: 'delivery' stands there twice",
    "Delivery:\n  en: a": "is no name for a theme",
    "delivery:": "has no words",
    "delivery: deliver*": "has no words",
    "delivery:\n  english: a": "'english', which is no language. Use two letters",
    "delivery:\n  en: [1, 2]": "put quotes around",
    "delivery:\n  en: a, , b": "cannot be looked for",
    "delivery:\n  en: '*ship'": "cannot be looked for",
}


@pytest.mark.parametrize(("text", "said"), WRONG.items())
def test_a_wrong_file_is_told_with_its_place_and_remedy(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(ConfigError) as raised:
        own(tmp_path, text)
    assert said in str(raised.value)
    assert "themes.yaml" in str(raised.value)


def test_norwegian_is_a_language_and_not_a_falsehood(tmp_path: Path) -> None:
    reader = own(tmp_path, "delivery:\n  no: levering*\n")
    assert themes(reader, "Leveringen kom for sent", language="no") == ["delivery"]


def test_the_file_beside_journey_toml_holds(tmp_path: Path) -> None:
    toml = tmp_path / "journey.toml"
    toml.write_text('template = "b2b"\n')
    assert load(toml).themes == TEMPLATES / "b2b.themes.yaml"
    (tmp_path / "themes.yaml").write_text("delivery:\n  en: parcel\n")
    assert load(toml).themes == tmp_path / "themes.yaml"
    assert load(None).themes == TEMPLATES / "retail.themes.yaml"
    assert load(ROOT / "journey.toml").themes == TEMPLATES / "retail.themes.yaml"
