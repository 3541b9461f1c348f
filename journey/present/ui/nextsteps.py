"""The page of next steps: the best for each persona, one place looked at closely, and what would
settle it."""

import streamlit as st

from journey.analysis.nextsteps import finding, wording
from journey.analysis.nextsteps.counting import count
from journey.analysis.nextsteps.finding import EVERYONE, NextSteps, Step
from journey.config import Config
from journey.errors import JourneyError
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.present import charts, kpi, nextsteps, words
from journey.present.experience import estimates
from journey.present.numbers import counted
from journey.present.ui.card import Behind, choosing, panel, problem, told
from journey.present.ui.page import Page
from journey.present.ui.shell import colours

_OVER = {"touchpoint": "Next touch", "channel": "Channel of return"}


class Steps:
    """The cards of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.engine, self.config = page.engine, page.config
        self.over = "touchpoint"
        self.everyone: NextSteps | None = None
        self.each: NextSteps | None = None

    def best(self) -> None:
        """The best step for everyone and for each persona at each stage."""
        question = "Having got so far, after which next step do comparable journeys go on more?"
        with choosing("best", "The best next step, and for whom", question):
            chosen = st.segmented_control(
                "Looked at",
                list(_OVER),
                default="touchpoint",
                required=True,
                format_func=_OVER.__getitem__,
                key="over",
                bind="query-params",
                label_visibility="collapsed",
            )
            self.over = str(chosen or "touchpoint")
            try:
                self.everyone, self.each = self._found()
            except JourneyError as error:
                problem("Next steps", error)
                return
            if not self.everyone.steps:
                st.html(
                    kpi.foot(
                        "No journey in this period that has had its time took a next step that "
                        "could be compared. Choose an earlier or a longer period."
                    )
                )
                return
            st.html(kpi.says([_leading(self.everyone, self.each)]))
            st.html(nextsteps.best(self.everyone.steps, self.each.steps))
            foot = f"{wording.summary(self.everyone.steps + self.each.steps)} {wording.CAVEAT}"
            st.html(
                kpi.foot(f"{words.NOTHING} no step there stands out from chance and from its like.")
            )
            told("best", self._behind(self.each), self.engine.snapshot.name, foot)

    def place(self) -> None:
        """All steps of one persona at one stage."""
        if self.everyone is None or self.each is None or not self.everyone.steps:
            return
        question = "Of those who stood at the same place, how many points more or fewer go on?"
        with choosing("place", "One place, looked at closely", question):
            with st.container(horizontal=True, key="place_choice", vertical_alignment="bottom"):
                personas = [EVERYONE, *self.engine.segments()["persona"]]
                told_of = _told(self.everyone, self.each)
                at = (told_of[0].persona, told_of[0].stage) if told_of else (EVERYONE, "decision")
                persona = st.selectbox(
                    "Who",
                    personas,
                    index=personas.index(at[0]) if at[0] in personas else 0,
                    format_func=words.label,
                    key="who",
                    bind="query-params",
                    width=200,
                )
                stage = st.selectbox(
                    "Stands at",
                    nextsteps.PLACES,
                    index=nextsteps.PLACES.index(at[1]),
                    format_func=words.label,
                    key="stands_at",
                    bind="query-params",
                    width=200,
                )
            whole = self.everyone if persona == EVERYONE else self.each
            steps = whole.at(str(persona), str(stage))
            rows = nextsteps.at_place(steps)
            if rows:
                st.html(kpi.says([_at_place(steps)]))
                said = f"{wording.GOES_ON[str(stage)]}: points more or fewer than comparable ones"
                st.plotly_chart(
                    estimates.picture(rows, colours(), zero=True, values=52),
                    theme=None,
                    key="chart_place",
                    config=charts.CONFIG,
                    alt=" ".join(wording.sentence(step, words.label) for step in steps[:5]),
                )
                grey = (
                    "In colour: also apart from other steps of its sort, still in the visit or "
                    "coming back in another. Grey: not, or a step that most who go on take anyway."
                )
                said = f"{said[0].upper()}{said[1:]}. {grey}"
                foot = f"{said} {_unmatched(steps)}"
            else:
                foot = (
                    f"No step here was taken by {self.config.minimum_n} journeys that have "
                    "comparable ones. Choose everyone, another stage or a longer period."
                )
            told("place", self._behind(whole), self.engine.snapshot.name, foot)

    def settling(self) -> None:
        """The experiments that would settle what was told from chance."""
        if self.everyone is None or self.each is None or not self.everyone.steps:
            return
        title = "The experiments that would settle it"
        snapshot = self.engine.snapshot.name
        called = _told(self.everyone, self.each)
        whole = self.each if called and called[0].persona != EVERYONE else self.everyone
        with panel("settling", title, self._behind(whole), snapshot):
            if not called:
                st.html(kpi.foot("No step stands out from chance, so there is none to settle yet."))
                return
            st.html(kpi.says([_capital(wording.settling(called[0]))]))
            st.html(nextsteps.settling(called))
            st.html(
                kpi.foot(
                    "People in two equal arms who would find a difference as large in four of "
                    "five experiments, and how long so many take to come to the place. A true "
                    "effect is likely smaller, so plan for more."
                )
            )

    def _found(self) -> tuple[NextSteps, NextSteps]:
        """All steps of the page's frame: of everyone together, and of each persona."""
        key = (self.page.filters.key(), self.engine.snapshot.name, self.config.minimum_n)
        return _steps(key, self.over, self.engine, self.config, self.page.filters)

    def _behind(self, found: NextSteps) -> Behind:
        """What stands behind the cards."""
        return Behind(
            f"next_steps_over_{found.over}",
            "After which next step do comparable journeys go on more?",
            " ".join((finding.__doc__ or "").split()),
            "one row per persona, stage and step",
            self.page.filters.as_of,
            wording.table(found.steps),
        )


def _told(everyone: NextSteps, each: NextSteps) -> list[Step]:
    """The steps told from chance: of everyone, else of the personas."""
    return nextsteps.called(everyone.steps) or nextsteps.called(each.steps)


def _leading(everyone: NextSteps, each: NextSteps) -> str:
    """The first step told from chance: of everyone, else of a persona; or that there is none."""
    if called := _told(everyone, each):
        return _capital(wording.sentence(called[0], words.label))
    return "No next step stands out from chance and from others of its sort."


def _at_place(steps: tuple[finding.Step, ...]) -> str:
    """The first step of a place that is told from chance, or that none is."""
    if called := nextsteps.called(steps):
        return _capital(wording.sentence(called[0], words.label))
    return "No step here stands out from chance and from others of its sort."


def _capital(said: str) -> str:
    """A sentence with its capital."""
    return said[:1].upper() + said[1:]


def _unmatched(steps: tuple[finding.Step, ...]) -> str:
    """How many found nobody to be compared with."""
    journeys, matched = (sum(getattr(s, name) for s in steps) for name in ("journeys", "matched"))
    alone = f"{journeys - matched:,} of {counted(journeys, 'journeys')}"
    return f"{alone} had nobody comparable and do not count."


@st.cache_data(max_entries=60, max_size="32MB", show_spinner=False)
def _steps(
    key: tuple[object, ...],
    over: str,
    _engine: Engine,
    _config: Config,
    _filters: Filters,
) -> tuple[NextSteps, NextSteps]:
    """The steps, asked for once; everything they depend on is in the first two arguments."""
    counted = count(_engine, _filters, over)
    everyone, each = (finding.of(counted, _config.minimum_n, own) for own in (False, True))
    return everyone, each
