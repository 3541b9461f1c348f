"""Ten more demo worlds, in a file of their own so that two cores share the twenty."""

from __future__ import annotations

from pathlib import Path

from tests.demo.ledgers import check, ledgers


def test_the_planted_pains_lead_ten_more_ledgers(tmp_path: Path) -> None:
    check(ledgers(tmp_path, range(11, 21)))
