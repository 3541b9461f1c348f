"""Pictures of a funnel: steps, times, what goes with going on."""
