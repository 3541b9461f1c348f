"""Pages: filters, cards and their states. With server.py the only modules that draw."""

from journey.present.ui.feedback import Voice
from journey.present.ui.page import Page
from journey.present.ui.shell import engines, frame, pages

__all__ = ["Page", "Voice", "engines", "frame", "pages"]
