"""What every test may ask for: a tiny business, an answer from one, and each metric file."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import settings

from journey.metrics import metric as registry
from tests.world import TOWN, Ask, Business, Rows, people

# The same examples every time, so that a red test is red for everyone.
settings.register_profile("journey", derandomize=True, deadline=None, database=None)
settings.load_profile("journey")


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores: tests in a browser wait more than they work."""
    return (os.cpu_count() or 1) + 1


LONG = (
    *("browser/test_access.py", "test_pages.py", "browser/test_trips.py", "analysis/test_truth.py"),
    *("test_readme.py", "test_journeys_oracle.py", "analysis/test_retention.py"),
    *("metrics/test_segments.py", "analysis/pains/test_judged.py", "intake/test_kills.py"),
    *("demo/test_ten_ledgers.py", "demo/test_ten_more_ledgers.py", "demo/test_world.py"),
    *("analysis/paths/test_path_steps.py", "test_commands.py"),
)
"""The files that take longest: whoever begins one last keeps everybody waiting."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, the rest as they were found."""
    folder = Path(__file__).parent
    place = {folder / name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path, len(LONG)))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `metric_file` runs on every metric there is."""
    if "metric_file" in metafunc.fixturenames:
        files = registry.files()
        ids = [f"{path.parent.name}/{path.stem}" for path in files]
        metafunc.parametrize("metric_file", files, ids=ids)


@pytest.fixture
def business(tmp_path: Path) -> Iterator[Business]:
    """An empty business in euros, reckoning in UTC."""
    business = Business(tmp_path, currency="EUR")
    yield business
    business.close()


@pytest.fixture
def answer(tmp_path: Path) -> Iterator[Ask]:
    """Rows of a metric over people declared in a line each; `asked` says what else is asked."""
    businesses: list[Business] = []

    def ask(metric: str, *, asked: dict[str, Any] | None = None, **journeys: str) -> pl.DataFrame:
        business = Business(tmp_path / str(len(businesses)), currency="EUR")
        businesses.append(business)
        business.deliver(people(**journeys))
        return business.ask(metric, **(asked or {}))

    yield ask
    for business in businesses:
        business.close()


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """The business of `TOWN`, built once."""
    yield from _built(tmp_path_factory.mktemp("town"), TOWN)


@pytest.fixture(scope="session")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """A business that met one person once."""
    yield from _built(tmp_path_factory.mktemp("visitor"), people(ana="ad_clicked@0"))


def _built(root: Path, rows: Rows) -> Iterator[Business]:
    """A business with these events, ready for questions."""
    business = Business(root, currency="EUR")
    business.deliver(rows)
    business.build()
    yield business
    business.close()
