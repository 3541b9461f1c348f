"""The index, the silent and the money in words, and as rows of estimates."""

from collections.abc import Mapping, Sequence

from journey.analysis.experience.curve import Curve, turn
from journey.analysis.experience.drivers import Drivers
from journey.analysis.experience.money import Worth
from journey.analysis.experience.points import Point
from journey.analysis.experience.silence import Trait
from journey.present.captions.apart import Sized
from journey.present.captions.compared import compared
from journey.present.experience.curves import blend, index
from journey.present.experience.estimates import Estimate
from journey.present.numbers import MINUS, THIN, counted, show
from journey.present.words import escape_plotly, label, listed

TRAITS = {
    "orders_before": "Orders before",
    "value_before": "Money before",
    "order_value": "Value of the order",
    "delivery_days": "Days to delivery",
    "ordered_again": "Ordered again",
}
"""Number compared to its name."""


# ---- the experience index --------------------------------------------------------------------


def curve_answer(found: Sequence[Curve]) -> str:
    """Where each curve turns, in sentences."""
    said = []
    for curve in found:
        if any(point.value is not None for point in curve.stages):
            who = f"{label(curve.persona)}: " if curve.persona else ""
            turning = _turning(curve)
            said.append(f"{who}{turning}" if not who else f"{who}{turning[0].lower()}{turning[1:]}")
    return " ".join(said) or "Too few answers at every stage to say how it feels."


def _turning(curve: Curve) -> str:
    """The largest fall from one stage to the next, in words."""
    found = turn(curve)
    if found is None:
        return "It falls nowhere from one stage to the next."
    sure = "more" if found.is_sure else "no more"
    return (
        f"It turns between {label(found.before.stage)} and {label(found.after.stage)}: from "
        f"{index(found.before.value)} to {index(found.after.value)}, {sure} than chance would "
        "explain."
    )


def curve_foot(
    found: Sequence[Curve], minimum_n: int, draws: int, weights: Mapping[str, float]
) -> str:
    """What the index is, in words; our own index, and said to be."""
    equal = len(set(weights.values())) == 1
    count = "each answer counting once" if equal else "weighted as journey.toml declares"
    answers = sum(point.answers for curve in found for point in curve.stages)
    left = ""
    if len(found) > 1 or any(curve.persona for curve in found):
        left = " Friction is everyone's, so it has no part in a comparison."
    return (
        f"Our own index from {MINUS}2 to +2 of CSAT, NPS, CES, what was written and friction, "
        f"{count}; what is missing is not made up. {counted(answers, 'answers')}; "
        f"a value from {minimum_n}; ribbon: 95{THIN}% of {draws} samples of people. "
        f"Answers about the business as a whole have "
        f"no place on it, and it says nothing of those who stay silent.{left}"
    )


def index_rows(points: Sequence[Point]) -> list[Estimate]:
    """The touchpoints of a curve, the best first."""
    rows = sorted(
        points, key=lambda point: (point.value is None, -(point.value or 0.0), -point.answers)
    )
    return [
        Estimate(
            label(point.touchpoint),
            point.value,
            point.low or 0.0,
            point.high or 0.0,
            index(point.value),
            point.answers,
            "<br>".join(
                [
                    f"<b>{escape_plotly(label(point.touchpoint))}</b>",
                    f"<b>{index(point.value)}</b> ({index(point.low)} to {index(point.high)})",
                    f"{counted(point.answers, 'answers')} of {counted(point.people, 'people')}",
                    *blend(point),
                ]
            ),
        )
        for point in rows
    ]


def index_answer(points: Sequence[Point], minimum_n: int) -> str:
    """Which touchpoint feels best and which worst, in a sentence."""
    known = [
        Sized(label(one.touchpoint), one.value, one.low, one.high, one.answers)
        for one in points
        if one.value is not None and one.low is not None and one.high is not None
    ]
    told_of = {
        one.name: f"{index(one.value)} from {one.n:,.0f} ({index(one.low)} to {index(one.high)})"
        for one in known
    }
    return compared(known, told_of, f"No touchpoint has {minimum_n} answers yet.")


def drivers_answer(found: Drivers) -> str:
    """What matters most, in a sentence; said to be chance where it may be."""
    first = found.each[0]
    why = "more" if first.low > 0 or first.high < 0 else "no more"
    return (
        f"{label(first.touchpoint)} goes most with what people think of the business as a whole "
        f"(correlation {first.importance:.2f}, {counted(first.people, 'people')}), {why} than "
        "chance would explain."
    )


def drivers_foot(found: Drivers) -> str:
    """What several touchpoints explain together, and what importance is not."""
    said = []
    if (several := found.together) is not None:
        names = listed([label(one.touchpoint) for one in several.shares])
        best = several.shares[0]
        said.append(
            f"Together {names} explain {100 * several.r_squared:.0f}{THIN}% of that "
            f"(R², 95{THIN}%: {100 * several.low:.0f} to {100 * several.high:.0f}{THIN}%, "
            f"{several.people:,} people), {label(best.touchpoint)} {100 * best.value:.0f} points."
        )
    said.append("An association: nobody was made happier at random. Grey where it may be chance.")
    return " ".join(said)


# ---- the silent ------------------------------------------------------------------------------


def silence_rows(traits: Sequence[Trait], currency: str | None) -> list[Estimate]:
    """The differences of one touchpoint, the largest first, in standard deviations."""
    rows = [trait for trait in traits if trait.spread > 0]
    rows.sort(key=lambda one: (-one.stands_out, -abs(one.test.difference / one.spread)))
    return [_silence_row(trait, currency) for trait in rows]


