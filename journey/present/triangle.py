"""Cohorts as a heat table: one below the other, time going right, the stronger the more came back.

On a narrow screen each cohort becomes a card with its cells as small tiles.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

import polars as pl

from journey.analysis.retention.cohorts import Retention
from journey.present import cells
from journey.present.numbers import counted, interval
from journey.present.palette import Palette, fade
from journey.present.words import THIN, label

MOST_ROWS = 26
"""The most cohorts of a picture, the latest ones; the rows behind it have all."""


def triangle(found: Retention, palette: Palette, minimum_n: int) -> str:
    """The table as HTML; cells that are not complete are hatched, cohorts that are too few have
    no shares."""
    rows, s = found.cells, found.settings
    if rows.is_empty():
        return cells.nothing()
    shown = rows.filter(pl.col("of") >= minimum_n)["share"].drop_nulls().to_list()
    top = max(shown, default=0.0) or 1.0
    begins = sorted(set(rows["from_unit"]))
    names = {row["from_unit"]: _short(row["from_unit"], row["to_unit"]) for row in rows.to_dicts()}
    heads = "".join(
        f'<th role="columnheader" scope="col">{escape(text)}</th>'
        for text in (f"Cohort · {s.unit}", *(names[at] for at in begins))
    )
    means = {row["from_unit"]: row for row in found.means.to_dicts()}
    body = [_mean(means, begins, names, palette, top, minimum_n)]
    cohorts = sorted(set(rows["cohort"]))[-MOST_ROWS:]
    for cohort in cohorts:
        own = {row["from_unit"]: row for row in rows.filter(pl.col("cohort") == cohort).to_dicts()}
        size = next(iter(own.values()))["size"]
        drawn = [_cell(own.get(at), names[at], palette, top, minimum_n) for at in begins]
        begun = f"{cohort:%b %Y}" if s.every == "month" else f"{cohort.day} {cohort:%b %Y}"
        body.append(
            f'<tr role="row"><th role="rowheader" scope="row">{escape(begun)}'
            f'<span class="doubt">{size:,}</span></th>{"".join(drawn)}</tr>'
        )
    return (
        f'<table class="triangle" role="table" aria-label="Who comes back, by cohort">'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{"".join(body)}</tbody></table>'
    )


def foot(found: Retention, minimum_n: int) -> str:
    """What the signs mean, and what is left out."""
    hidden = found.cells["cohort"].n_unique() - MOST_ROWS
    more = f" {counted(hidden, 'earlier cohorts')} in the menu." if hidden > 0 else ""
    return (
        "In percent; beside each cohort how many it has. Hatched cells have not had their time and "
        f"are in no mean; no share of fewer than {minimum_n}.{more}"
    )


def _mean(
    means: dict[int, dict[str, Any]],
    begins: Sequence[int],
    names: dict[int, str],
    palette: Palette,
    top: float,
    minimum_n: int,
) -> str:
    """The first line: all complete cells together."""
    drawn = []
    for at in begins:
        mean = means.get(at)
        if mean is None or mean["of"] < minimum_n:
            drawn.append(_empty(names[at]))
            continue
        doubt = ""
        if mean["low"] is not None:
            doubt = f" (95 %: {interval(mean['low'], mean['high'], 'percent')})"
        told = f"{mean['came_back']:,} of {mean['of']:,}, {counted(mean['cohorts'], 'cohorts')}"
        drawn.append(_drawn(mean["share"], names[at], palette, top, told + doubt, "mean"))
    return (
        '<tr role="row" class="mean"><th role="rowheader" scope="row">Mean</th>'
        f"{''.join(drawn)}</tr>"
    )


def _cell(
    row: dict[str, Any] | None, name: str, palette: Palette, top: float, minimum_n: int
) -> str:
    """One cell; nothing where its time has not begun."""
    if row is None:
        return _empty(name)
    told = f"{row['came_back']:,} of {row['of']:,}"
    kind = "" if row["is_complete"] else "open"
    if not row["is_complete"]:
        told += ", not complete"
    if row["of"] < minimum_n:
        return (
            f'<td role="cell" class="few {kind}" title="{escape(told)}: too few">'
            f'<span class="column">{escape(name)}</span>·</td>'
        )
    return _drawn(row["share"], name, palette, top, told, kind)


def _drawn(share: float, name: str, palette: Palette, top: float, told: str, kind: str) -> str:
    """A cell with its share in it."""
    # As a colour, so that the hatching may lie over it.
    style = cells.shade(palette, share / top).replace("background:", "background-color:")
    value = f"{100 * share:.0f}" if share >= 0.0995 else f"{100 * share:.1f}"
    return (
        f'<td role="cell" class="{kind}" style="{style}" title="{escape(told)}">'
        f'<span class="column">{escape(name)}</span>{value}<span class="sign">{THIN}%</span></td>'
    )


def _empty(name: str) -> str:
    """A place without a cell."""
    return f'<td role="cell" class="gone"><span class="column">{escape(name)}</span></td>'


def _short(begins: int, ends: int) -> str:
    """A bucket in a few signs."""
    return str(begins) if ends == begins + 1 else f"{begins}–{ends - 1}"


def by_in_words(found: Retention) -> str:
    """What the lines of the curve are."""
    by = found.settings.by
    return f"Each {label(by).lower()}: all complete cells together." if by else ""


def css(colours: Palette) -> str:
    """The table's own rules."""
    hatch = fade(colours.muted, 0.45)
    return f"""
    .triangle {{ width: 100%; border-collapse: separate; border-spacing: 2px;
        font-size: .84rem; color: {colours.text}; font-variant-numeric: tabular-nums;
        table-layout: fixed; }}
    .triangle th {{ font-weight: 500; text-align: left; padding: .25rem .35rem; border: 0;
        line-height: 1.2; }}
    .triangle thead th {{ color: {colours.muted}; font-weight: 400; text-align: center;
        font-size: .8rem; }}
    .triangle thead th:first-child {{ text-align: left; width: 7.6rem; }}
    .triangle td {{ padding: .32rem .2rem; border: 0; border-radius: 4px; text-align: center;
        white-space: nowrap; }}
    .triangle .doubt {{ color: {colours.muted}; font-size: .76rem; font-weight: 400;
        margin-left: .45rem; }}
    .triangle .sign, .triangle .column {{ display: none; }}
    .triangle tr.mean th, .triangle tr.mean td {{ font-weight: 600;
        border-bottom: 2px solid {colours.surface}; }}
    .triangle td.few {{ color: {colours.muted}; }}
    .triangle td.open {{ color: {colours.text}; background-image: repeating-linear-gradient(
        135deg, {hatch} 0 1px, transparent 1px 6px); }}
    @media screen and (max-width: 640px) {{
        .triangle, .triangle tbody, .triangle tr, .triangle th {{ display: block; width: 100%; }}
        .triangle thead {{ display: none; }}
        .triangle tr {{ display: grid; grid-template-columns: repeat(5, 1fr); gap: 3px;
            padding: .5rem 0; border-top: 1px solid {colours.line}; }}
        .triangle tr > th {{ grid-column: 1 / -1; padding: 0; }}
        .triangle td {{ display: block; padding: .2rem 0; }}
        .triangle td.gone {{ display: none; }}
        .triangle .column {{ display: block; font-size: .7rem; font-weight: 400;
            color: {colours.muted}; line-height: 1.1; }}
    }}
    """
