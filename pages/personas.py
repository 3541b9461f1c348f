"""Personas: who are your customers?"""

from journey.present import ui

page = ui.Page("personas", "Who your customers are")
ui.persona_cards(page)
ui.planned_cards(page)
page.lead("personas/persona_facts")
page.lead("personas/persona_channels")
page.rest()
