"""Ten demo worlds: the planted pains lead every ledger, with their true size in the interval."""

from __future__ import annotations

from pathlib import Path

from tests.demo.ledgers import check, ledgers


def test_the_planted_pains_lead_ten_ledgers(tmp_path: Path) -> None:
    check(ledgers(tmp_path, range(1, 11)))
