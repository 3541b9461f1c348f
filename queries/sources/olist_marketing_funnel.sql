-- title: Olist marketing funnel: seller leads and the deals won from them
-- input: leads mql_id, first_contact_date, landing_page_id, origin
-- input: deals mql_id, won_date, business_segment, lead_type, declared_monthly_revenue
--
-- A lead is one person; its origin is its channel, `unknown` and a missing origin told apart. A
-- deal that is dated before its lead's first contact is kept, with the first contact moved to
-- the time of the deal, and reported as a correction. Declared monthly revenue is what a seller
-- says it earns, not money that was paid, so it goes to `properties`.
with

    contacts as (
        select
            leads.*,
            deals.won_date,
            try_cast(deals.won_date as timestamp)
            < try_cast(leads.first_contact_date as timestamp) as is_won_before,
        from leads
        left join deals on leads.mql_id = deals.mql_id
    )

select
    'lead-' || mql_id as event_id,
    case when is_won_before then won_date else first_contact_date end as occurred_at,
    0 as event_index,
    mql_id as customer_id,
    'lead_captured' as touchpoint,
    origin as channel,
    null as order_id,
    landing_page_id,
    null as business_segment,
    null as lead_type,
    null as declared_monthly_revenue,
    case when is_won_before then first_contact_date end as first_contact_sent,
    case when is_won_before then 'won before its first contact' end as correction,
    file_name,
    file_line,
from contacts
union all by name
select
    'deal-' || mql_id as event_id,
    won_date as occurred_at,
    1 as event_index,
    mql_id as customer_id,
    'deal_won' as touchpoint,
    'deal-' || mql_id as order_id,
    business_segment,
    lead_type,
    declared_monthly_revenue,
    file_name,
    file_line,
from deals
