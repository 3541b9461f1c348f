"""Attribution: which channels deserve the credit?"""

from journey.present import ui

page = ui.Page("attribution", "Which channels deserve the credit?")
credit = ui.Credit(page)
credit.ranges()
credit.costs()
credit.removal()
credit.models()
page.rest()
