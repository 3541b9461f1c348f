"""What hurts where the business is no shop and its orders carry no amounts: leads and deals."""

from pathlib import Path

from journey import config
from journey.analysis.funnel.names import known
from journey.analysis.pains.finding import find
from journey.ledger import rows as ledger
from journey.ledger.keeping import Kept
from journey.present.ledger import lines
from journey.present.map.told import pain_money
from journey.present.ui.funnel.controls import usual
from tests.ledger.shop import broken_checkout
from tests.world import Business

NAMES = {
    "ad_clicked": "content_downloaded",
    "product_viewed": "lead_captured",
    "product_added": "lead_qualified",
    "checkout_started": "proposal_sent",
    "order_completed": "deal_won",
}


def test_it_is_told_in_orders_and_in_the_words_of_the_stages(tmp_path: Path) -> None:
    settings = tmp_path / "journey.toml"
    settings.write_text('template = "b2b"\n[journey]\nconversion_window_days = 7\n')
    business = Business(tmp_path / "b2b")
    business.config = config.load(settings)
    deliveries = broken_checkout()
    for row in deliveries:
        row["touchpoint"] = NAMES[str(row["touchpoint"])]
        row.pop("revenue", None)
        row.pop("currency", None)
    business.deliver(deliveries)
    engine = business.build()
    filters = engine.filters(engine.snapshot.first_day, engine.snapshot.watermark.date())
    found = find(engine, business.config, filters)
    (pain,) = [one for one in found if one.kind == "incident"]
    assert pain.title == "Mobile decision stage"
    assert pain.sentence.endswith("No order carries an amount, so there is no price.")
    assert pain.money is None
    assert pain.lost is not None
    assert 20 < pain.lost.value < 120
    assert pain_money(pain, None).endswith("orders a month")
    assert "orders. No order carries an amount" in lines.headline(
        ledger.rows(found, Kept({}, ())), None
    )
    names = known(engine, filters)
    assert usual(names, list(NAMES.values())) == ["lead_captured", "proposal_sent", "deal_won"]
    business.close()


def test_the_way_to_begin_with_has_no_stage_without_a_touch(tmp_path: Path) -> None:
    settings = tmp_path / "journey.toml"
    settings.write_text('template = "b2b"\n')
    business = Business(tmp_path / "b2b")
    business.config = config.load(settings)
    deliveries = broken_checkout(number=20)
    kept = ("product_viewed", "order_completed")
    business.deliver(
        [
            row | {"touchpoint": NAMES[str(row["touchpoint"])]}
            for row in deliveries
            if row["touchpoint"] in kept
        ]
    )
    engine = business.build()
    names = known(
        engine, engine.filters(engine.snapshot.first_day, engine.snapshot.watermark.date())
    )
    assert usual(names, ["lead_captured", "deal_won"]) == ["lead_captured", "deal_won"]
    assert usual(names, []) == ["consideration", "decision", "purchase"]
    business.close()
