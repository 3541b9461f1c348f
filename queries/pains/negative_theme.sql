-- title:    Complaints
-- question: What share of comments complains of each theme, month by month?
-- chart:    rate
-- unit:     percent
-- better:   lower
-- grain:    one row per month and theme
--
-- Of all comments of the month, those that speak of the theme in a negative mood; a comment may
-- complain of several. The detector goes by the day, and holds themes against each other by how
-- many of those who speak of one complain of it.
with

    written as (
        select event_id, date_trunc('month', answered_on)::date as month,
        from responses
        where
            comment is not null
            and answered_on >= $since
            and answered_on < $until
            and answered_at <= $as_of
    ),

    complaints as (
        select written.month, mentions.theme, count(*) as complaints,
        from mentions
        inner join written on mentions.event_id = written.event_id
        where mentions.sentiment = 'negative'
        group by written.month, mentions.theme
    ),

    themes as (select theme, from complaints group by theme),

    months as (select month, count(*) as comments, from written group by month)

select
    months.month,
    themes.theme,
    coalesce(complaints.complaints, 0) as complaints,
    months.comments,
from months
cross join themes
left join complaints on months.month = complaints.month and themes.theme = complaints.theme
order by months.month, themes.theme
