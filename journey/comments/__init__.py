"""What customers write: masked, in which language, in what mood, about what. Pure functions of
text; what is asked of the comments of a snapshot is in `journey.analysis.feedback`."""
