"""Every table on a page of satisfaction, coming back and people is run by its name too."""

import json
from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from journey import ROOT
from journey.__main__ import main
from journey.analysis import tables
from journey.analysis.tables import Asked
from journey.errors import JourneyError, MetricError
from journey.metrics import metric as registry
from journey.metrics.filters import Filters
from journey.personas import Persona
from journey.present.ui import card
from tests.test_pages import run
from tests.world import Business, people

PAGES = ("satisfaction", "feedback", "retention", "lifetime", "personas", "person")


def asked_of(business: Business) -> Asked:
    """All the time there is, as the pages have it when asked for it."""
    snapshot = business.engine.snapshot
    until = snapshot.last_day + timedelta(days=1)
    frame = Filters(snapshot.first_day, until, snapshot.watermark)
    return Asked(business.engine, business.config, frame)


@pytest.mark.parametrize("page", PAGES)
def test_what_stands_behind_a_card_is_a_metric_or_a_table_that_can_be_run(
    page: str, town: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[card.Behind] = []
    made = card.Behind.__init__

    def keep(behind: card.Behind, *given: object, **named: object) -> None:
        made(behind, *given, **named)
        shown.append(behind)

    monkeypatch.setattr(card.Behind, "__init__", keep)
    run(ROOT / "pages" / f"{page}.py", town, monkeypatch, period="All time")
    asked = asked_of(town)
    given = []
    for table in {one.full_name: one for one in tables.tables().values()}.values():
        if table.page == page:
            try:
                given.append(table.rows(asked))
            except JourneyError:
                continue  # what a page refuses in words a run refuses too
    lone = [one for one in shown if not one.sql and one.rows.height]
    assert lone or page == "lifetime"
    for behind in lone:
        rows = behind.rows
        own = [one for one in given if set(rows.columns) == set(one.columns)]
        assert any(rows.join(one, on=rows.columns, how="anti", nulls_equal=True).is_empty()
                   for one in own), behind.name  # fmt: skip


def test_names_are_apart_from_those_of_metrics_and_lead_to_pages() -> None:
    assert not registry.names() & tables.tables().keys()
    pages = {path.stem for path in (ROOT / "pages").glob("*.py")}
    assert {one.page for one in tables.tables().values()} <= pages
    assert tables.find("conversion_rate") is None
    assert tables.find("cohorts") is tables.find("retention/cohorts")


def test_every_table_gives_rows_or_says_why_not(town: Business) -> None:
    asked, refused = asked_of(town), []
    for table in {one.full_name: one for one in tables.tables().values()}.values():
        try:
            assert isinstance(table.rows(asked), pl.DataFrame)
        except JourneyError as error:
            refused.append((table.page, str(error)))
    assert {page for page, _ in refused} <= {"lifetime", "personas"}, "too few to model, no plan"
    assert all(why.endswith(".") for _, why in refused)


def test_a_table_of_one_is_of_whom_it_is_asked(business: Business) -> None:
    business.deliver(people(ana="ad_clicked@0 order_completed@1", ben="store_visited@0"))
    business.build()
    plan = Persona("Ann", None, {}, "", "", "", ("ad_clicked",), {})
    config = replace(business.config, personas=(plan,), minimum_n=1, show_person_ids=True)
    asked = replace(asked_of(business), config=config)
    one = tables.tables()["one_person"]
    assert one.rows(replace(asked, of="ben"))["touchpoint"].to_list() == ["store_visited"]
    with pytest.raises(MetricError, match="Nobody is called 'eve'"):
        one.rows(replace(asked, of="eve"))
    steps = tables.tables()["planned_steps"]
    assert steps.rows(asked)["touchpoint"].to_list() == ["ad_clicked"]
    with pytest.raises(MetricError, match="Bob"):
        steps.rows(replace(asked, of="Bob"))


@pytest.fixture
def ask(town: Business, capsys: pytest.CaptureFixture[str]):
    """Runs a command on the town; what it says, and what it complains of."""

    def ask(*words: str) -> tuple[int, str, str]:
        frame = ["--since", "2026-01-01", "--until", "2027-01-01"]
        code = main(["--data", str(town.folder.root), "run", *words, *frame])
        said = capsys.readouterr()
        return code, said.out, said.err

    return ask


def test_at_the_prompt(ask) -> None:
    code, said, _ = ask("retention/cohorts", "--format", "json")
    answer = json.loads(said)
    assert (code, answer["metric"]) == (0, "retention/cohorts")
    assert answer["since"] == "2026-01-01"
    assert {"cohort", "came_back", "of", "share"} <= answer["rows"][0].keys()
    code, said, _ = ask("cohorts", "--format", "csv")
    assert said.startswith("cohort,size,bucket")
    code, said, _ = ask("cohorts")
    assert "how many come back" in said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["cohort"], "Did you mean 'cohorts'?"),
        (["experience_curv"], "Did you mean 'experience_curve'?"),
        (["cohorts", "--of", "Ann"], "Leave out --of."),
        (["conversion_rate", "--of", "Ann"], "Leave out --of."),
        (["cohorts", "--against", "channel=Email"], "Run it twice"),
        (["planned_steps", "--of", "Nobody"], "Nobody"),
    ],
)
def test_mistakes_are_told(ask, words: list[str], told: str) -> None:
    code, _, complaint = ask(*words)
    assert code == 1
    assert told in complaint
