"""The journey map: how many get through each stage, how it feels, what happens there."""

from collections.abc import Sequence
from typing import Literal

import plotly.graph_objects as go

from journey.present import frames, lanes, river
from journey.present.frames import BODY, LARGE, SMALL
from journey.present.mapparts import (
    MapParts,
    StageCard,
    StageFacts,
    facts,
    map_in_words,
    phone_stage,
    reached_words,
)
from journey.present.palette import Palette, fade
from journey.present.sheet import Sheet
from journey.present.words import escape_plotly, show

__all__ = ["MapParts", "StageCard", "journey_map", "map_in_words", "phone_stage"]


def journey_map(
    parts: MapParts,
    palette: Palette,
    width: Literal["wide", "phone"] = "wide",
    stage: str | None = None,
) -> go.Figure:
    """The map. Wide has the stages across and everything in lanes beneath; phone has the river
    alone, running down, for the cards of `phone_stage` to hang from. `stage` is the one looked at.
    """
    known = facts(parts)
    if not known or not any(fact.journeys for fact in known):
        return frames.nothing(palette).figure()
    if width == "phone":
        return river.down(known, parts, palette, stage).figure()
    return _wide(known, parts, palette, stage).figure()


def _wide(
    known: Sequence[StageFacts], parts: MapParts, palette: Palette, stage: str | None
) -> Sheet:
    """Stages across, lanes down. One unit upwards is one pixel; zero is the top."""
    sheet = frames.canvas(palette, 10, left=0, right=0, top=0)
    columns = river.columns(known)
    _heads(sheet, palette, known, columns, parts)
    depth = river.across(sheet, palette, known, columns)
    depth = lanes.experience(sheet, palette, known, columns, depth + 30)
    if any(fact.voice for fact in known):
        depth = lanes.voices(sheet, palette, known, columns, depth + 16)
    if any(fact.touchpoints for fact in known):
        depth = lanes.touchpoints(sheet, palette, known, columns, depth + 16)
    if any(fact.worth is not None for fact in known):
        depth = lanes.worth(sheet, palette, known, columns, depth + 16, parts)
    if any(fact.pain for fact in known):
        depth = lanes.pains(sheet, palette, known, columns, depth + 16)
    _rules(sheet, palette, known, columns, depth)
    for fact, left in zip(known, columns, strict=True):
        if fact.name == stage:
            sheet.add_shape(
                type="rect", x0=left - 0.02, x1=left + 0.96, y0=0, y1=-depth, layer="below",
                fillcolor=fade(palette.accent, 0.08), line={"width": 0},
            )  # fmt: skip
    height = depth + 8
    sheet.update_layout(height=height, margin={"l": 0, "r": 0, "t": 0, "b": 0}, hovermode="closest")
    sheet.update_xaxes(visible=False, range=[-lanes.LABELS, columns[-1] + 1])
    sheet.update_yaxes(visible=False, range=[-height, 0])
    return sheet


def _heads(
    sheet: Sheet,
    palette: Palette,
    known: Sequence[StageFacts],
    columns: Sequence[float],
    parts: MapParts,
) -> None:
    """Each stage's name, count and share; numbers stand on one line, whatever the river does."""
    lanes.lane(sheet, palette, "Journeys", 34)
    for fact, left in zip(known, columns, strict=True):
        lanes.write(sheet, f"<b>{escape_plotly(fact.title)}</b>", left, 10, BODY, palette.text)
        lanes.write(sheet, f"<b>{fact.journeys:,}</b>", left, 34, LARGE, palette.text)
        share = reached_words(fact, parts) or "journeys"
        if fact.buyers is not None and fact.of_all is not None:
            share = f"{show(fact.of_all, 'percent')} come back"
            clock = (
                f"own clock: of<br>{fact.buyers:,} buyers whose"
                f"<br>{parts.repeat_days} days have passed"
            )
            depth = river.TOP + river.scale(known) * fact.buyers + 32
            lanes.write(sheet, clock, left, depth, SMALL, palette.muted)
        lanes.write(sheet, share, left, 56, SMALL, palette.muted)


def _rules(
    sheet: Sheet,
    palette: Palette,
    known: Sequence[StageFacts],
    columns: Sequence[float],
    depth: float,
) -> None:
    """Thin rules between stages, and a dashed one before the stage with its own clock."""
    for fact, left in zip(known[1:], columns[1:], strict=True):
        own_clock = fact.buyers is not None
        x = left - (0.1 if own_clock else 0.05)
        line = {"color": palette.muted if own_clock else palette.line, "width": 1}
        sheet.add_shape(
            type="line", x0=x, x1=x, y0=0, y1=-depth, layer="below",
            line=line | ({"dash": "3px,3px"} if own_clock else {}),
        )  # fmt: skip
