"""What changed: how much of a rate's change is real, and which groups it comes from."""

from journey.present import ui

page = ui.Page("changes", "What changed, and where it comes from")
ui.changes(page)
page.rest()
ui.annotation_health(page)
