"""What stands on the journey map beside counts: the words of customers."""
