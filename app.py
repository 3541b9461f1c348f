"""Journey: the pages and their order. Each page in pages/ also works alone."""

import streamlit as st

from journey.present import ui

ui.frame()
st.navigation(ui.pages(), position="top").run()
