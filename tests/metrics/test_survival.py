"""Arrivals against published figures and against plain shares."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.metrics.survival import arrivals

MERCAPTOPURINE = """6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"""
"""Weeks in remission of 21 children (Freireich et al. 1963); + was still in remission."""

STILL = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
"""The share still in remission, as every textbook prints it."""


def test_the_textbook_figures() -> None:
    words = MERCAPTOPURINE.split()
    weeks = np.array([int(word.rstrip("+")) for word in words])
    found = arrivals(weeks, np.array(["+" not in word for word in words]))
    assert {int(t): round(1 - s, 3) for t, s in zip(found.times, found.share, strict=True)} == STILL
    assert found.waiting[0] == 21
    assert found.when(0.5) == 23
    assert found.when(0.9) is None
    assert found.by(36) is None


def test_greenwood_by_hand() -> None:
    """Four come one after the other, nobody is lost: the interval of one half."""
    found = arrivals(np.array([1, 2, 3, 4]), np.array([True] * 4))
    share, low, high = found.by(2) or (0, 0, 0)
    half = 1.959963984540054 * np.sqrt(1 / (4 * 3) + 1 / (3 * 2)) / abs(np.log(0.5))
    assert share == 0.5
    assert low == pytest.approx(1 - 0.5 ** np.exp(-half))
    assert high == pytest.approx(1 - 0.5 ** np.exp(half))
    assert found.by(4) == (1.0, pytest.approx(found.by(3)[1]), 1.0)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=60))
def test_where_nobody_is_lost_it_is_the_plain_share(waited: list[int]) -> None:
    found = arrivals(np.array(waited), np.ones(len(waited), dtype=np.bool_))
    for time in sorted(set(waited)):
        share, low, high = found.by(time) or (0, 0, 0)
        assert share == pytest.approx(sum(one <= time for one in waited) / len(waited))
        assert 0 <= low <= share + 1e-12
        assert share <= high + 1e-12


@given(st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=1, max_size=60))
def test_it_only_rises_and_stays_a_share(cases: list[tuple[int, bool]]) -> None:
    waited, came = (np.array(column) for column in zip(*cases, strict=True))
    found = arrivals(waited, came.astype(np.bool_))
    assert (np.diff(found.share) > 0).all()
    assert ((found.share >= 0) & (found.share <= 1)).all()
    assert (found.low <= found.share + 1e-12).all()
    assert (found.share <= found.high + 1e-12).all()
    assert len(found.times) == len({time for time, had in cases if had})


def test_nobody() -> None:
    found = arrivals(np.array([]), np.array([], dtype=np.bool_))
    assert found.when(0.5) is None
    assert found.by(1) is None
