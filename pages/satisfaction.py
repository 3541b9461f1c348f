"""Satisfaction: how do they feel?"""

from journey.present import ui

page = ui.Page("satisfaction", "How customers feel, and where")
page.kpis(["satisfaction/csat", "satisfaction/nps", "satisfaction/ces"])
page.lead("satisfaction/csat_by_touchpoint")
page.rest()
