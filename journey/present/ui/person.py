"""The page about one person: whom to look at, and their journeys from the top down."""

from html import escape

import streamlit as st

from journey.analysis import person as analysis
from journey.errors import JourneyError
from journey.metrics import masks
from journey.present import charts, kpi, lifeline, words
from journey.present.numbers import counted, exact
from journey.present.ui.card import Behind, panel, problem
from journey.present.ui.page import Page
from journey.present.ui.shell import colours

_NOTES = (
    "All touches of one person by the as-of, whatever the filters: those choose who is offered, "
    "not what is shown. Touches of one kind in one visit share a line. Times are those of the "
    "reporting time zone; the picture is evenly spaced, and pauses of more than a day are written. "
    "Comments are masked. The id is a mask unless the operator allows ids to be shown."
)


def one_person(page: Page) -> None:
    """Choose a person, by mask or by chance, and show all they did."""
    try:
        key = masks.key_of(page.engine.folder)
        chosen = _choose(page, key)
        if chosen is None:
            return
        shown = chosen if masks.ids_shown(page.config) else masks.mask(chosen, key)
        found = analysis.life(page.engine, page.filters, chosen, shown)
    except JourneyError as error:
        problem("One person", error)
        return
    if found is None:
        _nobody("This person was not seen by the as-of. Choose a later one, or another person.")
        return
    _show(page, found)


def _choose(page: Page, key: str) -> str | None:
    """The person in the address, else a typical one; says so where there is none."""
    with st.container(horizontal=True, key="whom", vertical_alignment="bottom", gap="small"):
        typed = st.text_input(
            "Person",
            key="person",
            bind="query-params",
            placeholder="a typical buyer",
            width=220,
            help="The mask of a person, as lists of segments show it.",
        )

        def turn() -> None:
            now = str(st.session_state.get("person") or "")
            next_one = analysis.another(page.engine, page.filters, key, now)
            st.session_state["person"] = next_one or ""

        st.button("Another", icon=":material/arrow_forward:", on_click=turn, key="another")
    if typed:
        found = analysis.find(page.engine, page.filters, typed, key, masks.ids_shown(page.config))
        if found is None:
            _nobody(
                f"Nobody is called {typed.strip()!r} here. Paste a mask from "
                "`python -m journey segment NAME --format csv`, or take another."
            )
        return found
    found = analysis.typical(page.engine, page.filters)
    if found is None:
        _nobody("No journeys in this period. Widen the period or the filters, or see Data health.")
    return found


def _nobody(why: str) -> None:
    """A card that says why there is nobody to show."""
    with st.container(border=True, key="card_life"):
        st.html(kpi.head("Nobody to show", "Whose journey is it?"))
        st.html(kpi.foot(why))


def _show(page: Page, life: analysis.Life) -> None:
    """The picture of one life, and the same in sentences."""
    snapshot = page.engine.snapshot
    rows = life.touches.drop("session_id")
    title = f"Person {life.shown}"
    behind = Behind(
        f"person_{life.shown}", "What did this person do, in order?", _NOTES, "one row per touch",
        page.filters.as_of, rows,
    )  # fmt: skip
    drawn = lifeline.lines(life)
    hidden = len(drawn) - lifeline.MOST_LINES
    foot = f"{counted(life.touches.height, 'touches')} in {counted(len(drawn), 'lines')}."
    if hidden > 0:
        foot += f" The picture shows the latest {lifeline.MOST_LINES}; the rows have all."
    says = words_of(life, snapshot.currency, snapshot.time_zone)
    with panel("life", title, behind, snapshot.name, foot, says):
        st.html(lifeline.key(colours(), life))
        sentences = list(lifeline.in_words(life, snapshot.currency, snapshot.time_zone))
        st.plotly_chart(
            lifeline.lifeline(life, colours(), snapshot.currency, snapshot.time_zone).figure(),
            theme=None,
            key="lifeline",
            config=charts.CONFIG,
            alt=" ".join(sentences),
        )
        with st.expander("In words", key="life_words"):
            st.html("".join(f'<p class="under">{escape(line)}</p>' for line in sentences))


def words_of(life: analysis.Life, currency: str | None, time_zone: str) -> str:
    """Who it is, in a line of plain text."""
    journeys = life.journeys.filter(~life.journeys["is_orphan"]).height
    first = lifeline.local(life.first_seen_at, time_zone)
    parts = [
        words.label(life.persona) if life.persona != "Unknown" else "No persona",
        f"first seen {words.day(first)} {first.year}",
        counted(journeys, "journeys"),
        counted(life.orders, "orders"),
    ]
    if life.orders:
        parts.append(exact(life.revenue(currency), "money", currency))
    return " · ".join(parts)
