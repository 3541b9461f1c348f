"""Consideration: do they look at what we offer?"""

from journey.present import ui

page = ui.Page("consideration", "Who looks further, and who does not")
page.lead("consideration/consideration_rate")
page.behind("The numbers behind the estimate", ["consideration/consideration_by_age"])
page.rest()
