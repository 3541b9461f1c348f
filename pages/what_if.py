"""What if: one part of the journey changed, and what comes of it in orders and money."""

from journey.present import ui

page = ui.Page("what_if", "What if?")
ui.what_if(page)
page.rest()
