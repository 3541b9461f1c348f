"""The page of what hurts: the ranked ledger with its keeping, and what became of closed rows."""

from journey.present.ui.ledger.page import Hurts

__all__ = ["Hurts"]
