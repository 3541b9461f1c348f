"""Who comes back, in pictures and sentences: the curve, the lifecycle, the repeat measures."""

from collections.abc import Sequence

import polars as pl

from journey.analysis.retention.cohorts import Retention
from journey.analysis.retention.settings import FIRST, ON, ZERO, Settings
from journey.annotations.annotation import Annotation
from journey.metrics.answer import Total
from journey.metrics.statistics import wilson
from journey.present import elapsed, frames, timeaxis
from journey.present.captions.apart import Sized
from journey.present.captions.compared import compared
from journey.present.elapsed import Axes, Course, Point
from journey.present.endlabels import EndLabel, end_labels
from journey.present.numbers import counted, interval, show
from journey.present.palette import MOST_COLOURS, Palette
from journey.present.sheet import Sheet
from journey.present.words import escape_plotly, label

HEIGHT = 300


def curve(found: Retention, palette: Palette, minimum_n: int) -> Sheet:
    """The weighted mean of each bucket as a line, or a line for each value of the segment."""
    s = found.settings
    rows = found.means if found.by is None else found.by
    groups = {"All": rows} if found.by is None else _parts(rows, s.by or "")
    courses = [_course(name, own, minimum_n) for name, own in groups.items()]
    courses = sorted(courses, key=lambda one: -one.n)[:MOST_COLOURS]
    ticks = tuple(
        (float(n), f"{s.edges[n]}" if s.edges[n + 1] == s.edges[n] + 1 else _span(s, n))
        for n in range(len(s.edges) - 1)
    )
    last = max((point.at for one in courses for point in one.points), default=0)
    axes = Axes(
        palette,
        s.by or "all",
        f"{s.unit}s_since_the_start",
        "percent",
        "people",
        height=HEIGHT,
        ticks=tuple(tick for tick in ticks if tick[0] <= last),
    )
    return elapsed.picture(courses, axes, minimum_n)


def _parts(rows: pl.DataFrame, by: str) -> dict[str, pl.DataFrame]:
    """The rows of each value of the segment, in their order."""
    names = rows[by].unique(maintain_order=True)
    return {name: rows.filter(pl.col(by) == name) for name in names}


def _course(name: str, rows: pl.DataFrame, minimum_n: int) -> Course:
    """The means of one group, in order of bucket."""
    points = tuple(
        Point(float(n), row["share"], row["low"], row["high"], row["of"])
        for n, row in enumerate(rows.to_dicts())
        if row["of"] >= minimum_n
    )
    return Course(name, points, points[0].n if points else 0)


def _span(s: Settings, number: int) -> str:
    """A bracket in a few signs."""
    return f"{s.edges[number]}–{s.edges[number + 1] - 1}"


def answer(found: Retention, minimum_n: int) -> str:
    """The curve in a sentence: where it begins, where it ends."""
    means = found.means.filter(pl.col("of") >= minimum_n).to_dicts()
    if not means:
        return "No cell is complete with enough people yet."
    parts = []
    for mean in [means[0], means[-1]] if len(means) > 1 else means:
        doubt = ""
        if mean["low"] is not None:
            doubt = f" (95 %: {interval(mean['low'], mean['high'], 'percent')})"
        parts.append(
            f"{mean['bucket'].capitalize()}: {show(mean['share'], 'percent')}{doubt} of "
            f"{mean['of']:,.0f}"
        )
    why = ""
    if found.settings.reference != ZERO:
        why = " Shares of the period before are no parts of one whole, so they have no interval."
    elif found.settings.cohorts != FIRST:
        why = " People count in several cohorts, so there is no interval."
    return "; ".join(parts) + f".{why}"


def cohorts_answer(found: Retention, minimum_n: int) -> str:
    """Whether cohorts differ in the bucket in which most come back, in a sentence; where shares
    have no interval, how the means run."""
    s = found.settings
    whole = found.cells.filter("is_complete", pl.col("of") >= minimum_n)
    several = whole.group_by("from_unit").len().filter(pl.col("len") > 1)["from_unit"]
    means = found.means.filter(pl.col("from_unit").is_in(several.to_list()))
    if means.is_empty() or s.reference != ZERO or s.cohorts != FIRST:
        return answer(found, minimum_n)
    # Shares that only rise or fall as time goes by tell most where the most time has passed.
    order = ["share" if s.mode == ON else "from_unit"]
    bucket = means.sort(order, descending=True).row(0, named=True)
    form = "%B %Y" if s.every == "month" else "%d %b %Y"
    values, told_of = [], {}
    for row in whole.filter(from_unit=bucket["from_unit"]).sort("cohort").iter_rows(named=True):
        name = row["cohort"].strftime(form).lstrip("0")
        low, high = wilson(row["came_back"], row["of"])
        values.append(Sized(name, row["share"], low, high, row["of"]))
        told_of[name] = (
            f"{show(row['share'], 'percent')} of {row['of']:,} ({interval(low, high, 'percent')})"
        )
    said = compared(values, told_of, "")
    return f"{bucket['bucket'].capitalize()}: {said[0].lower()}{said[1:]}"


