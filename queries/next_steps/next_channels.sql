-- title:    Coming back, by channel
-- question: Through which channel do journeys come back, and do they go on then?
-- chart:    matrix
-- unit:     percent
-- better:   higher
-- grain:    one row per channel and stage
--
-- Journeys whose next touch after reaching the stage opened another visit, by the channel of
-- that touch, and the share that went on within the window. These are the shares as they are:
-- who comes back by e-mail differs from who comes back by an advertisement. The matched
-- comparison stands above.
select next_channel as channel, stage, count(went_on_at) as went_on, count(*) as journeys,
from crossroads
where
    stood_on >= $since
    and stood_on < $until
    and matures_at <= $as_of
    and next_channel is not null
group by next_channel, stage, stage_number
order by channel, stage_number
