"""The peers: DuckDB straight over the event store, and chDB (ClickHouse inside Python)."""
