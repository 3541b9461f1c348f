-- title:    Net promoter score
-- question: Would customers recommend us?
-- chart:    nps
-- unit:     points
-- better:   higher
-- grain:    one row per month answered
-- counts:   nps of nps, per answer
--
-- Answers from 0 to 10: promoters give 9 or 10, passives 7 or 8, detractors 6 or less.
-- The score is the share of promoters less the share of detractors, passives in the
-- whole, from -100 to 100. Answers on another scale are left out. Only one kind of
-- answer counts: the relational ones, about the business as a whole, where the data has
-- any at all; else the transactional ones, asked after a touchpoint. Which kind it is
-- was settled for all data when the tables were built, so it is the same under every
-- filter and in every period, also in one that has no answer of it. `nps_relational`
-- and `nps_transactional` are each for one kind.
select
    date_trunc('month', answered_on)::date as month,
    count(*) filter (where score >= 9) as promoters,
    count(*) filter (where score >= 7 and score < 9) as passives,
    count(*) filter (where score < 7) as detractors,
    count(*) as responses,
from responses
where
    is_headline_nps and answered_on >= $since and answered_on < $until and answered_at <= $as_of
group by all
order by month
