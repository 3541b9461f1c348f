"""Lifetime: what is a customer worth, so far and in time to come?"""

from journey.present import ui

page = ui.Page("lifetime", "What is a customer worth?")
page.row(["lifetime/value_by_cohort", "lifetime/value_by_channel"])
lifetimes = ui.Lifetimes(page)
lifetimes.proof()
lifetimes.to_come()
page.lead("lifetime/rfm_segments")
page.lead("lifetime/lost_by_rule", height=200)
page.rest()
