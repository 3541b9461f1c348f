"""Post-purchase: what happens after the order?"""

from journey.present import ui

page = ui.Page("post_purchase", "What happens after the order")
page.kpis(
    [
        "post_purchase/slow_deliveries",
        "post_purchase/support_rate",
        "post_purchase/refund_rate",
    ]
)
page.lead("post_purchase/satisfaction_by_delivery")
page.rest()
