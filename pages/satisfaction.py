"""Satisfaction: how do they feel, and where does it turn?"""

from journey.present import ui

page = ui.Page("satisfaction", "How they feel, and where it turns")
page.kpis(["satisfaction/csat", "satisfaction/nps_relational", "satisfaction/ces"])
feelings = ui.Feelings(page)
feelings.curve()
with ui.beside("touchpoints"):
    feelings.touchpoints()
    feelings.drivers()
feelings.scores()
with ui.beside("answering"):
    page.lead("satisfaction/response_rate", height=300)
    feelings.silence()
feelings.money()
page.behind(
    "The counts behind the scores",
    [
        "satisfaction/csat_by_touchpoint",
        "satisfaction/score_distribution",
        *feelings.nps_counts(),
        "satisfaction/responses_by_survey",
    ],
)
page.rest()
