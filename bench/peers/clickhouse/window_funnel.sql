-- People at each of four ordered steps: the first in the period, all within the window of it.
select countIf(level >= 1), countIf(level >= 2), countIf(level >= 3), countIf(level >= 4)
from
    (
        select
            person_id,
            windowFunnel({window_days} * 86400000000)(
                toUInt64(toUnixTimestamp64Micro(occurred_at)),
                touchpoint = '{step_1}' and occurred_at < {until},
                touchpoint = '{step_2}',
                touchpoint = '{step_3}',
                touchpoint = '{step_4}'
            ) as level
        from events
        where
            touchpoint in ('{step_1}', '{step_2}', '{step_3}', '{step_4}')
            and occurred_at >= {since}
            and occurred_at < {until} + interval {window_days} day + interval 1 microsecond
            and occurred_at <= {as_of}
        group by person_id
    )
