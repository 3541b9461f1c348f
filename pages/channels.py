"""Channels: where do customers come from, and what becomes of them?"""

from journey.present import ui

page = ui.Page("channels", "Where customers come from")
page.lead("channels/channel_sources")
page.lead("channels/channel_quality")
page.lead("channels/channel_stages")
page.lead("channels/channel_switches")
page.rest()
