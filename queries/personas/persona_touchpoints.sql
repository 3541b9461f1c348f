-- title:    What each persona does
-- question: Which touchpoints do people of each kind meet at least once?
-- chart:    table
-- unit:     people
-- better:   neither
-- grain:    one row per persona and touchpoint
--
-- People with a touch in the period, by persona; of them, those who met the touchpoint at
-- least once in it. A person counts once however often: people are apart from each other,
-- their touches are not.
with

    met as (
        select persona, person_number, touchpoint,
        from touches
        where occurred_on >= $since and occurred_on < $until and occurred_at <= $as_of
        group by all
    ),

    totals as (select persona, count(distinct person_number) as people, from met group by all)

select met.persona, met.touchpoint, count(*) as met_it, any_value(totals.people) as people,
from met
inner join totals using (persona)
group by all
order by people desc, persona, met_it desc, touchpoint
