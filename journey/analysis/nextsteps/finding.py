"""Next steps: for each persona and stage, what came next where comparable journeys went on more.

Every journey stands at a stage at one moment: when it first got that far. What it did next is its
next touch. Journeys whose next touch was X are held against those that stood at the same place and
did something else next, or nothing: the same persona, entry channel, device, number of touches so
far (in bands) and month, exactly matched. The clock starts at that moment for both, so nobody owes
a success to having lived to see X (no immortal time); X itself never counts as going on, only what
comes after it, and a journey whose next touch already went on counts among those without X.

X must be possible before going on: touches of a later stage, and those after a purchase, are no
candidates before one. What most of those who go on do anyway on the way, as a checkout before an
order, is no advice and is not judged. Doing anything at all goes with going on more than leaving
does; so each X is also held against those only who did something else without going on at once,
and in the same way: still in the visit, or coming back in another. It is called only where both
say the same.

This is an association. Who does X may differ in ways that nobody recorded; each row says what
experiment would settle it. Personas told by a rule that looks at orders already know the outcome.
"""

from collections.abc import Collection
from dataclasses import dataclass
from math import erfc, sqrt

import polars as pl

from journey.analysis.experiments.power import people_needed
from journey.analysis.nextsteps.counting import Counted, count
from journey.analysis.nextsteps.matching import differences
from journey.config import STAGES, Config
from journey.errors import MetricError, suggest
from journey.metrics import statistics
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

MORE, LESS, NONE, FEW, SAME, WAY = (
    *("more often", "less often", "no difference to tell from chance", "too few"),
    *("no different from others of its sort", "a step on the way"),
)

EVERYONE = "Everyone"

_STRATUM = ["stage", "persona", "entry_channel", "device", "band", "month"]

FALSE_SHARE = 0.10
"""Of the steps called, at most this share may be false."""


@dataclass(frozen=True)
class Step:
    """One candidate at one place. Shares are shares: 0.01 is one point."""

    persona: str
    """EVERYONE where all are looked at together."""
    stage: str
    next: str
    journeys: int
    """That did it next."""
    matched: int
    """Of them, with comparable journeys that did not."""
    controls: int
    naive: float | None
    """The difference without matching, to see what matching does."""
    effect: tuple[float, float, float] | None
    """Matched, with its 95 % interval; None where there are too few."""
    rate: float | None
    base: float | None
    """The shares that went on with it and without, weighted alike."""
    chance: float | None
    against_others: tuple[float, float, float] | None
    """The same against those only who did something else."""
    verdict: str
    needed: int | None
    """People in two equal arms that would settle it, in four of five experiments."""
    weeks: float | None
    """How long so many take to come to the place."""

    @property
    def unmatched(self) -> float:
        """The share without anyone comparable."""
        return 1 - self.matched / self.journeys if self.journeys else 0.0


@dataclass(frozen=True)
class NextSteps:
    """All candidates of one frame, the surest first."""

    over: str
    by_persona: bool
    steps: tuple[Step, ...]
    stood: int
    """Journeys at places, all together."""

    def at(self, persona: str | None = None, stage: str | None = None) -> tuple[Step, ...]:
        """Those of a persona and a stage; None leaves all."""
        return tuple(
            step
            for step in self.steps
            if persona in (None, step.persona) and stage in (None, step.stage)
        )


def next_steps(
    engine: Engine,
    config: Config,
    filters: Filters,
    over: str = "touchpoint",
    by_persona: bool = False,
) -> NextSteps:
    """All candidates of a frame, counted and judged. Raises MetricError where the question takes
    too long."""
    return of(count(engine, filters, over), config.minimum_n, by_persona)


def of(counted: Counted, minimum_n: int, by_persona: bool = False) -> NextSteps:
    """All candidates at all places: personas one by one, or everyone together (persona stays part
    of what is matched)."""
    return judge(counted.cells, minimum_n, counted.over, by_persona, counted.usual)


def judge(
    cells: pl.DataFrame,
    minimum_n: int,
    over: str = "touchpoint",
    by_persona: bool = False,
    usual: Collection[tuple[object, ...]] = (),
) -> NextSteps:
    """All candidates of counted journeys: rows of the columns that make people comparable, `kind`
    (`candidate`, `other`, `further` where the next touch already went on, `none`), `next` of a
    candidate, `is_return` where it opened another visit, `stood` and `went_on`, `first_on` and
    `last_on`. `usual` are stages with the steps on the way there, which are not judged.
    """
    who = pl.col("persona") if by_persona else pl.lit(EVERYONE)
    cells = cells.with_columns(who=who)
    if cells.is_empty():
        return NextSteps(over, by_persona, (), 0)
    found = _compared(cells)
    weekly = _weekly(cells)
    enough = (pl.col("matched") >= minimum_n) & (pl.col("controls") >= minimum_n)
    rows = found.with_columns(enough=enough & pl.col("value").is_not_null()).to_dicts()
    for row in rows:
        row["on_the_way"] = (row["stage"], row["next"]) in usual
    judged = [row for row in rows if row["enough"] and not row["on_the_way"]]
    chances = [_chance(row["value"], row["error"]) for row in judged]
    real = iter(statistics.discoveries(chances, FALSE_SHARE))
    steps = []
    for row in rows:
        is_real = row["enough"] and not row["on_the_way"] and next(real)
        steps.append(_step(row, is_real, weekly.get((row["who"], row["stage"]), 0.0)))
    steps.sort(key=_order)
    return NextSteps(over, by_persona, tuple(steps), int(cells["stood"].sum()))


