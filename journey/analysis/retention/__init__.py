"""Who comes back: cohorts through time, and the lifecycle of those who are active."""
