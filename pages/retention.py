"""Retention: do they come back, and when?"""

from journey.present import ui

page = ui.Page("retention", "Do they come back?")
returns = ui.Returns(page)
returns.repeat()
returns.cohorts()
returns.lifecycle()
page.lead("retention/next_orders", height=300)
page.row(["retention/second_order_by_channel", "retention/second_order_by_satisfaction"])
page.row(["retention/second_order_by_persona", "retention/second_order_by_category"])
page.rest()
