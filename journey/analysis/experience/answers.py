"""What an answer is worth under each way of summing up, and which answers are summed up together.

Answers on different scales are never averaged as they are: one scale is chosen, or all are put on
one from 0 to 100, and either is said. Relational and transactional NPS never share a number.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from journey.errors import MetricError, suggest
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.surveys import METHODS, Survey, Surveys

GROUPS = {
    "touchpoint": "case when kind = 'relational' then 'relationship' else about_touchpoint end",
    "stage": "case when kind = 'relational' then 'relationship' else stage end",
    "channel": "entry_channel",
    "persona": "persona",
    "device": "device",
    "country": "country",
    "month": "date_trunc('month', answered_on)::date",
    "week": "date_trunc('week', answered_on)::date",
}
"""What answers can be told apart by, and the SQL that tells them apart."""

KINDS = ("relational", "transactional")
"""Kinds of NPS: of the business as a whole, and of one touchpoint."""

NPS_SCALE = (0.0, 10.0)

_EASE = "case when is_up then score else scale_min + scale_max - score end"
_HIGH = (
    f"case when scale_max = 7 then ({_EASE}) >= 5 else ({_EASE}) > (scale_min + scale_max) / 2 end"
)
_NET_HIGH = _HIGH.replace(">= 5", ">= 6")
_NET_LOW = f"({_EASE}) < (scale_min + scale_max) / 2"

WORTH: Mapping[tuple[str, str], str] = {
    ("csat", "top_boxes"): "(score >= scale_max - 1)::integer",
    ("csat", "mean"): "score",
    ("csat", "sum_of_maximum"): "score / scale_max",
    ("nps", "net"): "case when score >= 9 then 1 when score >= 7 then 0 else -1 end",
    ("nps", "promoters"): "(score >= 9)::integer",
    ("ces", "mean"): "score",
    ("ces", "agree"): f"({_HIGH})::integer",
    ("ces", "net"): f"case when {_NET_HIGH} then 1 when {_NET_LOW} then -1 else 0 end",
}
"""Survey and way of summing up to what one answer is worth: definitions.md §3 to §5.

On a scale that is not 1 to 7, who agrees with CES is above the middle of the scale, and who does
not is below it. On a scale that runs down, ease is the score counted from the other end.
"""

SHARES = {("csat", "top_boxes"), ("nps", "promoters"), ("ces", "agree")}
NETS = {("nps", "net"), ("ces", "net")}
"""Which ways give a share of answers, and which a share less another; the others are means."""


@dataclass(frozen=True)
class Chosen:
    """Which answers are summed up, and how."""

    survey: str
    method: str
    by: str
    kind: str | None
    """Relational or transactional, for NPS; both for other surveys."""
    scale: tuple[float, float] | None
    """The scale of the answers that count; None means all, put on one scale from 0 to 100."""
    is_up: bool
    """Whether a higher score is the better one on this scale."""
    answers: Mapping[tuple[float, float], int]
    """Scale to the answers on it in the period; those on another scale do not count."""
    kinds: Mapping[str, int]
    """Kind to the answers of it in the period."""


def choose(
    engine: Engine,
    surveys: Surveys,
    filters: Filters,
    survey: str,
    *,
    by: str = "touchpoint",
    method: str | None = None,
    kind: str | None = None,
    scale: str | None = None,
) -> Chosen:
    """Settle what was left open: the declared way of summing up, the declared scale or, without
    a declaration, the one most answers are on, and for NPS the kind that makes the headline.

    `scale` is like `1-5`, or `all`. Raises MetricError for a choice that there is not.
    """
    _check("survey", survey, tuple(METHODS))
    _check("group", by, tuple(GROUPS))
    declared = surveys.by_name[survey]
    method = method or declared.method
    _check(f"way to sum up {survey}", method, METHODS[survey])
    if kind is not None:
        _check("kind", kind, KINDS)
    found = engine.table(_SCALES, filters, {"survey": survey})
    kinds = {name: sum(found.filter(pl.col("kind") == name)["answers"]) for name in KINDS}
    if survey == "nps":
        kind = kind or engine.snapshot.nps_kind
        found = found.filter(kind=kind)
    else:
        kind = None
    summed = found.group_by("scale_min", "scale_max").agg(
        pl.col("answers").sum(), pl.col("ups").sum()
    )
    answers = {
        (low, high): count
        for low, high, count, _ in summed.sort("answers", "scale_min", descending=True).iter_rows()
    }
    wanted = _scale(scale, survey, declared, answers)
    ups = {(low, high): up * 2 >= n for low, high, n, up in summed.iter_rows()}
    is_up = ups.get(wanted, declared.is_up) if wanted else True
    return Chosen(survey, method, by, kind, wanted, is_up, answers, kinds)


_SCALES = """
select kind, scale_min, scale_max, count(*) as answers, count(*) filter (is_up) as ups,
from responses
where
    survey = $survey
    and score is not null
    and answered_on >= $since
    and answered_on < $until
    and answered_at <= $as_of
