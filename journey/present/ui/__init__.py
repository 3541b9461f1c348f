"""Pages: filters, cards and their states. With server.py the only modules that draw."""

from journey.present.ui.page import Page
from journey.present.ui.shell import engines, frame, pages

__all__ = ["Page", "engines", "frame", "pages"]
