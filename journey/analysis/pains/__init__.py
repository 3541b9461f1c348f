"""What hurts: where journeys are lost, who, since when, and what that costs."""
