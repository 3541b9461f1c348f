"""Experiments: did it work?"""

from journey.present import ui

page = ui.Page("experiments", "Did it work?")
trials = ui.Trials(page)
trials.verdict()
with ui.beside("lifts_and_groups"):
    trials.lifts()
    trials.groups()
trials.every()
page.lead("experiments/assigned_people", height=240)
page.row(["experiments/conversion_by_arm", "experiments/value_by_arm"])
page.rest()
