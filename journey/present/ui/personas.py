"""The cards of the personas page: what is told of each, and what the data says."""

import streamlit as st

from journey.analysis import personas as analysis
from journey.analysis import planned
from journey.config import Config
from journey.errors import JourneyError
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.present import kpi, portraits, tables, words
from journey.present.planned import plan_in_words
from journey.present.ui.card import Behind, panel, problem
from journey.present.ui.page import Page

MOST_CARDS = 8
"""The most personas with a card of their own; the table has all."""

_NOTES = (
    "People with a touch in the period; a person counts once. More and less are differences to "
    "all other people, with Newcombe's interval, judged together so that at most one in ten of "
    "them is there by mistake (Benjamini and Hochberg). Touchpoints that a persona's own rule "
    "names are left out. What goes with a persona is an association."
)


def persona_cards(page: Page) -> None:
    """A card each: the story, marked as such, beside the facts with their intervals."""
    try:
        found = analysis.portraits(lambda name: page.ask(name).rows, page.config)
    except JourneyError as error:
        problem("The personas", error)
        return
    if not found:
        with st.container(border=True, key="card_personas"):
            st.html(kpi.head("Personas", "Who are your customers?"))
            st.html(kpi.foot("No people in this period. Widen the period or the filters."))
        return
    told = {persona.name: persona for persona in page.config.personas}
    rows = analysis.as_rows(found)
    with st.grid(2, min_column_width=340, key="personas_cards"):
        for place, portrait in enumerate(found[:MOST_CARDS]):
            persona = told.get(portrait.name)
            behind = Behind(
                f"persona_{portrait.name}",
                f"Who are the people called {words.label(portrait.name)}?",
                _NOTES,
                "one row per touchpoint",
                page.filters.as_of,
                rows.filter(persona=portrait.name),
                units=dict.fromkeys(("difference", "low", "high"), tables.POINTS),
            )
            rule = persona.rule_in_words() if persona else "as the data says"
            with panel(
                f"persona_{place}",
                words.label(portrait.name),
                behind,
                page.engine.snapshot.name,
                f"Who is one: {rule}.",
                portraits.answer(portrait),
            ):
                _card(page, place, portrait, persona)


def planned_cards(page: Page) -> None:
    """Each plan against what is done, worked out only when it is asked for."""
    names = [persona.name for persona in page.config.personas if persona.touchpoints]
    if not names:
        return
    fold = st.expander("Planned against actual", key="planned", on_change="rerun")
    if not fold.open:
        return
    with fold:
        for place, name in enumerate(names):
            _planned_card(page, place, name)


def _planned_card(page: Page, place: int, name: str) -> None:
    """One persona's plan."""
    try:
        found = plan_of(page, name)
    except JourneyError as error:
        problem(words.label(name), error)
        return
    behind = Behind(
        f"planned_{name}",
        f"Do the journeys of {words.label(name)} go as planned?",
        " ".join((planned.__doc__ or "").split()),
        "one row per planned touchpoint",
        page.filters.as_of,
        planned.as_rows(found),
    )
    first, *more = plan_in_words(found, page.config.minimum_n)
    snapshot = page.engine.snapshot.name
    with panel(f"planned_{place}", words.label(name), behind, snapshot, says=first):
        for said in more:
            st.html(kpi.foot(said))


def plan_of(page: Page, name: str) -> planned.Planned:
    """A persona's plan against what is done in the page's frame. Raises MetricError."""
    key = (page.filters.key(), page.engine.snapshot.name, repr(page.config.personas))
    return _plan(key, name, page.engine, page.config, page.filters)


@st.cache_data(max_entries=200, show_spinner=False)
def _plan(
    key: tuple[object, ...], name: str, _engine: Engine, _config: Config, _filters: Filters
) -> planned.Planned:
    """The answer; everything it depends on is in the first two arguments."""
    return planned.planned(_engine, _config, _filters, name)


def _card(
    page: Page, place: int, portrait: analysis.Portrait, persona: analysis.Persona | None
) -> None:
    """What stands in one card."""
    minimum_n = page.config.minimum_n
    if parts := portraits.story(persona):
        with st.container(key=f"story_{place}", gap="xxsmall"):
            st.html('<div class="told">Story, not data</div>')
            said = [f"**{heading}** {text}" if heading else text for heading, text in parts]
            st.markdown("\n\n".join(said))
    st.html(
        '<div class="portrait">'
        + portraits.facts(portrait, page.engine.snapshot.currency, minimum_n)
        + portraits.apart(portrait)
        + portraits.planned(portrait, persona, minimum_n)
        + "</div>"
    )