def _silence_row(trait: Trait, currency: str | None) -> Estimate:
    """One difference as an estimate."""
    there, gone = (_amount(side, trait, currency) for side in (trait.answered, trait.silent))
    why = "more" if trait.stands_out else "no more"
    return Estimate(
        _trait(trait),
        trait.test.difference / trait.spread,
        trait.test.low / trait.spread,
        trait.test.high / trait.spread,
        f"{there} vs {gone}",
        trait.answered_people + trait.silent_people,
        "<br>".join(
            [
                f"<b>{escape_plotly(_trait(trait))}</b>",
                f"{escape_plotly(there)} of {trait.answered_people:,} who answered",
                f"{escape_plotly(gone)} of {trait.silent_people:,} silent",
                f"{why} than chance would explain",
            ]
        ),
        stands_out=trait.stands_out,
    )


def silence_answer(traits: Sequence[Trait]) -> str:
    """Whether those who answer are like those who do not, in a sentence."""
    loud = [trait for trait in traits if trait.stands_out]
    if not loud:
        return "Those who answer look like those who stay silent, as far as can be told."
    names = [_trait(one) for one in sorted(loud, key=lambda one: one.test.p)[:3]]
    return (
        f"Those who answer differ in {len(loud)} of {len(traits)} traits, surest in "
        f"{listed(names)}: the answers do not speak for everyone."
    )


def silence_foot() -> str:
    """How they were compared, and what that does not say."""
    return (
        "Answered vs silent, each person once, at the first time asked, within 14 days; "
        "the dots are standard deviations apart, grey where chance would explain it. By how much "
        "the score is off nobody can tell, for the silent gave none."
    )


def _trait(trait: Trait) -> str:
    """A trait's name."""
    return TRAITS[trait.name] if trait.of is None else label(trait.of)


def _amount(number: float, trait: Trait, currency: str | None) -> str:
    """A mean or share of a side."""
    if trait.unit == "number":
        return f"{number:.2f}"
    if trait.unit == "days":
        return f"{number:.1f} d"
    return show(number, trait.unit, None if trait.unit != "money" else currency)


# ---- money -----------------------------------------------------------------------------------


OUTCOMES = {
    "repeat": "Share that orders again, in points for each point of the score",
    "value": "Money, for each point of the score",
}
"""What a point may go with, in words."""


def worth_rows(found: Sequence[Worth], outcome: str, currency: str | None) -> list[Estimate]:
    """What a point goes with, by touchpoint and survey; `outcome` is `repeat` or `value`."""
    rows = []
    for one in found:
        slope = one.repeat if outcome == "repeat" else one.value
        name = f"{label(one.touchpoint)}, {one.survey.upper()}"
        times = 100.0 if outcome == "repeat" else 1.0
        if slope is None:
            hover = f"<b>{escape_plotly(name)}</b><br>{one.matched:,} matched orders, too few"
            rows.append(Estimate(name, None, 0.0, 0.0, "", one.matched, hover))
            continue
        low, high, middle = times * slope.low, times * slope.high, times * slope.value
        shown = _per_point(middle, outcome, currency)
        sure = low > 0 or high < 0
        rows.append(
            Estimate(
                name,
                middle,
                low,
                high,
                shown,
                one.matched,
                "<br>".join(
                    [
                        f"<b>{escape_plotly(name)}</b> on {one.scale[0]:g} to {one.scale[1]:g}",
                        f"one point more goes with <b>{escape_plotly(shown)}</b> "
                        f"({_per_point(low, outcome, None)} to {_per_point(high, outcome, None)})",
                        f"{one.matched:,} of {counted(one.cases, 'orders')} matched, "
                        f"{counted(one.people, 'people')}, {one.strata:,} strata",
                        "more than chance would explain"
                        if sure
                        else "no more than chance would explain",
                    ]
                ),
                stands_out=sure,
            )
        )
    return rows


def _per_point(number: float, outcome: str, currency: str | None) -> str:
    """A slope: points of the repeat rate, or money."""
    sign = MINUS if number < 0 else "+"
    if outcome == "repeat":
        return f"{sign}{abs(number):.1f} pts"
    amount = f"{abs(number):,.0f}" if abs(number) >= 100 else f"{abs(number):.2f}"
    return f"{sign}{currency + ' ' if currency else ''}{amount}"


def worth_answer(found: Sequence[Worth], currency: str | None) -> str:
    """Where a point more goes with more, or with less, than chance would explain."""
    said, known = [], 0
    for one in found:
        for outcome, slope in (("repeat", one.repeat), ("value", one.value)):
            if slope is None:
                continue
            known += 1
            if slope.low > 0 or slope.high < 0:
                times = 100.0 if outcome == "repeat" else 1.0
                amount = _per_point(times * slope.value, outcome, currency)
                amount = amount.replace(" pts", " points")
                what = "of repeat purchase" if outcome == "repeat" else "of later orders"
                said.append(
                    f"{amount} {what} (on {label(one.touchpoint)}, {one.survey.upper()}, "
                    f"{counted(one.matched, 'orders')})"
                )
    if not known:
        return "Too few orders with an answer have a match to compare with."
    if not said:
        return "No point more or less goes with a difference that chance would not explain."
    return f"One point more goes with {listed(said)}: more than chance would explain."


def worth_foot(found: Sequence[Worth], window_days: int, few: int) -> str:
    """What was matched, what is left out, and what the numbers are not."""
    left = f" {few} more have too few matches to be drawn." if few else ""
    orders, matched = sum(one.cases for one in found), sum(one.matched for one in found)
    return (
        f"An association, not an effect: orders are compared only with orders of the same entry "
        f"channel, quarter of first-order value and month. {matched:,} of "
        f"{counted(orders, 'answers')} to mature orders have such a match with another "
        f"score; {window_days} days after each order; "
        f"95{THIN}% intervals clustered by person; grey where chance would explain it.{left}"
    )
