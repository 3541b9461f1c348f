-- title:    Orders by channel, in three scopes
-- question: Is an order put down to the first channel, the session's, or the last known?
-- chart:    measures
-- unit:     orders
-- better:   higher
-- grain:    one row per channel
--
-- The same orders, those placed in the period, put down to a channel in three ways, side by
-- side. First touch: the channel of the person's first session ever. Session: that of the
-- session the order was placed in. Last non-direct: the session's where it is not Direct, else
-- that of the person's latest session before it that is neither Direct nor Unassigned, no
-- longer ago than the look-back (90 days unless the configuration says otherwise); else Direct.
-- A session without a channel is Unassigned in all three, where attribution leaves it out.
-- Each column adds up to all orders, and columns cannot be added to each other. Models that
-- share the credit of an order between channels are on the page Attribution.
with

    placed as (
        select first_channel, session_channel, last_non_direct_channel,
        from order_channels
        where ordered_on >= $since and ordered_on < $until and ordered_at <= $as_of
    ),

    put_down as (
        select first_channel as channel, 1 as first, 0 as session, 0 as known,
        from placed
        union all
        select session_channel, 0, 1, 0,
        from placed
        union all
        select last_non_direct_channel, 0, 0, 1,
        from placed
    )

select
    channel,
    sum(first)::bigint as first_touch_part,
    (select count(*) from placed) as first_touch_of,
    sum(session)::bigint as session_part,
    (select count(*) from placed) as session_of,
    sum(known)::bigint as last_non_direct_part,
    (select count(*) from placed) as last_non_direct_of,
from put_down
group by all
order by last_non_direct_part desc, channel
