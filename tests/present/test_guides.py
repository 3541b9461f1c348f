"""Every page says once what it answers and how it is read."""

import re

import pytest

from journey import ROOT
from journey.present.guides import GUIDES, css, strip
from journey.present.palette import DARK, LIGHT

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))


def test_there_is_a_guide_for_each_page_and_for_no_other() -> None:
    assert sorted(GUIDES) == PAGES, "a page's two sentences stand in journey/present/guides.py"


@pytest.mark.parametrize("page", PAGES)
def test_a_guide_is_two_sentences(page: str) -> None:
    guide = GUIDES[page]
    for said in (f"This page answers {guide.answers}", guide.reading):
        assert re.fullmatch(r"[A-Z][^.?!]+\.", said), said
        assert len(said) <= 220
    assert guide.answers.split()[0] in {"how", "where", "what", "which", "whether", "who", "why"}


def test_a_guide_is_drawn_open_and_a_page_without_one_has_no_strip() -> None:
    told = strip("health")
    assert told.startswith('<details class="guide" data-guide="health" open>')
    assert GUIDES["health"].reading in told
    assert strip("a_page_dropped_in") == ""


@pytest.mark.parametrize("side", [LIGHT, DARK], ids=lambda side: side.kind)
def test_it_has_the_colours_of_its_side(side) -> None:
    assert side.accent in css(side)
