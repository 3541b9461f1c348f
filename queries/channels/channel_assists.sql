-- title:    Channels that help
-- question: Which channels bring people along whose order another channel closes?
-- chart:    measures
-- unit:     orders
-- better:   neither
-- grain:    one row per channel
--
-- Orders of the period by the channels of the person's visits in the 30 days up to them.
-- Closed: the last visit came through the channel, the one with the order among them. Helped:
-- an earlier one did, and another channel closed. Assists is the share of the orders with a
-- visit through it that another channel closed; the assist ratio of other tools, helped over
-- closed, is above 1 where this share is above a half. An order counts once in each channel
-- that helped it, so helped may add up to more than all orders. Visits that name no channel
-- count only where there is no other, as in attribution. A channel that was there is not
-- thereby what helped.
with

    seen as (
        select
            orders.event_id,
            coalesce(all_visits.channel, 'Unassigned') as channel,
            max(all_visits.touch_number) as last_touch,
        from orders
        left join
            all_visits
            on orders.person_id = all_visits.person_id
            and orders.journey_number >= all_visits.journey_number
            and all_visits.arrived_at <= orders.ordered_at
            and all_visits.arrived_at >= orders.ordered_at - interval 30 day
        where
            orders.ordered_on >= $since
            and orders.ordered_on < $until
            and orders.ordered_at <= $as_of
        group by all
    ),

    placed as (
        select
            channel,
            channel <> 'Unassigned' or count(*) over visits_of_order = 1 as counts,
            row_number() over (
                partition by event_id
                order by channel = 'Unassigned', last_touch desc nulls last, channel
            )
            = 1 as closes,
        from seen
        window visits_of_order as (partition by event_id)
    )

select
    channel,
    count(*) filter (where closes) as closed,
    count(*) filter (where not closes) as helped,
    count(*) filter (where not closes) as assists_part,
    count(*) as assists_whole,
from placed
where counts
group by channel
order by assists_whole desc, channel
