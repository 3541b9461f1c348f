"""Funnel: where do people stop on the way you choose?"""

from journey.present import ui

page = ui.Page("funnel", "Where people stop on the way you choose")
funnel = ui.Funnel(page)
funnel.step_by_step()
funnel.times()
funnel.broken_down()
funnel.drivers()
funnel.compared()
funnel.open_entry()
funnel.money()
funnel.who_left()
page.rest()
