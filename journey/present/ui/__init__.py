"""Pages: filters, cards and their states. With server.py the only modules that draw."""

from journey.present.ui.ahead import allow
from journey.present.ui.annotated import health as annotation_health
from journey.present.ui.attribution import Credit
from journey.present.ui.changes import changes
from journey.present.ui.experience import Feelings, beside
from journey.present.ui.experiments import Trials
from journey.present.ui.feedback import Voice
from journey.present.ui.funnel import Funnel
from journey.present.ui.ledger import Hurts
from journey.present.ui.lifetime import Lifetimes
from journey.present.ui.map import journey_map
from journey.present.ui.nextsteps import Steps
from journey.present.ui.page import Page
from journey.present.ui.paths import Ways
from journey.present.ui.person import one_person
from journey.present.ui.personas import persona_cards, planned_cards
from journey.present.ui.reconcile import differences
from journey.present.ui.retention import Returns
from journey.present.ui.shell import engines, frame, pages
from journey.present.ui.truth import truth
from journey.present.ui.whatif import what_if

__all__ = [
    "Credit",
    "Feelings",
    "Funnel",
    "Hurts",
    "Lifetimes",
    "Page",
    "Returns",
    "Steps",
    "Trials",
    "Voice",
    "Ways",
    "allow",
    "annotation_health",
    "beside",
    "changes",
    "differences",
    "engines",
    "frame",
    "journey_map",
    "one_person",
    "pages",
    "persona_cards",
    "planned_cards",
    "truth",
    "what_if",
]
