"""Themes found in the words: the planted ones come out, keep their names, and are counted right."""

import json
from pathlib import Path
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.analysis.feedback.found import found
from journey.comments.discovery import FEWEST, FoundTheme, assign, discover, named
from journey.present.foundwords import found_table, what_it_is
from journey.warehouse import discoveries
from tests.test_feedback import EVERYTHING
from tests.world import Business, Rows, people

PLANTED = {
    "garden": ["lawn", "hedge", "sprinkler", "mower", "soil", "seeds"],
    "music": ["guitar", "amplifier", "strings", "tuner", "drums", "pedal"],
    "kitchen": ["oven", "kettle", "saucepan", "whisk", "toaster", "blender"],
}


def sentences(count: int, seed: int = 1) -> list[str]:
    """Comments that each speak of one planted theme, with words of no theme between."""
    random = Random(seed)
    said = []
    for number in range(count):
        theme = list(PLANTED)[number % len(PLANTED)]
        own = random.sample(PLANTED[theme], 3)
        said.append(f"The {own[0]} and the {own[1]}, I really like it: {own[2]} number {number}.")
    return said


def test_planted_themes_are_found() -> None:
    themes = discover(pl.Series(sentences(600)), "en")
    best = [
        max(PLANTED, key=lambda name: len(set(PLANTED[name]) & set(theme.terms)))
        for theme in themes
    ]
    assert set(best) == set(PLANTED)
    comment, theme = assign(pl.Series(sentences(600)), themes, "en")
    right = [
        set(themes[place].terms) & set(PLANTED[list(PLANTED)[number % 3]])
        for number, place in zip(comment, theme, strict=True)
    ]
    assert len(comment) > 500
    assert sum(map(bool, right)) / len(right) > 0.95


def test_the_same_comments_give_the_same_themes() -> None:
    comments = pl.Series(sentences(400))
    assert discover(comments, "en") == discover(comments, "en")


def test_few_comments_and_unknown_languages_give_none() -> None:
    comments = pl.Series(sentences(FEWEST - 1))
    assert discover(comments, "en") == []
    assert discover(pl.Series(sentences(400)), "it") == []
    assert discover(pl.Series(["good"] * 400), "en") == []
    assert discover(pl.Series(["[name] [phone] 12345"] * 400), "en") == []


def test_masks_and_praise_are_no_themes() -> None:
    comments = pl.Series([f"[name] {one} excellent [number]" for one in sentences(400)])
    terms = {term for theme in discover(comments, "en") for term in theme.terms}
    assert terms
    assert not terms & {"name", "number", "excellent", "like", "really"}


def test_a_theme_keeps_its_name_when_it_is_found_again() -> None:
    earlier = [
        FoundTheme("en", f"mine {name}", dict.fromkeys(PLANTED[name], 1.0)) for name in PLANTED
    ]
    again = discover(pl.Series(sentences(600, seed=9)), "en", earlier)
    names = {theme.name for theme in again}
    assert {f"mine {name}" for name in PLANTED} <= names
    assert len(names) == len(again)


TERMS = st.dictionaries(
    st.sampled_from(["ab", "cd", "ef", "gh", "ab_cd"]), st.floats(0.15, 1.0), min_size=1, max_size=4
)


@given(st.lists(TERMS, max_size=5), st.lists(TERMS, max_size=5))
def test_every_name_is_given_once(
    now: list[dict[str, float]], then: list[dict[str, float]]
) -> None:
    earlier = named(then, "en", [])
    again = named(now, "en", earlier)
    names = [theme.name for theme in again]
    assert len(set(names)) == len(names) == len(now)
    assert [dict(theme.terms) for theme in again] == now
    assert named(then, "en", earlier) == earlier


