"""Decision: do they buy?"""

from journey.present import ui

page = ui.Page("decision", "Who buys, and where carts stay behind")
page.kpis(["decision/conversion_rate", "decision/cart_abandonment"])
page.lead("decision/conversion_rate")
page.row(["decision/cart_abandonment", "decision/abandonment_by_device"])
page.lead("decision/days_to_order")
page.behind("The numbers behind the estimate", ["decision/conversion_by_age"])
page.rest()
