"""Whether what was planted in a demo is found: a card that only a demo has."""

import streamlit as st

from journey.analysis.truth import wording
from journey.analysis.truth.scored import Score
from journey.analysis.truth.scoring import score, table
from journey.analysis.truth.truthfile import is_demo
from journey.config import Config
from journey.errors import JourneyError
from journey.metrics.engine import Engine
from journey.present import kpi, truths
from journey.present.ui.card import Behind, menu, trouble
from journey.present.ui.page import Page

_QUESTION = "Does it find what was planted?"
_NOTES = (
    "The shop of a demo is made up, so every effect in it and its size are known. Each part is put "
    "to the analysis that a reader would use, over all of the demo's days whatever period is "
    "chosen. Found: the 95 % interval holds the planted size and tells it from nothing. Missed: it "
    "does not tell it from nothing, or nothing is said. Outside: it does not hold the planted "
    "size, as one such interval of twenty does by chance. A row of the ledger that nothing planted "
    "explains is a false alarm."
)


def truth(page: Page) -> None:
    """The card, worked out when it is opened; nothing where the data is no demo."""
    engine = page.engine
    if not is_demo(engine.folder):
        return
    with st.container(border=True, key="card_truth", gap="xxsmall"):
        st.html(kpi.head(_QUESTION, "What is known to be in this demo, and is it found?"))
        fold = st.expander("Score all of it", key="fold_truth", on_change="rerun")
        if not fold.open:
            return
        try:
            found = _scored((engine.snapshot.name, repr(page.config)), engine, page.config)
        except JourneyError as error:
            trouble(error)
            return
        behind = Behind(
            name="truth",
            question=_QUESTION,
            notes=_NOTES,
            grain="one row per part of a planted effect",
            as_of=engine.snapshot.watermark,
            rows=table(found),
        )
        menu(engine.snapshot.name, behind, "card_truth")
        with fold:
            st.html(kpi.foot(" ".join(wording.summary(found))))
            st.html(truths.pains(found))
            st.html(truths.effects(found))


@st.cache_data(max_entries=4, show_spinner="Asking every analysis")
def _scored(key: tuple[str, str], _engine: Engine, _config: Config) -> Score:
    """The score; everything it depends on is in the key."""
    return score(_engine, _config)
