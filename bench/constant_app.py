"""A page drawn from a recording: Streamlit's own work and nothing of ours.

Run by the redraw benchmark, which names the recording in JOURNEY_RECORDING.
"""

import os
import pickle
from pathlib import Path
from typing import Any

import streamlit as st


@st.cache_resource
def recordings() -> dict[str, list[Any]]:
    """Period to elements, read once."""
    found = pickle.loads(Path(os.environ["JOURNEY_RECORDING"]).read_bytes())  # noqa: S301
    return dict(found)


def recorded() -> None:
    """Every element in its place, in order."""
    known = recordings()
    elements = known[st.session_state.get("period", next(iter(known)))]
    drawn: list[Any] = []
    for element in elements:
        where: Any = st
        if element.inside is not None:
            place, part = element.inside
            where = drawn[place] if part is None else drawn[place][part]
        drawn.append(getattr(where, element.command)(*element.arguments, **element.options))


def another() -> None:
    """A page for the menu."""
    st.write("Only one page was recorded.")


st.set_page_config(page_title="Constant", layout="wide", initial_sidebar_state="collapsed")
others = [st.Page(another, title=f"Page {n}", url_path=f"page_{n}") for n in range(2, 10)]
st.navigation([st.Page(recorded, default=True), *others], position="top").run()
