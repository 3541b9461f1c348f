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
    if any(fold.label.startswith("The ") for fold in app.expander):
        app.session_state[f"{page.stem}_behind"] = True
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
    said = words(app)
    for what_became in ("still", "steps from", "stood", "went on", "asked", "delivered"):
        assert f"No {what_became}" not in said, "what there is none of is called by its noun"


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
    assert "`python -m journey build`" in words(app)


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_a_broken_metric_spoils_its_own_card_only(
    page: Path, town: Business, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = tmp_path / "queries"
    shutil.copytree(ROOT / "queries", queries)
    (queries / page.stem).mkdir(exist_ok=True)
    (queries / page.stem / "broken.sql").write_text(BROKEN)
    monkeypatch.setenv("JOURNEY_QUERIES", str(queries))
    app = run(page, town, monkeypatch, period="All time")
    assert not app.exception
    assert len(app.warning) == 1
    said = app.warning[0].value.replace("\\", "")
    assert "broken.sql" in said
    assert "line 10" in said
    assert "journys" in said
    tables = sum("<table" in html.value for html in app.get("html"))
    drawn = len(app.get("plotly_chart")) + len(app.dataframe) + tables
    assert drawn > 0 or "headline quiet" in words(app), "the rest of the page stands"


def segment_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sql: str, title: str = "Mine"
) -> None:
    """A copy of the queries with one segment more."""
    queries = tmp_path / "queries"
    shutil.copytree(ROOT / "queries", queries)
    header = f"-- title: {title}\n-- question: Who is mine?\n--\n-- Those I say.\n"
    (queries / "segments" / "mine.sql").write_text(header + sql)
    monkeypatch.setenv("JOURNEY_QUERIES", str(queries))


def plain(markdown: str) -> str:
    """The text as it is shown."""
    return markdown.replace("\\", "")


def test_a_segment_changes_the_numbers(
    town: Business, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment_file(tmp_path, monkeypatch, "select person_id from people where person_id = 'ana'")
    page = ROOT / "pages" / "awareness.py"
    assert "7 people" in words(run(page, town, monkeypatch, period="All time"))
    app = run(page, town, monkeypatch, period="All time", segment="Mine")
    assert "1 person" in words(app)
    assert "7 people" not in words(app)


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_a_segment_in_the_address_filters_the_page_and_is_compared_with_everyone_else(
    page: Path, town: Business, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment_file(tmp_path, monkeypatch, "select person_id from people where person_id < 'c'")
    asked = {"period": "All time", "segment": "Mine", "compare": "Another group"}
    app = run(page, town, monkeypatch, **asked)
    assert not app.exception
    assert not app.warning
    assert app.selectbox(key="against").value == "rest"
    said = plain(app.caption[0].value)
    assert "Of people in the segment Mine, all their journeys." in said
    assert "Compared with everyone else in the same days" in said
    assert "vs 1 " not in words(app), "no span before is told"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"channel": "Gone", "segment": "Deleted"},
            "asks for channel “Gone” and segment “Deleted”, which are not here; "
            "shown instead: every channel and everyone.",
        ),
        ({"period": "Last year"}, "period “Last year”, which is not here; shown instead: last 6"),
        (
            {"period": "Choose days", "days": ["2031-01-01", "2031-02-01"]},
            "days “2031-01-01” and “2031-02-01”, which are not here; shown instead: ",
        ),
        (
            {"period": "All time", "compare": "Another group", "against": "Segment: Gone"},
            "the group “Segment: Gone”, which is not here; shown instead: ",
        ),
        ({"country": "<b>![x](http://evil/x.png)"}, "country “<b>!"),
    ],
)
def test_what_the_address_asks_for_that_is_not_there_is_said_until_the_reader_chooses(
    asked: dict[str, str], said: str, town: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(ROOT / "pages" / "awareness.py", town, monkeypatch, **asked)
    assert not app.exception
    assert said in plain(app.caption[0].value)
    assert "![x]" not in app.caption[0].value
    assert said in plain(app.run().caption[0].value), "the address is put right, the choice is not"
    assert "asks for" not in plain(app.selectbox(key="period").select("12m").run().caption[0].value)
    assert "asks for" not in plain(app.run().caption[0].value)


def test_a_usual_address_is_not_spoken_of(town: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    there = {"channel": "Email", "period": "Choose days", "days": ["2026-01-05", "2026-01-10"]}
    for asked in ({}, {"compare": "52 weeks earlier"}, there):
        app = run(ROOT / "pages" / "awareness.py", town, monkeypatch, **asked)
        assert "asks for" not in app.caption[0].value


def test_a_group_in_the_address_is_compared_with(
    town: Business, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment_file(tmp_path, monkeypatch, "select person_id from people where person_id = 'ana'")
    asked = {"period": "All time", "compare": "Another group", "against": "Segment: Mine"}
    app = run(ROOT / "pages" / "awareness.py", town, monkeypatch, **asked)
    assert not app.exception
    assert "Mine: 1 person." in words(app)
    assert "may share people" in plain(app.caption[0].value)


def test_a_broken_group_is_told_once(
    town: Business, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment_file(tmp_path, monkeypatch, "select person_id from peeple")
    asked = {"period": "All time", "compare": "Another group", "against": "Segment: Mine"}
    app = run(ROOT / "pages" / "overview.py", town, monkeypatch, **asked)
    assert not app.exception
    assert len(app.warning) == 1
    assert "peeple" in app.warning[0].value


def test_a_broken_segment_is_told_once_and_the_bar_stays(
    town: Business, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment_file(tmp_path, monkeypatch, "select person_id\nfrom peeple")
    page = ROOT / "pages" / "overview.py"
    app = run(page, town, monkeypatch, period="All time", segment="Mine")
    assert not app.exception
    assert len(app.warning) == 1
    assert "peeple" in app.warning[0].value
    assert app.multiselect(key="segment").value == ["mine"]


def test_a_hostile_title_of_a_segment_is_text(
    town: Business, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    title = "<img src=x onerror=alert(1)> ![t](http://evil/x.png)"
    segment_file(tmp_path, monkeypatch, "select person_id from people", title)
    app = run(ROOT / "pages" / "overview.py", town, monkeypatch, segment=title)
    assert not app.exception
    assert "evil/x.png" in plain(app.caption[0].value)
    for part in [*app.caption, *app.markdown]:
        assert "![t](" not in part.value
        assert "<img" not in part.value.replace("\\<", "")


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


def test_those_still_in_their_time_are_estimated_on_a_switch(
    town: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = ROOT / "pages" / "decision.py"
    plain = run(page, town, monkeypatch, period="All time")
    assert "Estimate those still in their time" in [one.label for one in plain.toggle]
    assert "Kaplan-Meier" not in words(plain)
    app = run(page, town, monkeypatch, period="All time", estimate_conversion_rate="true")
    assert not app.exception
    assert "still in their time" in words(app) or "Too few journeys" in words(app)
