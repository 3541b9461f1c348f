"""The SQL that lays a persona's journeys beside its plan; see `planned`."""

from collections.abc import Mapping, Sequence

MOST_ADDED = 5
"""The commonest added touchpoints that are named."""


def bound(plan: Sequence[str]) -> Mapping[str, str]:
    """The planned touchpoints as parameters."""
    return {f"step_{place}": step for place, step in enumerate(plan)}


_SEEN = """
with
    mature as (
        select person_id, person_number, journey_number, matures_at,
            deepest_in_window >= 4 as is_converted
        from journeys
        where not is_orphan and persona = $persona
            and started_on >= $since and started_on < $until and matures_at <= $as_of
    ),
    seen as (
        select mature.person_number, mature.journey_number,
            touches.touch_number, touches.touchpoint, touches.is_order
        from touches
        inner join mature
            on touches.person_number = mature.person_number
            and touches.journey_number = mature.journey_number
        where touches.occurred_at <= mature.matures_at
    )
"""
"""The journeys looked at, and their touches within the window."""


def _chain(name: str, source: str, places: Sequence[int]) -> list[str]:
    """A table for each step: when a journey meets it after all planned before it, the earliest
    way through (which finds the order wherever there is one)."""
    tables = []
    for number, place in enumerate(places):
        before, after = "", ""
        if number:
            before = (
                f"inner join {name}_{number - 1} as before "
                "on own.person_number = before.person_number "
                "and own.journey_number = before.journey_number"
            )
            after = "and own.touch_number > before.at"
        tables.append(
            f"""{name}_{number} as (
                select own.person_number, own.journey_number, min(own.touch_number) as at
                from {source} as own {before}
                where own.touchpoint = $step_{place} {after}
                group by own.person_number, own.journey_number
            )"""
        )
    return tables


def followed_sql(plan: Sequence[str], early: Sequence[str]) -> str:
    """One row per outcome: counts of journeys by what they do with the plan."""
    first = [plan.index(step) for step in plan]
    times = [plan.count(step) for step in plan]
    early_places = [place for place, step in enumerate(plan) if step in set(early)]
    named = ", ".join(f"$step_{place}" for place in sorted(set(first)))
    counts = ", ".join(
        f"count(*) filter (where touchpoint = $step_{place}) as times_{place}"
        for place in range(len(plan))
    )
    tables = [
        f"""met as (
            select person_number, journey_number, {counts},
                count(*) filter (where touchpoint not in ({named}) and not is_order) as others
            from seen group by person_number, journey_number
        )""",
        """ordered as (
            select person_number, journey_number, min(touch_number) as order_number
            from seen where is_order group by person_number, journey_number
        )""",
        """early as (
            select seen.* from seen
            left join ordered
                on seen.person_number = ordered.person_number
                and seen.journey_number = ordered.journey_number
            where ordered.order_number is null or seen.touch_number < ordered.order_number
        )""",
        """opinions as (
            select person_id, journey_number, count(*) as answers,
                count(*) filter (where score >= scale_max - 1) as satisfied
            from responses
            where survey = 'csat' and score is not null and answered_at <= $as_of
            group by person_id, journey_number
        )""",
        *_chain("whole", "seen", range(len(plan))),
        *_chain("first", "early", early_places),
    ]
    joins = [
        f"left join {name} on mature.person_number = {name}.person_number "
        f"and mature.journey_number = {name}.journey_number"
        for name in (
            "met",
            *(f"whole_{place}" for place in range(len(plan))),
            *([f"first_{len(early_places) - 1}"] if early_places else []),
        )
    ]
    follow = f"whole_{len(plan) - 1}.at is not null"
    every = " and ".join(f"met.times_{place} >= {times[place]}" for place in range(len(plan)))
    any_met = " or ".join(f"met.times_{place} > 0" for place in range(len(plan)))
    again = " or ".join(f"met.times_{place} > {times[place]}" for place in range(len(plan)))
    follows_early = f"first_{len(early_places) - 1}.at is not null" if early_places else "false"
    steps = ", ".join(
        f"count(*) filter (where met.times_{place} > 0) as met_{place}, "
        f"count(*) filter (where whole_{place}.at is not null) as chain_{place}, "
        f"count(*) filter (where met.times_{place} > {times[place]}) as again_{place}"
        for place in range(len(plan))
    )
    return f"""
    {_SEEN}, {", ".join(tables)}
    select
        {follows_early} as is_following,
        count(*) as journeys,
        count(*) filter (where {follow}) as follow,
        count(*) filter (where not ({follow}) and coalesce({every}, false)) as other_order,
        count(*) filter (
            where not ({follow}) and not coalesce({every}, false) and coalesce({any_met}, false)
        ) as some,
        count(*) filter (where not coalesce({any_met}, false)) as none,
        count(*) filter (where met.others > 0) as adding,
        count(*) filter (where {again}) as repeating,
        count(*) filter (where mature.is_converted) as converted,
        coalesce(sum(opinions.satisfied), 0)::bigint as satisfied,
        coalesce(sum(opinions.answers), 0)::bigint as answers,
        {steps}
    from mature {" ".join(joins)}
    left join opinions
        on mature.person_id = opinions.person_id
        and mature.journey_number = opinions.journey_number
    group by is_following
    order by is_following
    """


def added_sql(plan: Sequence[str]) -> str:
    """The commonest touchpoints that nobody planned."""
    named = ", ".join(f"$step_{plan.index(step)}" for step in dict.fromkeys(plan))
    return f"""
    {_SEEN}
    select touchpoint, count(distinct (person_number, journey_number)) as journeys
    from seen
    where touchpoint not in ({named}) and not is_order
    group by touchpoint
    order by journeys desc, touchpoint
    limit {MOST_ADDED}
    """
