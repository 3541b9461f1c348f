"""What every test may ask for: a tiny business, an answer from one, and each metric file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import polars as pl
import pytest
from hypothesis import settings

from journey.metrics import metric as registry
from tests.world import Business, Rows, people

# The same examples every time, so that a red test is red for everyone.
settings.register_profile("journey", derandomize=True, deadline=None, database=None)
settings.load_profile("journey")


class Ask(Protocol):
    """`answer("conversion_rate", ana="ad_clicked@0 order_completed@1")` gives the rows."""

    def __call__(
        self, metric: str, *, asked: dict[str, Any] | None = None, **journeys: str
    ) -> pl.DataFrame: ...


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


TOWN = people(
    ana="""ad_clicked@0 product_viewed@0.5 product_added@0.51,cart_id=c1 checkout_started@0.52
        order_completed@0.53,cart_id=c1,order_id=o1,revenue=40,currency=EUR order_shipped@1
        survey_answered@3,survey=csat,score=5,scale_min=1,scale_max=5
        order_refunded@5,order_id=o1,revenue=-15,currency=EUR
        product_viewed@20 order_completed@21,order_id=o2,revenue=60,currency=EUR
        channel=Email device=mobile country=DE persona=Bargain_hunter""",
    ben="""search_clicked@2 products_searched@2.01 store_visited@4,channel=in_store
        product_added@4.1,cart_id=c2 survey_answered@6,survey=ces,score=3
        survey_answered@40,survey=nps,score=6 device=desktop country=AT channel=Direct""",
    cleo="""social_post_viewed@8 product_added@8.01 order_completed@8.02,order_id=o3,revenue=25.5
        survey_answered@12,survey=nps,score=10 review_written@13 referral_sent@14
        survey_answered@15,survey=ces,score=7 product_viewed@70 channel=Social""",
    dan="ad_viewed@9 page_viewed@45 channel=Display country=DE",
    eve="support_contacted@10 survey_answered@11,survey=csat,score=2 channel=call_center",
    fay="qr_code_scanned@15 channel=print",
    gil="product_viewed@30 order_completed@31,revenue=80 order_completed@140,revenue=10",
)
"""Seven people who between them do all that the definitions speak of."""


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
