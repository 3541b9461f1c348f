"""Overview: the whole journey on one page."""

from journey.present import ui

page = ui.Page("overview", "Where journeys go, and where they stop")
page.kpis(page.config.map.cards, most=4)
ui.journey_map(page)
page.row(["channels/channel_sources", "decision/conversion_rate"], height=430)
page.behind(
    "The numbers behind the map",
    [
        "overview/stage_funnel",
        "overview/experience",
        "overview/touchpoints_by_stage",
        "overview/channels_by_stage",
        "overview/left_by_stage",
        "overview/stage_value",
        "overview/loyalty_reach",
    ],
)
page.rest()
