"""One person: what a single customer's journey is like."""

from journey.present import ui

page = ui.Page("person", "One person's journey")
ui.one_person(page)
page.rest()
