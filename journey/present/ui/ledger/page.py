"""What hurts: the ledger ranked by money with its rows to open, and what became of closed ones."""

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape

import streamlit as st

from journey.analysis.pains import verdicts
from journey.analysis.pains.judged import Judgement, Span
from journey.analysis.pains.pain import Pain
from journey.analysis.pains.signs import SIGNS
from journey.config import STAGES
from journey.errors import JourneyError
from journey.ledger import keeping
from journey.ledger import rows as ledger
from journey.ledger.note import LONGEST_NAME
from journey.ledger.rows import Row
from journey.metrics import metric as registry
from journey.metrics.metric import Metric
from journey.present import kpi, words
from journey.present.ledger import course as courses
from journey.present.ledger import lines
from journey.present.numbers import counted, unbroken
from journey.present.ui import annotated
from journey.present.ui.card import Behind, menu, problem, trouble
from journey.present.ui.hurting import pains
from journey.present.ui.ledger import forms, judging
from journey.present.ui.page import Page
from journey.present.ui.shell import colours

_NOTES = (
    "A pain is a place where fewer go on than comparable people do: than others of the same entry "
    "channel and persona in the same days, or than the same people on other days. Looked at are "
    "the steps of the way to an order, carts that are left, hand-overs between channels (the "
    "second visit of a journey through another channel than the first, against journeys as far on "
    "their way that came back otherwise) and slow deliveries. Money is the orders that are missing "
    "times what one is worth; a month is 30 days, on average over the period, so that rows add up. "
    "Nobody's loss is counted twice: days that stand out are told first and their people left out "
    "of the rest, then the segment that falls short most, and so on; carts and hand-overs are "
    "looked at without the journeys of the losses before them. Signs of trouble (errors, calls for "
    "help, going back or in circles, slow steps), low scores and complaints are evidence for the "
    "loss that they are of, else rows of their own. What stands out must do so more than chance "
    "would explain among all that is compared with it. A row says what is missing and what goes "
    "with it, not what caused it. Rows that people wrote on stay when their pain is found no more; "
    "they are plain files in the data folder, under ledger."
)

COUNTS = [
    f"pains/{name}"
    for name in (
        *("drop_off", "incident", "abandoned_carts", "hand_over", "hand_over_pairs"),
        *("slow_delivery", *SIGNS, "called_after"),
        *("low_score", "negative_theme"),
    )
]
"""The metrics that show what the detectors read."""