@given(
    st.lists(
        st.lists(st.sampled_from(["lawn", "hedge", "oven", "kettle", "x", "."]), max_size=6),
        max_size=6,
    )
)
def test_a_comment_belongs_to_the_theme_that_weighs_most(said: list[list[str]]) -> None:
    themes = [
        FoundTheme("en", "garden", {"lawn": 1.0, "hedge": 0.6}),
        FoundTheme("en", "kitchen", {"oven": 1.0, "kettle": 0.5, "hedge": 0.5}),
    ]
    comments = pl.Series([" ".join(words) for words in said], dtype=pl.String)
    got = dict(zip(*(array.tolist() for array in assign(comments, themes, "en")), strict=True))
    expected = {}
    for number, words in enumerate(said):
        weights = [sum(theme.terms.get(word, 0.0) for word in set(words)) for theme in themes]
        if max(weights) >= 1.0:
            expected[number] = int(np.argmax(weights))
    assert got == expected


def rows(comments: list[str], first: int = 0) -> Rows:
    """A scored review for each comment; garden is bad."""
    made: Rows = []
    for number, comment in enumerate(comments, first):
        row = people(**{f"p{number}": "review_written@1"})[0]
        bad = any(word in comment for word in PLANTED["garden"])
        row |= {"comment": comment, "language": "en", "survey": "csat", "score": 1 if bad else 5}
        made.append(row)
    return made


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Business:
    """A business with planted themes."""
    business = Business(tmp_path_factory.mktemp("grown"))
    business.deliver(rows(sentences(300)))
    business.build()
    return business


def test_found_themes_are_counted_and_new_ones_are_told(grown: Business) -> None:
    answer = found(grown.engine, EVERYTHING)
    table = answer.rows.to_dicts()
    assert {line["language"] for line in table} == {"en"}
    assert all(line["terms"] for line in table)
    assert sum(line["comments"] for line in table) <= 300
    for line in table:
        # The template for shops has no words for gardens, guitars and kettles.
        assert line["unnamed"] == line["comments"]
    worst = min((line for line in table if line["impact"] is not None), key=lambda r: r["impact"])
    assert set(worst["terms"].split(", ")) & set(PLANTED["garden"])
    assert worst["high"] < 0
    shown = found_table(answer.rows, "CSAT")
    assert shown["What it is"].str.starts_with("New").all()


def test_names_stay_as_comments_come_and_only_growth_looks_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    original = discoveries.discover

    def counted(comments: pl.Series, *given: object) -> list[FoundTheme]:
        looked.append(len(comments))
        return original(comments, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(discoveries, "discover", counted)
    business = Business(tmp_path)
    every = sentences(600)
    business.deliver(rows(every[:300]))
    business.build()
    before = {row["theme"] for row in business.table("found_themes")}
    business.deliver(rows(every[300:310], 300))
    business.build()
    assert looked == [300]
    mentions = business.table("found_mentions", "event_id, theme", "event_id")
    business.deliver(rows(every[310:600], 310))
    business.build()
    assert looked == [300, 600]
    after = {row["theme"] for row in business.table("found_themes")}
    # Themes of the same words keep their names; how finely the words fall apart may change.
    assert len(before & after) >= 2
    assert len(business.table("found_mentions")) > len(mentions)
    business.close()


def test_what_is_damaged_is_made_again(tmp_path: Path) -> None:
    business = Business(tmp_path)
    business.deliver(rows(sentences(300)))
    business.build()
    whole = business.table("found_mentions"), business.table("found_themes")
    assert whole[0]
    for path in business.folder.feedback.rglob("found-*.parquet"):
        path.write_bytes(b"no parquet")
    business.build()
    assert (business.table("found_mentions"), business.table("found_themes")) == whole
    kept = business.folder.feedback / "found" / "en.json"
    assert json.loads(kept.read_text())["comments"] == 300
    kept.write_text("{")
    business.build()
    assert (business.table("found_mentions"), business.table("found_themes")) == whole
    business.close()


def test_what_a_found_theme_is() -> None:
    assert what_it_is(100, 50, None, 0).startswith("New")
    assert what_it_is(100, 49, "delivery", 51).startswith("Delivery")
    assert what_it_is(100, 49, "delivery", 49) == "Across themes"
