-- title:    Who goes on, by device and country
-- question: On which devices and in which countries do fewer go on, place by place?
-- chart:    matrix
-- unit:     percent
-- better:   higher
-- grain:    one row per device or country and place
--
-- Of the journeys that stood at a place in the period and whose time has passed by the as-of,
-- those that went on; at the checkout by the device it was shown on. As they come: the detector
-- compares a device or a country with the others among people of the same channel and persona,
-- which this table does not, so a low share here may be that of people who came with another
-- intent.
with

    stood as (
        select place_number, place, shown_device, country, went_on_at,
        from standings
        where stood_on >= $since and stood_on < $until and matures_at <= $as_of
    ),

    by_segment as (
        select concat('device ', shown_device) as segment, place_number, place, went_on_at,
        from stood
        union all
        select concat('country ', country), place_number, place, went_on_at,
        from stood
    )

select segment, place, count(went_on_at) as went_on, count(*) as stood,
from by_segment
group by segment, place, place_number
order by segment, place_number
