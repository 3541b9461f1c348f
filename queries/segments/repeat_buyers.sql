-- title: Repeat buyers
-- question: Who has ordered at least twice?
--
-- People with two orders or more by the as-of, however far apart. They are chosen by what they
-- did, so their conversion and repeat rates are high by definition.
select person_id, from orders where ordered_at <= $as_of group by person_id having count(*) >= 2
