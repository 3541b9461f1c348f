-- title: The event contract itself, as CSV, JSONL or Parquet
-- input: events touchpoint, occurred_at, customer_id|anonymous_id
--
-- Columns of the contract are taken as they are; every other column goes to `properties`.
-- Without an `event_id`, the row's content is its identity: identical rows are one event.
select * from events
