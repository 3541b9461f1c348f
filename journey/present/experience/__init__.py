"""Pictures and sentences of how customers feel."""
