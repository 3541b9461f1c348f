"""The feedback page's own parts: what themes go with, comments to read, how sure it all is."""

from typing import Any

import polars as pl
import streamlit as st

from journey.analysis.feedback.accuracy import accuracy_rows
from journey.analysis.feedback.selection import Selection
from journey.analysis.feedback.themes import SURVEYS
from journey.errors import JourneyError
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.present import charts, kpi, quotes, words
from journey.present.feedbackwords import about, held, languages, moods, of_found, sure
from journey.present.foundwords import found_table
from journey.present.pulls import Pull, in_words, pulls
from journey.present.ui.asking import Frame
from journey.present.ui.card import Behind, panel, problem, table
from journey.present.ui.feedbackanswers import (
    PAGE,
    accuracy_of,
    comments_of,
    found_of,
    known,
    themes_of,
)
from journey.present.ui.page import Page
from journey.present.ui.shell import colours

_WIDTH = 146

_SCORE_WORDS = {"low": "Low", "middle": "Middle", "high": "High"}

_IMPACT = (
    "The score of all answers less the score without those that speak of the theme: how far these "
    "answers pull it, by how much they differ and by how many they are. The interval takes a "
    "person's answers together. It is an association: what people mention and what they score "
    "have many causes."
)
_FOUND = (
    "Words that customers use together, found by TF-IDF and non-negative matrix factorisation in "
    "each language by itself. A comment belongs to the theme whose words in it weigh most. A theme "
    "keeps its name as long as its words stay alike. One whose comments mostly speak of none of "
    "the named themes is new: give it a name in themes.yaml."
)
_FEW = "A comment belongs to one at most. It takes 200 comments in a language to look for themes."
_COMMENTS = (
    "Names, addresses and numbers are masked before a comment is kept. The mood comes from the "
    "words, by a lexicon of its language. A search finds comments that hold all its words, "
    "whatever their capitals and accents."
)
_SURE = (
    "Moods are compared with the scores that came with the comments: one in the lowest quarter of "
    "its scale says unhappy, one in the highest happy (1 and 2, 4 and 5 of 5). Judged are comments "
    "called unhappy or happy; F1 counts what was not judged as missed."
)


