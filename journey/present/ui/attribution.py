"""The attribution page's own parts: its choices, and a card for each thing that was found."""

from dataclasses import replace

import polars as pl
import streamlit as st

from journey.analysis.attribution.finding import Found, attribute
from journey.analysis.attribution.models import MODELS
from journey.analysis.attribution.reading import STEPS
from journey.analysis.attribution.sameness import sameness
from journey.analysis.attribution.settings import Settings
from journey.analysis.attribution.spend import Spend, read_spend
from journey.analysis.attribution.tables import all_models, cost_by_model, one_model
from journey.analysis.attribution.wording import rule, spend_rule
from journey.errors import JourneyError
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.present import attributed, charts, kpi, ranges, words
from journey.present.numbers import counted
from journey.present.ui.asking import Frame
from journey.present.ui.attribution_bar import choices
from journey.present.ui.card import Behind, panel, problem, table
from journey.present.ui.page import Page
from journey.present.ui.shell import colours, engines


class Credit:
    """Which channels deserve the credit, under the page's filters and its own choices."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.minimum_n = page.config.minimum_n
        self.currency = page.engine.snapshot.currency
        self.found: Found | None = None
        self.spend: Spend | None = None
        try:
            settings, self.measure = choices()
            page.later[f"credit {settings}"] = lambda other: _finding(other, settings)
            with st.spinner("Following every path ..."):
                self.found = _finding(page, settings)
        except JourneyError as error:
            problem("Attribution", error)

    def ranges(self) -> None:
        """The leading picture: each channel's credit and how far the models disagree about it."""
        found = self.found
        if found is None:
            return
        chosen, base = (
            MODELS[name].title for name in (found.settings.model, found.settings.baseline)
        )
        rows = all_models(found, self.measure, self.minimum_n)
        when = words.period(self.page.filters.since, self.page.filters.until)
        question = (
            f"{counted(found.total_orders, 'orders')} of {when}, by {chosen} and every other model"
        )
        behind = self._behind("credit_by_model", question, rows)
        foot = rule(found)
        with panel("credit", "Who gets the credit", behind, self.page.engine.snapshot.name, foot):
            if not self._enough(found):
                return
            st.html(
                kpi.says([attributed.headline(found, self.measure, self.currency, self.minimum_n)])
            )
            lines = attributed.lines(found, self.measure, self.minimum_n)
            unit = "money" if self.measure == "values" else "orders"
            st.plotly_chart(
                ranges.ranges(
                    lines,
                    colours(),
                    chosen=chosen,
                    base=base,
                    unit=unit,
                    currency=self.currency,
                    cases="orders with it in their path",
                ).figure(),
                theme=None,
                key="chart_credit",
                config=charts.CONFIG,
                alt=ranges.alt(lines, chosen, unit, self.currency),
            )

    def removal(self) -> None:
        """Markov's removal effects, with their intervals."""
        found = self.found
        if found is None or found.effects is None or not found.total_orders:
            return
        markov = replace(found, settings=replace(found.settings, model="markov"))
        rows = one_model(markov, minimum_n=self.minimum_n).select(
            "channel", "^removal_effect.*$", "paths"
        )
        question = "What share of orders would be lost if visits through it led to nothing?"
        behind = self._behind("removal_effects", question, rows)
        foot = (
            "The effects of channels overlap, so they do not sum to 100 %, and say nothing of a "
            "single journey. A model's counterfactual, not an experiment: what people would have "
            "done instead is not known."
        )
        with panel("removal", "Removal effects", behind, self.page.engine.snapshot.name, foot):
            if self._enough(found):
                st.html(kpi.says([attributed.effects_said(rows, self.minimum_n)]))
                st.plotly_chart(
                    attributed.effects(rows, colours(), self.minimum_n).figure(),
                    theme=None,
                    key="chart_removal",
                    config=charts.CONFIG,
                    alt=attributed.effects_alt(rows, self.minimum_n),
                )

    def costs(self) -> None:
        """What an order cost by channel, where the business keeps its spend."""
        found, page = self.found, self.page
        if found is None:
            return
        name = page.engine.snapshot.name
        question = "What did an order cost, and what came back for it?"
        try:
            spend = read_spend(engines().folder.spend, page.filters, self.currency)
        except JourneyError as error:
            problem("Cost per order", error)
            return
        if spend is None or page.filters.where or not spend.costs:
            said = spend_rule(spend, page.filters) or (
                "There is no spend yet. Put a file spend.csv into the data folder, with the "
                "columns day, channel, cost and currency, to see cost per order and return on "
                "spend by every model."
            )
            empty = self._behind("cost_per_order", question, pl.DataFrame())
            with panel("costs", "Cost per order", empty, name):
                st.html(kpi.foot(said))
            return
        rows = cost_by_model(found, spend, self.minimum_n)
        behind = self._behind("cost_per_order", question, rows)
        foot = (
            f"{spend_rule(spend, page.filters)} Cost over orders credited, and in the table value "
            "credited over cost; intervals are those of the credit."
        )
        with panel("costs", "Cost per order", behind, name, foot):
            if self._enough(found):
                self._costs(found, spend)

    def _costs(self, found: Found, spend: Spend) -> None:
        """The range of the cost per order over the models, and the return on spend."""
        lines = attributed.cost_lines(found, spend, self.minimum_n)
        st.html(kpi.says([attributed.costs_said(lines, spend.currency)]))
        chosen, base = (
            MODELS[name].title for name in (found.settings.model, found.settings.baseline)
        )
        st.plotly_chart(
            ranges.ranges(
                lines, colours(), chosen=chosen, base=base, unit="money", currency=spend.currency,
                cases="orders with it in their path",
            ).figure(),
            theme=None,
            key="chart_costs",
            config=charts.CONFIG,
            alt=ranges.alt(lines, chosen, "money", spend.currency),
        )  # fmt: skip
        table(st, attributed.cost_table(found, spend, self.minimum_n), places=2)

    def models(self) -> None:
        """Every model's credit in a table, the verdicts, and which models are the same thing."""
        found = self.found
        if found is None or not found.total_orders:
            return
        rows = all_models(found, self.measure, self.minimum_n)
        behind = self._behind("models", "What does each model give, and do they agree?", rows)
        name = self.page.engine.snapshot.name
        foot = attributed.out_of_range(found, self.minimum_n)
        with panel("models", "Every model", behind, name, foot):
            if self._enough(found):
                table(st, attributed.model_table(found, self.measure, self.minimum_n))
                st.html(attributed.same_list(sameness(found)))

    def _behind(self, name: str, question: str, rows: pl.DataFrame) -> Behind:
        """What stands behind a card."""
        return Behind(
            name,
            question,
            rule(self.found) if self.found else "",
            "one row per channel",
            self.page.filters.as_of,
            rows,
            STEPS if rows.width else "",
        )

    def _enough(self, found: Found) -> bool:
        """Whether there are orders enough; else the card says why it shows nothing."""
        if found.total_orders >= self.minimum_n:
            return True
        said = (
            "No orders in this period. Widen the period or the filters, or see Data health."
            if not found.total_orders
            else f"{counted(found.total_orders, 'orders')} in this period; credit is shown from "
            f"{self.minimum_n}. Widen the period or the filters."
        )
        st.html(kpi.foot(said))
        return False


def _finding(page: Frame, settings: Settings) -> Found:
    """All models of the page's frame, from the cache where the same was asked before."""
    filters, snapshot = page.filters, page.engine.snapshot.name
    return _cached(filters.key(), snapshot, repr(settings), page.engine, filters, settings)


@st.cache_data(max_entries=60, max_size="256MB", show_spinner=False)
def _cached(
    key: tuple[object, ...],
    snapshot: str,
    chosen: str,
    _engine: Engine,
    _filters: Filters,
    _settings: Settings,
) -> Found:
    """The finding; everything it depends on is in the first three arguments."""
    return attribute(_engine, _filters, _settings, intervals=True)
