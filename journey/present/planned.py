"""A plan against what is done, in sentences."""

from journey.analysis.planned import Compared, Planned
from journey.metrics import statistics
from journey.present.gaps import Gap, said
from journey.present.numbers import counted, interval, show
from journey.present.words import label, listed

_TOLD = {
    "conversion": ("convert", "journeys"),
    "satisfied": ("are satisfied (CSAT)", "answers"),
}
"""What is compared, as a verb and what it counts."""


def plan_in_words(found: Planned, minimum_n: int) -> list[str]:
    """What journeys do with the plan, in plain sentences; only counts where they are too few."""
    name = label(found.persona)
    planned = listed(label(step) for step in found.plan)
    if found.journeys < max(1, minimum_n):
        return [
            f"{name}, planned {planned}: {counted(found.journeys, 'journeys')}; "
            f"shares are shown from {minimum_n}."
        ]
    told = [
        f"{name}, planned {planned}: of {counted(found.journeys, 'journeys')} "
        f"{_share(found.follow, found.journeys)} follow the plan in its order "
        f"({_ends(found.follow, found.journeys)}), {_share(found.other_order, found.journeys)} "
        f"meet all of it in another, {_share(found.some, found.journeys)} some of it and "
        f"{_share(found.none, found.journeys)} none."
    ]
    most = min(found.steps, key=lambda step: (step.met, step.touchpoint))
    told.append(
        f"Most skipped is {label(most.touchpoint)}: "
        f"{_share(found.journeys - most.met, found.journeys)} do without it."
    )
    again = max(found.steps, key=lambda step: (step.repeated, step.touchpoint))
    if again.repeated:
        told.append(
            f"{_share(found.repeating, found.journeys)} repeat a planned touchpoint, most of all "
            f"{label(again.touchpoint)}."
        )
    if found.added:
        named = listed(
            f"{label(touchpoint)} {_share(journeys, found.journeys)}"
            for touchpoint, journeys in found.added[:3]
        )
        told.append(f"{_share(found.adding, found.journeys)} add what is not planned: {named}.")
    return told + [_goes_with(one, minimum_n) for one in found.compared]


def _goes_with(one: Compared, minimum_n: int) -> str:
    """What following goes with."""
    verb, noun = _TOLD[one.name]
    gap = one.gap(minimum_n)
    sides = (
        f"{counted(one.following[1], noun)} that follow the steps before an order and "
        f"{one.others[1]:,} that do not"
    )
    if gap is None:
        return f"{sides}: too few to say how many {verb}."
    found = Gap(*(100 * end for end in gap))
    verdict = "more than" if found.is_clear else "no more than"
    return (
        f"Of {sides}, {_share(*one.following)} and {_share(*one.others)} {verb}: "
        f"{said(found, 'percent')} where the plan is followed, {verdict} chance would explain. "
        "An association: whoever means to buy takes more steps."
    )


def _share(part: int, whole: int) -> str:
    """A share of journeys."""
    return show(part / whole, "percent")


def _ends(part: int, whole: int) -> str:
    """Its interval."""
    return interval(*statistics.wilson(part, whole), "percent")
