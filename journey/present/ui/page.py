"""A page in the making: what stands on it, in order."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from journey.errors import JourneyError, MetricError
from journey.metrics import metric as registry
from journey.metrics.goals import judge
from journey.present import amounts, feet, guides, kpi, turns, versus, words
from journey.present.captions import caption
from journey.present.ui.ahead import rest, work_ahead
from journey.present.ui.asking import Ask, Frame
from journey.present.ui.bar import filter_bar
from journey.present.ui.beside import begin
from journey.present.ui.card import Behind, draw, menu, problem
from journey.present.ui.floors import floor
from journey.present.ui.maturing import young
from journey.present.ui.shell import business, colours, engines, follow_side, frame
from journey.present.ui.turning import again, course, leads


class Page(Frame):
    """One page in the making: its frame of questions and how it draws them.

    A page file makes one, then calls `kpis`, `lead` and `rest` in the order they should stand.
    Every metric file of the page's folder that is not placed by name is drawn by `rest`.
    """

    def __init__(self, name: str, title: str) -> None:
        rest()
        frame()
        follow_side(colours().kind)
        self.name = name
        self.placed: set[str] = set()
        st.title(title, anchor=False)
        try:
            engine, config = engines().current(), business()
        except JourneyError as error:
            with st.container(key="nothing_yet"):
                problem("There is nothing to show", error)
            st.stop()
        sentence = st.empty()
        if guide := guides.strip(name):
            with st.container(key="guide"):
                st.html(guide)
        try:
            filters, before, unmet = filter_bar(engine)
        except JourneyError as error:
            problem("This segment cannot be used", error)
            st.stop()
        rest(filters)
        super().__init__(engine, config, filters, before)
        self.later: dict[str, Ask] = {}
        """What cards ask besides metrics, to be asked of other periods ahead: in words that tell
        it from the same card's other questions, to the question."""
        begin(self, name)
        # The values chosen come from events, which may hold Markdown.
        said = words.escape_markdown(f"{self._sentence()} {unmet}".strip())
        sentence.caption(said.replace(" %", f"{words.THIN}%"))

    def kpis(self, names: Sequence[str], most: int | None = None) -> None:
        """A row of cards, each with one number, its change, its trail and how sure it is. What all
        of the data has no case of gives way to the next name, up to `most`, and is named below."""
        shown: list[str] = []
        left_out: list[str] = []
        for name in names:
            if len(shown) == most:
                break
            try:
                (shown if self.is_measured(name) else left_out).append(name)
            except JourneyError:
                shown.append(name)  # its card says what is wrong
        if shown:
            with st.grid(min(4, len(shown)), min_column_width=200, key=f"{self.name}_kpis"):
                for name in shown:
                    with st.container(border=True, key=f"card_kpi_{name}"):
                        self._kpi(name)
        if left_out:
            self.placed |= {name.rpartition("/")[2] for name in left_out}
            st.html(kpi.without_cards([registry.find(name).title for name in left_out]))

    def lead(self, name: str, height: int = 340) -> None:
        """One metric across the page."""
        self._card(name, height)

    def row(self, names: Sequence[str], height: int = 300) -> None:
        """Metrics side by side; one below the other where the page is narrow."""
        with st.grid(
            min(2, len(names)), min_column_width=340, key=f"row_{names[0].replace('/', '_')}"
        ):
            for name in names:
                self._card(name, height)

    def behind(self, label: str, names: Sequence[str]) -> None:
        """Metrics that other pictures are made of, worked out only when they are asked for."""
        self.placed |= {name.rpartition("/")[2] for name in names}
        fold = st.expander(label, key=f"{self.name}_behind", on_change="rerun")
        if fold.open:
            with fold:
                self.row(names)

    def rest(self) -> None:
        """All other metrics of the page's folder: single numbers beside each other, then charts
        two in a row, then tables, which take the width they need."""
        places: dict[str, list[str]] = {"number": [], "chart": [], "table": []}
        for path in registry.files(self.name):
            if path.stem not in self.placed:
                name = f"{self.name}/{path.stem}"
                places[self._place(name)].append(name)
        if numbers := places["number"]:
            with st.grid(min(4, len(numbers)), min_column_width=240, key=f"{self.name}_numbers"):
                for name in numbers:
                    self._card(name, 280)
        # One that has no neighbour takes the whole row, so that the page has no hole.
        charts = places["chart"]
        alone = charts.pop() if len(charts) % 2 else None
        if charts:
            self.row(charts, 280)
        if alone:
            self.lead(alone, 260)
        for name in places["table"]:
            self.lead(name, 260)
        questions: dict[object, Ask] = {
            (name, place > 0): partial(again, name=name, compared=place > 0)
            for name, place in self.asked
        }
        questions.update(self.later)
        work_ahead(self, self.name, questions)

    def _place(self, name: str) -> str:
        """Where a metric of the rest stands: with single numbers, charts or tables."""
        try:
            answer = self.ask(name)
        except JourneyError:
            return "chart"
        if answer.metric.chart in ("matrix", "measures", "table"):
            return "table"
        return "number" if answer.rows.height == 1 and answer.total is not None else "chart"

    def _sentence(self) -> str:
        """The line under the title, made from the filters so that it cannot disagree."""
        try:
            mature = self.ask("health/maturity").total
        except MetricError:
            mature = None
        snapshot = self.engine.snapshot
        told = words.sentence(
            self.filters,
            mature.value if mature else None,
            self.filters.as_of,
            snapshot.time_zone,
            snapshot.conversion_window_days,
        )
        if self.before is not None:
            told += f" {versus.in_words(self.filters, self.before)}"
        if not self.reaches_back:
            told += " There is no data from the days it would be compared with."
        return told

    def _kpi(self, name: str) -> None:
        """One number, or in its place why there is none."""
        self.placed.add(name.rpartition("/")[2])
        try:
            answer = self.ask(name)
            compared = [self.ask(name, frame) for frame in self.compared()]
        except JourneyError as error:
            problem(words.label(name.rpartition("/")[2]), error)
            return
        menu(self.engine.snapshot.name, Behind.metric(answer), f"kpi_{name}")
        target = self.config.targets.get(answer.metric.name)
        minimum_n = self.config.minimum_n
        goal = judge(answer.metric, answer.total, target, minimum_n) if target else None
        st.html(kpi.card(answer, compared, colours(), goal=goal, minimum_n=minimum_n))

    def _card(self, name: str, height: int) -> None:
        """A metric's card: title, question, chart, and what stands behind it."""
        stem = name.rpartition("/")[2]
        self.placed.add(stem)
        with st.container(border=True, key=f"card_{stem}", gap="xxsmall"):
            try:
                answer = self.ask(name)
                before = self.ask(name, self.before) if self.before else None
            except JourneyError as error:
                problem(words.label(stem), error)
                return
            metric, currency = answer.metric, self.engine.snapshot.currency
            menu(self.engine.snapshot.name, Behind.metric(answer), f"card_{name}")
            if metric.unit == "money" and currency is None:
                st.html(kpi.head(metric.title, metric.question))
                st.html(kpi.foot(amounts.NONE))
                return
            answer = amounts.told(answer, currency)
            before = amounts.told(before, currency) if before else None
            if answer.is_empty:
                st.html(kpi.head(metric.title, metric.question))
                st.html(kpi.empty(answer, measured=self.is_measured(name)))
                return
            floor_said = floor(self.engine, answer)
            if answer.rows.height == 1 and answer.total is not None:
                # One number is best read as one number.
                st.html(kpi.head(metric.title, metric.question))
                st.html(kpi.figure(answer, before, self.config.minimum_n))
                if floor_said:
                    st.html(kpi.foot(floor_said))
                return
            turned = course(self.engine, answer, self.config.minimum_n)
            days = self.filters.since, self.filters.until
            says = caption(
                metric,
                answer.rows,
                currency,
                self.config.minimum_n,
                *days,
                turns.within(turned, *days),
            )
            st.html(kpi.head(metric.title, metric.question, says))
            with st.container(horizontal=True, key=f"switches_{stem}"):
                estimate = young(self.engine, answer, self.config.minimum_n)
                leading = leads(self.engine, answer, turned, self.config)
            draw(
                answer,
                before,
                self.engine.snapshot,
                self.config,
                height,
                estimate.expected,
                turned,
                leading.forecast,
            )
            if foot := feet.footer(answer, self.config.minimum_n, currency):
                st.html(kpi.foot(foot))
            if metric.unit == "money" and (left := self.engine.snapshot.amounts_left_out):
                st.html(kpi.foot(kpi.left_out(left)))
            if floor_said:
                st.html(kpi.foot(floor_said))
            for said in turns.told(
                metric, turned, self.filters.since, self.filters.until, currency
            ):
                st.html(kpi.foot(said))
            if leading.sentence:
                st.html(kpi.foot(leading.sentence))
            if estimate.sentence:
                st.html(kpi.foot(estimate.sentence))
            if before is not None and versus.is_group(self.filters, before.filters):
                st.html(kpi.foot(versus.foot(answer, before, self.config.minimum_n, currency)))
