-- title: Abandoned a cart
-- question: Who left a cart behind in the period?
--
-- People with a cart that was created in the period and became no order within the cart window,
-- for carts that have had their window by the as-of. Someone who bought that cart later still
-- counts: the cart was left in its time.
select person_id,
from carts
where
    created_on >= $since
    and created_on < $until
    and matures_at <= $as_of
    and (bought_at is null or bought_at > matures_at)
group by person_id
