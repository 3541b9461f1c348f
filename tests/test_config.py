"""journey.toml: what is unknown or makes no sense is refused, with the key and the remedy."""

from datetime import date
from pathlib import Path

import pytest

from journey.config import load
from journey.errors import ConfigError
from journey.targets import Target

REFUSED = {
    'templte = "retail"': "unknown key 'templte'. Did you mean 'template'?",
    'template = "retial"': "Did you mean 'retail'?",
    'currency = "euro"': "give its three capitals",
    "minimum_n = 0": "give 1 or more",
    'minimum_n = "30"': "must be a whole number",
    "observed_until = 2026-05-01T00:00:00": "must be a date",
    'time_zone = "Europe/Berln"': "there is no time zone",
    "[journey]\ngap_days = 0": "give a whole number from 1",
    "[journey]\ngap_days = 99999999999": "give a whole number from 1",
    "[journey]\ngap_day = 30": "Did you mean 'gap_days'?",
    "[touchpoints]\npurchase = []": "nothing would ever be an order",
    '[touchpoints]\nloyalty = ["x"]': "unknown key 'loyalty'",
    '[touchpoints]\nawareness = ["x"]\ndecision = ["x"]': "in both awareness and decision",
    "[targets]\ncsat = nan": "give a number",
    "[targets]\ncsat = true": "give a number",
    "[targets.csat]\ntolerance = 1": "csat has no value",
    "[targets.csat]\nvalue = 85\ntolerence = 1": "Did you mean 'tolerance'?",
    "[targets.csat]\nvalue = 85\ntolerance = -1": "give 0 or more",
    '[targets.csat]\nvalue = "85"': "value is '85'; give a number",
    '[targets.csat]\nvalue = 85\ndirection = "up"': "Choose higher or lower",
    '[targets.csat]\nvalue = 85\nby = "2027"': "give a date like 2027-06-30",
    '[targets.csat]\nvalue = 85\nowner = " "': "give a name",
    "[targets": "not valid TOML",
    "[surveys.cast]\nscale = [1, 5]": "Did you mean 'csat'?",
    "[surveys.csat]\nscale = [5, 1]": "give the lowest and the highest score",
    '[surveys.ces]\ndirection = "lower"': "up where a higher score is better",
    "[surveys.nps]\nscale = [1, 5]": "always runs from 0 to 10",
    '[surveys.csat]\ndirection = "down"': "only CES, as effort",
    '[surveys.csat]\nmethod = "average"': "Choose one of top_boxes, mean, sum_of_maximum",
    '[surveys]\nrelational = "brand"': "must be a list",
    "[surveys]\ncsat = 5": "Write [surveys.csat]",
    "[experience]\nfriction = -1": "give 0 or more",
    "[experience]\nfrictoin = 1": "Did you mean 'friction'?",
    "[paths]\nrule = []": "Did you mean 'rules'?",
    '[paths]\nrules = ["ad_*"]': "'ad_*' is not a rule",
    '[paths]\nrules = ["regex:( -> Ads"]': "is not a regular expression",
    "[paths]\ndirectories = 0": "Keep 1 or more",
    "[paths]\ncollapse = 1": "give true or false",
    '[paths]\nhide = "ad_viewed"': 'must be a list like ["a", "b"]',
    "personas = 3": "must be a list of tables, [[personas]]",
    "personas = [3]": "Write it as [[personas]]",
    '[[personas]]\nrule = "orders > 1"': "[[personas]] 1 has no name",
    '[[personas]]\nname = "a"\nruel = "x"': "Did you mean 'rule'?",
    '[[personas]]\nname = "a"\nchannel = "Email"': "channel must be a list",
    '[[personas]]\nname = "a"\nrule = ""': "rule is ''; give a text",
    '[[personas]]\nname = "a"\n[[personas]]\nname = "a"': "Give each its own",
    '[[personas]]\nname = "a"\nnarrative = "gone.md"': "gone.md cannot be read",
    "show_person_ids = 1": "must be true or false",
}


@pytest.mark.parametrize("text", REFUSED)
def test_it_is_refused_with_the_remedy(text: str, tmp_path: Path) -> None:
    path = tmp_path / "journey.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as refused:
        load(path)
    assert REFUSED[text] in str(refused.value)
    assert str(path) in str(refused.value)


def test_one_line_is_a_configuration(tmp_path: Path) -> None:
    path = tmp_path / "journey.toml"
    path.write_text('template = "b2b"\n')
    business = load(path)
    assert (business.gap_days, business.conversion_window_days) == (540, 540)
    assert business.touchpoints["deal_won"] == "purchase"


def test_what_the_business_says_stands_over_the_template(tmp_path: Path) -> None:
    path = tmp_path / "journey.toml"
    path.write_text('[touchpoints]\ndecision = ["store_visited"]\n')
    business = load(path)
    assert business.touchpoints["store_visited"] == "decision"
    assert "product_added" not in business.touchpoints


def test_a_target_is_a_number_or_a_table(tmp_path: Path) -> None:
    path = tmp_path / "journey.toml"
    path.write_text(
        "[targets]\ncsat = 85\n"
        'conversion_rate = { value = 16, tolerance = 0.5, owner = "Mara", by = 2027-06-30 }\n'
        'refund_rate = { value = 3, direction = "lower" }\n'
    )
    assert load(path).targets == {
        "csat": Target(85.0),
        "conversion_rate": Target(16.0, 0.5, "Mara", None, date(2027, 6, 30)),
        "refund_rate": Target(3.0, direction="lower"),
    }
