"""A metric's course: where its level changed, which points are out of range, where it leads."""
