"""A synthetic retail business whose truths are known."""
