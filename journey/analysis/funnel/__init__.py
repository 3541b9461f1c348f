"""Funnels: how many go from step to step, how fast, and who leaves where."""
