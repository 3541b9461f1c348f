"""Satisfaction: how do they feel, and where does it turn?"""

from journey.present import ui

page = ui.Page("satisfaction", "How they feel, and where it turns")
feelings = ui.Feelings(page)
nps, other_nps = feelings.nps()
page.kpis(["satisfaction/csat", nps, "satisfaction/ces"])
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
        "satisfaction/nps",
        other_nps,
        "satisfaction/responses_by_survey",
    ],
)
page.rest()
