"""Each page alone, as Streamlit runs it: full, empty, with one row, and with a broken metric."""

import json
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from journey import ROOT
from tests.world import Business, people

PAGES = sorted((ROOT / "pages").glob("*.py"))
ids = [path.stem for path in PAGES]

BROKEN = """-- title:    Broken
-- question: Does one broken file spoil the page?
-- chart:    line
-- unit:     journeys
-- better:   higher
-- grain:    one row per week
--
-- It does not.
select date_trunc('week', started_on)::date as week, count(*) as journeys,
from journys
group by all
order by week
"""


def run(page: Path, business: Business, monkeypatch: pytest.MonkeyPatch, **query: str) -> AppTest:
    """The page on a business's data, as a fresh reader sees it."""
    import streamlit

    streamlit.cache_resource.clear()
    streamlit.cache_data.clear()
    monkeypatch.setenv("JOURNEY_DATA", str(business.folder.root))
    app = AppTest.from_file(str(page), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def words(app: AppTest) -> str:
    """All text on the page."""
    parts = [*app.title, *app.caption, *app.markdown, *app.warning, *app.error]
    return " ".join([str(part.value) for part in parts] + [html.value for html in app.get("html")])


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_a_full_page_shows_a_card_for_each_metric_of_its_folder(
    page: Path, town: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(page, town, monkeypatch, period="All time")
    if page.stem == "overview":
        app.session_state["overview_behind"] = True
        app.run()
    assert not app.exception
    assert not app.warning
    assert app.title[0].value
    for path in (ROOT / "queries" / page.stem).glob("*.sql"):
        title = path.read_text().splitlines()[0].partition("title:")[2].strip()
        assert title in words(app)


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_a_page_on_one_touch_stands(
    page: Path, visitor: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(page, visitor, monkeypatch, period="All time")
    assert not app.exception
    assert not app.warning


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_an_empty_period_says_so(
    page: Path, town: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(page, town, monkeypatch, channel="Print", period="Last 30 days")
    assert not app.exception
    assert not app.warning
    assert "in this period" in words(app)


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_without_a_snapshot_a_page_says_what_to_do(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(page, Business(tmp_path), monkeypatch)
    assert not app.exception
    assert "python \\-m journey build" in words(app)


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_a_broken_metric_spoils_its_own_card_only(
    page: Path, town: Business, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = tmp_path / "queries"
    shutil.copytree(ROOT / "queries", queries)
    (queries / page.stem / "broken.sql").write_text(BROKEN)
    monkeypatch.setenv("JOURNEY_QUERIES", str(queries))
    app = run(page, town, monkeypatch, period="All time")
    assert not app.exception
    assert len(app.warning) == 1
    said = app.warning[0].value.replace("\\", "")
    assert "broken.sql" in said
    assert "line 10" in said
    assert "journys" in said
    assert len(app.get("plotly_chart")) + len(app.dataframe) > 0


def test_hostile_event_text_is_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = "<img src=x onerror=alert(1)> ![t](http://evil/x.png) [a](http://evil)"
    business = Business(tmp_path)
    rows = people(ana="ad_clicked@0 product_added@0.1 order_completed@1,revenue=5")
    for row in rows:
        row |= {"channel": hostile, "persona": hostile, "country": hostile}
    rows[1]["touchpoint"] = hostile
    business.deliver(rows)
    business.build()
    for page in PAGES:
        app = run(page, business, monkeypatch, period="All time")
        assert not app.exception
        for part in [*app.caption, *app.markdown, *app.warning]:
            assert "![t](" not in part.value
            assert "<img" not in part.value
        for html in app.get("html"):
            assert "<img" not in html.value
        for chart in app.get("plotly_chart"):
            assert "<img" not in json.dumps(json.loads(chart.proto.spec))
    business.close()
