"""A picture in the making, as plain dictionaries, checked by Plotly once when it is done.

A figure checks and copies all its notes each time one is added, which takes a second for the map;
done at once it takes hundredths.
"""

from datetime import date
from typing import Any

import plotly.graph_objects as go


class Sheet:
    """Traces, notes and shapes, with the names that figures give to adding them."""

    def __init__(self, layout: dict[str, Any]) -> None:
        self.layout = {"xaxis": {}, "yaxis": {}, "annotations": [], "shapes": [], **layout}
        self.traces: list[dict[str, Any]] = []

    @property
    def x_range(self) -> tuple[float, float]:
        """The ends of the axis across."""
        low, high = self.layout["xaxis"]["range"]
        return low, high

    @property
    def y_range(self) -> tuple[float, float]:
        """The ends of the axis upwards."""
        low, high = self.layout["yaxis"]["range"]
        return low, high

    @property
    def margin(self) -> dict[str, int]:
        """The room around the plot: `l`, `r`, `t` and `b`, in pixels."""
        margin: dict[str, int] = self.layout["margin"]
        return margin

    def add_scatter(self, **settings: Any) -> None:
        """Add points, a line or a filled shape."""
        self.traces.append({"type": "scatter", **settings})

    def add_bar(self, **settings: Any) -> None:
        """Add bars."""
        self.traces.append({"type": "bar", **settings})

    def add_annotation(self, **settings: Any) -> None:
        """Add a text."""
        self.layout["annotations"].append(settings)

    def add_shape(self, **settings: Any) -> None:
        """Add a line or a box that says nothing under the pointer."""
        self.layout["shapes"].append(settings)

    def add_hline(self, y: float, line: dict[str, Any]) -> None:
        """Add a line across the plot."""
        self.add_shape(type="line", xref="paper", x0=0, x1=1, y0=y, y1=y, line=line)

    def add_vline(self, x: float | date, line: dict[str, Any]) -> None:
        """Add a line up the plot."""
        self.add_shape(type="line", yref="paper", y0=0, y1=1, x0=x, x1=x, line=line)

    def update_xaxes(self, **settings: Any) -> None:
        """Settle the axis across."""
        self.layout["xaxis"].update(settings)

    def update_yaxes(self, **settings: Any) -> None:
        """Settle the axis upwards."""
        self.layout["yaxis"].update(settings)

    def update_layout(self, **settings: Any) -> None:
        """Settle all else."""
        self.layout.update(settings)

    def figure(self) -> go.Figure:
        """The finished picture."""
        return go.Figure({"data": self.traces, "layout": self.layout})