def check(engine: Engine, persona: str | None, stage: str | None) -> None:
    """Raise MetricError where there is no such persona or stage."""
    for kind, value, known in (
        ("persona", persona, engine.segments()["persona"]),
        ("stage", stage, list(STAGES[:-1])),
    ):
        if value is not None and value not in known:
            raise MetricError(
                f"There is no {kind} {value!r}.{suggest(value, known)} "
                f"There are: {', '.join(known[:20])}."
            )


def _compared(cells: pl.DataFrame) -> pl.DataFrame:
    """Both comparisons of every candidate, a row each."""
    key, place = ["who", "stage", "next"], ["who", *_STRATUM]
    others = pl.col("kind").is_in(["candidate", "other"])
    value = ("value", "low", "high")
    second = differences(_against(cells.filter(others), [*place, "is_return"]), key)
    return differences(_against(cells, place), key).join(
        second.select(*key, *(pl.col(name).alias(f"other_{name}") for name in value)),
        on=key,
        how="left",
        maintain_order="left",
    )


def _against(cells: pl.DataFrame, place: list[str]) -> pl.DataFrame:
    """Each candidate at each place against all others there, as strata."""
    counted = pl.col("stood").sum(), pl.col("went_on").sum()
    rest = cells.group_by(place).agg(all_n=counted[0], all_on=counted[1])
    return (
        cells.filter(pl.col("kind") == "candidate")
        .group_by([*place, "next"])
        .agg(with_n=counted[0], with_on=counted[1])
        .join(rest, on=place)
        .with_columns(
            without_n=pl.col("all_n") - pl.col("with_n"),
            without_on=pl.col("all_on") - pl.col("with_on"),
        )
        .sort([*place, "next"])
    )


def _weekly(cells: pl.DataFrame) -> dict[tuple[str, str], float]:
    """Journeys a week that come to each place."""
    found = cells.group_by("who", "stage").agg(
        stood=pl.col("stood").sum(),
        days=(pl.col("last_on").max() - pl.col("first_on").min()).dt.total_days() + 1,
    )
    return {
        (str(who), str(stage)): 7 * int(stood) / int(days)
        for who, stage, stood, days in found.iter_rows()
    }


def _step(row: dict[str, object], is_real: bool, weekly: float) -> Step:
    """One candidate with its verdict and the experiment it would take."""

    def interval(prefix: str) -> tuple[float, float, float] | None:
        ends = [row[f"{prefix}{name}"] for name in ("value", "low", "high")]
        value, low, high = (None if end is None else float(str(end)) for end in ends)
        if value is None or low is None or high is None:
            return None
        return value, low, high

    effect = interval("") if row["enough"] else None
    others = interval("other_") if row["enough"] else None
    rate, base, naive = (
        None if row[name] is None else float(str(row[name])) for name in ("rate", "base", "naive")
    )
    needed = None
    if effect is not None and not row["on_the_way"] and base is not None and rate is not None:
        each = people_needed(min(max(base, 0.0), 1.0), min(max(rate, 0.0), 1.0))
        needed = None if each is None else 2 * each
    return Step(
        persona=str(row["who"]),
        stage=str(row["stage"]),
        next=str(row["next"]),
        journeys=int(str(row["all_with"])),
        matched=int(str(row["matched"])),
        controls=int(str(row["controls"])),
        naive=naive,
        effect=effect,
        rate=rate if effect else None,
        base=base if effect else None,
        chance=_chance(row["value"], row["error"]) if effect else None,
        against_others=others,
        verdict=WAY if row["on_the_way"] else _verdict(effect, others, is_real),
        needed=needed,
        weeks=needed / weekly if needed and weekly else None,
    )


def _verdict(
    effect: tuple[float, float, float] | None,
    others: tuple[float, float, float] | None,
    is_real: bool,
) -> str:
    """What may be said: both comparisons must agree."""
    if effect is None:
        return FEW
    if not is_real:
        return NONE
    if others is not None and effect[0] > 0 and others[1] > 0:
        return MORE
    if others is not None and effect[0] < 0 and others[2] < 0:
        return LESS
    return SAME


def _order(step: Step) -> tuple[object, ...]:
    """Those called first, the surest of them first: by the end of the interval nearer to nothing,
    since the largest of many estimates is the luckiest. Ties by name."""
    rank = (MORE, LESS, SAME, NONE, WAY, FEW).index(step.verdict)
    _, low, high = step.effect or (0.0, 0.0, 0.0)
    return rank, -max(low, -high), step.persona, STAGES.index(step.stage), step.next


def _chance(value: object, error: object) -> float:
    """The two-sided p-value of a difference with its standard error; 1 without any spread."""
    size, spread = abs(float(str(value))), float(str(error))
    return erfc(size / spread / sqrt(2)) if spread > 0 else 1.0
