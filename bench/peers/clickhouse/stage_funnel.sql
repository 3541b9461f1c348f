select
    {stages}[place] as stage,
    reached[place] as journeys
from
    (
        select
            [
                countIf(deepest_in_window >= 1),
                countIf(deepest_in_window >= 2),
                countIf(deepest_in_window >= 3),
                countIf(deepest_in_window >= 4),
                countIf(deepest_in_window >= 5)
            ] as reached
        from journeys
        where started_at >= {since} and started_at < {until} and matures_at <= {as_of}
    )
    array join arrayEnumerate(reached) as place
