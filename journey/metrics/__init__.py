"""Metrics: one SQL file each, checked, run, and answered with interval and as-of."""
