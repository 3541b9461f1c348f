"""Did it work? Experiments in the data, read as they were randomised."""
