"""A read-out of an experiment as a reader sees it: plates with the verdict, facts, and dots on
their intervals."""

from datetime import timedelta
from html import escape

from journey.analysis.experiments import wording
from journey.analysis.experiments.readout import (
    BETTER,
    CROSSED,
    DISTRUST,
    EARLY,
    WORSE,
    Comparison,
    Group,
    Readout,
)
from journey.present import cells
from journey.present.experience.estimates import Estimate
from journey.present.words import THIN, escape_plotly, label, period

_MARKS = {BETTER: "✓", WORSE: "✕", DISTRUST: "!", EARLY: "◷"}
_TONES = {BETTER: "good", WORSE: "bad", DISTRUST: "bad"}

HOW = (
    "Send the columns experiment and variant with the first touch that shows someone an arm, the "
    "control arm too, and build again. The goal is an order unless you choose another touchpoint."
)
"""What to do where no experiment is in the data."""

EXAMPLE = """\
occurred_at,customer_id,touchpoint,experiment,variant
2026-05-02T09:14:00Z,c-17,product_viewed,free-returns-banner,A
2026-05-02T09:20:11Z,c-18,product_viewed,free-returns-banner,B"""
"""Two rows of a file with an experiment."""


def plate(readout: Readout, one: Comparison, arm: str, control: str) -> str:
    """One arm's verdict as a small card, as HTML. `arm` and `control` are the labels."""
    title = f'<div class="title">{escape(arm)} against {escape(control)}</div>'
    tone = _TONES.get(one.verdict, "")
    mark = _MARKS.get(one.verdict, "≈")
    pill = f'<span class="pill {tone}">{mark} {escape(_verdict(one))}</span>'
    value, under = "–", ""
    if one.verdict != DISTRUST and one.lift is not None and one.verdict != EARLY:
        value = wording.points(one.lift).partition(" (")[0]
    if one.verdict != DISTRUST and one.lift is not None:
        shares = [part / whole for part, whole in (one.arm.share, one.control.share)]
        under = (
            f"{wording.percent(shares[0])} of {one.arm.people:,} against "
            f"{wording.percent(shares[1])} of {one.control.people:,}"
        )
    ends = ""
    if under and one.verdict != EARLY and one.lift is not None:
        told = [wording.points(one.lift).partition("(")[2].rstrip(")")]
        told += [wording.relative(one).rstrip(".").lower()] if one.relative else []
        ends = " · ".join(told)
    said = (
        f'<div class="kpi">{title}<div class="value">{escape(value)}</div>'
        f'<div class="change">{pill}<span class="versus">{escape(under)}</span></div>'
        f'<div class="foot">{escape(ends)}</div></div>'
    )
    return said.replace(" %", f"{THIN}%")


def facts(readout: Readout, currency: str | None) -> list[tuple[str, str]]:
    """What to know before and after the verdict: a word and a sentence each."""
    ratio = wording.ratio(readout).partition(": ")[2]
    found = [
        ("Sample ratio", ratio[0].upper() + ratio[1:]),
        ("Who counts", f"{_when(readout)}{wording.mature(readout)}"),
        ("Seen in two arms", _crossed(readout)),
    ]
    if not readout.ratio.holds:
        return found
    several = len(readout.comparisons) > 1
    for one in readout.comparisons:
        own = f", {one.arm.name}" if several else ""
        if paid := wording.money(one, currency):
            found.append((f"Revenue{own}", paid))
        if came := wording.visits(one):
            found.append((f"Visits after it{own}", came))
        found.append((f"What it could show{own}", wording.size(readout, one)))
    return found


