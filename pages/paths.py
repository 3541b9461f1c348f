"""Paths: which ways do people really take?"""

from journey.present import ui

page = ui.Page("paths", "Which ways do people really take?")
ways = ui.Ways(page)
ways.flow()
ways.around()
ways.partings()
ways.whole()
page.rest()
