"""Loyalty: do they come back?"""

from journey.present import ui

page = ui.Page("loyalty", "Who comes back, and how soon")
page.lead("loyalty/repeat_purchase_rate")
page.behind("The numbers behind the estimate", ["loyalty/repeat_by_age"])
page.rest()
