"""The cards of the paths page: the flow and its twin, before and after, two groups, whole ways."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import polars as pl
import streamlit as st

from journey.analysis.paths import frames as rows_of
from journey.analysis.paths.asking import Asked, Versus
from journey.analysis.paths.finding import Found
from journey.analysis.paths.whole import METRIC, Outcome
from journey.analysis.paths.wording import rule, title, whole_rule
from journey.cleaning import Cleaning
from journey.errors import JourneyError
from journey.metrics import metric as registry
from journey.metrics.filters import Filters
from journey.present import kpi, versus, words
from journey.present.captions import found as paths_said
from journey.present.numbers import counted
from journey.present.paths import diverging, drawn, matrix, partings, ways
from journey.present.paths.drawn import Look
from journey.present.paths.flow import LEAST
from journey.present.paths.strip import strip
from journey.present.ui import pathanswers as answers
from journey.present.ui.card import Behind, menu, problem, table
from journey.present.ui.page import Page
from journey.present.ui.pathchoices import choose, pick
from journey.present.ui.pathpictures import AROUND, clickable, plot
from journey.present.ui.shell import colours

_SHOWN, _BESIDE = 20, 8
"""Whole journeys in the table, and in each of two beside each other; the export has 200."""

_WHICH: dict[str, tuple[Outcome, ...]] = {
    "both": ("bought", "left"),
    "all": ("all",),
    "bought": ("bought",),
    "left": ("left",),
}
_OUTCOMES = {
    "both": "Bought beside left",
    "all": "All journeys",
    "bought": "Those that bought",
    "left": "Those that left",
}
_STEPS = {"stages": "Stages, repeats folded", "chosen": "Steps as chosen above"}


Question = Callable[[tuple[object, ...], answers.Frame], object]
"""A question in `pathanswers`, of which all but its key and frame is given."""


class Ways:
    """The ways people take, under the page's filters and the choices of its own. Each card is
    asked and drawn by itself: one that fails spoils no other."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.frame = answers.Frame(page.engine, page.filters)
        self.key = (page.filters.key(), page.engine.snapshot.name)
        self.chosen = choose(page.engine, page.config.cleaning, page.filters)
        if self.chosen.error is not None:
            problem("These paths cannot be asked for", self.chosen.error)

    def flow(self) -> None:
        """The Sankey with its rule, its twin the step matrix, and what goes back."""
        asked = self.chosen.asked
        if asked is None:
            return
        name = title(asked, words.label)
        try:
            self._ahead("flow", asked, lambda key, frame: answers.find(key, frame, asked))
            self._ahead("stages", asked, lambda key, frame: answers.stages(key, frame, asked))
            found = answers.find(self.key, self.frame, asked)
            look = self._look(asked)
        except JourneyError as error:
            problem(name, error)
            return
        rows = rows_of.columns(found.table)
        behind = self._behind("path_columns", asked, "one row per step and name", rows)
        question = f"Where do they go, step by step? {counted(found.table.paths, look.unit)}."
        foot = (
            f"{rule(asked, called=words.label)} Bands of fewer than "
            f"{words.show(LEAST, 'percent')} of all are not drawn; the table's menu has them. "
            "A click on a block looks closer at it."
        )
        with self._card("path_flow", name, question, behind, foot):
            if not found.table.paths:
                st.html(kpi.foot(_empty(asked)))
                return
            st.html(kpi.says([paths_said.flow(found.table, asked, look.unit)]))
            if asked.is_between:
                share = words.show(found.table.paths / found.anchored, "percent")
                said = f"{share} of {found.anchored:,} that pass the start get to the end."
                st.html(kpi.foot(said))
            picture = drawn.steps(found.table, asked, look)
            with st.container(key="wide_flow"):
                told = matrix.in_words(found.table, asked, name)
                clickable("flow", picture, told)
            with st.container(key="phone_flow"):
                st.html(strip(picture))
        # On a narrow screen the flow is a table already.
        with st.container(key="wide_matrix"):
            self._matrix(found, asked, look)
        self._returns(found, asked)

    def _matrix(self, found: Found, asked: Asked, look: Look) -> None:
        """The same for everyone's eyes."""
        rows = rows_of.edges(found.table)
        behind = self._behind("path_edges", asked, "one row per edge", rows)
        foot = (
            "A dot: the name belongs to Other in that column, or nobody is there. How many go from "
            "each to each, with shares and times, is in the menu."
        )
        question = "What share is where, at each step?"
        with self._card("step_matrix", "The same as a table", question, behind, foot):
            st.html(matrix.matrix(found.table, asked, look, title(asked, words.label)))

    def _returns(self, found: Found, asked: Asked) -> None:
        """Loops and ways back."""
        rows = rows_of.returned(found.returns)
        behind = self._behind("path_returns", asked, "one row per way back", rows)
        foot = (
            "Steps within the columns shown. Again: the same name follows itself. Back: a name "
            "passed before in this path, with another in between."
        )
        question = "What do they do again at once, and what do they go back to?"
        with self._card("path_returns", "Again, and back", question, behind, foot):
            if rows.is_empty():
                st.html(kpi.foot("Nobody goes back in these steps."))
                return
            st.html(kpi.says([paths_said.again(found.returns, self.page.config.minimum_n)]))
            table(st, matrix.returns(found.returns, self.page.config.minimum_n), 330)

    def around(self) -> None:
        """Before and after the name that was clicked or chosen."""
        asked, labels = self.chosen.asked, self.chosen.labels
        if asked is None or not labels:
            return
        heading = "Before and after"
        with st.container(border=True, key="card_around", gap="xxsmall"):
            st.html(kpi.head(heading, "What comes right before a name, and what right after?"))
            chosen = pick("Look closer at", list(labels), AROUND, labels.__getitem__, quiet=True)
            name = words.label(chosen)
            every = replace(asked, count="occurrences", start=chosen, end=None, steps=2)
            try:
                self._ahead(
                    f"around {chosen}",
                    asked,
                    lambda key, frame: answers.around(key, frame, asked, chosen),
                )
                found = answers.around(self.key, self.frame, asked, chosen)
                picture = drawn.around(found, self._look(every))
            except JourneyError as error:
                problem(heading, error)
                return
            rows = pl.concat(
                rows_of.edges(side).with_columns(pl.lit(way).alias("side"))
                for way, side in (("before", found.before), ("after", found.after))
            )
            behind = self._behind("path_around", every, "one row per name before or after", rows)
            menu(self._snapshot, replace(behind, question=f"What is around {name}?"), "around")
            if not found.occurrences:
                st.html(kpi.foot(f"No {name} in this period. Widen the period or the filters."))
                return
            st.html(kpi.says([paths_said.around(found)]))
            said = " ".join(
                f"{head}: {', '.join(f'{one.name} {one.told}' for one in column[:3])}."
                for head, column in zip(picture.heads, picture.columns, strict=True)
            )
            with st.container(key="wide_around"):
                clickable("around", picture, said, 260)
            with st.container(key="phone_around"):
                st.html(strip(picture))
            st.html(
                kpi.foot(
                    f"Every {name} in the journeys of the period counts, "
                    f"{counted(found.occurrences, 'times')}. Nothing before: it began its journey; "
                    "nothing after: no further touch by the as-of. A click on a block, here or "
                    "above, looks closer at it."
                )
            )

    def partings(self) -> None:
        """Those who buy against those who leave, or the page against what it is compared with."""
        asked, before = self.chosen.asked, self.page.before
        if asked is None:
            return
        heading, question = "Where the ways part", "At which steps do two groups differ?"
        offered = {"conversion": "Buyers against leavers"}
        if before is not None:
            offered["above"] = f"Now against {_other(self.page.filters, before)}"
        with st.container(border=True, key="card_partings", gap="xxsmall"):
            st.html(kpi.head(heading, question))
            by = pick("Compare", list(offered), "path_versus", offered.__getitem__, quiet=True)
            settled = asked
            try:
                if by == "above" and before is not None:
                    key = (*self.key, before.key())
                    found = answers.against(key, self.frame, asked, before)
                    groups = partings.Groups("Now", _other(self.page.filters, before))
                else:
                    settled = replace(asked, versus=Versus("conversion"))
                    self._ahead(
                        "apart", settled, lambda key, frame: answers.apart(key, frame, settled)
                    )
                    found = answers.apart(self.key, self.frame, settled)
                    groups = partings.Groups("Buyers", "Leavers")
            except JourneyError as error:
                problem(heading, error)
                return
            rows = pl.concat(
                [rows_of.differences(found.differences), rows_of.differences(found.turns)]
            )
            grain = "one row per name at a step, then one per edge, with both groups' counts"
            behind = self._behind("path_differences", settled, grain, rows)
            menu(self._snapshot, replace(behind, question=question), "partings")
            said = partings.in_words(found, asked, groups)
            st.html(kpi.says([said]))
            if found.differences:
                both = diverging.diverging(found, settled, groups, colours())
                with st.container(key="wide_partings"):
                    st.html(diverging.key(groups, colours()))
                    clickable("diverging", both, said, 320)
                plot("partings", partings.picture(found, asked, groups, colours()), said)
            foot = rule(settled, self.page.config.minimum_n, words.label)
            if by == "above" and before is not None:
                foot = f"{foot} {_meaning(self.page.filters, before)}"
            st.html(kpi.foot(foot))

    def whole(self) -> None:
        """The commonest whole journeys: over stages at first, where ways are few enough to have
        much in common."""
        metric = registry.find(METRIC)
        self.page.placed.add(metric.name)
        if self.chosen.asked is None:
            return
        asked = replace(self.chosen.asked, start=None, end=None, versus=None)
        with st.container(border=True, key="card_variants", gap="xxsmall"):
            st.html(kpi.head(metric.title, metric.question))
            with st.container(horizontal=True, key="whole_choice"):
                which = pick(
                    "Which", list(_WHICH), "path_outcome", _OUTCOMES.__getitem__, quiet=True
                )
                is_usual = asked.over == "touchpoint" and asked.cleaning.is_plain
                steps = list(_STEPS) if is_usual else list(_STEPS)[::-1]
                by = pick("Steps", steps, "path_whole", _STEPS.__getitem__, quiet=True)
            if by == "stages":
                asked = replace(asked, over="stage", cleaning=Cleaning(collapse=True))
            try:
                found = {one: self._whole(asked, one) for one in _WHICH[which]}
                look = self._look(asked)
            except JourneyError as error:
                problem(metric.title, error)
                return
            outcome = "all" if len(found) > 1 else _WHICH[which][0]
            said = whole_rule(asked, outcome, words.label)
            rows = pl.concat(found.values())
            behind = Behind(
                metric.name, metric.question, said, metric.grain, self.page.filters.as_of, rows
            )
            if which == "all" and by == "chosen" and is_usual:
                behind = replace(behind, notes=metric.notes, sql=metric.sql)
            menu(self._snapshot, behind, "variants")
            if len(found) == 1:
                shown = rows.head(_SHOWN)
                if not shown.is_empty():
                    st.html(kpi.says([ways.commonest(shown)]))
                    st.html(self._ways(shown, look, outcome))
                st.html(kpi.foot(f"{ways.foot(shown)} {said}"))
                return
            if not rows.is_empty():
                st.html(kpi.says([ways.beside(found["bought"], found["left"])]))
            with st.grid(2, min_column_width=540, key="whole_beside"):
                for one, side in found.items():
                    shown = side.head(_BESIDE)
                    with st.container(gap="xxsmall"):
                        st.markdown(f"**{_OUTCOMES[one]}**")
                        if not shown.is_empty():
                            st.html(self._ways(shown, look, one))
                        st.html(kpi.foot(ways.foot(shown)))
            st.html(kpi.foot(said))

    def _ways(self, shown: pl.DataFrame, look: Look, outcome: Outcome) -> str:
        """The table of these ways."""
        currency, minimum_n = self.frame.engine.snapshot.currency, self.page.config.minimum_n
        return ways.table(shown, look, minimum_n, currency, _OUTCOMES[outcome], outcome)

    def _whole(self, asked: Asked, outcome: Outcome) -> pl.DataFrame:
        """The commonest whole journeys of an outcome. Raises MetricError."""
        self._ahead(
            f"whole {outcome}", asked, lambda key, frame: answers.whole(key, frame, asked, outcome)
        )
        return answers.whole(self.key, self.frame, asked, outcome)

    def _ahead(self, what: str, asked: Asked, ask: Question) -> None:
        """Have a question asked ahead under other filters too."""
        name = self._snapshot
        self.page.later[f"{what} {asked}"] = lambda other: ask(
            (other.filters.key(), name), answers.Frame(other.engine, other.filters)
        )

    @property
    def _snapshot(self) -> str:
        """Its name."""
        return self.frame.engine.snapshot.name

    def _look(self, asked: Asked) -> Look:
        """The colours of a question's names."""
        return Look.of(asked, answers.stages(self.key, self.frame, asked), colours())

    def _behind(self, name: str, asked: Asked, grain: str, rows: pl.DataFrame) -> Behind:
        """What stands behind a card; its notes are the rule."""
        notes = rule(asked, self.page.config.minimum_n, words.label)
        return Behind(name, "", notes, grain, self.frame.filters.as_of, rows)

    @contextmanager
    def _card(
        self, key: str, heading: str, question: str, behind: Behind, foot: str
    ) -> Iterator[None]:
        """A card without choices of its own."""
        with st.container(border=True, key=f"card_{key}", gap="xxsmall"):
            menu(self._snapshot, replace(behind, question=question), f"card_{key}")
            st.html(kpi.head(heading, question))
            yield
            st.html(kpi.foot(foot))


def _empty(asked: Asked) -> str:
    """What a flow without paths says."""
    if asked.start or asked.end:
        return "No such path in this period. Choose another end, or widen the period or filters."
    return "No journeys in this period. Widen the period or the filters, or see Data health."


def _other(filters: Filters, before: Filters) -> str:
    """The frame that the page is compared with, in a word or two."""
    if versus.is_group(filters, before):
        return versus.name(filters, before)
    return words.period(before.since, before.until)


def _meaning(filters: Filters, before: Filters) -> str:
    """What the comparison above means."""
    if versus.is_group(filters, before):
        return versus.in_words(filters, before)
    span = words.period(before.since, before.until)
    return f"Now against {span}, as known by the same as-of. A difference is an association."
