"""Journey: a living customer-journey map, computed from event files."""

from pathlib import Path

__version__ = "0.1.0"

ROOT = Path(__file__).resolve().parent.parent
"""The folder that holds app.py, pages/, queries/ and data/."""