def listed(rows: list[tuple[str, str]]) -> str:
    """Facts as a list of words and sentences, as HTML."""
    inner = "".join(f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>" for name, said in rows)
    return f'<div class="portrait"><dl>{inner}</dl></div>'.replace(" %", f"{THIN}%")


def every(readouts: list[Readout]) -> str:
    """All experiments with their verdicts, a row for each arm compared, as HTML."""
    heads = ["Assigned", "Arm", "Verdict", "Lift", "People"]
    rows = []
    for readout in readouts:
        for one in readout.comparisons:
            first, last = readout.counted.first_on, readout.counted.last_on
            shown = one.lift is not None and one.verdict not in (DISTRUST, EARLY)
            lift, _, ends = wording.points(one.lift or (0, 0, 0)).partition(" (95 %: ")
            inner = [
                cells.text(period(first, last + timedelta(days=1)) if first and last else None),
                cells.text(f"{label(one.arm.name)} against {label(one.control.name)}"),
                f"<b>{_MARKS.get(one.verdict, '≈')} {escape(_verdict(one))}</b>",
                f'<b>{escape(lift)}</b><span class="doubt">{escape(ends.rstrip(")"))}</span>'
                if shown
                else cells.text(None),
                f"{one.arm.people + one.control.people:,}",
            ]
            line = [cells.cell(head, cell) for head, cell in zip(heads, inner, strict=True)]
            rows.append(cells.row(readout.experiment, line))
    return cells.table("measures", "All experiments", "Experiment", heads, rows)


def lifts(readout: Readout) -> list[Estimate]:
    """Each arm's lift on its interval, and below it on the one that holds at every look."""
    rows = []
    for one in readout.comparisons:
        for name, ends, plain in (
            (label(one.arm.name), one.lift, True),
            (f"{label(one.arm.name)}, at every look", one.always_valid, False),
        ):
            if ends is None:
                continue
            rows.append(
                Estimate(
                    name=name,
                    value=100 * ends[0],
                    low=100 * ends[1],
                    high=100 * ends[2],
                    shown=_points(ends[0]) if plain else "",
                    count=one.arm.people + one.control.people,
                    hover=f"<b>{escape_plotly(name)}</b><br>{escape_plotly(wording.points(ends))}",
                    stands_out=plain,
                )
            )
    return rows


def groups(one: Comparison, minimum_n: int) -> list[Estimate]:
    """The lift in each group of people on its interval; grey where it is within chance."""
    return [_group(group, minimum_n) for group in one.groups]


def span(rows: list[Estimate]) -> tuple[float, float]:
    """The ends of one axis for several pictures of groups: nothing, and every interval."""
    ends = [end for row in rows if row.value is not None for end in (row.low, row.high)] + [0.0]
    room = 0.06 * (max(ends) - min(ends) or 1.0)
    return min(ends) - room, max(ends) + room


def _group(group: Group, minimum_n: int) -> Estimate:
    """One group; no value below the minimum."""
    name, count = label(group.name), group.arm[1] + group.control[1]
    if group.lift is None:
        said = f"fewer than {minimum_n} in an arm"
        return Estimate(name, None, 0.0, 0.0, "", count, f"<b>{escape_plotly(name)}</b><br>{said}")
    value, low, high = (100 * end for end in group.lift)
    stands = "more than chance would explain" if group.is_real else "within chance"
    hover = f"<b>{escape_plotly(name)}</b><br>{escape_plotly(wording.points(group.lift))}, {stands}"
    return Estimate(
        name, value, low, high, _points(group.lift[0]), count, hover, stands_out=group.is_real
    )


def _points(share: float) -> str:
    """A lift in a column of points."""
    return wording.points((share, share, share)).partition(" ")[0]


def _when(readout: Readout) -> str:
    """The days on which people were assigned."""
    first, last = readout.counted.first_on, readout.counted.last_on
    if first is None or last is None:
        return ""
    return f"Assigned {period(first, last + timedelta(days=1))}, the whole course so far. "


def _verdict(one: Comparison) -> str:
    """The verdict as a sentence begins."""
    return one.verdict[0].upper() + one.verdict[1:]


def _crossed(readout: Readout) -> str:
    """Those seen in two arms, with a warning where they are many."""
    said = wording.crossed(readout)
    if readout.crossed > CROSSED * readout.counted.assigned:
        said += " More than one in a hundred: look at how people are assigned."
    return said
