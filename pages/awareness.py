"""Awareness: how do people come across us?"""

from journey.present import ui

page = ui.Page("awareness", "How people come across us")
page.lead("awareness/journeys_by_channel")
page.rest()
