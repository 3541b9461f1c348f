"""A read-out in plain words: the verdict first, the numbers next, the doubts last."""

from collections.abc import Sequence

from journey.analysis.experiments.lift import Interval
from journey.analysis.experiments.readout import (
    BETTER,
    DISTRUST,
    EARLY,
    NONE,
    TRUST,
    WORSE,
    Comparison,
    Readout,
)

_MINUS = "−"

LOOKING = (
    "The interval is made for one look at a size settled beforehand: who looks often and stops at "
    "the first good day is fooled more often than once in twenty times. The always-valid interval "
    "holds however often one looks."
)
"""What to say of looking often."""

SUBGROUPS = (
    "Groups are for questions, not for answers: with five groups one in four such tables shows a "
    "difference that is not there. Those marked stand when all groups are looked at together (at "
    "most one in ten of them wrong). A persona told by a rule over orders is itself an outcome."
)
"""The warning beneath groups."""


def goal(readout: Readout) -> str:
    """What counts as a conversion, in words."""
    if readout.goal is None:
        return "order"
    return readout.goal.replace("_", " ")


def answer(readout: Readout, one: Comparison) -> str:
    """The verdict on one arm in a sentence, with its numbers."""
    names = f"{one.arm.name} against {one.control.name}"
    if one.verdict == DISTRUST:
        return f"{names}: do not trust it. {ratio(readout)}"
    if one.lift is None:
        return f"{names}: too early. Nobody in one of the arms has had {_days(readout)} yet."
    share, base = (part / whole for part, whole in (one.arm.share, one.control.share))
    numbers = (
        f"{percent(share)} of {one.arm.people:,} reached the goal ({goal(readout)}) within "
        f"{_days(readout)}, against {percent(base)} of {one.control.people:,}: "
        f"{points(one.lift)}"
    )
    said = {
        BETTER: f"{names}: better, more than chance would explain.",
        WORSE: f"{names}: worse, more than chance would explain.",
        NONE: f"{names}: no difference to tell from chance.",
        EARLY: f"{names}: too early to say.",
    }[one.verdict]
    return f"{said} {numbers}."


def ratio(readout: Readout) -> str:
    """The sample-ratio check in a sentence."""
    told = readout.ratio
    counted = {arm.name: arm.assigned for arm in readout.counted.arms}
    if told.unplanned:
        return (
            f"Sample ratio: {_row(told.unplanned)} is in the data but not in the planned split. "
            "Mend the split in journey.toml, or find where the arm comes from."
        )
    seen = _row([f"{counted.get(arm, 0):,} in {arm}" for arm in told.expected])
    meant = _row([f"{people:,.0f}" for people in told.expected.values()])
    if told.holds:
        return f"Sample ratio: {seen}; planned {meant}. It holds ({chance(told.chance)})."
    return (
        f"Sample ratio: {seen}, but {meant} were planned, which chance does less than once in "
        f"{1 / TRUST:,.0f} times ({chance(told.chance)}). Something decided who was counted: look "
        "for lost events, bots, redirects or a changed split before reading on."
    )


def mature(readout: Readout) -> str:
    """Who counts, and who does not yet."""
    assigned, people = readout.counted.assigned, readout.people
    if people == assigned:
        return f"All {assigned:,} people have had {_days(readout)}."
    return (
        f"{people:,} of {assigned:,} people have had {_days(readout)} since they were assigned; "
        f"the other {assigned - people:,} do not count yet."
    )


def crossed(readout: Readout) -> str:
    """Those seen in two arms, and what becomes of them."""
    if not readout.crossed:
        return "Nobody was seen in two arms."
    share = readout.crossed / readout.counted.assigned
    told = (
        f"{readout.crossed:,} people ({percent(share)}) were seen in two arms; they count in the "
        "first, as they were randomised."
    )
    kept = [
        f"{one.arm.name} {points(one.kept)}" for one in readout.comparisons if one.kept is not None
    ]
    return f"{told} Without them: {'; '.join(kept)}." if kept else told


def size(readout: Readout, one: Comparison) -> str:
    """What this experiment could show, and what it would take to show what was seen."""
    if one.smallest is None:
        return "There are too few people to say what this experiment could show."
    told = (
        f"With {one.arm.people + one.control.people:,} people, a rise of "
        f"{one.smallest * 100:.1f} points would be found in four of five such experiments."
    )
    if one.needed is None or one.lift is None or one.more is None:
        return told
    apart = f"one of {abs(one.lift[0]) * 100:.1f} points"
    if not one.more:
        return f"{told} These are enough people for {apart}, as seen."
    time = f", {weeks(long)} at this traffic" if (long := readout.weeks_for(one.more)) else ""
    return f"{told} To find {apart}, as seen, {one.more:,} more are needed{time}."


def money(one: Comparison, currency: str | None) -> str:
    """Money a person; empty where there is nothing to tell."""
    if one.revenue is None or not (one.arm.revenue.squares or one.control.revenue.squares):
        return ""
    unit = f"{currency} " if currency else ""
    return (
        f"{unit}{one.arm.revenue.mean or 0.0:,.2f} against {one.control.revenue.mean or 0.0:,.2f} "
        f"a person: {_signed(one.revenue[0], 2)} ({_ends(one.revenue, 2)})."
    )


