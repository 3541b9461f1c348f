"""The shop with the broken checkout, built once; each test gets a ledger of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger.shop import broken_checkout
from tests.world import Business


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """The shop."""
    business = Business(tmp_path_factory.mktemp("broken"), currency="EUR")
    business.deliver(broken_checkout())
    business.build()
    yield business
    business.close()


@pytest.fixture
def shop(built: Business) -> Iterator[Business]:
    """The shop, with nothing in its ledger."""
    shutil.rmtree(built.folder.ledger, ignore_errors=True)
    yield built
    shutil.rmtree(built.folder.ledger, ignore_errors=True)


@pytest.fixture
def hostile() -> str:
    """A text that would be mark-up where somebody forgot to escape it."""
    return "<img src=x onerror=alert(1)> ![t](http://evil/x.png) **b**"


@pytest.fixture(autouse=True)
def _no_name_of_mine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Who runs the tests is nobody in particular."""
    monkeypatch.setenv("LOGNAME", "somebody")
