"""What every test of the intake may ask for."""

from pathlib import Path

import pytest

from tests.intake.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop that took nothing in yet."""
    return Shop(tmp_path)