class Hurts:
    """The cards of the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.engine, self.config = page.engine, page.config
        self.folder = page.engine.folder
        # The data of a demo may run ahead of the clock.
        self.today = max(datetime.now(UTC).date(), page.engine.snapshot.last_day)
        self.currency = page.engine.snapshot.currency
        self.asked = str(st.query_params.get("pain") or "")
        self.failed: JourneyError | None = None
        found: tuple[Pain, ...] = ()
        page.later["pains"] = pains
        try:
            found = pains(page)
        except JourneyError as error:
            self.failed = error
        self.kept = keeping.read(self.folder)
        self.rows = ledger.rows(found, self.kept)

    def ledger(self) -> None:
        """All rows that are not closed, the dearest first."""
        still = [row for row in self.rows if row.status(self.today) != "closed"]
        with st.container(border=True, key="card_ledger", gap="xxsmall"):
            self._menu()
            st.html(
                kpi.head("The ledger", "Where are people lost, who are they, what does it cost?")
            )
            shown = self._chosen(still)
            for sentence in self.kept.damaged:
                st.warning(words.escape_markdown(sentence), icon=":material/build:")
            if self.failed is not None:
                trouble(self.failed)
            self._headline(shown, still)
            if shown:
                st.html(lines.heads(shown, self.currency))
            for row in shown:
                self._row(row, shown)
            _written(lines.foot(shown, self.currency))
            forms.told("by hand")
            fold = st.expander(
                "Write in a pain that is not found here", key="fold_by_hand", on_change="rerun"
            )
            if fold.open:
                with fold:
                    forms.open_by_hand(self.folder, self.engine)
            st.html(kpi.foot(lines.NO_SIGN_IN))

    def closed(self) -> None:
        """Rows that were closed, and whether that went with a change."""
        rows = [row for row in self.rows if row.status(self.today) == "closed"]
        if not rows:
            return
        with st.container(border=True, key="card_closed", gap="xxsmall"):
            st.html(
                kpi.head(
                    "Closed, and did it help?",
                    "Did the affected change by more than all others, since the day it was fixed?",
                )
            )
            rows.sort(key=lambda row: (row.note and row.note.fixed_on) or self.today, reverse=True)
            for number, row in enumerate(rows):
                self._closed_row(row, is_first=number == 0)
            st.html(kpi.foot(verdicts.METHOD))

    def counts(self) -> None:
        """What the detectors count, with its SQL; worked out only when it is asked for."""
        self.page.behind("The counts behind the detectors", COUNTS)

    def _menu(self) -> None:
        """What stands behind the ledger, with its export."""
        behind = Behind(
            name="what_hurts",
            question="Where are people lost, who are they, and what does it cost?",
            notes=_NOTES,
            grain="one row per pain",
            as_of=self.page.filters.as_of,
            rows=ledger.table(self.rows, self.today),
        )
        menu(self.engine.snapshot.name, behind, "card_ledger")

    def _chosen(self, still: Sequence[Row]) -> list[Row]:
        """The rows that the reader's choices leave; beside them, who writes."""
        owners = sorted({row.owner for row in still if row.owner})
        with st.container(horizontal=True, key="ledger_choice", vertical_alignment="bottom"):
            stages = st.multiselect(
                "Stage", STAGES, format_func=words.label, key="pain_stage", placeholder="All",
                bind="query-params", width=150,
            )  # fmt: skip
            statuses = st.multiselect(
                "Status", ledger.STATUSES[:-1], format_func=words.label, key="pain_status",
                placeholder="All", bind="query-params", width=150,
            )  # fmt: skip
            whose = st.multiselect(
                "Owner", owners, key="pain_owner", placeholder="All", bind="query-params", width=150
            )
            st.text_input(
                "Your name", key=forms.WRITER, width=150, max_chars=LONGEST_NAME,
                placeholder="to write with", help=lines.NO_SIGN_IN,
            )  # fmt: skip
        return ledger.chosen(still, self.today, stages, statuses, whose)

    def _headline(self, shown: Sequence[Row], still: Sequence[Row]) -> None:
        """What the rows come to, or why there are none."""
        if still and not shown:
            st.html(kpi.foot("No row is like that. Take a choice away."))
        elif shown:
            said = escape(unbroken(lines.headline(shown, self.currency)))
            st.html(f'<div class="headline">{said}</div>')
        elif self.failed is None:
            st.html(f'<div class="headline quiet">{escape(self._nothing())}</div>')
        if self.asked and all(row.key != self.asked for row in self.rows):
            st.html(
                kpi.foot(
                    "The pain in this address is not found in this period and choice. Widen them, "
                    "or see whether it is over."
                )
            )

    def _nothing(self) -> str:
        """Why no pain is found: nobody there, too few, or nothing that stands out."""
        journeys = self.page.ask("health/maturity").total
        cases = int(journeys.whole) if journeys else 0
        if not cases:
            return (
                "No journeys in this period. Widen the period or the filters, or see Data health."
            )
        if cases < self.config.minimum_n:
            return (
                f"{counted(cases, 'journeys')} in this period; pains are looked for from "
                f"{self.config.minimum_n}."
            )
        return lines.NOTHING_HURTS

    def _row(self, row: Row, shown: Sequence[Row]) -> None:
        """One row, and in place what stands beneath it."""
        st.html(lines.line(row, shown, colours(), self.currency, self.today))
        forms.told(row.key)
        is_open = row.key == (self.asked or shown[0].key)
        fold = st.expander(
            "Evidence, owner, due day", is_open, key=_fold_of(row), on_change="rerun"
        )
        if not fold.open:
            return
        with fold, st.container(key=f"opened_{forms.identity(row.key)}"):
            left, right = st.columns([3, 2], gap="large")
            with left:
                if row.pain is not None:
                    st.html(lines.evidence(row.pain.findings))
                self._course(row)
            with right, st.container(key=f"keep_{forms.identity(row.key)}"):
                forms.keep(self.folder, row, self.today)
                _written(lines.history(row.note))

    def _closed_row(self, row: Row, is_first: bool) -> None:
        """One closed row: the verdict, and in place the before and after."""
        found = self._judged(row)
        if isinstance(found, JourneyError):
            problem(row.place.title, found)
            return
        st.html(lines.closed_line(row, found, colours()))
        forms.told(row.key)
        is_open = row.key == self.asked or (not self.asked and is_first)
        fold = st.expander(
            "Before and after, history", is_open, key=_fold_of(row), on_change="rerun"
        )
        if not fold.open:
            return
        with fold, st.container(key=f"opened_{forms.identity(row.key)}"):
            left, right = st.columns([3, 2], gap="large")
            with left:
                st.html(lines.judged(verdicts.sentences(found)))
                if found.metric is not None and found.spans:
                    self._picture(row, list(found.spans), found.metric, is_fixed=True)
            with right, st.container(key=f"keep_{forms.identity(row.key)}"):
                forms.keep(self.folder, row, self.today)
                _written(lines.history(row.note))

    def _course(self, row: Row) -> None:
        """Where the affected stood against all others through the period."""
        try:
            metric = registry.find(row.place.metric)
            span = (row.place.since, row.pain.until if row.pain else None)
            page = self.page
            asked = page.filters.key(), self.engine.snapshot.name, page.config.minimum_n
            key = (row.key, row.place.metric, span, *asked)
            spans = judging.course(key, self.engine, metric, row, page, span)
        except JourneyError as error:
            trouble(error)
            return
        self._picture(row, spans, metric, is_fixed=False)

    def _picture(self, row: Row, spans: list[Span], metric: Metric, *, is_fixed: bool) -> None:
        """The course as a chart, or in words why there is none."""
        who = lines.segment(row.place.who)
        head = f"{metric.title}: {who} and all others" if row.place.who else metric.title
        if not spans:
            st.html(kpi.foot(f"{head}. Too few cases in this period to draw its course."))
            return
        st.html(kpi.foot(head))
        fixed_on = row.note.fixed_on if row.note and is_fixed else None
        noted = annotated.notes("pains", metric.name, self.page.filters)
        annotated.plotted(
            courses.course(spans, metric, colours(), who, fixed_on, noted).figure(),
            f"course_{forms.identity(row.key)}",
            courses.alt(spans, metric, who),
            noted,
            (spans[0].since, spans[-1].until),
        )

    def _judged(self, row: Row) -> Judgement | JourneyError:
        """What came of a fix, or why that cannot be asked."""
        assert row.note is not None
        assert row.note.fixed_on is not None
        place = row.place
        key = (
            place.metric, tuple(sorted(place.who.items())), place.since, row.note.fixed_on,
            self.page.filters.as_of, self.engine.snapshot.name, self.config.minimum_n,
        )  # fmt: skip
        try:
            return judging.judged(key, self.engine, row, self.page)
        except JourneyError as error:
            return error


def _written(html: str) -> None:
    """The HTML, where there is any."""
    if html:
        st.html(html)


def _fold_of(row: Row) -> str:
    """The name of what opens beneath a row; it is worked out only then."""
    return f"fold_{forms.identity(row.key)}"
