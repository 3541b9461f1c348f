-- title:    UTM hygiene
-- question: Which tags hide where people come from, and what would mend them?
-- chart:    measures
-- unit:     untidy touches
-- better:   lower
-- grain:    one row per problem
--
-- Touches of the period by what is wrong with their source, medium, campaign or referrer, as
-- they were captured, of all touches that say anything of where they came from; a touch may
-- have several problems. Ways is how many different ways in have the problem. Filters do not
-- narrow this: they choose journeys, and tags are everybody's.
--
-- Capitals: written as a value of the same letters in other capitals is, more often. No rule
-- fits: tagged, yet Unassigned, of touches that came without a channel. Our own pages: tags on
-- links of a site under own_hosts, which make one visit look like two.
with

    ways as (
        select source, medium, campaign, referrer_host, sum(touches)::bigint as touches,
        from traffic
        where occurred_on >= $since and occurred_on < $until and occurred_on <= $as_of_day
        group by all
    ),

    spellings as (
        select field, text, sum(touches) as touches,
        from
            (
                select 'source' as field, source as text, touches,
                from ways
                union all
                select 'medium', medium, touches,
                from ways
                union all
                select 'campaign', campaign, touches,
                from ways
            )
        where text is not null
        group by all
    ),

    odd as (
        select field, text,
        from
            (
                select
                    *,
                    row_number() over (
                        partition by field, lower(text) order by touches desc, text
                    ) as place,
                from spellings
            )
        where place > 1
    ),

    unfit as (
        select source, medium, campaign, referrer_host,
        from traffic_channels
        where channel = 'Unassigned' and placement = ''
    ),

    told as (
        select
            ways.*,
            concat_ws(
                ' / ',
                coalesce(ways.source, '(no source)'),
                coalesce(ways.medium, '(no medium)'),
                ways.campaign
            ) as example,
            concat_ws(' ', ways.source, ways.medium, ways.campaign) as tags,
            unfit.source is not null as is_unfit,
            exists (
                from own_hosts
                where
                    lower(ways.referrer_host) = host
                    or ends_with(lower(ways.referrer_host), '.' || host)
            ) as is_own,
        from ways
        left join
            unfit
            on coalesce(ways.source, '') = unfit.source
            and coalesce(ways.medium, '') = unfit.medium
            and coalesce(ways.campaign, '') = unfit.campaign
            and coalesce(ways.referrer_host, '') = unfit.referrer_host
    ),

    found as (
        select
            1 as place,
            'Capitals' as problem,
            'Write every tag in small letters; a rule in the link builder is best.' as remedy,
            touches,
            example,
        from told
        where
            exists (from odd where field = 'source' and text = source)
            or exists (from odd where field = 'medium' and text = medium)
            or exists (from odd where field = 'campaign' and text = campaign)
        union all
        select
            2,
            'Spaces',
            'Use hyphens: spring-sale, not spring sale, spring+sale or spring%20sale.',
            touches,
            example,
        from told
        where
            regexp_matches(tags, '\+|%20')
            or regexp_matches(concat(source, '|', medium, '|', campaign), '\s')
        union all
        select
            3,
            'Our own pages',
            'Take tags off links within your own sites; name the sites under own_hosts.',
            touches,
            example,
        from told
        where is_own and (source is not null or medium is not null or campaign is not null)
        union all
        select
            4,
            'Source without medium',
            'Add utm_medium; without one only known sites find their channel.',
            touches,
            example,
        from told
        where source is not null and medium is null
        union all
        select 5, 'Medium without source', 'Add utm_source: who sent them.', touches, example,
        from told
        where medium is not null and source is null
        union all
        select
            6,
            'Campaign alone',
            'Add utm_source and utm_medium; a campaign is no channel.',
            touches,
            example,
        from told
        where campaign is not null and source is null and medium is null
        union all
        select
            7,
            'Direct by another name',
            'Leave tags off rather than write direct or none.',
            touches,
            example,
        from told
        where
            lower(source) in ('direct', 'none', 'n/a', 'null', 'undefined')
            or lower(medium) in ('direct', 'none', 'n/a', 'null', 'undefined')
        union all
        select
            8,
            'Personal data',
            'Take addresses out of tags: they end up in every log on the way.',
            touches,
            '(not shown)',
        from told
        where tags like '%@%.%'
        union all
        select
            9,
            'No rule fits',
            'Use a medium that Google knows (cpc, email, social, affiliate ...), or add a rule.',
            touches,
            example,
        from told
        where is_unfit
    ),

    problems as (
        select
            place,
            problem,
            any_value(remedy) as remedy,
            sum(touches)::bigint as touches,
            count(*) as ways,
            first(example order by touches desc, example) as example,
        from found
        group by all
    )

select
    problem,
    touches as touches_part,
    (select sum(touches)::bigint from ways) as touches_of,
    ways,
    example,
    remedy,
from problems
order by place