group by all
order by all
"""


def sums(engine: Engine, filters: Filters, chosen: Chosen) -> pl.DataFrame:
    """The sums over the answers of each group, for every way of summing up the survey.

    Columns: group, answers, weight, squared_weight, and for each method `<method>_total`,
    `<method>_squares` and, as if all answers weighed the same, `<method>_plain`.
    """
    columns = []
    for method in METHODS[chosen.survey]:
        worth = WORTH[chosen.survey, method]
        if chosen.scale is None and method in ("mean", "sum_of_maximum"):
            worth = f"100 * (({_EASE}) - scale_min) / (scale_max - scale_min)"
        columns.append(f"sum(weight * ({worth}))::double as {method}_total")
        columns.append(f"sum(weight * ({worth}) * ({worth}))::double as {method}_squares")
        columns.append(f"sum({worth})::double as {method}_plain")
    sql = f"""
    select
        {GROUPS[chosen.by]} as "group",
        count(*) as answers,
        sum(weight)::double as weight,
        sum(weight * weight)::double as squared_weight,
        {", ".join(columns)},
    from responses
    where
        survey = $survey
        and score is not null
        and ($kind is null or kind = $kind)
        and ($low is null or (scale_min = $low and scale_max = $high and is_up = $is_up))
        and answered_on >= $since
        and answered_on < $until
        and answered_at <= $as_of
    group by 1
    order by 1
    """
    low, high = chosen.scale or (None, None)
    given = {
        "survey": chosen.survey,
        "kind": chosen.kind,
        "low": low,
        "high": high,
        "is_up": chosen.is_up,
    }
    return engine.table(sql, filters, given)


def _scale(
    given: str | None,
    survey: str,
    declared: Survey,
    answers: Mapping[tuple[float, float], int],
) -> tuple[float, float] | None:
    """The scale asked for, the declared one, or the one with the most answers."""
    if survey == "nps":
        return NPS_SCALE
    if given == "all":
        return None
    if given is not None:
        low, dash, high = given.partition("-")
        try:
            wanted = (float(low), float(high))
        except ValueError:
            raise MetricError(f"{given!r} is not a scale. Write it like 1-5, or say all.") from None
        if not dash or wanted not in answers:
            there = ", ".join(f"{low:g}-{high:g}" for low, high in answers) or "none"
            raise MetricError(
                f"No {survey} answer of this period is on the scale {given}. There are: {there}."
            )
        return wanted
    if declared.is_declared or declared.scale in answers or not answers:
        return declared.scale
    return next(iter(answers))


def _check(what: str, given: str, known: tuple[str, ...]) -> None:
    """Refuse a choice that there is not, with a guess."""
    if given not in known:
        raise MetricError(
            f"There is no {what} {given!r}.{suggest(given, known)} Choose one of "
            f"{', '.join(known)}."
        )
