"""What hurts: where journeys are lost, what that costs, who sees to it and whether it helped."""

from journey.present import ui

page = ui.Page("pains", "What hurts, and what it costs")
hurts = ui.Hurts(page)
hurts.ledger()
hurts.closed()
hurts.counts()
page.rest()