_LIFE = {"returning": 4, "resurrected": 2, "new": 0}
"""The active from the bottom up, and their step of the stages' hue."""


def lifecycle(
    rows: pl.DataFrame, palette: Palette, unit: str, notes: Sequence[Annotation] = ()
) -> Sheet:
    """Bars: the active stacked upwards, those who went dormant hanging below."""
    if rows.is_empty():
        return frames.nothing(palette, HEIGHT)
    dates = rows["interval"].to_list()
    sheet = frames.canvas(palette, HEIGHT, top=26)
    top, bottom = rows["active"].max() or 1, rows["dormant"].max() or 0
    sheet.update_yaxes(
        range=[-1.08 * float(bottom), 1.08 * float(top)],  # type: ignore[arg-type]
        nticks=6, showgrid=True, gridcolor=palette.line, separatethousands=True,
        ticklabelstandoff=6, zeroline=True, zerolinecolor=palette.muted,
    )  # fmt: skip
    timeaxis.axis(sheet, palette, dates, unit, notes)
    frames.note(
        sheet, palette, f"people a {unit}", x=0, y=1, xanchor="left", yanchor="bottom", yshift=4
    )
    colours = {state: palette.stages[step] for state, step in _LIFE.items()}
    colours["dormant"] = palette.other
    opacity = [1 if done else 0.45 for done in rows["is_complete"]]
    labels, base = [], 0.0
    for state, colour in colours.items():
        values = rows[state].to_list()
        signed = [-value for value in values] if state == "dormant" else values
        sheet.add_bar(
            x=dates,
            y=signed,
            marker={"color": colour, "opacity": opacity, "line": {"width": 0}},
            text=[
                f"<b>{value:,}</b> {state}<br>{escape_plotly(frames.moment(when, unit))}"
                f"{'' if done else ', not over yet'}"
                for value, when, done in zip(values, dates, rows["is_complete"], strict=True)
            ],
            textposition="none",
            hoverinfo="text",
            name=state,
        )
        if state == "dormant":
            labels.append(EndLabel(signed[-1] / 2, label(state), palette.text, swatch=colour))
        else:
            at = base + signed[-1] / 2
            labels.append(EndLabel(at, label(state), palette.text, swatch=colour))
            base += signed[-1]
    end_labels(sheet, labels, HEIGHT)
    sheet.update_layout(barmode="relative", hovermode="closest")
    return sheet


def lifecycle_answer(rows: pl.DataFrame, unit: str) -> str:
    """The last interval that is over, in a sentence."""
    over = rows.filter("is_complete")
    if over.is_empty():
        return f"No {unit} of the period is over yet."
    last = over.row(-1, named=True)
    gained = last["new"] + last["resurrected"]
    balance = "more than" if gained > last["dormant"] else "fewer than"
    if gained == last["dormant"]:
        balance = "as many as"
    cut = "" if over.height == rows.height else f" The last {unit} is not over: many still come."
    return (
        f"{frames.moment(last['interval'], unit).capitalize()}: "
        f"{counted(last['active'], 'active people')}, of them {last['new']:,} new, "
        f"{last['returning']:,} returning and {last['resurrected']:,} resurrected; "
        f"{last['dormant']:,} of the {unit} before went dormant, {balance} came or came back."
        f"{cut}"
    )


LIFECYCLE_NOTES = (
    "New: the first of all. Returning: active in the interval before too. Resurrected: active "
    "earlier, but not in the interval before. Dormant: active in the interval before and not in "
    "this one. So active = new + returning + resurrected, and dormant = active before - returning."
)


def repeat_words(cohort: Total | None, strict: Total | None, returning: Total | None) -> list[str]:
    """The three repeat measures, what each asks, and why they differ."""
    said = []
    for total, told in (
        (
            cohort,
            "{} of {} first-time buyers ordered again within their repeat window. It gives each "
            "buyer the same time, so it is the one to steer by.",
        ),
        (
            strict,
            "{} of the {} identified buyers of the period ordered more than once in it. It grows "
            "with the length of the period.",
        ),
        (
            returning,
            "{} of {} buyers, month by month, had bought in an earlier month. It falls when new "
            "buyers are won, so it is no measure of loyalty by itself.",
        ),
    ):
        if total is not None and total.whole:
            said.append(told.format(show(total.value, "percent"), f"{total.whole:,.0f}"))
    return said
