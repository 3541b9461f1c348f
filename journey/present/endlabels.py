"""Names and values at the end of lines, instead of a legend, kept apart from each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from journey.present.frames import FONT, SMALL, text_width
from journey.present.sheet import Sheet


@dataclass(frozen=True)
class EndLabel:
    """A text to stand right of the plot, at the height of what it names."""

    at: float
    text: str
    """Already escaped."""
    colour: str
    bold: bool = False
    swatch: str | None = None
    """The colour of a mark before the text, for colours too light to write in."""


def end_labels(sheet: Sheet, labels: Sequence[EndLabel], height: int) -> None:
    """Texts at the right of the plot, moved apart where they would touch."""
    if not labels:
        return
    low, high = sheet.y_range
    inside = height - sheet.margin["t"] - sheet.margin["b"] - 34
    gap = (high - low) * 15 / max(inside, 1)
    places = spread([label.at for label in labels], gap, low, high)
    for label, place in zip(labels, places, strict=True):
        sheet.add_annotation(
            x=1,
            xref="paper",
            y=place,
            xanchor="left",
            yanchor="middle",
            xshift=6,
            text=_written(label),
            showarrow=False,
            align="left",
            font={"family": FONT, "size": SMALL, "color": label.colour},
        )
    widths = [text_width(label.text) + (12 if label.swatch else 0) for label in labels]
    sheet.margin["r"] = round(14 + max(widths))


def _written(label: EndLabel) -> str:
    """The label's text with its mark and weight."""
    text = f"<b>{label.text}</b>" if label.bold else label.text
    return f'<span style="color:{label.swatch}">■</span> {text}' if label.swatch else text


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """The places moved as little as need be to lie `gap` apart, in the same order.

    >>> spread([1.0, 1.1, 5.0], 1.0, 0.0, 10.0)
    [0.55, 1.55, 5.0]
    >>> spread([0.0, 0.0, 0.5], 1.0, 0.0, 10.0)
    [0.0, 1.0, 2.0]
    """
    order = sorted(range(len(places)), key=lambda index: places[index])
    groups: list[list[float]] = []  # [middle, count]

    def held(middle: float, count: float) -> list[float]:
        half = gap * (count - 1) / 2
        return [min(max(middle, low + half), max(high - half, low + half)), count]

    for index in order:
        groups.append(held(places[index], 1))
        while len(groups) > 1:
            (one, few), (two, many) = groups[-2], groups[-1]
            if two - one >= gap * (few + many) / 2:
                break
            groups[-2:] = [held((one * few + two * many) / (few + many), few + many)]
    result = [0.0] * len(places)
    position = 0
    for middle, count in groups:
        half = gap * (count - 1) / 2
        for step in range(int(count)):
            result[order[position]] = round(middle - half + step * gap, 6)
            position += 1
    return result
