"""Signs of trouble: counted by plain loops, evidence for a loss where it holds their people."""

from collections import defaultdict

import numpy as np
import pytest

from journey.analysis.pains.finding import losses
from journey.analysis.pains.signs import SIGNS, settled, signs
from tests.analysis.pains.crowds import VALUES, crowd

MOBILE = {"device": "mobile"}
BROKEN = (40, 52)


def test_more_of_a_sign_is_found_where_and_when_it_is() -> None:
    cases = crowd(1, befell=[("needed_help", 0.02, MOBILE, BROKEN, 6)])
    (found,) = signs([cases], 120, 30)
    assert (dict(found.who), found.first) == (MOBILE, BROKEN[0])
    assert found.after in (BROKEN[1], BROKEN[1] + 1)
    assert found.place.sign == SIGNS["needed_help"]
    assert found.observed < found.comparable, "the rate is of those whom it did not befall"


@pytest.mark.parametrize("name", list(SIGNS))
def test_a_segment_with_more_of_a_sign_by_plain_loops(name: str) -> None:
    who = {"country": "DE"}
    cases = crowd(2, befell=[(name, 0.1, who, None, 1.6)])
    (found,) = signs([cases], 120, 30)
    assert (dict(found.who), found.first) == (who, None)
    own, others = defaultdict(lambda: [0.0, 0.0]), defaultdict(lambda: [0.0, 0.0])
    for row in range(len(cases)):
        kind = tuple(cases.segment[one][row] for one in ("channel", "persona", "device"))
        side = own if VALUES["country"][cases.segment["country"][row]] == "DE" else others
        side[kind][0] += (cases.went_on if name == "slow" else cases.people)[row]
        side[kind][1] += cases.counts[name][row]
    people = sum(n for n, _ in own.values())
    expected = sum(n * others[kind][1] / others[kind][0] for kind, (n, _) in own.items())
    more = sum(x for _, x in own.values()) - expected
    assert found.people == people
    assert found.orders == pytest.approx(more), "people in excess"
    assert 1 - found.comparable == pytest.approx(expected / people)


def test_signs_of_a_loss_are_its_evidence_and_no_row_of_their_own() -> None:
    cases = crowd(
        3,
        holes=[(MOBILE, BROKEN, 0.3)],
        befell=[
            ("needed_help", 0.02, MOBILE, BROKEN, 6),
            ("went_back", 0.2, {"country": "FR"}, None, 1.5),
        ],
    )
    lost = losses([cases], 120, 30)
    assert [dict(loss.who) for loss in lost] == [MOBILE]
    alone, beside = settled(signs([cases], 120, 30), [cases], lost, 30)
    assert [[sign.place.sign.name for sign in own] for own in beside] == [["needed_help"]]
    (own,) = alone
    assert dict(own.who) == {"country": "FR"}
    assert not np.isin(own.rows, lost[0].rows).any(), "the people of the loss are told there"
    chosen = np.isin(cases.number, own.rows)
    assert own.people == cases.people[chosen].sum()
    assert 1 - own.observed == pytest.approx(
        cases.counts["went_back"][chosen].sum() / cases.people[chosen].sum()
    )
    assert own.people * (own.comparable - own.observed) == pytest.approx(own.missing.sum())


def test_where_nothing_happened_false_alarms_are_held() -> None:
    """Two comparisons of 1 %, whatever the number of signs: about one world of 60."""
    usual = [(name, often, {}, None, 1.0) for name, often in
             (("met_error", 0.01), ("needed_help", 0.02), ("went_back", 0.2), ("circled", 0.01),
              ("slow", 0.1))]  # fmt: skip
    worlds = [crowd(seed, befell=usual) for seed in range(300, 360)]
    assert sum(bool(signs([world], 120, 30)) for world in worlds) <= 4


def test_a_rare_sign_is_no_ground() -> None:
    cases = crowd(4, befell=[("met_error", 0.001, MOBILE, None, 3)])
    assert cases.counts["met_error"].sum() < 30
    assert signs([cases], 120, 30) == []
    assert signs([], 120, 30) == []
