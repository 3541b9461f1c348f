"""The page that tells why a rate changed: a metric and a split to choose, and the bridge."""

from dataclasses import replace

import streamlit as st

from journey.analysis.changes import asking
from journey.analysis.changes.split import Contribution, Split
from journey.errors import JourneyError
from journey.metrics.filters import SEGMENTS, Filters
from journey.metrics.metric import Metric
from journey.present import charts, kpi, versus, words
from journey.present.bridges import Span, bridge
from journey.present.sheet import Sheet
from journey.present.ui.card import Behind, panel, problem
from journey.present.ui.page import Page
from journey.present.ui.shell import colours

_MOST = 8
"""Groups with a row of their own in the bridge; the table has them all."""


def changes(page: Page) -> None:
    """All of the page below the filters."""
    rates = {metric.name: metric for metric in asking.rates()}
    with st.container(horizontal=True, key="changes_choice", vertical_alignment="bottom"):
        first = list(rates).index("conversion_rate") if "conversion_rate" in rates else 0
        name = st.selectbox(
            "Rate",
            list(rates),
            index=first,
            format_func=lambda name: rates[name].title,
            key="rate",
            bind="query-params",
            width=300,
        )
        by = st.selectbox(
            "Split by",
            list(SEGMENTS),
            index=list(SEGMENTS).index("device"),
            format_func=words.label,
            key="split",
            bind="query-params",
            width=160,
        )
    before = page.before or page.filters.before()
    try:
        metric, found = asking.ask(
            page.engine, str(name), str(by), page.filters, before, page.config.minimum_n
        )
    except JourneyError as error:
        problem("What changed", error)
        return
    group = _group(page.filters, before)
    told = asking.sentences(metric.title, str(by), found, group, words.label)
    behind = Behind(
        name=f"{metric.name}_by_{by}",
        question=f"Why did this rate change? {metric.question}",
        notes=_NOTES,
        grain=f"one row per {by}",
        as_of=page.filters.as_of,
        rows=asking.table(found),
    )
    with panel(
        "bridge",
        f"{metric.title}: from one rate to the other",
        behind,
        page.engine.snapshot.name,
        f"{_says(page.filters, before)} Plain: the group's own rate changed. Hatched: the group "
        "became a larger or smaller part of all. Green and red where a group's own change is "
        "more than chance would explain.",
    ):
        st.html(kpi.says(told))
        if found.change is not None:
            st.plotly_chart(
                _picture(metric, found, group).figure(),
                theme=None,
                key="bridge",
                config=charts.CONFIG,
                alt=" ".join(told),
            )
    page.lead(metric.full_name)


_NOTES = (
    "A rate over groups is the mean of the groups' rates, each weighted by its share of the "
    "cases. Mix is what changed because a group's share changed, counted by how far the group "
    "stands from the whole; rate is what changed because the group's own rate changed. Both use "
    "averages of the two periods, so that they add up to the change exactly. A group in one "
    "period only is mix. This says where a change sits, not what caused it."
)


def _says(now: Filters, before: Filters) -> str:
    """The two frames compared, in words."""
    if replace(before, since=now.since, until=now.until) == now:
        later, earlier = (words.period(frame.since, frame.until) for frame in (now, before))
        return f"{later} against {earlier}."
    return f"The choice against the other group, {words.period(now.since, now.until)}."


def _group(now: Filters, before: Filters) -> str | None:
    """The name of the group compared with; None where it is an earlier period."""
    if not versus.is_group(now, before):
        return None
    return versus.name(now, before).replace("Everyone", "everyone")


def _picture(metric: Metric, found: Split, group: str | None) -> Sheet:
    """The bridge, with the small groups as one row."""
    shown, rest = found.contributions[:_MOST], found.contributions[_MOST:]
    names = words.labels(one.group for one in found.contributions)
    spans = [Span(names[one.group], one.mix, one.rate, _judged(metric, one)) for one in shown]
    if rest:
        mix, rate = sum(one.mix for one in rest), sum(one.rate for one in rest)
        spans.append(Span(f"{len(rest)} others", mix, rate, "none"))
    first, last = (part / whole for part, whole in (found.before, found.now))
    ends = (f"{group[0].upper()}{group[1:]}", "The choice") if group else ("Before", "Now")
    return bridge((ends[0], first), spans, (ends[1], last), colours())


def _judged(metric: Metric, one: Contribution) -> str:
    """Whether a group's own change is good news."""
    if not one.is_real or metric.better == "neither":
        return "none"
    return "good" if (one.rate > 0) == (metric.better == "higher") else "bad"
