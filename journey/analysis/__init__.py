"""Findings that need more than one SELECT: settings, models and tests over the serving tables."""