class Voice:
    """What customers say, under the page's filters and the choices made on the cards."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.later["choices"] = lambda other: known(*_frame_of(other))
        self.known = known(*self._frame)

    def themes(self) -> None:
        """How far each theme pulls a score."""
        behind = self._behind("themes", "Which themes go with a better or a worse score?", _IMPACT)
        with st.container(key="themes_frame"):
            self._themes(behind)

    def found(self) -> None:
        """Themes that nobody named: the words that make them, and whether they are new."""
        question = "What do they write about that no theme names?"
        if not self.known["touchpoint"]:
            return
        try:
            answer = found_of(*self._frame, str(st.session_state.get("survey") or "csat"))
        except JourneyError as error:
            problem("Themes found", error)
            return
        rows = answer.rows.filter(pl.col("comments") >= self.page.config.minimum_n)
        behind = self._behind("found_themes", question, _FOUND, rows=answer.rows)
        with panel("found", "Themes found in the words", behind, self._name, _FEW, of_found(rows)):
            if rows.height:
                table(st, found_table(rows, answer.survey.title), 340)

    def comments(self) -> None:
        """Comments to read, selected by theme, mood, score, touchpoint, language and words."""
        if not self.known["touchpoint"]:
            with panel("voice", "In their own words", self._reading(pl.DataFrame()), self._name):
                st.html(kpi.foot("No comments here. Widen the filters, or see Data health."))
            return
        _voice(self)

    def sure(self) -> None:
        """How often moods agree with scores, by language and by confidence."""
        question = "How often is a mood that of the score its writer gave?"
        try:
            found = accuracy_of(*self._frame)
        except JourneyError as error:
            problem("How sure the moods are", error)
            return
        grain, rows = "one row per language", accuracy_rows(found)
        behind = self._behind("accuracy", question, _SURE, grain, rows)
        title, least = "How sure the moods are", self.page.config.minimum_n
        with panel("sure", title, behind, self._name, held(found, least), sure(found, least)):
            if found.overall.comments:
                table(st, languages(found, least), 260)

    @property
    def _name(self) -> str:
        """The snapshot."""
        return self.page.engine.snapshot.name

    @property
    def _frame(self) -> tuple[tuple[object, ...], str, Engine, Filters]:
        """What a cached question depends on, and what answers it."""
        return _frame_of(self.page)

    def _behind(
        self,
        name: str,
        question: str,
        notes: str,
        grain: str = "one row per theme",
        rows: pl.DataFrame | None = None,
    ) -> Behind:
        """What stands behind a card."""
        shown = rows if rows is not None else pl.DataFrame()
        return Behind(name, question, notes, grain, self.page.filters.as_of, shown)

    def _reading(self, rows: pl.DataFrame) -> Behind:
        """What stands behind the comments."""
        question = "What do they say, and how?"
        return self._behind("comments", question, _COMMENTS, "one row per comment", rows)

    def _themes(self, behind: Behind) -> None:
        """The card of themes, with its own two choices above."""
        with st.container(horizontal=True, key="filters_themes", vertical_alignment="bottom"):
            survey = st.selectbox(
                "Score",
                list(SURVEYS),
                format_func=lambda name: SURVEYS[name].title,
                key="survey",
                bind="query-params",
                width=_WIDTH,
            )
            touchpoint = self._choice("About", "touchpoint", "about")
        selection = Selection(touchpoint=touchpoint)
        try:
            score = str(survey)
            self.page.later[f"themes {score} {selection}"] = lambda other: themes_of(
                *_frame_of(other), score, selection
            )
            found = themes_of(*self._frame, score, selection)
        except JourneyError as error:
            problem("Themes", error)
            return
        rows = found.rows
        full = Behind(behind.name, behind.question, behind.notes, behind.grain, behind.as_of, rows)
        with panel("impact", "What themes go with", full, self._name, about(found)) as say:
            shown = [
                Pull(row["theme"], row["answers"], row["impact"], row["low"], row["high"])
                for row in rows.iter_rows(named=True)
            ]
            if not any(pull.answers for pull in shown):
                said = f"No {found.survey.title} answers with words in this period. Choose another "
                st.html(kpi.foot(f"{said}score, or widen the period or the filters."))
                return
            score = found.survey.title
            say(in_words(shown, score))
            st.plotly_chart(
                pulls(shown, colours(), score, found.survey.unit).figure(),
                theme=None,
                key="chart_impact",
                config=charts.CONFIG,
                alt=in_words(shown, score),
            )

    def _choice(self, title: str, name: str, key: str, shown: Any = words.label) -> str | None:
        """One thing to select by, or all."""
        value: str | None = st.selectbox(
            title,
            self.known[name],
            index=None,
            format_func=shown,
            key=key,
            placeholder="All",
            bind="query-params",
            width=_WIDTH,
        )
        return value


@st.fragment
def _voice(voice: Voice) -> None:
    """The comments and their choices, drawn anew by themselves."""
    with st.container(horizontal=True, key="filters_voice", vertical_alignment="bottom"):
        search = st.text_input(
            "Search", key="search", bind="query-params", width=220, placeholder="Words they used"
        )
        selection = Selection(
            theme=voice._choice("Theme", "theme", "theme"),
            sentiment=voice._choice("Mood", "sentiment", "mood", quotes.mood_words),
            score=voice._choice("Their score", "score", "score", _SCORE_WORDS.__getitem__),
            touchpoint=voice._choice("About", "touchpoint", "spoken_of"),
            language=voice._choice("Language", "language", "language", str.upper),
            search=search or None,
        )
    card, below = st.container(), st.container()
    try:
        found = comments_of(*voice._frame, selection, 1)
        pages = -(-found.total // PAGE)
        if pages > 1:
            number = below.pagination(pages, key="comments_page", bind="query-params")
            found = comments_of(*voice._frame, selection, number)
    except JourneyError as error:
        problem("In their own words", error)
        return
    reading = voice._reading(found.rows)
    says = moods(found) if found.total else ""
    with card, panel("voice", "In their own words", reading, voice._name, says=says):
        if not found.total:
            st.html(kpi.foot("No comments here. Take a choice away, or widen the period."))
            return
        st.html(quotes.quotes(found.rows))


def _frame_of(page: Frame) -> tuple[tuple[object, ...], str, Engine, Filters]:
    """What a cached question of a frame depends on, and what answers it."""
    return page.filters.key(), page.engine.snapshot.name, page.engine, page.filters
