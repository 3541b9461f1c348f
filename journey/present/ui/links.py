"""Addresses of our own pages that keep what the reader has chosen."""

from urllib.parse import urlencode

import streamlit as st

from journey.metrics.filters import PEOPLE, SEGMENTS

KEPT = ("period", "days", "compare", "against", *SEGMENTS, PEOPLE)
"""The choices of the filter bar, as the address holds them."""


def link(page: str, **opened: str) -> str:
    """The address of a page, beside the one that is shown, with the same filters; `opened` are
    its own choices. Escape it where it is written."""
    kept = [(name, value) for name in KEPT for value in st.query_params.get_all(name)]
    query = urlencode([*kept, *opened.items()])
    return f"{page}?{query}" if query else page
