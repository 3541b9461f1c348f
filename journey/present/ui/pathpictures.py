"""How the paths page draws: a picture with its words, and a flow whose blocks can be clicked."""

from typing import Any

import streamlit as st

from journey.present import charts
from journey.present.paths.flow import TALL, Flow, targets
from journey.present.paths.flow import picture as flow_picture
from journey.present.ui.shell import colours

AROUND = "path_around"
"""The choice of the name that is looked at closely."""


def plot(key: str, picture: Any, said: str, **more: Any) -> None:
    """A picture, with what it shows in words."""
    st.plotly_chart(
        picture.figure(),
        theme=None,
        key=f"chart_{key}",
        config=charts.CONFIG,
        alt=said,
        **more,
    )


def clickable(key: str, drawing: Flow, said: str, tall: int = TALL) -> None:
    """A flow whose blocks can be clicked to look closer at a name."""

    def look_closer() -> None:
        points = st.session_state[f"chart_{key}"].selection.points
        if points:
            st.session_state[AROUND] = targets(drawing)[points[0]["point_index"]]

    picture = flow_picture(drawing, colours(), tall)
    plot(key, picture, said, on_select=look_closer, selection_mode="points")
