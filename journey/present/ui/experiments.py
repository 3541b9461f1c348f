"""The page of experiments: one to choose, its verdict, what it rests on, and its groups."""

from dataclasses import replace
from datetime import timedelta

import streamlit as st

from journey.analysis.experiments import arms, readout, tables, wording
from journey.analysis.experiments.readout import Readout
from journey.config import Config
from journey.errors import JourneyError
from journey.metrics.engine import Engine
from journey.metrics.filters import SEGMENTS, Filters
from journey.present import charts, kpi, trials, words
from journey.present.experience import estimates
from journey.present.ui.card import Behind, menu, panel, problem
from journey.present.ui.page import Page
from journey.present.ui.shell import colours

_QUESTION = "Did it work?"
_ORDER = "An order"
_MOST = 20
"""The most experiments in the list of all."""


class Trials:
    """The cards of one experiment, each drawn by itself."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.engine, self.config = page.engine, page.config
        self.found: Readout | None = None
        self.names: list[str] = []

    def verdict(self) -> None:
        """The choice of an experiment and its verdict, with what it rests on."""
        with st.container(border=True, key="card_experiment", gap="xsmall"):
            head = st.empty()
            try:
                self.names = arms.names(self.engine, self.page.filters)
                if not self.names:
                    head.html(kpi.head("No experiment to read", _QUESTION))
                    self._none()
                    return
                self.found = self._read()
            except JourneyError as error:
                problem("Experiment", error)
                return
            found = self.found
            title = f"{found.experiment}: who reached the goal ({wording.goal(found)})"
            head.html(kpi.head(title, _QUESTION))
            menu(self.engine.snapshot.name, self._behind("experiment", found), "card_experiment")
            said = trials.listed(trials.facts(found, self.engine.snapshot.currency))
            plates = [
                trials.plate(found, one, words.label(one.arm.name), words.label(one.control.name))
                for one in found.comparisons
            ]
            if len(plates) == 1:
                beside, facts = st.columns([2, 5], gap="medium")
                beside.html(plates[0])
                facts.html(said)
                return
            if plates:
                with st.grid(min(3, len(plates)), min_column_width=260, key="arms"):
                    for plate in plates:
                        st.html(plate)
            else:
                st.html(kpi.foot("There is one arm only, so there is nothing to compare with."))
            st.html(said)

    def lifts(self) -> None:
        """Every arm's lift on its interval."""
        found = self.found
        if found is None or not found.comparisons:
            return
        question = f"How far is each arm from {words.label(found.control)}, in points?"
        behind = replace(self._behind("lift", found), question=question)
        with panel("lifts", "Lift", behind, self.engine.snapshot.name):
            rows = trials.lifts(found) if found.ratio.holds else []
            if not rows:
                self._withheld(found)
                return
            st.html(kpi.says([wording.answer(found, one) for one in found.comparisons]))
            _plot("lifts", estimates.picture(rows, colours(), zero=True, values=52), question)
            if len(found.comparisons) > 1:
                st.html(kpi.foot("The intervals hold for all arms together."))
            st.html(kpi.foot(wording.looking(found.comparisons[0])))

    def groups(self) -> None:
        """The lift in each group of people."""
        found = self.found
        if found is None or not found.comparisons:
            return
        behind = replace(
            self._behind("groups", found),
            question="Does it do the same for everyone?",
            grain=f"one row per arm and {found.by}",
            rows=tables.groups(found),
        )
        title = f"Lift by {found.by}"
        with panel("groups", title, behind, self.engine.snapshot.name):
            if not found.ratio.holds:
                self._withheld(found)
                return
            drawn = [trials.groups(one, self.config.minimum_n) for one in found.comparisons]
            span = trials.span([row for rows in drawn for row in rows])
            for place, (one, rows) in enumerate(zip(found.comparisons, drawn, strict=True)):
                if len(drawn) > 1:
                    st.html(kpi.foot(f"{words.label(one.arm.name)}:"))
                picture = estimates.picture(rows, colours(), zero=True, span=span, values=52)
                said = wording.groups(found, one)
                st.html(kpi.says([said]))
                _plot(f"groups_{place}", picture, said)
            st.html(kpi.foot(wording.SUBGROUPS))

    def every(self) -> None:
        """All experiments of the period in a line each, where there are several."""
        names = self.names
        if self.found is None or len(names) < 2:
            return
        try:
            found = [
                self._of(name, self._course(name), None, self.found.by) for name in names[:_MOST]
            ]
        except JourneyError as error:
            problem("All experiments", error)
            return
        behind = replace(
            self._behind("experiments", self.found),
            question="What came of each?",
            grain="one row per experiment and arm",
            rows=tables.listed(found),
        )
        snapshot = self.engine.snapshot.name
        more = f"and {len(names) - _MOST} more" if len(names) > _MOST else None
        with panel("every", "All experiments", behind, snapshot, more):
            st.html(trials.every(found))

    def _course(self, name: str) -> Filters:
        """The frame of an experiment's whole course."""
        return arms.whole(self.engine, self.page.filters, name)

    def _of(self, name: str, frame: Filters, goal: str | None, by: str) -> Readout:
        """One experiment in a frame."""
        plan = self.config.experiments.get(name)
        key = (frame.key(), self.engine.snapshot.name, self.config.minimum_n, repr(plan))
        return _readout(key, (name, goal, by), self.engine, self.config, frame)

    def _read(self) -> Readout:
        """The reader's choice, read over its whole course."""
        with st.container(horizontal=True, key="experiment_choice", vertical_alignment="bottom"):
            name = st.selectbox(
                "Experiment", self.names, key="experiment", bind="query-params", width=280
            )
            frame = self._course(str(name))
            plan = self.config.experiments.get(str(name))
            first = plan.goal if plan and plan.goal else _ORDER
            goals = dict.fromkeys([first, *arms.goals(self.engine, frame, str(name))])
            goal = st.selectbox(
                "Goal",
                list(goals),
                format_func=words.label,
                key="goal",
                bind="query-params",
                width=200,
            )
            by = st.selectbox(
                "Groups by",
                list(SEGMENTS),
                index=list(SEGMENTS).index("persona"),
                format_func=words.label,
                key="groups_by",
                bind="query-params",
                width=140,
            )
        return self._of(str(name), frame, None if goal == _ORDER else str(goal), str(by))

    def _none(self) -> None:
        """What stands here where nobody met an experiment: whether there is one, and how to send
        one."""
        snapshot = self.engine.snapshot
        always = replace(
            self.page.filters,
            since=snapshot.first_day,
            until=snapshot.last_day + timedelta(days=1),
            where={},
            outside={},
        )
        elsewhere = arms.names(self.engine, always)
        said = "Nobody was assigned to an experiment in this period"
        if elsewhere:
            named = words.listed(elsewhere[:3])
            st.html(kpi.foot(f"{said} with these filters. The data holds {named}; widen them."))
            return
        st.html(kpi.foot(f"{said}, and the data holds no experiment. {trials.HOW}"))
        st.code(trials.EXAMPLE, language=None)

    def _withheld(self, found: Readout) -> None:
        """Why there is no picture."""
        st.html(
            kpi.foot(
                "Nobody in one of the arms has had their time yet."
                if found.ratio.holds
                else "Not shown, since the sample ratio has failed. The rows are in the menu."
            )
        )

    def _behind(self, name: str, found: Readout) -> Behind:
        """What stands behind the cards."""
        notes = " ".join(filter(None, (readout.__doc__ or "").split()))
        return Behind(
            name, _QUESTION, notes, "one row per arm", self.page.filters.as_of, tables.arms(found)
        )


def _plot(key: str, picture: object, said: str) -> None:
    """A picture in a card."""
    st.plotly_chart(picture, theme=None, key=f"chart_{key}", config=charts.CONFIG, alt=said)


@st.cache_data(max_entries=100, max_size="16MB", show_spinner=False)
def _readout(
    key: tuple[object, ...],
    chosen: tuple[str, str | None, str],
    _engine: Engine,
    _config: Config,
    _filters: Filters,
) -> Readout:
    """The read-out; everything it depends on is in the first two arguments."""
    name, goal, by = chosen
    return readout.read(_engine, _config, _filters, name, goal, by=by)
