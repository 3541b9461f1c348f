-- mentions: one row per comment and theme that it speaks of.
--
-- `sentiment` and `sentiment_score` are those of the sentences that speak of the theme, not of
-- the whole comment; the columns of the answer it came with are those of `responses`.
select
    responses.event_id,
    responses.person_id,
    responses.journey_number,
    responses.answered_at,
    responses.answered_on,
    comment_themes.theme,
    comment_themes.sentiment,
    comment_themes.score as sentiment_score,
    responses.survey,
    responses.score,
    responses.normalised,
    responses.language,
    responses.about_touchpoint,
    responses.stage,
    responses.channel,
    responses.entry_channel,
    responses.persona,
    responses.device,
    responses.country,
from comment_themes
inner join responses on comment_themes.event_id = responses.event_id
order by responses.answered_at nulls last, responses.event_id, comment_themes.theme
