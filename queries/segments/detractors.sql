-- title: Detractors
-- question: Whose latest answer would not recommend us?
--
-- People whose latest answer on the scale 0 to 10 by the as-of is 6 or less, of the
-- answers that `nps` counts: about the business as a whole where there are any, else about
-- touchpoints. An earlier or a later change of heart counts: only the latest answer
-- speaks.
select person_id,
from
    (
        select
            person_id,
            score,
            row_number() over (
                partition by person_id order by answered_at desc, event_id desc
            ) as place,
        from responses
        where is_headline_nps and answered_at <= $as_of
    )
where place = 1 and score < 7
