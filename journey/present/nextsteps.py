"""Next steps as a reader sees them: the best for each persona at each stage, all at one place on
their intervals, and the experiments that would settle them."""

from collections.abc import Sequence
from html import escape

from journey.analysis.experiments import wording as numbers
from journey.analysis.nextsteps.finding import EVERYONE, LESS, MORE, WAY, Step
from journey.config import STAGES
from journey.present import cells
from journey.present.experience.estimates import Estimate
from journey.present.numbers import counted
from journey.present.words import THIN, escape_plotly, label

PLACES = STAGES[:-1]
"""The stages one can stand at."""

MOST_SETTLED = 10
"""The most rows of experiments shown."""


def best(everyone: Sequence[Step], each: Sequence[Step]) -> str:
    """For everyone and each persona, at each stage, the step after which most more go on, as a
    table in HTML."""
    personas = list(dict.fromkeys(sorted(step.persona for step in each)))
    rows = []
    for persona in (EVERYONE, *personas):
        own = everyone if persona == EVERYONE else each
        line = []
        for stage in PLACES:
            told = [step for step in own if (step.persona, step.stage) == (persona, stage)]
            line.append(cells.cell(label(stage), _best(told)))
        rows.append(cells.row(persona, line))
    heads = [label(stage) for stage in PLACES]
    return cells.table("steps", "The best next step", "Persona", heads, rows)


def _best(told: Sequence[Step]) -> str:
    """A cell: the surest step called, or why there is none."""
    called = [step for step in told if step.verdict == MORE]
    if not called or called[0].effect is None:
        judged = any(step.effect and step.verdict != WAY for step in told)
        return cells.text(None) if judged else '<span class="few">too few</span>'
    step = called[0]
    shown, _, ends = numbers.points(called[0].effect).partition(" (95 %: ")
    doubt = f"{ends.rstrip(')')} · n {step.matched:,}"
    return (
        f"<b>{escape(label(step.next))}</b> "
        f'<span class="doubt">{escape(shown)}</span> <span class="doubt">{escape(doubt)}</span>'
    )


def at_place(steps: Sequence[Step]) -> list[Estimate]:
    """Each step's matched difference in points, the furthest ahead first; grey where it is not
    told from chance."""
    known = [step for step in steps if step.effect is not None]
    known.sort(key=lambda step: (-(step.effect or (0,))[0], step.next))
    rows = []
    for step in known:
        if step.effect is None:
            continue
        value, low, high = (100 * end for end in step.effect)
        name = label(step.next)
        rows.append(
            Estimate(
                name=name,
                value=value,
                low=low,
                high=high,
                shown=numbers.points((step.effect[0],) * 3).partition(" ")[0],
                count=step.matched,
                hover=(
                    f"<b>{escape_plotly(name)}</b><br>{escape_plotly(numbers.points(step.effect))}"
                    f"<br>{step.matched:,} of {step.journeys:,} matched with {step.controls:,}"
                    f"<br>without matching {escape_plotly(_naive(step))}"
                    f"<br>{escape_plotly(step.verdict)}"
                ),
                stands_out=step.verdict in (MORE, LESS),
            )
        )
    return rows


def settling(steps: Sequence[Step]) -> str:
    """The steps told from chance, with the experiment each would take, as a table in HTML; those
    of a persona with its name."""
    heads = ["With it", "Comparable", "Difference", "Matched", "To settle it"]
    rows = []
    for step in called(steps)[:MOST_SETTLED]:
        if step.effect is None or step.rate is None or step.base is None:
            continue
        shown, _, ends = numbers.points(step.effect).partition(" (95 %: ")
        inner = [
            escape(numbers.percent(step.rate)),
            escape(numbers.percent(step.base)),
            f'<b>{escape(shown)}</b><span class="doubt">{escape(ends.rstrip(")"))}</span>',
            f"{1 - step.unmatched:.0%}"
            f'<span class="doubt">{step.matched:,} with {step.controls:,}</span>'.replace(
                "%", " %", 1
            ),
            _experiment(step),
        ]
        line = [cells.cell(head, cell) for head, cell in zip(heads, inner, strict=True)]
        who = "" if step.persona == EVERYONE else f"{step.persona}, "
        rows.append(cells.row(f"{who}{label(step.stage)}: {label(step.next)}", line))
    title = "The experiments that would settle it"
    return cells.table("measures", title, "Next step", heads, rows).replace(" %", f"{THIN}%")


def called(steps: Sequence[Step]) -> list[Step]:
    """Those told from chance in both comparisons."""
    return [step for step in steps if step.verdict in (MORE, LESS)]


def _experiment(step: Step) -> str:
    """How many people, and how long."""
    if step.needed is None:
        return ""
    time = "" if step.weeks is None else numbers.weeks(step.weeks)
    return f'<b>{counted(step.needed, "people")}</b><span class="doubt">{escape(time)}</span>'


def _naive(step: Step) -> str:
    """The plain difference in words."""
    if step.naive is None:
        return "there is none"
    return numbers.points((step.naive,) * 3).partition(" (")[0]
