"""What was planted in a demo beside what is found of it, as tables for the page."""

from collections.abc import Iterable
from html import escape

from journey.analysis.truth import wording
from journey.analysis.truth.scored import FOUND, MISSED, OUTSIDE, Score, Scored
from journey.present import cells
from journey.present.words import label

_MARKS = {FOUND: "✓", MISSED: "–", OUTSIDE: "≠"}


def pains(found: Score) -> str:
    """The parts of the effects that stand in the ledger, each with its sizes, as HTML."""
    heads = ["Part", "Planted", "Estimate", "Verdict"]
    ranked = {part.effect for part in found.parts if part.unit == "orders"}
    rows = []
    for part in found.parts:
        if part.effect not in ranked:
            continue
        _, what, planted, _, estimate, span, verdict, rank = wording.cells(part)
        place = f'<span class="doubt">rank {rank} in the ledger</span>' if rank else ""
        doubt = f'<span class="doubt">{escape(span)}</span>' if span else ""
        inner = [
            cells.text(what),
            cells.text(planted),
            f"<b>{escape(estimate)}</b>{doubt}" if estimate else cells.text(None),
            f"<b>{_MARKS[verdict]} {escape(verdict)}</b>{place}",
        ]
        rows.append(_row(part.effect, heads, inner))
    return cells.table("measures", "The planted pains", "Pain", heads, rows)


def effects(found: Score) -> str:
    """A row for each effect: how many of its parts are found, and which are not, as HTML."""
    heads = ["Found", "Missed, as too few people could show it", "Missed, or outside"]
    rows = []
    for effect in dict.fromkeys(part.effect for part in found.parts):
        own = [part for part in found.parts if part.effect == effect]
        missed = [part for part in own if part.verdict != FOUND]
        small = [part for part in missed if part.verdict == MISSED and part.is_small]
        rest = [part for part in missed if part not in small]
        inner = [
            f"<b>{len(own) - len(missed)}</b>\u00a0of\u00a0{len(own)}",
            _named(small),
            _named(rest),
        ]
        rows.append(_row(effect, heads, inner))
    return cells.table("measures", "All planted effects", "Effect", heads, rows)


def _row(effect: str, heads: Iterable[str], inner: Iterable[str]) -> str:
    """A row of cells that say the names of their columns."""
    return cells.row(
        label(effect), [cells.cell(head, cell) for head, cell in zip(heads, inner, strict=True)]
    )


def _named(parts: Iterable[Scored]) -> str:
    """Parts by name; those that lie outside their interval say so."""
    names = []
    for part in parts:
        name = f"{part.what} ({part.where})" if part.where else part.what
        names.append(f"{name}: outside" if part.verdict == OUTSIDE else name)
    return cells.text("; ".join(names) or None)
