"""What is done about what hurts: who took it on, until when, what was said, whether it ended."""
