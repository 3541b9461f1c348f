"""Two numbers that ought to be one: why they differ, and by how much for each reason."""

from journey.present import ui

page = ui.Page("differences", "Why do these two numbers differ?")
ui.differences(page)
page.rest()
