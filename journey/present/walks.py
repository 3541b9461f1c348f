"""A walk from one number to another, drawn and as tables: the waterfall, what each of the two
counts, and the rows to export."""

from fractions import Fraction
from html import escape

import polars as pl

from journey.analysis.reconcile import walking
from journey.analysis.reconcile.counting import Count
from journey.analysis.reconcile.walking import REST, UNDECLARED, Side, Walk
from journey.metrics.engine import Engine
from journey.present import cells, words
from journey.present.bridges import Scale, waterfall
from journey.present.numbers import NOTHING
from journey.present.palette import Palette
from journey.present.reconciled import SAID, amount, property_of, step_name, value
from journey.present.sheet import Sheet


def picture(found: Walk, engine: Engine, palette: Palette) -> Sheet:
    """The two numbers and the steps between them."""
    factor = 100 if found.first.number.unit == "percent" else 1
    scale = Scale(
        end=lambda number: value(Count(Fraction(number) / factor, None), found, engine),
        step=lambda moved: amount(Fraction(moved) / factor, found, engine).partition(" points")[0],
        suffix=f"{words.THIN}%" if factor == 100 else "",
    )

    def end(side: Side) -> tuple[str, float]:
        return side.number.title, factor * float(side.count.value or 0)

    steps = [
        (
            step_name(step),
            factor * float(step.amount),
            "<br>".join(
                f"{words.escape_plotly(property_of(found.first, name, engine))} → "
                f"{words.escape_plotly(property_of(found.last, name, engine))}"
                for name in step.properties
                if name != REST
            ),
        )
        for step in found.steps
    ]
    return waterfall(end(found.first), steps, end(found.last), scale, palette)


def properties(found: Walk, engine: Engine) -> str:
    """What each of the two counts where they part, and what that comes to, a row for each
    property, as HTML; below, what is the same in both."""
    sides = found.first, found.last
    heads = [*(side.number.title for side in sides), "Comes to"]
    shown = [*walking.FRAME, *walking.PROPERTIES]
    if UNDECLARED not in found.differing:
        shown = [name for name in shown if name in found.differing]
    rows = []
    for name in shown:
        said = [property_of(side, name, engine) or "not declared" for side in sides]
        inner = [
            cells.cell(head, cells.text(text), kind="text")
            for head, text in zip(heads, said, strict=False)
        ]
        inner.append(cells.cell(heads[-1], _comes_to(found, name, engine)))
        rows.append(cells.row(SAID[name], inner))
    both = [
        f"{SAID[name].lower()}: {property_of(found.first, name, engine)}"
        for name in found.alike
        if name not in shown
    ]
    same = f'<div class="under">The same in both: {escape("; ".join(both))}.</div>' if both else ""
    if not rows:
        return same
    return cells.table("measures", "What each number counts", "Property", heads, rows) + same


def _comes_to(found: Walk, name: str, engine: Engine) -> str:
    """How much a property changes the number, as HTML."""
    step = next((step for step in found.steps if name in step.properties), None)
    if step is None:
        return f'<span class="none">{NOTHING}</span>'
    with_others = '<span class="doubt">together</span>' if len(step.properties) > 1 else ""
    return f"<b>{escape(amount(step.amount, found, engine))}</b>{with_others}"


def table(found: Walk, engine: Engine) -> pl.DataFrame:
    """A row for each number and each step between: what changes, from what to what, how much the
    number changes (points for shares), what it is then, and on how many cases it rests."""
    scale = 100 if found.first.number.unit == "percent" else 1
    rows: list[dict[str, object]] = []

    def add(name: str, before: str, after: str, moved: Fraction | None, count: Count) -> None:
        rows.append(
            {
                "step": name,
                "from": before,
                "to": after,
                "difference": None if moved is None else float(scale * moved),
                "number": None if count.value is None else float(scale * count.value),
                "cases": count.n,
            }
        )

    add(found.first.number.title, "", "", None, found.first.count)
    for step in found.steps:
        before, after = (
            "; ".join(property_of(side, name, engine) for name in step.properties)
            for side in (found.first, found.last)
        )
        add(step_name(step), before, after, step.amount, step.after)
    add(found.last.number.title, "", "", None, found.last.count)
    kinds = {"difference": pl.Float64, "number": pl.Float64, "cases": pl.Int64}
    schema = dict.fromkeys(("step", "from", "to"), pl.String) | kinds
    return pl.DataFrame(rows, schema=schema)