def visits(one: Comparison) -> str:
    """Visits a person begun after the assignment; empty where there is nothing to tell."""
    if one.visits is None or not (one.arm.visits.squares or one.control.visits.squares):
        return ""
    return (
        f"{one.arm.visits.mean or 0.0:.2f} against {one.control.visits.mean or 0.0:.2f} a person: "
        f"{_signed(one.visits[0], 2)} ({_ends(one.visits, 2)})."
    )


def relative(one: Comparison) -> str:
    """The relative lift with its interval; empty where there is none."""
    if one.relative is None:
        return ""
    value, low, high = (None if end is None else 100 * end for end in one.relative)
    top = "no upper end" if high is None else f"{_signed(high, 1)} %"
    return f"Relative: {_signed(value or 0.0, 1)} % (95 %: {_signed(low or 0.0, 1)} to {top})."


def looking(one: Comparison) -> str:
    """What to think of looking often, with the interval that allows it."""
    if one.always_valid is None:
        return f"{LOOKING} There are too few cases for it."
    return f"{LOOKING} Here: {points(one.always_valid)}."


def groups(readout: Readout, one: Comparison) -> str:
    """What the groups say together."""
    standing = [group.name for group in one.groups if group.is_real]
    told = f"By {readout.by}: "
    verb = "stands" if len(standing) < 2 else "stand"
    told += f"{_row(standing) or 'none'} {verb} out from chance. "
    if one.differ is not None:
        told += (
            "The lifts differ from group to group by more than chance would explain "
            if one.differ < 0.05
            else "The lifts differ no more from group to group than chance would explain "
        ) + f"({chance(one.differ)}). "
    return told.rstrip()


def told(readout: Readout, currency: str | None) -> list[str]:
    """The whole read-out, a sentence or two a line. A failed sample ratio is told before all else,
    and nothing that rests on the arms is told after it but the numbers themselves."""
    lines = [answer(readout, one) for one in readout.comparisons]
    if not readout.comparisons:
        lines = ["There is one arm only, so there is nothing to compare."]
    if not readout.ratio.holds:
        return [ratio(readout), mature(readout), crossed(readout)]
    lines += [ratio(readout), mature(readout), crossed(readout)]
    for one in readout.comparisons:
        head = f"{one.arm.name}: " if len(readout.comparisons) > 1 else ""
        told = [
            relative(one),
            f"Revenue {paid}" if (paid := money(one, currency)) else "",
            f"Visits after it {came}" if (came := visits(one)) else "",
        ]
        if any(told):
            lines += [f"{head}{' '.join(part for part in told if part)}"]
        lines += [f"{head}{size(readout, one)}"]
        lines += [f"{head}{groups(readout, one)}"]
    if any(one.groups for one in readout.comparisons):
        lines.append(SUBGROUPS)
    return lines + [looking(one) for one in readout.comparisons[:1]]


def percent(share: float) -> str:
    """A share for a sentence: one decimal, two below 2 %.

    >>> percent(0.1828), percent(0.0057)
    ('18.3 %', '0.57 %')
    """
    return f"{100 * share:.{1 if share >= 0.02 else 2}f} %"


def points(apart: Interval) -> str:
    """A difference of shares with its interval.

    >>> points((0.0766, 0.0700, 0.0832))
    '+7.7 points (95 %: +7.0 to +8.3)'
    """
    places = 1 if abs(apart[0]) >= 0.01 or apart[2] - apart[1] >= 0.02 else 2
    whole = tuple(100 * end for end in apart)
    return f"{_signed(whole[0], places)} points ({_ends((whole[0], whole[1], whole[2]), places)})"


def weeks(number: float) -> str:
    """A time in weeks, or years where that is long.

    >>> weeks(0.4), weeks(1.2), weeks(7.6), weeks(260)
    ('less than a week', 'about a week', 'about 8 weeks', 'about 5 years')
    """
    if number < 1:
        return "less than a week"
    if number < 1.5:
        return "about a week"
    return f"about {number:,.0f} weeks" if number < 104 else f"about {number / 52:,.0f} years"


def chance(p: float) -> str:
    """A p-value in words.

    >>> chance(0.768), chance(0.00001)
    ('p = 0.77', 'p < 0.001')
    """
    return "p < 0.001" if p < 0.001 else f"p = {p:.2g}"


def _ends(interval: Interval, places: int) -> str:
    """The ends of an interval."""
    return f"95 %: {_signed(interval[1], places)} to {_signed(interval[2], places)}"


def _signed(value: float, places: int) -> str:
    """A number with its sign, never minus nothing."""
    text = f"{value:+,.{places}f}"
    return text.lstrip("+-") if not float(text.replace(",", "")) else text.replace("-", _MINUS)


def _days(readout: Readout) -> str:
    """The window."""
    return f"{readout.window_days} days"


def _row(values: Sequence[str]) -> str:
    """Words in a row."""
    return " and ".join([", ".join(values[:-1]), values[-1]] if len(values) > 1 else values)
