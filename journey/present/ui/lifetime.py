"""The cards of the lifetime page: the forecast held against what came, then what is to come."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import polars as pl
import streamlit as st

from journey.analysis.lifetime import settings as choices
from journey.analysis.lifetime import study as studies
from journey.analysis.lifetime.buyers import last_full_day
from journey.analysis.lifetime.settings import Settings, Terms
from journey.analysis.lifetime.study import Study
from journey.analysis.lifetime.tables import parameters
from journey.annotations.annotation import Annotation
from journey.errors import JourneyError, MetricError
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.present import kpi, lifetimes, timeaxis
from journey.present import lifetimewords as told
from journey.present.sheet import Sheet
from journey.present.ui import annotated
from journey.present.ui.card import Behind, panel, table
from journey.present.ui.page import Page
from journey.present.ui.shell import colours

_WIDTH = 146

_HELD = {"third": "Last third", "13": "13 weeks", "26": "26 weeks", "39": "39 weeks"}
_AHEAD = {"26": "26 weeks", "52": "52 weeks", "104": "104 weeks"}

_STANDS = "What was counted stands all the same: value so far above, who drifts away below."

_NOTES = (
    "Buyers in the form of the published CDNOW summary: days with a repeat purchase, weeks from "
    "the first to the last and to the end. BG/NBD (Fader, Hardie and Lee 2005) says how often and "
    "how long they buy, Gamma-Gamma (Fader and Hardie 2013) for how much; both by maximum "
    "likelihood. The model is fitted without the last weeks, which it then forecasts. The same at "
    "the prompt: python -m journey lifetime."
)


class Lifetimes:
    """The cards of one page. The model is of all buyers since the first day of the data: a period
    would cut their histories. Filters choose by the journey of the first order."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.engine = page.engine
        since = page.engine.snapshot.first_day
        self.filters = replace(page.filters, since=min(since, page.filters.since))
        self.study: Study | None = None

    def proof(self) -> None:
        """The controls, then the forecast of the weeks held out against what came."""
        settings = self._settings()
        key = (self.filters.key(), self.engine.snapshot.name)
        try:
            found = _study(key, repr(settings), settings, self.engine, self.filters)
            if found.holdout is None:
                raise MetricError(found.no_holdout)
        except JourneyError as error:
            self._refused("forecast", "No forecast", "What will customers bring?", error)
            return
        self.study, held = found, found.holdout
        minimum_n = self.page.config.minimum_n
        noted = annotated.notes("lifetime", None, self.filters)
        with st.grid(2, min_column_width=340, key="proof"):
            self._chart(
                "tracking", "The forecast, put to the test",
                "Does the model forecast weeks it has not seen?",
                held.weekly, lifetimes.tracking(held, colours(), noted), told.verdict(held),
                told.judged(held), noted,
            )  # fmt: skip
            self._chart(
                "frequency", "The same by buyers",
                "Does it tell frequent buyers from those who are gone?",
                held.by_frequency, lifetimes.by_frequency(held, colours(), minimum_n),
                told.frequency_words(held, minimum_n), told.parameters_words(found),
            )  # fmt: skip

    def to_come(self) -> None:
        """What is predicted; nothing where the test was not passed."""
        if self.study is None:
            return
        try:
            worth = self.study.worth
        except JourneyError as error:
            question = "What will customers bring?"
            self._refused("worth", "Nothing is predicted", question, error, _STANDS)
            return
        currency, minimum_n = self.engine.snapshot.currency, self.page.config.minimum_n
        rows = worth.by_repeats()
        with self._panel("worth", "What is to come", "What will buyers bring, by what they did?",
                         rows, told.to_come_words(worth, currency), told.DOUBT):  # fmt: skip
            st.html(lifetimes.worth_table(rows, colours(), currency, minimum_n))
        with st.grid(2, min_column_width=340, key="worth_grid"):
            rows = worth.by("channel")
            foot = "By the channel of the first order. It is an association."
            question = "Whose buyers will bring most?"
            says = told.channels_words(rows, currency, minimum_n)
            with self._panel("worth_channel", "To come by channel", question, rows, says, foot):
                st.html(lifetimes.worth_table(rows, colours(), currency, minimum_n))
            rows = worth.tenths()
            share = rows["share"][0]
            self._chart(
                "tenths", "How few bring how much", "On how many buyers does it depend?",
                rows, lifetimes.tenths(rows, colours()),
                f"The tenth of buyers with most to come will bring {share:.0%} of it.",
            )  # fmt: skip
        rows = parameters(self.study)
        with st.expander("Parameters with their intervals", key="parameters"):
            table(st, rows, name="lifetime_parameters")

    def _settings(self) -> Settings:
        """What the reader chose; a copied address shows the same."""
        with st.container(
            horizontal=True, key="lifetime_controls", vertical_alignment="bottom", gap="small"
        ):
            held = _select("held_out", "Hold out", _HELD)
            who = _select("who", "People", choices.WHO)
            ahead = _select("ahead", "Look ahead", {"52": _AHEAD["52"], **_AHEAD})
            margin = st.number_input(
                "Margin in %", 1, 100, 100, 5, key="margin", bind="query-params", width=_WIDTH,
                help="The share of revenue that is kept.",
            )  # fmt: skip
            discount = st.number_input(
                "Discount in % a year", 0, 50, 10, 1, key="discount", bind="query-params",
                width=_WIDTH + 24, help="How much less value counts a year later.",
            )  # fmt: skip
        until = None
        if held != "third":
            ends_on = last_full_day(self.filters, self.engine.snapshot.time_zone)
            until = ends_on - timedelta(weeks=int(held))
        return Settings(until, who, Terms(int(ahead), int(margin) / 100, int(discount) / 100))

    def _refused(
        self, key: str, title: str, question: str, error: JourneyError, foot: str = ""
    ) -> None:
        """A card that says why it shows nothing: no fault, but a model that does not hold here."""
        with st.container(border=True, key=f"card_{key}", gap="xxsmall"):
            st.html(kpi.head(title, question, str(error)))
            if foot:
                st.html(kpi.foot(foot))

    def _chart(
        self,
        key: str,
        title: str,
        question: str,
        rows: pl.DataFrame,
        sheet: Sheet,
        says: str,
        foot: str = "",
        noted: Sequence[Annotation] = (),
    ) -> None:
        """A card with a picture; one in time with what happened meanwhile."""
        with self._panel(key, title, question, rows, says, foot):
            dated = rows.select(pl.selectors.date())
            annotated.plotted(
                sheet.figure(), f"chart_{key}", f"{title}: {says}", noted, timeaxis.covered(dated)
            )

    def _panel(
        self, key: str, title: str, question: str, rows: pl.DataFrame, says: str, foot: str = ""
    ) -> AbstractContextManager[object]:
        """A card."""
        behind = Behind(
            f"lifetime_{key}", question, _NOTES, "one row per group", self.filters.as_of, rows
        )
        return panel(key, title, behind, self.engine.snapshot.name, foot, says)


def _select(key: str, title: str, names: dict[str, str]) -> str:
    """A choice with its names, kept in the address."""
    chosen = st.selectbox(
        title, list(names), format_func=names.__getitem__, key=key, bind="query-params",
        width=_WIDTH,
    )  # fmt: skip
    return str(chosen)


@st.cache_data(max_entries=24, max_size="256MB", show_spinner=False)
def _study(
    key: tuple[object, ...], asked: str, _settings: Settings, _engine: Engine, _filters: Filters
) -> Study:
    """The study; everything it depends on is in the first two arguments."""
    return studies.study(_engine, _filters, _settings)
