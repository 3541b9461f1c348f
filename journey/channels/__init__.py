"""Where a touch came from: its source, medium and campaign as the name of a channel."""
