"""Paths as pictures: the flow and its twin the matrix, two groups, before and after, ways."""
