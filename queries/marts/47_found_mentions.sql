-- found_mentions: one row per comment that belongs to a theme that was found rather than named.
--
-- `found_themes` says which words make each theme. A comment belongs to one found theme at
-- most; `sentiment` is that of the whole comment, `themes` are the named themes it speaks
-- of.
select
    responses.event_id,
    responses.person_id,
    responses.journey_number,
    responses.answered_at,
    responses.answered_on,
    comment_discoveries.theme,
    responses.sentiment,
    responses.sentiment_score,
    responses.themes,
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
from comment_discoveries
inner join responses on comment_discoveries.event_id = responses.event_id
order by responses.answered_at nulls last, responses.event_id
