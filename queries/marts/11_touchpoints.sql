-- touchpoints: one row per touchpoint that was seen, with its number and its stage. Stage 0,
-- `unmapped`, is that of a touchpoint the configuration does not place.
select
    seen.touchpoint,
    cast(
        row_number() over (order by seen.touchpoint nulls last) as integer
    ) as touchpoint_number,
    coalesce(touchpoint_stages.stage, 'unmapped') as stage,
    coalesce(touchpoint_stages.stage_number, 0) as stage_number,
from (select touchpoint, from events group by touchpoint) as seen
left join touchpoint_stages on seen.touchpoint = touchpoint_stages.touchpoint
