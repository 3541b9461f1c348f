"""Next steps in plain words, and as rows."""

from collections.abc import Callable

import polars as pl

from journey.analysis.experiments.wording import percent, points, weeks
from journey.analysis.nextsteps.finding import EVERYONE, FEW, LESS, MORE, NONE, SAME, WAY, Step

GOES_ON = {
    "awareness": "went on to consider, or further",
    "consideration": "went on to decide, or further",
    "decision": "went on to buy",
    "purchase": "ordered again",
    "post_purchase": "ordered again",
}
"""Stage to what going on from it is."""

CAVEAT = (
    "An association among comparable journeys, not an effect: who does it may differ in ways "
    "nobody recorded. An experiment would settle it."
)


def sentence(step: Step, name: Callable[[str], str] = str) -> str:
    """One step, numbers first; `name` says touchpoints, stages and channels as readers do."""
    who = "" if step.persona == EVERYONE else f"{step.persona}, "
    place = f"{who}{name(step.stage).lower()}: after {name(step.next)}"
    if step.effect is None or step.rate is None or step.base is None:
        return f"{place}, {step.matched:,} of {step.journeys:,} journeys matched: too few to tell."
    side = "more" if step.effect[0] > 0 else "fewer"
    verb = {
        MORE: "more went on",
        LESS: "fewer went on",
        SAME: f"{side} went on than of the rest, but no other than after steps of its sort",
        NONE: "no difference to tell from chance",
        WAY: "a step on the way that most who go on take",
    }[step.verdict]
    return (
        f"{place}, {verb}: {percent(step.rate)} {GOES_ON[step.stage]}, against "
        f"{percent(step.base)} of comparable journeys, {points(step.effect)}. "
        f"{settling(step)}"
    ).strip()


def settling(step: Step) -> str:
    """The experiment that would settle it."""
    if step.needed is None:
        return ""
    time = f", {weeks(step.weeks)} at this traffic," if step.weeks is not None else ""
    people = f"{step.needed:,} people{time}"
    return f"An experiment with {people} would settle it, were the effect as large."


def table(steps: tuple[Step, ...]) -> pl.DataFrame:
    """A row for each step; differences in points, shares in percent."""
    return pl.DataFrame(
        [
            {
                "persona": step.persona,
                "stage": step.stage,
                "next": step.next,
                "verdict": step.verdict,
                "journeys": step.journeys,
                "matched": step.matched,
                "unmatched_percent": 100 * step.unmatched,
                "controls": step.controls,
                "rate": _hundred(step.rate),
                "base": _hundred(step.base),
                **_interval("points", step.effect),
                "p_value": step.chance,
                "naive_points": _hundred(step.naive),
                **_interval("against_others_points", step.against_others),
                "experiment_people": step.needed,
                "experiment_weeks": step.weeks,
            }
            for step in steps
        ],
        schema={
            **dict.fromkeys(("persona", "stage", "next", "verdict"), pl.String),
            **dict.fromkeys(("journeys", "matched"), pl.Int64),
            "unmatched_percent": pl.Float64,
            "controls": pl.Int64,
            **dict.fromkeys(("rate", "base"), pl.Float64),
            **{f"points{end}": pl.Float64 for end in _ENDS},
            **dict.fromkeys(("p_value", "naive_points"), pl.Float64),
            **{f"against_others_points{end}": pl.Float64 for end in _ENDS},
            "experiment_people": pl.Int64,
            "experiment_weeks": pl.Float64,
        },
    )


_ENDS = ("", "_low", "_high")


def _interval(name: str, value: tuple[float, float, float] | None) -> dict[str, float | None]:
    """A difference and its ends as three columns, in points."""
    return {
        f"{name}{end}": _hundred(number)
        for end, number in zip(_ENDS, value or (None, None, None), strict=True)
    }


def _hundred(share: float | None) -> float | None:
    """A share in percent."""
    return None if share is None else 100 * share


def summary(steps: tuple[Step, ...]) -> str:
    """How many candidates there were and what was called."""
    judged = [step for step in steps if step.verdict not in (FEW, WAY)]
    called = sum(step.verdict in (MORE, LESS) for step in judged)
    return (
        f"{len(steps):,} steps looked at, {len(judged):,} with enough journeys, {called:,} told "
        "from chance (at most one in ten of them false) and from others of their sort."
    )
