"""What to do next: the touch or channel after which comparable journeys go on more often."""
