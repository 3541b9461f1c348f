"""What the cards of an analysis show, in a sentence: funnels compared, money, estimates, paths."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from journey.analysis.funnel.compare import Shift
from journey.analysis.paths.around import Around
from journey.analysis.paths.asking import Asked
from journey.analysis.paths.returning import Return
from journey.analysis.paths.steps import Cell, Edge, Kind, StepTable
from journey.present.numbers import MINUS, counted, interval, show
from journey.present.words import label, listed

_CALLED = {"higher": "more", "lower": "fewer"}
"""A shift's verdict to the word for it."""


@dataclass(frozen=True)
class Estimated:
    """A name, its value and the ends of its interval, which may not be known."""

    name: str
    value: float
    low: float | None
    high: float | None


def shifts(found: Sequence[Shift], labels: Mapping[str, str]) -> str:
    """At which steps more or fewer of those who entered arrive than on the other side.

    A shift is named only where its verdict, which is corrected for the number of steps, calls it.
    """
    judged = [one for one in found if one.of == "overall" and one.verdict != "no call"]
    if not judged:
        return "Too few on one of the two sides to tell them apart."
    called = [
        f"{_points(one.difference)} points {_CALLED[one.verdict]} get to "
        f"{labels.get(one.step, one.step)} ({_signed(one.low)} to {_signed(one.high)})"
        for one in judged
        if one.verdict in _CALLED
    ]
    if not called:
        return "No step differs by more than chance would explain."
    return f"Of those who entered, {listed(called)}, more than chance would explain."


def money(rows: pl.DataFrame, labels: Sequence[str], currency: str | None, one: str) -> str:
    """The step whose touches carried most; rows as of `analysis.funnel.money`, in order of the
    steps."""
    amounts = rows["amount"].fill_null(0.0).to_list()
    most = max(range(len(amounts)), key=amounts.__getitem__)
    told = f"{labels[most]} carries {show(amounts[most], 'money', currency)}"
    each = rows["per_entrant"][most]
    if each is None:
        return f"{told}."
    return f"{told}, {show(each, 'money', currency)} for each {one} that entered."


def leading(
    before: str, values: Sequence[Estimated], unit: str, currency: str | None = None
) -> str:
    """The largest of several estimates and the next one; empty where there is none.

    The first is said to lead only where the two intervals do not meet, which is a stricter test
    than that of their difference.
    """
    ranked = sorted(values, key=lambda one: -one.value)
    if not ranked:
        return ""
    first, rest = ranked[0], ranked[1:]
    told = f"{before} {_estimate(first, unit, currency)}"
    if not rest:
        return f"{told}."
    told += f", then {_estimate(rest[0], unit, currency)}"
    if first.low is None or rest[0].high is None:
        return f"{told}."
    if first.low > rest[0].high:
        return f"{told}; their intervals lie apart."
    return f"{told}; their intervals meet, so which is first may be chance."


def flow(made: StepTable, asked: Asked, unit: str) -> str:
    """The commonest beginning, or what comes right beside a chosen end, and how many are over by
    the last column."""
    place = 1 if asked.start or asked.is_backward else 0
    if not made.paths or len(made.columns) <= place:
        return ""
    top = _most(made.columns[place])
    if top is None:
        return ""
    share = f"{show(top.share, 'percent')} of {counted(made.paths, unit)}"
    if asked.is_backward:
        return f"The commonest last step before the end is {label(top.name)}, {share}."
    told = f"The commonest {'next step' if place else 'beginning'} is {label(top.name)}, {share}"
    over = made.columns[-1][-1]
    if over.kind is not Kind.ENDED or not over.count or over.name != "Left":
        return f"{told}."
    return f"{told}; {show(over.share, 'percent')} have left by step {over.step}."


def again(found: Sequence[Return], minimum_n: int) -> str:
    """What is done again at once most often, and where people go back to most often."""
    said = []
    for is_loop, verb in ((True, "Most often done again at once"), (False, "most often gone back")):
        own = [one for one in found if one.is_loop is is_loop]
        if not own:
            continue
        most = max(own, key=lambda one: one.count)
        what = label(most.source)
        if not is_loop:
            what = f"from {what} to {label(most.target)}"
        told = f"{verb}{':' if is_loop else ''} {what}, {counted(most.count, 'times')}"
        if most.leaving >= minimum_n:
            told += f", {show(most.share, 'percent')} of all steps from it"
        said.append(told)
    told = "; ".join(said)
    return f"{told[0].upper()}{told[1:]}." if told else ""


def around(found: Around) -> str:
    """What comes most often right before a name, and what right after."""
    parts = []
    for edges, way, over in (
        (found.comes_from, "before", "began with it"),
        (found.goes_to, "after", "ended with it"),
    ):
        named = [edge for edge in edges if edge.target.kind is Kind.NAME and edge.count]
        ended = [edge for edge in edges if edge.target.kind is Kind.ENDED and edge.count]
        if named:
            most = max(named, key=lambda edge: edge.count)
            parts.append(f"right {way} it most often {label(most.target.name)}, {_share(most)}")
        parts += [f"{_share(edge)} {over}" for edge in ended]
    told = "; ".join(parts)
    whole = f"Of {counted(found.occurrences, 'times')} {label(found.name)}"
    return f"{whole}: {told}." if told else ""


def _most(column: Sequence[Cell]) -> Cell | None:
    """The commonest name of a column."""
    named = [cell for cell in column if cell.kind is Kind.NAME and cell.count]
    return max(named, key=lambda cell: cell.count) if named else None


def _share(edge: Edge) -> str:
    """How many of those at the name an edge takes."""
    return show(edge.previous, "percent")


def _estimate(one: Estimated, unit: str, currency: str | None) -> str:
    """A name with its value and interval."""
    told = f"{label(one.name)}, {show(one.value, unit, currency)}"
    if one.low is None or one.high is None:
        return told
    return f"{told} ({interval(one.low, one.high, unit)})"


def _points(share: float) -> str:
    """A difference of shares in points, without its sign."""
    return f"{abs(100 * share):.1f}"


def _signed(share: float) -> str:
    """An end of an interval of differences, with its sign."""
    return f"{'+' if share >= 0 else MINUS}{_points(share)}"
