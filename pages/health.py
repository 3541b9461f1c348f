"""Data health: can these numbers be trusted?"""

from journey.present import ui

page = ui.Page("health", "Whether these numbers can be trusted")
page.kpis(["health/maturity", "health/orphans", "health/refunds_without_order"])
page.lead("health/freshness")
page.rest()
ui.annotation_health(page)
ui.truth(page)
