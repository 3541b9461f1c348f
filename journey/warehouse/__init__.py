"""The event store into serving tables: build, check, swap in, open."""
