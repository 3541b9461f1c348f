"""Next steps: what to do next, and for whom?"""

from journey.present import ui

page = ui.Page("next_steps", "What to do next, and for whom")
steps = ui.Steps(page)
steps.best()
steps.place()
steps.settling()
page.lead("next_steps/going_on", height=240)
page.lead("next_steps/what_came_next")
page.rest()
