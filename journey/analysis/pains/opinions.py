"""What customers say: touchpoints with low scores, themes that they complain of.

Unhappy is an answer below the middle of its scale (CSAT and CES) or of a detractor (NPS). The
share of unhappy answers about a touchpoint is compared with other days, between devices and
countries, and with other touchpoints that the same survey asks about (what is about the business
as a whole, the relationship, is no touchpoint and held against none); the share of comments that
complain of a theme with other days and between devices and countries, and how often those who
speak of a theme complain with other themes. Comparable people came through the same channel and
are of the same persona. Who answers chooses to: these are associations, and have no price.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from journey.analysis.pains.cases import Cases, Place, Sign, parts
from journey.analysis.pains.dropoff import standing
from journey.analysis.pains.elsewhere import elsewhere
from journey.analysis.pains.incidents import Scanned, scan, told
from journey.analysis.pains.loss import Ints, Loss
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

SCANNED: Scanned = ((), ("device",), ("country",))
"""Whose days are looked at."""

RELATIONSHIP = "relationship"
"""What answers about the business as a whole speak of."""

CALLED = {"csat": "CSAT", "nps": "NPS", "ces": "CES"}


def answers(engine: Engine, filters: Filters) -> list[Cases]:
    """The answers about each touchpoint, by survey: how many, and how many are not unhappy. Raises
    MetricError where the question takes too long."""
    found = []
    for part in parts(engine.table(_ANSWERS, filters), ("survey", "touchpoint", "stage")):
        survey, touchpoint, stage = part.kind
        sign = Sign(
            f"low_{survey}", "low_score", f"Low {CALLED.get(survey, survey)}", "were unhappy",
            "answers",
        )  # fmt: skip
        place = Place(0, touchpoint, stage, touchpoint, "were not", "pains/low_score", sign)
        people, content = (part.counts[name] for name in ("people", "content"))
        found.append(part.cases(place, people, content, content))
    return found


def comments(engine: Engine, filters: Filters) -> list[Cases]:
    """For each theme the comments, how many of them do not complain of it, and, among the counts,
    how many speak of it. Raises MetricError where the question takes too long."""
    found = []
    for part in parts(engine.table(_COMMENTS, filters), ("theme", "touchpoint", "stage")):
        theme, touchpoint, stage = part.kind
        sign = Sign("complaints", "negative_theme", "Complaints", "complained of it", "comments")
        place = Place(0, theme, stage, touchpoint, "did not", "pains/negative_theme", sign)
        people = part.counts["people"]
        spared = people - part.counts["complaints"]
        found.append(part.cases(place, people, spared, spared))
    return found


def opinions(
    asked: Sequence[Cases], among: Sequence[Cases], days: int, minimum_n: int
) -> list[Loss]:
    """Days and segments in which more are unhappy; and of places held against each other, as they
    are in `among`, those where more are than elsewhere. Each of the three comparisons passes a
    chance of 1 % of its own; what a loss counts in orders are the answers in excess."""
    enough = [cases for cases in asked if (cases.people - cases.went_on).sum() >= minimum_n]
    over, rest = told(scan(enough, days, minimum_n, SCANNED), days, minimum_n, SCANNED)
    always, _ = standing(rest, minimum_n)
    found = [*over, *always]
    found += elsewhere(_others(among, found), _alike, minimum_n)
    return [loss for loss in found if loss.is_sure]


def _others(among: Sequence[Cases], found: Sequence[Loss]) -> list[list[Cases]]:
    """The places of each sign, without those who are in a loss already."""
    left = [_without(cases, found) for cases in among]
    signs = dict.fromkeys(cases.place.sign for cases in left)
    return [[cases for cases in left if cases.place.sign == sign] for sign in signs]


def _alike(cases: Cases) -> Ints:
    """People who came through the same channel and are of the same persona."""
    return cases.codes(("channel", "persona"))


def _without(cases: Cases, found: Sequence[Loss]) -> Cases:
    """The cases that no loss at their place holds."""
    same = [loss.rows for loss in found if loss.place == cases.place]
    return cases.at(~np.isin(cases.number, np.concatenate(same))) if same else cases


def of_touchpoints(cases: Sequence[Cases]) -> list[Cases]:
    """Of the answers those about a touchpoint, which can be held against each other."""
    return [one for one in cases if one.place.touchpoint != RELATIONSHIP]


def spoken(cases: Sequence[Cases]) -> list[Cases]:
    """Of the comments those that speak of each theme."""
    found = []
    for one in cases:
        people = one.counts["mentions"]
        spared = people - one.counts["complaints"]
        found.append(replace(one, people=people, went_on=spared, ordered=spared))
    return found


def one_of(engine: Engine, filters: Filters, loss: Loss) -> Cases:
    """The cases of one segment at the place of a loss. Raises MetricError where the question takes
    too long."""
    assert loss.place.sign is not None
    ask = comments if loss.place.sign.detector == "negative_theme" else answers
    (cases,) = (one for one in ask(engine, filters) if _is(one.place, loss.place))
    return cases.at(cases.of(loss.who))


def _is(one: Place, other: Place) -> bool:
    """Whether two are the same place; where a theme is spoken of most may change by the period."""
    return (one.name, one.sign) == (other.name, other.sign)


_ANSWERS = """
select
    survey,
    case when kind = 'relational' then 'relationship' else about_touchpoint end as touchpoint,
    case
        when kind = 'relational'
        then 'loyalty'
        when stage = 'unmapped'
        then 'post_purchase'
        else stage
    end as stage,
    answered_on - cast($since as date) as day,
    entry_channel,
    persona,
    device,
    country,
    count(*) as people,
    count(*) filter (normalised >= 0) as content,
from responses
where
    survey is not null
    and normalised is not null
    and answered_on >= $since
    and answered_on < $until
    and answered_at <= $as_of
group by all
"""

_COMMENTS = """
with
    written as (
        select
            event_id,
            kind,
            answered_on - cast($since as date) as day,
            entry_channel,
            persona,
            device,
            country,
        from responses
        where
            comment is not null
            and answered_on >= $since
            and answered_on < $until
            and answered_at <= $as_of
    ),
    spoken as (
        select
            mentions.event_id,
            mentions.theme,
            mentions.about_touchpoint,
            case
                when written.kind = 'relational'
                then 'loyalty'
                when mentions.stage = 'unmapped'
                then 'post_purchase'
                else mentions.stage
            end as stage,
            mentions.sentiment is not distinct from 'negative' as complains,
        from mentions
        inner join written using (event_id)
    ),
    places as (
        select theme, about_touchpoint, stage,
        from
            (
                select
                    theme,
                    about_touchpoint,
                    stage,
                    row_number() over (
                        partition by theme
                        order by
                            stage = 'loyalty',
                            count(*) filter (complains) desc,
                            about_touchpoint,
                            stage
                    ) as place,
                from spoken
                group by theme, about_touchpoint, stage
            )
        where place = 1
    )
select
    places.theme,
    places.about_touchpoint as touchpoint,
    places.stage,
    written.day,
    written.entry_channel,
    written.persona,
    written.device,
    written.country,
    count(*) as people,
    count(spoken.event_id) as mentions,
    count(*) filter (spoken.complains) as complaints,
from written
cross join places
left join spoken on written.event_id = spoken.event_id and places.theme = spoken.theme
group by all
"""
