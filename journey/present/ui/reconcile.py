"""The page that tells two numbers apart: two to choose, the way between them, what each counts."""

import streamlit as st

from journey.analysis.reconcile import numbers
from journey.analysis.reconcile.walking import Walk, walk
from journey.errors import JourneyError
from journey.metrics.filters import Filters
from journey.present import charts, kpi, reconciled, walks
from journey.present.ui.card import Behind, panel, problem
from journey.present.ui.page import Page
from journey.present.ui.shell import ask, colours

_FIRST, _OTHER = "stage_funnel:purchase", "orders_by_number"
"""What stands there at first: two numbers of orders that every reader compares."""

_SEEN = {"same": "the same period", "compared": "the period or group compared with"}


def differences(page: Page) -> None:
    """All of the page below the filters."""
    offered = _titles()
    with st.container(horizontal=True, key="differences_choice", vertical_alignment="bottom"):
        first, other = (
            st.selectbox(
                label,
                list(offered),
                index=list(offered).index(default) if default in offered else 0,
                format_func=offered.__getitem__,
                key=key,
                bind="query-params",
                width=300,
            )
            for label, key, default in (
                ("This number", "number", _FIRST),
                ("and that number", "other", _OTHER),
            )
        )
        seen = st.selectbox(
            "which is of",
            list(_SEEN),
            format_func=_SEEN.__getitem__,
            key="seen",
            bind="query-params",
            width=260,
            help="Compared with: the choice in the filters above.",
        )
    there = page.before if seen == "compared" and page.before else page.filters
    try:
        found = _walk(page, str(first), str(other), there)
        _way(page, found)
        _counted(page, found)
    except JourneyError as error:
        problem("These two numbers", error)


def _titles() -> dict[str, str]:
    """The numbers there are to their titles; two of one title keep their names too."""
    found = {name: numbers.find(name).title for name in numbers.offered()}
    read = list(found.values())
    return {
        name: f"{title} ({name})" if read.count(title) > 1 else title
        for name, title in found.items()
    }


def _walk(page: Page, first: str, other: str, there: Filters) -> Walk:
    """The walk, each card's number from the cache where its page has asked it."""
    return walk(
        page.engine,
        lambda metric, filters: ask(page.engine, metric, filters),
        (first, page.filters),
        (other, there),
        page.config.minimum_n,
    )


def _way(page: Page, found: Walk) -> None:
    """The two numbers, and what each property adds or takes."""
    told = reconciled.sentences(found, page.engine)
    behind = Behind(
        name=f"{found.first.number.name}_to_{found.last.number.name}".replace(":", "_"),
        question="Where does the difference between these two numbers come from?",
        notes=_NOTES,
        grain="one row per step, between the two numbers",
        as_of=page.filters.as_of,
        rows=walks.table(found, page.engine),
    )
    foot = " ".join(reconciled.closing(found))
    if found.steps:
        foot = f"In colour: a step up. Grey: a step down. {foot}"
    with panel(
        "differences", "From one number to the other", behind, page.engine.snapshot.name, foot
    ):
        st.html(kpi.says(told[:1]))
        if found.steps:
            st.plotly_chart(
                walks.picture(found, page.engine, colours()).figure(),
                theme=None,
                key="differences",
                config=charts.CONFIG,
                alt=" ".join(told),
            )


def _counted(page: Page, found: Walk) -> None:
    """What each of the two counts, property by property."""
    with st.container(border=True, key="card_counted", gap="xxsmall"):
        st.html(kpi.head("What each of them counts", "In which of these do the two part?"))
        st.html(walks.properties(found, page.engine))


_NOTES = (
    "From the first number to the last, one property is changed at a time, in this order: period, "
    "as-of, filter, events, unit, window, maturity, clock, identity. After each change the number "
    "is counted anew, so each step is measured and all of them add up to the difference. In "
    "another order single steps would be longer or shorter; their sum would not. What a number "
    "counts is declared in its file; where the declaration does not come to what its query "
    "gives, the rest is shown as a step of its own. Steps that would lead over too few cases to "
    "show a rate are taken together."
)
